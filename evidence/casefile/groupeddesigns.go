package casefile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"commonweal/evidence"
	"commonweal/evidence/claim"
)

func (j *job) steppedWedgePower() any {
	out := object{}
	for i, in := range j.input.list() {
		n := func(k string) float64 { return in.get(k).number() }
		effect, sigma := 0.0, 0.0
		if in.has("mu0") {
			effect = n("mu1") - n("mu0")
			sigma = evidence.BinomialSD((n("mu0") + n("mu1")) / 2)
		} else {
			effect, sigma = n("effect"), n("sigma")
		}
		p, err := evidence.RolloutPower(in.get("clusters_per_wave").wholes(), in.get("n").whole(), effect, sigma, n("tau"))
		j.must(err)
		out[fmt.Sprintf("case%d", i+1)] = object{
			"hh":    object{"var": p.Variance, "se": p.SE, "power": p.Power, "U": p.U, "W": p.W, "V": p.V},
			"swPwr": object{"power": p.Power, "var": p.Variance},
		}
		j.skip[fmt.Sprintf("case%d.swPwr.power", i+1)] = "a second program, whose power differs by about 1e-6"
	}
	return out
}

func (j *job) steppedWedge() any {
	units, periods, treated, y := j.texts("cluster"), j.wholes("period"), j.yesNo("treated"), j.numbers("y")
	if j.err != nil {
		return nil
	}
	var obs []evidence.Observation
	for i := range y {
		obs = append(obs, evidence.Observation{Unit: units[i], Period: periods[i], Treated: treated[i], Y: y[i]})
	}
	r, err := evidence.AnalyseRollout(obs, evidence.Permutation{Reps: 2000, Seed: caseSeed})
	j.must(err)
	j.earn(r.Estimate, claim.Situation{Clusters: r.Units, Permuted: true, P: &r.P, IntentionToTreat: true, Complete: true})
	for _, k := range []string{"df_satterthwaite", "p_satterthwaite", "se_kr", "df_kr", "p_kr"} {
		j.skip["lmm."+k] = "not computed: the p-value comes from permutation, the interval from units less 2"
	}
	return object{
		"lmm": object{
			"effect": r.Effect, "se": r.SE, "var_cluster": r.Mixed.VarGroup, "var_resid": r.Mixed.VarResidual,
			"reml_loglik": r.Mixed.LogLikelihood,
		},
		"cluster_period_fixed_effect": r.FixedEffect, "permutation_p_2000": r.P,
	}
}

func (j *job) poolingProportions() any {
	y, n := j.wholes(j.input.get("y").word()), j.wholes(j.input.get("n").word())
	if j.err != nil {
		return nil
	}
	var groups []evidence.Count
	for i := range y {
		groups = append(groups, evidence.Count{Yes: y[i], N: n[i]})
	}
	p, err := evidence.PoolProportions(groups)
	j.must(err)
	factor, shares, err := evidence.JamesStein(groups)
	j.must(err)
	var low, high []float64
	for _, i := range p.Intervals {
		low, high = append(low, i.Low), append(high, i.High)
	}
	for _, k := range []string{"alpha", "beta", "M", "lo", "hi"} {
		j.skip["beta_binomial_eb."+k] = "the likelihood is flat in M: loglik and post_mean judge the fit"
	}
	out := object{
		"js_factor": factor, "james_stein": shares,
		"beta_binomial_eb": object{
			"alpha": p.Alpha, "beta": p.Beta, "mu": p.Mean, "M": p.Size, "loglik": p.LogLikelihood,
			"post_mean": p.Estimates, "lo": low, "hi": high,
		},
	}
	if j.has("remaining") {
		raw, js := 0.0, 0.0
		for i, later := range j.numbers("remaining") {
			d := float64(y[i])/float64(n[i]) - later
			raw += d * d
			d = shares[i] - later
			js += d * d
		}
		out["sse_raw"], out["sse_js"] = raw, js
	}
	return out
}

func (j *job) poolingMeans() any {
	return j.each(func(in node, _ float64) any {
		effect, se := in.get("effect").numbers(), in.get("se").numbers()
		out := object{}
		for _, m := range []evidence.Tau2{evidence.DerSimonianLaird, evidence.RestrictedML, evidence.PauleMandel} {
			p, err := evidence.PoolMeans(effect, se, m)
			j.must(err)
			out[string(m)] = object{
				"mu": p.Estimate.Value, "se": p.Estimate.SE, "tau2": p.Tau2,
				"Q": p.Q.Statistic, "p": p.Q.P, "I2": p.I2,
			}
		}
		return out
	})
}

var formula = regexp.MustCompile(`^\s*([\w.]+)\s*~(.*)\+\s*\(1\s*\|\s*([\w.]+)\)\s*$`)

