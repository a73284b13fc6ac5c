package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
)

// event is one line of go test -json.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build output, instead of Package
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// skipped is a test that didn't run, and what it said about it.
type skipped struct{ test, reason string }

// took is how long a package's tests ran.
type took struct {
	pkg     string
	seconds float64
}

// report is what a run of go test came to.
type report struct {
	passed, failed int
	skips          []skipped
	failures       []string
	times          []took
	exit           error // of go test itself
	strict         bool  // a skip that nobody declared is a failure
	declared       []string

	live   io.Writer
	output map[string][]string // by package and test, until it ends
	broken map[string]bool     // packages with a failed test
}

func newReport(live io.Writer) *report {
	return &report{live: live, output: map[string][]string{}, broken: map[string]bool{}}
}

// read takes in events until they end. A line that is no event is shown as it is.
func (r *report) read(events io.Reader) error {
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			r.line(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) line(line string) {
	var e event
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		r.show(line)
		return
	}
	switch {
	case e.Action == "build-output":
		r.show(e.Output)
	case e.Test == "":
		r.ofPackage(e)
	default:
		r.ofTest(e)
	}
}

func (r *report) ofPackage(e event) {
	switch e.Action {
	case "output":
		if tellsSomething(e.Output) {
			r.show(e.Output)
		}
	case "pass":
		r.times = append(r.times, took{e.Package, e.Elapsed})
	case "fail":
		r.times = append(r.times, took{e.Package, e.Elapsed})
		r.unfinished(e.Package)
		if !r.broken[e.Package] { // it didn't build, or its process died
			r.failed++
			r.failures = append(r.failures, e.Package)
		}
	}
}

// tellsSomething drops go test's lines about packages that have nothing to say.
func tellsSomething(line string) bool {
	return line != "PASS\n" && !strings.HasPrefix(line, "?   \t") && !strings.HasPrefix(line, "testing: warning: no tests to run")
}

func (r *report) ofTest(e event) {
	name := e.Package + " " + e.Test
	switch e.Action {
	case "output":
		r.output[name] = append(r.output[name], e.Output)
		return
	case "pass":
		r.passed++
	case "fail":
		r.failed++
		r.broken[e.Package] = true
		r.failures = append(r.failures, name)
		r.show(strings.Join(r.output[name], ""))
	case "skip":
		if isSeed(e.Test) {
			r.passed++
			break
		}
		r.skips = append(r.skips, skipped{name, reason(r.output[name])})
	default:
		return
	}
	delete(r.output, name)
}

// isSeed says whether this is one input of a fuzz test, which it may wave away.
func isSeed(test string) bool {
	name, _, sub := strings.Cut(test, "/")
	return sub && strings.HasPrefix(name, "Fuzz")
}

// unfinished shows what tests said that a panic or the time limit cut short.
func (r *report) unfinished(pkg string) {
	for name, lines := range r.output {
		if strings.HasPrefix(name, pkg+" ") {
			r.show(strings.Join(lines, ""))
			delete(r.output, name)
		}
	}
}

func (r *report) show(text string) { fmt.Fprint(r.live, text) }

// reason is what a skipped test printed, without go test's own lines.
func reason(output []string) string {
	var said []string
	for _, line := range output {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "---") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}

// undeclared are the skips that CI must not let pass.
func (r *report) undeclared() []skipped {
	if !r.strict {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.skips), func(s skipped) bool {
		words := strings.FieldsFunc(s.reason, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
		return slices.ContainsFunc(r.declared, func(word string) bool { return slices.Contains(words, word) })
	})
}

// good says whether all is well: go test agrees, something ran, and no skip went undeclared.
func (r *report) good() bool {
	return r.exit == nil && r.failed == 0 && r.passed > 0 && len(r.undeclared()) == 0
}

func (r *report) print(w io.Writer) {
	const slowest = 8
	slices.SortFunc(r.times, func(a, b took) int { return cmp.Compare(b.seconds, a.seconds) })
	fmt.Fprintln(w, "\nslowest packages:")
	for _, t := range r.times[:min(slowest, len(r.times))] {
		fmt.Fprintf(w, "  %7.1f s  %s\n", t.seconds, t.pkg)
	}
	for _, s := range r.skips {
		fmt.Fprintf(w, "SKIPPED %s: %s\n", s.test, s.reason)
	}
	for _, s := range r.undeclared() {
		fmt.Fprintf(w, "FAILED %s: with CI=true a skip is a failure unless CI_WITHOUT declares it\n", s.test)
	}
	for _, name := range r.failures {
		fmt.Fprintf(w, "FAILED %s\n", name)
	}
	if r.passed == 0 {
		fmt.Fprintln(w, "FAILED: no test ran")
	}
	if r.exit != nil && r.failed == 0 {
		fmt.Fprintf(w, "FAILED: go test: %v\n", r.exit)
	}
	passed, failed, skips := r.counts()
	fmt.Fprintf(w, "tests: %d passed, %d failed, %d skipped\n", passed, failed, skips)
}

// counts are what the closing line says; an undeclared skip is a failure there too.
func (r *report) counts() (passed, failed, skips int) {
	undeclared := len(r.undeclared())
	return r.passed, r.failed + undeclared, len(r.skips) - undeclared
}

func (r *report) append(path string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	passed, failed, skips := r.counts()
	if _, err := fmt.Fprintln(f, passed, failed, skips); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}
