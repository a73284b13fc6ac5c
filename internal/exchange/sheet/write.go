package sheet

import (
	"encoding/csv"
	"io"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Table is a sheet to be written. Rows are taken one at a time, so that a long
// table needs no memory; an error ends the writing.
type Table struct {
	Name   string
	Header []string
	Rows   iter.Seq2[[]string, error]
}

// WriteCSV writes a table as CSV in UTF-8 with a mark at the front, so that
// spreadsheet programs read its letters right. No cell runs as a formula.
func WriteCSV(w io.Writer, t Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(neutral(t.Header)); err != nil {
		return err
	}
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		if err := out.Write(neutral(row)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func neutral(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = Neutral(c)
	}
	return out
}

// Neutral gives a cell's text so that no spreadsheet program takes it for a
// formula: a ' goes in front of = + - @, of a tab or a line's end, also
// full-width ones and behind blanks. Read takes it away again.
func Neutral(text string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text, isBlank))
	if text != "" && strings.ContainsRune("'=+-@＝＋－＠\t\r\n", first) {
		return "'" + text
	}
	return text
}

// isBlank says whether programs may look past a sign for the first one of a
// formula. Tabs and line ends count as signs themselves.
func isBlank(r rune) bool {
	return !strings.ContainsRune("\t\r\n", r) && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r))
}
