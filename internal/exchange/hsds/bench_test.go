package hsds

import (
	"context"
	"testing"
	"time"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

// A county's directory: 10,000 services with their organizations, places,
// phones and hours, 70,000 rows.
func BenchmarkImportOfACounty(b *testing.B) {
	p := plenty(10_000)
	for b.Loop() {
		b.StopTimer()
		now := clock.NewFake(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
		h := open(b, dbtest.OpenWith(b, db.Options{Now: now.Now}), now)
		b.StartTimer()
		h.bring(p)
	}
	b.ReportMetric(float64(p.Rows()*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// A page of the API among as many services.
func BenchmarkPageOfServices(b *testing.B) {
	now := clock.NewFake(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	h := open(b, dbtest.OpenWith(b, db.Options{Now: now.Now}), now)
	h.bring(plenty(10_000))
	for _, c := range []struct {
		name string
		want Query
	}{{"brief", Query{}}, {"full", Query{Full: true}}, {"search", Query{Search: "hands 77"}}, {"last", Query{Page: 500}}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := h.List(context.Background(), h.in.ID, "service", c.want); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
