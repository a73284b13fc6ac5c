package claim_test

import (
	"math"

	"commonweal/evidence"
	"commonweal/evidence/claim"
)

func ptr(v float64) *float64 { return &v }

func words() map[string]claim.Words {
	return map[string]claim.Words{
		"en": {
			Frame: "people who signed up", Outcome: "books read", Event: "the book drive", Programme: "the book drive",
			Units: "libraries", Claim: "more than half read more",
		},
		"es": {
			Frame: "personas inscritas", Outcome: "libros leídos", Event: "la colecta de libros", Programme: "la colecta de libros",
			Units: "las bibliotecas", Claim: "más de la mitad leyó más",
		},
	}
}

// earning are inputs that earn their rung, and which of their parts each check
// looks at.
type earning struct {
	name   string
	rung   int
	key    string
	plan   claim.Plan
	e      evidence.Estimate
	s      claim.Situation
	en, es string
	// lowers are changes that must each lower the rung.
	lowers map[evidence.CheckID]func(*claim.Plan, *evidence.Estimate, *claim.Situation)
}

type change = func(*claim.Plan, *evidence.Estimate, *claim.Situation)

func passed(ids ...evidence.CheckID) []evidence.Check {
	var cs []evidence.Check
	for _, id := range ids {
		cs = append(cs, evidence.Check{ID: id, Passed: true})
	}
	return cs
}

func fail(id evidence.CheckID) change {
	return func(_ *claim.Plan, e *evidence.Estimate, _ *claim.Situation) {
		checks := append([]evidence.Check(nil), e.Checks...)
		for i := range checks {
			if checks[i].ID == id {
				checks[i].Passed = false
			}
		}
		e.Checks = checks
	}
}

func planFor(d evidence.Design, e evidence.Estimand) claim.Plan {
	return claim.Plan{Question: "Do people read more?", Outcomes: []string{"books"}, Design: d, Estimand: e, Seed: 7, Version: 1}
}

func unplanned(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.PlanStored = false }
func otherOutcome(p *claim.Plan, _ *evidence.Estimate, _ *claim.Situation) {
	p.Outcomes = []string{"visits"}
}

func otherEstimand(p *claim.Plan, _ *evidence.Estimate, _ *claim.Situation) {
	p.Estimand = evidence.Total
}
func looked(_ *claim.Plan, e *evidence.Estimate, _ *claim.Situation) { e.Looks = 3 }
func hidden(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.Hidden = true }
func several(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) {
	s.Outcomes, s.AdjustedP = 5, ptr(0.2)
}

func survey() (evidence.Estimate, claim.Situation) {
	e := evidence.Estimate{
		Estimand: evidence.Share, Design: evidence.Survey, Value: 0.62, N: 100, Frame: 200, Looks: 1,
		Interval: evidence.Interval{Low: 0.522, High: 0.709, Level: 0.95, Method: evidence.Wilson},
		Worst:    &evidence.Bounds{Low: 0.31, High: 0.81}, Tipping: ptr(0.38),
	}
	s := claim.Situation{
		Words: words(), OutcomeID: "books", PlanStored: true, Target: 0.5, Suppressed: true,
		Answers: evidence.Count{Yes: 62, N: 100},
	}
	return e, s
}

func pairs() (evidence.Estimate, claim.Situation) {
	e := evidence.Estimate{
		Estimand: evidence.MeanChange, Design: evidence.BeforeAfter, Value: 1.58, N: 40, Frame: 60, Looks: 1,
		Interval: evidence.Interval{Low: 0.7, High: 2.46, Level: 0.95},
	}
	s := claim.Situation{
		Words: words(), OutcomeID: "books", PlanStored: true, Linked: true, PairedTest: true,
		DropOut: &evidence.Bounds{Low: -3, High: 4},
	}
	return e, s
}

func series() (evidence.Estimate, claim.Situation) {
	e := evidence.Estimate{
		Estimand: evidence.StepInSeries, Design: evidence.InterruptedDesign, Value: 12, N: 40, Looks: 1,
		Interval: evidence.Interval{Low: 4, High: 20, Level: 0.95},
		Checks: passed(evidence.CheckPoints, evidence.CheckSerial, evidence.CheckSEsAgree, evidence.CheckPlacebo,
			evidence.CheckDisperse, evidence.CheckControl),
	}
	s := claim.Situation{Words: words(), OutcomeID: "books", PlanStored: true, Counted: true}
	return e, s
}

