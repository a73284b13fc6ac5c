package casefile

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"

	"commonweal/evidence"
	"commonweal/evidence/claim"
)

func test(t evidence.Test, name string) object { return object{name: t.Statistic, "p": t.P} }

func (j *job) pairedChange() any {
	r, err := evidence.PairedMean(j.numbers("pre"), j.numbers("post"), evidence.Permutation{Reps: caseReps, Seed: caseSeed})
	if j.err == nil {
		j.must(err)
	}
	j.earn(r.Estimate, claim.Situation{Linked: true, PairedTest: true})
	return object{
		"n": r.N, "mean_change": r.Mean, "sd_change": r.SD, "t": r.T.Statistic, "df": r.T.DF, "p_t": r.T.P,
		"t_interval": pair(r.Interval), "cohens_dz": r.DZ, "wilcoxon_exact": test(r.SignedRank, "V"),
		"wilcoxon_normal_cc": test(r.SignedRankNorm, "V"), "sign_flip_exact_p": r.SignFlip,
	}
}

func (j *job) pairedProportion() any {
	return j.each(func(in node, level float64) any {
		t := in.get("table")
		n := func(k string) int { return t.get(k).whole() }
		r, err := evidence.PairedProportion([2][2]int{{n("yes_yes"), n("yes_no")}, {n("no_yes"), n("no_no")}}, level)
		j.must(err)
		j.earn(r.Estimate, claim.Situation{Linked: true, PairedTest: true})
		return object{
			"b": r.Lost, "c": r.Gained, "n": r.N, "diff": r.Diff, "wald_se": r.WaldSE,
			"chi2": r.Chi2.Statistic, "p_asymp": r.Chi2.P, "chi2_cc": r.Chi2CC.Statistic, "p_cc": r.Chi2CC.P,
			"p_exact": r.PExact, "p_mid": r.PMid, "or": r.OddsRatio, "or_exact_ci": pair(r.OddsInterval),
		}
	})
}

func (j *job) permutationTest() any {
	return j.each(func(in node, _ float64) any {
		r, err := evidence.PermutationTest(in.get("x").numbers(), in.get("y").numbers(), evidence.Permutation{Reps: caseReps, Seed: caseSeed})
		j.must(err)
		return object{
			"mean_diff": r.Diff, "perm_p_two_sided": r.P, "wilcoxon_exact": test(r.RankSum, "W"),
			"welch": object{"t": r.Welch.Statistic, "df": r.Welch.DF, "p": r.Welch.P, "ci": pair(r.Interval)},
		}
	})
}

var scaleWords = regexp.MustCompile(`\((-?\d+)\s*-\s*(\d+)\)`)

func (j *job) randomisedTwoArm() any {
	outcome := j.input.get("outcome").word()
	treated := j.yesNo(j.input.get("arm").word())
	opt := evidence.TrialOptions{Perm: evidence.Permutation{Reps: caseReps, Seed: caseSeed}}
	scale := scaleWords.FindStringSubmatch(j.input.get("outcome").text())
	if scale != nil {
		opt.Low, opt.High = wordNumber(scale[1]), wordNumber(scale[2])
	}
	trial := func(column string) evidence.Trial {
		y := j.gaps(column)
		return evidence.Trial{Y: y, Observed: present(y), Treated: treated}
	}
	d := trial(outcome)
	for _, name := range strings.FieldsFunc(j.input.get("baseline").text(), func(r rune) bool { return r == ',' || r == ' ' }) {
		d.Covariates = append(d.Covariates, j.numbers(name))
	}
	if j.err != nil {
		return nil
	}
	r, err := evidence.TwoArm(d, opt)
	j.must(err)
	main := r.Adjusted
	if len(d.Covariates) == 0 {
		main = r.Difference
	}
	j.earn(main, claim.Situation{DropOut: &r.Lee.Bounds, IntentionToTreat: true, P: &r.P, Complete: !slices.Contains(d.Observed, false)})
	out := object{
		"diff_HC2":            object{"est": r.Difference.Value, "se": r.Difference.SE, "df": r.Difference.DF, "ci": pair(r.Difference.Interval)},
		"ancova":              object{"est": r.Ancova.Value, "se": r.Ancova.SE},
		"lin_HC2":             object{"est": r.Adjusted.Value, "se": r.Adjusted.SE, "ci": pair(r.Adjusted.Interval)},
		"permutation_p_10000": r.P,
	}
	// Drop-out at every time at which the outcome was measured.
	stem, _, _ := strings.Cut(outcome, ".")
	for _, h := range j.table.header {
		rest, ok := strings.CutPrefix(h, stem+".")
		if !ok || rest == "pre" {
			continue
		}
		t := trial(h)
		lee, err := evidence.LeeBounds(t.Y, t.Observed, t.Treated)
		j.must(err)
		out["lee_"+rest] = object{
			"retention_treated": lee.KeptTreated, "retention_control": lee.KeptControl, "trim": lee.Trim,
			"lower": lee.Low, "upper": lee.High, "complete_case": lee.CompleteCase,
		}
		if scale != nil {
			w, err := evidence.WorstCaseByArm(t.Y, t.Observed, t.Treated, opt.Low, opt.High)
			j.must(err)
			out[fmt.Sprintf("manski_%s_%s_%s", rest, scale[1], scale[2])] = object{"lower": w.Low, "upper": w.High}
		}
	}
	if _, ok := j.wants()["lmm_ML"]; ok {
		out["lmm_ML"] = j.repeatedMeasures(stem)
	}
	return out
}

