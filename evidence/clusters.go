package evidence

import (
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// ClusterReport is one coefficient of a regression on people who come in
// groups, with two standard errors that allow for it.
type ClusterReport struct {
	Coef         float64
	Clusters     int
	CR1SE, CR1DF float64 // G/(G−1)·(N−1)/(N−K); G−1 degrees of freedom
	CR2SE, CR2DF float64 // Bell and McCaffrey, Satterthwaite
	CR1, CR2     Test
	Interval     Interval // CR2
}

// Clustered regresses y on X and gives coefficient coef with standard errors
// for groups: CR1, and CR2 with Satterthwaite degrees of freedom, which holds
// up better with few groups.
//
// Sources: Liang and Zeger 1986; Bell and McCaffrey 2002; Imbens and Kolesár
// 2016. It assumes independent groups. Cluster numbers run from 0. It refuses
// fewer than 6 groups (see [WildCluster] and permutation), missing values and
// columns of X that say the same thing twice.
func Clustered(y []float64, x *mat.Dense, cluster []int, coef int) (ClusterReport, error) {
	c, err := newClustered(y, x, cluster, coef)
	if err != nil {
		return ClusterReport{}, err
	}
	G := len(c.members)
	if G < minUnits {
		return ClusterReport{}, refuseWith(GateClusters, "clusters", map[string]float64{"clusters": float64(G), "min": minUnits})
	}
	r := ClusterReport{Coef: c.fit.beta[coef], Clusters: G, CR1DF: float64(G - 1)}
	r.CR1SE = c.cr1()
	if r.CR2SE, r.CR2DF, err = c.cr2(); err != nil {
		return ClusterReport{}, err
	}
	t1, t2 := r.Coef/r.CR1SE, r.Coef/r.CR2SE
	r.CR1 = Test{t1, r.CR1DF, twoSidedT(t1, r.CR1DF)}
	r.CR2 = Test{t2, r.CR2DF, twoSidedT(t2, r.CR2DF)}
	r.Interval = tInterval(r.Coef, r.CR2SE, r.CR2DF, defaultLevel)
	return r, nil
}

// GateClusters stops inference that needs more groups than there are.
const GateClusters CheckID = "few_clusters"

// clustered is a fit with the rows of each cluster and, for each row, its
// influence on the coefficient: the row's entry in (XᵀX)⁻¹Xᵀ.
type clustered struct {
	fit       *fit
	members   [][]int
	influence []float64
	coef      int
}

func newClustered(y []float64, x *mat.Dense, cluster []int, coef int) (*clustered, error) {
	if err := checkFinite("y", y); err != nil {
		return nil, err
	}
	n, k := x.Dims()
	if err := checkSame("x", len(y), n, len(cluster)); err != nil {
		return nil, err
	}
	if err := checkFinite("x", x.RawMatrix().Data); err != nil {
		return nil, err
	}
	if coef < 0 || coef >= k {
		return nil, refuse(GateRange, "coefficient")
	}
	if slices.Min(cluster) < 0 || slices.Max(cluster) >= n {
		return nil, refuse(GateInput, "cluster")
	}
	f, err := leastSquares(x, y)
	if err != nil {
		return nil, err
	}
	if f.df() < 1 || dot(f.resid, f.resid) <= 1e-20*dot(y, y) {
		return nil, refuse(GateConstant, "residuals")
	}
	c := &clustered{fit: f, coef: coef, members: make([][]int, slices.Max(cluster)+1), influence: make([]float64, n)}
	for i, g := range cluster {
		c.members[g] = append(c.members[g], i)
		for j, v := range x.RawRowView(i) {
			c.influence[i] += f.inv.At(coef, j) * v
		}
	}
	for _, m := range c.members {
		if len(m) == 0 {
			return nil, refuse(GateEmpty, "cluster")
		}
	}
	return c, nil
}

func (c *clustered) cr1() float64 {
	sum := 0.0
	for _, m := range c.members {
		s := 0.0
		for _, i := range m {
			s += c.influence[i] * c.fit.resid[i]
		}
		sum += s * s
	}
	G, n, k := float64(len(c.members)), float64(c.fit.n), float64(c.fit.k)
	return math.Sqrt(sum * G / (G - 1) * (n - 1) / (n - k))
}

// cr2 spreads each cluster's influence by (I−H)^(−½) of the cluster. The degrees
// of freedom are those of the resulting quadratic form under equal variances.
func (c *clustered) cr2() (se, df float64, err error) {
	n := c.fit.n
	spread := mat.NewDense(n, len(c.members), nil)
	variance := 0.0
	for g, m := range c.members {
		a, err := c.adjusted(m)
		if err != nil {
			return 0, 0, err
		}
		s := 0.0
		for p, i := range m {
			s += a[p] * c.fit.resid[i]
			spread.Set(i, g, a[p])
		}
		variance += s * s
	}
	// (I−H)·spread, without building H.
	var xs, solved, back mat.Dense
	xs.Mul(c.fit.x.T(), spread)
	solved.Mul(c.fit.inv, &xs)
	back.Mul(c.fit.x, &solved)
	spread.Sub(spread, &back)
	var gram mat.Dense
	gram.Mul(spread.T(), spread)
	trace, squares := mat.Trace(&gram), 0.0
	for _, v := range gram.RawMatrix().Data {
		squares += v * v
	}
	return math.Sqrt(variance), trace * trace / squares, nil
}

// adjusted is (I−H_gg)^(−½) times the cluster's influences.
func (c *clustered) adjusted(m []int) ([]float64, error) {
	k := len(m)
	part := mat.NewDense(k, c.fit.k, nil)
	for p, i := range m {
		part.SetRow(p, c.fit.x.RawRowView(i))
	}
	var half, hat mat.Dense
	half.Mul(part, c.fit.inv)
	hat.Mul(&half, part.T())
	s := mat.NewSymDense(k, nil)
	for p := range k {
		for q := p; q < k; q++ {
			v := -(hat.At(p, q) + hat.At(q, p)) / 2
			if p == q {
				v++
			}
			s.SetSym(p, q, v)
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(s, true) {
		return nil, refuse(GateSingular, "cluster")
	}
	var vectors mat.Dense
	eig.VectorsTo(&vectors)
	values := eig.Values(nil)
	out := make([]float64, k)
	for v, lambda := range values {
		if lambda < 1e-10 {
			continue // a direction the cluster alone decides
		}
		proj := 0.0
		for p, i := range m {
			proj += vectors.At(p, v) * c.influence[i]
		}
		for p := range m {
			out[p] += proj / math.Sqrt(lambda) * vectors.At(p, v)
		}
	}
	return out, nil
}

// allSigns is the number of clusters up to which every choice of signs is
// tried.
const allSigns = 16

// TestResult is a p-value with what it rests on.
type TestResult struct {
	T, P  float64
	Draws int
	Exact bool
}

// WildCluster tests whether coefficient coef of a regression on X is 0 by the
// wild cluster bootstrap: the null is imposed, whole clusters change the sign
// of their residuals (Rademacher), and the t statistics with CR1 are compared.
// All 2^G choices are tried up to 16 clusters, else perm.Reps are drawn.
//
// Source: Cameron, Gelbach and Miller 2008. It assumes independent clusters.
// It refuses 5 clusters or fewer, with which no p-value below 2/2^G can come
// out (permute the assignment instead), and what [Clustered] refuses.
func WildCluster(y []float64, x *mat.Dense, cluster []int, coef int, perm Permutation) (TestResult, error) {
	c, err := newClustered(y, x, cluster, coef)
	if err != nil {
		return TestResult{}, err
	}
	G := len(c.members)
	if G <= 5 {
		return TestResult{}, refuseWith(GateClusters, "clusters", map[string]float64{"clusters": float64(G), "smallest_p": 2 / math.Pow(2, float64(G))})
	}
	if G > allSigns && perm.Reps < 100 {
		return TestResult{}, refuseWith(GateRange, "permutations", map[string]float64{"min": 100})
	}
	w, err := c.wild(y)
	if err != nil {
		return TestResult{}, err
	}
	r := TestResult{T: c.fit.beta[coef] / c.cr1()}
	if G <= allSigns {
		r.P, r.Draws, r.Exact = w.all(), 1<<G, true
		return r, nil
	}
	r.P, r.Draws = w.draw(perm), perm.Reps
	return r, nil
}

// wildScores hold what a choice of signs w needs: the coefficient is a·w and
// the scores of the clusters, whose squares make its variance, are K·w.
type wildScores struct {
	a []float64
	k [][]float64 // by column
}

func (c *clustered) wild(y []float64) (*wildScores, error) {
	n, k := c.fit.x.Dims()
	rest := mat.NewDense(n, k-1, nil)
	for i := range n {
		row, out := c.fit.x.RawRowView(i), rest.RawRowView(i)
		copy(out, row[:c.coef])
		copy(out[c.coef:], row[c.coef+1:])
	}
	null := slices.Clone(y)
	if k > 1 {
		f, err := leastSquares(rest, y)
		if err != nil {
			return nil, err
		}
		null = f.resid
	}
	G := len(c.members)
	w := &wildScores{a: make([]float64, G), k: make([][]float64, G)}
	// After signs w the residuals are u·w − X(XᵀX)⁻¹Σ w_h X_hᵀu_h.
	for h, m := range c.members {
		xu := make([]float64, k)
		for _, i := range m {
			w.a[h] += c.influence[i] * null[i]
			for j, v := range c.fit.x.RawRowView(i) {
				xu[j] += v * null[i]
			}
		}
		moved := make([]float64, k)
		for j := range moved {
			for q, v := range xu {
				moved[j] += c.fit.inv.At(j, q) * v
			}
		}
		w.k[h] = make([]float64, G)
		for g, members := range c.members {
			for _, i := range members {
				w.k[h][g] -= c.influence[i] * dot(c.fit.x.RawRowView(i), moved)
			}
		}
		w.k[h][h] += w.a[h]
	}
	return w, nil
}

// state is a choice of signs with its sums.
type wildState struct {
	num    float64
	scores []float64
	sign   []float64
}

func (w *wildScores) start() *wildState {
	s := &wildState{scores: make([]float64, len(w.a)), sign: make([]float64, len(w.a))}
	for h := range w.a {
		s.sign[h] = 1
		s.num += w.a[h]
		for g, v := range w.k[h] {
			s.scores[g] += v
		}
	}
	return s
}

func (s *wildState) flip(w *wildScores, h int) {
	s.sign[h] = -s.sign[h]
	d := 2 * s.sign[h]
	s.num += d * w.a[h]
	for g, v := range w.k[h] {
		s.scores[g] += d * v
	}
}

func (s *wildState) t2() float64 { return s.num * s.num / dot(s.scores, s.scores) }

// all walks the choices so that each differs from the last in one sign. A
// choice and its opposite have the same t², so the last sign stays.
func (w *wildScores) all() float64 {
	s := w.start()
	enough := s.t2() * (1 - 1e-10)
	hits, total := 1, 1<<(len(w.a)-1)
	for i := 1; i < total; i++ {
		s.flip(w, bits.TrailingZeros(uint(i)))
		if s.t2() >= enough {
			hits++
		}
	}
	return float64(hits) / float64(total)
}

func (w *wildScores) draw(perm Permutation) float64 {
	s, rng, hits := w.start(), newRand(perm.Seed), 0
	enough := s.t2() * (1 - 1e-10)
	for range perm.Reps {
		var bit uint64
		for h := range w.a {
			if h%64 == 0 {
				bit = rng.Uint64()
			}
			if bit&1 == 1 {
				s.flip(w, h)
			}
			bit >>= 1
		}
		if s.t2() >= enough {
			hits++
		}
	}
	return float64(1+hits) / float64(perm.Reps+1)
}

// DiffInDiff compares the change of a treated group with that of another, both
// before and after: the coefficient of treated × after, with standard errors
// for clusters.
//
// Source: Card and Krueger 1994. It assumes that both would otherwise have
// moved alike. It refuses an empty corner of the four, and what [Clustered]
// refuses.
func DiffInDiff(y []float64, treated, after []bool, cluster []int) (ClusterReport, error) {
	if err := checkSame("treated", len(y), len(treated), len(after), len(cluster)); err != nil {
		return ClusterReport{}, err
	}
	if len(y) == 0 {
		return ClusterReport{}, refuse(GateEmpty, "y")
	}
	x := mat.NewDense(len(y), 4, nil)
	for i := range y {
		row := x.RawRowView(i)
		row[0] = 1
		if treated[i] {
			row[1] = 1
		}
		if after[i] {
			row[2] = 1
		}
		row[3] = row[1] * row[2]
	}
	return Clustered(y, x, cluster, 3)
}