func difference() (evidence.Estimate, claim.Situation) {
	e := evidence.Estimate{
		Estimand: evidence.EffectOnThose, Design: evidence.Differences, Value: -4, N: 120, Looks: 1,
		Interval: evidence.Interval{Low: -6, High: -2, Level: 0.95},
		Checks:   passed(evidence.CheckPrePeriods, evidence.CheckPreTest),
	}
	s := claim.Situation{
		Words: words(), OutcomeID: "books", PlanStored: true, Clusters: 12, Sensitivity: ptr(1.8),
	}
	return e, s
}

func synthetic() (evidence.Estimate, claim.Situation) {
	e, s := difference()
	e.Design, e.Interval = evidence.Synthetic, evidence.Interval{Low: math.NaN(), High: math.NaN()}
	e.Value, e.N = -19.5, 39
	e.Checks = []evidence.Check{
		{ID: evidence.CheckPreFit, Passed: true},
		{ID: evidence.CheckPlaceboSC, Passed: true, Detail: map[string]float64{"rank": 3}},
	}
	return e, s
}

func trial() (evidence.Estimate, claim.Situation) {
	e := evidence.Estimate{
		Estimand: evidence.AverageEffect, Design: evidence.Randomised, Value: 2.5, N: 90, Frame: 100, Looks: 1,
		Interval: evidence.Interval{Low: 1, High: 4, Level: 0.95},
	}
	s := claim.Situation{
		Words: words(), OutcomeID: "books", PlanStored: true, SeedStored: true, Verified: true, IntentionToTreat: true,
		DropOut: &evidence.Bounds{Low: 0.5, High: 4.5},
	}
	return e, s
}

func rollout() (evidence.Estimate, claim.Situation) {
	e, s := trial()
	e.Design = evidence.RandomisedRollout
	s.Clusters, s.P, s.Complete, s.DropOut = 12, ptr(0.004), true, nil
	return e, s
}

