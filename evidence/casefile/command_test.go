package casefile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"commonweal/evidence/casefile"
)

// folder is a few files in memory.
type folder map[string]string

func (f folder) read(name string) ([]byte, error) {
	b, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return []byte(b), nil
}

func run(t *testing.T, f folder, claim bool, files ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	c := casefile.Command{Read: f.read, Out: &o, Err: &e}
	do := c.Check
	if claim {
		do = c.Claim
	}
	status, err := do(files)
	if err != nil {
		t.Fatal(err)
	}
	return status, o.String(), e.String()
}

const share = `{"id":"s","method":"proportion_interval","input":{"x":81,"n":263},"expected":{"wilson":[0.2552885,0.3662096]},"tolerance":{"abs":1e-6}}`

func TestTheExitStatusSaysWhatHappened(t *testing.T) {
	f := folder{
		"pass.json":    share,
		"differ.json":  strings.Replace(share, "0.2552885", "0.2562885", 1),
		"missing.json": strings.Replace(share, `"wilson"`, `"wislon"`, 1),
		"method.json":  strings.Replace(share, "proportion_interval", "proportions", 1),
		"broken.json":  share[:40],
		"empty.json":   strings.Replace(share, `{"wilson":[0.2552885,0.3662096]}`, `{}`, 1),
	}
	for _, tc := range []struct {
		files  []string
		status int
	}{
		{[]string{"pass.json"}, 0},
		{[]string{"pass.json", "pass.json"}, 0},
		{[]string{"differ.json"}, 1},
		{[]string{"missing.json"}, 1},
		{[]string{"empty.json"}, 1},
		{[]string{"method.json"}, 2},
		{[]string{"broken.json"}, 2},
		{[]string{"nowhere.json"}, 2},
		{[]string{"nowhere.json", "differ.json", "pass.json"}, 2},
	} {
		status, out, errs := run(t, f, false, tc.files...)
		if status != tc.status {
			t.Errorf("%v: status %d, want %d\n%s%s", tc.files, status, tc.status, out, errs)
		}
		if status == 2 && errs == "" {
			t.Errorf("%v: nothing says why", tc.files)
		}
	}
}

func TestTheReportSaysWhichFieldsDiffer(t *testing.T) {
	_, out, _ := run(t, folder{"d.json": strings.Replace(share, "0.2552885", "0.2562885", 1)}, false, "d.json")
	var r casefile.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if r.ID != "s" || r.Pass || len(r.Fields) != 2 || r.Fields[0].Pass || !r.Fields[1].Pass || r.Fields[0].Path != "wilson[0]" {
		t.Errorf("%s", out)
	}
}

