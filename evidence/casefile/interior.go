package casefile

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// The reference program for synthetic controls uses a primal-dual
// interior-point method (Vanderbei 1999) and stops when its two objectives
// agree to five digits: weights that should be 0 are then still small, and the
// gap is off by some hundredths. interior repeats the method with the
// reference's settings, only to compare a case with that reference: evidence
// itself solves the same problem exactly. Why both exist is in reference.go.
type interior struct {
	h    *mat.SymDense
	c    []float64
	x, y []float64
	// Slacks and their multipliers: of x ≥ 0, of x ≤ 1, of Σx ≥ 1, and of the
	// range of Σx, which is nothing.
	above, below, sum, span complement
	mu                      float64
}

// complement is a slack and its multiplier, whose product goes to 0.
type complement struct{ slack, dual []float64 }

const (
	interiorMargin = 0.0005
	interiorBound  = 10
	interiorDigits = 5
	interiorRounds = 1000
)

// residuals are by how much the conditions of an optimum are missed.
type residuals struct {
	sum, span, dual    float64
	above, below, cost []float64
}

// interiorWeights minimises |Σ w·column − goal|²/k over w ≥ 0, Σw = 1, roughly.
func interiorWeights(columns [][]float64, goal []float64) []float64 {
	n, k := len(columns), float64(len(goal))
	p := &interior{h: mat.NewSymDense(n, nil), c: make([]float64, n)}
	for i := range columns {
		p.c[i] = -inner(columns[i], goal) / k
		for j := i; j < n; j++ {
			p.h.SetSym(i, j, inner(columns[i], columns[j])/k)
		}
	}
	p.start()
	for range interiorRounds {
		r, done := p.residuals()
		if done || !p.round(r) {
			break
		}
	}
	return p.x
}

func inner(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}

func (p *interior) start() {
	n := len(p.c)
	one := slices.Repeat([]float64{1}, n)
	p.x, p.y = p.solve(one, 1, p.c, 1)
	wide := func(vs []float64, of func(float64) float64) []float64 {
		out := make([]float64, len(vs))
		for i, v := range vs {
			out[i] = math.Max(math.Abs(of(v)), interiorBound)
		}
		return out
	}
	same := func(v float64) float64 { return v }
	p.above = complement{wide(p.x, same), wide(p.x, same)}
	p.below = complement{wide(p.x, func(v float64) float64 { return 1 - v }), wide(p.x, same)}
	p.sum = complement{wide(p.y, same), wide(p.y, same)}
	p.span = complement{wide(p.sum.slack, same), wide(p.y, same)}
	p.mu = (inner(p.above.slack, p.above.dual) + inner(p.below.slack, p.below.dual) +
		inner(p.sum.slack, p.sum.dual) + inner(p.span.slack, p.span.dual)) / float64(2*(1+n))
}

// solve solves [−(H+D) 1; 1ᵀ e][x; y] = [a; b].
func (p *interior) solve(d []float64, e float64, a []float64, b float64) (x, y []float64) {
	n := len(p.c)
	m, rhs := mat.NewDense(n+1, n+1, nil), mat.NewVecDense(n+1, nil)
	for i := range n {
		for j := range n {
			m.Set(i, j, -p.h.At(i, j))
		}
		m.Set(i, i, -p.h.At(i, i)-d[i])
		m.Set(i, n, 1)
		m.Set(n, i, 1)
		rhs.SetVec(i, a[i])
	}
	m.Set(n, n, e)
	rhs.SetVec(n, b)
	var out mat.VecDense
	if err := out.SolveVec(m, rhs); err != nil {
		if rough := mat.Condition(0); !errors.As(err, &rough) {
			return make([]float64, n), []float64{0}
		}
	}
	all := out.RawVector().Data
	return all[:n], all[n:]
}

func (p *interior) residuals() (r residuals, done bool) {
	n := len(p.c)
	hx := make([]float64, n)
	r.above, r.below, r.cost = make([]float64, n), make([]float64, n), make([]float64, n)
	total, upper := 0.0, 0.0
	for i, x := range p.x {
		for j, v := range p.x {
			hx[i] += p.h.At(i, j) * v
		}
		total += x
		upper += p.below.dual[i]
		r.above[i] = p.above.slack[i] - x
		r.below[i] = 1 - x - p.below.slack[i]
		r.cost[i] = p.c[i] - p.y[0] - p.above.dual[i] + p.below.dual[i] + hx[i]
	}
	r.sum = 1 - total + p.sum.slack[0]
	r.span = -p.sum.slack[0] - p.span.slack[0]
	r.dual = p.y[0] + p.span.dual[0] - p.sum.dual[0]
	square := inner(p.x, hx)
	primal := inner(p.c, p.x) + square/2
	dual := p.y[0] - square/2 - upper
	digits := -math.Log10(math.Abs(primal-dual) / (math.Abs(primal) + 1))
	return r, digits >= interiorDigits
}