func earnings() []earning {
	earn := func(name string, rung int, key string, of func() (evidence.Estimate, claim.Situation), en, es string, lowers map[evidence.CheckID]change) earning {
		e, s := of()
		return earning{name, rung, key, planFor(e.Design, e.Estimand), e, s, en, es, lowers}
	}
	trialLowers := map[evidence.CheckID]change{
		claim.CheckSeed:      func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.SeedStored = false },
		claim.CheckVerified:  func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.Verified = false },
		claim.CheckIntention: func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.IntentionToTreat = false },
		claim.CheckPlanned:   unplanned, claim.CheckLooks: looked, claim.CheckShown: hidden, claim.CheckMultiple: several,
		claim.CheckAnswers: func(_ *claim.Plan, e *evidence.Estimate, _ *claim.Situation) { e.N = 9 },
	}
	lee := map[evidence.CheckID]change{
		claim.CheckLee: func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) {
			s.DropOut = &evidence.Bounds{Low: -1, High: 5}
		},
	}
	clusters := map[evidence.CheckID]change{
		claim.CheckFewClusters: func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.Clusters = 4 },
		claim.CheckPermuted:    func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.P = ptr(0.3) },
	}
	seriesLowers := map[evidence.CheckID]change{
		claim.CheckPlanned: otherEstimand, claim.CheckLooks: looked, claim.CheckShown: hidden,
		claim.CheckInterval: func(_ *claim.Plan, e *evidence.Estimate, _ *claim.Situation) { e.Interval.High = math.NaN() },
	}
	for _, id := range []evidence.CheckID{
		evidence.CheckPoints, evidence.CheckSerial, evidence.CheckSEsAgree, evidence.CheckPlacebo, evidence.CheckDisperse, evidence.CheckControl,
	} {
		seriesLowers[id] = fail(id)
	}
	panelLowers := map[evidence.CheckID]change{
		claim.CheckPlanned: otherOutcome, claim.CheckShown: hidden, claim.CheckLooks: looked, claim.CheckMultiple: several,
		claim.CheckTwoWay:        func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.TwoWay = true },
		claim.CheckFewClusters:   func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.Clusters = 5 },
		claim.CheckSensitivity:   func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.Sensitivity = nil },
		evidence.CheckPrePeriods: fail(evidence.CheckPrePeriods), evidence.CheckPreTest: fail(evidence.CheckPreTest),
	}
	return []earning{
		earn("survey", 2, "r2", survey,
			"About 62% (52.2–70.9) of people who signed up report books read, *if* those who didn't answer resemble those who did. Without that assumption it could be anywhere from 31% to 81%.",
			"Alrededor del 62\u00a0% (52,2–70,9) del total de personas inscritas dice libros leídos, *si* quienes no respondieron se parecen a quienes sí lo hicieron. Sin suponer eso, podría ser cualquier cifra entre el 31\u00a0% y el 81\u00a0%.",
			map[evidence.CheckID]change{
				claim.CheckBounds:  func(_ *claim.Plan, e *evidence.Estimate, _ *claim.Situation) { e.Worst = nil },
				claim.CheckTipping: func(_ *claim.Plan, e *evidence.Estimate, _ *claim.Situation) { e.Tipping = nil },
				claim.CheckLooks:   looked,
				claim.CheckInformative: func(_ *claim.Plan, e *evidence.Estimate, _ *claim.Situation) {
					e.Frame, e.Worst = 2700, &evidence.Bounds{Low: 0.023, High: 0.986}
				},
				claim.CheckFrame:      func(_ *claim.Plan, e *evidence.Estimate, _ *claim.Situation) { e.Frame = 0 },
				claim.CheckShown:      hidden,
				claim.CheckSuppressed: func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.Suppressed = false },
				claim.CheckCount:      func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.Answers.N = 99 },
			}),
		earn("the same people twice", 3, "r3.pair", pairs,
			"People who answered both times reported 1.58 (0.7 to 2.46) more books read afterwards. People often move towards the middle, and times change: this doesn't show that the book drive did it.",
			"Libros leídos: 1,58 más (de 0,7 a 2,46) después, entre quienes respondieron las dos veces. Los valores muy altos o muy bajos suelen acercarse al término medio, y los tiempos cambian: esto no muestra que se deba a la colecta de libros.",
			map[evidence.CheckID]change{
				claim.CheckLinked:   func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.Linked = false },
				claim.CheckPaired:   func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.PairedTest = false },
				claim.CheckDropOut:  func(_ *claim.Plan, _ *evidence.Estimate, s *claim.Situation) { s.DropOut = nil },
				claim.CheckMultiple: several,
				claim.CheckLooks:    looked,
			}),
		earn("interrupted series", 4, "r4", series,
			"After the book drive books read rose above its earlier trend by 12 (4 to 20), consistent with an effect if nothing else changed then.",
			"Libros leídos: después de la colecta de libros quedó 12 (de 4 a 20) por encima de su tendencia anterior. Eso concuerda con un efecto, si nada más cambió entonces.",
			seriesLowers),
		earn("difference in differences", 5, "r5.less", difference,
			"Books read fell by 4 (2 to 6): consistent with an effect, assuming both groups would otherwise have moved alike.",
			"Libros leídos: bajó 4 (de 2 a 6). Eso concuerda con un efecto, suponiendo que, de no ser por él, los dos grupos habrían cambiado por igual.",
			panelLowers),
		earn("synthetic control", 5, "r5.synthetic.less", synthetic,
			"Books read fell by 19.5 more than in a mixture of similar places: consistent with an effect, assuming both would otherwise have moved alike. The difference ranks 3 of 39 when every place is treated as if it were the one.",
			"Libros leídos: bajó 19,5 más que en una mezcla de lugares parecidos. Eso concuerda con un efecto, suponiendo que, de no ser por él, ambos habrían cambiado por igual. Al hacer la misma prueba con cada lugar, esta diferencia queda en el puesto 3 de 39.",
			map[evidence.CheckID]change{
				evidence.CheckPreFit: fail(evidence.CheckPreFit), evidence.CheckPlaceboSC: fail(evidence.CheckPlaceboSC),
				claim.CheckPlanned: otherOutcome,
			}),
		earn("trial", 6, "r6", trial,
			"Offering the book drive caused an average rise of 2.5 (1 to 4) in books read for the libraries in this trial.",
			"Ofrecer la colecta de libros causó un aumento medio de 2,5 (de 1 a 4) en libros leídos, para las bibliotecas en este ensayo.",
			merged(trialLowers, lee)),
		earn("roll-out", 6, "r6", rollout,
			"Offering the book drive caused an average rise of 2.5 (1 to 4) in books read for the libraries in this trial.",
			"Ofrecer la colecta de libros causó un aumento medio de 2,5 (de 1 a 4) en libros leídos, para las bibliotecas en este ensayo.",
			merged(trialLowers, clusters)),
	}
}

func merged(a, b map[evidence.CheckID]change) map[evidence.CheckID]change {
	out := map[evidence.CheckID]change{}
	for k, v := range a {
		out[k] = v
	}
	for k, v := range b {
		out[k] = v
	}
	return out
}
