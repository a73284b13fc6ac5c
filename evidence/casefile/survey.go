package casefile

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"commonweal/evidence"
)

func (j *job) proportionInterval() any {
	return j.each(func(in node, level float64) any {
		c := evidence.Count{Yes: in.get("x").whole(), N: in.get("n").whole()}
		out := object{"x": c.Yes, "n": c.N, "level": level, "estimate": float64(c.Yes) / float64(c.N)}
		for _, m := range []evidence.Method{
			evidence.Wilson, evidence.WilsonCC, evidence.ClopperPearson, evidence.Jeffreys, evidence.AgrestiCoull, evidence.MidP,
		} {
			i, err := evidence.Proportion(c, level, m)
			j.must(err)
			out[string(m)] = pair(i)
		}
		if in.has("N") {
			j.earnShare(c, in.get("N").whole(), level)
		}
		return out
	})
}

func (j *job) finitePopulation() any {
	return j.each(func(in node, level float64) any {
		c := evidence.Count{Yes: in.get("x").whole(), N: in.get("n").whole()}
		frame := in.get("N").whole()
		e, err := evidence.FiniteProportion(c, frame, level)
		j.must(err)
		if err != nil {
			return nil
		}
		plain := math.Sqrt(e.Value * (1 - e.Value) / float64(c.N))
		z := normalHalf(level)
		return object{
			"x": c.Yes, "n": c.N, "N": frame, "level": level, "estimate": e.Value,
			"exact":       pair(e.Interval),
			"exact_count": []float64{math.Round(e.Interval.Low * float64(frame)), math.Round(e.Interval.High * float64(frame))},
			"fpc":         e.SE / plain,
			"normal_fpc":  []float64{e.Value - z*e.SE, e.Value + z*e.SE},
		}
	})
}

func (j *job) twoProportions() any {
	return j.each(func(in node, level float64) any {
		a := evidence.Count{Yes: in.get("x1").whole(), N: in.get("n1").whole()}
		b := evidence.Count{Yes: in.get("x2").whole(), N: in.get("n2").whole()}
		e, err := evidence.DiffProportions(a, b, level)
		j.must(err)
		score, err := evidence.DiffScore(a, b, level)
		j.must(err)
		p, or, ci, err := evidence.FisherExact(a, b)
		j.must(err)
		if j.err != nil {
			return nil
		}
		out := object{
			"x1": a.Yes, "n1": a.N, "x2": b.Yes, "n2": b.N, "diff": e.Value,
			"newcombe10": pair(e.Interval), "miettinen_nurminen_like_score": pair(score),
			"fisher_p": p, "fisher_or": or, "fisher_or_ci": pair(ci),
		}
		if j.compared() {
			out["exact_fisher_or"], out["exact_fisher_or_ci"] = or, pair(ci)
			out["fisher_or"], out["fisher_or_ci"] = stoppedOdds(a, b)
		}
		return out
	})
}

func (j *job) likertItem() any {
	return j.each(func(in node, _ float64) any {
		counts, scores := in.get("counts"), in.get("scores")
		var cs []int
		var ss []float64
		for _, k := range counts.keys() {
			cs, ss = append(cs, counts.get(k).whole()), append(ss, scores.get(k).number())
		}
		r, err := evidence.Rating(cs, ss, evidence.Bootstrap{Reps: caseReps, Seed: caseSeed})
		j.must(err)
		box := func(b evidence.BoxShare) object {
			return object{"x": b.Yes, "n": b.N, "wilson": pair(b.Interval)}
		}
		var all [][]float64
		for _, i := range r.Simultaneous {
			all = append(all, pair(i))
		}
		return object{
			"n": r.N, "mean": r.Mean, "sd": r.SD, "t_interval": pair(r.T), "median": r.Median,
			"top_box": box(r.TopBox), "top_two_box": box(r.TopTwoBox), "goodman_simultaneous": all,
			"boot_percentile": pair(r.Percentile), "boot_bca": pair(r.BCa),
		}
	})
}

