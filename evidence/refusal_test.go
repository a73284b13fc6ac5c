package evidence_test

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"commonweal/evidence"
)

// Whatever can't be computed is refused: never a panic, never a number.
func TestWhatCannotBeComputedIsRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	perm := evidence.Permutation{Reps: 100, Seed: 1}
	yes := func(n int) []bool { return slices.Repeat([]bool{true}, n) }
	half := func(n int) []bool {
		out := make([]bool, n)
		for i := range out {
			out[i] = i%2 == 0
		}
		return out
	}
	ones := func(n int) []float64 { return slices.Repeat([]float64{1}, n) }
	ramp := func(n int) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = float64(i * i % 7)
		}
		return out
	}
	constant := mat.NewDense(12, 1, ones(12))
	for name, f := range map[string]func() error{
		"nobody asked": func() error { _, err := evidence.Proportion(evidence.Count{}, 0, evidence.Wilson); return err },
		"more yes than answers": func() error {
			_, err := evidence.Proportion(evidence.Count{Yes: 3, N: 2}, 0, evidence.Wilson)
			return err
		},
		"a level of 1": func() error {
			_, err := evidence.Proportion(evidence.Count{Yes: 1, N: 2}, 1, evidence.Wilson)
			return err
		},
		"a level that is NaN": func() error {
			_, err := evidence.Proportion(evidence.Count{Yes: 1, N: 2}, nan, evidence.Wilson)
			return err
		},
		"an unknown method":      func() error { _, err := evidence.Proportion(evidence.Count{Yes: 1, N: 2}, 0, "x"); return err },
		"a frame smaller than n": func() error { _, err := evidence.FiniteProportion(evidence.Count{Yes: 1, N: 9}, 5, 0); return err },
		"an empty group": func() error {
			_, err := evidence.DiffProportions(evidence.Count{}, evidence.Count{Yes: 1, N: 2}, 0)
			return err
		},
		"Fisher of nobody": func() error { _, _, _, err := evidence.FisherExact(evidence.Count{}, evidence.Count{}); return err },
		"nine ratings": func() error {
			_, err := evidence.Rating([]int{5, 4}, []float64{2, 1}, evidence.Bootstrap{})
			return err
		},
		"no ratings": func() error { _, err := evidence.Rating(nil, nil, evidence.Bootstrap{}); return err },
		"a score that is NaN": func() error {
			_, err := evidence.Rating([]int{50, 4}, []float64{nan, 1}, evidence.Bootstrap{})
			return err
		},
		"alpha of 29 people":     func() error { _, err := evidence.CronbachAlpha(make([][]float64, 29)); return err },
		"alpha of equal answers": func() error { _, err := evidence.CronbachAlpha(slices.Repeat([][]float64{{1, 1}}, 40)); return err },
		"dispositions of nobody": func() error { _, err := evidence.ResponseRates(evidence.Dispositions{}, 0.5); return err },
		"e of 2":                 func() error { _, err := evidence.ResponseRates(evidence.Dispositions{Complete: 1}, 2); return err },
		"nobody answered": func() error {
			_, err := evidence.Nonresponse(evidence.Frame{N: 20}, make([]float64, 20), make([]bool, 20), evidence.NonresponseOptions{})
			return err
		},
		"an answer off the scale": func() error {
			_, err := evidence.Nonresponse(evidence.Frame{N: 20}, append(ones(19), 7), yes(20), evidence.NonresponseOptions{})
			return err
		},
		"pairs of unequal length": func() error { _, err := evidence.PairedMean(ramp(3), ramp(4), perm); return err },
		"a change that is NaN":    func() error { _, err := evidence.PairedMean([]float64{1, nan}, []float64{2, 3}, perm); return err },
		"one pair":                func() error { _, err := evidence.PairedMean([]float64{1}, []float64{2}, perm); return err },
		"changes all equal":       func() error { _, err := evidence.PairedMean(ramp(5), ramp(5), perm); return err },
		"a negative table":        func() error { _, err := evidence.PairedProportion([2][2]int{{-1, 2}, {3, 4}}, 0); return err },
		"an empty table":          func() error { _, err := evidence.PairedProportion([2][2]int{}, 0); return err },
		"groups of one":           func() error { _, err := evidence.PermutationTest([]float64{1}, []float64{2}, perm); return err },
		"groups all equal":        func() error { _, err := evidence.PermutationTest(ones(4), ones(4), perm); return err },
		"an arm without anybody":  func() error { _, err := evidence.LeeBounds(ramp(4), yes(4), yes(4)); return err },
		"an endless scale":        func() error { _, err := evidence.WorstCaseByArm(ramp(4), yes(4), half(4), 0, inf); return err },
		"a trial without draws": func() error {
			_, err := evidence.TwoArm(evidence.Trial{Y: ramp(8), Observed: yes(8), Treated: half(8)}, evidence.TrialOptions{})
			return err
		},
		"a covariate that is constant": func() error {
			_, err := evidence.TwoArm(evidence.Trial{Y: ramp(20), Observed: yes(20), Treated: half(20), Covariates: [][]float64{ones(20)}}, evidence.TrialOptions{Perm: perm})
			return err
		},
		"a block with one arm": func() error {
			_, err := evidence.TwoArm(evidence.Trial{Y: ramp(8), Observed: yes(8), Treated: half(8), Block: []string{"a", "b", "a", "b", "a", "b", "a", "b"}}, evidence.TrialOptions{Perm: perm})
			return err
		},
		"a sequence at alpha 0 and below": func() error { _, err := evidence.NewSequence(-1, 0); return err },
		"a p-value of 2":                  func() error { _, err := evidence.AdjustP([]float64{2}, evidence.BH); return err },
		"a series with a gap": func() error {
			_, err := evidence.InterruptedSeries(evidence.Series{Y: []float64{1, nan, 3}}, 1, evidence.SeriesModel{})
			return err
		},
		"the logarithm of 0": func() error {
			_, err := evidence.InterruptedSeries(evidence.Series{Y: make([]float64, 30)}, 15, evidence.SeriesModel{Log: true})
			return err
		},
		"a constant series": func() error {
			_, err := evidence.InterruptedSeries(evidence.Series{Y: ones(30)}, 15, evidence.SeriesModel{})
			return err
		},
		"an event outside": func() error {
			_, err := evidence.InterruptedSeries(evidence.Series{Y: ramp(30)}, 30, evidence.SeriesModel{})
			return err
		},
		"negative counts": func() error {
			_, err := evidence.InterruptedSeries(evidence.Series{Y: append(ramp(30), -1)}, 15, evidence.SeriesModel{Counts: true})
			return err
		},
		"more waves than units": func() error {
			_, err := evidence.DrawRollout([]evidence.Unit{{Name: "a"}}, 2, evidence.Constraints{}, 1)
			return err
		},
		"two units of one name": func() error {
			_, err := evidence.DrawRollout([]evidence.Unit{{Name: "a"}, {Name: "a"}}, 2, evidence.Constraints{}, 1)
			return err
		},
		"power of nothing":     func() error { _, err := evidence.RolloutPower(nil, 1, 1, 1, 1); return err },
		"a roll-out of nobody": func() error { _, err := evidence.AnalyseRollout(nil, perm); return err },
		"four groups pooled": func() error {
			_, err := evidence.PoolProportions(slices.Repeat([]evidence.Count{{Yes: 1, N: 2}}, 4))
			return err
		},
		"four effects pooled": func() error { _, err := evidence.PoolMeans(ramp(4), ones(4), evidence.RestrictedML); return err },
		"a standard error of 0": func() error {
			_, err := evidence.PoolMeans(ramp(6), make([]float64, 6), evidence.RestrictedML)
			return err
		},
		"two random groups": func() error {
			_, err := evidence.RandomIntercept(ramp(12), constant, []int{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}, true)
			return err
		},
		"five clusters": func() error {
			_, err := evidence.WildCluster(ramp(12), constant, []int{0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4}, 0, perm)
			return err
		},
		"one cluster": func() error { _, err := evidence.Clustered(ramp(12), constant, make([]int, 12), 0); return err },
		"a panel with a hole": func() error {
			_, err := evidence.GroupTimeATT(evidence.Panel{Unit: []string{"a"}, Time: []int{1}, FirstTreated: []int{0}, Y: ones(1)}, evidence.DiDOptions{})
			return err
		},
		"a risk ratio of 0":     func() error { _, _, err := evidence.EValue(0, 1); return err },
		"robustness without df": func() error { _, err := evidence.RobustnessValue(2, 0, 1, 1); return err },
		"times of nobody":       func() error { _, err := evidence.WaitingTimes(nil, nil); return err },
		"a negative time":       func() error { _, err := evidence.WaitingTimes([]float64{-1}, yes(1)); return err },
		"unsorted places": func() error {
			_, err := evidence.SyntheticControl(evidence.SCPanel{Units: []string{"b", "a", "c", "d", "e"}}, 0, 2)
			return err
		},
		"a weight of 0": func() error {
			_, err := evidence.SurveyMean(evidence.SurveyDesign{Weights: make([]float64, 3)}, ones(3))
			return err
		},
		"a design of one person": func() error {
			_, err := evidence.SurveyMean(evidence.SurveyDesign{Weights: ones(1)}, ones(1))
			return err
		},
		"a group nobody is in": func() error {
			_, err := evidence.Rake(evidence.Sample{Y: ramp(3)}, []evidence.Margin{{Name: "area", Group: []string{"a", "a", "a"}, Target: map[string]float64{"a": 1, "b": 2}}}, evidence.RakeOptions{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { refused(t, name, f()) })
	}
}

// Bytes turned into input: any of it is refused or gives finite numbers.
func FuzzMethods(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
	f.Add([]byte{})
	f.Add([]byte{255, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 200 {
			return
		}
		var y []float64
		var on, kept []bool
		var group []int
		for i, v := range b {
			x := float64(v%16) - 4
			switch v {
			case 255:
				x = math.NaN()
			case 254:
				x = math.Inf(1)
			case 253:
				x = 1e300
			}
			y, on, kept, group = append(y, x), append(on, v&16 > 0), append(kept, v&32 > 0), append(group, i%7)
		}
		perm := evidence.Permutation{Reps: 100, Seed: 1}
		number := func(what string, err error, vs ...float64) {
			if err != nil {
				refused(t, what, err)
				return
			}
			for _, v := range vs {
				if math.IsNaN(v) {
					t.Errorf("%s gave NaN for %v", what, y)
				}
			}
		}
		p, err := evidence.PairedMean(y[:len(y)/2], y[len(y)/2:len(y)/2*2], perm)
		number("PairedMean", err, p.T.P, p.SignFlip, p.SignedRank.P)
		l, err := evidence.LeeBounds(y, kept, on)
		number("LeeBounds", err, l.Low, l.High)
		two, err := evidence.TwoArm(evidence.Trial{Y: y, Observed: kept, Treated: on}, evidence.TrialOptions{Perm: perm})
		number("TwoArm", err, two.Difference.Value, two.Difference.Interval.Low, two.P)
		s, err := evidence.InterruptedSeries(evidence.Series{Y: y}, len(y)/2, evidence.SeriesModel{})
		number("InterruptedSeries", err, s.Estimate.Value, s.Estimate.SE)
		w, err := evidence.WaitingTimes(y, on)
		number("WaitingTimes", err, float64(w.Done))
		if len(y) > 0 {
			x := mat.NewDense(len(y), 2, nil)
			for i := range y {
				x.Set(i, 0, 1)
				x.Set(i, 1, float64(i%3))
			}
			m, err := evidence.RandomIntercept(y, x, group, true)
			number("RandomIntercept", err, m.VarGroup, m.LogLikelihood)
			c, err := evidence.Clustered(y, x, group, 1)
			number("Clustered", err, c.CR2SE, c.CR2DF)
		}
		n, err := evidence.Nonresponse(evidence.Frame{N: len(y)}, y, kept, evidence.NonresponseOptions{Low: -4, High: 11})
		number("Nonresponse", err, n.WorstCase.Low, n.ImbensManski.High)
	})
}
