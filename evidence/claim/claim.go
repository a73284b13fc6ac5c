// Package claim turns estimates into sentences: the strongest that the design
// of the data has earned, and no stronger.
//
// Designs stand on a ladder. Rung 1 counts who answered; rung 2 speaks of
// everyone asked, with an "if"; rung 3 says that something changed; rung 4 that
// it left its trend; rung 5 that this fits an effect; rung 6 that the programme
// caused it, which needs chance to have decided who was offered it. The highest
// rung of a design whose checks all pass decides the verb. A check that fails
// lowers the sentence; it is never a footnote.
//
// Sentences come as keys with typed arguments and are written out in English
// or Spanish by catalogues inside this package.
package claim

import (
	"math"

	"commonweal/evidence"
)

// Words are the phrases of one language that a claim is made of. Outcome
// follows "report" in a survey ("that they changed their work") and stands as a
// noun elsewhere ("hours of sleep").
type Words struct {
	Frame     string `json:"frame"`     // "people who signed up"
	Outcome   string `json:"outcome"`   //
	Event     string `json:"event"`     // "the course"
	Programme string `json:"programme"` // "the course"
	Units     string `json:"units"`     // "libraries"
	Claim     string `json:"claim"`     // what is tipped: "more than half changed their work"
}

// Situation is what a claim needs to know beyond its estimate: how the data
// came about. The zero value of a field is its cautious reading.
type Situation struct {
	Words map[string]Words `json:"words"` // by language
	// OutcomeID names the outcome as the plan does.
	OutcomeID string `json:"outcome_id"`
	// Subgroup names the part of the people that the claim is about, as the
	// plan does; empty for all of them. One that the plan doesn't name says
	// nothing: among many parts one always stands out.
	Subgroup string `json:"subgroup"`
	// Answers is the count behind a share.
	Answers evidence.Count `json:"answers"`
	// PlanStored says that the plan's hash was stored before the first answer.
	PlanStored bool `json:"plan_stored"`
	// Target is the share that the claim in Words says was passed; 0 for none.
	Target float64 `json:"target"`
	// Hidden says that small-number rules hid the count.
	Hidden bool `json:"hidden"`
	// Suppressed says that the count went through those rules.
	Suppressed bool `json:"suppressed"`
	// Threshold is the number of answers below which nothing is said; 0 for 10.
	Threshold int `json:"threshold"`
	// Linked says that the same people were asked before and after, and can be
	// told to be the same.
	Linked bool `json:"linked"`
	// PairedTest says that their answers were compared in pairs.
	PairedTest bool `json:"paired_test"`
	// DropOut bounds what those who left could have done to the result.
	DropOut *evidence.Bounds `json:"drop_out"`
	// Outcomes is how many outcomes were looked at; AdjustedP is this one's
	// p-value among them (Benjamini-Hochberg).
	Outcomes  int      `json:"outcomes"`
	AdjustedP *float64 `json:"adjusted_p"`
	// Logged says that the estimate is a difference of logarithms.
	Logged bool `json:"logged"`
	// Counted says that a series is one of counts.
	Counted bool `json:"counted"`
	// TwoWay says that unit and time effects were used although treatment was
	// staggered.
	TwoWay bool `json:"two_way"`
	// Clusters is how many independent groups there were; Permuted says that
	// the p-value comes from drawing their assignment anew.
	Clusters int      `json:"clusters"`
	Permuted bool     `json:"permuted"`
	P        *float64 `json:"p"`
	// Sensitivity is the E-value or the robustness value.
	Sensitivity *float64 `json:"sensitivity"`
	// SeedStored and Verified say that the seed was stored before the start and
	// that drawing from it again gives the assignment that was used.
	SeedStored bool `json:"seed_stored"`
	Verified   bool `json:"verified"`
	// IntentionToTreat says that people count where chance put them.
	IntentionToTreat bool `json:"intention_to_treat"`
	// Complete says that nobody was lost, so that there is nothing to bound.
	Complete bool `json:"complete"`
}

