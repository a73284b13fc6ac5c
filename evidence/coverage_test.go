package evidence_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"commonweal/evidence"
)

// Coverage is checked by simulation with fixed seeds. A limit lies three Monte
// Carlo standard errors from what is claimed.
func simulated(share float64, runs int) float64 { return 3 * math.Sqrt(share*(1-share)/float64(runs)) }

func binomial(rng *rand.Rand, n int, p float64) evidence.Count {
	c := evidence.Count{N: n}
	for range n {
		if rng.Float64() < p {
			c.Yes++
		}
	}
	return c
}

// Exact coverage: no simulation is needed for a share, its counts are few.
func exactCoverage(t *testing.T, n int, p float64, m evidence.Method) float64 {
	t.Helper()
	covered := 0.0
	for x := range n + 1 {
		i, err := evidence.Proportion(evidence.Count{Yes: x, N: n}, 0.95, m)
		if err != nil {
			t.Fatal(err)
		}
		if i.Contains(p) {
			a, _ := math.Lgamma(float64(n + 1))
			b, _ := math.Lgamma(float64(x + 1))
			c, _ := math.Lgamma(float64(n - x + 1))
			covered += math.Exp(a - b - c + float64(x)*math.Log(p) + float64(n-x)*math.Log1p(-p))
		}
	}
	return covered
}

func TestIntervalsForAShareCover(t *testing.T) {
	ns := []int{10, 25, 60, 150}
	for _, m := range []evidence.Method{
		evidence.Wilson, evidence.WilsonCC, evidence.ClopperPearson, evidence.Jeffreys, evidence.AgrestiCoull, evidence.MidP,
	} {
		least, sum, cells := 1.0, 0.0, 0.0
		for _, n := range ns {
			for p := 0.02; p < 0.99; p += 0.016 {
				c := exactCoverage(t, n, p, m)
				least, sum, cells = min(least, c), sum+c, cells+1
			}
		}
		mean := sum / cells
		t.Logf("%-16s mean coverage %.4f, least %.4f", m, mean, least)
		if mean < 0.945 {
			t.Errorf("%s covers %.4f on average", m, mean)
		}
		if exact := m == evidence.ClopperPearson || m == evidence.WilsonCC; exact && least < 0.94 {
			t.Errorf("%s covers only %.4f somewhere", m, least)
		}
		if m == evidence.ClopperPearson && least < 0.95-1e-9 {
			t.Errorf("the exact interval covers only %.4f somewhere", least)
		}
	}
}

func TestTheFiniteIntervalCovers(t *testing.T) {
	const frame, n, runs = 120, 40, 1500
	rng := rand.New(rand.NewPCG(3, 1))
	for _, yes := range []int{5, 40, 90} {
		hits := 0
		for range runs {
			x := 0
			for _, i := range rng.Perm(frame)[:n] {
				if i < yes {
					x++
				}
			}
			e, err := evidence.FiniteProportion(evidence.Count{Yes: x, N: n}, frame, 0)
			if err != nil {
				t.Fatal(err)
			}
			if e.Interval.Contains(float64(yes) / frame) {
				hits++
			}
		}
		if got := float64(hits) / runs; got < 0.95-simulated(0.95, runs) {
			t.Errorf("%d of %d: covered %.4f", yes, frame, got)
		}
	}
}

func TestTheDifferenceOfTwoSharesCovers(t *testing.T) {
	const runs = 4000
	rng := rand.New(rand.NewPCG(4, 1))
	newcombe, score := 0, 0
	for range runs {
		a, b := binomial(rng, 40, 0.6), binomial(rng, 30, 0.45)
		e, err := evidence.DiffProportions(a, b, 0)
		if err != nil {
			t.Fatal(err)
		}
		i, err := evidence.DiffScore(a, b, 0)
		if err != nil {
			t.Fatal(err)
		}
		if e.Interval.Contains(0.15) {
			newcombe++
		}
		if i.Contains(0.15) {
			score++
		}
	}
	for name, hits := range map[string]int{"Newcombe": newcombe, "score": score} {
		got := float64(hits) / runs
		t.Logf("%s: covered %.4f", name, got)
		if math.Abs(got-0.95) > 0.005+simulated(0.95, runs) {
			t.Errorf("%s covered %.4f", name, got)
		}
	}
}

