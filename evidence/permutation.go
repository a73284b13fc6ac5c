package evidence

import (
	"math"

	"gonum.org/v1/gonum/stat/combin"
)

// maxArrangements is the number of arrangements up to which all are tried.
const maxArrangements = 1_000_000

// TwoSampleReport compares two independent groups by a test that assumes no
// distribution, with Welch's t beside it.
type TwoSampleReport struct {
	Diff     float64
	P        float64 // of the permutation test
	Exact    bool    // all arrangements were tried
	RankSum  Test    // exact; Statistic is Wilcoxon's W of the first group
	Welch    Test
	Interval Interval // Welch
}

// PermutationTest compares the means of two groups: p is the share of all ways
// to split the values into groups of these sizes whose sum lies at least as far
// from its expectation as the one seen, |T−E(T)| ≥ observed − 1e-12. Up to a
// million ways are all tried; beyond that perm.Reps are drawn and p is
// (1+b)/(B+1).
//
// Sources: Fisher 1935; Wilcoxon 1945; Welch 1947. It assumes that, without an
// effect, values could have stood in either group. It refuses values that
// aren't numbers, groups of fewer than 2 and values that are all equal.
func PermutationTest(x, y []float64, perm Permutation) (TwoSampleReport, error) {
	if err := checkFinite("x", x); err != nil {
		return TwoSampleReport{}, err
	}
	if err := checkFinite("y", y); err != nil {
		return TwoSampleReport{}, err
	}
	vx, vy := varianceOf(x), varianceOf(y)
	if len(x) < 2 || len(y) < 2 || vx+vy == 0 {
		return TwoSampleReport{}, refuse(GateConstant, "values")
	}
	nx, ny := float64(len(x)), float64(len(y))
	r := TwoSampleReport{Diff: meanOf(x) - meanOf(y)}
	se := math.Sqrt(vx/nx + vy/ny)
	df := math.Pow(vx/nx+vy/ny, 2) / (vx*vx/(nx*nx*(nx-1)) + vy*vy/(ny*ny*(ny-1)))
	r.Welch = Test{r.Diff / se, df, twoSidedT(r.Diff/se, df)}
	r.Interval = tInterval(r.Diff, se, df, defaultLevel)
	all := append(append([]float64(nil), x...), y...)
	var err error
	if r.P, r.Exact, err = splitTest(all, len(x), perm); err != nil {
		return TwoSampleReport{}, err
	}
	r.RankSum, err = rankSum(all, len(x), perm)
	return r, err
}

// splitTest tests the sum of the first k values against all splits.
func splitTest(all []float64, k int, perm Permutation) (p float64, exact bool, err error) {
	centred := make([]float64, len(all))
	m := meanOf(all)
	for i, v := range all {
		centred[i] = v - m
	}
	seen := math.Abs(sumOf(centred[:k]))
	enough := seen - flipSlack*(1+seen)
	if ways := combin.GeneralizedBinomial(float64(len(all)), float64(k)); ways <= maxArrangements {
		hits, total := countSplits(centred, k, enough)
		return float64(hits) / float64(total), true, nil
	}
	if perm.Reps < 100 {
		return 0, false, refuseWith(GateRange, "permutations", map[string]float64{"min": 100})
	}
	return drawSplits(centred, k, enough, perm), false, nil
}

func countSplits(centred []float64, k int, enough float64) (hits, total int) {
	// The sum of the others is minus the sum of these, so the smaller group
	// serves.
	k = min(k, len(centred)-k)
	var walk func(from, left int, sum float64)
	walk = func(from, left int, sum float64) {
		if left == 0 {
			total++
			if math.Abs(sum) >= enough {
				hits++
			}
			return
		}
		for i := from; i <= len(centred)-left; i++ {
			walk(i+1, left-1, sum+centred[i])
		}
	}
	walk(0, k, 0)
	return hits, total
}

// drawSplits shuffles only as many values as the smaller group takes.
func drawSplits(centred []float64, k int, enough float64, perm Permutation) float64 {
	k = min(k, len(centred)-k)
	pool := append([]float64(nil), centred...)
	rng, hits, n := newRand(perm.Seed), 0, len(pool)
	for range perm.Reps {
		sum := 0.0
		for i := range k {
			j := i + below(uint32(rng.Uint64()>>32), n-i)
			pool[i], pool[j] = pool[j], pool[i]
			sum += pool[i]
		}
		if math.Abs(sum) >= enough {
			hits++
		}
	}
	return float64(1+hits) / float64(perm.Reps+1)
}

// rankSum is Wilcoxon's test by the exact distribution of the sum of ranks.
func rankSum(all []float64, k int, perm Permutation) (Test, error) {
	rounded := make([]float64, len(all))
	for i, v := range all {
		rounded[i] = roundOff(v)
	}
	doubled, _ := midRanks(rounded)
	sum := 0
	for _, r := range doubled[:k] {
		sum += r
	}
	W := float64(sum)/2 - float64(k*(k+1))/2
	if len(all) > 60 {
		ranks := make([]float64, len(all))
		for i, r := range doubled {
			ranks[i] = float64(r)
		}
		p, _, err := splitTest(ranks, k, perm)
		return Test{W, float64(len(all)), p}, err
	}
	return Test{W, float64(len(all)), rankSumP(doubled, k, sum)}, nil
}

// rankSumP is the chance of a sum of k of the ranks at least as far from its
// expectation, by convolution.
func rankSumP(doubled []int, k, seen int) float64 {
	total := 0
	for _, r := range doubled {
		total += r
	}
	ways := make([][]float64, k+1)
	for i := range ways {
		ways[i] = make([]float64, total+1)
	}
	ways[0][0] = 1
	for _, r := range doubled {
		for c := k; c >= 1; c-- {
			for s := total; s >= r; s-- {
				ways[c][s] += ways[c-1][s-r]
			}
		}
	}
	expected := float64(total) * float64(k) / float64(len(doubled))
	far := math.Abs(float64(seen) - expected)
	hits, all := 0.0, 0.0
	for s, w := range ways[k] {
		all += w
		if math.Abs(float64(s)-expected) >= far-1e-9 {
			hits += w
		}
	}
	return hits / all
}
