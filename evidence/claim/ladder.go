package claim

import (
	"math"
	"slices"

	"commonweal/evidence"
)

// ladder lists the rungs of the estimate's design, the highest first.
func (a *assessor) ladder() []rung {
	switch a.e.Design {
	case evidence.Survey:
		return []rung{{2, a.surveyChecks(), a.sayShare}, {1, a.countChecks(), a.sayCount}}
	case evidence.BeforeAfter:
		rungs := []rung{{3, a.pairChecks(), a.sayPair}}
		if a.s.Answers.N > 0 {
			rungs = append(rungs, rung{1, a.countChecks(), a.sayCount})
		}
		return rungs
	case evidence.InterruptedDesign:
		return []rung{{4, a.seriesChecks(), a.sayTrend}, {3, a.associationChecks(), a.saySeries}}
	case evidence.Differences, evidence.Synthetic:
		return []rung{{5, a.comparisonChecks(), a.sayFits}, {3, a.associationChecks(), a.saySeries}}
	case evidence.Randomised, evidence.RandomisedRollout:
		return []rung{
			{6, append(a.trialChecks(), a.leeCheck()), a.sayCaused},
			{5, a.trialChecks(), a.sayDropOut},
			{3, append(a.said(), a.associationChecks()...), a.sayGroups},
		}
	}
	return nil
}

// said are the checks of anything that is said at all.
func (a *assessor) said() []evidence.Check {
	least := a.s.Threshold
	if least == 0 {
		least = minAnswers
	}
	return []evidence.Check{
		checkWith(CheckAnswers, a.e.N >= least, map[string]float64{"n": float64(a.e.N), "min": float64(least)}),
		check(CheckShown, !a.s.Hidden),
		a.subgroupCheck(),
	}
}

func (a *assessor) subgroupCheck() evidence.Check {
	return check(CheckSubgroup, a.s.Subgroup == "" || a.s.PlanStored && slices.Contains(a.plan.Subgroups, a.s.Subgroup))
}

// seriesSaid are those of series and panels, whose N counts points or units.
func (a *assessor) seriesSaid() []evidence.Check {
	if a.e.Design == evidence.Synthetic { // its placebos stand for an interval
		return []evidence.Check{check(CheckShown, !a.s.Hidden), a.subgroupCheck(), check(CheckInterval, finite(a.e.Value))}
	}
	return []evidence.Check{check(CheckShown, !a.s.Hidden), a.subgroupCheck(), a.intervalCheck()}
}

func (a *assessor) countChecks() []evidence.Check {
	x := a.s.Answers
	return append(a.said(),
		checkWith(CheckFrame, a.e.Frame >= a.e.N && a.e.Frame > 0, map[string]float64{"frame": float64(a.e.Frame)}),
		check(CheckCount, x.N == a.e.N && x.Yes >= 0 && x.Yes <= x.N),
		check(CheckSuppressed, a.s.Suppressed),
	)
}

// CheckSuppressed passes when the count went through the small-number rules.
const CheckSuppressed evidence.CheckID = "suppressed"

func (a *assessor) intervalCheck() evidence.Check {
	return check(CheckInterval, finite(a.e.Value, a.e.Interval.Low, a.e.Interval.High) && a.e.Interval.Low <= a.e.Interval.High)
}

// looksCheck: whoever looks more than once needs a confidence sequence.
func (a *assessor) looksCheck() evidence.Check {
	ok := a.e.Looks <= 1 || a.e.Interval.Method == evidence.ConfidenceSequence
	return checkWith(CheckLooks, ok, map[string]float64{"looks": float64(a.e.Looks)})
}

func (a *assessor) surveyChecks() []evidence.Check {
	return append(a.countChecks(),
		a.intervalCheck(), a.looksCheck(),
		check(CheckBounds, a.e.Worst != nil && finite(a.e.Worst.Low, a.e.Worst.High)),
		check(CheckTipping, a.e.Tipping != nil && (finite(*a.e.Tipping) || a.e.N == a.e.Frame)),
		a.informativeCheck(),
	)
}

// informativeCheck: with so few answers that the silent could make it almost
// anything, from nearly nobody to nearly everyone, even an "if" doesn't let a
// percentage speak for all. Missing bounds are another check's.
func (a *assessor) informativeCheck() evidence.Check {
	w := a.e.Worst
	if w == nil {
		return check(CheckInformative, true)
	}
	ok := w.Low >= almostNone || w.High <= 1-almostNone
	return checkWith(CheckInformative, ok, map[string]float64{"low": w.Low, "high": w.High, "min": almostNone})
}