// The sequence misses anywhere in at most 5 of 100 runs; intervals that are
// made for one look miss far more often when they are watched.
func TestTheSequenceHoldsAtEveryLook(t *testing.T) {
	const most, looks = 1000, 60
	for _, x := range []struct {
		p    float64
		runs int
	}{{0.5, 2000}, {0.1, 500}} {
		p, runs := x.p, x.runs
		rng := rand.New(rand.NewPCG(5, uint64(100*p)))
		s, err := evidence.NewSequence(0.05, 100)
		if err != nil {
			t.Fatal(err)
		}
		missed, watched := 0, 0
		for range runs {
			c, seq, fixed := evidence.Count{}, false, false
			for k := range looks {
				step := binomial(rng, most/looks, p)
				c.Yes, c.N = c.Yes+step.Yes, c.N+step.N
				i, err := s.At(c)
				if err != nil {
					t.Fatal(err)
				}
				seq = seq || !i.Contains(p)
				w, err := evidence.Proportion(c, 0.95, evidence.Wilson)
				if err != nil {
					t.Fatalf("look %d: %v", k, err)
				}
				fixed = fixed || !w.Contains(p)
			}
			if seq {
				missed++
			}
			if fixed {
				watched++
			}
		}
		t.Logf("p = %v: the sequence missed somewhere in %.2f%%, watched Wilson intervals in %.1f%%", p, 100*float64(missed)/float64(runs), 100*float64(watched)/float64(runs))
		if float64(missed)/float64(runs) > 0.05 {
			t.Errorf("p = %v: missed in %d of %d runs", p, missed, runs)
		}
		if float64(watched)/float64(runs) < 0.2 {
			t.Errorf("p = %v: the control missed in only %d runs: the simulation can't tell", p, watched)
		}
	}
}

func TestTheTrialCovers(t *testing.T) {
	const runs, n = 600, 60
	rng := rand.New(rand.NewPCG(6, 1))
	plain, lin, rejected := 0, 0, 0
	for r := range runs {
		d := evidence.Trial{Covariates: [][]float64{nil}}
		for _, i := range rng.Perm(n) {
			x := rng.NormFloat64()
			treated := i < n/2
			y := 0.8*x + rng.NormFloat64()
			if treated {
				y += rng.NormFloat64() // the arms differ in spread, not in mean
			}
			d.Y, d.Treated = append(d.Y, y), append(d.Treated, treated)
			d.Observed, d.Covariates[0] = append(d.Observed, true), append(d.Covariates[0], x)
		}
		rep, err := evidence.TwoArm(d, evidence.TrialOptions{Perm: evidence.Permutation{Reps: 200, Seed: uint64(r)}})
		if err != nil {
			t.Fatal(err)
		}
		if rep.Difference.Interval.Contains(0) {
			plain++
		}
		if rep.Adjusted.Interval.Contains(0) {
			lin++
		}
		if rep.P <= 0.05 {
			rejected++
		}
	}
	for name, hits := range map[string]int{"difference": plain, "Lin": lin} {
		got := float64(hits) / runs
		t.Logf("%s: covered %.3f", name, got)
		if math.Abs(got-0.95) > 0.01+simulated(0.95, runs) {
			t.Errorf("%s covered %.3f", name, got)
		}
	}
	if got := float64(rejected) / runs; got > 0.06+simulated(0.05, runs) {
		t.Errorf("the randomisation test rejects %.3f without an effect", got)
	}
}

// A roll-out with a trend and no effect: before and after differ greatly, the
// analysis finds an effect in at most 5 of 100.
func TestARolloutWithATrendAndNoEffect(t *testing.T) {
	const runs = 400
	rng := rand.New(rand.NewPCG(7, 1))
	effects, agreed, rises := 0, 0, 0
	for r := range runs {
		obs, rise := trendOnly(rng)
		rep, err := evidence.AnalyseRollout(obs, evidence.Permutation{Reps: 400, Seed: uint64(r)})
		if err != nil {
			t.Fatal(err)
		}
		if !rep.Estimate.Interval.Contains(0) {
			effects++
		}
		if !rep.Estimate.Interval.Contains(0) && rep.P <= 0.05 {
			agreed++
		}
		if rise > 1 {
			rises++
		}
	}
	t.Logf("no effect, rising background: interval excludes 0 in %.1f%%, both interval and permutation in %.1f%%; before/after rises in %.0f%%",
		100*float64(effects)/runs, 100*float64(agreed)/runs, 100*float64(rises)/runs)
	if float64(agreed)/runs > 0.05 {
		t.Errorf("%d of %d runs without an effect reach the effect sentence", agreed, runs)
	}
	if rises < runs*9/10 {
		t.Errorf("the control, before and after, rose in only %d runs", rises)
	}
}

