package evidence

import (
	"cmp"
	"math"
	"slices"
)

// Frame is everyone who was asked: groups that are known of all of them, and
// the day on which each answered (NaN for those who didn't; nil when unknown).
type Frame struct {
	N       int
	Factors []Factor
	Day     []float64
}

// Factor is something known of everyone in the frame.
type Factor struct {
	Name   string
	Values []string
}

// NonresponseOptions are the outcome's scale, the claim to tip ("more than half
// said yes": 0.5), and what to weight by. Strata are factors that post-strata
// are made of.
type NonresponseOptions struct {
	Low, High, Target float64
	Rake, Strata      []string
}

// NonresponseReport says what the answers of some can tell about all.
// Everything that weights or extrapolates is a diagnostic: it never shows that
// the silent would have answered alike.
type NonresponseReport struct {
	Estimate     Estimate // of those who answered, with Worst and Tipping
	ResponseRate float64
	WorstCase    Bounds
	ImbensManski Interval // covers the truth in 95 of 100 such surveys
	Tipping      float64  // mean of the silent at which all have Target
	Raked        *Weighted
	Stratified   *Weighted
	Waves        *Waves
	RIndicator   float64 // NaN without factors
}

// Waves compares early, middle and late answers.
type Waves struct {
	Means        [3]float64
	Trend        Test    // Cochran-Armitage; only for yes/no outcomes
	Extrapolated float64 // straight line to a fourth wave
}

// Nonresponse reports what is known of a frame of whom some answered. With
// r = n/N the worst case is r·ȳ+(1−r)·low to r·ȳ+(1−r)·high; Imbens and
// Manski's interval widens its ends by c·s, s = √(b(1−b)/N), where
// Φ(c+(U−L)/max s)−Φ(−c) = 0.95 (outcomes from 0 to 1); the tipping point is
// (T−r·ȳ)/(1−r). Waves are thirds of the answers by day. The R-indicator is
// 1−2·sd of the response propensities of a logistic model on the factors.
//
// Sources: Manski 1989; Imbens and Manski 2004; Armstrong and Overton 1977;
// Schouten, Cobben and Bethlehem 2009. It refuses slices of unequal lengths, a
// frame in which nobody answered, fewer than 10 answers, answers off the scale
// and names of factors that the frame doesn't have.
func Nonresponse(f Frame, y []float64, answered []bool, opt NonresponseOptions) (NonresponseReport, error) {
	if opt.Low == opt.High {
		opt.Low, opt.High = 0, 1
	}
	seen, rows, err := f.check(y, answered, opt)
	if err != nil {
		return NonresponseReport{}, err
	}
	n, N := float64(len(seen)), float64(f.N)
	rate, mean := n/N, meanOf(seen)
	r := NonresponseReport{ResponseRate: rate, WorstCase: worstCase(rate, mean, opt.Low, opt.High), RIndicator: math.NaN()}
	r.Tipping = tippingPoint(rate, mean, opt.Target)
	r.ImbensManski = imbensManski(r.WorstCase, f.N, opt)
	r.Estimate = f.estimate(seen, opt)
	r.Estimate.Worst, r.Estimate.Tipping = &r.WorstCase, &r.Tipping
	if err := r.weigh(f, seen, rows, opt); err != nil {
		return NonresponseReport{}, err
	}
	if f.Day != nil {
		if r.Waves, err = f.waves(seen, rows); err != nil {
			return NonresponseReport{}, err
		}
	}
	if len(f.Factors) > 0 {
		if r.RIndicator, err = f.representativity(answered, opt.Rake); err != nil {
			return NonresponseReport{}, err
		}
	}
	return r, nil
}

func (f Frame) check(y []float64, answered []bool, opt NonresponseOptions) (seen []float64, rows []int, err error) {
	if f.N <= 0 {
		return nil, nil, refuse(GateEmpty, "frame")
	}
	if err := checkSame("frame", f.N, len(y), len(answered)); err != nil {
		return nil, nil, err
	}
	for _, c := range f.Factors {
		if err := checkSame(c.Name, f.N, len(c.Values)); err != nil {
			return nil, nil, err
		}
	}
	if f.Day != nil {
		if err := checkSame("day", f.N, len(f.Day)); err != nil {
			return nil, nil, err
		}
	}
	for i, a := range answered {
		if !a {
			continue
		}
		if v := y[i]; !finite(v) || v < opt.Low || v > opt.High {
			return nil, nil, refuseWith(GateInput, "y", map[string]float64{"row": float64(i)})
		}
		seen, rows = append(seen, y[i]), append(rows, i)
	}
	if len(seen) < minForMean {
		return nil, nil, refuseWith(GateFew, "answered", map[string]float64{"n": float64(len(seen)), "min": minForMean})
	}
	return seen, rows, nil
}

func binary(vs []float64) (yes int, ok bool) {
	for _, v := range vs {
		if v != 0 && v != 1 {
			return 0, false
		}
		if v == 1 {
			yes++
		}
	}
	return yes, true
}

// estimate is the share or the mean of those who answered.
func (f Frame) estimate(seen []float64, opt NonresponseOptions) Estimate {
	n := len(seen)
	e := Estimate{Estimand: Mean, Design: Survey, Value: meanOf(seen), N: n, Frame: f.N, DF: float64(n - 1), Looks: 1}
	e.SE = math.Sqrt(varianceOf(seen) / float64(n))
	e.Interval = tInterval(e.Value, e.SE, e.DF, defaultLevel)
	if yes, ok := binary(seen); ok && opt.Low == 0 && opt.High == 1 {
		e.Estimand = Share
		e.Interval = boxShare(yes, n).Interval
	}
	return e
}