// Checks that are made here; others come with the estimate.
const (
	CheckAnswers     evidence.CheckID = "answers"
	CheckShown       evidence.CheckID = "shown"
	CheckSubgroup    evidence.CheckID = "subgroup"
	CheckFrame       evidence.CheckID = "frame"
	CheckCount       evidence.CheckID = "count"
	CheckInterval    evidence.CheckID = "interval"
	CheckLooks       evidence.CheckID = "looks"
	CheckBounds      evidence.CheckID = "bounds"
	CheckTipping     evidence.CheckID = "tipping"
	CheckInformative evidence.CheckID = "informative"
	CheckLinked      evidence.CheckID = "linked"
	CheckPaired      evidence.CheckID = "paired_test"
	CheckDropOut     evidence.CheckID = "drop_out_bounds"
	CheckMultiple    evidence.CheckID = "multiple_outcomes"
	CheckPlanned     evidence.CheckID = "planned"
	CheckTwoWay      evidence.CheckID = "two_way_effects"
	CheckFewClusters evidence.CheckID = "few_clusters"
	CheckSensitivity evidence.CheckID = "sensitivity"
	CheckVerified    evidence.CheckID = "assignment_verified"
	CheckSeed        evidence.CheckID = "seed_stored"
	CheckIntention   evidence.CheckID = "intention_to_treat"
	CheckLee         evidence.CheckID = "lee_excludes_zero"
)

// Thresholds of the gates. Bounds that reach below almostNone and above
// 1−almostNone say next to nothing of everyone asked (docs/decisions, page 10).
const (
	minAnswers  = 10
	minPercent  = 20
	almostNone  = 0.05
	minClusters = 6
	alpha       = 0.05
)

// Sentence is a key of the catalogues with its arguments.
type Sentence struct {
	Key  string         `json:"key"`
	Args map[string]Arg `json:"args,omitempty"`
}

// Claim is what may be said: its rung, the sentence, what must stand beside it,
// and which checks kept it from a higher rung.
type Claim struct {
	Rung int `json:"rung"`
	Sentence
	Caveats []Sentence       `json:"caveats,omitempty"`
	Blocked []evidence.Check `json:"blocked,omitempty"`
}

// Causal says whether the sentence speaks of an effect: a claim of rung 4 to 6
// that isn't a null.
func (c Claim) Causal() bool {
	switch c.Key {
	case keyTrend, keyTrendLess, keyFits, keyFitsLess, keySynthetic, keySyntheticLess, keyCaused, keyCausedLess:
		return true
	}
	return false
}

// Assess finds the highest rung of the estimate's design whose checks all pass,
// those of the rungs below that it rests on included, and words it. Blocked
// lists the checks that failed on the way down.
func Assess(p Plan, e evidence.Estimate, s Situation) Claim {
	a := &assessor{plan: p, e: e, s: s}
	for _, r := range a.ladder() {
		failed := a.failed(r.checks)
		if len(failed) == 0 {
			c := r.say()
			c.Rung = r.rung
			c.Blocked = a.blocked
			c.Caveats = append(c.Caveats, a.standing()...)
			return c
		}
		a.block(failed)
	}
	c := a.nothing()
	c.Blocked = a.blocked
	return c
}

type assessor struct {
	plan    Plan
	e       evidence.Estimate
	s       Situation
	blocked []evidence.Check
}

// rung is a step of a design's ladder.
type rung struct {
	rung   int
	checks []evidence.Check
	say    func() Claim
}

func (a *assessor) failed(checks []evidence.Check) []evidence.Check {
	var out []evidence.Check
	for _, c := range checks {
		if !c.Passed {
			out = append(out, c)
		}
	}
	return out
}

func (a *assessor) block(failed []evidence.Check) {
	for _, f := range failed {
		known := false
		for _, b := range a.blocked {
			known = known || b.ID == f.ID
		}
		if !known {
			a.blocked = append(a.blocked, f)
		}
	}
}

// null says whether the interval leaves room for no change at all.
func (a *assessor) null() bool { return a.e.Interval.Contains(0) }

func check(id evidence.CheckID, ok bool) evidence.Check {
	return evidence.Check{ID: id, Passed: ok}
}

func checkWith(id evidence.CheckID, ok bool, detail map[string]float64) evidence.Check {
	return evidence.Check{ID: id, Passed: ok, Detail: detail}
}

func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
