package evidence

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Bootstrap says how many samples to draw and from which seed. The zero value
// draws none.
type Bootstrap struct {
	Reps int
	Seed uint64
}

// newRand is the one source of chance in this package: a seed gives the same
// numbers on every machine.
func newRand(seed uint64) *rand.PCG { return rand.NewPCG(seed, 0x9e3779b97f4a7c15) }

// below gives a whole number in [0, n) from 32 random bits. For the sizes used
// here its bias is below one in a million.
func below(bits uint32, n int) int { return int(uint64(bits) * uint64(n) >> 32) }

// BootstrapMean gives the percentile and the BCa interval of a mean from
// b.Reps samples drawn with replacement. BCa shifts the percentiles by z₀, from
// the share of samples below the mean, and by a = Σd³/(6·(Σd²)^1.5) of the
// jackknife deviations d.
//
// Source: Efron 1987. It assumes independent values; it refuses fewer than 2
// values, values that aren't numbers and fewer than 100 samples.
func BootstrapMean(values []float64, level float64, b Bootstrap) (percentile, bca Interval, err error) {
	if err := checkFinite("values", values); err != nil {
		return Interval{}, Interval{}, err
	}
	level, err = levelOf(level)
	if err != nil {
		return Interval{}, Interval{}, err
	}
	if len(values) < 2 || b.Reps < 100 {
		return Interval{}, Interval{}, refuseWith(GateRange, "bootstrap", map[string]float64{"n": float64(len(values)), "reps": float64(b.Reps)})
	}
	means := resampleMeans(values, b)
	mean := meanOf(values)
	smaller := 0
	for _, m := range means {
		if m < mean {
			smaller++
		}
	}
	slices.Sort(means)
	alpha := (1 - level) / 2
	percentile = Interval{orderStatistic(means, alpha), orderStatistic(means, 1-alpha), level, Percentile}
	if smaller == 0 || smaller == len(means) {
		return percentile, Interval{percentile.Low, percentile.High, level, BCa}, nil
	}
	z0 := distuv.UnitNormal.Quantile(float64(smaller) / float64(len(means)))
	a := jackknifeAcceleration(values, mean)
	shifted := func(p float64) float64 {
		z := z0 + distuv.UnitNormal.Quantile(p)
		return normalCDF(z0 + z/(1-a*z))
	}
	return percentile, Interval{orderStatistic(means, shifted(alpha)), orderStatistic(means, shifted(1-alpha)), level, BCa}, nil
}

// resampleMeans draws two indexes from each 64 random bits.
func resampleMeans(values []float64, b Bootstrap) []float64 {
	rng, n := newRand(b.Seed), len(values)
	means := make([]float64, b.Reps)
	for r := range means {
		s0, s1 := 0.0, 0.0
		for range n / 2 {
			bits := rng.Uint64()
			s0 += values[below(uint32(bits), n)]
			s1 += values[below(uint32(bits>>32), n)]
		}
		if n%2 == 1 {
			s0 += values[below(uint32(rng.Uint64()), n)]
		}
		means[r] = (s0 + s1) / float64(n)
	}
	return means
}

// jackknifeAcceleration for a mean: leaving out one value moves it by that
// value's deviation over n−1, so the deviations themselves serve.
func jackknifeAcceleration(values []float64, mean float64) float64 {
	two, three := 0.0, 0.0
	for _, v := range values {
		d := v - mean
		two += d * d
		three += d * d * d
	}
	if two == 0 {
		return 0
	}
	return three / (6 * math.Pow(two, 1.5))
}

// orderStatistic is the value at (R+1)p of R sorted ones, between neighbours on
// the normal scale as Davison and Hinkley (1997) do.
func orderStatistic(sorted []float64, p float64) float64 {
	r := float64(len(sorted))
	at := (r + 1) * p
	k := int(at)
	switch {
	case k < 1:
		return sorted[0]
	case k >= len(sorted):
		return sorted[len(sorted)-1]
	}
	q := distuv.UnitNormal.Quantile
	low, high := q(float64(k)/(r+1)), q(float64(k+1)/(r+1))
	return sorted[k-1] + (q(p)-low)/(high-low)*(sorted[k]-sorted[k-1])
}
