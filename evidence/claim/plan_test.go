package claim_test

import (
	"encoding/json"
	"testing"
	"time"

	"commonweal/evidence"
	"commonweal/evidence/claim"
)

func aPlan() claim.Plan {
	return claim.Plan{
		Question: "¿Leyó más?", Outcomes: []string{"books", "visits"}, Design: evidence.Randomised, Estimand: evidence.AverageEffect,
		Arms: []string{"now", "later"}, N: 120, Waves: 2, StopRule: "after 120", Analysis: "Lin", Seed: 1 << 60, Version: 1,
		At: time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC),
	}
}

func TestAPlanHasOneHash(t *testing.T) {
	p := aPlan()
	want := p.Hash()
	p.At = p.At.In(time.FixedZone("", -6*3600))
	p.Question = "¿Leyo\u0301 ma\u0301s?" // typed with separate accents
	if p.Hash() != want {
		t.Errorf("the same plan, written otherwise, has another hash:\n%s\n%s", p.Canonical(), aPlan().Canonical())
	}
	var back claim.Plan
	b, err := json.Marshal(aPlan())
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &back); err != nil || back.Hash() != want {
		t.Errorf("a plan that was stored and read has another hash: %v", err)
	}
}

// The canonical form is written down: stored hashes must hold for ever.
func TestTheCanonicalFormStays(t *testing.T) {
	const want = `{"analysis":"Lin","arms":["now","later"],"at":"2026-11-28T10:00:00Z","covariates":[],"design":"randomised","estimand":"average_effect","event":"","n":120,"outcomes":["books","visits"],"question":"¿Leyó más?","seed":"1152921504606846976","stop_rule":"after 120","subgroups":[],"version":1,"waves":2,"why":""}`
	if got := string(aPlan().Canonical()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEveryChangeOfAPlanChangesItsHash(t *testing.T) {
	seen := map[[32]byte]bool{aPlan().Hash(): true}
	for _, change := range []func(*claim.Plan){
		func(p *claim.Plan) { p.Question = "?" }, func(p *claim.Plan) { p.Outcomes = []string{"books"} },
		func(p *claim.Plan) { p.Design = evidence.Survey }, func(p *claim.Plan) { p.Estimand = evidence.Mean },
		func(p *claim.Plan) { p.Arms = nil }, func(p *claim.Plan) { p.Event = "x" }, func(p *claim.Plan) { p.N = 1 },
		func(p *claim.Plan) { p.Waves = 1 }, func(p *claim.Plan) { p.StopRule = "" }, func(p *claim.Plan) { p.Analysis = "" },
		func(p *claim.Plan) { p.Covariates = []string{"age"} }, func(p *claim.Plan) { p.Subgroups = []string{"age"} },
		func(p *claim.Plan) { p.Seed++ }, func(p *claim.Plan) { p.Version++ }, func(p *claim.Plan) { p.Why = "x" },
		func(p *claim.Plan) { p.At = p.At.Add(1) },
	} {
		p := aPlan()
		change(&p)
		if seen[p.Hash()] {
			t.Errorf("a change left the hash as it was: %s", p.Canonical())
		}
		seen[p.Hash()] = true
	}
}
