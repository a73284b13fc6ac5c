package evidence

import (
	"math"
)

// minGroups is the number of groups below which pooling is refused.
const minGroups = 5

// Pooled are groups' shares, each drawn towards the others as far as their
// numbers are too small to stand alone.
type Pooled struct {
	Alpha, Beta   float64 // of the distribution of shares between groups
	Mean, Size    float64 // α/(α+β) and α+β
	LogLikelihood float64
	Estimates     []float64
	Intervals     []Interval
}

// PoolProportions fits shares that differ between groups by a Beta distribution
// (beta-binomial maximum likelihood) and gives each group's share the posterior
// Beta(α+y, β+n−y). A league table is only fair on these.
//
// Source: Efron and Morris 1975 (empirical Bayes). It assumes that groups could
// change places beforehand. Where the groups differ no more than chance alone
// would make them, α+β grows without limit and is stopped at a million: the
// shares are then all but equal. It refuses fewer than 5 groups and what
// [Proportion] refuses of any group.
func PoolProportions(groups []Count) (Pooled, error) {
	if len(groups) < minGroups {
		return Pooled{}, refuseWith(GateFew, "groups", map[string]float64{"groups": float64(len(groups)), "min": minGroups})
	}
	yes, n := 0, 0
	for _, g := range groups {
		if err := g.check("groups"); err != nil {
			return Pooled{}, err
		}
		yes, n = yes+g.Yes, n+g.N
	}
	if yes == 0 || yes == n {
		return Pooled{}, refuse(GateConstant, "groups")
	}
	const most = 1e6
	// At a given size the mean is found first, then the size.
	meanAt := func(size float64) float64 {
		return minimise(func(mu float64) float64 { return -betaBinomial(groups, mu*size, (1-mu)*size) }, 1e-9, 1-1e-9)
	}
	logSize := minimise(func(l float64) float64 {
		size := math.Exp(l)
		mu := meanAt(size)
		return -betaBinomial(groups, mu*size, (1-mu)*size)
	}, math.Log(0.1), math.Log(most))
	size := math.Exp(logSize)
	mu := meanAt(size)
	p := Pooled{Alpha: mu * size, Beta: (1 - mu) * size, Mean: mu, Size: size}
	p.LogLikelihood = betaBinomial(groups, p.Alpha, p.Beta)
	for _, g := range groups {
		a, b := p.Alpha+float64(g.Yes), p.Beta+float64(g.N-g.Yes)
		p.Estimates = append(p.Estimates, a/(a+b))
		p.Intervals = append(p.Intervals, Interval{betaQuantile((1-defaultLevel)/2, a, b), betaQuantile((1+defaultLevel)/2, a, b), defaultLevel, "beta_posterior"})
	}
	return p, nil
}

// betaBinomial is the log likelihood with the binomial coefficients.
func betaBinomial(groups []Count, a, b float64) float64 {
	l := 0.0
	for _, g := range groups {
		l += logChoose(g.N, g.Yes) + logBetaRatio(a, b, g.Yes, g.N-g.Yes)
	}
	return l
}

// logBetaRatio is ln B(a+x, b+y) − ln B(a, b), which for large a and b would
// lose its digits as a difference of logarithms of Γ.
func logBetaRatio(a, b float64, x, y int) float64 {
	if x+y > 200 {
		return logBeta(a+float64(x), b+float64(y)) - logBeta(a, b)
	}
	l := 0.0
	for i := range x {
		l += math.Log((a + float64(i)) / (a + b + float64(i)))
	}
	for j := range y {
		l += math.Log((b + float64(j)) / (a + b + float64(x+j)))
	}
	return l
}

// JamesStein draws shares of equal n towards their mean by the factor
// 1−(k−3)s²/Σ(y−ȳ)², s² = ȳ(1−ȳ)/n, and not beyond it.
//
// Source: Efron and Morris 1977. It refuses fewer than 5 groups, unequal n and
// groups that are all equal.
func JamesStein(groups []Count) (factor float64, shares []float64, err error) {
	if len(groups) < minGroups {
		return 0, nil, refuseWith(GateFew, "groups", map[string]float64{"groups": float64(len(groups)), "min": minGroups})
	}
	for _, g := range groups {
		if err := g.check("groups"); err != nil {
			return 0, nil, err
		}
		if g.N != groups[0].N {
			return 0, nil, refuse(GateInput, "n")
		}
		shares = append(shares, g.share())
	}
	m, k := meanOf(shares), float64(len(shares))
	spread := varianceOf(shares) * (k - 1)
	if spread == 0 {
		return 0, nil, refuse(GateConstant, "groups")
	}
	factor = max(0, 1-(k-3)*m*(1-m)/float64(groups[0].N)/spread)
	for i, v := range shares {
		shares[i] = m + factor*(v-m)
	}
	return factor, shares, nil
}

