package main

import "testing"

func TestJudge(t *testing.T) {
	const output = `goos: linux
BenchmarkPublicPages/home-2  	 3	 12.5 µs/page	 1.21 growth×	 4.2 bare×
BenchmarkPublicPages/gifts-2 	 3	 12.5 µs/page	 1.60 growth×
BenchmarkPermutation/n=76-2  	 9	 100 ns/op	 19.5 ×R	 12 allocs/op
BenchmarkRaking              	 9	 100 ns/op	 2.5 ×R
BenchmarkBroken-2            	 some words that are no numbers
PASS`
	goals, err := readGoals("# why\n^BenchmarkPublicPages/ growth× <= 1.3 people\n^BenchmarkPermutation ×R >= 20 R\n^Benchmark ×R >= 1 never slower\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name string
		met  bool
	}{
		{"BenchmarkPublicPages/home", true},
		{"BenchmarkPublicPages/gifts", false},
		{"BenchmarkPermutation/n=76", false}, // by the first goal that is about it, not by the last
		{"BenchmarkRaking", true},
	}
	got := judge(readResults(output), goals)
	if len(got) != len(want) {
		t.Fatalf("got %d verdicts %v, want %d", len(got), got, len(want))
	}
	for i, w := range want {
		if got[i].result.benchmark != w.name || got[i].met != w.met {
			t.Errorf("got %s met %v, want %s met %v", got[i].result.benchmark, got[i].met, w.name, w.met)
		}
	}
}

func TestGoalsCanBeRead(t *testing.T) {
	goals, err := readGoals(goalsText)
	if err != nil {
		t.Fatal(err)
	}
	if len(goals) == 0 {
		t.Error("no goal: nothing would be judged")
	}
	for _, wrong := range []string{"^B growth× 1.3 x y", "^B growth× <= many x", "( growth× <= 1 x"} {
		if _, err := readGoals(wrong); err == nil {
			t.Errorf("%q was read", wrong)
		}
	}
}
