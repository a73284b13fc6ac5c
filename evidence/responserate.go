package evidence

import "math"

// Dispositions counts what became of everyone who was asked, in the words of
// the AAPOR standard: complete and partial interviews, refusals, people not
// reached, others, and people of whom it isn't known whether they were eligible
// (households and others).
type Dispositions struct {
	Complete, Partial, Refusal, NonContact, Other int
	UnknownHousehold, UnknownOther                int
}

// Rates are the AAPOR outcome rates. A rate without anybody in its denominator
// is NaN.
type Rates struct {
	RR1, RR2, RR3, RR4, RR5, RR6 float64
	COOP1, COOP2                 float64
	REF1, REF2, REF3             float64
	CON1, CON2, CON3             float64
}

// ResponseRates computes the response, cooperation, refusal and contact rates.
// e is the share of the unknown that is judged eligible; RR1, RR2, REF1 and CON1
// count all of the unknown, RR3, RR4, REF2 and CON2 that share of it, and the
// others none.
//
// Source: AAPOR Standard Definitions, 9th and 10th editions. It refuses
// negative counts, nobody at all, and e outside [0, 1].
func ResponseRates(d Dispositions, e float64) (Rates, error) {
	known := 0.0
	for _, n := range []int{d.Complete, d.Partial, d.Refusal, d.NonContact, d.Other, d.UnknownHousehold, d.UnknownOther} {
		if n < 0 {
			return Rates{}, refuse(GateInput, "dispositions")
		}
		known += float64(n)
	}
	if known == 0 {
		return Rates{}, refuse(GateEmpty, "dispositions")
	}
	if !(e >= 0 && e <= 1) {
		return Rates{}, refuse(GateRange, "e")
	}
	unknown := float64(d.UnknownHousehold + d.UnknownOther)
	all := known
	known -= unknown
	some := known + e*unknown
	i, ip := float64(d.Complete), float64(d.Complete+d.Partial)
	r := float64(d.Refusal)
	met := ip + r + float64(d.Other)
	return Rates{
		RR1: over(i, all), RR2: over(ip, all), RR3: over(i, some), RR4: over(ip, some), RR5: over(i, known), RR6: over(ip, known),
		COOP1: over(i, met), COOP2: over(ip, met),
		REF1: over(r, all), REF2: over(r, some), REF3: over(r, known),
		CON1: over(met, all), CON2: over(met, some), CON3: over(met, known),
	}, nil
}

func over(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}
