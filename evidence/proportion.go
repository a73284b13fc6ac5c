package evidence

import "math"

// Proportion is an interval for the share of a large population that says yes,
// when c.N of it were drawn at random. Level 0 stands for 0.95.
//
//	Wilson          centre (p+z²/2n)/(1+z²/n), half z·√(p(1−p)/n+z²/4n²)/(1+z²/n)
//	WilsonCC        the same with p±c/n, c = min(½, |x−n/2|)
//	ClopperPearson  Beta quantiles (x, n−x+1) and (x+1, n−x)
//	Jeffreys        Beta(x+½, n−x+½); the ends are 0 and 1 at x = 0 and x = n
//	AgrestiCoull    z²/2 added to each side, cut to [0, 1]
//	MidP            where P(X beyond x) + ½·P(X = x) is (1−level)/2
//
// Wilson is the default for claims: its coverage is near the level on average,
// while Clopper-Pearson's is never below it and often well above. Sources:
// Wilson 1927; Brown, Cai and DasGupta 2001. It refuses n = 0, x > n, a level
// outside (0, 1) and a method that isn't one of these.
func Proportion(c Count, level float64, m Method) (Interval, error) {
	if err := c.check("count"); err != nil {
		return Interval{}, err
	}
	level, err := levelOf(level)
	if err != nil {
		return Interval{}, err
	}
	alpha := 1 - level
	i := Interval{Level: level, Method: m}
	switch m {
	case Wilson:
		i.Low, i.High = wilson(c, zOf(level), 0)
	case WilsonCC:
		i.Low, i.High = wilson(c, zOf(level), min(0.5, math.Abs(float64(c.Yes)-float64(c.N)/2)))
	case ClopperPearson:
		i.Low, i.High = clopperPearson(c, alpha)
	case Jeffreys:
		i.Low, i.High = jeffreys(c, alpha)
	case AgrestiCoull:
		i.Low, i.High = agrestiCoull(c, zOf(level))
	case MidP:
		i.Low, i.High = midP(c, alpha)
	default:
		return Interval{}, refuse(GateRange, "method")
	}
	return i, nil
}

func wilson(c Count, z, correct float64) (low, high float64) {
	n, p := float64(c.N), c.share()
	end := func(p, sign float64) float64 {
		v := p*(1-p)/n + z*z/(4*n*n)
		return (p + z*z/(2*n) + sign*z*math.Sqrt(max(0, v))) / (1 + z*z/n)
	}
	low, high = max(0, end(p-correct/n, -1)), min(1, end(p+correct/n, 1))
	// At the ends the formula gives 0 and 1 but for rounding errors.
	if c.Yes == 0 {
		low = 0
	}
	if c.Yes == c.N {
		high = 1
	}
	return low, high
}

func clopperPearson(c Count, alpha float64) (low, high float64) {
	x, rest := float64(c.Yes), float64(c.N-c.Yes)
	low, high = 0, 1
	if x > 0 {
		low = betaQuantile(alpha/2, x, rest+1)
	}
	if rest > 0 {
		high = betaQuantile(1-alpha/2, x+1, rest)
	}
	return low, high
}

func jeffreys(c Count, alpha float64) (low, high float64) {
	x, rest := float64(c.Yes), float64(c.N-c.Yes)
	low, high = 0, 1
	if x > 0 {
		low = betaQuantile(alpha/2, x+0.5, rest+0.5)
	}
	if rest > 0 {
		high = betaQuantile(1-alpha/2, x+0.5, rest+0.5)
	}
	return low, high
}

func agrestiCoull(c Count, z float64) (low, high float64) {
	n := float64(c.N) + z*z
	p := (float64(c.Yes) + z*z/2) / n
	half := z * math.Sqrt(p*(1-p)/n)
	return max(0, p-half), min(1, p+half)
}

func midP(c Count, alpha float64) (low, high float64) {
	above := func(p float64) float64 {
		return (binomialAtLeast(c.Yes, c.N, p) + binomialAtLeast(c.Yes+1, c.N, p)) / 2
	}
	low, high = 0, 1
	if c.Yes > 0 {
		low = bisect(0, 1, func(p float64) float64 { return above(p) - alpha/2 })
	}
	if c.Yes < c.N {
		high = bisect(0, 1, func(p float64) float64 { return above(p) - (1 - alpha/2) })
	}
	return low, high
}

// FiniteProportion is the share of a frame of known size that says yes, when
// c.N of its people were drawn at random. The limits are all counts M with
// P(X ≤ x | M) > α/2 and P(X ≥ x | M) > α/2, X hypergeometric, over the frame:
// when everyone answered they meet at the true share.
//
// Source: Buonaccorsi 1987. It refuses what [Proportion] refuses, a frame
// smaller than n, and more than a million answers.
func FiniteProportion(c Count, frame int, level float64) (Estimate, error) {
	if err := c.check("count"); err != nil {
		return Estimate{}, err
	}
	level, err := levelOf(level)
	if err != nil {
		return Estimate{}, err
	}
	if frame < c.N {
		return Estimate{}, refuseWith(GateInput, "frame", map[string]float64{"frame": float64(frame), "n": float64(c.N)})
	}
	if c.N > maxExact {
		return Estimate{}, refuseWith(GateRange, "n", map[string]float64{"max": maxExact})
	}
	low, high := finiteLimits(c, frame, (1-level)/2)
	n, p := float64(c.N), c.share()
	return Estimate{
		Estimand: Share, Design: Survey, Value: p, N: c.N, Frame: frame, DF: math.Inf(1),
		SE:       math.Sqrt(p*(1-p)/n) * finiteCorrection(c.N, frame),
		Interval: Interval{float64(low) / float64(frame), float64(high) / float64(frame), level, ExactFinite},
	}, nil
}

func finiteCorrection(n, frame int) float64 {
	if frame == 1 {
		return 0
	}
	return math.Sqrt(float64(frame-n) / float64(frame-1))
}

// finiteLimits finds the smallest and greatest M that the data don't rule out;
// both tails are monotone in M.
func finiteLimits(c Count, frame int, tail float64) (low, high int) {
	first, last := c.Yes, frame-c.N+c.Yes
	low = firstWhere(first, last, func(m int) bool { return hyperAtLeast(c.Yes, c.N, m, frame) > tail })
	high = firstWhere(first, last, func(m int) bool { return 1-hyperAtLeast(c.Yes+1, c.N, m, frame) <= tail }) - 1
	return low, high
}

// firstWhere is the first m in [first, last] for which ok holds, or last+1.
func firstWhere(first, last int, ok func(int) bool) int {
	for first <= last {
		mid := first + (last-first)/2
		if ok(mid) {
			last = mid - 1
		} else {
			first = mid + 1
		}
	}
	return first
}

// hyperAtLeast is P(X ≥ x) when n are drawn from frame people of whom m say
// yes. The smaller tail is summed.
func hyperAtLeast(x, n, m, frame int) float64 {
	least, most := max(0, n+m-frame), min(n, m)
	if x <= least {
		return 1
	}
	if x > most {
		return 0
	}
	all := logChoose(frame, n)
	mass := func(k int) float64 { return math.Exp(logChoose(m, k) + logChoose(frame-m, n-k) - all) }
	if most-x < x-least {
		sum := 0.0
		for k := x; k <= most; k++ {
			sum += mass(k)
		}
		return min(1, sum)
	}
	sum := 0.0
	for k := least; k < x; k++ {
		sum += mass(k)
	}
	return max(0, 1-sum)
}
