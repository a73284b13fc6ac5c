package evidence

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// MixedModel is a linear model with a random intercept for each group.
type MixedModel struct {
	Coef, SE      []float64
	VarGroup      float64
	VarResidual   float64
	Intercepts    []float64 // shrunken group effects, by group number
	LogLikelihood float64   // restricted, when fitted by REML
	Groups, N     int
	covariance    *mat.SymDense
}

// Deviance is −2 times the (restricted) log likelihood.
func (m MixedModel) Deviance() float64 { return -2 * m.LogLikelihood }

// mixedSums is all that the likelihood needs of the data, so that each step of
// the search costs the same however many rows there are.
type mixedSums struct {
	n, k   int
	xx     *mat.SymDense
	xy     []float64
	yy     float64
	size   []float64
	groupX [][]float64
	groupY []float64
}

// RandomIntercept fits y = Xβ + b(group) + error, with b and the error normal,
// by REML or ML. β and the error variance are profiled out, which leaves one
// number to search: λ = var(b)/var(error).
//
// Source: Bates, Mächler, Bolker and Walker 2015. It assumes independent groups
// and normal effects. Group numbers run from 0. It refuses missing values,
// fewer than 3 groups, groups without rows, and columns of X that say the same
// thing twice.
func RandomIntercept(y []float64, x *mat.Dense, group []int, reml bool) (MixedModel, error) {
	s, err := newMixedSums(y, x, group)
	if err != nil {
		return MixedModel{}, err
	}
	// The search is over r = λ/(1+λ) in [0, 1).
	objective := func(r float64) float64 {
		p, ok := s.profile(r/(1-r), reml)
		if !ok {
			return math.Inf(1)
		}
		return p.deviance
	}
	r := minimise(objective, 0, 1-1e-9)
	if objective(0) <= objective(r) {
		r = 0
	}
	lambda := r / (1 - r)
	p, ok := s.profile(lambda, reml)
	if !ok {
		return MixedModel{}, refuse(GateSingular, "model")
	}
	m := MixedModel{
		Coef: p.beta, VarGroup: lambda * p.sigma2, VarResidual: p.sigma2, LogLikelihood: -p.deviance / 2,
		Groups: len(s.size), N: s.n,
	}
	var inv mat.SymDense
	if err := p.chol.InverseTo(&inv); err != nil {
		return MixedModel{}, refuse(GateSingular, "model")
	}
	inv.ScaleSym(p.sigma2, &inv)
	m.covariance, m.SE = &inv, diagonalSE(&inv)
	for g, n := range s.size {
		m.Intercepts = append(m.Intercepts, lambda/(1+n*lambda)*(s.groupY[g]-dot(s.groupX[g], p.beta)))
	}
	return m, nil
}

func newMixedSums(y []float64, x *mat.Dense, group []int) (*mixedSums, error) {
	if err := checkFinite("y", y); err != nil {
		return nil, err
	}
	n, k := x.Dims()
	if err := checkSame("x", len(y), n, len(group)); err != nil {
		return nil, err
	}
	if err := checkFinite("x", x.RawMatrix().Data); err != nil {
		return nil, err
	}
	if slices.Min(group) < 0 || slices.Max(group) >= n {
		return nil, refuse(GateInput, "group")
	}
	groups := slices.Max(group) + 1
	s := &mixedSums{n: n, k: k, xx: mat.NewSymDense(k, nil), xy: make([]float64, k), size: make([]float64, groups), groupY: make([]float64, groups)}
	s.groupX = make([][]float64, groups)
	for g := range s.groupX {
		s.groupX[g] = make([]float64, k)
	}
	for i, g := range group {
		row := x.RawRowView(i)
		s.size[g]++
		s.groupY[g] += y[i]
		s.yy += y[i] * y[i]
		for a, v := range row {
			s.groupX[g][a] += v
			s.xy[a] += v * y[i]
			for b := a; b < k; b++ {
				s.xx.SetSym(a, b, s.xx.At(a, b)+v*row[b])
			}
		}
	}
	if groups < 3 || n <= k {
		return nil, refuseWith(GateFew, "groups", map[string]float64{"groups": float64(groups), "min": 3})
	}
	if slices.Contains(s.size, 0) {
		return nil, refuse(GateEmpty, "group")
	}
	return s, nil
}

// profiled is the best fit for a given λ.
type profiled struct {
	beta     []float64
	sigma2   float64
	deviance float64
	chol     mat.Cholesky // of XᵀV⁻¹X, for error variance 1
}

// profile uses V⁻¹ = I − λ/(1+nλ)·11ᵀ within each group.
func (s *mixedSums) profile(lambda float64, reml bool) (profiled, bool) {
	a := mat.NewSymDense(s.k, nil)
	a.CopySym(s.xx)
	b := slices.Clone(s.xy)
	q, logDet := s.yy, 0.0
	for g, n := range s.size {
		c := lambda / (1 + n*lambda)
		logDet += math.Log1p(n * lambda)
		sx, sy := s.groupX[g], s.groupY[g]
		q -= c * sy * sy
		for i := range b {
			b[i] -= c * sx[i] * sy
			for j := i; j < s.k; j++ {
				a.SetSym(i, j, a.At(i, j)-c*sx[i]*sx[j])
			}
		}
	}
	var p profiled
	if !p.chol.Factorize(a) || p.chol.Cond() > conditionLimit {
		return p, false
	}
	var beta mat.VecDense
	if err := p.chol.SolveVecTo(&beta, mat.NewVecDense(s.k, b)); err != nil {
		return p, false
	}
	p.beta = beta.RawVector().Data
	rss := q - dot(p.beta, b)
	df := float64(s.n)
	if reml {
		df -= float64(s.k)
		logDet += p.chol.LogDet()
	}
	if rss <= 0 {
		return p, false
	}
	p.sigma2 = rss / df
	p.deviance = df*(1+math.Log(2*math.Pi*p.sigma2)) + logDet
	return p, true
}

// minimise finds a minimum of f between low and high: a grid to find the right
// valley, then golden sections.
func minimise(f func(float64) float64, low, high float64) float64 {
	const points = 24
	step := (high - low) / points
	best, at := math.Inf(1), low
	for i := range points + 1 {
		x := low + float64(i)*step
		if v := f(x); v < best {
			best, at = v, x
		}
	}
	a, b := max(low, at-step), min(high, at+step)
	const golden = 0.6180339887498949
	c, d := b-golden*(b-a), a+golden*(b-a)
	fc, fd := f(c), f(d)
	for range 60 {
		if fc < fd {
			b, d, fd = d, c, fc
			c = b - golden*(b-a)
			fc = f(c)
		} else {
			a, c, fc = c, d, fd
			d = a + golden*(b-a)
			fd = f(d)
		}
	}
	return (a + b) / 2
}
