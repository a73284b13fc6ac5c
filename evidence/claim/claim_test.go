package claim_test

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"commonweal/evidence"
	"commonweal/evidence/claim"
)

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
