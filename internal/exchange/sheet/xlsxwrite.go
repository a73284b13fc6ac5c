package sheet

import (
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// WriteXLSX writes tables as one workbook, a sheet each. Rows go through a
// file of the system's temporary folder when there are many, never through
// memory. Every cell is text, and none runs as a formula.
func WriteXLSX(w io.Writer, tables ...Table) (err error) {
	if len(tables) == 0 {
		return errors.New("sheet: a workbook needs a table")
	}
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	names := sheetNames(tables)
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName("Sheet1", names[0])
		} else {
			_, err = f.NewSheet(names[i])
		}
		if err != nil {
			return err
		}
		if err := writeSheet(f, names[i], t); err != nil {
			return err
		}
	}
	_, err = f.WriteTo(w)
	return err
}

func writeSheet(f *excelize.File, name string, t Table) error {
	out, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	n := 0
	write := func(cells []string) error {
		n++
		at, err := excelize.CoordinatesToCellName(1, n)
		if err != nil {
			return err
		}
		values := make([]any, len(cells))
		for i, c := range cells {
			if c != "" {
				values[i] = Neutral(c)
			}
		}
		return out.SetRow(at, values)
	}
	if err := write(t.Header); err != nil {
		return err
	}
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		if err := write(row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// sheetNames are the tables' names as a workbook allows them: no longer than
// 31 letters, without []:*?/\, and no two alike.
func sheetNames(tables []Table) []string {
	bad := strings.NewReplacer("[", " ", "]", " ", ":", " ", "*", " ", "?", " ", "/", " ", "\\", " ", "'", "’")
	names, seen := make([]string, len(tables)), map[string]bool{}
	for i, t := range tables {
		base := []rune(strings.TrimSpace(bad.Replace(t.Name)))
		if len(base) == 0 {
			base = []rune("1")
		}
		name := string(base[:min(len(base), 31)])
		for suffix := "+"; seen[strings.ToLower(name)]; suffix += "+" {
			name = string(base[:min(len(base), 31-len(suffix))]) + suffix
		}
		seen[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}