func (a *assessor) pairChecks() []evidence.Check {
	return append(a.said(),
		a.intervalCheck(), a.looksCheck(),
		check(CheckLinked, a.s.Linked),
		check(CheckPaired, a.s.PairedTest),
		check(CheckDropOut, a.s.Complete || a.s.DropOut != nil && finite(a.s.DropOut.Low, a.s.DropOut.High)),
		a.multipleCheck(),
	)
}

// multipleCheck: with more than one outcome the adjusted p-value decides
// whether a change is spoken of.
func (a *assessor) multipleCheck() evidence.Check {
	if a.s.Outcomes <= 1 {
		return check(CheckMultiple, true)
	}
	ok := a.s.AdjustedP != nil && (*a.s.AdjustedP <= alpha || a.null())
	return checkWith(CheckMultiple, ok, map[string]float64{"outcomes": float64(a.s.Outcomes)})
}

func (a *assessor) associationChecks() []evidence.Check {
	return append(a.seriesSaid(), a.looksCheck(), a.multipleCheck())
}

func (a *assessor) plannedCheck() evidence.Check {
	ok := a.s.PlanStored && a.plan.Estimand == a.e.Estimand && slices.Contains(a.plan.Outcomes, a.s.OutcomeID) && a.s.OutcomeID != ""
	return check(CheckPlanned, ok)
}

// from gives the estimate's own check; one that wasn't made counts as failed.
func (a *assessor) from(id evidence.CheckID) evidence.Check {
	for _, c := range a.e.Checks {
		if c.ID == id {
			return c
		}
	}
	return check(id, false)
}

func (a *assessor) made(id evidence.CheckID) bool {
	return slices.ContainsFunc(a.e.Checks, func(c evidence.Check) bool { return c.ID == id })
}

func (a *assessor) seriesChecks() []evidence.Check {
	cs := append(a.associationChecks(), a.plannedCheck())
	for _, id := range []evidence.CheckID{evidence.CheckPoints, evidence.CheckSerial, evidence.CheckSEsAgree, evidence.CheckPlacebo} {
		cs = append(cs, a.from(id))
	}
	if a.s.Counted {
		cs = append(cs, a.from(evidence.CheckDisperse))
	}
	if a.made(evidence.CheckControl) {
		cs = append(cs, a.from(evidence.CheckControl))
	}
	return cs
}

func (a *assessor) comparisonChecks() []evidence.Check {
	cs := append(a.associationChecks(), a.plannedCheck(),
		check(CheckSensitivity, a.s.Sensitivity != nil && finite(*a.s.Sensitivity)),
	)
	if a.e.Design == evidence.Synthetic {
		return append(cs, a.from(evidence.CheckPreFit), a.from(evidence.CheckPlaceboSC))
	}
	return append(cs,
		a.from(evidence.CheckPrePeriods), a.from(evidence.CheckPreTest),
		check(CheckTwoWay, !a.s.TwoWay),
		a.clusterCheck(),
	)
}

func (a *assessor) clusterCheck() evidence.Check {
	return checkWith(CheckFewClusters, a.s.Permuted || a.s.Clusters >= minClusters, map[string]float64{
		"clusters": float64(a.s.Clusters), "min": minClusters,
	})
}

// trialChecks are those that let a sentence say that chance decided.
func (a *assessor) trialChecks() []evidence.Check {
	cs := append(a.said(),
		a.intervalCheck(), a.looksCheck(), a.multipleCheck(), a.plannedCheck(),
		check(CheckSeed, a.s.SeedStored), check(CheckVerified, a.s.Verified),
		check(CheckIntention, a.s.IntentionToTreat),
	)
	if a.e.Design == evidence.RandomisedRollout || a.s.Clusters > 0 {
		cs = append(cs, a.clusterCheck(), a.permutedCheck())
	}
	return cs
}

// permutedCheck: an effect of a roll-out needs the permutation to agree with
// the interval.
func (a *assessor) permutedCheck() evidence.Check {
	ok := a.s.P != nil && finite(*a.s.P) && (*a.s.P <= alpha || a.null())
	return check(CheckPermuted, ok)
}

// CheckPermuted passes when drawing the assignment anew agrees with the
// interval.
const CheckPermuted evidence.CheckID = "permutation_agrees"

// leeCheck: drop-out must not be able to explain the difference. Where there is
// no clear difference there is nothing to explain.
func (a *assessor) leeCheck() evidence.Check {
	if a.s.Complete || a.null() {
		return check(CheckLee, true)
	}
	d := a.s.DropOut
	if d == nil || !finite(d.Low, d.High) {
		return check(CheckLee, false)
	}
	return checkWith(CheckLee, d.Low > 0 || d.High < 0, map[string]float64{"low": d.Low, "high": d.High})
}

