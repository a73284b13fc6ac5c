package evidence_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"

	"commonweal/evidence"
)

// attacker solves for hidden counts from what was published and nothing else.
// Its unknowns are the cells of each table that it saw; facts bound sums of
// them. It shares no code with the audit inside the package.
type attacker struct {
	unknowns int
	facts    []fact
}

type fact struct {
	coef      map[int]float64
	low, high float64 // high may be infinite
}

const (
	rowTotal = iota
	colTotal
	grandTotal
)

// sums lists the unknowns of a total of a table whose cells begin at first.
func sums(rel evidence.Release, first, kind, index int) map[int]float64 {
	m := map[int]float64{}
	for i := range rel.Rows {
		for j := range rel.Cols {
			if kind == rowTotal && i != index || kind == colTotal && j != index {
				continue
			}
			m[first+i*len(rel.Cols)+j] = 1
		}
	}
	return m
}

// table lets the attacker read a release whose cells are the unknowns from
// first on, and returns what it doesn't show.
func (a *attacker) table(rel evidence.Release, first int) (hidden []map[int]float64) {
	a.unknowns = max(a.unknowns, first+len(rel.Rows)*len(rel.Cols))
	see := func(c evidence.Cell, coef map[int]float64) {
		f := fact{coef: coef, high: math.Inf(1)}
		switch {
		case c.Hidden:
			hidden = append(hidden, coef)
			if !rel.Rule.Sensitive && !rel.Withheld {
				f.low = 1
			}
		case c.Count == 0:
			f.high = 0
		default:
			half := rel.Rule.Round / 2
			f.low = math.Max(float64(c.Count-half), float64(rel.Rule.Threshold))
			f.high = float64(c.Count - half + rel.Rule.Round - 1)
		}
		a.facts = append(a.facts, f)
	}
	for i, row := range rel.Cells {
		for j, c := range row {
			see(c, map[int]float64{first + i*len(rel.Cols) + j: 1})
		}
	}
	for i, c := range rel.RowTotals {
		see(c, sums(rel, first, rowTotal, i))
	}
	for j, c := range rel.ColTotals {
		see(c, sums(rel, first, colTotal, j))
	}
	if rel.Total != nil {
		see(*rel.Total, sums(rel, first, grandTotal, 0))
	}
	if rel.Headline != nil {
		n := float64(*rel.Headline)
		a.facts = append(a.facts, fact{coef: sums(rel, first, grandTotal, 0), low: n, high: n})
	}
	return hidden
}

// within tells the attacker that the second table is a filter of the first.
func (a *attacker) within(wider, narrower, cells int) {
	for k := range cells {
		a.facts = append(a.facts, fact{coef: map[int]float64{wider + k: 1, narrower + k: -1}, high: math.Inf(1)})
	}
}

type side struct {
	coef map[int]float64
	sign float64
	rhs  float64
}

// everybody says that there aren't more than ten thousand people, which keeps the
// program bounded.
func (a *attacker) everybody() side {
	all := map[int]float64{}
	for k := range a.unknowns {
		all[k] = 1
	}
	return side{all, 1, 1e4}
}

// width is how far apart the greatest and the least possible value of a sum of
// unknowns are.
func (a *attacker) width(t testing.TB, of map[int]float64) float64 {
	t.Helper()
	// Unknowns stand for themselves, all at least 0, so x ≥ 0 of the standard
	// form is meant literally; each side of a fact gets a slack.
	sides := []side{a.everybody()}
	for _, f := range a.facts {
		if !math.IsInf(f.high, 1) {
			sides = append(sides, side{f.coef, 1, f.high})
		}
		if f.low > 0 || hasNegative(f.coef) {
			sides = append(sides, side{f.coef, -1, -f.low})
		}
	}
	columns := a.unknowns + 2*len(sides)
	A, b, start := mat.NewDense(len(sides), columns, nil), make([]float64, len(sides)), make([]int, len(sides))
	for i, s := range sides {
		// A hair of room, different in each row, keeps the program from being
		// degenerate; it widens the answer by less than the test's tolerance.
		b[i] = s.rhs + 1e-7*float64(i+1)
		slack, missing := a.unknowns+2*i, a.unknowns+2*i+1
		flip := 1.0
		start[i] = slack
		if b[i] < 0 {
			flip, start[i] = -1, missing
		}
		for k, c := range s.coef {
			A.Set(i, k, flip*s.sign*c)
		}
		A.Set(i, slack, flip)
		A.Set(i, missing, 1)
		b[i] *= flip
	}
	extreme := func(sign float64) float64 {
		c := make([]float64, columns)
		for k, v := range of {
			c[k] = sign * v
		}
		for i := range sides {
			c[a.unknowns+2*i+1] = 1e3 // what a row misses is dear, so none does
		}
		_, x, err := lp.Simplex(c, A, b, 1e-9, start)
		if err != nil {
			t.Fatalf("the attacker's program failed: %v", err)
		}
		z := 0.0
		for k, v := range of {
			z += sign * v * x[k]
		}
		for i := range sides {
			if m := x[a.unknowns+2*i+1]; m > 1e-6 {
				t.Fatalf("the attacker's facts contradict each other by %v", m)
			}
		}
		return z
	}
	return -extreme(-1) - extreme(1)
}

func hasNegative(m map[int]float64) bool {
	for _, v := range m {
		if v < 0 {
			return true
		}
	}
	return false
}

// narrowest is the smallest width that the attacker finds among hidden counts.
func (a *attacker) narrowest(t testing.TB, hidden []map[int]float64) float64 {
	t.Helper()
	least := math.Inf(1)
	for _, h := range hidden {
		least = math.Min(least, a.width(t, h))
	}
	return least
}
