package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"commonweal/evidence"
	"commonweal/evidence/claim"
)

// earned is an estimate of a case with what its method knows of the situation.
type earned struct {
	estimate  evidence.Estimate
	situation claim.Situation
}

func (j *job) earn(e evidence.Estimate, s claim.Situation) {
	j.earned = append(j.earned, earned{e, s})
}

// earnAnswers is a share of those who answered. A count that the small-number
// rules would hide makes no claim.
func (j *job) earnAnswers(e evidence.Estimate, c evidence.Count) {
	small := func(n int) bool { return n >= 1 && n < publicThreshold }
	j.earn(e, claim.Situation{
		Answers: c, Suppressed: true, Target: 0.5,
		Hidden: small(c.Yes) || small(c.N) || small(c.N-c.Yes),
	})
}

// earnShare is a share of a frame of known size.
func (j *job) earnShare(c evidence.Count, frame int, level float64) {
	i, err := evidence.Proportion(c, level, evidence.Wilson)
	j.must(err)
	if err != nil || frame < c.N {
		j.fail("input.N", "at least n is needed, found %d", frame)
		return
	}
	r, p := float64(c.N)/float64(frame), float64(c.Yes)/float64(c.N)
	tip := math.NaN()
	if frame > c.N {
		tip = (0.5 - r*p) / (1 - r)
	}
	j.earnAnswers(evidence.Estimate{
		Estimand: evidence.Share, Design: evidence.Survey, Value: p, Interval: i, N: c.N, Frame: frame, Looks: 1,
		Worst:   &evidence.Bounds{Low: r * p, High: r*p + 1 - r, Assumption: "worst_case"},
		Tipping: &tip,
	}, c)
}

func countOf(y []float64, answered []bool) evidence.Count {
	var c evidence.Count
	for i, a := range answered {
		if a {
			c.N++
			if y[i] == 1 {
				c.Yes++
			}
		}
	}
	return c
}

// estimate is a method that computes nothing: the input is an estimate.
func (j *job) estimate() any {
	in := j.input
	e := evidence.Estimate{
		Estimand: evidence.Estimand(in.get("estimand").text()), Design: evidence.Design(in.get("design").text()),
		Value: in.get("value").number(), N: in.get("n").whole(), Looks: 1,
	}
	if in.has("frame") {
		e.Frame = in.get("frame").whole()
	}
	if in.has("looks") {
		e.Looks = in.get("looks").whole()
	}
	e.Interval = evidence.Interval{Low: math.NaN(), High: math.NaN(), Level: in.level()}
	if in.has("interval") {
		e.Interval.Low, e.Interval.High = in.get("interval").ends()
	}
	if in.has("interval_method") {
		e.Interval.Method = evidence.Method(in.get("interval_method").text())
	}
	if in.has("worst") {
		low, high := in.get("worst").ends()
		e.Worst = &evidence.Bounds{Low: low, High: high, Assumption: "worst_case"}
	}
	if in.has("tipping") {
		t := in.get("tipping").number()
		e.Tipping = &t
	}
	if in.has("checks") {
		checks := in.get("checks")
		for _, id := range checks.keys() {
			e.Checks = append(e.Checks, evidence.Check{ID: evidence.CheckID(id), Passed: checks.get(id).truth()})
		}
	}
	j.earn(e, claim.Situation{})
	return object{"value": e.Value, "n": e.N}
}

func (n node) ends() (low, high float64) {
	vs := n.numbers()
	if len(vs) != 2 {
		n.job.fail(n.path, "two numbers are needed, found %d", len(vs))
		return math.NaN(), math.NaN()
	}
	return vs[0], vs[1]
}

// Said is a claim of a case, written out.
type Said struct {
	ID    string              `json:"id"`
	Rung  int                 `json:"rung"`
	Key   string              `json:"key"`
	Claim claim.Claim         `json:"claim"`
	Text  map[string]string   `json:"text"`
	Why   map[string][]string `json:"why,omitempty"`
	Plan  string              `json:"plan_sha256,omitempty"`
}

// Claim computes a case and says what may be claimed of it. The case's plan and
// situation say how the data came about; what they leave out is read
// cautiously. A method without an estimate is an error.
func Claim(c Case, open Open) ([]Said, error) {
	j, _, err := run(c, open)
	if err != nil {
		return nil, err
	}
	if len(j.earned) == 0 {
		return nil, fmt.Errorf("method: %q makes no estimate to claim", c.Method)
	}
	var plan claim.Plan
	if err := strict(c.Plan, "plan", &plan); err != nil {
		return nil, err
	}
	var out []Said
	for _, e := range j.earned {
		if err := strict(c.Situation, "situation", &e.situation); err != nil {
			return nil, err
		}
		s, err := say(claim.Assess(plan, e.estimate, e.situation))
		if err != nil {
			return nil, err
		}
		s.ID = c.ID
		if len(c.Plan) > 0 {
			s.Plan = fmt.Sprintf("%x", plan.Hash())
		}
		out = append(out, s)
	}
	return out, nil
}

// strict reads JSON of which every field must be known.
func strict(b json.RawMessage, what string, into any) error {
	if len(b) == 0 || string(b) == "null" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		var t *json.UnmarshalTypeError
		if errors.As(err, &t) {
			return fmt.Errorf("%s.%s: %s is needed, found %s", what, t.Field, t.Type, t.Value)
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func say(c claim.Claim) (Said, error) {
	s := Said{Rung: c.Rung, Key: c.Key, Claim: c, Text: map[string]string{}, Why: map[string][]string{}}
	for _, lang := range claim.Langs() {
		text, err := c.Text(lang)
		if err != nil {
			return Said{}, err
		}
		why, err := c.Why(lang)
		if err != nil {
			return Said{}, err
		}
		s.Text[lang] = text
		if len(why) > 0 {
			s.Why[lang] = why
		}
	}
	return s, nil
}
