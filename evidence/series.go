package evidence

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Series is one outcome at equal steps of time.
type Series struct {
	Y        []float64
	Month    []int     // 1 to 12 for month dummies; nil for none
	Exposure []float64 // of counts; nil for 1
	Control  []float64 // another series that the event didn't touch; nil for none
}

// SeriesModel says how a series is modelled. Log takes logarithms of the
// outcome; Counts fits counts by quasi-Poisson instead. Harmonics adds as many
// pairs of sine and cosine over Period. Lag 0 stands for 12 with months, else
// for 4·(n/100)^(2/9).
type SeriesModel struct {
	Log, Counts bool
	Harmonics   int
	Period      float64
	Lag         int
}

// Checks of interrupted series.
const (
	CheckPoints   CheckID = "points_each_side"
	CheckSEsAgree CheckID = "standard_errors_agree"
	CheckPlacebo  CheckID = "placebo_dates"
	CheckControl  CheckID = "control_series"
	CheckSerial   CheckID = "autocorrelation_handled"
	CheckDisperse CheckID = "overdispersion"
)

// minPointsEachSide is a judgement after Bernal, Cummins and Gasparrini 2017.
const minPointsEachSide = 8

// minPlaceboSide is the number of points that a date at which nothing happened
// needs on each side: enough for a level and a slope with two to spare. It is
// less than the event needs, since a placebo can only lower a claim; with 8 points
// before, the design lets a series earn rung 4, and one date can be tried.
const minPlaceboSide = 4

// maxSERatio is how far the standard errors of the step may differ.
const maxSERatio = 1.5

// PraisWinsten is a fit whose errors resemble the one before.
type PraisWinsten struct {
	Rho      float64
	Coef, SE []float64
}

// Placebo is the step found at a date at which nothing happened.
type Placebo struct {
	At   int
	Step float64
	P    float64
}

// SeriesReport is the change of a series at an event. Coefficients stand in the
// order: level, slope before, step, change of slope, then the season.
type SeriesReport struct {
	Coef             []float64
	OLSSE            []float64
	NeweyWestSE      []float64 // times √(n/(n−k))
	NeweyWestPlainSE []float64
	PraisWinsten     PraisWinsten
	StepPercent      float64 // of a logarithmic or count model
	DurbinWatson     float64
	ACF1             float64
	LjungBox         Test // 12 lags
	Dispersion       float64
	ControlStep      *Estimate
	Placebos         []Placebo
	Estimate         Estimate // the step, with the widest of the standard errors
}

// InterruptedSeries fits level, slope, a step at the event (the index of the
// first point after it) and a change of slope, with months or harmonics. The
// step is reported with the widest of three standard errors: of ordinary least
// squares, of Newey and West (Bartlett weights 1−j/(L+1)), and of
// Prais-Winsten (ρ = Σeₜeₜ₋₁/Σe²ₜ₋₁ iterated to 1e-10, first row × √(1−ρ²)).
// Counts are fitted by quasi-Poisson with a log offset; their dispersion isn't
// taken below 1. Its checks are the number of points on each side, that the
// standard errors differ by no more than 1.5 times, placebo dates within the
// points before, and the control series, if any.
//
// Sources: Bernal, Cummins and Gasparrini 2017; Newey and West 1987; Prais and
// Winsten 1954. It assumes that nothing else changed at the event, and that the
// three standard errors between them see how much points resemble those before:
// on fewer than some 50 points on each side they see too little of a strong
// resemblance (0.6), and speak of an effect that isn't there in up to 17 of 100
// series instead of 5. A control series guards against that. It refuses
// missing values, logarithms of values that aren't positive, counts that are
// negative, and fewer points than the model has columns.
func InterruptedSeries(s Series, event int, m SeriesModel) (SeriesReport, error) {
	y, err := s.outcome(event, m)
	if err != nil {
		return SeriesReport{}, err
	}
	fit := s.plainSeries
	if m.Counts {
		fit = func(event int, _ []float64, m SeriesModel) (SeriesReport, error) { return s.countSeries(event, m) }
	}
	r, err := fit(event, y, m)
	if err != nil {
		return SeriesReport{}, err
	}
	r.Placebos = s.placebos(event, m)
	r.checkPlacebos()
	if s.Control != nil {
		err = r.compareControl(s, event, m)
	}
	return r, err
}

