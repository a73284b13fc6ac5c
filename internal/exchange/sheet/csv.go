package sheet

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"strings"
)

func readCSV(ctx context.Context, name string, r io.ReaderAt, size int64, _ Limits) (Book, error) {
	in := csv.NewReader(io.NewSectionReader(r, 0, size))
	in.FieldsPerRecord = -1
	in.LazyQuotes = true
	s := Sheet{Name: strings.TrimSuffix(path.Base(name), path.Ext(name))}
	for n := 1; ; n++ {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Book{}, err
		}
		if ctx.Err() != nil {
			return Book{}, ctx.Err()
		}
		if n == 1 {
			for _, h := range record {
				s.Columns = append(s.Columns, Column{Header: strings.TrimPrefix(h, "\ufeff")})
			}
			continue
		}
		row := Row{Number: n, Cells: make([]Cell, len(s.Columns))}
		for i := range min(len(record), len(s.Columns)) {
			row.Cells[i] = Cell{Text: strings.TrimSpace(record[i])}
		}
		s.Rows = append(s.Rows, row)
	}
	return Book{Sheets: []Sheet{s}}, nil
}
