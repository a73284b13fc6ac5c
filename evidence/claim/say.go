package claim

import (
	"math"
	"slices"

	"commonweal/evidence"
)

// This file puts each rung into a sentence; which rung is earned is decided in
// ladder.go.

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
