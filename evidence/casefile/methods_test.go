package casefile_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"commonweal/evidence/casefile"
)

// compute runs a method without expectations and gives its result.
func compute(t *testing.T, body, csv string) map[string]any {
	t.Helper()
	c, err := casefile.Read([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	r, err := casefile.Check(c, func(string) ([]byte, error) { return []byte(csv), nil })
	if err != nil {
		t.Fatal(err)
	}
	// As it would be written and read again.
	b, err := json.Marshal(r.Result)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func want(t *testing.T, got map[string]any, path string, value float64) {
	t.Helper()
	var v any = got
	for _, k := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			t.Fatalf("%s isn't in %v", path, got)
		}
		v = m[k]
	}
	if f, ok := v.(float64); !ok || math.Abs(f-value) > 1e-6*(1+math.Abs(value)) {
		t.Errorf("%s: got %v, want %v", path, v, value)
	}
}

func TestAFiniteFrame(t *testing.T) {
	got := compute(t, `{"method":"finite_population_interval","input":{"x":24,"n":30,"N":40}}`, "")
	want(t, got, "estimate", 0.8)
	want(t, got, "fpc", math.Sqrt(10.0/39))
	if fmt.Sprint(got["exact_count"]) != "[28 34]" {
		t.Errorf("counts %v", got["exact_count"])
	}
}

func TestAScaleOfSeveralQuestions(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,a,b,c\n")
	for i := range 40 {
		fmt.Fprintf(&b, "%d,%d,%d,%d\n", i, i%5, (i+i/9)%5, (i+i/5)%5)
	}
	got := compute(t, `{"method":"likert_scale","csv":"d.csv","input":{"items":["a","b","c"]}}`, b.String())
	want(t, got, "n", 40)
	want(t, got, "k", 3)
	if got["cronbach_alpha"] == nil {
		t.Errorf("no alpha in %v", got)
	}
}

// Two blocks with effects 2 and 4 and 4 and 8 people: (4·2+8·4)/12.
func TestBlocksAreWeightedByTheirSize(t *testing.T) {
	csv := "y,arm,block\n1,0,a\n3,0,a\n3,1,a\n5,1,a\n" +
		"1,0,b\n2,0,b\n3,0,b\n4,0,b\n5,1,b\n6,1,b\n7,1,b\n8,1,b\n"
	got := compute(t, `{"method":"randomised_blocked","csv":"d.csv","input":{"outcome":"y","arm":"arm","block":"block"}}`, csv)
	want(t, got, "est", 10.0/3)
	want(t, got, "df", 8)
}

func TestGroupsBeforeAndAfter(t *testing.T) {
	var b strings.Builder
	b.WriteString("y,treated,after,place,x\n")
	for g := range 8 {
		for after := range 2 {
			for k := range 3 {
				treated := g % 2
				y := float64(g) + float64(after) + 5*float64(treated*after) + float64((g*7+after*3+k*5)%4)/10
				fmt.Fprintf(&b, "%g,%d,%d,p%d,%d\n", y, treated, after, g, (g*after+k)%3)
			}
		}
	}
	did := compute(t, `{"method":"did_2x2","csv":"d.csv","input":{"outcome":"y","treated":"treated","after":"after","cluster":"place"}}`, b.String())
	if e, ok := did["estimate"].(float64); !ok || math.Abs(e-5) > 0.2 {
		t.Errorf("an effect of 5 is found as %v", did["estimate"])
	}
	got := compute(t, `{"method":"cluster_inference","csv":"d.csv","input":{"outcome":"y","cluster":"place","covariates":["treated","x"]}}`, b.String())
	if p, ok := got["wild_p"].(float64); !ok || p <= 0 || p > 1 {
		t.Errorf("p = %v", got["wild_p"])
	}
}

// The margins say that there are as many of a as of b: (1·1+1·3)/2 over means.
func TestRakingToOneMargin(t *testing.T) {
	got := compute(t, `{"method":"raking_poststratification","csv":"d.csv","input":{"outcome":"y","margins":{"area":{"a":50,"b":50}}}}`,
		"y,area\n1,a\n1,a\n1,a\n3,b\n")
	want(t, got, "estimate", 2)
}

func TestCountsOverTime(t *testing.T) {
	var b strings.Builder
	b.WriteString("n,step\n")
	for i := range 40 {
		after := i / 25
		fmt.Fprintf(&b, "%d,%d\n", 50+(i*13)%7+25*after, after)
	}
	got := compute(t, `{"method":"interrupted_time_series_counts","csv":"d.csv","input":{"outcome":"n","model":"1, t, step, since"}}`, b.String())
	if r, ok := got["rate_ratio"].(float64); !ok || r < 1.3 || r > 1.7 {
		t.Errorf("a rise by half is found as %v", got["rate_ratio"])
	}
}

func TestSmallCellsAreStars(t *testing.T) {
	csv := "area,age,n,y\nn,young,60,30\nn,old,60,3\ns,young,60,40\ns,old,60,57\n"
	got := compute(t, `{"method":"small_cell_suppression","csv":"d.csv","input":{"threshold":8}}`, csv)
	cells, ok := got["cells"].([]any)
	if !ok || len(cells) != 4 {
		t.Fatalf("%v", got)
	}
	// 3 of 60 said yes, and in the last cell all but 3 did: both tell of 3.
	for _, k := range []int{1, 3} {
		if shown := cells[k].(map[string]any)["shown"]; shown != "*" {
			t.Errorf("cell %d is shown as %v", k, shown)
		}
	}
	if n := cells[3].(map[string]any)["shown_n"]; n != "60" {
		t.Errorf("60 people are shown as %v", n)
	}
	want(t, got, "primary_y", 2)
	want(t, got, "primary_n_lt5", 0)
}

func TestWaitingTimesOfACase(t *testing.T) {
	got := compute(t, `{"method":"waiting_times","csv":"d.csv","input":{}}`, "time,closed\n10,1\n20,1\n30,1\n30,0\n45,1\n60,1\n60,0\n90,0\n")
	want(t, got, "median", 45)
	want(t, got, "closed", 5)
}

func TestAnUnplannedComparisonStaysLow(t *testing.T) {
	if s := said(t, "synthetic_control_prop99.json", `{}`); s.Rung > 3 || s.Claim.Causal() {
		t.Errorf("rung %d: %s", s.Rung, s.Text["en"])
	}
}

// Where the reference stopped early, only a case that is compared with it gets
// its answer: the odds ratio of 56/70 and 48/80 is 2.6491873, R prints 2.6491903.
func TestExactAnswersStandUnlessTheReferenceIsAskedFor(t *testing.T) {
	const body = `{"method":"two_proportions","input":{"x1":56,"n1":70,"x2":48,"n2":80}}`
	alone := compute(t, body, "")
	if _, ok := alone["exact_fisher_or"]; ok || math.Abs(alone["fisher_or"].(float64)-2.6491872957) > 1e-8 {
		t.Errorf("without expectations: %v", alone)
	}
}

// A placebo's predictors, with columns of other names than the public case's.
func TestPredictorsOfAnyPanel(t *testing.T) {
	var b strings.Builder
	b.WriteString("town,year,visits\n")
	for u := range 8 {
		for year := 1990; year < 2002; year++ {
			fmt.Fprintf(&b, "t%d,%d,%g\n", u, year, 20+3*float64(u%4)+float64((u*5+year)%7)/3)
		}
	}
	got := compute(t, `{"method":"synthetic_control","csv":"d.csv","input":{"unit":"town","time":"year","outcome":"visits",`+
		`"treated":"t2 from 1998","predictors":"visits mean 1990-93; visits 1995, 1997","v":"equal"}}`, b.String())
	if _, ok := got["avg_gap_1998_2001"].(float64); !ok {
		t.Errorf("%v", got)
	}
}