func TestWithoutExpectationsItPrintsWhatItComputed(t *testing.T) {
	f := folder{"c.json": `{"id":"c","method":"response_rate","input":{"I":1,"P":0,"R":0,"NC":0,"O":0,"UH":0,"UO":0,"e":1}}`}
	status, out, _ := run(t, f, false, "c.json")
	if status != 0 || !strings.Contains(out, `"RR1":1`) {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestTolerancesGoByTheLongestPath(t *testing.T) {
	base := `{"id":"t","method":"proportion_interval","input":{"cases":[{"x":81,"n":263},{"x":15,"n":148}]},` +
		`"expected":[{"wilson":[0.25,0.37],"estimate":0.30798},{"wilson":[0.06,0.16],"estimate":0.10135}],` +
		`"tolerance":{"abs":1e-4,"fields":{"wilson":0.001,"wilson[0]":0.01,"wilson[1]":0.01}}}`
	if status, out, errs := run(t, folder{"t.json": base}, false, "t.json"); status != 0 {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
	narrow := strings.Replace(base, `"wilson[0]":0.01,`, "", 1)
	if status, _, _ := run(t, folder{"t.json": narrow}, false, "t.json"); status != 1 {
		t.Errorf("status %d without the override", status)
	}
}

// What is wrong with a case is named by its field.
func TestWhatIsWrongIsNamed(t *testing.T) {
	csv := folder{"d.csv": "id,pre,post\n1,2,3\n2,x,4\n3,5,\n"}
	for name, tc := range map[string]struct{ body, names string }{
		"text for a number":   {`{"method":"proportion_interval","input":{"x":"many","n":5}}`, "input.x: a number is needed, found text"},
		"a part of a person":  {`{"method":"proportion_interval","input":{"x":1.5,"n":5}}`, "input.x: a whole number"},
		"a missing field":     {`{"method":"proportion_interval","input":{"x":1}}`, "input.n: missing"},
		"nobody":              {`{"method":"proportion_interval","input":{"x":0,"n":0}}`, "empty (count)"},
		"more than all":       {`{"method":"proportion_interval","input":{"x":9,"n":5}}`, "input (count)"},
		"an empty list":       {`{"method":"permutation_test","input":{"x":[],"y":[1,2]}}`, "empty (x)"},
		"null for a number":   {`{"method":"permutation_test","input":{"x":[null],"y":[1,2]}}`, "input.x[0]: a number is needed, found nothing"},
		"no input":            {`{"method":"permutation_test"}`, "input: missing"},
		"no method":           {`{"input":{}}`, "method: missing"},
		"an unknown method":   {`{"method":"magic","input":{}}`, `method: "magic" isn't known`},
		"a CSV elsewhere":     {`{"method":"paired_change","csv":"../d.csv","input":{}}`, "doesn't lie beside"},
		"a CSV that's absent": {`{"method":"paired_change","csv":"e.csv","input":{}}`, "csv: "},
		"text in a column":    {`{"method":"paired_change","csv":"d.csv","input":{}}`, `column "pre", row 2: a number is needed, found "x"`},
		"a missing column":    {`{"method":"partial_pooling_proportions","csv":"d.csv","input":{"y":"hits","n":"n"}}`, `no column "hits"`},
		"two objects":         {`{"method":"magic","input":{}} {}`, "something follows"},
		"NaN in a column":     {`{"method":"waiting_times","csv":"nan.csv","input":{}}`, `column "time", row 2: a number is needed, found "NaN"`},
		"Inf in a column":     {`{"method":"randomised_two_arm","csv":"nan.csv","input":{"outcome":"inf","arm":"closed","baseline":""}}`, `column "inf", row 1: a number is needed, found "Inf"`},
		"only a header":       {`{"method":"waiting_times","csv":"header.csv","input":{}}`, "csv: no rows"},
		"one arm alone":       {`{"method":"randomised_two_arm","csv":"arm.csv","input":{"outcome":"y","arm":"arm","baseline":""}}`, "empty (control)"},
		"no cases":            {`{"method":"proportion_interval","input":{"cases":[]}}`, "input: nothing to compute"},
		"nothing asked for":   {`{"method":"confounding_sensitivity","input":{}}`, "input: nothing to compute"},
		"no p-values":         {`{"method":"multiplicity","input":{"p":[]}}`, "input.p: empty"},
		"no column to count":  {`{"method":"small_cell_suppression","csv":"d.csv","input":{"keys":["id","pre"]}}`, `no column "n"`},
		"more yes than asked": {`{"method":"small_cell_suppression","csv":"cells.csv","input":{}}`, `column "y", row 2: 0 to n = 20`},
		"a cell twice":        {`{"method":"small_cell_suppression","csv":"twice.csv","input":{}}`, "row 2: n, old was counted before"},
		"too low a threshold": {`{"method":"small_cell_suppression","csv":"fine.csv","input":{"threshold":3}}`, "range (threshold)"},
		"a model in words":    {`{"method":"random_intercept","csv":"d.csv","input":{"model":"y"}}`, "input.model"},
	} {
		t.Run(name, func(t *testing.T) {
			f := folder{
				"c.json": tc.body, "d.csv": csv["d.csv"], "cells.csv": "area,age,n,y\nn,old,30,9\ns,old,20,21\n",
				"nan.csv": "time,closed,inf\n1,1,Inf\nNaN,0,2\n", "header.csv": "time,closed\n", "arm.csv": "y,arm\n1,1\n2,1\n",
				"twice.csv": "area,age,n,y\nn,old,30,9\nn,old,20,9\n", "fine.csv": "area,age,n,y\nn,old,30,9\ns,old,20,12\n",
			}
			status, out, errs := run(t, f, false, "c.json")
			if status != 2 || !strings.Contains(errs, tc.names) || out != "" {
				t.Errorf("status %d, %q, wrote %q; want %q", status, errs, out, tc.names)
			}
		})
	}
}

// said claims a reference case with a plan and a situation added.
func said(t *testing.T, name, extra string) casefile.Said {
	t.Helper()
	dir := cases(t)
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(extra), &fields); err != nil {
		t.Fatal(err)
	}
	if b, err = json.Marshal(fields); err != nil {
		t.Fatal(err)
	}
	c, err := casefile.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	s, err := casefile.Claim(c, func(n string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, n)) })
	if err != nil {
		t.Fatal(err)
	}
	return s[0]
}

