package evidence

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Trial is a comparison of two arms that were drawn by chance. Y may be NaN
// where Observed is false; covariates were measured before the draw and are
// complete.
type Trial struct {
	Y          []float64
	Observed   []bool
	Treated    []bool
	Covariates [][]float64 // by covariate, then person
	Block      []string    // nil when the draw wasn't within blocks
}

// TrialOptions are the parts of the plan that the numbers depend on. Low and
// High are the ends of the outcome's scale, for the worst case.
type TrialOptions struct {
	Level     float64
	Perm      Permutation
	Low, High float64
}

// TrialReport is the effect of being offered the programme, three ways, and
// what drop-out could do to it.
type TrialReport struct {
	Difference Estimate // by arm, or by block weighted by size
	Adjusted   Estimate // Lin; zero without covariates
	Ancova     Estimate // classical, for comparison
	P          float64  // randomisation test
	Lee        LeeReport
	Worst      *Bounds // nil without a scale
}

// TwoArm compares the arms of a trial as they were drawn (intention to treat).
// The difference of means has HC2 standard errors (e²/(1−h)) and n−k degrees of
// freedom; within blocks the differences are weighted by the blocks' sizes. The
// adjusted one regresses on the arm, the centred covariates and their products
// (Lin). The randomisation test draws the arms anew, within blocks if there are
// any, with |T−E(T)| ≥ observed − 1e-12 and p = (1+b)/(B+1).
//
// Source: Lin 2013. It assumes that the arms were drawn by chance and that
// nobody's outcome depends on another's arm; only people with an outcome enter,
// and Lee's bounds say what the others could do. It refuses slices of unequal
// lengths, values that aren't numbers, arms of fewer than 2 and blocks without
// both arms.
func TwoArm(d Trial, opt TrialOptions) (TrialReport, error) {
	level, err := levelOf(opt.Level)
	if err != nil {
		return TrialReport{}, err
	}
	lee, err := LeeBounds(d.Y, d.Observed, d.Treated)
	if err != nil {
		return TrialReport{}, err
	}
	seen, err := d.complete()
	if err != nil {
		return TrialReport{}, err
	}
	r := TrialReport{Lee: lee}
	if r.Difference, err = seen.difference(level); err != nil {
		return TrialReport{}, err
	}
	r.Difference.Frame, r.Difference.Seed = len(d.Y), opt.Perm.Seed
	if len(d.Covariates) > 0 {
		if r.Ancova, r.Adjusted, err = seen.adjusted(level); err != nil {
			return TrialReport{}, err
		}
		r.Adjusted.Frame, r.Adjusted.Seed = len(d.Y), opt.Perm.Seed
	}
	if r.P, err = seen.redraw(opt.Perm); err != nil {
		return TrialReport{}, err
	}
	if opt.Low < opt.High {
		w, err := WorstCaseByArm(d.Y, d.Observed, d.Treated, opt.Low, opt.High)
		if err != nil {
			return TrialReport{}, err
		}
		r.Worst = &w
	}
	return r, nil
}

// complete keeps the people with an outcome.
func (d Trial) complete() (Trial, error) {
	if d.Block != nil {
		if err := checkSame("block", len(d.Y), len(d.Block)); err != nil {
			return Trial{}, err
		}
	}
	out := Trial{Covariates: make([][]float64, len(d.Covariates))}
	for j, c := range d.Covariates {
		if err := checkSame("covariates", len(d.Y), len(c)); err != nil {
			return Trial{}, err
		}
		if err := checkFinite("covariates", c); err != nil {
			return Trial{}, err
		}
		out.Covariates[j] = nil
	}
	treated := 0
	for i := range d.Y {
		if !d.Observed[i] {
			continue
		}
		out.Y, out.Treated = append(out.Y, d.Y[i]), append(out.Treated, d.Treated[i])
		if d.Treated[i] {
			treated++
		}
		for j, c := range d.Covariates {
			out.Covariates[j] = append(out.Covariates[j], c[i])
		}
		if d.Block != nil {
			out.Block = append(out.Block, d.Block[i])
		}
	}
	if treated < 2 || len(out.Y)-treated < 2 {
		return Trial{}, refuseWith(GateFew, "arms", map[string]float64{"treated": float64(treated), "control": float64(len(out.Y) - treated)})
	}
	return out, nil
}

func (d Trial) arm() []float64 {
	t := make([]float64, len(d.Y))
	for i, v := range d.Treated {
		if v {
			t[i] = 1
		}
	}
	return t
}

