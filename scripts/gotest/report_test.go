package main

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// A skip is told with its reason and, where CI runs, is a failure unless declared.
func TestAReportCounts(t *testing.T) {
	const (
		passing  = `{"Action":"pass","Package":"a","Test":"TestGood"}`
		failing  = `{"Action":"output","Package":"a","Test":"TestBad","Output":"got 1, want 2\n"}` + "\n" + `{"Action":"fail","Package":"a","Test":"TestBad"}`
		skipping = `{"Action":"output","Package":"a","Test":"TestLoop","Output":"    x_test.go:9: no loop device here\n"}` + "\n" + `{"Action":"skip","Package":"a","Test":"TestLoop"}`
		seed     = `{"Action":"skip","Package":"a","Test":"FuzzSplit/seed#5"}`
		dead     = `{"Action":"output","Package":"b","Test":"TestHang","Output":"panic: test timed out\n"}` + "\n" + `{"Action":"fail","Package":"b"}`
	)
	cases := []struct {
		name     string
		events   []string
		strict   bool
		declared []string
		exit     error
		counts   [3]int
		good     bool
		shown    string
	}{
		{name: "a passing test", events: []string{passing}, counts: [3]int{1, 0, 0}, good: true},
		{name: "a failing test shows what it said", events: []string{passing, failing}, counts: [3]int{1, 1, 0}, shown: "got 1, want 2"},
		{name: "a skip at home is told with its reason", events: []string{passing, skipping}, counts: [3]int{1, 0, 1}, good: true, shown: "no loop device here"},
		{name: "a skip in CI fails", events: []string{passing, skipping}, strict: true, counts: [3]int{1, 1, 0}},
		{name: "a declared skip in CI passes", events: []string{passing, skipping}, strict: true, declared: []string{"loop"}, counts: [3]int{1, 0, 1}, good: true},
		{name: "a declared word matches whole words", events: []string{passing, skipping}, strict: true, declared: []string{"lo"}, counts: [3]int{1, 1, 0}},
		{name: "a seed that a fuzz test waves away is no skip", events: []string{seed}, strict: true, counts: [3]int{1, 0, 0}, good: true},
		{name: "a process that died is a failure and is quoted", events: []string{passing, dead}, counts: [3]int{1, 1, 0}, shown: "test timed out"},
		{name: "nothing ran", events: nil, counts: [3]int{0, 0, 0}, shown: "no test ran"},
		{name: "go test itself failed", events: []string{passing}, exit: errors.New("exit status 1"), counts: [3]int{1, 0, 0}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var shown strings.Builder
			r := newReport(&shown)
			if err := r.read(strings.NewReader(strings.Join(c.events, "\n"))); err != nil {
				t.Fatal(err)
			}
			r.strict, r.declared, r.exit = c.strict, c.declared, c.exit
			r.print(&shown)
			passed, failed, skips := r.counts()
			if got := [3]int{passed, failed, skips}; got != c.counts {
				t.Errorf("counts: got %v, want %v", got, c.counts)
			}
			if r.good() != c.good {
				t.Errorf("good: got %v, want %v", r.good(), c.good)
			}
			if !strings.Contains(shown.String(), c.shown) {
				t.Errorf("shown: got %q, want it to hold %q", shown.String(), c.shown)
			}
		})
	}
}

// The word of the build is no event; it must be seen all the same.
func TestALineThatIsNoEventIsShown(t *testing.T) {
	var shown strings.Builder
	r := newReport(&shown)
	if err := r.read(strings.NewReader("go: something odd\n")); err != nil {
		t.Fatal(err)
	}
	if got := shown.String(); got != "go: something odd\n" {
		t.Errorf("got %q", got)
	}
}

func TestAFlagThatIsNotThereIsRefused(t *testing.T) {
	if got := run([]string{"-nonsense"}, io.Discard, io.Discard, func(string) string { return "" }); got != 2 {
		t.Errorf("got exit %d, want 2", got)
	}
}
