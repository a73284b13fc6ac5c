package evidence

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Panel is the same units at several times, one row for each unit and time.
// FirstTreated is the time at which a unit was first treated, 0 for never.
// Covariates, by covariate, are taken at the time before.
type Panel struct {
	Unit         []string
	Time         []int
	FirstTreated []int
	Y            []float64
	Covariates   [][]float64
}

// Comparison says whom treated units are compared with.
type Comparison string

// Comparison groups.
const (
	NeverTreated  Comparison = "nevertreated"
	NotYetTreated Comparison = "notyettreated"
)

// Adjustment says how covariates enter.
type Adjustment string

// Adjustments: doubly robust, by the chance of treatment, by the outcome.
const (
	DoublyRobust Adjustment = "dr"
	Weighting    Adjustment = "ipw"
	Outcome      Adjustment = "reg"
)

// DiDOptions of a staggered comparison; zero values stand for never treated and
// doubly robust.
type DiDOptions struct {
	Control    Comparison
	Adjustment Adjustment
}

// GroupTime holds the average effect on each group (units first treated at one
// time) at each time, with what aggregation needs.
type GroupTime struct {
	Group, Time []int
	ATT, SE     []float64
	PreTest     Test // all effects before treatment are 0
	PrePeriods  int
	Influence   [][]float64 // of units on each effect
	GroupOf     []int       // by unit
	groups      []int
	share       map[int]float64
}

// GateUnbalanced stops panels in which a unit lacks a time.
const GateUnbalanced CheckID = "unbalanced_panel"

// GroupTimeATT estimates the effect of a programme that reached units at
// different times. Each effect compares a group's change since the time before
// its treatment (before treatment: since the time before) with the change of
// units that were never, or not yet, treated. A regression with unit and time
// effects isn't offered: with staggered treatment it compares treated units
// with each other and can turn the sign.
//
// Sources: Callaway and Sant'Anna 2021; Sant'Anna and Zhao 2020. It assumes
// that without treatment both would have moved alike, and that nobody acts
// before treatment. It refuses panels in which a unit lacks a time or changes
// its group, missing values, and panels without a comparison group.
func GroupTimeATT(p Panel, opt DiDOptions) (GroupTime, error) {
	if opt.Control == "" {
		opt.Control = NeverTreated
	}
	if opt.Adjustment == "" {
		opt.Adjustment = DoublyRobust
	}
	w, err := newWidePanel(p)
	if err != nil {
		return GroupTime{}, err
	}
	g := GroupTime{GroupOf: w.first, groups: w.groups(), share: map[int]float64{}}
	for _, k := range g.groups {
		g.share[k] = w.shareOf(k)
	}
	for _, k := range g.groups {
		for t := 1; t < len(w.times); t++ {
			e, ok, err := w.effect(k, t, opt)
			if err != nil {
				return GroupTime{}, err
			}
			if !ok {
				continue
			}
			g.Group, g.Time = append(g.Group, k), append(g.Time, w.times[t])
			g.ATT, g.Influence = append(g.ATT, e.att), append(g.Influence, e.influence)
			g.SE = append(g.SE, influenceSE(e.influence))
		}
	}
	if len(g.ATT) == 0 {
		return GroupTime{}, refuse(GateEmpty, "treated")
	}
	g.preTest()
	return g, nil
}

// influenceSE is √(mean(ψ²)/n).
func influenceSE(psi []float64) float64 {
	n := float64(len(psi))
	return math.Sqrt(dot(psi, psi)) / n
}

// widePanel has a row for each unit and a column for each time.
type widePanel struct {
	units []string
	times []int
	first []int
	y     [][]float64
	x     [][][]float64 // by unit, time, covariate
}

