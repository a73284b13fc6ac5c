package evidence

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// SCPanel is an outcome of several units at several times: Y[u][t]. Units stand
// in the order of their names; [SyntheticControl] refuses another order, in
// which units are easily mislabelled.
type SCPanel struct {
	Units []string
	Times []int
	Y     [][]float64
	// Predictors, by unit, replace the outcomes before the event, each divided
	// by its standard deviation over all units and weighted by V. nil: outcomes.
	Predictors [][]float64
	V          []float64
}

// SCReport is a comparison with a mixture of other units.
type SCReport struct {
	Weights   []float64 // by unit; 0 for the treated one
	Gap       []float64 // by time: treated less its mixture
	MeanGap   float64   // after the event
	PreRMSPE  float64
	PostRMSPE float64
	Ratio     float64 // PostRMSPE/PreRMSPE
	Rank      int     // of Ratio among all units, 1 the greatest
	P         float64 // Rank/units
	Estimate  Estimate
}

// Checks of synthetic controls.
const (
	CheckPreFit    CheckID = "pre_fit"
	CheckPlaceboSC CheckID = "placebo_units"
)

// maxPlaceboP is the placebo p-value up to which a synthetic control speaks of
// an effect (proposed).
const maxPlaceboP = 0.10

// maxPreFit is how far, in standard deviations of the treated unit's outcome
// before the event, the mixture may miss it on average (proposed).
const maxPreFit = 0.25

// SyntheticControl compares unit number treated with the mixture of the others,
// weights at least 0 that sum to 1, that fits it best before time number from:
// an exact quadratic program, so that the answer doesn't depend on an
// optimiser. Every other unit is then treated in turn as if it were the one;
// p is the rank of the ratio of errors after and before over the number of
// units.
//
// Source: Abadie, Diamond and Hainmueller 2010. It assumes that the mixture
// would have gone on resembling the unit. It refuses unsorted units, fewer
// than 5 units, fewer than 2 times before or none after, and missing values.
func SyntheticControl(p SCPanel, treated, from int) (SCReport, error) {
	if err := p.check(treated, from); err != nil {
		return SCReport{}, err
	}
	r, err := p.against(treated, from, nil)
	if err != nil {
		return SCReport{}, err
	}
	r.Rank = 1
	for u := range p.Units {
		if u == treated {
			continue
		}
		// The treated unit isn't lent to the others' mixtures.
		placebo, err := p.against(u, from, []int{treated})
		if err != nil {
			return SCReport{}, err
		}
		if placebo.Ratio > r.Ratio {
			r.Rank++
		}
	}
	r.P = float64(r.Rank) / float64(len(p.Units))
	sd := math.Sqrt(varianceOf(p.Y[treated][:from]))
	r.Estimate = Estimate{
		Estimand: EffectOnThose, Design: Synthetic, Value: r.MeanGap, SE: math.NaN(), DF: math.NaN(), N: len(p.Units), Looks: 1,
		Interval: Interval{math.NaN(), math.NaN(), defaultLevel, "placebo"},
		Checks: []Check{
			{CheckPreFit, r.PreRMSPE <= maxPreFit*sd, map[string]float64{"rmspe": r.PreRMSPE, "sd": sd, "max": maxPreFit}},
			{CheckPlaceboSC, r.P <= maxPlaceboP, map[string]float64{"rank": float64(r.Rank), "p": r.P, "max": maxPlaceboP}},
		},
	}
	return r, nil
}

func (p SCPanel) check(treated, from int) error {
	n := len(p.Units)
	if n < minGroups {
		return refuseWith(GateFew, "units", map[string]float64{"units": float64(n), "min": minGroups})
	}
	if !slices.IsSorted(p.Units) || len(slices.Compact(slices.Clone(p.Units))) != n {
		return refuse(GateInput, "units")
	}
	if treated < 0 || treated >= n || from < 2 || from >= len(p.Times) {
		return refuse(GateRange, "event")
	}
	if err := checkSame("y", n, len(p.Y)); err != nil {
		return err
	}
	for _, row := range p.Y {
		if err := checkSame("y", len(p.Times), len(row)); err != nil {
			return err
		}
		if err := checkFinite("y", row); err != nil {
			return err
		}
	}
	if p.Predictors == nil {
		return nil
	}
	if err := checkSame("predictors", n, len(p.Predictors)); err != nil {
		return err
	}
	for _, row := range p.Predictors {
		if err := checkSame("predictors", len(p.V), len(row)); err != nil {
			return err
		}
		if err := checkFinite("predictors", row); err != nil {
			return err
		}
	}
	return checkWeights(p.V, len(p.V))
}

// features are what a mixture is to fit, by unit.
func (p SCPanel) features(from int) [][]float64 {
	if p.Predictors != nil {
		return p.Scaled()
	}
	out := make([][]float64, len(p.Units))
	for u, row := range p.Y {
		out[u] = row[:from]
	}
	return out
}

// Scaled are the predictors by unit, each divided by its standard deviation
// over all units and multiplied by the root of its weight.
func (p SCPanel) Scaled() [][]float64 {
	out := make([][]float64, len(p.Units))
	for u := range out {
		out[u] = make([]float64, len(p.V))
	}
	for j, v := range p.V {
		column := make([]float64, len(p.Units))
		for u, row := range p.Predictors {
			column[u] = row[j]
		}
		sd := math.Sqrt(varianceOf(column))
		if sd == 0 {
			continue // it doesn't tell units apart
		}
		for u, x := range column {
			out[u][j] = x / sd * math.Sqrt(v)
		}
	}
	return out
}