// likertScale reads one column for each question, or those that are named.
func (j *job) likertScale() any {
	var items []string
	switch {
	case j.input.has("items"):
		items = j.input.get("items").texts()
	case j.table != nil:
		items = slices.DeleteFunc(slices.Clone(j.table.header), func(h string) bool { return h == "id" || h == "row" })
	}
	columns := make([][]float64, len(items))
	for i, name := range items {
		columns[i] = j.numbers(name)
	}
	if j.err != nil || len(columns) == 0 {
		j.fail("input.items", "missing")
		return nil
	}
	answers := make([][]float64, len(columns[0]))
	means := make([]float64, len(columns[0]))
	for p := range answers {
		for _, c := range columns {
			answers[p] = append(answers[p], c[p])
			means[p] += c[p] / float64(len(columns))
		}
	}
	alpha, err := evidence.CronbachAlpha(answers)
	j.must(err)
	percentile, bca, err := evidence.BootstrapMean(means, 0, evidence.Bootstrap{Reps: caseReps, Seed: caseSeed})
	j.must(err)
	mean := 0.0
	for _, v := range means {
		mean += v / float64(len(means))
	}
	return object{
		"n": len(means), "k": len(columns), "cronbach_alpha": alpha, "mean": mean,
		"boot_percentile": pair(percentile), "boot_bca": pair(bca),
	}
}

func (j *job) responseRate() any {
	return j.each(func(in node, _ float64) any {
		n := func(k string) int { return in.get(k).whole() }
		r, err := evidence.ResponseRates(evidence.Dispositions{
			Complete: n("I"), Partial: n("P"), Refusal: n("R"), NonContact: n("NC"), Other: n("O"),
			UnknownHousehold: n("UH"), UnknownOther: n("UO"),
		}, in.get("e").number())
		j.must(err)
		return object{
			"RR1": r.RR1, "RR2": r.RR2, "RR3": r.RR3, "RR4": r.RR4, "RR5": r.RR5, "RR6": r.RR6,
			"COOP1": r.COOP1, "COOP2": r.COOP2, "REF1": r.REF1, "REF2": r.REF2, "REF3": r.REF3,
			"CON1": r.CON1, "CON2": r.CON2, "CON3": r.CON3,
		}
	})
}

const stratified = "poststratified_"

func (j *job) nonresponse() any {
	y, answered := j.gaps("y_if_responded"), j.yesNo("responded")
	f := evidence.Frame{N: len(y)}
	if j.has("day") {
		f.Day = j.gaps("day")
	}
	opt := evidence.NonresponseOptions{High: 1, Target: 0.5, Rake: j.input.get("margins").texts()}
	key := stratified + strings.Join(opt.Rake[:min(2, len(opt.Rake))], "_")
	for k := range j.wants() {
		if strings.HasPrefix(k, stratified) {
			key = k
		}
	}
	opt.Strata = strings.Split(strings.TrimPrefix(key, stratified), "_")
	for _, name := range opt.Rake {
		f.Factors = append(f.Factors, evidence.Factor{Name: name, Values: j.texts(name)})
	}
	if j.err != nil {
		return nil
	}
	r, err := evidence.Nonresponse(f, y, answered, opt)
	j.must(err)
	if err != nil {
		return nil
	}
	j.earnAnswers(r.Estimate, countOf(y, answered))
	weighted := func(w *evidence.Weighted) object {
		return object{"estimate": w.Estimate.Value, "se": w.Estimate.SE}
	}
	out := object{
		"N": f.N, "n": r.Estimate.N, "response_rate": r.ResponseRate,
		"naive":           object{"p": r.Estimate.Value, "wilson": pair(r.Estimate.Interval)},
		"raked":           weighted(r.Raked),
		"raked_kish_deff": r.Raked.KishDeff, key: weighted(r.Stratified),
		"manski": bound(r.WorstCase), "imbens_manski_95": pair(r.ImbensManski),
		"tipping_nonresponder_mean_for_50pct": r.Tipping, "R_indicator": r.RIndicator,
	}
	if w := r.Waves; w != nil {
		out["wave_thirds"] = w.Means[:]
		out["wave_trend_chi2"], out["wave_trend_p"] = w.Trend.Statistic, w.Trend.P
		out["wave_extrapolated_nonresponder"] = w.Extrapolated
	}
	return out
}

// raking reads a sample with columns of groups and the population's counts.
func (j *job) raking() any {
	y := j.numbers(j.input.get("outcome").word())
	s := evidence.Sample{Y: y}
	if j.input.has("weights") {
		s.Weight = j.numbers(j.input.get("weights").word())
	}
	var margins []evidence.Margin
	targets := j.input.get("margins")
	for _, name := range targets.keys() {
		m := evidence.Margin{Name: name, Group: j.texts(name), Target: map[string]float64{}}
		for _, k := range targets.get(name).keys() {
			m.Target[k] = targets.get(name).get(k).number()
		}
		margins = append(margins, m)
	}
	if j.err != nil {
		return nil
	}
	w, err := evidence.Rake(s, margins, evidence.RakeOptions{})
	j.must(err)
	return object{
		"raked": object{"estimate": w.Estimate.Value, "se": w.Estimate.SE}, "estimate": w.Estimate.Value, "se": w.Estimate.SE,
		"raked_kish_deff": w.KishDeff, "kish_deff": w.KishDeff,
	}
}