func (a *assessor) sayCount() Claim {
	x := a.s.Answers
	c := Claim{Sentence: Sentence{Key: keyCount, Args: a.words(map[string]Arg{
		"x": count(x.Yes), "n": count(x.N), "N": count(a.e.Frame), "rr": percent(float64(x.N) / float64(a.e.Frame)),
	})}}
	c.Caveats = append(c.Caveats, a.missing()...)
	return c
}

// missing says what the silent could have said, where that is known.
func (a *assessor) missing() []Sentence {
	var out []Sentence
	if w := a.e.Worst; w != nil && finite(w.Low, w.High) && w.Low < w.High && a.e.Estimand == evidence.Share {
		out = append(out, Sentence{Key: keyBounds, Args: a.words(map[string]Arg{"L": percent(w.Low), "U": percent(w.High)})})
	}
	return append(out, a.tip()...)
}

// tip tells from which share of the silent on a claim fails.
func (a *assessor) tip() []Sentence {
	t := a.e.Tipping
	if t == nil || !finite(*t) || a.s.Target == 0 {
		return nil
	}
	switch {
	case *t <= 0:
		return nil // it holds whatever the silent say
	case *t > 1:
		return []Sentence{{Key: keyNoTip, Args: a.words(nil)}}
	}
	return []Sentence{{Key: keyTip, Args: a.words(map[string]Arg{"t": percent(*t)})}}
}

func (a *assessor) sayShare() Claim {
	w, i := a.e.Worst, a.e.Interval
	args := a.words(map[string]Arg{
		"p": percent(a.e.Value), "lo": percentPart(i.Low), "hi": percentPart(i.High), "L": percent(w.Low), "U": percent(w.High),
		"x": count(a.s.Answers.Yes), "n": count(a.s.Answers.N),
	})
	switch {
	case a.e.N == a.e.Frame:
		return Claim{Sentence: Sentence{keyEveryone, args}}
	case a.firm():
		return Claim{Sentence: Sentence{keyFirm, args}}
	case a.e.N < minPercent:
		return Claim{Sentence: Sentence{keyShareFew, args}, Caveats: a.tip()}
	}
	return Claim{Sentence: Sentence{keyShare, args}, Caveats: a.tip()}
}

// firm says whether the worst case alone supports the claim.
func (a *assessor) firm() bool {
	return a.s.Target > 0 && a.e.Worst.Low > a.s.Target
}

// changed words an estimate with its limits, away from zero.
func (a *assessor) changed(more, less string) Claim {
	v, lo, hi := a.scaled(a.e.Value), a.scaled(a.e.Interval.Low), a.scaled(a.e.Interval.High)
	key := more
	if v < 0 {
		key = less
		v, lo, hi = -v, -hi, -lo
	}
	args := map[string]Arg{"est": a.amount(v), "change": a.amount(v), "lo": a.amountPart(lo), "hi": a.amount(hi)}
	return Claim{Sentence: Sentence{key, a.words(args)}}
}

// scaled turns differences of logarithms into shares.
func (a *assessor) scaled(v float64) float64 {
	if a.s.Logged {
		return math.Expm1(v)
	}
	return v
}

func (a *assessor) amount(v float64) Arg {
	switch {
	case a.s.Logged:
		return percent(v)
	case a.e.Estimand == evidence.ShareChange || a.e.Estimand == evidence.Share:
		return points(v)
	}
	return number(v)
}

// amountPart is the first of two numbers, without its unit.
func (a *assessor) amountPart(v float64) Arg {
	arg := a.amount(v)
	if arg.Kind == Percent {
		arg.Kind = PercentPart
	}
	if arg.Kind == Points {
		arg.Kind = PointsPart
	}
	return arg
}

func (a *assessor) nullAt(key string) Claim {
	lo, hi := a.scaled(a.e.Interval.Low), a.scaled(a.e.Interval.High)
	return Claim{Sentence: Sentence{key, a.words(map[string]Arg{"lo": a.amountPart(lo), "hi": a.amount(hi)})}}
}

func (a *assessor) sayPair() Claim {
	c := a.changed(keyPair, keyPairLess)
	if a.null() {
		c = a.nullAt(keyPairNull)
	}
	if d := a.s.DropOut; d != nil && !a.s.Complete {
		c.Caveats = append(c.Caveats, Sentence{Key: keyDropOut, Args: map[string]Arg{"lo": a.amountPart(d.Low), "hi": a.amount(d.High)}})
	}
	return c
}