// against builds the mixture for one unit out of all others but those left out.
func (p SCPanel) against(treated, from int, without []int) (SCReport, error) {
	features := p.features(from)
	var donors []int
	for u := range p.Units {
		if u != treated && !slices.Contains(without, u) {
			donors = append(donors, u)
		}
	}
	columns := make([][]float64, len(donors))
	for k, u := range donors {
		columns[k] = features[u]
	}
	w, err := simplexFit(columns, features[treated], 0)
	if err != nil {
		return SCReport{}, err
	}
	r := SCReport{Weights: make([]float64, len(p.Units)), Gap: slices.Clone(p.Y[treated])}
	for k, u := range donors {
		r.Weights[u] = w[k]
		addTo(r.Gap, p.Y[u], -w[k])
	}
	r.MeanGap = meanOf(r.Gap[from:])
	r.PreRMSPE, r.PostRMSPE = rootMeanSquare(r.Gap[:from]), rootMeanSquare(r.Gap[from:])
	r.Ratio = r.PostRMSPE / r.PreRMSPE
	return r, nil
}

func rootMeanSquare(vs []float64) float64 { return math.Sqrt(dot(vs, vs) / float64(len(vs))) }

// simplexFit finds weights w ≥ 0, Σw = 1, that minimise |Σ w·column − goal|² +
// ridge·|w|² by an active set: units enter one at a time where the error falls
// fastest, and leave when their weight reaches 0.
func simplexFit(columns [][]float64, goal []float64, ridge float64) ([]float64, error) {
	n := len(columns)
	q, c := make([][]float64, n), make([]float64, n)
	trace := 0.0
	for i := range columns {
		q[i] = make([]float64, n)
		for j := range columns {
			q[i][j] = dot(columns[i], columns[j])
		}
		trace += q[i][i]
		c[i] = dot(columns[i], goal)
	}
	// A hair of ridge makes the answer unique where mixtures tie.
	ridge += 1e-13 * (trace/float64(n) + 1)
	for i := range q {
		q[i][i] += ridge
	}
	best := 0
	for i := range q {
		if q[i][i]-2*c[i] < q[best][best]-2*c[best] {
			best = i
		}
	}
	w := make([]float64, n)
	w[best] = 1
	active := []int{best}
	tolerance := 1e-11 * (trace/float64(n) + 1)
	for range 50 * n {
		enter := mostHelpful(q, c, w, active, tolerance)
		if enter < 0 {
			return w, nil
		}
		var err error
		if active, err = settle(q, c, w, append(active, enter)); err != nil {
			return nil, err
		}
	}
	return nil, refuse(GateConvergence, "weights")
}

// mostHelpful is the unit outside whose gradient lies farthest below that of
// the units in use, or −1 at the optimum.
func mostHelpful(q [][]float64, c, w []float64, active []int, tolerance float64) int {
	gradient := func(i int) float64 { return dot(q[i], w) - c[i] }
	level := 0.0
	for _, i := range active {
		level += gradient(i) * w[i]
	}
	enter, least := -1, level-tolerance
	for i := range w {
		if g := gradient(i); g < least && !slices.Contains(active, i) {
			enter, least = i, g
		}
	}
	return enter
}

// settle solves for the units in use and drops those whose weight would fall
// below 0, until none does.
func settle(q [][]float64, c, w []float64, active []int) ([]int, error) {
	for {
		z, err := equalitySolution(q, c, active)
		if err != nil {
			return nil, err
		}
		step, drop := 1.0, -1
		for k, i := range active {
			if z[k] < 0 {
				if s := w[i] / (w[i] - z[k]); s < step || drop < 0 {
					step, drop = s, k
				}
			}
		}
		if drop < 0 {
			for k, i := range active {
				w[i] = z[k]
			}
			return active, nil
		}
		for k, i := range active {
			w[i] += step * (z[k] - w[i])
		}
		w[active[drop]] = 0
		active = slices.Delete(active, drop, drop+1)
	}
}

// equalitySolution minimises over the units in use under Σw = 1 alone.
func equalitySolution(q [][]float64, c []float64, active []int) ([]float64, error) {
	k := len(active)
	s := mat.NewSymDense(k, nil)
	rhs := mat.NewDense(k, 2, nil)
	for a, i := range active {
		rhs.Set(a, 0, c[i])
		rhs.Set(a, 1, 1)
		for b := a; b < k; b++ {
			s.SetSym(a, b, q[i][active[b]])
		}
	}
	var chol mat.Cholesky
	var x mat.Dense
	if !chol.Factorize(s) {
		return nil, refuse(GateSingular, "weights")
	}
	if err := chol.SolveTo(&x, rhs); err != nil && !isCondition(err) {
		return nil, refuse(GateSingular, "weights")
	}
	free, ones := 0.0, 0.0
	for a := range k {
		free += x.At(a, 0)
		ones += x.At(a, 1)
	}
	z := make([]float64, k)
	for a := range z {
		z[a] = x.At(a, 0) + (1-free)/ones*x.At(a, 1)
	}
	return z, nil
}

// isCondition says that a solution was found with a warning of lost digits.
func isCondition(err error) bool {
	c := mat.Condition(0)
	return errors.As(err, &c)
}
