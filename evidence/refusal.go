package evidence

import (
	"fmt"
	"sort"
	"strings"
)

// CheckID names one check that a number or a sentence has to pass.
type CheckID string

// Refusal is the error of a method that won't give a number for its input. It
// is an answer, not a failure of the program: Gate says which check stopped
// it, Field which part of the input is meant, and Detail holds the numbers
// behind the decision.
type Refusal struct {
	Gate   CheckID
	Field  string
	Detail map[string]float64
}

// Error describes the refusal for a log or a developer; package claim words it
// for readers.
func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString("evidence: refused: " + string(r.Gate))
	if r.Field != "" {
		b.WriteString(" (" + r.Field + ")")
	}
	keys := make([]string, 0, len(r.Detail))
	for k := range r.Detail {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Fprintf(&b, " %s=%g", k, r.Detail[k])
	}
	return b.String()
}

// Gates that any method may refuse at.
const (
	// GateInput stops input that can't be counted: negative, not a number,
	// infinite, of unequal lengths, or more successes than trials.
	GateInput CheckID = "input"
	// GateEmpty stops input with nobody in it.
	GateEmpty CheckID = "empty"
	// GateRange stops a setting outside the range where the method holds.
	GateRange CheckID = "range"
)

func refuse(gate CheckID, field string) *Refusal {
	return &Refusal{Gate: gate, Field: field}
}

func refuseWith(gate CheckID, field string, detail map[string]float64) *Refusal {
	return &Refusal{Gate: gate, Field: field, Detail: detail}
}
