package evidence

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// randomTable draws a table in which about a third of the counts are small.
func randomTable(rng *rand.Rand, rows, cols int) Table {
	t := Table{Totals: Totals{Rows: true, Cols: true, Grand: true}}
	for i := range rows {
		t.Rows = append(t.Rows, fmt.Sprint("r", i))
		row := make([]int, cols)
		for j := range row {
			switch rng.IntN(6) {
			case 0:
				row[j] = 0
			case 1, 2:
				row[j] = 1 + rng.IntN(7)
			default:
				row[j] = 8 + rng.IntN(40)
			}
		}
		t.Counts = append(t.Counts, row)
	}
	for j := range cols {
		t.Cols = append(t.Cols, fmt.Sprint("c", j))
	}
	return t
}

// smallerChoice looks through every choice of fewer further counts than 1/1.5
// of extra, and returns the size of the first that is safe.
func smallerChoice(t Table, r Rule, extra int) (int, bool) {
	n := newNetwork(t, r)
	s := &search{a: n, seen: make([]bounds, len(n.flow)), banned: make([]bool, len(n.flow))}
	var free []int
	for a := range n.flow {
		if n.published[a] && !n.hidden[a] && n.flow[a] > 0 {
			free = append(free, a)
		}
	}
	for k := 0; 3*k < 2*extra; k++ {
		if choose(s, free, k) {
			return k, true
		}
	}
	return 0, false
}

func choose(s *search, free []int, k int) bool {
	if k == 0 {
		found, _ := s.exposed()
		return !found
	}
	for i := range free[:max(0, len(free)-k+1)] {
		s.a.setHidden(free[i], true)
		ok := choose(s, free[i+1:], k-1)
		s.a.setHidden(free[i], false)
		if ok {
			return true
		}
	}
	return false
}

// The utility gate: at most 1.5 times as many further counts are hidden as the
// best of all choices would hide; hiding everything must not pass it.
func TestSuppressHidesFewMoreThanTheOptimum(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	total, overHidden := 0, 0
	r, err := Rule{}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	for range 150 {
		table := randomTable(rng, 2+rng.IntN(4), 2+rng.IntN(4))
		table.Totals.Headline = rng.IntN(2) == 0
		r.Round = []int{1, 5}[rng.IntN(2)]
		rel, err := Suppress(table, r)
		if err != nil {
			t.Fatal(err)
		}
		if rel.Withheld {
			continue
		}
		n := newNetwork(table, r)
		primary, possible := 0, 0
		for a := range n.flow {
			if n.hidden[a] {
				primary++
			}
			if n.flow[a] > 0 {
				possible++
			}
		}
		extra := rel.Hidden() - primary
		total += extra
		if k, ok := smallerChoice(table, r, extra); ok {
			t.Errorf("%d counts hidden beyond the small ones where %d are enough:\n%v\n%v", extra, k, table.Counts, rel)
		}
		if _, ok := smallerChoice(table, r, possible-primary); ok || possible == primary {
			overHidden++
		}
	}
	if total == 0 || overHidden < 140 {
		t.Errorf("the gate judged %d hidden counts and failed a rule that hides all on only %d of 150 tables", total, overHidden)
	}
	t.Logf("%d counts hidden beyond the small ones in 150 tables", total)
}

func BenchmarkSuppress(b *testing.B) {
	for _, size := range []struct{ rows, cols int }{{1, 60}, {12, 4}, {5, 5}, {60, 5}} {
		b.Run(fmt.Sprintf("%dx%d", size.rows, size.cols), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			tables := make([]Table, 64)
			for i := range tables {
				tables[i] = randomTable(rng, size.rows, size.cols)
				tables[i].Totals.Headline = true
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, err := Suppress(tables[i%len(tables)], Rule{}); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
	b.Run("exact 12x4", func(b *testing.B) {
		rng := rand.New(rand.NewPCG(1, 2))
		tables := make([]Table, 64)
		for i := range tables {
			tables[i] = randomTable(rng, 12, 4)
		}
		i := 0
		for b.Loop() {
			if _, err := Suppress(tables[i%len(tables)], Rule{Round: 1}); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("filter 12x4", func(b *testing.B) {
		rng := rand.New(rand.NewPCG(1, 2))
		tables := make([]Table, 16)
		for i := range tables {
			wide := randomTable(rng, 12, 4)
			rel, err := Suppress(wide, Rule{})
			if err != nil {
				b.Fatal(err)
			}
			tables[i] = wide
			tables[i].Counts = nil
			for _, row := range wide.Counts {
				var some []int
				for _, n := range row {
					some = append(some, rng.IntN(n+1))
				}
				tables[i].Counts = append(tables[i].Counts, some)
			}
			tables[i].Wider = []Filtered{{wide.Counts, rel}}
		}
		i := 0
		for b.Loop() {
			if _, err := Suppress(tables[i%len(tables)], Rule{}); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}
