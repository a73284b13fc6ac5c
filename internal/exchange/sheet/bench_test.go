package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"

	"commonweal/internal/exchange/sheet"
	"commonweal/internal/exchange/sheet/sheettest"
)

// BenchmarkRead reads a list of 100,000 people, as CSV and as XLSX, and the
// messy workbook: rows a second, and how much memory the book it makes keeps.
func BenchmarkRead(b *testing.B) {
	for _, c := range []struct {
		name string
		rows int
		make func() ([]byte, error)
	}{
		{"CSV", 100_000, func() ([]byte, error) { return written(sheet.WriteCSV, 100_000) }},
		{"XLSX", 100_000, func() ([]byte, error) {
			return written(func(w io.Writer, t sheet.Table) error { return sheet.WriteXLSX(w, t) }, 100_000)
		}},
		{"Workbook", sheettest.Rows, sheettest.Workbook},
	} {
		b.Run(fmt.Sprintf("%s/%d", c.name, c.rows), func(b *testing.B) {
			file, err := c.make()
			if err != nil {
				b.Fatal(err)
			}
			var book sheet.Book
			before := heap()
			for b.Loop() {
				if book, err = sheet.Read(b.Context(), "x", bytes.NewReader(file), int64(len(file)), sheet.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
			rows := 0
			for _, s := range book.Sheets {
				rows += len(s.Rows)
			}
			if rows != c.rows {
				b.Fatalf("read %d rows, want %d", rows, c.rows)
			}
			b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(heap()-before)/(1<<20), "MB-kept")
			runtime.KeepAlive(book)
		})
	}
}

func written(write func(io.Writer, sheet.Table) error, rows int) ([]byte, error) {
	var out bytes.Buffer
	err := write(&out, sheettest.Contacts(rows))
	return out.Bytes(), err
}

// heap is what is in use after a collection.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
