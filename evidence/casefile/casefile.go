// Package casefile reads cases of the evidence package: a method, its input and
// what should come out, as one JSON file with an optional CSV beside it.
//
// It computes a case, compares the result with what is expected within a
// tolerance, and says which fields differ. A case that names an unknown method,
// lacks a column or holds text where a number belongs is an error that names
// the field, never a silent pass. The package reads no files itself: callers
// hand it the bytes.
package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// Case is one case as it stands in a file.
type Case struct {
	ID        string          `json:"id"`
	Method    string          `json:"method"`
	CSV       string          `json:"csv"`
	Input     json.RawMessage `json:"input"`
	Expected  json.RawMessage `json:"expected"`
	Tolerance Tolerance       `json:"tolerance"`
	// Plan and Situation say how the data came about, for [Claim].
	Plan      json.RawMessage `json:"plan"`
	Situation json.RawMessage `json:"situation"`
}

// Tolerance says how far a field may be off: |got − want| ≤ Abs + Rel·|want|.
// Fields overrides it for a path and all below it.
type Tolerance struct {
	Abs    float64            `json:"abs"`
	Rel    float64            `json:"rel"`
	Fields map[string]float64 `json:"fields"`
}

// Field is one compared value. Numbers that are infinite or missing are nil.
type Field struct {
	Path string   `json:"path"`
	Got  any      `json:"got"`
	Want any      `json:"want"`
	Tol  *float64 `json:"tol,omitempty"`
	Pass bool     `json:"pass"`
}

// Skipped is an expected value that isn't compared, and why.
type Skipped struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

// Report is the outcome of one case. Result stands alone when nothing was
// expected.
type Report struct {
	ID      string    `json:"id"`
	Method  string    `json:"method"`
	Pass    bool      `json:"pass"`
	Fields  []Field   `json:"fields,omitempty"`
	Skipped []Skipped `json:"skipped,omitempty"`
	Result  any       `json:"result,omitempty"`
}

// Failed counts the fields that differ.
func (r Report) Failed() int {
	n := 0
	for _, f := range r.Fields {
		if !f.Pass {
			n++
		}
	}
	return n
}

// Read reads a case.
func Read(b []byte) (Case, error) {
	var c Case
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&c); err != nil {
		return Case{}, fmt.Errorf("case: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Case{}, errors.New("case: something follows the JSON object")
	}
	switch {
	case c.Method == "":
		return Case{}, errors.New("method: missing")
	case len(c.Input) == 0:
		return Case{}, errors.New("input: missing")
	}
	return c, nil
}

// Open gives the bytes of a file that a case names.
type Open func(name string) ([]byte, error)

// Check computes a case and compares it with what it expects. open may be nil
// for cases without a CSV.
func Check(c Case, open Open) (Report, error) {
	r := Report{ID: c.ID, Method: c.Method}
	job, got, err := run(c, open)
	if err != nil {
		return r, err
	}
	if job.expected == nil {
		r.Result, r.Pass = got, true
		return r, nil
	}
	cmp := comparison{tol: c.Tolerance, skip: job.skip}
	cmp.walk("", got, job.expected)
	r.Fields, r.Skipped = cmp.fields, cmp.skipped
	r.Pass = len(r.Fields) > 0 && r.Failed() == 0
	return r, nil
}

// run computes a case.
func run(c Case, open Open) (*job, any, error) {
	method, ok := methods()[c.Method]
	if !ok {
		return nil, nil, fmt.Errorf("method: %q isn't known", c.Method)
	}
	j, err := newJob(c, open)
	if err != nil {
		return nil, nil, err
	}
	got := method(j)
	if j.err == nil && empty(got) {
		j.fail("input", "nothing to compute")
	}
	if j.err != nil {
		return nil, nil, j.err
	}
	return j, plain(got), nil
}

// empty results come from an input that asks for nothing: an empty list of
// cases, or none of the fields that a method computes from.
func empty(result any) bool {
	switch r := result.(type) {
	case nil:
		return true
	case []any:
		return len(r) == 0
	case object:
		return len(r) == 0
	}
	return false
}

// job is a case while it is computed. The first thing wrong is kept in err, and
// what is read after that is empty.
type job struct {
	input    node
	expected any
	table    *Table
	skip     map[string]string
	earned   []earned
	err      error
}

func newJob(c Case, open Open) (*job, error) {
	j := &job{skip: map[string]string{}}
	var v any
	if err := json.Unmarshal(c.Input, &v); err != nil {
		return nil, fmt.Errorf("input: %w", err)
	}
	j.input = node{j, "input", v}
	if len(c.Expected) > 0 {
		if err := json.Unmarshal(c.Expected, &j.expected); err != nil {
			return nil, fmt.Errorf("expected: %w", err)
		}
	}
	if c.CSV == "" {
		return j, nil
	}
	if open == nil || strings.ContainsAny(c.CSV, `/\`) {
		return nil, fmt.Errorf("csv: %q doesn't lie beside the case", c.CSV)
	}
	b, err := open(c.CSV)
	if err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	j.table, err = ReadTable(b)
	return j, err
}

func (j *job) fail(path, format string, args ...any) {
	if j.err == nil {
		j.err = fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...))
	}
}

// must keeps the first error of a method.
func (j *job) must(err error) {
	if err != nil && j.err == nil {
		j.err = err
	}
}

// compared says whether the case comes with expected values. Only then do
// reference programs' early stops take the place of exact answers: see
// reference.go.
func (j *job) compared() bool { return j.expected != nil }

// wants lists the keys that the case expects, if it expects any.
func (j *job) wants() map[string]any {
	m, _ := j.expected.(map[string]any)
	return m
}

// plain turns a result into what JSON can hold: infinite and missing numbers
// become nil, whole numbers become numbers.
func plain(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return v
	case int:
		return float64(v)
	case []float64:
		return plainList(v)
	case []int:
		return plainList(v)
	case [][]float64:
		return plainList(v)
	case []any:
		return plainList(v)
	case []object:
		return plainList(v)
	case object:
		out := map[string]any{}
		for k, x := range v {
			out[k] = plain(x)
		}
		return out
	}
	return v
}

func plainList[T any](vs []T) []any {
	out := make([]any, len(vs))
	for i, x := range vs {
		out[i] = plain(x)
	}
	return out
}

// object is a result by field.
type object map[string]any
