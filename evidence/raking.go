package evidence

import (
	"math"
	"slices"
)

// Margin is one way to group people, with how many of each group there are in
// the population. Group[i] is the group of person i of the sample.
type Margin struct {
	Name   string
	Group  []string
	Target map[string]float64
}

// Sample is an outcome of people who answered, with the weights that the design
// gave them (nil: equal).
type Sample struct {
	Y      []float64
	Weight []float64
}

// Weighted is a mean after weighting. It is a diagnostic: weighting makes the
// answers resemble the population in the margins and in nothing else.
type Weighted struct {
	Estimate Estimate
	Weights  []float64
	KishDeff float64 // n·Σw²/(Σw)²
	Rounds   int
}

// Gates of weighting.
const (
	// GateMargin stops margins that the sample can't be weighted to: a group
	// without answers, or totals that differ.
	GateMargin CheckID = "margin"
	// GateConvergence stops a method that didn't settle.
	GateConvergence CheckID = "convergence"
)

// RakeOptions end the raking; zero values stand for 200 rounds and 1e-10.
type RakeOptions struct {
	Rounds    int
	Tolerance float64
}

// Rake weights a sample to several margins at once by iterative proportional
// fitting, until no weight changes by more than 1e-10 of itself. The standard
// error is linearised: residuals of y regressed on the margins' groups with the
// first weights, e, give z = w·e/Σw and √(n/(n−1)·Σ(z−z̄)²).
//
// Sources: Deming and Stephan 1940; Deville and Särndal 1992. It assumes that
// within the margins' groups the silent resemble those who answered, which
// nothing in the data can show. It refuses groups without answers or without a
// target, and margins that don't settle in 200 rounds.
func Rake(s Sample, margins []Margin, opt RakeOptions) (Weighted, error) {
	base, codes, err := s.coded(margins)
	if err != nil {
		return Weighted{}, err
	}
	if opt.Rounds == 0 {
		opt.Rounds = 200
	}
	if opt.Tolerance == 0 {
		opt.Tolerance = 1e-10
	}
	w := slices.Clone(base)
	rounds := 0
	for change := math.Inf(1); change > opt.Tolerance; rounds++ {
		if rounds == opt.Rounds {
			return Weighted{}, refuseWith(GateConvergence, "margins", map[string]float64{"rounds": float64(rounds), "change": change})
		}
		change = 0
		for _, c := range codes {
			change = max(change, c.scale(w))
		}
	}
	e, err := residualsOn(s.Y, base, codes)
	if err != nil {
		return Weighted{}, err
	}
	out := weightedMean(s.Y, w, e)
	out.Rounds = rounds
	return out, nil
}

// Poststratify weights a sample to one margin, whose groups may be cells of
// several variables. Residuals are from the cell means.
//
// Source: Holt and Smith 1979. Assumptions and refusals as [Rake].
func Poststratify(s Sample, cells Margin) (Weighted, error) {
	base, codes, err := s.coded([]Margin{cells})
	if err != nil {
		return Weighted{}, err
	}
	w := slices.Clone(base)
	codes[0].scale(w)
	e, err := residualsOn(s.Y, base, codes)
	if err != nil {
		return Weighted{}, err
	}
	out := weightedMean(s.Y, w, e)
	out.Rounds = 1
	return out, nil
}

// coded is a margin with its groups as numbers, in the order of their names.
type coded struct {
	group  []int
	target []float64
}

func (s Sample) coded(margins []Margin) (base []float64, codes []coded, err error) {
	if err := checkFinite("y", s.Y); err != nil {
		return nil, nil, err
	}
	if len(s.Y) < 2 || len(margins) == 0 {
		return nil, nil, refuse(GateEmpty, "sample")
	}
	base = s.Weight
	if base == nil {
		base = slices.Repeat([]float64{1}, len(s.Y))
	}
	if err := checkWeights(base, len(s.Y)); err != nil {
		return nil, nil, err
	}
	total := math.NaN()
	for _, m := range margins {
		c, sum, err := m.code(len(s.Y))
		if err != nil {
			return nil, nil, err
		}
		if math.Abs(sum-total) > 1e-6*sum {
			return nil, nil, refuse(GateMargin, m.Name)
		}
		total = sum
		codes = append(codes, c)
	}
	return base, codes, nil
}

