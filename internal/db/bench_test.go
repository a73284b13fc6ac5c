package db_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

// sides runs each side in turn within one benchmark, so that a noisy machine
// disturbs all of them alike, and reports how they compare.
func sides(b *testing.B, names []string, run func(side, round int)) {
	b.Helper()
	spent := make([]time.Duration, len(names))
	round := 0
	for b.Loop() {
		for i := range names {
			side := (i + round) % len(names)
			before := b.Elapsed()
			run(side, round)
			spent[side] += b.Elapsed() - before
		}
		round++
	}
	for i, name := range names {
		b.ReportMetric(float64(spent[i].Microseconds())/float64(round), name+"-µs")
		if i > 0 {
			b.ReportMetric(float64(spent[0])/float64(spent[i]), name+"-times-as-fast")
		}
	}
}

// BenchmarkWriters compares one COMMIT for each insert with a shared one.
func BenchmarkWriters(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			stores := []*db.DB{
				dbtest.OpenWith(b, db.Options{}.WithMostInGroup(1)),
				dbtest.OpenWith(b, db.Options{}),
			}
			ids := db.NewIDs(dbtest.Clock().Now, nil)
			const each = 20
			sides(b, []string{"alone", "together"}, func(side, _ int) {
				var all sync.WaitGroup
				for range callers {
					all.Go(func() {
						for range each {
							err := stores[side].Tx(b.Context(), func(q db.Querier) error { return put(b.Context(), q, ids.New(), 200) })
							if err != nil {
								b.Error(err)
							}
						}
					})
				}
				all.Wait()
			})
		})
	}
}

// BenchmarkPointRead compares compiling a statement each time with keeping it.
func BenchmarkPointRead(b *testing.B) {
	d := dbtest.OpenWith(b, db.Options{})
	err := d.Tx(b.Context(), func(q db.Querier) error {
		for n := range 1000 {
			if err := put(b.Context(), q, id(n), 200); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	readers := []db.Querier{d.Unprepared(), d.Read()}
	sides(b, []string{"text", "prepared"}, func(side, round int) {
		for n := range 20 {
			_, err := db.One(b.Context(), readers[side], db.Value[string],
				`select value from setting where initiative_id = $1 and name = $2`, "oak", id((round*20+n)%1000))
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDigest says how long a backup spends on knowing what it holds.
func BenchmarkDigest(b *testing.B) {
	d := dbtest.OpenWith(b, db.Options{})
	const rows = 10_000
	err := d.Tx(b.Context(), func(q db.Querier) error {
		for n := range rows {
			if err := put(b.Context(), q, id(n), 200); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := d.Digest(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		db.Fold("  Leer cuentos a los NIÑOS, y tocar la guitarra ")
	}
}

func BenchmarkNewID(b *testing.B) {
	ids := db.NewIDs(dbtest.Clock().Now, nil)
	for b.Loop() {
		ids.New()
	}
}
