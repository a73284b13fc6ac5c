package evidence_test

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"commonweal/evidence"
)

// 37 of 74 people said yes.
func ExampleProportion() {
	i, err := evidence.Proportion(evidence.Count{Yes: 37, N: 74}, 0.95, evidence.Wilson)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f to %.3f\n", i.Low, i.High)
	// Output: 0.389 to 0.611
}

// What can't be computed is refused, with the gate and the field.
func ExampleRefusal() {
	_, err := evidence.Proportion(evidence.Count{Yes: 5, N: 3}, 0.95, evidence.Wilson)
	var r *evidence.Refusal
	if errors.As(err, &r) {
		fmt.Println(r.Gate, r.Field, r.Detail["yes"], "of", r.Detail["n"])
	}
	// Output: input count 5 of 3
}

// 30 of a team of 40 answered, 24 of them yes.
func ExampleFiniteProportion() {
	e, err := evidence.FiniteProportion(evidence.Count{Yes: 24, N: 30}, 40, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f (%.3f to %.3f)\n", e.Value, e.Interval.Low, e.Interval.High)
	// Output: 0.80 (0.700 to 0.850)
}

func ExampleDiffProportions() {
	e, err := evidence.DiffProportions(evidence.Count{Yes: 56, N: 70}, evidence.Count{Yes: 48, N: 80}, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f (%.4f to %.4f)\n", e.Value, e.Interval.Low, e.Interval.High)
	// Output: 0.20 (0.0524 to 0.3339)
}

func ExampleRating() {
	r, err := evidence.Rating([]int{41, 27, 6, 2, 0}, []float64{5, 4, 3, 2, 1}, evidence.Bootstrap{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("top answer %d of %d (%.2f to %.2f), median %v\n", r.TopBox.Yes, r.N, r.TopBox.Interval.Low, r.TopBox.Interval.High, r.Median)
	// Output: top answer 41 of 76 (0.43 to 0.65), median 5
}

// 2,700 people were asked, 74 answered, 37 said yes.
func ExampleNonresponse() {
	y, answered := make([]float64, 2700), make([]bool, 2700)
	for i := range 74 {
		answered[i] = true
		if i < 37 {
			y[i] = 1
		}
	}
	r, err := evidence.Nonresponse(evidence.Frame{N: 2700}, y, answered, evidence.NonresponseOptions{High: 1, Target: 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("response %.3f, worst case %.3f to %.3f\n", r.ResponseRate, r.WorstCase.Low, r.WorstCase.High)
	fmt.Printf("more than half fails if fewer than %.3f of the silent said yes\n", r.Tipping)
	// Output:
	// response 0.027, worst case 0.014 to 0.986
	// more than half fails if fewer than 0.500 of the silent said yes
}

func ExamplePairedMean() {
	pre := []float64{3, 2, 4, 1, 3, 2, 5, 2}
	post := []float64{4, 4, 4, 3, 3, 3, 5, 4}
	r, err := evidence.PairedMean(pre, post, evidence.Permutation{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f (%.2f to %.2f), p = %.4f by flipping signs\n", r.Mean, r.Interval.Low, r.Interval.High, r.SignFlip)
	// Output: 1.00 (0.23 to 1.77), p = 0.0625 by flipping signs
}

func ExamplePairedProportion() {
	r, err := evidence.PairedProportion([2][2]int{{794, 150}, {86, 570}}, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("yes fell by %.2f, p = %.6f\n", r.Diff, r.PMid)
	// Output: yes fell by 0.04, p = 0.000029
}

// Two arms; one person of the second was lost.
func ExampleLeeBounds() {
	y := []float64{5, 7, 6, 8, 4, 5, 3, 0}
	observed := []bool{true, true, true, true, true, true, true, false}
	treated := []bool{true, true, true, true, false, false, false, false}
	b, err := evidence.LeeBounds(y, observed, treated)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f, with drop-out %.2f to %.2f\n", b.CompleteCase, b.Low, b.High)
	// Output: 2.50, with drop-out 2.00 to 3.00
}

// Looking after each 50 answers.
func ExampleSequence() {
	s, err := evidence.NewSequence(0.05, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range []evidence.Count{{Yes: 34, N: 50}, {Yes: 70, N: 100}, {Yes: 104, N: 150}} {
		i, err := s.At(c)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("after %d: %.2f to %.2f\n", c.N, i.Low, i.High)
	}
	// Output:
	// after 50: 0.46 to 0.86
	// after 100: 0.55 to 0.83
	// after 150: 0.57 to 0.80
}

func ExampleAdjustP() {
	adjusted, err := evidence.AdjustP([]float64{0.01, 0.04, 0.03, 0.2}, evidence.BH)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f\n", adjusted)
	// Output: [0.040 0.053 0.053 0.200]
}

// Six libraries begin in three waves. Anyone can draw again and compare.
func ExampleDrawRollout() {
	units := []evidence.Unit{{Name: "Ash"}, {Name: "Birch"}, {Name: "Cedar"}, {Name: "Elm"}, {Name: "Oak"}, {Name: "Pine"}}
	r, err := evidence.DrawRollout(units, 3, evidence.Constraints{}, 2026)
	if err != nil {
		fmt.Println(err)
		return
	}
	counts := make([]int, r.Waves)
	for _, w := range r.Wave {
		counts[w]++
	}
	fmt.Println(counts, r.Verify())
	// Output: [2 2 2] true
}

func ExampleRolloutPower() {
	p, err := evidence.RolloutPower([]int{6, 6, 6, 6}, 120, -0.015, evidence.BinomialSD(0.0425), 0.01)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", p.Power)
	// Output: 0.79
}

// Eight effects that are no further apart than luck alone would make them.
func ExamplePoolMeans() {
	p, err := evidence.PoolMeans(
		[]float64{28, 8, -3, 7, -1, 1, 18, 12}, []float64{15, 10, 16, 11, 9, 11, 10, 18}, evidence.RestrictedML)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f ± %.2f\n", p.Estimate.Value, p.Estimate.SE)
	// Output: 7.69 ± 4.07
}

func ExampleEValue() {
	point, limit, err := evidence.EValue(3.9, 1.8)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f, for the limit %.2f\n", point, limit)
	// Output: 7.26, for the limit 3.00
}

// Days until barriers were removed; three are still open.
func ExampleWaitingTimes() {
	r, err := evidence.WaitingTimes(
		[]float64{10, 20, 30, 30, 45, 60, 60, 90},
		[]bool{true, true, true, false, true, true, false, false})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("half are removed after", r.Median, "days")
	// Output: half are removed after 45 days
}

// Five clusters can't give a small p-value, whatever the data.
func ExampleWildCluster() {
	y := []float64{1, 2, 3, 4, 5, 7, 6, 8, 9, 12}
	x := mat.NewDense(10, 2, []float64{1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0})
	_, err := evidence.WildCluster(y, x, []int{0, 0, 1, 1, 2, 2, 3, 3, 4, 4}, 1, evidence.Permutation{})
	fmt.Println(err)
	// Output: evidence: refused: few_clusters (clusters) clusters=5 smallest_p=0.0625
}
