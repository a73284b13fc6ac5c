package evidence

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// GateSingular stops a model whose columns say the same thing twice, or that
// has more columns than rows.
const GateSingular CheckID = "singular"

// conditionLimit is how near to singular a model may come.
const conditionLimit = 1e12

// fit is a least-squares fit. Rows of x and y are already multiplied by the
// square roots of weights, if any.
type fit struct {
	n, k  int
	x     *mat.Dense
	beta  []float64
	resid []float64
	inv   *mat.SymDense // (XᵀX)⁻¹
}

func leastSquares(x *mat.Dense, y []float64) (*fit, error) {
	n, k := x.Dims()
	if n < k {
		return nil, refuseWith(GateSingular, "model", map[string]float64{"rows": float64(n), "columns": float64(k)})
	}
	var qr mat.QR
	qr.Factorize(x)
	if c := qr.Cond(); math.IsNaN(c) || c > conditionLimit {
		return nil, refuse(GateSingular, "model")
	}
	var beta mat.VecDense
	if err := qr.SolveVecTo(&beta, false, mat.NewVecDense(n, y)); err != nil {
		return nil, refuse(GateSingular, "model")
	}
	f := &fit{n: n, k: k, x: x, beta: beta.RawVector().Data, resid: make([]float64, n)}
	for i := range n {
		f.resid[i] = y[i] - dot(x.RawRowView(i), f.beta)
	}
	f.inv = inverseGram(&qr, k)
	return f, nil
}

// inverseGram is (XᵀX)⁻¹ = R⁻¹R⁻ᵀ.
func inverseGram(qr *mat.QR, k int) *mat.SymDense {
	var r mat.Dense
	qr.RTo(&r)
	inv := mat.NewDense(k, k, nil)
	for c := range k {
		for i := c; i >= 0; i-- {
			v := 0.0
			if i == c {
				v = 1
			}
			for j := i + 1; j <= c; j++ {
				v -= r.At(i, j) * inv.At(j, c)
			}
			inv.Set(i, c, v/r.At(i, i))
		}
	}
	s := mat.NewSymDense(k, nil)
	s.SymOuterK(1, inv)
	return s
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

func (f *fit) df() float64 { return float64(f.n - f.k) }

func (f *fit) sigma2() float64 { return dot(f.resid, f.resid) / f.df() }

// classicSE assumes equal variances and independent rows.
func (f *fit) classicSE() []float64 {
	s := f.sigma2()
	se := make([]float64, f.k)
	for j := range se {
		se[j] = math.Sqrt(s * f.inv.At(j, j))
	}
	return se
}

// leverage is the hat value of row i.
func (f *fit) leverage(i int) float64 {
	row := f.x.RawRowView(i)
	h := 0.0
	for a := range f.k {
		for b := range f.k {
			h += row[a] * f.inv.At(a, b) * row[b]
		}
	}
	return h
}

// hc2 allows for unequal variances: the middle of the sandwich is
// Σ xxᵀ·e²/(1−h). A row that decides a coefficient alone has h = 1 and no
// variance of its own to offer; it is left out.
func (f *fit) hc2() *mat.SymDense {
	meat := mat.NewSymDense(f.k, nil)
	for i := range f.n {
		h := f.leverage(i)
		if h > 1-1e-10 {
			continue
		}
		meat.SymRankOne(meat, f.resid[i]*f.resid[i]/(1-h), mat.NewVecDense(f.k, f.x.RawRowView(i)))
	}
	return f.sandwich(meat)
}

func (f *fit) sandwich(meat *mat.SymDense) *mat.SymDense {
	var half, all mat.Dense
	half.Mul(f.inv, meat)
	all.Mul(&half, f.inv)
	s := mat.NewSymDense(f.k, nil)
	for i := range f.k {
		for j := i; j < f.k; j++ {
			s.SetSym(i, j, (all.At(i, j)+all.At(j, i))/2)
		}
	}
	return s
}

// neweyWest allows for unequal variances and for errors that resemble those up
// to lag rows before, with Bartlett weights 1−j/(L+1).
func (f *fit) neweyWest(lag int) *mat.SymDense {
	scores := make([][]float64, f.n)
	for i := range scores {
		scores[i] = make([]float64, f.k)
		for j, v := range f.x.RawRowView(i) {
			scores[i][j] = v * f.resid[i]
		}
	}
	meat, before := make([]float64, f.k*f.k), make([]float64, f.k)
	for i, s := range scores {
		clear(before)
		for l := 1; l <= min(lag, i); l++ {
			addTo(before, scores[i-l], 1-float64(l)/float64(lag+1))
		}
		for p, v := range s {
			row := meat[p*f.k : (p+1)*f.k]
			for q, u := range s {
				row[q] += v*(u+before[q]) + before[p]*u
			}
		}
	}
	return f.sandwich(mat.NewSymDense(f.k, meat))
}

// neweyWestSE are its standard errors: adjusted by n/(n−k), and not.
func (f *fit) neweyWestSE(lag int) (adjusted, plain []float64) {
	plain = diagonalSE(f.neweyWest(lag))
	factor := math.Sqrt(float64(f.n) / f.df())
	adjusted = make([]float64, len(plain))
	for j, v := range plain {
		adjusted[j] = factor * v
	}
	return adjusted, plain
}

func diagonalSE(v *mat.SymDense) []float64 {
	k := v.SymmetricDim()
	se := make([]float64, k)
	for j := range se {
		se[j] = math.Sqrt(max(0, v.At(j, j)))
	}
	return se
}

// design gathers columns into a matrix with a first column of ones.
func design(n int, columns ...[]float64) *mat.Dense {
	x := mat.NewDense(n, len(columns)+1, nil)
	for i := range n {
		row := x.RawRowView(i)
		row[0] = 1
		for j, c := range columns {
			row[j+1] = c[i]
		}
	}
	return x
}