// plainSeries fits by least squares.
func (s Series) plainSeries(event int, y []float64, m SeriesModel) (SeriesReport, error) {
	x := s.model(len(y), event, m)
	f, err := leastSquares(x, y)
	if err != nil {
		return SeriesReport{}, err
	}
	if f.df() < 1 {
		return SeriesReport{}, refuseWith(GateFew, "series", map[string]float64{"n": float64(len(y))})
	}
	if dot(f.resid, f.resid) <= 1e-20*dot(y, y) {
		return SeriesReport{}, refuse(GateConstant, "residuals")
	}
	lag := m.lag(len(y), s.Month != nil)
	r := SeriesReport{Coef: f.beta, OLSSE: f.classicSE(), Dispersion: 1}
	r.NeweyWestSE, r.NeweyWestPlainSE = f.neweyWestSE(lag)
	if r.PraisWinsten, err = praisWinsten(x, y, f); err != nil {
		return SeriesReport{}, err
	}
	r.DurbinWatson, r.ACF1, r.LjungBox = serial(f.resid)
	if m.Log {
		r.StepPercent = 100 * math.Expm1(f.beta[stepColumn])
	}
	r.conclude(f, len(y), event)
	return r, nil
}

const stepColumn = 2

func (m SeriesModel) lag(n int, months bool) int {
	switch {
	case m.Lag > 0:
		return m.Lag
	case months:
		return 12
	}
	return int(4 * math.Pow(float64(n)/100, 2.0/9))
}

func (s Series) outcome(event int, m SeriesModel) ([]float64, error) {
	if err := checkFinite("y", s.Y); err != nil {
		return nil, err
	}
	n := len(s.Y)
	if event < 1 || event >= n {
		return nil, refuse(GateRange, "event")
	}
	if s.Month != nil {
		if err := checkSame("month", n, len(s.Month)); err != nil {
			return nil, err
		}
		if slices.Min(s.Month) < 1 || slices.Max(s.Month) > 12 {
			return nil, refuse(GateRange, "month")
		}
	}
	if s.Control != nil {
		if err := checkSame("control", n, len(s.Control)); err != nil {
			return nil, err
		}
	}
	if s.Exposure != nil {
		if err := checkWeights(s.Exposure, n); err != nil {
			return nil, refuse(GateInput, "exposure")
		}
	}
	if m.Harmonics > 0 && !(m.Period > 1) {
		return nil, refuse(GateRange, "period")
	}
	if !m.Log {
		return s.Y, nil
	}
	y := make([]float64, n)
	for i, v := range s.Y {
		if v <= 0 {
			return nil, refuseWith(GateInput, "y", map[string]float64{"row": float64(i)})
		}
		y[i] = math.Log(v)
	}
	return y, nil
}

// model lays out 1, t, step, slope after and the season. Time counts from 1.
func (s Series) model(n, event int, m SeriesModel) *mat.Dense {
	t, step, since := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		t[i] = float64(i + 1)
		if i >= event {
			step[i], since[i] = 1, float64(i-event+1)
		}
	}
	columns := [][]float64{t, step, since}
	if s.Month != nil {
		columns = append(columns, monthColumns(s.Month[:n])...)
	}
	for h := 1; h <= m.Harmonics; h++ {
		sin, cos := make([]float64, n), make([]float64, n)
		for i := range n {
			sin[i], cos[i] = math.Sincos(2 * math.Pi * float64(h) * t[i] / m.Period)
		}
		columns = append(columns, sin, cos)
	}
	return design(n, columns...)
}

// monthColumns are 0/1 columns for the months that occur, but the first.
func monthColumns(months []int) [][]float64 {
	levels := slices.Clone(months)
	slices.Sort(levels)
	levels = slices.Compact(levels)
	var columns [][]float64
	for _, l := range levels[1:] {
		col := make([]float64, len(months))
		for i, v := range months {
			if v == l {
				col[i] = 1
			}
		}
		columns = append(columns, col)
	}
	return columns
}

const ljungBoxLags = 12

// serial measures how much residuals resemble those before.
func serial(e []float64) (durbinWatson, acf1 float64, lb Test) {
	n, all := float64(len(e)), dot(e, e)
	for t := 1; t < len(e); t++ {
		d := e[t] - e[t-1]
		durbinWatson += d * d
	}
	durbinWatson /= all
	q := 0.0
	for k := 1; k <= ljungBoxLags && k < len(e); k++ {
		r := dot(e[k:], e[:len(e)-k]) / all
		if k == 1 {
			acf1 = r
		}
		q += r * r / (n - float64(k))
	}
	q *= n * (n + 2)
	return durbinWatson, acf1, Test{q, ljungBoxLags, chiSquaredTail(q, ljungBoxLags)}
}