func (j *job) randomIntercept() any {
	words := j.input.get("model").text()
	found := formula.FindStringSubmatch(words)
	if found == nil {
		j.fail("input.model", "y ~ x + (1|g) is needed, found %q", words)
		return nil
	}
	y, groups := j.numbers(found[1]), j.texts(found[3])
	columns := [][]float64{slices.Repeat([]float64{1}, len(y))}
	for _, term := range strings.Split(found[2], "+") {
		if term = strings.TrimSpace(term); term != "" && term != "1" {
			columns = append(columns, j.numbers(term))
		}
	}
	if j.err != nil {
		return nil
	}
	x := mat.NewDense(len(y), len(columns), nil)
	for c, col := range columns {
		x.SetCol(c, col)
	}
	group, _ := coded(groups)
	fit := func(reml bool) evidence.MixedModel {
		m, err := evidence.RandomIntercept(y, x, group, reml)
		j.must(err)
		return m
	}
	reml, ml := fit(true), fit(false)
	if j.err != nil {
		return nil
	}
	name := strings.ToLower(found[3])
	return object{
		"REML": object{
			"intercept": reml.Coef[0], "se": reml.SE[0], "coef": reml.Coef, "var_" + name: reml.VarGroup,
			"var_resid": reml.VarResidual, "blup": reml.Intercepts, "criterion": reml.Deviance(),
		},
		"ML": object{"var_" + name: ml.VarGroup, "var_resid": ml.VarResidual, "deviance": ml.Deviance()},
	}
}

func (j *job) staggeredDiD() any {
	in := j.input
	p := evidence.Panel{
		Unit: j.texts(in.get("unit").word()), Time: j.wholes(in.get("time").word()),
		FirstTreated: j.wholes(in.get("first_treated").word()), Y: j.numbers(in.get("outcome").word()),
	}
	for _, c := range in.get("covariates").texts() {
		p.Covariates = append(p.Covariates, j.numbers(c))
	}
	opt := evidence.DiDOptions{Control: evidence.Comparison(in.get("control").word())}
	for _, key := range []string{"est_method", "method"} {
		if in.has(key) {
			opt.Adjustment = evidence.Adjustment(in.get(key).word())
		}
	}
	if j.err != nil {
		return nil
	}
	g, err := evidence.GroupTimeATT(p, opt)
	j.must(err)
	if err != nil {
		return nil
	}
	out := object{"group": g.Group, "time": g.Time, "att": g.ATT, "se": g.SE, "pretest_W": g.PreTest.Statistic, "pretest_p": g.PreTest.P}
	for key, target := range map[string]evidence.Target{
		"simple": evidence.SimpleTarget, "dynamic": evidence.DynamicTarget, "group_agg": evidence.GroupTarget, "calendar": evidence.CalendarTarget,
	} {
		a, err := g.Aggregate(target)
		j.must(err)
		if err == nil && key == "simple" {
			j.earn(a.Estimate, claim.Situation{Clusters: len(g.GroupOf)})
		}
		part := object{"overall": a.Estimate.Value, "overall_se": a.Estimate.SE}
		if target == evidence.GroupTarget && err == nil && j.compared() {
			part["overall_se"], part["exact_overall_se"] = oldGroupSE(g, a), a.Estimate.SE
		}
		if len(a.Key) > 0 {
			part["egt"], part["att"], part["se"] = a.Key, a.ATT, a.SE
		}
		out[key] = part
	}
	return out
}

func (j *job) did2x2() any {
	in := j.input
	cluster, _ := coded(j.texts(in.get("cluster").word()))
	y := j.numbers(in.get("outcome").word())
	treated, after := j.yesNo(in.get("treated").word()), j.yesNo(in.get("after").word())
	if j.err != nil {
		return nil
	}
	r, err := evidence.DiffInDiff(y, treated, after, cluster)
	j.must(err)
	return clusterResult(r)
}

func clusterResult(r evidence.ClusterReport) object {
	return object{
		"estimate": r.Coef, "clusters": r.Clusters,
		"cr1": object{"se": r.CR1SE, "t": r.CR1.Statistic, "df": r.CR1DF, "p": r.CR1.P},
		"cr2": object{"se": r.CR2SE, "t": r.CR2.Statistic, "df": r.CR2DF, "p": r.CR2.P},
	}
}

func (j *job) clusterInference() any {
	in := j.input
	y := j.numbers(in.get("outcome").word())
	cluster, _ := coded(j.texts(in.get("cluster").word()))
	columns := [][]float64{slices.Repeat([]float64{1}, len(y))}
	for _, name := range in.get("covariates").texts() {
		columns = append(columns, j.numbers(name))
	}
	if j.err != nil || len(columns) < 2 {
		j.fail("input.covariates", "a covariate is needed")
		return nil
	}
	x := mat.NewDense(len(y), len(columns), nil)
	for c, col := range columns {
		x.SetCol(c, col)
	}
	r, err := evidence.Clustered(y, x, cluster, 1)
	j.must(err)
	w, err := evidence.WildCluster(y, x, cluster, 1, evidence.Permutation{Reps: caseReps, Seed: caseSeed})
	j.must(err)
	out := clusterResult(r)
	out["wild_p"] = w.P
	return out
}
