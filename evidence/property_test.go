package evidence_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"commonweal/evidence"
)

func refused(t *testing.T, what string, err error) {
	t.Helper()
	var r *evidence.Refusal
	if !errors.As(err, &r) {
		t.Errorf("%s: got %v, want a refusal", what, err)
	}
}

func drawCount(t *rapid.T) evidence.Count {
	n := rapid.IntRange(1, 400).Draw(t, "n")
	return evidence.Count{Yes: rapid.IntRange(0, n).Draw(t, "yes"), N: n}
}

func shareMethods() []evidence.Method {
	return []evidence.Method{
		evidence.Wilson, evidence.WilsonCC, evidence.ClopperPearson, evidence.Jeffreys, evidence.AgrestiCoull, evidence.MidP,
	}
}

// Yes and no mirror each other, more yes never lowers a limit, and every
// interval lies in [0, 1] around its share.
func TestSharesBehave(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCount(rt)
		for _, m := range shareMethods() {
			i, err := evidence.Proportion(c, 0.95, m)
			if err != nil {
				rt.Fatal(err)
			}
			p := float64(c.Yes) / float64(c.N)
			if !(i.Low >= 0 && i.High <= 1 && i.Low <= p+1e-12 && i.High >= p-1e-12) {
				rt.Fatalf("%s of %v: %v", m, c, i)
			}
			mirror, err := evidence.Proportion(evidence.Count{Yes: c.N - c.Yes, N: c.N}, 0.95, m)
			if err != nil || math.Abs(mirror.Low-(1-i.High)) > 1e-9 || math.Abs(mirror.High-(1-i.Low)) > 1e-9 {
				rt.Fatalf("%s of %v isn't the mirror of its opposite: %v, %v", m, c, i, mirror)
			}
			if c.Yes == c.N {
				continue
			}
			more, err := evidence.Proportion(evidence.Count{Yes: c.Yes + 1, N: c.N}, 0.95, m)
			if err != nil || more.Low < i.Low-1e-12 || more.High < i.High-1e-12 {
				rt.Fatalf("%s: one more yes than %v lowers a limit", m, c)
			}
		}
	})
}

func TestWhoAsksEveryoneKnows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCount(rt)
		e, err := evidence.FiniteProportion(c, c.N, 0)
		if err != nil || e.Interval.Low != e.Value || e.Interval.High != e.Value || e.SE != 0 {
			rt.Fatalf("%v of everyone: %v %v", c, e, err)
		}
		wide, err := evidence.FiniteProportion(c, c.N*5, 0)
		if err != nil || !wide.Interval.Contains(e.Value) {
			rt.Fatalf("%v of five times as many: %v %v", c, wide, err)
		}
	})
}

func TestTwoSharesBehave(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawCount(rt), drawCount(rt)
		d, err := evidence.DiffProportions(a, b, 0)
		if err != nil {
			rt.Fatal(err)
		}
		s, err := evidence.DiffScore(a, b, 0)
		if err != nil || s.Low > d.Value+1e-9 || s.High < d.Value-1e-9 || s.Low < -1 || s.High > 1 {
			rt.Fatalf("%v − %v = %v: score %v %v", a, b, d.Value, s, err)
		}
		back, err := evidence.DiffProportions(b, a, 0)
		if err != nil || math.Abs(back.Interval.Low+d.Interval.High) > 1e-12 {
			rt.Fatalf("turned round: %v, %v", d.Interval, back.Interval)
		}
		p, _, _, err := evidence.FisherExact(a, b)
		q, _, _, err2 := evidence.FisherExact(b, a)
		if err != nil || err2 != nil || math.Abs(p-q) > 1e-9 || p < 0 || p > 1 {
			rt.Fatalf("Fisher %v, %v", p, q)
		}
	})
}

