package evidence

import (
	"math"
)

// countFit is a quasi-Poisson fit of a series.
type countFit struct {
	*glm
	serialSE []float64 // Newey and West, adjusted
	rawSE    []float64 // and not
}

// plainSE takes the dispersion to be at least 1.
func (c countFit) plainSE() []float64 {
	se := make([]float64, len(c.beta))
	for j := range se {
		se[j] = math.Sqrt(max(1, c.dispersion) * c.fit.inv.At(j, j))
	}
	return se
}

func (s Series) fitCounts(event int, m SeriesModel) (countFit, error) {
	offset := make([]float64, len(s.Y))
	for i, v := range s.Y {
		if v < 0 {
			return countFit{}, refuseWith(GateInput, "y", map[string]float64{"row": float64(i)})
		}
		if s.Exposure != nil {
			offset[i] = math.Log(s.Exposure[i])
		}
	}
	g, err := fitGLM(s.model(len(s.Y), event, m), s.Y, offset, poisson)
	if err != nil {
		return countFit{}, err
	}
	if g.fit.df() < 1 {
		return countFit{}, refuseWith(GateFew, "series", map[string]float64{"n": float64(len(s.Y))})
	}
	adjusted, plain := g.fit.neweyWestSE(m.lag(len(s.Y), s.Month != nil))
	return countFit{g, adjusted, plain}, nil
}

// countSeries fits counts. Its step is the logarithm of a rate ratio.
func (s Series) countSeries(event int, m SeriesModel) (SeriesReport, error) {
	c, err := s.fitCounts(event, m)
	if err != nil {
		return SeriesReport{}, err
	}
	r := SeriesReport{
		Coef: c.beta, Dispersion: c.dispersion, OLSSE: c.plainSE(), NeweyWestSE: c.serialSE,
		NeweyWestPlainSE: c.rawSE,
		StepPercent:      100 * math.Expm1(c.beta[stepColumn]),
	}
	r.DurbinWatson, r.ACF1, r.LjungBox = serial(c.fit.resid)
	plain, nw := r.OLSSE[stepColumn], r.NeweyWestSE[stepColumn]
	se := max(plain, nw)
	r.Estimate = Estimate{
		Estimand: StepInSeries, Design: InterruptedDesign, Value: c.beta[stepColumn], SE: se, DF: c.fit.df(), N: len(s.Y), Looks: 1,
		Interval: tInterval(c.beta[stepColumn], se, c.fit.df(), defaultLevel),
		Checks: []Check{
			pointsCheck(len(s.Y), event),
			{CheckSEsAgree, se <= maxSERatio*min(plain, nw), map[string]float64{"ratio": se / min(plain, nw), "max": maxSERatio}},
			{CheckSerial, true, map[string]float64{"durbin_watson": r.DurbinWatson}},
			{CheckDisperse, true, map[string]float64{"dispersion": c.dispersion}},
		},
	}
	return r, nil
}