// trendOnly draws 9 units in 3 waves over 4 periods, each period 1 higher.
func trendOnly(rng *rand.Rand) (obs []evidence.Observation, rise float64) {
	before, after := 0.0, 0.0
	for u, k := range rng.Perm(9) {
		level := 0.5 * rng.NormFloat64()
		for t := range 4 {
			for range 4 {
				y := level + float64(t) + rng.NormFloat64()
				treated := t > k/3
				obs = append(obs, evidence.Observation{Unit: string(rune('a' + u)), Period: t, Treated: treated, Y: y})
				if treated {
					after += y / 72
				} else {
					before += y / 72
				}
			}
		}
	}
	return obs, after - before
}

func TestImbensManskiCovers(t *testing.T) {
	const runs, N = 1500, 400
	rng := rand.New(rand.NewPCG(8, 1))
	hits := 0
	const truth = 0.6*0.7 + 0.4*1 // the silent all say yes: the upper end
	for range runs {
		y, answered := make([]float64, N), make([]bool, N)
		for i := range y {
			answered[i] = rng.Float64() < 0.6
			if !answered[i] || rng.Float64() < 0.7 {
				y[i] = 1
			}
		}
		r, err := evidence.Nonresponse(evidence.Frame{N: N}, y, answered, evidence.NonresponseOptions{High: 1, Target: 0.5})
		if err != nil {
			t.Fatal(err)
		}
		if r.ImbensManski.Contains(truth) {
			hits++
		}
	}
	if got := float64(hits) / runs; got < 0.95-simulated(0.95, runs) {
		t.Errorf("covered %.4f", got)
	}
}

func TestFewClustersAndSeriesKeepTheirLevel(t *testing.T) {
	const runs = 600
	rng := rand.New(rand.NewPCG(9, 1))
	cr1, cr2 := 0, 0
	for range runs {
		var y []float64
		var treated, after []bool
		var cluster []int
		for g := range 8 {
			level := rng.NormFloat64()
			for t := range 2 {
				shock := 0.7 * rng.NormFloat64()
				for range 5 {
					y = append(y, level+shock+rng.NormFloat64())
					treated, after, cluster = append(treated, g < 3), append(after, t == 1), append(cluster, g)
				}
			}
		}
		r, err := evidence.DiffInDiff(y, treated, after, cluster)
		if err != nil {
			t.Fatal(err)
		}
		if r.CR1.P <= 0.05 {
			cr1++
		}
		if r.CR2.P <= 0.05 {
			cr2++
		}
	}
	t.Logf("8 clusters without an effect: CR1 rejects %.1f%%, CR2 %.1f%%", 100*float64(cr1)/runs, 100*float64(cr2)/runs)
	if got := float64(cr2) / runs; got > 0.05+simulated(0.05, runs) {
		t.Errorf("CR2 rejects %.3f without an effect", got)
	}
}

// A short series, 8 points on each side, can earn an effect when there is one,
// and seldom does when there is none: not even on a rising background.
func TestAShortSeriesEarnsWhatItShows(t *testing.T) {
	const runs = 400
	earned := func(each int, step, memory float64) (share float64) {
		rng := rand.New(rand.NewPCG(10, uint64(each)))
		hits := 0
		for range runs {
			var s evidence.Series
			noise := rng.NormFloat64()
			for i := range 2 * each {
				noise = memory*noise + math.Sqrt(1-memory*memory)*rng.NormFloat64()
				y := 10 + 0.2*float64(i) + noise
				if i >= each {
					y += step
				}
				s.Y = append(s.Y, y)
			}
			r, err := evidence.InterruptedSeries(s, each, evidence.SeriesModel{})
			if err != nil {
				t.Fatal(err)
			}
			all := !r.Estimate.Interval.Contains(0)
			for _, c := range r.Estimate.Checks {
				all = all && c.Passed
			}
			if all {
				hits++
			}
		}
		return float64(hits) / runs
	}
	for _, x := range []struct {
		each            int
		step, memory    float64
		atLeast, atMost float64
	}{
		{8, 8, 0, 0.3, 1},
		{24, 8, 0, 0.6, 1},
		{8, 0, 0, 0, 0.05},
		{24, 0, 0, 0, 0.05},
		{24, 0, 0.3, 0, 0.05},
	} {
		got := earned(x.each, x.step, x.memory)
		t.Logf("%d points on each side, step %v, memory %v: %.1f%% earn an effect", x.each, x.step, x.memory, 100*got)
		if got < x.atLeast || got > x.atMost+simulated(0.05, runs) {
			t.Errorf("%d points on each side, step %v, memory %v: %.3f earn an effect", x.each, x.step, x.memory, got)
		}
	}
}