// Of those who answered 89.5% passed; of all 47.9% did. The text may give the
// first with its "if" and its bounds, and never says that more than half passed.
func TestTheHarshCaseNeverClaimsAMajority(t *testing.T) {
	s := said(t, "nonresponse_oulad_bbb2013j.json", `{"situation":{"words":{"en":{"frame":"students","outcome":"that they passed","claim":"more than half passed"}}}}`)
	text := s.Text["en"]
	for _, part := range []string{"*if* those who didn't answer", "from 41.4% to 95.1%", "fails if fewer than 16.1%"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing: %s", part, text)
		}
	}
	if s.Rung > 2 || strings.HasPrefix(text, "Between") || strings.Contains(text, "Most") {
		t.Errorf("rung %d: %s", s.Rung, text)
	}
	w := s.Claim.Args
	if truth := 0.479213; w["L"].Value > truth || w["U"].Value < truth {
		t.Errorf("the bounds %v to %v leave out the truth", w["L"].Value, w["U"].Value)
	}
}

const planned = `"plan":{"outcomes":["y"],"design":%q,"estimand":%q,"seed":"1","version":1,"at":"2026-01-02T00:00:00Z"}`

func withPlan(design, estimand, situation string) string {
	p := strings.Replace(strings.Replace(planned, "%q", `"`+design+`"`, 1), "%q", `"`+estimand+`"`, 1)
	return `{` + p + `,"situation":` + situation + `}`
}

func TestTheSeriesStaysAnAssociation(t *testing.T) {
	// Its three standard errors differ by more than 1.5 times.
	s := said(t, "its_seatbelts.json", withPlan("interrupted_series", "step_in_series", `{"outcome_id":"y","plan_stored":true}`))
	if s.Rung != 3 || s.Key != "r3.series" || len(s.Claim.Blocked) == 0 || s.Claim.Blocked[0].ID != "standard_errors_agree" {
		t.Errorf("rung %d, %s: %v", s.Rung, s.Key, s.Claim.Blocked)
	}
}

func TestTheRolloutEarnsItsEffect(t *testing.T) {
	situation := `{"outcome_id":"y","plan_stored":true,"seed_stored":true,"verified":true}`
	s := said(t, "stepped_wedge_analysis.json", withPlan("randomised_rollout", "average_effect", situation))
	if s.Rung != 6 || s.Key != "r6" || s.Plan == "" {
		t.Errorf("rung %d, %s: %v", s.Rung, s.Key, s.Claim.Blocked)
	}
	unverified := strings.Replace(situation, `"verified":true`, `"verified":false`, 1)
	if s := said(t, "stepped_wedge_analysis.json", withPlan("randomised_rollout", "average_effect", unverified)); s.Rung > 3 {
		t.Errorf("an order that couldn't be checked: rung %d, %s", s.Rung, s.Text["en"])
	}
}

func TestTheTrialFindsNoClearEffect(t *testing.T) {
	situation := `{"outcome_id":"y","plan_stored":true,"seed_stored":true,"verified":true}`
	s := said(t, "randomised_btheb_attrition.json", withPlan("randomised", "average_effect", situation))
	if s.Key != "r6.null" || !strings.Contains(s.Text["en"], "−6.57 to 0.93") {
		t.Errorf("rung %d: %s", s.Rung, s.Text["en"])
	}
}

func TestAClaimNeedsToKnowItsSituation(t *testing.T) {
	f := folder{
		"typo.json":  `{"method":"proportion_interval","input":{"x":20,"n":40,"N":60},"situation":{"planed":true}}`,
		"type.json":  `{"method":"proportion_interval","input":{"x":20,"n":40,"N":60},"situation":{"outcomes":"five"}}`,
		"none.json":  `{"method":"multiplicity","input":{"p":[0.1]}}`,
		"small.json": `{"method":"proportion_interval","input":{"x":3,"n":40,"N":60}}`,
		"good.json":  `{"method":"proportion_interval","input":{"x":20,"n":40,"N":60}}`,
	}
	for name, want := range map[string]string{"typo.json": "planed", "type.json": "situation.outcomes", "none.json": "no estimate"} {
		if status, _, errs := run(t, f, true, name); status != 2 || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d, %s", name, status, errs)
		}
	}
	if status, out, _ := run(t, f, true, "good.json"); status != 0 || !strings.Contains(out, `"rung":2`) {
		t.Errorf("status %d: %s", status, out)
	}
	if _, out, _ := run(t, f, true, "small.json"); !strings.Contains(out, `"rung":0`) || strings.Contains(out, "3 of the 40") {
		t.Errorf("a small count was claimed: %s", out)
	}
}

