package claim_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"commonweal/evidence"
	"commonweal/evidence/claim"
)

// A roll-out on a rising background, with no effect: drawn, verified, analysed
// and worded. At most 5 of 100 may speak of an effect.
func TestARolloutWithoutEffectSeldomSpeaksOfOne(t *testing.T) {
	const runs, units, waves, people = 400, 9, 3, 4
	rng := rand.New(rand.NewPCG(11, 1))
	var names []evidence.Unit
	for u := range units {
		names = append(names, evidence.Unit{Name: "unit " + strconv.Itoa(10+u)})
	}
	effects, nulls := 0, 0
	for run := range uint64(runs) {
		r, err := evidence.DrawRollout(names, waves, evidence.Constraints{}, run)
		if err != nil {
			t.Fatal(err)
		}
		var obs []evidence.Observation
		for u := range units {
			level := 0.5 * rng.NormFloat64()
			for period := range waves + 1 {
				for range people {
					obs = append(obs, evidence.Observation{
						Unit: r.Units[u].Name, Period: period, Treated: period > r.Wave[u],
						Y: level + float64(period) + rng.NormFloat64(),
					})
				}
			}
		}
		rep, err := evidence.AnalyseRollout(obs, evidence.Permutation{Reps: 300, Seed: run})
		if err != nil {
			t.Fatal(err)
		}
		plan := planFor(evidence.RandomisedRollout, evidence.AverageEffect)
		plan.Seed = run
		c := claim.Assess(plan, rep.Estimate, claim.Situation{
			Words: words(), OutcomeID: "books", PlanStored: true, SeedStored: true, Verified: claim.VerifyRollout(plan, r),
			IntentionToTreat: true, Complete: true, Clusters: rep.Units, Permuted: true, P: &rep.P,
		})
		if c.Causal() {
			effects++
		}
		if c.Key == "r6.null" {
			nulls++
		}
	}
	t.Logf("of %d roll-outs without an effect %d speak of one, %d of none that is clear", runs, effects, nulls)
	if effects > runs*5/100 {
		t.Errorf("%d of %d roll-outs without an effect speak of one", effects, runs)
	}
	if nulls < runs*9/10 {
		t.Errorf("only %d of %d say that nothing clear was found", nulls, runs)
	}
}

func TestAForgedDrawIsntVerified(t *testing.T) {
	r, err := evidence.DrawRollout([]evidence.Unit{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}, 2, evidence.Constraints{}, 5)
	if err != nil {
		t.Fatal(err)
	}
	p := claim.Plan{Design: evidence.RandomisedRollout, Seed: 5}
	if !claim.VerifyRollout(p, r) {
		t.Error("the draw isn't verified")
	}
	p.Seed = 6
	if claim.VerifyRollout(p, r) {
		t.Error("a draw from another seed is verified")
	}
}
