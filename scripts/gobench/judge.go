package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// goal is a figure to beat.
type goal struct {
	benchmark *regexp.Regexp
	metric    string
	atMost    bool // otherwise at least
	figure    float64
	from      string
}

// result is one number that a benchmark printed.
type result struct {
	benchmark, metric string
	value             float64
}

// verdict is a result beside its goal.
type verdict struct {
	result
	goal
	met bool
}

func (v verdict) String() string {
	word, sign := "met   ", "≥"
	if !v.met {
		word = "MISSED"
	}
	if v.atMost {
		sign = "≤"
	}
	return fmt.Sprintf("  %s %-44s %10.4g %s  (%s %g: %s)", word, v.result.benchmark, v.value, v.result.metric, sign, v.figure, v.from)
}

func readGoals(text string) (goals []goal, err error) {
	for i, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) < 5 || fields[2] != "<=" && fields[2] != ">=" {
			return nil, fmt.Errorf("goals.txt:%d: want benchmark, metric, <= or >=, figure, where from", i+1)
		}
		name, err := regexp.Compile(fields[0])
		if err != nil {
			return nil, fmt.Errorf("goals.txt:%d: %w", i+1, err)
		}
		figure, err := strconv.ParseFloat(fields[3], 64)
		if err != nil {
			return nil, fmt.Errorf("goals.txt:%d: %w", i+1, err)
		}
		goals = append(goals, goal{name, fields[1], fields[2] == "<=", figure, strings.Join(fields[4:], " ")})
	}
	return goals, nil
}

// readResults reads the lines of go test -bench: a name, a count, then pairs of value and metric.
func readResults(output string) (results []result) {
	for _, line := range strings.Split(output, "\n") {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		if _, err := strconv.Atoi(fields[1]); err != nil {
			continue
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if value, err := strconv.ParseFloat(fields[i], 64); err == nil {
				results = append(results, result{withoutProcs(fields[0]), fields[i+1], value})
			}
		}
	}
	return results
}

// withoutProcs drops the number of processors that go test puts behind a name.
func withoutProcs(name string) string {
	at := strings.LastIndexByte(name, '-')
	if at < 0 {
		return name
	}
	if _, err := strconv.Atoi(name[at+1:]); err != nil {
		return name
	}
	return name[:at]
}

// judge puts each result beside the first goal that is about it.
func judge(results []result, goals []goal) (verdicts []verdict) {
	for _, r := range results {
		for _, g := range goals {
			if g.metric != r.metric || !g.benchmark.MatchString(r.benchmark) {
				continue
			}
			met := r.value >= g.figure
			if g.atMost {
				met = r.value <= g.figure
			}
			verdicts = append(verdicts, verdict{r, g, met})
			break
		}
	}
	return verdicts
}