func newWidePanel(p Panel) (*widePanel, error) {
	if err := checkFinite("y", p.Y); err != nil {
		return nil, err
	}
	n := len(p.Y)
	if err := checkSame("panel", n, len(p.Unit), len(p.Time), len(p.FirstTreated)); err != nil {
		return nil, err
	}
	for _, c := range p.Covariates {
		if err := checkSame("covariates", n, len(c)); err != nil {
			return nil, err
		}
		if err := checkFinite("covariates", c); err != nil {
			return nil, err
		}
	}
	w := &widePanel{units: sortedUnique(p.Unit), times: sortedUnique(p.Time)}
	if len(w.times) < 2 || n != len(w.units)*len(w.times) {
		return nil, refuseWith(GateUnbalanced, "panel", map[string]float64{"units": float64(len(w.units)), "times": float64(len(w.times)), "rows": float64(n)})
	}
	w.first = slices.Repeat([]int{-1}, len(w.units))
	for range w.units {
		w.y = append(w.y, slices.Repeat([]float64{math.NaN()}, len(w.times)))
		w.x = append(w.x, make([][]float64, len(w.times)))
	}
	for i := range p.Y {
		u, _ := slices.BinarySearch(w.units, p.Unit[i])
		t, _ := slices.BinarySearch(w.times, p.Time[i])
		if !math.IsNaN(w.y[u][t]) || w.first[u] >= 0 && w.first[u] != p.FirstTreated[i] || p.FirstTreated[i] < 0 {
			return nil, refuseWith(GateUnbalanced, "panel", map[string]float64{"row": float64(i)})
		}
		w.first[u], w.y[u][t] = p.FirstTreated[i], p.Y[i]
		for _, c := range p.Covariates {
			w.x[u][t] = append(w.x[u][t], c[i])
		}
	}
	return w, nil
}

func sortedUnique[T int | string](vs []T) []T {
	out := slices.Clone(vs)
	slices.Sort(out)
	return slices.Compact(out)
}

// groups are the times of first treatment after the first time.
func (w *widePanel) groups() []int {
	var gs []int
	for _, g := range sortedUnique(w.first) {
		if g > w.times[0] {
			gs = append(gs, g)
		}
	}
	return gs
}

func (w *widePanel) shareOf(group int) float64 {
	k := 0
	for _, f := range w.first {
		if f == group {
			k++
		}
	}
	return float64(k) / float64(len(w.first))
}

type attEffect struct {
	att       float64
	influence []float64
}

// effect is the ATT of a group at time number t, false when it has no time
// before treatment.
func (w *widePanel) effect(group, t int, opt DiDOptions) (attEffect, bool, error) {
	before := t - 1
	if w.times[t] >= group {
		for before >= 0 && w.times[before] >= group {
			before--
		}
	}
	if before < 0 {
		return attEffect{}, false, nil
	}
	latest := max(w.times[t], w.times[before])
	var rows []int
	var change, treat []float64
	for u, f := range w.first {
		control := f == 0 || opt.Control == NotYetTreated && f > latest && f != group
		if f != group && !control {
			continue
		}
		d := 0.0
		if f == group {
			d = 1
		}
		rows, treat = append(rows, u), append(treat, d)
		change = append(change, w.y[u][t]-w.y[u][before])
	}
	if treated := sumOf(treat); treated == 0 || treated == float64(len(treat)) {
		return attEffect{}, false, refuse(GateEmpty, "control")
	}
	x := mat.NewDense(len(rows), 1+len(w.x[0][0]), nil)
	for i, u := range rows {
		row := x.RawRowView(i)
		row[0] = 1
		copy(row[1:], w.x[u][min(t, before)])
	}
	a, err := attOf(change, treat, x, opt.Adjustment)
	if err != nil {
		return attEffect{}, false, err
	}
	e := attEffect{att: a.att, influence: make([]float64, len(w.first))}
	scale := float64(len(w.first)) / float64(len(rows))
	for i, u := range rows {
		e.influence[u] = scale * a.influence[i]
	}
	return e, true, nil
}

// preTest is the Wald test that all effects before treatment are 0.
func (g *GroupTime) preTest() {
	var pre []int
	for i := range g.ATT {
		if g.Time[i] < g.Group[i] {
			pre = append(pre, i)
		}
	}
	k := len(pre)
	g.PrePeriods = k
	g.PreTest = Test{math.NaN(), float64(k), math.NaN()}
	if k == 0 {
		return
	}
	v, att := mat.NewSymDense(k, nil), mat.NewVecDense(k, nil)
	n := float64(len(g.GroupOf))
	for a, i := range pre {
		att.SetVec(a, g.ATT[i])
		for b := a; b < k; b++ {
			v.SetSym(a, b, dot(g.Influence[i], g.Influence[pre[b]])/n)
		}
	}
	var chol mat.Cholesky
	var solved mat.VecDense
	if !chol.Factorize(v) || chol.SolveVecTo(&solved, att) != nil {
		return
	}
	W := n * mat.Dot(att, &solved)
	g.PreTest = Test{W, float64(k), chiSquaredTail(W, float64(k))}
}