func (d Trial) difference(level float64) (Estimate, error) {
	if d.Block == nil {
		f, err := leastSquares(design(len(d.Y), d.arm()), d.Y)
		if err != nil {
			return Estimate{}, err
		}
		return trialEstimate(f, f.hc2(), 1, level), nil
	}
	value, variance, df := 0.0, 0.0, float64(len(d.Y))
	for _, members := range d.blocks() {
		part := d.rows(members)
		f, err := leastSquares(design(len(part.Y), part.arm()), part.Y)
		if err != nil || f.df() < 1 {
			return Estimate{}, refuse(GateSingular, "block")
		}
		w := float64(len(members)) / float64(len(d.Y))
		value += w * f.beta[1]
		variance += w * w * f.hc2().At(1, 1)
		df -= 2
	}
	se := math.Sqrt(variance)
	return Estimate{
		Estimand: AverageEffect, Design: Randomised, Value: value, SE: se, DF: df, N: len(d.Y), Looks: 1,
		Interval: tInterval(value, se, df, level),
	}, nil
}

func trialEstimate(f *fit, v *mat.SymDense, j int, level float64) Estimate {
	se := math.Sqrt(max(0, v.At(j, j)))
	return Estimate{
		Estimand: AverageEffect, Design: Randomised, Value: f.beta[j], SE: se, DF: f.df(), N: f.n, Looks: 1,
		Interval: tInterval(f.beta[j], se, f.df(), level),
	}
}

// adjusted fits the classical analysis of covariance and Lin's.
func (d Trial) adjusted(level float64) (ancova, lin Estimate, err error) {
	arm := d.arm()
	columns := append([][]float64{arm}, d.Covariates...)
	f, err := leastSquares(design(len(d.Y), columns...), d.Y)
	if err != nil {
		return Estimate{}, Estimate{}, err
	}
	classic := mat.NewSymDense(f.k, nil)
	classic.ScaleSym(f.sigma2(), f.inv)
	ancova = trialEstimate(f, classic, 1, level)
	columns = columns[:1]
	for _, c := range d.Covariates {
		m := meanOf(c)
		centred, product := make([]float64, len(c)), make([]float64, len(c))
		for i, v := range c {
			centred[i] = v - m
			product[i] = arm[i] * centred[i]
		}
		columns = append(columns, centred, product)
	}
	if f, err = leastSquares(design(len(d.Y), columns...), d.Y); err != nil {
		return Estimate{}, Estimate{}, err
	}
	return ancova, trialEstimate(f, f.hc2(), 1, level), nil
}

// blocks lists the rows of each block, by name.
func (d Trial) blocks() [][]int {
	if d.Block == nil {
		all := make([]int, len(d.Y))
		for i := range all {
			all[i] = i
		}
		return [][]int{all}
	}
	by := map[string][]int{}
	var names []string
	for i, b := range d.Block {
		if _, ok := by[b]; !ok {
			names = append(names, b)
		}
		by[b] = append(by[b], i)
	}
	slices.Sort(names)
	var out [][]int
	for _, n := range names {
		out = append(out, by[n])
	}
	return out
}

func (d Trial) rows(members []int) Trial {
	var part Trial
	for _, i := range members {
		part.Y, part.Treated = append(part.Y, d.Y[i]), append(part.Treated, d.Treated[i])
	}
	return part
}

// redraw is the randomisation test of the (block-weighted) difference. With
// centred outcomes the difference in a block of n with k treated is the sum of
// the treated times n/(k(n−k)).
func (d Trial) redraw(perm Permutation) (float64, error) {
	if perm.Reps < 100 {
		return 0, refuseWith(GateRange, "permutations", map[string]float64{"min": 100})
	}
	type pool struct {
		y     []float64
		k     int
		scale float64
	}
	var pools []pool
	seen := 0.0
	for _, members := range d.blocks() {
		part := d.rows(members)
		m, p := meanOf(part.Y), pool{}
		sum := 0.0
		for i, v := range part.Y {
			p.y = append(p.y, v-m)
			if part.Treated[i] {
				p.k++
				sum += v - m
			}
		}
		n := float64(len(members))
		p.scale = n / (float64(p.k) * (n - float64(p.k))) * n / float64(len(d.Y))
		seen += p.scale * sum
		pools = append(pools, p)
	}
	enough := math.Abs(seen) - flipSlack*(1+math.Abs(seen))
	rng, hits := newRand(perm.Seed), 0
	for range perm.Reps {
		stat := 0.0
		for _, p := range pools {
			sum := 0.0
			for i := range p.k {
				j := i + below(uint32(rng.Uint64()>>32), len(p.y)-i)
				p.y[i], p.y[j] = p.y[j], p.y[i]
				sum += p.y[i]
			}
			stat += p.scale * sum
		}
		if math.Abs(stat) >= enough {
			hits++
		}
	}
	return float64(1+hits) / float64(perm.Reps+1), nil
}