// imbensManski works on outcomes put between 0 and 1.
func imbensManski(w Bounds, n int, opt NonresponseOptions) Interval {
	span := opt.High - opt.Low
	low, high := (w.Low-opt.Low)/span, (w.High-opt.Low)/span
	sd := func(b float64) float64 { return math.Sqrt(max(0, b*(1-b)) / float64(n)) }
	sl, sh := sd(low), sd(high)
	widest := max(sl, sh)
	c := 0.0
	if widest > 0 {
		c = bisect(0, 10, func(c float64) float64 {
			return normalCDF(c+(high-low)/widest) - normalCDF(-c) - defaultLevel
		})
	}
	return Interval{opt.Low + span*max(0, low-c*sl), opt.Low + span*min(1, high+c*sh), defaultLevel, "imbens_manski"}
}

func (r *NonresponseReport) weigh(f Frame, seen []float64, rows []int, opt NonresponseOptions) error {
	s := Sample{Y: seen}
	if len(opt.Rake) > 0 {
		var ms []Margin
		for _, name := range opt.Rake {
			m, err := f.margin([]string{name}, rows)
			if err != nil {
				return err
			}
			ms = append(ms, m)
		}
		w, err := Rake(s, ms, RakeOptions{})
		if err != nil {
			return err
		}
		r.Raked = &w
	}
	if len(opt.Strata) > 0 {
		m, err := f.margin(opt.Strata, rows)
		if err != nil {
			return err
		}
		w, err := Poststratify(s, m)
		if err != nil {
			return err
		}
		r.Stratified = &w
	}
	return nil
}

// margin counts the frame by the named factors together.
func (f Frame) margin(names []string, rows []int) (Margin, error) {
	m := Margin{Target: map[string]float64{}}
	keys := make([]string, f.N)
	for _, name := range names {
		k := slices.IndexFunc(f.Factors, func(c Factor) bool { return c.Name == name })
		if k < 0 {
			return Margin{}, refuse(GateInput, name)
		}
		m.Name += name
		for i, v := range f.Factors[k].Values {
			keys[i] += v + "\x1f"
		}
	}
	for _, k := range keys {
		m.Target[k]++
	}
	for _, i := range rows {
		m.Group = append(m.Group, keys[i])
	}
	return m, nil
}

// waves cuts the answers, in order of day and row, at 1+k(n−1)/3.
func (f Frame) waves(seen []float64, rows []int) (*Waves, error) {
	order := make([]int, len(seen))
	for i := range order {
		order[i] = i
		if !finite(f.Day[rows[i]]) {
			return nil, refuseWith(GateInput, "day", map[string]float64{"row": float64(rows[i])})
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(f.Day[rows[a]], f.Day[rows[b]]) })
	n := float64(len(seen))
	var parts [3][]float64
	for rank, i := range order {
		w, at := 0, float64(rank+1)
		for k := 1.0; k < 3; k++ {
			if at > 1+k*(n-1)/3 {
				w++
			}
		}
		parts[w] = append(parts[w], seen[i])
	}
	out := &Waves{}
	for w, p := range parts {
		out.Means[w] = meanOf(p)
	}
	out.Extrapolated = meanOf(out.Means[:]) + out.Means[2] - out.Means[0]
	out.Trend = Test{math.NaN(), 1, math.NaN()}
	if yes, ok := binary(seen); ok {
		out.Trend = armitage(parts, float64(yes)/n)
	}
	return out, nil
}

// armitage tests a trend of shares over waves scored 1, 2, 3.
func armitage(parts [3][]float64, p float64) Test {
	var score, weight, weight2, n float64
	for w, part := range parts {
		k, s := float64(len(part)), float64(w+1)
		score += s * (sumOf(part) - k*p)
		weight += k * s
		weight2 += k * s * s
		n += k
	}
	v := p * (1 - p) * (weight2 - weight*weight/n)
	if v == 0 {
		return Test{math.NaN(), 1, math.NaN()}
	}
	x := score * score / v
	return Test{x, 1, chiSquaredTail(x, 1)}
}

// representativity is the R-indicator on the named factors, or on all.
func (f Frame) representativity(answered []bool, names []string) (float64, error) {
	var columns [][]float64
	for _, c := range f.Factors {
		if len(names) > 0 && !slices.Contains(names, c.Name) {
			continue
		}
		columns = append(columns, dummies(c.Values)...)
	}
	y := make([]float64, f.N)
	for i, a := range answered {
		if a {
			y[i] = 1
		}
	}
	g, err := fitGLM(design(f.N, columns...), y, nil, logistic)
	if err != nil {
		return 0, err
	}
	return 1 - 2*math.Sqrt(varianceOf(g.mean)), nil
}

// dummies are 0/1 columns for all values but the first by name.
func dummies(values []string) [][]float64 {
	levels := slices.Clone(values)
	slices.Sort(levels)
	levels = slices.Compact(levels)
	var columns [][]float64
	for _, l := range levels[1:] {
		col := make([]float64, len(values))
		for i, v := range values {
			if v == l {
				col[i] = 1
			}
		}
		columns = append(columns, col)
	}
	return columns
}
