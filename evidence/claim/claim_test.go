package claim_test

import (
	"math"
	"regexp"
	"strings"
	"testing"

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

func first(t *testing.T, c claim.Claim, lang string) string {
	t.Helper()
	text, err := c.Sentence.Text(lang)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestWhatIsEarnedIsSaid(t *testing.T) {
	for _, x := range earnings() {
		t.Run(x.name, func(t *testing.T) {
			c := claim.Assess(x.plan, x.e, x.s)
			if c.Rung != x.rung || c.Key != x.key || len(c.Blocked) > 0 {
				t.Fatalf("rung %d, %s, blocked %v; want rung %d, %s", c.Rung, c.Key, c.Blocked, x.rung, x.key)
			}
			if got := first(t, c, "en"); got != x.en {
				t.Errorf("en\n got %s\nwant %s", got, x.en)
			}
			if got := first(t, c, "es"); got != x.es {
				t.Errorf("es\n got %s\nwant %s", got, x.es)
			}
		})
	}
}

func TestAFailedCheckLowersTheSentence(t *testing.T) {
	for _, x := range earnings() {
		for id, lower := range x.lowers {
			t.Run(x.name+"/"+string(id), func(t *testing.T) {
				p, e, s := x.plan, x.e, x.s
				lower(&p, &e, &s)
				c := claim.Assess(p, e, s)
				if c.Rung >= x.rung {
					t.Errorf("rung %d (%s) although %s fails", c.Rung, c.Key, id)
				}
				found := false
				for _, b := range c.Blocked {
					found = found || b.ID == id
				}
				if !found {
					t.Errorf("%s isn't among what was blocked: %v", id, c.Blocked)
				}
				for _, lang := range claim.Langs() {
					if _, err := c.Text(lang); err != nil {
						t.Error(err)
					}
					if _, err := c.Why(lang); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
}

// An interval that holds 0 renders the null of its own rung, never an effect.
func TestNoClearChangeStaysOnItsRung(t *testing.T) {
	for _, x := range earnings() {
		if x.e.Design == evidence.Survey || x.e.Design == evidence.Synthetic {
			continue
		}
		e := x.e
		e.Interval.Low, e.Interval.High = -1, 2
		c := claim.Assess(x.plan, e, x.s)
		if c.Rung != x.rung || !strings.HasSuffix(c.Key, ".null") || c.Causal() {
			t.Errorf("%s: rung %d, %s", x.name, c.Rung, c.Key)
		}
	}
}

func TestTheBoundsAloneMakeItFirm(t *testing.T) {
	e, s := survey()
	e.N, e.Value, e.Worst, s.Answers = 190, 0.9, &evidence.Bounds{Low: 0.855, High: 0.905}, evidence.Count{Yes: 171, N: 190}
	c := claim.Assess(planFor(e.Design, e.Estimand), e, s)
	if got := first(t, c, "en"); got != "Between 85.5% and 90.5% of people who signed up report books read, whatever the others would have said." {
		t.Errorf("%s: %s", c.Key, got)
	}
}

// Bounds are called uninformative only when they leave open both nearly nobody
// and nearly everyone: what the design earns isn't refused beyond that.
func TestOnlyBoundsThatSayNothingAreRefused(t *testing.T) {
	for _, x := range []struct {
		low, high float64
		rung      int
	}{{0.0499, 0.9501, 1}, {0.05, 0.9501, 2}, {0.0499, 0.95, 2}, {0.01, 0.81, 2}, {0.3, 0.99, 2}} {
		e, s := survey()
		e.Worst = &evidence.Bounds{Low: x.low, High: x.high}
		if c := claim.Assess(planFor(e.Design, e.Estimand), e, s); c.Rung != x.rung {
			t.Errorf("%v to %v: rung %d, want %d", x.low, x.high, c.Rung, x.rung)
		}
	}
}

// Nobody was silent, so the sentence has no "if".
func TestEveryoneAnswered(t *testing.T) {
	e, s := survey()
	e.Frame, e.Worst, e.Tipping = e.N, &evidence.Bounds{Low: 0.62, High: 0.62}, ptr(math.NaN())
	c := claim.Assess(planFor(e.Design, e.Estimand), e, s)
	for lang, want := range map[string]string{
		"en": "All 100 people who signed up answered: 62 of them (62%) report books read.",
		"es": "Respondió el total (100 personas inscritas): 62 (62\u00a0%) dicen libros leídos.",
	} {
		if got := first(t, c, lang); c.Rung != 2 || got != want {
			t.Errorf("rung %d: %s", c.Rung, got)
		}
	}
}

// Below 10 answers no design gives a finding, whatever rung it falls to.
func TestTooFewPeopleSayNothing(t *testing.T) {
	for _, of := range []func() (evidence.Estimate, claim.Situation){survey, pairs, trial, rollout} {
		e, s := of()
		e.N, s.Answers = 9, evidence.Count{}
		if c := claim.Assess(planFor(e.Design, e.Estimand), e, s); c.Rung != 0 || c.Key != "r0" {
			t.Errorf("%s: 9 people reach rung %d, %s", e.Design, c.Rung, c.Key)
		}
	}
}

// A part of the people that nobody planned to look at gives no claim at all.
func TestAnUnplannedSubgroupSaysNothing(t *testing.T) {
	for _, x := range earnings() {
		p, s := x.plan, x.s
		s.Subgroup = "women over 60"
		if c := claim.Assess(p, x.e, s); c.Rung != 0 || len(c.Blocked) == 0 {
			t.Errorf("%s: rung %d, %s", x.name, c.Rung, c.Key)
		}
		p.Subgroups = []string{"women over 60"}
		if c := claim.Assess(p, x.e, s); c.Rung != x.rung {
			t.Errorf("%s, planned: rung %d, %v", x.name, c.Rung, c.Blocked)
		}
	}
}

// Percentage points of fewer than 20 people come with their number.
func TestPointsOfAFewShowHowMany(t *testing.T) {
	for n, want := range map[int]bool{19: true, 20: false} {
		e, s := pairs()
		e.Estimand, e.Value, e.N, e.Interval = evidence.ShareChange, 0.3, n, evidence.Interval{Low: 0.1, High: 0.5, Level: 0.95}
		text, err := claim.Assess(planFor(e.Design, e.Estimand), e, s).Text("en")
		if err != nil || strings.Contains(text, "This rests on 19 people.") != want {
			t.Errorf("%d: %v, %s", n, err, text)
		}
	}
}

// Spanish draws a preposition and the article together: del curso, al curso.
func TestSpanishContractsTheArticle(t *testing.T) {
	for _, x := range []struct {
		of   func() (evidence.Estimate, claim.Situation)
		part string
	}{{series, "después del programa de lectura quedó"}, {pairs, "se deba al programa de lectura."}} {
		e, s := x.of()
		s.Words = map[string]claim.Words{"es": {Event: "el programa de lectura", Programme: "el programa de lectura"}}
		if got := first(t, claim.Assess(planFor(e.Design, e.Estimand), e, s), "es"); !strings.Contains(got, x.part) {
			t.Errorf("%q is missing in: %s", x.part, got)
		}
	}
}

func TestFewAnswersShowTheirCounts(t *testing.T) {
	e, s := survey()
	e.N, e.Frame, s.Answers = 15, 40, evidence.Count{Yes: 9, N: 15}
	if got := first(t, claim.Assess(planFor(e.Design, e.Estimand), e, s), "en"); !strings.Contains(got, "(9 of the 15 who answered)") {
		t.Error(got)
	}
}

func TestDropOutThatCouldExplainItIsSaid(t *testing.T) {
	e, s := trial()
	s.DropOut = &evidence.Bounds{Low: -1, High: 5}
	c := claim.Assess(planFor(e.Design, e.Estimand), e, s)
	if got := first(t, c, "en"); c.Rung != 5 || got != "People were assigned by chance, but drop-out could explain the difference (−1 to 5)." {
		t.Errorf("rung %d: %s", c.Rung, got)
	}
}

// The e-course of which so few answered: 74 of 2,700, 37 yes.
func TestSoFewAnsweredThatNothingCanBeConcluded(t *testing.T) {
	e, s := survey()
	r := 74.0 / 2700
	e.N, e.Frame, e.Value = 74, 2700, 0.5
	e.Interval = evidence.Interval{Low: 0.389, High: 0.611, Level: 0.95}
	e.Worst, e.Tipping, s.Answers = &evidence.Bounds{Low: r * 0.5, High: 1 - r*0.5}, ptr(0.5), evidence.Count{Yes: 37, N: 74}
	c := claim.Assess(planFor(e.Design, e.Estimand), e, s)
	text, err := c.Text("en")
	if err != nil {
		t.Fatal(err)
	}
	if c.Rung != 1 || strings.Contains(text, "50% (") || strings.Contains(text, "About") {
		t.Errorf("rung %d: %s", c.Rung, text)
	}
	for _, part := range []string{"37 of the 74 people", "of 2,700", "1.4% to 98.6%", "fewer than 50%"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in: %s", part, text)
		}
	}
}

func TestWatchingNeedsASequence(t *testing.T) {
	e, s := survey()
	e.Looks, e.Interval.Method = 60, evidence.ConfidenceSequence
	if c := claim.Assess(planFor(e.Design, e.Estimand), e, s); c.Rung != 2 {
		t.Errorf("a confidence sequence was refused after many looks: %v", c.Blocked)
	}
}

// forbidden is never said, in any template of any language.
var forbidden = regexp.MustCompile(`(?i)\bproved?\b|\bsignifican|\bno effect\b|\bdemuestra|\bprobado|\bsin efecto\b|\{p\}[^%]*league`)

func TestForbiddenWordsAreNeverSaid(t *testing.T) {
	for lang, cat := range claim.Catalogues() {
		for key, text := range cat {
			if m := forbidden.FindString(text); m != "" {
				t.Errorf("%s %s says %q", lang, key, m)
			}
		}
	}
	if !forbidden.MatchString("This proves nothing; it is significant.") {
		t.Error("the pattern finds nothing")
	}
}

var slots = regexp.MustCompile(`\{\w+\}`)

func TestBothLanguagesSayTheSame(t *testing.T) {
	cats := claim.Catalogues()
	for key, en := range cats["en"] {
		es, ok := cats["es"][key]
		if !ok {
			t.Errorf("es lacks %s", key)
			continue
		}
		count := func(s string) map[string]bool {
			m := map[string]bool{}
			for _, f := range slots.FindAllString(s, -1) {
				m[f] = true
			}
			return m
		}
		a, b := count(en), count(es)
		for f := range a {
			if !b[f] {
				t.Errorf("es %s lacks %s", key, f)
			}
		}
		if len(a) != len(b) {
			t.Errorf("%s has other arguments in es", key)
		}
	}
	if len(cats["en"]) != len(cats["es"]) {
		t.Error("es has sentences that en lacks")
	}
}

// Numbers that aren't any are refused, not printed.
func TestNothingPrintsNaN(t *testing.T) {
	for _, x := range earnings() {
		for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for _, spoil := range []func(*evidence.Estimate, *claim.Situation){
				func(e *evidence.Estimate, _ *claim.Situation) { e.Value = v },
				func(e *evidence.Estimate, _ *claim.Situation) { e.Interval.Low = v },
				func(e *evidence.Estimate, _ *claim.Situation) { e.Worst = &evidence.Bounds{Low: v, High: 1} },
				func(e *evidence.Estimate, _ *claim.Situation) { e.Tipping = ptr(v) },
				func(_ *evidence.Estimate, s *claim.Situation) { s.DropOut = &evidence.Bounds{Low: v, High: v} },
				func(_ *evidence.Estimate, s *claim.Situation) { s.Sensitivity = ptr(v) },
			} {
				e, s := x.e, x.s
				spoil(&e, &s)
				text, err := claim.Assess(x.plan, e, s).Text("en")
				if err == nil && (strings.Contains(text, "NaN") || strings.Contains(text, "Inf")) {
					t.Errorf("%s: %s", x.name, text)
				}
				if err != nil {
					t.Errorf("%s: %v", x.name, err)
				}
			}
		}
	}
}
