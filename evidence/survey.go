package evidence

import (
	"math"
	"slices"
)

// SurveyDesign is how a sample was drawn: a weight for each person, and
// optionally strata, the clusters drawn within them, and how many people (or
// clusters) each person's stratum has in the population, for the correction of
// samples that are a good part of it.
type SurveyDesign struct {
	Weights    []float64
	Strata     []string  // nil: one
	Clusters   []string  // nil: people were drawn
	Population []float64 // nil: no correction
}

// variance of the sum of a linearised variable, cluster by cluster within
// strata.
func (d SurveyDesign) variance(z []float64) float64 {
	strata, order := d.group(z)
	v := 0.0
	for _, h := range order {
		s := strata[h]
		n := float64(len(s.sums))
		fraction := 0.0
		if s.population > 0 {
			fraction = n / s.population
		}
		if n > 1 {
			v += (1 - fraction) * n * varianceOf(s.sums)
		}
	}
	return v
}

type stratum struct {
	sums       []float64
	index      map[string]int
	population float64
}

func (d SurveyDesign) group(z []float64) (map[string]*stratum, []string) {
	strata := map[string]*stratum{}
	var order []string
	for i, v := range z {
		h := ""
		if d.Strata != nil {
			h = d.Strata[i]
		}
		s, ok := strata[h]
		if !ok {
			s = &stratum{index: map[string]int{}}
			strata[h] = s
			order = append(order, h)
			if d.Population != nil {
				s.population = d.Population[i]
			}
		}
		if d.Clusters == nil {
			s.sums = append(s.sums, v)
			continue
		}
		k, ok := s.index[d.Clusters[i]]
		if !ok {
			k = len(s.sums)
			s.index[d.Clusters[i]] = k
			s.sums = append(s.sums, 0)
		}
		s.sums[k] += v
	}
	slices.Sort(order)
	return strata, order
}

// DF are the degrees of freedom: clusters (or people) less strata.
func (d SurveyDesign) DF() int {
	strata, order := d.group(make([]float64, len(d.Weights)))
	n := 0
	for _, h := range order {
		n += len(strata[h].sums)
	}
	return n - len(order)
}

func (d SurveyDesign) check(fields ...[]float64) error {
	n := len(d.Weights)
	if n == 0 {
		return refuse(GateEmpty, "weights")
	}
	if err := checkWeights(d.Weights, n); err != nil {
		return err
	}
	if d.Strata != nil {
		if err := checkSame("strata", n, len(d.Strata)); err != nil {
			return err
		}
	}
	if d.Clusters != nil {
		if err := checkSame("clusters", n, len(d.Clusters)); err != nil {
			return err
		}
	}
	if d.Population != nil {
		if err := checkWeights(d.Population, n); err != nil {
			return err
		}
	}
	for _, f := range fields {
		if err := checkSame("y", n, len(f)); err != nil {
			return err
		}
		if err := checkFinite("y", f); err != nil {
			return err
		}
	}
	if d.DF() < 1 {
		return refuse(GateFew, "design")
	}
	return nil
}

func (d SurveyDesign) estimate(e Estimand, value float64, z []float64) Estimate {
	se, df := math.Sqrt(d.variance(z)), float64(d.DF())
	return Estimate{
		Estimand: e, Design: Survey, Value: value, SE: se, DF: df, N: len(d.Weights), Looks: 1,
		Interval: tInterval(value, se, df, defaultLevel),
	}
}

// SurveyMean is the weighted mean Σwy/Σw with its linearised standard error:
// z = w(y−ȳ)/Σw, whose variance adds up (1−f)·n/(n−1)·Σ(z−z̄)² over strata.
//
// Source: Särndal, Swensson and Wretman 1992. It assumes that everyone had a
// known chance to be drawn and that the drawn answered. It refuses missing
// values, weights that aren't positive and designs without degrees of freedom;
// a stratum of one unit adds nothing to the variance.
func SurveyMean(d SurveyDesign, y []float64) (Estimate, error) {
	return SurveyDomain(d, y, nil)
}

