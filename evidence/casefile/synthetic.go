package casefile

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"commonweal/evidence"
	"commonweal/evidence/claim"
)

var treatedFrom = regexp.MustCompile(`^(.*) from (\d+)$`)

// panel reads an outcome by unit and time.
func (j *job) panel(unit, time, outcome string) evidence.SCPanel {
	units, times, y := j.texts(unit), j.wholes(time), j.gaps(outcome)
	if j.err != nil {
		return evidence.SCPanel{}
	}
	unitOf, names := coded(units)
	years := slices.Clone(times)
	slices.Sort(years)
	years = slices.Compact(years)
	p := evidence.SCPanel{Units: names, Times: years}
	for range names {
		p.Y = append(p.Y, slices.Repeat([]float64{math.NaN()}, len(years)))
	}
	for i, v := range y {
		t, _ := slices.BinarySearch(years, times[i])
		p.Y[unitOf[i]][t] = v
	}
	return p
}

func (j *job) syntheticControl() any {
	if j.input.has("predictors") {
		return j.fixedV()
	}
	in := j.input
	p := j.panel(in.get("unit").word(), in.get("time").word(), in.get("outcome").word())
	treated, from := j.treatment(p, in.get("treated").text())
	if j.err != nil {
		return nil
	}
	r, err := evidence.SyntheticControl(p, treated, from)
	j.must(err)
	sdid, err := evidence.EstimateSDID(p, []int{treated}, from)
	j.must(err)
	if j.err != nil {
		return nil
	}
	j.earn(r.Estimate, claim.Situation{})
	last := len(p.Times) - 1
	lambda := object{}
	for t := range from {
		lambda[strconv.Itoa(p.Times[t])] = sdid.TimeWeights[t]
	}
	return object{
		"outcome_only_qp": object{
			"avg_gap_" + strconv.Itoa(p.Times[from]) + "_" + strconv.Itoa(p.Times[last]): r.MeanGap, "gap_" + strconv.Itoa(p.Times[last]): r.Gap[last],
			"pre_rmspe": r.PreRMSPE, "top_weights": byName(p.Units, r.Weights),
			"ratio_" + strings.ToLower(p.Units[treated]): r.Ratio, "rank_of_ratio": r.Rank, "placebo_p": r.P,
		},
		"synthdid_pkg": object{
			"sc": r.MeanGap, "did": plainDiD(p, treated, from), "synthdid": sdid.Effect,
			"synthdid_top_weights": byName(p.Units, sdid.UnitWeights), "lambda": lambda,
		},
	}
}

// treatment reads "unit from time".
func (j *job) treatment(p evidence.SCPanel, words string) (treated, from int) {
	found := treatedFrom.FindStringSubmatch(words)
	if found == nil {
		j.fail("input.treated", "\"unit from time\" is needed, found %q", words)
		return 0, 0
	}
	treated, from = slices.Index(p.Units, found[1]), slices.Index(p.Times, int(wordNumber(found[2])))
	if treated < 0 || from < 0 {
		j.fail("input.treated", "%q isn't in the data", words)
	}
	return treated, from
}

func byName(names []string, weights []float64) object {
	out := object{}
	for i, n := range names {
		out[n] = weights[i]
	}
	return out
}

// plainDiD compares the treated unit's change with the mean of the others'.
func plainDiD(p evidence.SCPanel, treated, from int) float64 {
	change := func(row []float64) float64 { return mean(row[from:]) - mean(row[:from]) }
	others := 0.0
	for u, row := range p.Y {
		if u != treated {
			others += change(row) / float64(len(p.Y)-1)
		}
	}
	return change(p.Y[treated]) - others
}

func mean(vs []float64) float64 {
	s := 0.0
	for _, v := range vs {
		s += v
	}
	return s / float64(len(vs))
}

var (
	averaged = regexp.MustCompile(`([\w, ]+) mean (\d{4})-(\d{2,4})`)
	single   = regexp.MustCompile(`(\w+) ((?:\d{4}(?:, )?)+)`)
)

