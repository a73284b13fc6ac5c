package evidence_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"commonweal/evidence"
)

// stratifiedSample is of three strata with different weights and levels; the
// last has 6 people only, so that n/(n−1) matters.
func stratifiedSample(clustered bool) (evidence.SurveyDesign, []float64) {
	rng := rand.New(rand.NewPCG(21, 1))
	var d evidence.SurveyDesign
	var y []float64
	for i := range 200 {
		h := 0
		switch {
		case i >= 194:
			h = 2
		case i >= 120:
			h = 1
		}
		d.Weights = append(d.Weights, []float64{44, 15, 400}[h])
		d.Strata = append(d.Strata, strconv.Itoa(h))
		y = append(y, 100*float64(h)+30*rng.NormFloat64())
		if clustered {
			d.Clusters = append(d.Clusters, strconv.Itoa(h)+"/"+strconv.Itoa(i%20))
			y[i] += 40 * float64(i%5)
		}
	}
	return d, y
}

// Drawing and linearising are two ways to the same standard error.
func TestBootstrapWeightsAgreeWithLinearisation(t *testing.T) {
	for _, clustered := range []bool{false, true} {
		d, y := stratifiedSample(clustered)
		line, err := evidence.SurveyMean(d, y)
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := evidence.SurveyBootstrap(d, y, evidence.Bootstrap{Reps: 4000, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(drawn.Value-line.Value) > 1e-9 || drawn.DF != line.DF || math.Abs(drawn.SE/line.SE-1) > 0.05 {
			t.Errorf("clusters %v: drawn %.4f ± %.4f on %v, linearised %.4f ± %.4f on %v",
				clustered, drawn.Value, drawn.SE, drawn.DF, line.Value, line.SE, line.DF)
		}
	}
}

func TestBootstrapWeightsRefuse(t *testing.T) {
	d, y := stratifiedSample(false)
	var r *evidence.Refusal
	if _, err := evidence.SurveyBootstrap(d, y, evidence.Bootstrap{Reps: 50}); !errors.As(err, &r) || r.Field != "bootstrap" {
		t.Errorf("50 rounds: %v", err)
	}
	if _, err := evidence.SurveyBootstrap(d, y[1:], evidence.Bootstrap{Reps: 100}); !errors.As(err, &r) || r.Gate != evidence.GateInput {
		t.Errorf("a missing row: %v", err)
	}
}

func BenchmarkBootstrapWeights(b *testing.B) {
	d, y := stratifiedSample(false)
	report := against(b, 0.60)
	for b.Loop() {
		if _, err := evidence.SurveyBootstrap(d, y, evidence.Bootstrap{Reps: 1000, Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
	report()
}
