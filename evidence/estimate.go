package evidence

import "math"

// Method names how an interval was made.
type Method string

// Intervals for a share. Wilson is the default of everything in this package.
const (
	Wilson         Method = "wilson"
	WilsonCC       Method = "wilson_cc"
	ClopperPearson Method = "clopper_pearson"
	Jeffreys       Method = "jeffreys"
	AgrestiCoull   Method = "agresti_coull"
	MidP           Method = "mid_p"
)

// Other intervals.
const (
	StudentT           Method = "t"
	Normal             Method = "normal"
	Newcombe           Method = "newcombe10"
	MiettinenNurminen  Method = "miettinen_nurminen"
	ExactFinite        Method = "exact_finite"
	ConfidenceSequence Method = "confidence_sequence"
	Goodman            Method = "goodman"
	Percentile         Method = "bootstrap_percentile"
	BCa                Method = "bootstrap_bca"
	Logit              Method = "logit"
	BetaSurvey         Method = "beta"
)

// Count is how many of N said yes.
type Count struct {
	Yes int `json:"yes"`
	N   int `json:"n"`
}

// Interval is a range at a level of confidence.
type Interval struct {
	Low, High, Level float64
	Method           Method
}

// Contains says whether v lies in the interval, ends included.
func (i Interval) Contains(v float64) bool { return i.Low <= v && v <= i.High }

// Bounds are what an estimate could be under an assumption, whatever the
// missing answers would have been.
type Bounds struct {
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Assumption string  `json:"assumption"`
}

// Check is one check and whether it passed. Its text is made by package claim.
type Check struct {
	ID     CheckID            `json:"id"`
	Passed bool               `json:"passed"`
	Detail map[string]float64 `json:"detail,omitempty"`
}

// Estimand is what an estimate is an estimate of.
type Estimand string

// Estimands of this package.
const (
	Share         Estimand = "share"
	ShareChange   Estimand = "share_change"
	Mean          Estimand = "mean"
	MeanChange    Estimand = "mean_change"
	Total         Estimand = "total"
	Ratio         Estimand = "ratio"
	AverageEffect Estimand = "average_effect"
	EffectOnThose Estimand = "effect_on_treated"
	StepInSeries  Estimand = "step_in_series"
	PooledEffect  Estimand = "pooled_effect"
)

// Design is how the data came about; it decides which verb a claim may use.
type Design string

// Designs, weakest first.
const (
	Survey            Design = "survey"
	BeforeAfter       Design = "before_after"
	InterruptedDesign Design = "interrupted_series"
	Differences       Design = "difference_in_differences"
	Synthetic         Design = "synthetic_control"
	Randomised        Design = "randomised"
	RandomisedRollout Design = "randomised_rollout"
)

// Estimate is a number with everything that a claim needs to word it. N is how
// many it rests on and Frame how many could have been in it, 0 when unknown.
type Estimate struct {
	Estimand Estimand
	Design   Design
	Value    float64
	SE, DF   float64
	Interval Interval
	N, Frame int
	Looks    int
	Worst    *Bounds
	Tipping  *float64
	Checks   []Check
	Seed     uint64
}

const defaultLevel = 0.95

// levelOf checks a level of confidence; 0 stands for 0.95.
func levelOf(level float64) (float64, error) {
	if level == 0 {
		return defaultLevel, nil
	}
	if !(level > 0 && level < 1) {
		return 0, refuse(GateRange, "level")
	}
	return level, nil
}

func (c Count) check(field string) error {
	if c.N <= 0 {
		return refuse(GateEmpty, field)
	}
	if c.Yes < 0 || c.Yes > c.N {
		return refuseWith(GateInput, field, map[string]float64{"yes": float64(c.Yes), "n": float64(c.N)})
	}
	return nil
}

func (c Count) share() float64 { return float64(c.Yes) / float64(c.N) }

// tooLarge is where squares would leave the range of floating point.
const tooLarge = 1e100

func finite(v float64) bool { return math.Abs(v) < tooLarge }

// checkFinite refuses a slice that is empty or holds something that isn't a
// number.
func checkFinite(field string, vs []float64) error {
	if len(vs) == 0 {
		return refuse(GateEmpty, field)
	}
	for i, v := range vs {
		if !finite(v) {
			return refuseWith(GateInput, field, map[string]float64{"row": float64(i)})
		}
	}
	return nil
}

// checkSame refuses slices of unequal lengths.
func checkSame(field string, n int, others ...int) error {
	for _, o := range others {
		if o != n {
			return refuseWith(GateInput, field, map[string]float64{"want": float64(n), "got": float64(o)})
		}
	}
	return nil
}

func tInterval(value, se, df, level float64) Interval {
	half := tQuantile(0.5+level/2, df) * se
	return Interval{value - half, value + half, level, StudentT}
}

func normalInterval(value, se, level float64) Interval {
	half := zOf(level) * se
	return Interval{value - half, value + half, level, Normal}
}