// orElse is the text of a field, or what it is when the case doesn't say.
func (n node) orElse(key, otherwise string) string {
	if n.has(key) {
		return n.get(key).text()
	}
	return otherwise
}

// fixedV fits on predictors with equal weight. What the public case leaves
// unsaid, the names of its columns and California from 1989, is filled in.
func (j *job) fixedV() any {
	in := j.input
	unit, time := in.orElse("unit", "state"), in.orElse("time", "year")
	p := j.panel(unit, time, in.orElse("outcome", "cigsale"))
	if v := in.get("v").text(); !strings.HasPrefix(v, "equal") {
		j.fail("input.v", "only equal weights are known, found %q", v)
	}
	treated, from := j.treatment(p, in.orElse("treated", "California from 1989"))
	if j.err != nil {
		return nil
	}
	j.predictors(&p, unit, time)
	if j.err != nil {
		return nil
	}
	r, err := evidence.SyntheticControl(p, treated, from)
	j.must(err)
	if err != nil {
		return nil
	}
	j.earn(r.Estimate, claim.Situation{})
	out := fit(p, r.Weights, treated, from)
	if j.compared() {
		for k, v := range fit(p, r.Weights, treated, from) {
			out["exact_"+k] = v
		}
		for k, v := range fit(p, stoppedWeights(p, treated), treated, from) {
			out[k] = v
		}
	}
	return out
}

// predictors reads words, "a, b mean 1980-88; c 1975, 1980", into the panel.
func (j *job) predictors(p *evidence.SCPanel, unit, time string) {
	p.Predictors = make([][]float64, len(p.Units))
	add := func(column string, from, to int) {
		rows := j.panel(unit, time, column)
		if j.err != nil {
			return
		}
		p.V = append(p.V, 1)
		for u := range p.Units {
			var seen []float64
			for t, year := range p.Times {
				if year >= from && year <= to && !math.IsNaN(rows.Y[u][t]) {
					seen = append(seen, rows.Y[u][t])
				}
			}
			p.Predictors[u] = append(p.Predictors[u], mean(seen))
		}
	}
	for _, part := range strings.Split(j.input.get("predictors").text(), ";") {
		switch {
		case averaged.MatchString(part):
			found := averaged.FindStringSubmatch(part)
			from := int(wordNumber(found[2]))
			to := int(wordNumber(found[2][:4-len(found[3])] + found[3]))
			for _, name := range strings.Split(found[1], ",") {
				add(strings.TrimSpace(name), from, to)
			}
		case single.MatchString(part):
			found := single.FindStringSubmatch(part)
			for _, year := range strings.Split(strings.Trim(found[2], ", "), ",") {
				y := int(wordNumber(strings.TrimSpace(year)))
				add(found[1], y, y)
			}
		}
	}
	if len(p.V) == 0 {
		j.fail("input.predictors", "\"name mean 1980-88\" or \"name 1975, 1980\" is needed")
	}
}

// fit describes a mixture.
func fit(p evidence.SCPanel, weights []float64, treated, from int) object {
	first, last := strconv.Itoa(p.Times[from]), strconv.Itoa(p.Times[len(p.Times)-1])
	gap := slices.Clone(p.Y[treated])
	for u, w := range weights {
		for t := range gap {
			gap[t] -= w * p.Y[u][t]
		}
	}
	squares := 0.0
	for _, g := range gap[:from] {
		squares += g * g / float64(from)
	}
	return object{
		"top_weights": byName(p.Units, weights), "mspe_pre": squares,
		"gap_" + last: gap[len(gap)-1], "avg_gap_" + first + "_" + last: mean(gap[from:]),
	}
}

// stoppedWeights are the weights at which the reference stops.
func stoppedWeights(p evidence.SCPanel, treated int) []float64 {
	features := p.Scaled()
	var columns [][]float64
	for u, f := range features {
		if u != treated {
			columns = append(columns, f)
		}
	}
	return slices.Insert(interiorWeights(columns, features[treated]), treated, 0)
}
