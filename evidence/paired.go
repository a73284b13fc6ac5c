package evidence

import (
	"cmp"
	"math"
	"slices"
)

// Permutation says how many random arrangements to draw, from which seed, when
// there are too many to go through all.
type Permutation struct {
	Reps int
	Seed uint64
}

// Test is the result of a test.
type Test struct {
	Statistic, DF, P float64
}

// PairedReport is the change of the same people between two times.
type PairedReport struct {
	N              int
	Mean, SD       float64
	T              Test
	Interval       Interval
	DZ             float64 // mean over SD of the changes
	SignedRank     Test    // exact
	SignedRankNorm Test    // normal, with continuity correction
	SignFlip       float64 // p
	Exact          bool    // all sign flips were gone through
	Estimate       Estimate
}

// allFlips is the number of pairs up to which every flip of signs is tried.
const allFlips = 20

// PairedMean compares numbers of the same people before and after: the mean of
// the changes with a t interval, d_z, the signed-rank test (zeros dropped,
// mid-ranks, exact by convolution up to 200 changes) and the test by flipping signs (all 2ⁿ up to
// 20 pairs, else seeded with (1+b)/(B+1)).
//
// A change isn't an effect: people far from the middle move towards it, and
// times change. Sources: Student 1908; Wilcoxon 1945. It refuses unequal
// lengths, missing values (drop the pair and declare it), fewer than 2 pairs,
// changes that are all equal, and more than 20 pairs without at least 100
// permutations.
func PairedMean(pre, post []float64, perm Permutation) (PairedReport, error) {
	if err := checkSame("post", len(pre), len(post)); err != nil {
		return PairedReport{}, err
	}
	if err := checkFinite("pre", pre); err != nil {
		return PairedReport{}, err
	}
	if err := checkFinite("post", post); err != nil {
		return PairedReport{}, err
	}
	d := make([]float64, len(pre))
	for i := range d {
		d[i] = post[i] - pre[i]
	}
	sd := math.Sqrt(varianceOf(d))
	if len(d) < 2 || sd == 0 {
		return PairedReport{}, refuseWith(GateConstant, "change", map[string]float64{"n": float64(len(d))})
	}
	if len(d) > allFlips && perm.Reps < 100 {
		return PairedReport{}, refuseWith(GateRange, "permutations", map[string]float64{"min": 100})
	}
	n := float64(len(d))
	r := PairedReport{N: len(d), Mean: meanOf(d), SD: sd}
	se := sd / math.Sqrt(n)
	t := r.Mean / se
	r.T = Test{t, n - 1, twoSidedT(t, n-1)}
	r.Interval = tInterval(r.Mean, se, n-1, defaultLevel)
	r.DZ = r.Mean / sd
	r.SignedRank, r.SignedRankNorm = signedRank(d)
	r.SignFlip, r.Exact = signFlip(d, perm)
	r.Estimate = Estimate{
		Estimand: MeanChange, Design: BeforeAfter, Value: r.Mean, SE: se, DF: n - 1,
		Interval: r.Interval, N: r.N, Looks: 1, Seed: perm.Seed,
	}
	return r, nil
}

// midRanks ranks values, ties sharing their mean rank, doubled so that they are
// whole; ties is Σ(t³−t).
func midRanks(vs []float64) (doubled []int, ties float64) {
	order := make([]int, len(vs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(vs[a], vs[b]) })
	doubled = make([]int, len(vs))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && vs[order[j]] == vs[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			doubled[order[k]] = i + 1 + j
		}
		t := float64(j - i)
		ties += t*t*t - t
		i = j
	}
	return doubled, ties
}

// signedRank gives the exact test and its normal approximation.
func signedRank(d []float64) (exact, norm Test) {
	var size, sign []float64
	for _, v := range d {
		if v != 0 {
			size, sign = append(size, roundOff(math.Abs(v))), append(sign, v)
		}
	}
	ranks, ties := midRanks(size)
	v, sum := 0, 0
	for i, r := range ranks {
		sum += r
		if sign[i] > 0 {
			v += r
		}
	}
	V, n := float64(v)/2, float64(len(ranks))
	mean := n * (n + 1) / 4
	variance := n*(n+1)*(2*n+1)/24 - ties/48
	z := V - mean
	z = (z - math.Copysign(min(0.5, math.Abs(z)), z)) / math.Sqrt(variance)
	norm = Test{V, n, min(1, twoSidedNormal(z))}
	if len(ranks) > maxExactRanks {
		return norm, norm
	}
	return Test{V, n, exactRankP(ranks, v, sum)}, norm
}

// maxExactRanks is the number of changes up to which the signed-rank test is
// exact; beyond it the normal approximation is as good.
const maxExactRanks = 200