// Tau2 is a way to estimate how much true effects differ between studies.
type Tau2 string

// Ways to estimate the variance between studies.
const (
	DerSimonianLaird Tau2 = "DL"
	RestrictedML     Tau2 = "REML"
	PauleMandel      Tau2 = "PM"
)

// PooledMean is the mean of effects that may truly differ.
type PooledMean struct {
	Estimate Estimate
	Tau2     float64
	Q        Test
	I2       float64 // percent of the variation that isn't chance
}

// PoolMeans pools effects with their standard errors by the random-effects
// model: weights 1/(se²+τ²).
//
// Sources: DerSimonian and Laird 1986; Paule and Mandel 1982. It assumes
// independent effects with known standard errors. It refuses fewer than 5
// groups, values that aren't numbers and standard errors that aren't positive.
func PoolMeans(effect, se []float64, m Tau2) (PooledMean, error) {
	if len(effect) < minGroups {
		return PooledMean{}, refuseWith(GateFew, "groups", map[string]float64{"groups": float64(len(effect)), "min": minGroups})
	}
	if err := checkFinite("effect", effect); err != nil {
		return PooledMean{}, err
	}
	if err := checkWeights(se, len(effect)); err != nil {
		return PooledMean{}, refuse(GateInput, "se")
	}
	v := make([]float64, len(se))
	for i, s := range se {
		v[i] = s * s
	}
	df := float64(len(effect) - 1)
	p := PooledMean{}
	q := generalisedQ(effect, v, 0)
	p.Q = Test{q, df, chiSquaredTail(q, df)}
	switch m {
	case DerSimonianLaird:
		p.Tau2 = momentTau2(v, q, df)
	case PauleMandel:
		p.Tau2 = pauleMandel(effect, v, df)
	case RestrictedML:
		p.Tau2 = remlTau2(effect, v)
	default:
		return PooledMean{}, refuse(GateRange, "tau2")
	}
	mu, variance := weighted(effect, v, p.Tau2)
	s := math.Sqrt(variance)
	p.I2 = typicalI2(v, p.Tau2)
	p.Estimate = Estimate{
		Estimand: PooledEffect, Value: mu, SE: s, DF: math.Inf(1), N: len(effect), Looks: 1,
		Interval: normalInterval(mu, s, defaultLevel),
	}
	return p, nil
}

func weighted(effect, v []float64, tau2 float64) (mu, variance float64) {
	sum := 0.0
	for i, e := range effect {
		w := 1 / (v[i] + tau2)
		mu += w * e
		sum += w
	}
	return mu / sum, 1 / sum
}

func generalisedQ(effect, v []float64, tau2 float64) float64 {
	mu, _ := weighted(effect, v, tau2)
	q := 0.0
	for i, e := range effect {
		q += (e - mu) * (e - mu) / (v[i] + tau2)
	}
	return q
}

func momentTau2(v []float64, q, df float64) float64 {
	w, w2 := 0.0, 0.0
	for _, x := range v {
		w += 1 / x
		w2 += 1 / (x * x)
	}
	return max(0, (q-df)/(w-w2/w))
}

func pauleMandel(effect, v []float64, df float64) float64 {
	if generalisedQ(effect, v, 0) <= df {
		return 0
	}
	high := 1.0
	for generalisedQ(effect, v, high) > df {
		high *= 2
	}
	return bisect(0, high, func(t float64) float64 { return df - generalisedQ(effect, v, t) })
}

func remlTau2(effect, v []float64) float64 {
	deviance := func(t float64) float64 {
		_, variance := weighted(effect, v, t)
		d := -math.Log(variance) + generalisedQ(effect, v, t)
		for _, x := range v {
			d += math.Log(x + t)
		}
		return d
	}
	spread := varianceOf(effect)*10 + meanOf(v)
	t := minimise(deviance, 0, spread)
	if deviance(0) <= deviance(t) {
		return 0
	}
	return t
}

// typicalI2 compares τ² with the variance of a typical study.
func typicalI2(v []float64, tau2 float64) float64 {
	w, w2 := 0.0, 0.0
	for _, x := range v {
		w += 1 / x
		w2 += 1 / (x * x)
	}
	typical := float64(len(v)-1) * w / (w*w - w2)
	return 100 * tau2 / (tau2 + typical)
}
