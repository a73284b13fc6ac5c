package evidence

import "math"

// SurveyBootstrap is the weighted mean of [SurveyMean] with a standard error
// from bootstrap weights, for designs whose linearised variance one would rather
// check than trust. In each of b.Reps rounds every stratum of n units (people,
// or clusters) draws n−1 of them with replacement, and a unit drawn k times
// counts with its weight times k·n/(n−1); the standard error is the root mean
// square of the rounds' distances from the mean.
//
// Source: Rao and Wu 1988. Assumptions and refusals as [SurveyMean]; it takes
// strata for small parts of their populations (d.Population is left aside,
// which errs on the wide side) and also refuses fewer than 100 rounds.
func SurveyBootstrap(d SurveyDesign, y []float64, b Bootstrap) (Estimate, error) {
	if err := d.check(y); err != nil {
		return Estimate{}, err
	}
	if b.Reps < 100 {
		return Estimate{}, refuseWith(GateRange, "bootstrap", map[string]float64{"reps": float64(b.Reps)})
	}
	weighted := make([]float64, len(y))
	for i, w := range d.Weights {
		weighted[i] = w * y[i]
	}
	tops, order := d.group(weighted)
	bottoms, _ := d.group(d.Weights)
	mean := dot(d.Weights, y) / sumOf(d.Weights)
	rng, squares := newRand(b.Seed), 0.0
	for range b.Reps {
		top, bottom := 0.0, 0.0
		for _, h := range order {
			t, w := drawUnits(tops[h].sums, bottoms[h].sums, rng.Uint64)
			top, bottom = top+t, bottom+w
		}
		off := top/bottom - mean
		squares += off * off
	}
	se, df := math.Sqrt(squares/float64(b.Reps)), float64(d.DF())
	return Estimate{
		Estimand: Mean, Design: Survey, Value: mean, SE: se, DF: df, N: len(y), Looks: 1, Seed: b.Seed,
		Interval: tInterval(mean, se, df, defaultLevel),
	}, nil
}

// drawUnits adds up one stratum's draw. A stratum of one unit stays as it is.
func drawUnits(tops, bottoms []float64, bits func() uint64) (top, bottom float64) {
	n := len(tops)
	if n == 1 {
		return tops[0], bottoms[0]
	}
	for range n - 1 {
		k := below(uint32(bits()>>32), n)
		top, bottom = top+tops[k], bottom+bottoms[k]
	}
	scale := float64(n) / float64(n-1)
	return scale * top, scale * bottom
}
