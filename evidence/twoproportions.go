package evidence

import "math"

// DiffProportions is the difference of two independent shares, a − b, with
// Newcombe's interval 10: D−√((p₁−l₁)²+(u₂−p₂)²) to D+√((u₁−p₁)²+(p₂−l₂)²),
// where l and u are the Wilson limits of each share.
//
// Source: Newcombe 1998. It assumes two independent random samples, and refuses
// what [Proportion] refuses.
func DiffProportions(a, b Count, level float64) (Estimate, error) {
	level, err := checkTwo(a, b, level)
	if err != nil {
		return Estimate{}, err
	}
	z := zOf(level)
	l1, u1 := wilson(a, z, 0)
	l2, u2 := wilson(b, z, 0)
	p1, p2 := a.share(), b.share()
	d := p1 - p2
	return Estimate{
		Estimand: ShareChange, Design: Survey, Value: d, N: a.N + b.N, DF: math.Inf(1),
		SE: math.Sqrt(p1*(1-p1)/float64(a.N) + p2*(1-p2)/float64(b.N)),
		Interval: Interval{
			Low:   d - math.Hypot(p1-l1, u2-p2),
			High:  d + math.Hypot(u1-p1, p2-l2),
			Level: level, Method: Newcombe,
		},
	}, nil
}

func checkTwo(a, b Count, level float64) (float64, error) {
	if err := a.check("a"); err != nil {
		return 0, err
	}
	if err := b.check("b"); err != nil {
		return 0, err
	}
	return levelOf(level)
}

// DiffScore is Miettinen and Nurminen's score interval for the difference a − b
// of two independent shares: the differences d with (D−d)² ≤ z²·V(d), where V
// is the variance at the shares that fit best under d, times
// (n₁+n₂)/(n₁+n₂−1), found by bisection.
//
// Source: Miettinen and Nurminen 1985. Assumptions and refusals as
// [DiffProportions].
func DiffScore(a, b Count, level float64) (Interval, error) {
	level, err := checkTwo(a, b, level)
	if err != nil {
		return Interval{}, err
	}
	z, d := zOf(level), a.share()-b.share()
	excess := func(delta float64) float64 {
		return math.Abs(d-delta) - z*math.Sqrt(scoreVariance(a, b, delta))
	}
	i := Interval{Low: -1, High: 1, Level: level, Method: MiettinenNurminen}
	if excess(-1) > 0 {
		i.Low = bisect(-1, d, excess)
	}
	if excess(1) > 0 {
		i.High = bisect(d, 1, excess)
	}
	return i, nil
}

// scoreVariance is the variance of the difference at the most likely shares
// that differ by delta, which solve a cubic equation.
func scoreVariance(a, b Count, delta float64) float64 {
	n1, n2 := float64(a.N), float64(b.N)
	x1, x2 := float64(a.Yes), float64(b.Yes)
	n := n1 + n2
	l3 := n
	l2 := (n1+2*n2)*delta - n - x1 - x2
	l1 := (n2*delta-n-2*x2)*delta + x1 + x2
	l0 := x2 * delta * (1 - delta)
	q := math.Pow(l2/(3*l3), 3) - l1*l2/(6*l3*l3) + l0/(2*l3)
	p := math.Copysign(math.Sqrt(max(0, l2*l2/(9*l3*l3)-l1/(3*l3))), q)
	angle := math.Pi
	if p != 0 {
		angle = math.Acos(max(-1, min(1, q/(p*p*p))))
		angle = (math.Pi + angle) / 3
	} else {
		angle /= 3
	}
	p2 := max(0, min(1, 2*p*math.Cos(angle)-l2/(3*l3)))
	p1 := max(0, min(1, p2+delta))
	return (p1*(1-p1)/n1 + p2*(1-p2)/n2) * n / (n - 1)
}