func checkWeights(w []float64, n int) error {
	if err := checkSame("weights", n, len(w)); err != nil {
		return err
	}
	for i, v := range w {
		if !finite(v) || v <= 0 {
			return refuseWith(GateInput, "weights", map[string]float64{"row": float64(i)})
		}
	}
	return nil
}

func (m Margin) code(n int) (coded, float64, error) {
	if err := checkSame(m.Name, n, len(m.Group)); err != nil {
		return coded{}, 0, err
	}
	var names []string
	for k := range m.Target {
		names = append(names, k)
	}
	slices.Sort(names)
	c := coded{group: make([]int, n)}
	sum := 0.0
	number := map[string]int{}
	for i, k := range names {
		t := m.Target[k]
		if !finite(t) || t <= 0 {
			return coded{}, 0, refuse(GateMargin, m.Name)
		}
		number[k] = i
		c.target = append(c.target, t)
		sum += t
	}
	seen := make([]bool, len(names))
	for i, g := range m.Group {
		k, ok := number[g]
		if !ok {
			return coded{}, 0, refuse(GateMargin, m.Name)
		}
		c.group[i], seen[k] = k, true
	}
	if slices.Contains(seen, false) {
		return coded{}, 0, refuse(GateMargin, m.Name)
	}
	return c, sum, nil
}

// scale makes the weights of each group sum to its target and returns the
// greatest relative change.
func (c coded) scale(w []float64) float64 {
	sums := make([]float64, len(c.target))
	for i, g := range c.group {
		sums[g] += w[i]
	}
	change := 0.0
	for g, t := range c.target {
		sums[g] = t / sums[g]
		change = max(change, math.Abs(sums[g]-1))
	}
	for i, g := range c.group {
		w[i] *= sums[g]
	}
	return change
}

// residualsOn regresses y on the groups of all margins with the given weights.
func residualsOn(y, w []float64, codes []coded) ([]float64, error) {
	var columns [][]float64
	for _, c := range codes {
		for g := 1; g < len(c.target); g++ {
			col := make([]float64, len(y))
			for i, v := range c.group {
				if v == g {
					col[i] = 1
				}
			}
			columns = append(columns, col)
		}
	}
	x := design(len(y), columns...)
	plain := design(len(y), columns...)
	wy := make([]float64, len(y))
	for i := range y {
		r := math.Sqrt(w[i])
		wy[i] = r * y[i]
		row := x.RawRowView(i)
		for j := range row {
			row[j] *= r
		}
	}
	f, err := leastSquares(x, wy)
	if err != nil {
		return nil, err
	}
	e := make([]float64, len(y))
	for i := range y {
		e[i] = y[i] - dot(plain.RawRowView(i), f.beta)
	}
	return e, nil
}

func weightedMean(y, w, e []float64) Weighted {
	sum, squares, mean := 0.0, 0.0, 0.0
	for i, v := range w {
		sum += v
		squares += v * v
		mean += v * y[i]
	}
	mean /= sum
	n := float64(len(y))
	z := make([]float64, len(y))
	for i := range z {
		z[i] = w[i] * e[i] / sum
	}
	se := math.Sqrt(n * varianceOf(z))
	return Weighted{
		Estimate: Estimate{
			Estimand: Mean, Design: Survey, Value: mean, SE: se, DF: n - 1, N: len(y), Looks: 1,
			Interval: normalInterval(mean, se, defaultLevel),
		},
		Weights:  w,
		KishDeff: n * squares / (sum * sum),
	}
}
