package casefile

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// node is a value of the input with its path, so that what is wrong can be
// named.
type node struct {
	job  *job
	path string
	v    any
}

func (n node) has(key string) bool {
	m, ok := n.v.(map[string]any)
	if !ok {
		return false
	}
	_, ok = m[key]
	return ok
}

func (n node) get(key string) node {
	at := n.path + "." + key
	m, ok := n.v.(map[string]any)
	if !ok {
		n.job.fail(n.path, "an object is needed, found %s", kind(n.v))
		return node{n.job, at, nil}
	}
	v, ok := m[key]
	if !ok {
		n.job.fail(at, "missing")
	}
	return node{n.job, at, v}
}

func (n node) keys() []string {
	m, ok := n.v.(map[string]any)
	if !ok {
		n.job.fail(n.path, "an object is needed, found %s", kind(n.v))
	}
	var ks []string
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

func (n node) number() float64 {
	v, ok := n.v.(float64)
	if !ok {
		n.job.fail(n.path, "a number is needed, found %s", kind(n.v))
		return math.NaN()
	}
	return v
}

func (n node) whole() int {
	v := n.number()
	if v != math.Trunc(v) || math.Abs(v) > 1e9 {
		n.job.fail(n.path, "a whole number is needed, found %v", v)
		return 0
	}
	return int(v)
}

func (n node) text() string {
	v, ok := n.v.(string)
	if !ok {
		n.job.fail(n.path, "text is needed, found %s", kind(n.v))
	}
	return v
}

// word is the first word of a text: the name of a column, perhaps with a
// remark after it.
func (n node) word() string {
	fields := strings.FieldsFunc(n.text(), func(r rune) bool { return r == ' ' || r == ',' })
	if len(fields) == 0 {
		n.job.fail(n.path, "empty")
		return ""
	}
	return fields[0]
}

func (n node) truth() bool {
	v, ok := n.v.(bool)
	if !ok {
		n.job.fail(n.path, "true or false is needed, found %s", kind(n.v))
	}
	return v
}

func (n node) list() []node {
	vs, ok := n.v.([]any)
	if !ok {
		n.job.fail(n.path, "a list is needed, found %s", kind(n.v))
	}
	var out []node
	for i, v := range vs {
		out = append(out, node{n.job, fmt.Sprintf("%s[%d]", n.path, i), v})
	}
	return out
}

func (n node) numbers() []float64 {
	var out []float64
	for _, e := range n.list() {
		out = append(out, e.number())
	}
	return out
}

func (n node) wholes() []int {
	var out []int
	for _, e := range n.list() {
		out = append(out, e.whole())
	}
	return out
}

func (n node) texts() []string {
	var out []string
	for _, e := range n.list() {
		out = append(out, e.text())
	}
	return out
}

// level is the level of confidence, 0.95 unless said.
func (n node) level() float64 {
	if n.has("level") {
		return n.get("level").number()
	}
	return 0.95
}

func kind(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case string:
		return "text"
	case float64:
		return "a number"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	}
	return "an object"
}

// each runs f on every case of the input: an object, a list, or an object with
// cases (and levels: all cases at the first, then the next).
func (j *job) each(f func(in node, level float64) any) any {
	in := j.input
	switch v := in.v.(type) {
	case []any:
		return eachOf(in.list(), func(n node) any { return f(n, n.level()) })
	case map[string]any:
		if _, ok := v["cases"]; !ok {
			return f(in, in.level())
		}
	}
	levels := []float64{in.level()}
	if in.has("levels") {
		levels = in.get("levels").numbers()
	}
	var out []any
	for _, l := range levels {
		for _, n := range in.get("cases").list() {
			out = append(out, f(n, l))
		}
	}
	return out
}

func eachOf(ns []node, f func(node) any) any {
	var out []any
	for _, n := range ns {
		out = append(out, f(n))
	}
	return out
}
