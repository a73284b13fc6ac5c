package evidence

import "math"

// EValue says how strongly an unmeasured cause would have to go with both the
// programme and the outcome, as risk ratios, to explain a risk ratio away:
// RR+√(RR(RR−1)), with RR < 1 inverted. ci is the same for the confidence limit
// nearer to 1, and 1 when the interval holds 1.
//
// Source: VanderWeele and Ding 2017. It refuses ratios that aren't positive
// numbers.
func EValue(rr, limit float64) (point, ci float64, err error) {
	if !finite(rr) || !finite(limit) || rr <= 0 || limit <= 0 {
		return 0, 0, refuse(GateInput, "rr")
	}
	ci = 1
	if (rr > 1) == (limit > 1) && limit != 1 {
		ci = eValue(limit)
	}
	return eValue(rr), ci, nil
}

func eValue(rr float64) float64 {
	if rr < 1 {
		rr = 1 / rr
	}
	return rr + math.Sqrt(rr*(rr-1))
}

// PartialR2 is the share of the remaining variance that a coefficient with
// this t explains: t²/(t²+df).
func PartialR2(t, df float64) float64 { return t * t / (t*t + df) }

// RobustnessValue says what share of the remaining variance of both the
// programme and the outcome an unmeasured cause would have to explain to bring
// an estimate down by the share q of it (1: to zero): ½(√(f⁴+4f²)−f²),
// f = q·|t|/√df. With alpha below 1 it asks for what would make the estimate
// no longer stand out at that level: f is reduced by t*/√(df−1), t* the t
// quantile with df−1 degrees of freedom, and isn't taken below 0.
//
// Source: Cinelli and Hazlett 2020. It refuses values that aren't numbers,
// fewer than 2 degrees of freedom, and q or alpha outside (0, 1].
func RobustnessValue(t, df, q, alpha float64) (float64, error) {
	if !finite(t) || !(df > 1) || !finite(df) || !(q > 0 && q <= 1) || !(alpha > 0 && alpha <= 1) {
		return 0, refuse(GateInput, "robustness")
	}
	f := q * math.Abs(t) / math.Sqrt(df)
	if alpha < 1 {
		f -= tQuantile(1-alpha/2, df-1) / math.Sqrt(df-1)
	}
	if f <= 0 {
		return 0, nil
	}
	return (math.Sqrt(f*f*f*f+4*f*f) - f*f) / 2, nil
}