func wordNumber(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// repeatedMeasures fits all times after the start: outcome on the start, the
// month, the arm and the rest, with a random intercept for each person, by ML.
func (j *job) repeatedMeasures(stem string) any {
	pre, arm, id := j.numbers(stem+".pre"), j.numbers("tr"), j.texts("id")
	drug, long := j.numbers("drug01"), j.numbers("long")
	var rows, y []float64
	var people []string
	for _, h := range j.table.header {
		month, ok := strings.CutSuffix(strings.TrimPrefix(h, stem+"."), "m")
		m := wordNumber(month)
		if !ok || !strings.HasPrefix(h, stem+".") || math.IsNaN(m) {
			continue
		}
		for i, v := range j.gaps(h) {
			if math.IsNaN(v) {
				continue
			}
			rows = append(rows, 1, pre[i], m, arm[i], drug[i], long[i])
			y, people = append(y, v), append(people, id[i])
		}
	}
	if j.err != nil || len(y) == 0 {
		return nil
	}
	group, _ := coded(people)
	m, err := evidence.RandomIntercept(y, mat.NewDense(len(y), 6, rows), group, false)
	j.must(err)
	return object{"coef": m.Coef, "se": m.SE, "var_id": m.VarGroup, "var_resid": m.VarResidual, "loglik": m.LogLikelihood}
}

func (j *job) randomisedBlocked() any {
	y := j.gaps(j.input.get("outcome").word())
	d := evidence.Trial{Y: y, Observed: present(y), Treated: j.yesNo(j.input.get("arm").word()), Block: j.texts(j.input.get("block").word())}
	if j.err != nil {
		return nil
	}
	r, err := evidence.TwoArm(d, evidence.TrialOptions{Perm: evidence.Permutation{Reps: caseReps, Seed: caseSeed}})
	j.must(err)
	j.earn(r.Difference, claim.Situation{DropOut: &r.Lee.Bounds, IntentionToTreat: true, P: &r.P, Complete: !slices.Contains(d.Observed, false)})
	return object{
		"est": r.Difference.Value, "se": r.Difference.SE, "df": r.Difference.DF, "ci": pair(r.Difference.Interval),
		"permutation_p": r.P, "permutation_p_10000": r.P,
	}
}

func (j *job) confidenceSequence() any {
	out := object{}
	if j.input.has("bounds") {
		out["bounds"] = j.bounds(j.input.get("bounds"))
	}
	if j.input.has("bernoulli") {
		in := j.input.get("bernoulli")
		s, err := evidence.NewSequence(in.get("alpha").number(), in.get("t_opt").number())
		j.must(err)
		var all [][]float64
		for _, c := range in.get("cases").list() {
			xn := c.wholes()
			if len(xn) != 2 {
				j.fail(c.path, "two numbers are needed, found %d", len(xn))
			}
			if j.err != nil {
				return nil
			}
			i, err := s.At(evidence.Count{Yes: xn[0], N: xn[1]})
			j.must(err)
			all = append(all, pair(i))
		}
		out["bernoulli_ci"] = all
	}
	return out
}

func (j *job) bounds(in node) any {
	const alpha = 0.05
	out := object{}
	for _, kind := range in.keys() {
		n := in.get(kind)
		p := func(key string) float64 { return n.get(key).number() }
		bound := map[string]func(v float64) float64{}
		switch kind {
		case "normal":
			bound["two"] = func(v float64) float64 { return evidence.NormalMixtureBound(v, p("alpha"), p("v_opt")) }
			bound["one"] = func(v float64) float64 { return evidence.OneSidedNormalBound(v, p("alpha"), p("v_opt")) }
		case "beta_binomial":
			bound["bound"] = func(v float64) float64 { return evidence.BetaBinomialBound(v, alpha, p("v_opt"), p("g"), p("h")) }
		case "gamma_exponential":
			bound["bound"] = func(v float64) float64 { return evidence.GammaExponentialBound(v, alpha, p("v_opt"), p("c")) }
		case "poly_stitching":
			bound["bound"] = func(v float64) float64 { return evidence.StitchedBound(v, alpha, p("v_min"), p("c")) }
		default:
			j.fail(n.path, "isn't a known bound")
		}
		part := object{}
		for _, key := range n.keys() {
			part[key] = n.get(key).v // what was asked, beside the answer
		}
		for name, f := range bound {
			var all []float64
			for _, v := range n.get("V").numbers() {
				all = append(all, f(v))
			}
			part[name] = all
		}
		out[kind] = part
	}
	return out
}

func (j *job) multiplicity() any {
	p := j.input.get("p").list()
	if len(p) == 0 {
		j.fail("input.p", "empty")
	}
	var values []float64
	for _, n := range p {
		if n.v == nil {
			values = append(values, math.NaN())
			continue
		}
		values = append(values, n.number())
	}
	out := object{}
	for _, m := range []evidence.Multiplicity{evidence.Bonferroni, evidence.Holm, evidence.BH, evidence.BY} {
		adjusted, err := evidence.AdjustP(values, m)
		j.must(err)
		out[string(m)] = adjusted
		out["rejected_"+string(m)+"_05"] = len(slices.DeleteFunc(slices.Clone(adjusted), func(v float64) bool { return !(v <= 0.05) }))
	}
	return out
}

var (
	logOutcome = regexp.MustCompile(`log\(([\w.]+)\)`)
	eventAt    = regexp.MustCompile(`t=(\d+)`)
)

// series reads a series whose outcome and model are given in words.
func (j *job) series() (evidence.Series, int, evidence.SeriesModel) {
	words, model := j.input.get("outcome").text(), j.input.get("model").text()
	var m evidence.SeriesModel
	column := j.input.get("outcome").word()
	if found := logOutcome.FindStringSubmatch(words); found != nil {
		m.Log, column = true, found[1]
	}
	s := evidence.Series{Y: j.numbers(column)}
	if strings.Contains(model, "month") {
		s.Month = j.wholes("month")
	}
	event := 0
	if found := eventAt.FindStringSubmatch(model); found != nil {
		event = int(wordNumber(found[1])) - 1
	} else {
		for _, name := range []string{"law", "step", "post", "event"} {
			if j.has(name) {
				event = slices.Index(j.numbers(name), 1)
			}
		}
	}
	return s, event, m
}

func (j *job) interruptedSeries() any {
	s, event, m := j.series()
	if j.err != nil {
		return nil
	}
	r, err := evidence.InterruptedSeries(s, event, m)
	j.must(err)
	if err != nil {
		return nil
	}
	j.earn(r.Estimate, claim.Situation{Logged: m.Log})
	t := make([]float64, 4)
	for i := range t {
		t[i] = r.Coef[i] / r.NeweyWestSE[i]
	}
	return object{
		"coef": r.Coef[:4], "ols_se": r.OLSSE[:4], "nw_se_lag12_adjust": r.NeweyWestSE[:4],
		"nw_se_lag12_noadjust": r.NeweyWestPlainSE[:4], "nw_t": t, "step_percent": r.StepPercent,
		"durbin_watson": r.DurbinWatson, "acf1": r.ACF1,
		"ljung_box_12": object{"stat": r.LjungBox.Statistic, "p": r.LjungBox.P},
		"prais_winsten": object{
			"rho": [][]float64{{r.PraisWinsten.Rho}}, "coef": r.PraisWinsten.Coef[:4], "se": r.PraisWinsten.SE[:4],
		},
	}
}

func (j *job) interruptedCounts() any {
	s, event, m := j.series()
	m.Counts, m.Log = true, false
	for _, key := range []string{"offset", "exposure", "population"} {
		if j.input.has(key) {
			s.Exposure = j.numbers(j.input.get(key).word())
		}
	}
	if j.err != nil {
		return nil
	}
	r, err := evidence.InterruptedSeries(s, event, m)
	j.must(err)
	if err != nil {
		return nil
	}
	j.earn(r.Estimate, claim.Situation{Logged: true, Counted: true})
	k := min(4, len(r.Coef))
	return object{
		"coef": r.Coef[:k], "quasi_se": r.OLSSE[:k], "se": r.OLSSE[:k], "dispersion": r.Dispersion,
		"step_percent": r.StepPercent, "rate_ratio": 1 + r.StepPercent/100,
	}
}

func (j *job) confounding() any {
	out := object{}
	if j.input.has("evalue_cases") {
		var point, ci []float64
		for _, c := range j.input.get("evalue_cases").list() {
			rr, limit := c.get("rr").number(), c.get("lo").number()
			if rr < 1 {
				limit = c.get("hi").number()
			}
			p, l, err := evidence.EValue(rr, limit)
			j.must(err)
			point, ci = append(point, p), append(ci, l)
		}
		out["evalue"], out["evalue_ci"] = point, ci
	}
	if j.input.has("t") {
		t, df := j.input.get("t").number(), j.input.get("df").number()
		q1, err := evidence.RobustnessValue(t, df, 1, 1)
		j.must(err)
		at05, err := evidence.RobustnessValue(t, df, 1, 0.05)
		j.must(err)
		out["partial_r2"], out["rv_q1"], out["rv_q1_alpha05"] = evidence.PartialR2(t, df), q1, at05
	}
	return out
}