// SurveyDomain is the mean of those for whom in is true (nil: everyone), within
// the design of all.
func SurveyDomain(d SurveyDesign, y []float64, in []bool) (Estimate, error) {
	if err := d.check(y); err != nil {
		return Estimate{}, err
	}
	if in != nil {
		if err := checkSame("domain", len(y), len(in)); err != nil {
			return Estimate{}, err
		}
	}
	weight, sum, n := 0.0, 0.0, 0
	for i, w := range d.Weights {
		if in == nil || in[i] {
			weight += w
			sum += w * y[i]
			n++
		}
	}
	if n == 0 {
		return Estimate{}, refuse(GateEmpty, "domain")
	}
	mean := sum / weight
	z := make([]float64, len(y))
	for i, w := range d.Weights {
		if in == nil || in[i] {
			z[i] = w * (y[i] - mean) / weight
		}
	}
	e := d.estimate(Mean, mean, z)
	e.N = n
	return e, nil
}

// SurveyTotal is Σwy, with z = wy. Source, assumptions and refusals as
// [SurveyMean].
func SurveyTotal(d SurveyDesign, y []float64) (Estimate, error) {
	if err := d.check(y); err != nil {
		return Estimate{}, err
	}
	z := make([]float64, len(y))
	for i, w := range d.Weights {
		z[i] = w * y[i]
	}
	return d.estimate(Total, sumOf(z), z), nil
}

// SurveyRatio is Σwy/Σwx, with z = w(y−Rx)/Σwx. Source and assumptions as
// [SurveyMean]; it also refuses a denominator that sums to 0.
func SurveyRatio(d SurveyDesign, y, x []float64) (Estimate, error) {
	if err := d.check(y, x); err != nil {
		return Estimate{}, err
	}
	top, bottom := dot(d.Weights, y), dot(d.Weights, x)
	if bottom == 0 {
		return Estimate{}, refuse(GateEmpty, "denominator")
	}
	r := top / bottom
	z := make([]float64, len(y))
	for i, w := range d.Weights {
		z[i] = w * (y[i] - r*x[i]) / bottom
	}
	return d.estimate(Ratio, r, z), nil
}

// SurveyProportion is the weighted share of yes with an interval that stays
// within 0 and 1: on the logit scale, or from Beta quantiles with the effective
// number of answers p(1−p)/v, adjusted for the degrees of freedom.
//
// Source: Korn and Graubard 1998. Assumptions and refusals as [SurveyMean]; it
// also refuses another method.
func SurveyProportion(d SurveyDesign, yes []bool, m Method) (Estimate, error) {
	y := make([]float64, len(yes))
	for i, v := range yes {
		if v {
			y[i] = 1
		}
	}
	e, err := SurveyMean(d, y)
	if err != nil {
		return Estimate{}, err
	}
	e.Estimand = Share
	p, q := e.Value, 1-e.Value
	if m != Logit && m != BetaSurvey {
		return Estimate{}, refuse(GateRange, "method")
	}
	if p == 0 || p == 1 || e.SE == 0 {
		return Estimate{}, refuse(GateConstant, "y")
	}
	if m == Logit {
		centre, half := math.Log(p/q), tQuantile(0.5+defaultLevel/2, e.DF)*e.SE/(p*q)
		e.Interval = Interval{logistic.mean(centre - half), logistic.mean(centre + half), defaultLevel, Logit}
		return e, nil
	}
	n := float64(len(y))
	correction := tQuantile((1-defaultLevel)/2, n-1) / tQuantile((1-defaultLevel)/2, e.DF)
	effective := p * q / (e.SE * e.SE) * correction * correction
	e.Interval = Interval{
		Low:   betaQuantile((1-defaultLevel)/2, effective*p, effective*q+1),
		High:  betaQuantile((1+defaultLevel)/2, effective*p+1, effective*q),
		Level: defaultLevel, Method: BetaSurvey,
	}
	return e, nil
}
