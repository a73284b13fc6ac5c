package exchange_test

import (
	"bytes"
	"context"
	"runtime"
	"testing"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange"
	"commonweal/internal/people"
)

// BenchmarkWorkbook reads and brings in the messy workbook of six hundred rows,
// from the file to the last record.
func BenchmarkWorkbook(b *testing.B) {
	for range b.N {
		b.StopTimer()
		now := dbtest.Clock()
		h := open(b, dbtest.OpenWith(b, db.Options{Now: now.Now}), now)
		b.StartTimer()
		batch := h.workbook()
		h.decideAll(batch, exchange.TheSame)
		h.apply(batch)
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/workbook")
}

// BenchmarkPeople brings in as many people as a file may hold. The baseline is what
// everybody writes first: each row through the service that a form uses.
func BenchmarkPeople(b *testing.B) {
	const rows, few = exchange.MaxRows, 1_000
	for range b.N {
		b.StopTimer()
		now := dbtest.Clock()
		h := open(b, dbtest.OpenWith(b, db.Options{Now: now.Now}), now)
		simple := rowByRow(b, h, few)
		h = open(b, dbtest.OpenWith(b, db.Options{Now: now.Now}), now)
		file := contactsFile(b, rows)
		peak := watchMemory(b)
		b.StartTimer()
		started := b.Elapsed()
		batch, err := h.Upload(b.Context(), h.sue, h.in.ID, "people.csv", bytes.NewReader(file), int64(len(file)))
		if err != nil {
			b.Fatal(err)
		}
		h.apply(h.settle(batch, exchange.Answers{"agreed": "each", "how": "paper"}))
		took := (b.Elapsed() - started).Seconds()
		b.StopTimer()
		if n := h.count("person"); n != rows+2 {
			b.Fatalf("%d people", n)
		}
		b.ReportMetric(rows/took, "rows/s")
		b.ReportMetric(rows/took/simple, "rowbyrow×")
		b.ReportMetric(peak(), "MB")
		b.StartTimer()
	}
}

// rowByRow gives how many rows a second the simplest code brings in: the
// service of a form, once for each.
func rowByRow(b *testing.B, h *house, n int) float64 {
	b.Helper()
	b.StartTimer()
	started := b.Elapsed()
	for i := range n {
		text := string(rune('a' + i%26))
		d := people.Draft{
			Name: "Person " + text, Area: h.area, Langs: []string{"en"},
			Contacts: []people.ContactDraft{{Kind: people.Phone, Value: "312 555 0100"}, {Kind: people.Email, Value: text + "@example.org"}},
			Consent:  people.ConsentDraft{Purposes: []people.Purpose{people.KeepName, people.BeReached}, Channel: people.Paper},
		}
		if _, err := h.people.Create(b.Context(), h.sue, h.in.ID, d); err != nil {
			b.Fatal(err)
		}
	}
	took := (b.Elapsed() - started).Seconds()
	b.StopTimer()
	return float64(n) / took
}

// watchMemory looks at the memory in use until the function that it gives is
// called, which says by how many megabytes it grew at most.
func watchMemory(b *testing.B) func() float64 {
	b.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, most := m.HeapInuse, m.HeapInuse
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for tick := time.NewTicker(50 * time.Millisecond); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
		}
	}()
	return func() float64 {
		stop()
		<-done
		return float64(most-before) / (1 << 20)
	}
}
