package evidence

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Sequence is a confidence sequence for a share: intervals that hold at every
// look together, however often and whenever one looks.
type Sequence struct {
	alpha, tOpt float64
}

// NewSequence makes a sequence that misses anywhere with probability at most
// alpha (0 stands for 0.05) and is narrowest around tOpt answers (0: 100).
//
// It keeps the shares p with ln B(a+x, b+n−x) − ln B(a, b) − x·ln p −
// (n−x)·ln(1−p) < ln(1/α), where a = r/(1−p), b = r/p,
// r = max(ρ−p(1−p), p(1−p)/1000) and ρ is best at tOpt. Source: Howard, Ramdas,
// McAuliffe and Sekhon 2021. It assumes independent answers with one share. It
// refuses alpha outside (0, 1) and tOpt that isn't positive.
func NewSequence(alpha, tOpt float64) (*Sequence, error) {
	if alpha == 0 {
		alpha = 1 - defaultLevel
	}
	if tOpt == 0 {
		tOpt = 100
	}
	if !(alpha > 0 && alpha < 1) || !(tOpt > 0) || math.IsInf(tOpt, 0) {
		return nil, refuse(GateRange, "sequence")
	}
	return &Sequence{alpha, tOpt}, nil
}

// At is the interval after c.N answers, of which c.Yes were yes.
func (s *Sequence) At(c Count) (Interval, error) {
	i := Interval{0, 1, 1 - s.alpha, ConfidenceSequence}
	if c.N == 0 && c.Yes == 0 {
		return i, nil
	}
	if err := c.check("count"); err != nil {
		return Interval{}, err
	}
	const edge = 1e-12
	inside := func(p float64) float64 { return s.evidence(c, p) - math.Log(1/s.alpha) }
	p := min(1-edge, max(edge, c.share()))
	if c.Yes > 0 && inside(edge) > 0 {
		i.Low = bisect(edge, p, inside)
	}
	if c.Yes < c.N && inside(1-edge) > 0 {
		i.High = bisect(p, 1-edge, inside)
	}
	return i, nil
}

// evidence is the log of the mixture martingale against the share p.
func (s *Sequence) evidence(c Count, p float64) float64 {
	x, rest := float64(c.Yes), float64(c.N-c.Yes)
	pq := p * (1 - p)
	r := max(bestRho(s.tOpt*pq, 0.05)-pq, 1e-3*pq)
	a, b := r/(1-p), r/p
	return logBeta(a+x, b+rest) - logBeta(a, b) - x*math.Log(p) - rest*math.Log1p(-p)
}

// bestRho makes a normal mixture narrowest at vOpt.
func bestRho(vOpt, alpha float64) float64 {
	l := 2 * math.Log(1/alpha)
	return vOpt / (l + math.Log1p(l))
}

// NormalMixtureBound is the two-sided boundary √((v+ρ)(ln(1+v/ρ)+2·ln(1/α)))
// for a sum with intrinsic variance v: the chance that the sum ever crosses it,
// on either side, is at most alpha. Like the boundaries below it comes from
// Howard and others 2021 and is narrowest at vOpt; settings that aren't
// positive give NaN.
func NormalMixtureBound(v, alpha, vOpt float64) float64 {
	rho := bestRho(vOpt, 0.05)
	return math.Sqrt((v + rho) * (math.Log1p(v/rho) + 2*math.Log(1/alpha)))
}

// OneSidedNormalBound is the boundary of the one-sided normal mixture.
func OneSidedNormalBound(v, alpha, vOpt float64) float64 {
	rho := bestRho(vOpt, 0.1)
	return crossing(alpha, math.Inf(1), v, func(s float64) float64 {
		return math.Log(4*rho/(v+rho))/2 + s*s/(2*(v+rho)) + math.Log(normalCDF(s/math.Sqrt(v+rho)))
	})
}

// GammaExponentialBound is the boundary for sums with sub-exponential tails of
// scale c.
func GammaExponentialBound(v, alpha, vOpt, c float64) float64 {
	rho, c2 := bestRho(vOpt, 0.1), c*c
	start := rho/c2*math.Log(rho/c2) - logGamma(rho/c2) - math.Log(mathext.GammaIncReg(rho/c2, rho/c2))
	return crossing(alpha, math.Inf(1), v, func(s float64) float64 {
		shape, at := (v+rho)/c2, (c*s+v)/c2
		return start + logGamma(shape) + math.Log(mathext.GammaIncReg(shape, at+rho/c2)) - shape*math.Log(at+rho/c2) + at
	})
}

// BetaBinomialBound is the one-sided boundary for sums of values between −g
// and h.
func BetaBinomialBound(v, alpha, vOpt, g, h float64) float64 {
	r := max(bestRho(vOpt, 0.1)-g*h, 1e-3*g*h)
	x := h / (g + h)
	part := func(a, b float64) float64 { return math.Log(mathext.RegIncBeta(a, b, x)) + logBeta(a, b) }
	start := part(r/(g*(g+h)), r/(h*(g+h)))
	return crossing(alpha, v/g, v, func(s float64) float64 {
		a, b := (r+v-g*s)/(g*(g+h)), (r+v+h*s)/(h*(g+h))
		return v/(g*h)*math.Log(g+h) - (v+h*s)/(h*(g+h))*math.Log(g) - (v-g*s)/(g*(g+h))*math.Log(h) + part(a, b) - start
	})
}

// StitchedBound is the polynomial stitched boundary with s = 1.4 and η = 2:
// √(k₁²vℓ+(k₂cℓ)²)+k₂cℓ, ℓ = s·ln ln(ηv/v_min)+ln(ζ(s)/(ln η)ˢ)+ln(1/α).
func StitchedBound(v, alpha, vMin, c float64) float64 {
	const s, eta = 1.4, 2.0
	v = max(v, vMin)
	l := s*math.Log(math.Log(eta*v/vMin)) + math.Log(mathext.Zeta(s, 1)/math.Pow(math.Log(eta), s)) + math.Log(1/alpha)
	k1 := (math.Pow(eta, 0.25) + math.Pow(eta, -0.25)) / math.Sqrt2
	k2 := (math.Sqrt(eta) + 1) / 2
	return math.Sqrt(k1*k1*v*l+k2*c*l*k2*c*l) + k2*c*l
}

// crossing is where an increasing log martingale reaches ln(1/α).
func crossing(alpha, most, v float64, log func(s float64) float64) float64 {
	goal := math.Log(1 / alpha)
	high := math.Sqrt(v) + 1
	for high < most && log(high) < goal && high < 1e12 {
		high *= 2
	}
	high = min(high, most)
	if !(log(high) >= goal) && !math.IsInf(most, 1) {
		return most
	}
	return bisect(0, high, func(s float64) float64 { return log(s) - goal })
}
