package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// csv reads a text file as one table.
func (in *reading) csv(name string, r io.ReaderAt, size int64, head []byte) error {
	l, err := lettersOf(r, size, head)
	if err != nil {
		return err
	}
	if l.old {
		in.said.column(name, "", "sheet.file.letters")
	}
	text := bufio.NewReaderSize(l.reader(r, size), 64<<10)
	sample, err := text.Peek(32 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	from := records{lines: lines{in: text, end: lineEnd(sample), limit: in.limits.Line}, sep: separator(sample)}
	table := raw{name: name}
	for number := 1; ; number++ {
		rec, err := from.next()
		if errors.Is(err, io.EOF) {
			return in.add(table)
		}
		if err != nil {
			return err
		}
		if number == 1 && isSepLine(rec.fields) {
			continue
		}
		cells, err := in.record(name, number, rec)
		if err != nil {
			return err
		}
		if len(cells) > 0 {
			table.rows = append(table.rows, Row{Number: number, Cells: cells})
		}
	}
}

// record makes cells of what stands in one row, up to the last with something in it.
func (in *reading) record(name string, number int, rec record) ([]Cell, error) {
	switch {
	case rec.long:
		in.said.row(name, number, "", "sheet.row.long")
		return nil, nil
	case rec.mended:
		in.said.row(name, number, "", "sheet.row.quotes")
	}
	used := 0
	for i, f := range rec.fields {
		if strings.TrimSpace(f) != "" {
			used = i + 1
		}
	}
	if used == 0 {
		return nil, nil
	}
	if used > in.limits.Columns {
		return nil, refuse("sheet.file.columns", "max", in.limits.Columns, "sheet", name)
	}
	cells := make([]Cell, used)
	for i, f := range rec.fields[:used] {
		cells[i] = in.written(name, number, i, f)
	}
	return cells, in.take(cells)
}

// isSepLine knows the first line by which a program tells another its
// separator: sep=;
func isSepLine(fields []string) bool {
	text := strings.ToLower(strings.Join(fields, ""))
	return strings.HasPrefix(text, "sep=") && len(text) <= 5
}

// lineEnd is the byte that ends lines: old programs end them with CR alone.
func lineEnd(sample []byte) byte {
	if bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}

// separator finds the byte between the cells: the one that parts most lines
// into the same number of cells.
func separator(sample []byte) byte {
	if first, _, _ := bytes.Cut(sample, []byte("\n")); len(first) >= 5 && strings.EqualFold(string(first[:4]), "sep=") {
		return first[4]
	}
	best, bestAlike, bestCells := byte(','), 0, 1
	for _, sep := range []byte(",;\t|") {
		alike, cells := evenness(sample, sep)
		if cells > 1 && (alike > bestAlike || alike == bestAlike && cells > bestCells) {
			best, bestAlike, bestCells = sep, alike, cells
		}
	}
	return best
}

// evenness is how many of the sample's rows have the commonest number of
// cells, more than one, and that number.
func evenness(sample []byte, sep byte) (alike, cells int) {
	from := records{lines: lines{in: bufio.NewReader(bytes.NewReader(sample)), end: lineEnd(sample), limit: len(sample)}, sep: sep}
	counts := map[int]int{}
	for range 100 {
		rec, err := from.next()
		if err != nil {
			break
		}
		if n := len(rec.fields); n > 1 {
			counts[n]++
		}
	}
	for n, times := range counts {
		if times > alike || times == alike && n > cells {
			alike, cells = times, n
		}
	}
	return alike, cells
}
