package evidence

import (
	"gonum.org/v1/gonum/mat"
)

// propensityLimit is how near to certain a treatment may be for weighting.
const propensityLimit = 0.999

// attOf is the effect on the treated of one two-period comparison, with each
// row's influence.
func attOf(change, treat []float64, x *mat.Dense, adj Adjustment) (attEffect, error) {
	c := &comparison{change: change, treat: treat, x: x}
	switch adj {
	case DoublyRobust:
		if err := c.fitPropensity(); err != nil {
			return attEffect{}, err
		}
		if err := c.fitOutcome(); err != nil {
			return attEffect{}, err
		}
	case Weighting:
		if err := c.fitPropensity(); err != nil {
			return attEffect{}, err
		}
		c.predicted = make([]float64, len(change))
	case Outcome:
		if err := c.fitOutcome(); err != nil {
			return attEffect{}, err
		}
		return c.byOutcome(), nil
	default:
		return attEffect{}, refuse(GateRange, "adjustment")
	}
	return c.byWeighting(), nil
}

type comparison struct {
	change, treat []float64
	x             *mat.Dense
	chance        []float64 // of treatment
	predicted     []float64 // change of a control
	psLinear      *mat.Dense
	olsLinear     *mat.Dense
}

// fitPropensity fits the chance of treatment and each row's influence on its
// coefficients.
func (c *comparison) fitPropensity() error {
	g, err := fitGLM(c.x, c.treat, nil, logistic)
	if err != nil {
		return err
	}
	c.chance = g.mean
	n, k := c.x.Dims()
	score := mat.NewDense(n, k, nil)
	for i, p := range g.mean {
		if p > propensityLimit && c.treat[i] == 0 {
			return refuseWith(GateMargin, "overlap", map[string]float64{"chance": p})
		}
		for j, v := range c.x.RawRowView(i) {
			score.Set(i, j, (c.treat[i]-p)*v)
		}
	}
	hessian := mat.NewSymDense(k, nil)
	hessian.ScaleSym(float64(n), g.fit.inv)
	c.psLinear = mat.NewDense(n, k, nil)
	c.psLinear.Mul(score, hessian)
	return nil
}

// fitOutcome fits the change of controls on the covariates.
func (c *comparison) fitOutcome() error {
	n, k := c.x.Dims()
	cx, cy := mat.NewDense(n, k, nil), make([]float64, n)
	for i := range n {
		if c.treat[i] == 0 {
			cy[i] = c.change[i]
			cx.SetRow(i, c.x.RawRowView(i))
		}
	}
	f, err := leastSquares(cx, cy)
	if err != nil {
		return err
	}
	score := mat.NewDense(n, k, nil)
	c.predicted = make([]float64, n)
	for i := range n {
		row := c.x.RawRowView(i)
		c.predicted[i] = dot(row, f.beta)
		for j, v := range row {
			score.Set(i, j, (1-c.treat[i])*(c.change[i]-c.predicted[i])*v)
		}
	}
	inv := mat.NewSymDense(k, nil)
	inv.ScaleSym(float64(n), f.inv)
	c.olsLinear = mat.NewDense(n, k, nil)
	c.olsLinear.Mul(score, inv)
	return nil
}

// meanRow is the mean of weight·x over rows.
func (c *comparison) meanRow(weight func(i int) float64) []float64 {
	n, k := c.x.Dims()
	m := make([]float64, k)
	for i := range n {
		w := weight(i) / float64(n)
		for j, v := range c.x.RawRowView(i) {
			m[j] += w * v
		}
	}
	return m
}

// byWeighting is the doubly robust effect; without a predicted outcome it is
// the weighted one.
func (c *comparison) byWeighting() attEffect {
	n := len(c.change)
	odds := make([]float64, n)
	for i, p := range c.chance {
		odds[i] = (1 - c.treat[i]) * p / (1 - p)
	}
	gain := func(i int) float64 { return c.change[i] - c.predicted[i] }
	meanT, meanC := meanOf(c.treat), meanOf(odds)
	etaT, etaC := 0.0, 0.0
	for i := range n {
		etaT += c.treat[i] * gain(i) / float64(n) / meanT
		etaC += odds[i] * gain(i) / float64(n) / meanC
	}
	m2 := c.meanRow(func(i int) float64 { return odds[i] * (gain(i) - etaC) })
	m1 := c.meanRow(func(i int) float64 { return c.treat[i] })
	m3 := c.meanRow(func(i int) float64 { return odds[i] })
	e := attEffect{att: etaT - etaC, influence: make([]float64, n)}
	for i := range n {
		t := c.treat[i] * (gain(i) - etaT)
		k := odds[i]*(gain(i)-etaC) + dot(c.psLinear.RawRowView(i), m2)
		if c.olsLinear != nil {
			ols := c.olsLinear.RawRowView(i)
			t -= dot(ols, m1)
			k -= dot(ols, m3)
		}
		e.influence[i] = t/meanT - k/meanC
	}
	return e
}

// byOutcome is the effect by predicting the change of the treated.
func (c *comparison) byOutcome() attEffect {
	n := len(c.change)
	meanT := meanOf(c.treat)
	etaT, etaC := 0.0, 0.0
	for i, d := range c.treat {
		etaT += d * c.change[i] / float64(n) / meanT
		etaC += d * c.predicted[i] / float64(n) / meanT
	}
	m := c.meanRow(func(i int) float64 { return c.treat[i] })
	e := attEffect{att: etaT - etaC, influence: make([]float64, n)}
	for i, d := range c.treat {
		t := d * (c.change[i] - etaT)
		k := d*(c.predicted[i]-etaC) + dot(c.olsLinear.RawRowView(i), m)
		e.influence[i] = (t - k) / meanT
	}
	return e
}
