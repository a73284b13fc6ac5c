package evidence

import (
	"cmp"
	"math"
	"slices"
)

// Multiplicity is a way to judge several outcomes together.
type Multiplicity string

// Ways to adjust p-values. BH is what the claim ladder uses.
const (
	Bonferroni Multiplicity = "bonferroni"
	Holm       Multiplicity = "holm"
	BH         Multiplicity = "BH"
	BY         Multiplicity = "BY"
)

// AdjustP adjusts p-values of outcomes that are judged together. A missing
// p-value (NaN) stays missing and isn't counted.
//
// Bonferroni and Holm bound the chance of any false finding; BH (Benjamini and
// Hochberg 1995; independent or positively dependent outcomes) and BY
// (Benjamini and Yekutieli 2001; any dependence) bound the share of false ones.
// It refuses p-values outside [0, 1] and an unknown way.
func AdjustP(p []float64, m Multiplicity) ([]float64, error) {
	var order []int
	for i, v := range p {
		if math.IsNaN(v) {
			continue
		}
		if v < 0 || v > 1 {
			return nil, refuseWith(GateInput, "p", map[string]float64{"row": float64(i)})
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	out := slices.Repeat([]float64{math.NaN()}, len(p))
	n := float64(len(order))
	switch m {
	case Bonferroni:
		for _, i := range order {
			out[i] = min(1, n*p[i])
		}
	case Holm:
		top := 0.0
		for k, i := range order {
			top = max(top, (n-float64(k))*p[i])
			out[i] = min(1, top)
		}
	case BH:
		stepUp(out, p, order, 1)
	case BY:
		harmonic := 0.0
		for k := range order {
			harmonic += 1 / float64(k+1)
		}
		stepUp(out, p, order, harmonic)
	default:
		return nil, refuse(GateRange, "multiplicity")
	}
	return out, nil
}

func stepUp(out, p []float64, order []int, factor float64) {
	n, least := float64(len(order)), 1.0
	for k, i := range slices.Backward(order) {
		least = min(least, factor*n/float64(k+1)*p[i])
		out[i] = least
	}
}