// conclude makes the estimate of the step and its first checks.
func (r *SeriesReport) conclude(f *fit, n, event int) {
	ols, nw, pw := r.OLSSE[stepColumn], r.NeweyWestSE[stepColumn], r.PraisWinsten.SE[stepColumn]
	widest, narrowest := max(ols, nw, pw), min(ols, nw, pw)
	r.Estimate = Estimate{
		Estimand: StepInSeries, Design: InterruptedDesign, Value: f.beta[stepColumn], SE: widest, DF: f.df(), N: n, Looks: 1,
		Interval: tInterval(f.beta[stepColumn], widest, f.df(), defaultLevel),
		Checks: []Check{
			pointsCheck(n, event),
			{CheckSEsAgree, widest <= maxSERatio*narrowest, map[string]float64{"ratio": widest / narrowest, "max": maxSERatio}},
			{CheckSerial, true, map[string]float64{"durbin_watson": r.DurbinWatson}},
		},
	}
}

func pointsCheck(n, event int) Check {
	return Check{CheckPoints, event >= minPointsEachSide && n-event >= minPointsEachSide, map[string]float64{
		"before": float64(event), "after": float64(n - event), "min": minPointsEachSide,
	}}
}

// placebos fits the model to the points before the event as if something had
// happened a quarter, a half and three quarters of the way.
func (s Series) placebos(event int, m SeriesModel) []Placebo {
	before := Series{Y: s.Y[:event]}
	if s.Month != nil {
		before.Month = s.Month[:event]
	}
	if s.Exposure != nil {
		before.Exposure = s.Exposure[:event]
	}
	var out []Placebo
	for _, quarter := range []int{1, 2, 3} {
		at := event * quarter / 4
		if at < minPlaceboSide || event-at < minPlaceboSide {
			continue
		}
		// Where the model can't be fitted to so few points there is no placebo.
		if step, se, df, err := before.step(at, m); err == nil {
			out = append(out, Placebo{at, step, twoSidedT(step/se, df)})
		}
	}
	return out
}

// step fits one date and gives its step with the widest standard error.
func (s Series) step(at int, m SeriesModel) (step, se, df float64, err error) {
	if m.Counts {
		c, err := s.fitCounts(at, m)
		if err != nil {
			return 0, 0, 0, err
		}
		return c.beta[stepColumn], max(c.plainSE()[stepColumn], c.serialSE[stepColumn]), c.fit.df(), nil
	}
	y, err := s.outcome(at, m)
	if err != nil {
		return 0, 0, 0, err
	}
	f, err := leastSquares(s.model(len(y), at, m), y)
	if err != nil {
		return 0, 0, 0, err
	}
	if f.df() < 1 {
		return 0, 0, 0, refuse(GateFew, "series")
	}
	pw, err := praisWinsten(f.x, y, f)
	if err != nil {
		return 0, 0, 0, err
	}
	nw, _ := f.neweyWestSE(m.lag(len(y), s.Month != nil))
	return f.beta[stepColumn], max(f.classicSE()[stepColumn], nw[stepColumn], pw.SE[stepColumn]), f.df(), nil
}

// checkPlacebos passes when no placebo date shows a step, judged together.
func (r *SeriesReport) checkPlacebos() {
	least := math.Inf(1)
	for _, p := range r.Placebos {
		least = min(least, p.P*float64(len(r.Placebos)))
	}
	ok := len(r.Placebos) > 0 && least > 1-defaultLevel
	r.Estimate.Checks = append(r.Estimate.Checks, Check{CheckPlacebo, ok, map[string]float64{
		"dates": float64(len(r.Placebos)), "least_p": min(1, least),
	}})
}

// compareControl passes when the control series shows no step of its own.
func (r *SeriesReport) compareControl(s Series, event int, m SeriesModel) error {
	c, err := InterruptedSeries(Series{Y: s.Control, Month: s.Month, Exposure: s.Exposure}, event, m)
	if err != nil {
		return err
	}
	r.ControlStep = &c.Estimate
	r.Estimate.Checks = append(r.Estimate.Checks, Check{CheckControl, c.Estimate.Interval.Contains(0), map[string]float64{
		"low": c.Estimate.Interval.Low, "high": c.Estimate.Interval.High,
	}})
	return nil
}