// step is a direction for every unknown.
type step struct {
	x, y                    []float64
	above, below, sum, span complement
}

// round takes a predictor and a corrector step. It is false when the numbers
// have left the range of floating point.
func (p *interior) round(r residuals) bool {
	aim := func(of []float64) []float64 {
		out := make([]float64, len(of))
		for i, v := range of {
			out[i] = -v
		}
		return out
	}
	// The sum's slack is driven by its multiplier, so the two change places.
	first := p.direction(r, aim(p.above.dual), aim(p.below.dual), aim(p.sum.slack), aim(p.span.dual))
	length := p.length(first)
	next := p.mu * math.Pow((length-1)/(length+10), 2)
	correct := func(slack, dual, dSlack, dDual []float64) []float64 {
		out := make([]float64, len(slack))
		for i := range slack {
			out[i] = p.mu/slack[i] - dual[i] - dDual[i]*dSlack[i]/slack[i]
		}
		return out
	}
	second := p.direction(r,
		correct(p.above.slack, p.above.dual, first.above.slack, first.above.dual),
		correct(p.below.slack, p.below.dual, first.below.slack, first.below.dual),
		correct(p.sum.dual, p.sum.slack, first.sum.dual, first.sum.slack),
		correct(p.span.slack, p.span.dual, first.span.slack, first.span.dual))
	p.advance(second, p.length(second))
	p.mu = next
	return !math.IsNaN(p.x[0])
}

// direction solves the linearised conditions for given targets of the products.
func (p *interior) direction(r residuals, above, below, sum, span []float64) step {
	n := len(p.c)
	d, cost := make([]float64, n), make([]float64, n)
	lowest, highest := make([]float64, n), make([]float64, n)
	for i := range n {
		g, z, t, s := p.above.slack[i], p.above.dual[i], p.below.slack[i], p.below.dual[i]
		lowest[i] = r.above[i] + g*above[i]/z
		highest[i] = r.below[i] - t*below[i]/s
		d[i] = z/g + s/t
		cost[i] = r.cost[i] - z*lowest[i]/g - s*highest[i]/t
	}
	w, v, sp, q := p.sum.slack[0], p.sum.dual[0], p.span.slack[0], p.span.dual[0]
	dual := r.dual - v*sum[0]/w
	range0 := r.span - sp*span[0]/q
	e := 1 / (v/w + q/sp)
	out := step{}
	out.x, out.y = p.solve(d, e, cost, r.sum-e*(dual-q*range0/sp))
	dw := -e * (dual - q*range0/sp + out.y[0])
	dq := q * (dw - range0) / sp
	out.sum = complement{[]float64{dw}, []float64{v * (sum[0] - dw) / w}}
	out.span = complement{[]float64{sp * (span[0] - dq) / q}, []float64{dq}}
	zero := func() []float64 { return make([]float64, n) }
	out.above, out.below = complement{zero(), zero()}, complement{zero(), zero()}
	for i, dx := range out.x {
		g, z, t, s := p.above.slack[i], p.above.dual[i], p.below.slack[i], p.below.dual[i]
		out.below.dual[i] = s * (dx - highest[i]) / t
		out.above.dual[i] = z * (lowest[i] - dx) / g
		out.above.slack[i] = g * (above[i] - out.above.dual[i]) / z
		out.below.slack[i] = t * (below[i] - out.below.dual[i]) / s
	}
	return out
}

func (p *interior) pairs() [4]complement { return [4]complement{p.above, p.below, p.sum, p.span} }
func (s step) pairs() [4]complement      { return [4]complement{s.above, s.below, s.sum, s.span} }

// length is how far all slacks and multipliers stay positive, less a margin.
func (p *interior) length(s step) float64 {
	least := -1.0
	moves := s.pairs()
	for k, c := range p.pairs() {
		for i := range c.slack {
			least = math.Min(least, math.Min(moves[k].slack[i]/c.slack[i], moves[k].dual[i]/c.dual[i]))
		}
	}
	return -(1 - interiorMargin) / least
}

func (p *interior) advance(s step, length float64) {
	move := func(v, by []float64) {
		for i := range v {
			v[i] += length * by[i]
		}
	}
	move(p.x, s.x)
	move(p.y, s.y)
	moves := s.pairs()
	for k, c := range p.pairs() {
		move(c.slack, moves[k].slack)
		move(c.dual, moves[k].dual)
	}
}
