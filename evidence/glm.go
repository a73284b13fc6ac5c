package evidence

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// family is a generalised linear model's link and variance.
type family struct {
	mean     func(eta float64) float64
	variance func(mu float64) float64
	slope    func(mu float64) float64 // dμ/dη
	start    func(y float64) float64  // first η
}

var (
	logistic = family{
		mean:     func(e float64) float64 { return 1 / (1 + math.Exp(-e)) },
		variance: func(m float64) float64 { return m * (1 - m) },
		slope:    func(m float64) float64 { return m * (1 - m) },
		start:    func(y float64) float64 { p := (y + 0.5) / 2; return math.Log(p / (1 - p)) },
	}
	poisson = family{
		mean:     math.Exp,
		variance: func(m float64) float64 { return m },
		slope:    func(m float64) float64 { return m },
		start:    func(y float64) float64 { return math.Log(y + 0.1) },
	}
)

// glm is a fitted generalised linear model.
type glm struct {
	fit  *fit // of the last weighted step
	beta []float64
	mean []float64
	// dispersion is Pearson's χ² over its degrees of freedom.
	dispersion float64
}

// fitGLM fits by iteratively reweighted least squares.
func fitGLM(x *mat.Dense, y, offset []float64, fam family) (*glm, error) {
	n, k := x.Dims()
	if offset == nil {
		offset = make([]float64, n)
	}
	g := &glm{mean: make([]float64, n)}
	eta := make([]float64, n)
	for i, v := range y {
		eta[i] = fam.start(v)
		g.mean[i] = fam.mean(eta[i])
	}
	wx, wy := mat.NewDense(n, k, nil), make([]float64, n)
	for range 100 {
		for i := range n {
			m := g.mean[i]
			d := fam.slope(m)
			w := math.Sqrt(d * d / fam.variance(m))
			wy[i] = w * (eta[i] - offset[i] + (y[i]-m)/d)
			row, out := x.RawRowView(i), wx.RawRowView(i)
			for j := range row {
				out[j] = w * row[j]
			}
		}
		f, err := leastSquares(wx, wy)
		if err != nil {
			return nil, err
		}
		change := 0.0
		for i := range n {
			eta[i] = offset[i] + dot(x.RawRowView(i), f.beta)
			m := fam.mean(eta[i])
			change = max(change, math.Abs(m-g.mean[i])/(math.Abs(m)+1e-6))
			g.mean[i] = m
		}
		if math.IsNaN(change) {
			break
		}
		g.fit, g.beta = f, f.beta
		if change < 1e-11 {
			g.dispersion = g.pearson(y, fam) / f.df()
			return g, nil
		}
	}
	return nil, refuse(GateConvergence, "model")
}

func (g *glm) pearson(y []float64, fam family) float64 {
	s := 0.0
	for i, v := range y {
		d := v - g.mean[i]
		s += d * d / fam.variance(g.mean[i])
	}
	return s
}
