package evidence

import (
	"cmp"
	"math"
	"slices"
)

// minForMean is the number of answers below which no mean or percent is given.
const minForMean = 10

// GateFew stops a mean, a percent or a coefficient from too few answers.
const GateFew CheckID = "too_few"

// BoxShare is how many gave one of the top answers.
type BoxShare struct {
	Count
	Interval Interval
}

// RatingSummary describes the answers to one rating question. Answers stand in
// the order of their scores, the highest first. The distribution and the top
// box are the finding; the mean is secondary, because the steps between answers
// needn't be equal.
type RatingSummary struct {
	N            int
	Scores       []float64
	Counts       []int
	TopBox       BoxShare
	TopTwoBox    BoxShare
	Simultaneous []Interval // Goodman, one for each answer
	Median       float64
	Mean, SD     float64
	T            Interval
	Percentile   Interval // zero without a bootstrap
	BCa          Interval
}

// Rating summarises answers on a scale: counts[i] people gave the answer that
// scores scores[i]. The simultaneous intervals hold for all k answers together:
// (q+2x±√(q(q+4x(n−x)/n)))/(2(n+q)) with q the χ²₁ quantile at 1−α/k.
//
// Sources: Goodman 1965; Efron 1987. It refuses fewer than 10 answers, negative
// counts, equal scores and scores that aren't numbers.
func Rating(counts []int, scores []float64, boot Bootstrap) (RatingSummary, error) {
	s, err := sortRating(counts, scores)
	if err != nil {
		return RatingSummary{}, err
	}
	values := s.values()
	s.Mean, s.SD = meanOf(values), math.Sqrt(varianceOf(values))
	s.Median = medianOfSorted(values)
	s.T = tInterval(s.Mean, s.SD/math.Sqrt(float64(s.N)), float64(s.N-1), defaultLevel)
	s.TopBox = boxShare(s.Counts[0], s.N)
	s.TopTwoBox = boxShare(s.Counts[0]+s.second(), s.N)
	s.Simultaneous = goodman(s.Counts, s.N)
	if boot.Reps > 0 {
		if s.Percentile, s.BCa, err = BootstrapMean(values, defaultLevel, boot); err != nil {
			return RatingSummary{}, err
		}
	}
	return s, nil
}

func sortRating(counts []int, scores []float64) (RatingSummary, error) {
	if err := checkFinite("scores", scores); err != nil {
		return RatingSummary{}, err
	}
	if err := checkSame("scores", len(counts), len(scores)); err != nil {
		return RatingSummary{}, err
	}
	order := make([]int, len(counts))
	n := 0
	for i, c := range counts {
		if c < 0 || c > maxCount {
			return RatingSummary{}, refuse(GateInput, "counts")
		}
		order[i] = i
		n += c
	}
	if n > 10*maxExact {
		return RatingSummary{}, refuse(GateRange, "counts")
	}
	if n < minForMean {
		return RatingSummary{}, refuseWith(GateFew, "counts", map[string]float64{"n": float64(n), "min": minForMean})
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	s := RatingSummary{N: n}
	for k, i := range order {
		if k > 0 && scores[i] == s.Scores[k-1] {
			return RatingSummary{}, refuse(GateInput, "scores")
		}
		s.Scores, s.Counts = append(s.Scores, scores[i]), append(s.Counts, counts[i])
	}
	return s, nil
}

func (s RatingSummary) second() int {
	if len(s.Counts) < 2 {
		return 0
	}
	return s.Counts[1]
}

func (s RatingSummary) values() []float64 {
	vs := make([]float64, 0, s.N)
	for i, c := range s.Counts {
		for range c {
			vs = append(vs, s.Scores[i])
		}
	}
	return vs
}

func boxShare(yes, n int) BoxShare {
	low, high := wilson(Count{yes, n}, zOf(defaultLevel), 0)
	return BoxShare{Count{yes, n}, Interval{low, high, defaultLevel, Wilson}}
}

func goodman(counts []int, n int) []Interval {
	q := chiSquaredQuantile(1-(1-defaultLevel)/float64(len(counts)), 1)
	is := make([]Interval, len(counts))
	total := float64(n)
	for i, c := range counts {
		x := float64(c)
		half := math.Sqrt(q * (q + 4*x*(total-x)/total))
		is[i] = Interval{max(0, (q+2*x-half)/(2*(total+q))), min(1, (q+2*x+half)/(2*(total+q))), defaultLevel, Goodman}
	}
	return is
}

func medianOfSorted(vs []float64) float64 {
	n := len(vs)
	return (vs[(n-1)/2] + vs[n/2]) / 2
}

// minForAlpha is the number of answers below which Cronbach's α is hidden.
const minForAlpha = 30

// CronbachAlpha says how far k questions measure one thing:
// k/(k−1)·(1−Σs²ᵢ/s²total). answers[p][i] is person p's answer to question i.
//
// Source: Cronbach 1951. It refuses fewer than 30 people, fewer than 2
// questions, missing answers, and answers that don't differ at all.
func CronbachAlpha(answers [][]float64) (float64, error) {
	if len(answers) < minForAlpha {
		return 0, refuseWith(GateFew, "answers", map[string]float64{"n": float64(len(answers)), "min": minForAlpha})
	}
	k := len(answers[0])
	if k < 2 {
		return 0, refuse(GateRange, "questions")
	}
	totals := make([]float64, len(answers))
	columns := make([][]float64, k)
	for p, row := range answers {
		if err := checkSame("answers", k, len(row)); err != nil {
			return 0, err
		}
		if err := checkFinite("answers", row); err != nil {
			return 0, err
		}
		totals[p] = sumOf(row)
		for i, v := range row {
			columns[i] = append(columns[i], v)
		}
	}
	each := 0.0
	for _, c := range columns {
		each += varianceOf(c)
	}
	all := varianceOf(totals)
	if all == 0 {
		return 0, refuse(GateConstant, "answers")
	}
	return float64(k) / float64(k-1) * (1 - each/all), nil
}

// GateConstant stops a method whose outcome doesn't vary.
const GateConstant CheckID = "constant"