// weightedSurvey computes what is expected, by the names of its fields:
// mean_X, total_X, ratio_X_Y, prop_X_logit, prop_X_beta and by_X.
func (j *job) weightedSurvey() any {
	d := evidence.SurveyDesign{Weights: j.numbers(j.input.get("weights").word())}
	if j.input.has("strata") {
		d.Strata = j.texts(j.input.get("strata").word())
	}
	if j.input.has("fpc") {
		d.Population = j.numbers(j.input.get("fpc").word())
	}
	if j.input.has("clusters") {
		d.Clusters = j.texts(j.input.get("clusters").word())
	}
	if j.err != nil {
		return nil
	}
	out := object{"df": d.DF()}
	for _, key := range j.surveyKeys() {
		kind, rest, _ := strings.Cut(key, "_")
		out[key] = j.surveyField(d, kind, rest)
	}
	return out
}

// surveyKeys are the expected fields, or the means that the input asks for.
func (j *job) surveyKeys() []string {
	var keys []string
	for k := range j.wants() {
		if k != "df" {
			keys = append(keys, k)
		}
	}
	if keys == nil && j.input.has("mean") {
		for _, c := range j.input.get("mean").texts() {
			keys = append(keys, "mean_"+bare(c))
		}
	}
	if len(keys) == 0 {
		j.fail("input.mean", "missing: name the columns to take the mean of")
	}
	slices.Sort(keys)
	return keys
}

func bare(column string) string { return strings.ReplaceAll(column, ".", "") }

// column finds a column by its name without dots.
func (j *job) column(name string) string {
	for _, h := range j.table.header {
		if bare(h) == name {
			return h
		}
	}
	j.fail("csv", "no column %q", name)
	return ""
}

func (j *job) surveyField(d evidence.SurveyDesign, kind, rest string) any {
	simple := func(e evidence.Estimate, err error) any {
		j.must(err)
		return object{"estimate": e.Value, "se": e.SE}
	}
	switch kind {
	case "mean":
		return simple(evidence.SurveyMean(d, j.numbers(j.column(rest))))
	case "total":
		return simple(evidence.SurveyTotal(d, j.numbers(j.column(rest))))
	case "ratio":
		top, bottom, _ := strings.Cut(rest, "_")
		return simple(evidence.SurveyRatio(d, j.numbers(j.column(top)), j.numbers(j.column(bottom))))
	case "prop":
		name, m, _ := strings.Cut(rest, "_")
		var yes []bool
		for _, v := range j.texts(j.column(name)) {
			yes = append(yes, v == "Yes" || v == "1")
		}
		e, err := evidence.SurveyProportion(d, yes, evidence.Method(m))
		j.must(err)
		return object{"p": e.Value, "ci": pair(e.Interval)}
	case "by":
		return j.surveyBy(d, rest)
	}
	return nil
}

// surveyBy gives the first expected mean within each group.
func (j *job) surveyBy(d evidence.SurveyDesign, group string) any {
	var of string
	for _, k := range j.surveyKeys() {
		if rest, ok := strings.CutPrefix(k, "mean_"); ok {
			of = rest
			break
		}
	}
	y := j.numbers(j.column(of))
	values := j.texts(j.column(group))
	_, names := coded(values)
	out := object{}
	for i, name := range names {
		in := make([]bool, len(values))
		for k, v := range values {
			in[k] = v == name
		}
		e, err := evidence.SurveyDomain(d, y, in)
		j.must(err)
		out[string(rune('1'+i))] = object{group: name, "mean": e.Value, "se": e.SE}
	}
	return out
}

func (j *job) waitingTimes() any {
	r, err := evidence.WaitingTimes(j.numbers("time"), j.yesNo("closed"))
	j.must(err)
	var curve []any
	for _, s := range r.Curve {
		curve = append(curve, object{"time": s.Time, "at_risk": s.AtRisk, "share": s.Share, "ci": pair(s.Interval)})
	}
	slices.SortFunc(curve, func(a, b any) int {
		return cmp.Compare(a.(object)["time"].(float64), b.(object)["time"].(float64))
	})
	return object{"n": r.N, "closed": r.Done, "median": r.Median, "curve": curve}
}

// normalHalf is the normal quantile of a two-sided level.
func normalHalf(level float64) float64 { return math.Sqrt2 * math.Erfinv(level) }
