package evidence

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// praisWinsten starts at the least-squares fit. Its rounds work on products of
// the orthogonalised columns, summed once, so that each is cheap.
func praisWinsten(x *mat.Dense, y []float64, first *fit) (PraisWinsten, error) {
	m, err := newLaggedMoments(x, y, first)
	if err != nil {
		return PraisWinsten{}, err
	}
	e, rho := first.resid, math.NaN()
	for range 200 {
		top, bottom := dot(e[1:], e[:len(e)-1]), dot(e[:len(e)-1], e[:len(e)-1])
		if bottom == 0 {
			return PraisWinsten{}, refuse(GateConstant, "residuals")
		}
		next := max(-0.999, min(0.999, top/bottom))
		if math.Abs(next-rho) < 1e-10 {
			f, err := quasiDifference(x, y, next)
			if err != nil {
				return PraisWinsten{}, err
			}
			return PraisWinsten{next, f.beta, f.classicSE()}, nil
		}
		rho = next
		if e, err = m.residuals(rho); err != nil {
			return PraisWinsten{}, err
		}
	}
	return PraisWinsten{}, refuse(GateConvergence, "prais_winsten")
}

// laggedMoments are sums of products of columns q and outcome y at a time (now)
// and the time before (was).
type laggedMoments struct {
	q                      *mat.Dense
	y                      []float64
	nowNow, nowWas, wasWas *mat.Dense
	yNow, yWas, yCross     []float64
}

func newLaggedMoments(x *mat.Dense, y []float64, f *fit) (*laggedMoments, error) {
	var chol mat.Cholesky
	if !chol.Factorize(f.inv) {
		return nil, refuse(GateSingular, "model")
	}
	var l mat.TriDense
	chol.LTo(&l)
	q := mat.NewDense(f.n, f.k, nil)
	q.Mul(x, &l) // orthonormal columns: (XL)ᵀXL = I
	now, was := q.Slice(1, f.n, 0, f.k), q.Slice(0, f.n-1, 0, f.k)
	m := &laggedMoments{q: q, y: y, nowNow: new(mat.Dense), nowWas: new(mat.Dense), wasWas: new(mat.Dense)}
	m.nowNow.Mul(now.T(), now)
	m.nowWas.Mul(now.T(), was)
	m.wasWas.Mul(was.T(), was)
	m.yNow, m.yWas, m.yCross = make([]float64, f.k), make([]float64, f.k), make([]float64, f.k)
	for t := 1; t < f.n; t++ {
		addTo(m.yNow, q.RawRowView(t), y[t])
		addTo(m.yWas, q.RawRowView(t-1), y[t-1])
		addTo(m.yCross, q.RawRowView(t), y[t-1])
		addTo(m.yCross, q.RawRowView(t-1), y[t])
	}
	return m, nil
}

// residuals of the fit to q_t − ρq_{t−1}, with the first row × √(1−ρ²).
func (m *laggedMoments) residuals(rho float64) ([]float64, error) {
	k := len(m.yNow)
	gram, rhs := mat.NewSymDense(k, nil), mat.NewVecDense(k, nil)
	head, w := m.q.RawRowView(0), 1-rho*rho
	for i := range k {
		for j := i; j < k; j++ {
			gram.SetSym(i, j, m.nowNow.At(i, j)-rho*(m.nowWas.At(i, j)+m.nowWas.At(j, i))+rho*rho*m.wasWas.At(i, j)+w*head[i]*head[j])
		}
		rhs.SetVec(i, m.yNow[i]-rho*m.yCross[i]+rho*rho*m.yWas[i]+w*head[i]*m.y[0])
	}
	var chol mat.Cholesky
	var beta mat.VecDense
	if !chol.Factorize(gram) || chol.SolveVecTo(&beta, rhs) != nil {
		return nil, refuse(GateSingular, "model")
	}
	e := make([]float64, len(m.y))
	for t := range e {
		e[t] = m.y[t] - dot(m.q.RawRowView(t), beta.RawVector().Data)
	}
	return e, nil
}

func quasiDifference(x *mat.Dense, y []float64, rho float64) (*fit, error) {
	n, k := x.Dims()
	dx, dy := mat.NewDense(n, k, nil), make([]float64, n)
	w := math.Sqrt(1 - rho*rho)
	for i := range n {
		out, row := dx.RawRowView(i), x.RawRowView(i)
		if i == 0 {
			dy[0] = w * y[0]
			for j, v := range row {
				out[j] = w * v
			}
			continue
		}
		dy[i] = y[i] - rho*y[i-1]
		before := x.RawRowView(i - 1)
		for j, v := range row {
			out[j] = v - rho*before[j]
		}
	}
	return leastSquares(dx, dy)
}