func TestThePageIsForPeople(t *testing.T) {
	var out bytes.Buffer
	f := folder{"p.json": share, "c.json": `{"id":"c","method":"proportion_interval","input":{"x":37,"n":74,"N":2700}}`}
	c := casefile.Command{Read: f.read, Out: &out, Err: &out, Readable: true}
	if _, err := c.Check([]string{"p.json"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Claim([]string{"c.json"}); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"passes of 2 fields", "rung 1 of 6", "37 of the 74", "37 de las 74"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("%q is missing in:\n%s", part, out.String())
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("the pipe is closed") }

func TestAClosedPipeIsAnError(t *testing.T) {
	c := casefile.Command{Read: folder{"p.json": share}.read, Out: broken{}, Err: broken{}}
	if _, err := c.Check([]string{"p.json"}); err == nil {
		t.Error("what couldn't be written was called a pass")
	}
}

const (
	anyInput = `{"x":3,"n":"n","N":40,"x1":1,"n1":2,"x2":3,"n2":4,"outcome":"y","arm":"arm","baseline":"x","block":"g",` +
		`"unit":"g","time":"t","first_treated":"t","control":"notyettreated","covariates":["x"],"treated":"b from 2","after":"arm",` +
		`"cluster":"g","weights":"n","strata":"g","fpc":"n","mean":["y"],"margins":{"g":{"a":10,"b":20}},"items":["x","y"],` +
		`"keys":["g","t"],"threshold":3,"model":"y ~ x + (1|g)","counts":{"1":6,"2":7},"scores":{"1":1,"2":2},"p":[0.1,null],` +
		`"effect":[1,2,3,4,5],"se":[1,1,1,1,1],"t":2,"df":5,"predictors":"y 1, 2","v":"equal","bernoulli":{"cases":[[1,2]],"alpha":0.05,"t_opt":9},` +
		`"table":{"yes_yes":1,"yes_no":2,"no_yes":3,"no_no":4},"design":"survey","estimand":"share","value":0.5,"y":"y"}`
	anyTable = "g,t,n,y,x,arm,pre,post,time,closed,cluster,period,treated,month,step,responded,y_if_responded\n" +
		"a,1,9,1,2,0,1,2,3,1,a,0,0,1,0,1,1\na,2,9,2,1,1,2,1,5,0,a,1,1,2,1,0,\nb,1,9,4,2,0,4,4,3,1,b,0,0,1,0,1,0\nb,2,9,3,5,1,2,6,7,1,b,1,0,2,1,1,1\n"
)

func FuzzCheck(f *testing.F) {
	f.Add([]byte(share), []byte("id,pre,post\n1,2,3\n"))
	f.Add([]byte(`{"method":"paired_change","csv":"d.csv","input":{}}`), []byte("pre,post\n1,2\n3,5\n"))
	f.Add([]byte(`{"method":"staggered_did","csv":"d.csv","input":{"outcome":"y","unit":"u","time":"t","first_treated":"g","control":"nevertreated","covariates":[]}}`), []byte("y,u,t,g\n1,a,1,0\n2,a,2,0\n1,b,1,2\n4,b,2,2\n"))
	f.Add([]byte(`{"method":"small_cell_suppression","csv":"d.csv","input":{"keys":["a","b"]}}`), []byte("a,b,n,y\nx,p,20,3\nx,q,30,12\n"))
	// Every method, with fields and columns for all of them.
	for _, m := range casefile.Methods() {
		f.Add([]byte(`{"method":"`+m+`","csv":"d.csv","input":`+anyInput+`}`), []byte(anyTable))
	}
	f.Fuzz(func(t *testing.T, body, csv []byte) {
		c, err := casefile.Read(body)
		if err != nil || len(body) > 2000 || len(csv) > 2000 {
			return
		}
		open := func(string) ([]byte, error) { return csv, nil }
		if r, err := casefile.Check(c, open); err == nil {
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("the report can't be written: %v", err)
			}
		}
		if s, err := casefile.Claim(c, open); err == nil {
			for _, x := range s {
				if strings.Contains(x.Text["en"], "NaN") {
					t.Errorf("a claim prints NaN: %s", x.Text["en"])
				}
			}
		}
	})
}
