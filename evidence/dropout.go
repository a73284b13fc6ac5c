package evidence

import (
	"math"
	"slices"
)

// LeeReport is what drop-out could do to a comparison of two arms.
type LeeReport struct {
	Bounds
	KeptTreated, KeptControl float64 // shares that were still there
	Trim                     float64 // share cut from the arm that kept more
	CompleteCase             float64 // difference among those still there
}

// LeeBounds bounds the average effect among people who would have stayed in
// either arm. The arm that kept more is trimmed by q = (p_high−p_low)/p_high,
// from above and from below; the value at the cut counts with the fraction that
// remains of it.
//
// Source: Lee 2009. It assumes that arms were drawn by chance and that the
// programme moves everyone's staying in one direction. It refuses slices of
// unequal lengths, an observed value that isn't a number, and an arm in which
// nobody was observed.
func LeeBounds(y []float64, observed, treated []bool) (LeeReport, error) {
	arms, err := splitArms(y, observed, treated)
	if err != nil {
		return LeeReport{}, err
	}
	t, c := arms[1], arms[0]
	r := LeeReport{KeptTreated: t.kept(), KeptControl: c.kept(), CompleteCase: meanOf(t.seen) - meanOf(c.seen)}
	r.Assumption = "lee"
	high, low := max(r.KeptTreated, r.KeptControl), min(r.KeptTreated, r.KeptControl)
	r.Trim = (high - low) / high
	if r.KeptTreated >= r.KeptControl {
		bottom, top := trimmedMeans(t.seen, r.Trim)
		r.Low, r.High = bottom-meanOf(c.seen), top-meanOf(c.seen)
		return r, nil
	}
	bottom, top := trimmedMeans(c.seen, r.Trim)
	r.Low, r.High = meanOf(t.seen)-top, meanOf(t.seen)-bottom
	return r, nil
}

// arm is one arm of a comparison: who was in it and what was seen of them.
type arm struct {
	n    int
	seen []float64
}

func (a arm) kept() float64 { return float64(len(a.seen)) / float64(a.n) }

// splitArms gives the control arm and the treated arm.
func splitArms(y []float64, observed, treated []bool) ([2]arm, error) {
	var arms [2]arm
	if err := checkSame("observed", len(y), len(observed), len(treated)); err != nil {
		return arms, err
	}
	for i, v := range y {
		a := &arms[0]
		if treated[i] {
			a = &arms[1]
		}
		a.n++
		if !observed[i] {
			continue
		}
		if !finite(v) {
			return arms, refuseWith(GateInput, "y", map[string]float64{"row": float64(i)})
		}
		a.seen = append(a.seen, v)
	}
	if len(arms[0].seen) == 0 {
		return arms, refuse(GateEmpty, "control")
	}
	if len(arms[1].seen) == 0 {
		return arms, refuse(GateEmpty, "treated")
	}
	return arms, nil
}

// trimmedMeans is the mean without the greatest share q of the values, and the
// mean without the least.
func trimmedMeans(values []float64, q float64) (bottom, top float64) {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	keep := float64(len(sorted)) * (1 - q)
	return firstMean(sorted, keep), -firstMean(negated(sorted), keep)
}

func negated(sorted []float64) []float64 {
	out := make([]float64, len(sorted))
	for i, v := range sorted {
		out[len(out)-1-i] = -v
	}
	return out
}

// firstMean is the mean of the first keep values; the last may count in part.
func firstMean(sorted []float64, keep float64) float64 {
	sum, left := 0.0, keep
	for _, v := range sorted {
		w := min(1, left)
		if w <= 0 {
			break
		}
		sum += w * v
		left -= w
	}
	return sum / keep
}

// WorstCaseByArm bounds the difference of two arms when those who weren't
// observed could have had any value from low to high, the ends of the scale.
//
// Source: Manski 1990. It assumes nothing; it refuses what [LeeBounds] refuses,
// values outside the scale, and a scale without ends.
func WorstCaseByArm(y []float64, observed, treated []bool, low, high float64) (Bounds, error) {
	if !finite(low) || !finite(high) || low >= high {
		return Bounds{}, refuse(GateRange, "scale")
	}
	arms, err := splitArms(y, observed, treated)
	if err != nil {
		return Bounds{}, err
	}
	var lows, highs [2]float64
	for i, a := range arms {
		for _, v := range a.seen {
			if v < low || v > high {
				return Bounds{}, refuseWith(GateRange, "y", map[string]float64{"value": v})
			}
		}
		r := a.kept()
		lows[i] = r*meanOf(a.seen) + (1-r)*low
		highs[i] = r*meanOf(a.seen) + (1-r)*high
	}
	return Bounds{lows[1] - highs[0], highs[1] - lows[0], "worst_case"}, nil
}

// worstCase bounds a mean of which a share r was observed.
func worstCase(r, mean, low, high float64) Bounds {
	return Bounds{r*mean + (1-r)*low, r*mean + (1-r)*high, "worst_case"}
}

// tippingPoint is the mean of the silent at which the mean of all is target.
func tippingPoint(r, mean, target float64) float64 {
	if r == 1 {
		return math.NaN()
	}
	return (target - r*mean) / (1 - r)
}