func (a *assessor) saySeries() Claim { return a.associated(keySeries, "word.rose", "word.fell") }
func (a *assessor) sayGroups() Claim { return a.associated(keyGroups, "word.higher", "word.lower") }

func (a *assessor) associated(key, more, less string) Claim {
	if a.null() {
		return a.nullAt(keySeriesNull)
	}
	dir := word(more)
	if a.e.Value < 0 {
		dir = word(less)
	}
	return Claim{Sentence: Sentence{key, a.words(map[string]Arg{"dir": dir})}}
}

func (a *assessor) sayTrend() Claim {
	if a.null() {
		return a.nullAt(keyTrendNull)
	}
	return a.changed(keyTrend, keyTrendLess)
}

func (a *assessor) sayFits() Claim {
	if a.e.Design == evidence.Synthetic {
		c := a.synthetic()
		c.Caveats = append(c.Caveats, Sentence{Key: keySensitivity, Args: map[string]Arg{"s": number(*a.s.Sensitivity)}})
		return c
	}
	c := a.changed(keyFits, keyFitsLess)
	if a.null() {
		c = a.nullAt(keyFitsNull)
	}
	c.Caveats = append(c.Caveats, Sentence{Key: keyPreTest})
	c.Caveats = append(c.Caveats, Sentence{Key: keySensitivity, Args: map[string]Arg{"s": number(*a.s.Sensitivity)}})
	return c
}

// synthetic has no interval: its placebos stand for one.
func (a *assessor) synthetic() Claim {
	v, key := a.scaled(a.e.Value), keySynthetic
	if v < 0 {
		v, key = -v, keySyntheticLess
	}
	placebo := a.from(evidence.CheckPlaceboSC)
	return Claim{Sentence: Sentence{key, a.words(map[string]Arg{
		"est": a.amount(v), "rank": count(int(placebo.Detail["rank"])), "units": count(a.e.N),
	})}}
}

func (a *assessor) sayDropOut() Claim {
	d := a.s.DropOut
	if d == nil || !finite(d.Low, d.High) {
		return Claim{Sentence: Sentence{Key: keyDropOutUnknown, Args: a.words(nil)}}
	}
	return Claim{Sentence: Sentence{keyDropOutExplains, a.words(map[string]Arg{
		"lee_lo": a.amountPart(a.scaled(d.Low)), "lee_hi": a.amount(a.scaled(d.High)),
	})}}
}

func (a *assessor) sayCaused() Claim {
	if a.null() {
		return a.nullAt(keyCausedNull)
	}
	return a.changed(keyCaused, keyCausedLess)
}

// standing are caveats that any rung above 0 carries.
func (a *assessor) standing() []Sentence {
	var out []Sentence
	if a.e.Design != evidence.Survey && a.amount(0).Kind == Points && a.e.N < minPercent {
		out = append(out, Sentence{Key: keyFew, Args: map[string]Arg{"n": count(a.e.N)}}) // a survey's sentences count
	}
	if !a.plannedCheck().Passed {
		out = append(out, Sentence{Key: keyExploratory})
	}
	return out
}

// nothing is rung 0, with the first reason.
func (a *assessor) nothing() Claim {
	reason := evidence.CheckID("nothing")
	order := []evidence.CheckID{CheckShown, CheckSubgroup, CheckAnswers, CheckFrame, CheckSuppressed, CheckLooks, CheckInterval}
	for _, id := range order {
		if slices.ContainsFunc(a.blocked, func(c evidence.Check) bool { return c.ID == id }) {
			reason = id
			break
		}
	}
	return Claim{Sentence: Sentence{Key: keyNothing, Args: map[string]Arg{"reason": word("reason." + string(reason))}}}
}

// words adds the phrases of the situation to a sentence's arguments.
func (a *assessor) words(args map[string]Arg) map[string]Arg {
	out := map[string]Arg{}
	for k, v := range args {
		out[k] = v
	}
	for name, of := range map[string]func(Words) string{
		"frame":     func(w Words) string { return w.Frame },
		"outcome":   func(w Words) string { return w.Outcome },
		"event":     func(w Words) string { return w.Event },
		"programme": func(w Words) string { return w.Programme },
		"group":     func(w Words) string { return w.Units },
		"claim":     func(w Words) string { return w.Claim },
	} {
		text := map[string]string{}
		for lang, w := range a.s.Words {
			if t := of(w); t != "" {
				text[lang] = t
			}
		}
		out[name] = Arg{Kind: Phrase, Word: "default." + name, Text: text}
	}
	if a.e.Design == evidence.Survey {
		out["outcome"] = Arg{Kind: Phrase, Word: "default.answer", Text: out["outcome"].Text}
	}
	return out
}
