package evidence_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"commonweal/evidence"
)

// The standard errors that adjust for covariates must be those of the
// estimates themselves, drawn again and again.
func TestAdjustedStandardErrorsAreHonest(t *testing.T) {
	const runs, units = 300, 300
	for _, adj := range []evidence.Adjustment{evidence.DoublyRobust, evidence.Weighting, evidence.Outcome} {
		rng := rand.New(rand.NewPCG(21, 1))
		sum, squares, claimed := 0.0, 0.0, 0.0
		for range runs {
			p := evidence.Panel{Covariates: [][]float64{nil}}
			for u := range units {
				x, first := rng.NormFloat64(), 0
				if rng.Float64() < 1/(1+math.Exp(-0.4*x)) {
					first = 2
				}
				for time := 1; time <= 2; time++ {
					y := x + float64(time)*2*x + 0.5*rng.NormFloat64()
					p.Unit, p.Time = append(p.Unit, strconv.Itoa(u)), append(p.Time, time)
					p.FirstTreated, p.Y = append(p.FirstTreated, first), append(p.Y, y)
					p.Covariates[0] = append(p.Covariates[0], x)
				}
			}
			g, err := evidence.GroupTimeATT(p, evidence.DiDOptions{Adjustment: adj})
			if err != nil {
				t.Fatal(err)
			}
			sum, squares, claimed = sum+g.ATT[0], squares+g.ATT[0]*g.ATT[0], claimed+g.SE[0]
		}
		mean := sum / runs
		spread := math.Sqrt((squares - runs*mean*mean) / (runs - 1))
		ratio := claimed / runs / spread
		t.Logf("%s: mean %.3f, spread %.3f, standard error %.3f of it", adj, mean, spread, ratio)
		if ratio < 0.85 || ratio > 1.15 {
			t.Errorf("%s: the standard error is %.2f times the true spread", adj, ratio)
		}
		if math.Abs(mean) > 4*spread/math.Sqrt(runs)+0.05 {
			t.Errorf("%s: no effect is found as %.3f", adj, mean)
		}
	}
}

// For skewed values BCa moves both ends towards the long tail; for symmetric
// ones it stays with the percentiles.
func TestBCaFollowsTheSkew(t *testing.T) {
	rng := rand.New(rand.NewPCG(22, 1))
	var skewed, even []float64
	for range 40 {
		v := rng.NormFloat64()
		skewed, even = append(skewed, math.Exp(1.3*v)), append(even, v, -v)
	}
	b := evidence.Bootstrap{Reps: 8000, Seed: 1}
	p, c, err := evidence.BootstrapMean(skewed, 0, b)
	if err != nil {
		t.Fatal(err)
	}
	if width := p.High - p.Low; c.Low < p.Low+0.02*width || c.High < p.High+0.04*width {
		t.Errorf("percentile %v to %v, BCa %v to %v", p.Low, p.High, c.Low, c.High)
	}
	p, c, err = evidence.BootstrapMean(even, 0, b)
	if err != nil {
		t.Fatal(err)
	}
	if width := p.High - p.Low; math.Abs(c.Low-p.Low) > 0.04*width || math.Abs(c.High-p.High) > 0.04*width {
		t.Errorf("of symmetric values: percentile %v to %v, BCa %v to %v", p.Low, p.High, c.Low, c.High)
	}
}