// The order of people changes nothing.
func TestTheOrderOfRowsChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(12, 30).Draw(rt, "n")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		pre, post := make([]float64, n), make([]float64, n)
		observed, treated := make([]bool, n), make([]bool, n)
		for i := range n {
			pre[i], post[i] = float64(rng.IntN(9)), float64(rng.IntN(9))
			observed[i], treated[i] = rng.IntN(4) > 0 || i < 6, i%2 == 0
		}
		post[0] = pre[0] + 1
		post[1] = pre[1] - 2
		order := rng.Perm(n)
		perm := evidence.Permutation{Reps: 100, Seed: 1}
		a, err := evidence.PairedMean(pre, post, perm)
		b, err2 := evidence.PairedMean(pick(pre, order), pick(post, order), perm)
		if err != nil || err2 != nil {
			rt.Fatal(err, err2)
		}
		near(rt, "mean", a.Mean, b.Mean)
		near(rt, "signed rank", a.SignedRank.P, b.SignedRank.P)
		if a.Exact {
			near(rt, "sign flips", a.SignFlip, b.SignFlip)
		}
		l, err := evidence.LeeBounds(post, observed, treated)
		m, err2 := evidence.LeeBounds(pick(post, order), pick(observed, order), pick(treated, order))
		if err != nil || err2 != nil {
			rt.Fatal(err, err2)
		}
		near(rt, "Lee low", l.Low, m.Low)
		near(rt, "Lee high", l.High, m.High)
		if l.Low > l.CompleteCase+1e-9 || l.High < l.CompleteCase-1e-9 {
			rt.Fatalf("the bounds %v leave out the difference %v", l.Bounds, l.CompleteCase)
		}
		w, err := evidence.WorstCaseByArm(post, observed, treated, -2, 12)
		if err != nil || w.Low > l.CompleteCase+1e-9 || w.High < l.CompleteCase-1e-9 {
			rt.Fatalf("the worst case %v leaves out the difference %v: %v", w, l.CompleteCase, err)
		}
	})
}

func pick[T any](vs []T, order []int) []T {
	out := make([]T, len(vs))
	for i, k := range order {
		out[i] = vs[k]
	}
	return out
}

func near(t rapid.TB, what string, a, b float64) {
	t.Helper()
	if math.Abs(a-b) > 1e-9*(1+math.Abs(a)) {
		t.Fatalf("%s: %v, in another order %v", what, a, b)
	}
}

func TestAdjustedPValuesBehave(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 20).Draw(rt, "p")
		withGap := append(slices.Clone(p), math.NaN())
		for _, m := range []evidence.Multiplicity{evidence.Bonferroni, evidence.Holm, evidence.BH, evidence.BY} {
			a, err := evidence.AdjustP(withGap, m)
			if err != nil || !math.IsNaN(a[len(p)]) {
				rt.Fatalf("a missing p-value became %v: %v", a, err)
			}
			for i := range p {
				if a[i] < p[i]-1e-15 || a[i] > 1 {
					rt.Fatalf("%s: %v became %v", m, p[i], a[i])
				}
				for k := range p {
					if p[i] < p[k] && a[i] > a[k]+1e-15 {
						rt.Fatalf("%s changes the order", m)
					}
				}
			}
		}
	})
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	values := []float64{1, 2, 2, 3, 5, 8, 13, 21, 34, 55, 89}
	b := evidence.Bootstrap{Reps: 500, Seed: 9}
	p1, c1, err := evidence.BootstrapMean(values, 0, b)
	p2, c2, err2 := evidence.BootstrapMean(values, 0, b)
	if err != nil || err2 != nil || p1 != p2 || c1 != c2 {
		t.Errorf("%v %v, then %v %v", p1, c1, p2, c2)
	}
	// Written down, so that another machine is held to the same numbers.
	if math.Abs(p1.Low-7.775759618739673) > 1e-12 {
		t.Errorf("the percentile interval begins at %v", p1.Low)
	}
	units := []evidence.Unit{{Name: "d"}, {Name: "b"}, {Name: "a"}, {Name: "c"}, {Name: "f"}, {Name: "e"}}
	r, err := evidence.DrawRollout(units, 3, evidence.Constraints{}, 42)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(units)
	again, err := evidence.DrawRollout(units, 3, evidence.Constraints{}, 42)
	if err != nil || !slices.Equal(r.Wave, again.Wave) || !r.Verify() {
		t.Errorf("a draw that can't be repeated: %v, %v", r.Wave, again.Wave)
	}
	forged := r
	forged.Wave = slices.Clone(r.Wave)
	forged.Wave[0], forged.Wave[1] = forged.Wave[1], forged.Wave[0]
	if r.Wave[0] != r.Wave[1] && forged.Verify() {
		t.Error("a draw that was changed by hand verifies")
	}
}