// FisherExact tests whether two shares are equal, given both margins: p sums
// the tables that are no more likely than the one seen. The odds ratio is the
// conditional maximum likelihood estimate and ci its exact 95% interval; both
// may be infinite.
//
// Source: Fisher 1935. It refuses what [Proportion] refuses, and more than a
// million tables.
func FisherExact(a, b Count) (p, oddsRatio float64, ci Interval, err error) {
	if _, err := checkTwo(a, b, 0); err != nil {
		return 0, 0, Interval{}, err
	}
	if min(a.Yes+b.Yes, a.N) > maxExact {
		return 0, 0, Interval{}, refuseWith(GateRange, "count", map[string]float64{"max": maxExact})
	}
	h := newNoncentral(a, b)
	ci = Interval{Level: defaultLevel, Method: ClopperPearson}
	const tail = (1 - defaultLevel) / 2
	x := a.Yes - h.least
	ci.Low, ci.High = 0, math.Inf(1)
	if x > 0 {
		ci.Low = math.Exp(bisect(-oddsRange, oddsRange, func(t float64) float64 { return h.atLeast(x, t) - tail }))
	}
	if x < len(h.logMass)-1 {
		ci.High = math.Exp(bisect(-oddsRange, oddsRange, func(t float64) float64 { return tail - h.atMost(x, t) }))
	}
	switch {
	case x == 0 && x == len(h.logMass)-1:
		oddsRatio = math.NaN()
	case x == 0:
		oddsRatio = 0
	case x == len(h.logMass)-1:
		oddsRatio = math.Inf(1)
	default:
		oddsRatio = math.Exp(bisect(-oddsRange, oddsRange, func(t float64) float64 { return h.mean(t) - float64(x) }))
	}
	return h.asUnlikely(x), oddsRatio, ci, nil
}

// maxExact is the size up to which exact distributions are summed.
const maxExact = 1_000_000

// oddsRange bounds the log odds ratios that are searched.
const oddsRange = 40

// noncentral is the distribution of the first count given both margins, for
// any odds ratio.
type noncentral struct {
	least   int
	logMass []float64 // at odds ratio 1
}

func newNoncentral(a, b Count) noncentral {
	yes := a.Yes + b.Yes
	least, most := max(0, yes-b.N), min(yes, a.N)
	h := noncentral{least: least}
	for k := least; k <= most; k++ {
		h.logMass = append(h.logMass, logChoose(a.N, k)+logChoose(b.N, yes-k)-logChoose(a.N+b.N, yes))
	}
	return h
}

// weights are the probabilities at log odds ratio t.
func (h noncentral) weights(t float64) []float64 {
	ws := make([]float64, len(h.logMass))
	top := math.Inf(-1)
	for k, l := range h.logMass {
		ws[k] = l + float64(k)*t
		top = max(top, ws[k])
	}
	sum := 0.0
	for k := range ws {
		ws[k] = math.Exp(ws[k] - top)
		sum += ws[k]
	}
	for k := range ws {
		ws[k] /= sum
	}
	return ws
}

func (h noncentral) atLeast(x int, t float64) float64 { return sumOf(h.weights(t)[x:]) }
func (h noncentral) atMost(x int, t float64) float64  { return sumOf(h.weights(t)[:x+1]) }

func (h noncentral) mean(t float64) float64 {
	m := 0.0
	for k, w := range h.weights(t) {
		m += float64(k) * w
	}
	return m
}

// asUnlikely sums the tables whose probability isn't above that of x, but for
// rounding.
func (h noncentral) asUnlikely(x int) float64 {
	ws := h.weights(0)
	sum := 0.0
	for _, w := range ws {
		if w <= ws[x]*(1+1e-7) {
			sum += w
		}
	}
	return min(1, sum)
}

func sumOf(vs []float64) float64 {
	s := 0.0
	for _, v := range vs {
		s += v
	}
	return s
}

func meanOf(vs []float64) float64 { return sumOf(vs) / float64(len(vs)) }

// varianceOf divides by n−1; it is 0 for a single value.
func varianceOf(vs []float64) float64 {
	if len(vs) < 2 {
		return 0
	}
	m, s := meanOf(vs), 0.0
	for _, v := range vs {
		s += (v - m) * (v - m)
	}
	return s / float64(len(vs)-1)
}
