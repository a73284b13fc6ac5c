package claim

import (
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