func TestTheDrawIsFairAndKeepsItsConstraints(t *testing.T) {
	units := []evidence.Unit{
		{Name: "a", Size: 10, Stratum: "x"}, {Name: "b", Size: 12, Stratum: "x"}, {Name: "c", Size: 30, Stratum: "y"}, {Name: "d", Size: 28, Stratum: "y"},
	}
	early := map[string]int{}
	for seed := range uint64(2000) {
		r, err := evidence.DrawRollout(units, 2, evidence.Constraints{MaxSizeRatio: 1.3}, seed)
		if err != nil {
			t.Fatal(err)
		}
		sizes := [2]float64{}
		for i, w := range r.Wave {
			sizes[w] += r.Units[i].Size
			if w == 0 {
				early[r.Units[i].Name]++
			}
		}
		if max(sizes[0], sizes[1]) > 1.3*min(sizes[0], sizes[1]) {
			t.Fatalf("waves of %v", sizes)
		}
	}
	for name, k := range early {
		if k < 900 || k > 1100 {
			t.Errorf("%s begins early in %d of 2000 draws", name, k)
		}
	}
	_, err := evidence.DrawRollout(units[:2], 2, evidence.Constraints{MaxSizeRatio: 1.01}, 1)
	refused(t, "constraints that can't be met", err)
}

func TestWaitingTimesByHand(t *testing.T) {
	r, err := evidence.WaitingTimes(
		[]float64{10, 20, 30, 30, 45, 60, 60, 90},
		[]bool{true, true, true, false, true, true, false, false})
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{0.875, 0.75, 0.625, 0.46875, 0.3125}
	for i, s := range r.Curve {
		if math.Abs(s.Share-want[i]) > 1e-12 {
			t.Errorf("after %v: %v, want %v", s.Time, s.Share, want[i])
		}
	}
	// Greenwood: 0.875·√(1/(8·7)) after the first, 1.96 of them on each side.
	if low := r.Curve[0].Interval.Low; math.Abs(low-(0.875-1.959964*0.875/math.Sqrt(56))) > 1e-6 {
		t.Errorf("the first limit is %v", low)
	}
	if r.Median != 45 || len(r.Curve) != len(want) {
		t.Errorf("median %v, %d steps", r.Median, len(r.Curve))
	}
	open, err := evidence.WaitingTimes([]float64{5, 9}, []bool{true, false})
	if err != nil || open.Median != 5 {
		t.Errorf("median %v", open.Median)
	}
	none, err := evidence.WaitingTimes([]float64{5, 9, 9}, []bool{true, false, false})
	if err != nil || !math.IsNaN(none.Median) {
		t.Errorf("a median that isn't reached is %v", none.Median)
	}
}

func TestExactAndDrawnPermutationsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var y []float64
	x := mat.NewDense(60, 2, nil)
	cluster := make([]int, 60)
	for i := range 60 {
		cluster[i] = i / 5
		x.Set(i, 0, 1)
		x.Set(i, 1, float64((i/5)%2))
		y = append(y, 0.4*x.At(i, 1)+rng.NormFloat64())
	}
	exact, err := evidence.WildCluster(y, x, cluster, 1, evidence.Permutation{})
	if err != nil || !exact.Exact || exact.Draws != 1<<12 {
		t.Fatalf("%+v %v", exact, err)
	}
	c, err := evidence.Clustered(y, x, cluster, 1)
	if err != nil || math.Abs(c.CR1.Statistic-exact.T) > 1e-12 {
		t.Errorf("t = %v in one, %v in the other: %v", c.CR1.Statistic, exact.T, err)
	}
	if math.Abs(exact.P-c.CR2.P) > 0.1 {
		t.Errorf("the wild bootstrap's p is %v, CR2's %v", exact.P, c.CR2.P)
	}
}