// roundOff makes differences that are equal on paper equal in binary too.
func roundOff(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 12-math.Ceil(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

// exactRankP doubles the smaller tail of the sum of a random half of the ranks.
func exactRankP(ranks []int, v, sum int) float64 {
	ways := make([]float64, sum+1)
	ways[0] = 1
	for _, r := range ranks {
		for s := sum; s >= r; s-- {
			ways[s] = (ways[s] + ways[s-r]) / 2
		}
		for s := min(r, sum+1) - 1; s >= 0; s-- {
			ways[s] /= 2
		}
	}
	low, high := sumOf(ways[:v+1]), sumOf(ways[v:])
	return min(1, 2*min(low, high))
}

// flipSlack lets sums that are equal on paper count as equal.
const flipSlack = 1e-12

func signFlip(d []float64, perm Permutation) (p float64, exact bool) {
	seen := math.Abs(sumOf(d))
	enough := seen - flipSlack*(1+seen)
	if len(d) <= allFlips {
		return allSignFlips(d, enough), true
	}
	rng, hits := newRand(perm.Seed), 0
	for range perm.Reps {
		s, bits := 0.0, uint64(0)
		for i, v := range d {
			if i%64 == 0 {
				bits = rng.Uint64()
			}
			if bits&1 == 1 {
				s += v
			} else {
				s -= v
			}
			bits >>= 1
		}
		if math.Abs(s) >= enough {
			hits++
		}
	}
	return float64(1+hits) / float64(perm.Reps+1), false
}

// allSignFlips adds up the two halves of the pairs on their own, so that each
// sum is one addition.
func allSignFlips(d []float64, enough float64) float64 {
	a, b := flipSums(d[:len(d)/2]), flipSums(d[len(d)/2:])
	hits := 0
	for _, x := range a {
		for _, y := range b {
			if math.Abs(x+y) >= enough {
				hits++
			}
		}
	}
	return float64(hits) / float64(len(a)*len(b))
}

func flipSums(d []float64) []float64 {
	sums := []float64{0}
	for _, v := range d {
		next := make([]float64, 0, 2*len(sums))
		for _, s := range sums {
			next = append(next, s+v, s-v)
		}
		sums = next
	}
	return sums
}

// PairedShares is a yes/no question asked of the same people twice.
type PairedShares struct {
	N            int
	Lost, Gained int // yes then no; no then yes
	Diff, WaldSE float64
	Chi2, Chi2CC Test
	PExact, PMid float64
	OddsRatio    float64
	OddsInterval Interval
	Estimate     Estimate
}

// PairedProportion compares yes and no of the same people at two times. t[0]
// are those who said yes at first, t[1] those who said no; t[·][0] said yes
// later. With b = yes→no and c = no→yes the difference is (b−c)/n with standard
// error √(b+c−(b−c)²/n)/n; the exact p is 2·P(Bin(b+c, ½) ≤ min(b, c)), the
// mid-p subtracts the probability of what was seen, and the odds ratio is b/c
// with the limits p/(1−p) of Clopper-Pearson. The estimate is the change in the
// share of yes, (c−b)/n.
//
// Sources: McNemar 1947; Fagerland, Lydersen and Laake 2013. It refuses
// negative counts and nobody at all; with nobody who changed the tests are 1.
func PairedProportion(t [2][2]int, level float64) (PairedShares, error) {
	level, err := levelOf(level)
	if err != nil {
		return PairedShares{}, err
	}
	n := 0
	for _, row := range t {
		for _, c := range row {
			if c < 0 || c > maxCount {
				return PairedShares{}, refuse(GateInput, "table")
			}
			n += c
		}
	}
	if n == 0 {
		return PairedShares{}, refuse(GateEmpty, "table")
	}
	r := PairedShares{N: n, Lost: t[0][1], Gained: t[1][0]}
	b, c, total := float64(r.Lost), float64(r.Gained), float64(n)
	r.Diff = (b - c) / total
	r.WaldSE = math.Sqrt(b+c-(b-c)*(b-c)/total) / total
	r.testChange(b, c)
	r.odds(level)
	r.Estimate = Estimate{
		Estimand: ShareChange, Design: BeforeAfter, Value: -r.Diff, SE: r.WaldSE, DF: math.Inf(1),
		Interval: normalInterval(-r.Diff, r.WaldSE, level), N: n, Looks: 1,
	}
	return r, nil
}

func (r *PairedShares) testChange(b, c float64) {
	r.PExact, r.PMid = 1, 1
	r.Chi2, r.Chi2CC = Test{0, 1, 1}, Test{0, 1, 1}
	if b+c == 0 {
		return
	}
	x := (b - c) * (b - c) / (b + c)
	r.Chi2 = Test{x, 1, chiSquaredTail(x, 1)}
	d := max(0, math.Abs(b-c)-1)
	x = d * d / (b + c)
	r.Chi2CC = Test{x, 1, chiSquaredTail(x, 1)}
	changed, few := r.Lost+r.Gained, min(r.Lost, r.Gained)
	tail := 1 - binomialAtLeast(few+1, changed, 0.5)
	r.PExact = min(1, 2*tail)
	r.PMid = min(1, 2*tail-binomialMass(few, changed, 0.5))
}

func (r *PairedShares) odds(level float64) {
	r.OddsRatio, r.OddsInterval = math.NaN(), Interval{0, math.Inf(1), level, ClopperPearson}
	if r.Lost+r.Gained == 0 {
		return
	}
	r.OddsRatio = float64(r.Lost) / float64(r.Gained)
	low, high := clopperPearson(Count{r.Lost, r.Lost + r.Gained}, 1-level)
	r.OddsInterval.Low, r.OddsInterval.High = low/(1-low), high/(1-high)
}
