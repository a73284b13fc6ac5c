package evidence

import (
	"cmp"
	"math"
	"slices"
)

// Survived is the share still waiting after a time.
type Survived struct {
	Time     float64
	AtRisk   int
	Done     int
	Share    float64
	Interval Interval
}

// WaitingReport says how long things took, those still open included.
type WaitingReport struct {
	N, Done int
	Curve   []Survived
	// Median is the first time at which half or fewer still wait; it is NaN
	// when that isn't reached yet.
	Median float64
}

// WaitingTimes is the Kaplan-Meier estimate S(t) = Π(1−dᵢ/nᵢ) with Greenwood's
// standard errors. closed says whether a wait has ended; open ones count as
// waiting up to their time, and where both fall on one time the closed come
// first. The mean of closed waits alone would flatter.
//
// Source: Kaplan and Meier 1958. It assumes that open waits would go on like
// the others. It refuses slices of unequal lengths, nobody, and times that are
// negative or not numbers.
func WaitingTimes(times []float64, closed []bool) (WaitingReport, error) {
	if err := checkFinite("times", times); err != nil {
		return WaitingReport{}, err
	}
	if err := checkSame("closed", len(times), len(closed)); err != nil {
		return WaitingReport{}, err
	}
	if slices.Min(times) < 0 {
		return WaitingReport{}, refuse(GateInput, "times")
	}
	order := make([]int, len(times))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(times[a], times[b]) })
	r := WaitingReport{N: len(times), Median: math.NaN()}
	share, greenwood := 1.0, 0.0
	for i := 0; i < len(order); {
		t, done, j := times[order[i]], 0, i
		for ; j < len(order) && times[order[j]] == t; j++ {
			if closed[order[j]] {
				done++
			}
		}
		if done > 0 {
			risk := float64(len(order) - i)
			share *= 1 - float64(done)/risk
			greenwood += float64(done) / (risk * (risk - float64(done)))
			r.Done += done
			r.Curve = append(r.Curve, Survived{t, len(order) - i, done, share, greenwoodInterval(share, greenwood)})
			if math.IsNaN(r.Median) && share <= 0.5+1e-12 {
				r.Median = t
			}
		}
		i = j
	}
	return r, nil
}

// greenwoodInterval is cut to [0, 1]; at 0 the variance isn't known.
func greenwoodInterval(share, greenwood float64) Interval {
	if share == 0 {
		return Interval{0, 1, defaultLevel, "greenwood"}
	}
	half := zOf(defaultLevel) * share * math.Sqrt(greenwood)
	return Interval{max(0, share-half), min(1, share+half), defaultLevel, "greenwood"}
}