// Doubly robust, weighting and outcome regression agree without covariates, and
// with them find an effect that a plain comparison gets wrong.
func TestStaggeredAdjustmentsFindTheEffect(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	var p evidence.Panel
	p.Covariates = [][]float64{nil}
	for u := range 1200 {
		x := rng.NormFloat64()
		first := 0
		if rng.Float64() < 1/(1+math.Exp(-x)) {
			first = 2
		}
		for t := 1; t <= 3; t++ {
			y := x + float64(t)*x + 0.3*rng.NormFloat64()
			if first > 0 && t >= first {
				y += 2
			}
			p.Unit, p.Time, p.FirstTreated = append(p.Unit, string(rune('A'+u/100))+string(rune('a'+u%100))), append(p.Time, t), append(p.FirstTreated, first)
			p.Y, p.Covariates[0] = append(p.Y, y), append(p.Covariates[0], x)
		}
	}
	plain := p
	plain.Covariates = nil
	g, err := evidence.GroupTimeATT(plain, evidence.DiDOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(g.ATT[0]-2) < 0.3 {
		t.Errorf("the plain comparison finds %v: the example tests nothing", g.ATT[0])
	}
	for _, adj := range []evidence.Adjustment{evidence.DoublyRobust, evidence.Weighting, evidence.Outcome} {
		for _, control := range []evidence.Comparison{evidence.NeverTreated, evidence.NotYetTreated} {
			g, err := evidence.GroupTimeATT(p, evidence.DiDOptions{Adjustment: adj, Control: control})
			if err != nil {
				t.Fatal(err)
			}
			a, err := g.Aggregate(evidence.SimpleTarget)
			if err != nil || math.Abs(a.Estimate.Value-2) > 4*a.Estimate.SE+0.02 {
				t.Errorf("%s against %s: %v ± %v, truth 2: %v", adj, control, a.Estimate.Value, a.Estimate.SE, err)
			}
		}
	}
}

func TestBandsAreWiderThanSingleIntervals(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 2))
	var p evidence.Panel
	for u := range 90 {
		for t := range 5 {
			p.Unit, p.Time = append(p.Unit, string(rune('A'+u))), append(p.Time, t+1)
			p.FirstTreated, p.Y = append(p.FirstTreated, []int{0, 3, 4}[u%3]), append(p.Y, rng.NormFloat64())
		}
	}
	g, err := evidence.GroupTimeATT(p, evidence.DiDOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := g.Aggregate(evidence.DynamicTarget)
	if err != nil {
		t.Fatal(err)
	}
	b, err := a.Band(evidence.Bootstrap{Reps: 2000, Seed: 1})
	if err != nil || b.Critical < 1.96 || b.Critical > 4 {
		t.Fatalf("critical value %v: %v", b.Critical, err)
	}
	for k, se := range b.SE {
		if math.Abs(se/a.SE[k]-1) > 0.15 {
			t.Errorf("key %d: bootstrap %v, analytic %v", a.Key[k], se, a.SE[k])
		}
	}
}

func TestCountSeriesAllowForDispersion(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	s := evidence.Series{}
	for i := range 60 {
		mean := 40 * math.Exp(0.3*rng.NormFloat64())
		if i >= 40 {
			mean *= 1.5
		}
		s.Y = append(s.Y, math.Round(mean))
	}
	r, err := evidence.InterruptedSeries(s, 40, evidence.SeriesModel{Counts: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.Dispersion < 2 || r.StepPercent < 5 || r.StepPercent > 150 {
		t.Errorf("dispersion %v, step %v%%", r.Dispersion, r.StepPercent)
	}
	for _, id := range []evidence.CheckID{evidence.CheckPlacebo, evidence.CheckDisperse} {
		if !slices.ContainsFunc(r.Estimate.Checks, func(c evidence.Check) bool { return c.ID == id }) {
			t.Errorf("%s wasn't looked at", id)
		}
	}
}
