package hsdsweb

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"commonweal/internal/exchange/hsds"
	"commonweal/internal/fault"
)

// query reads what a program asks for, and keeps the first thing that it can't.
type query struct {
	values url.Values
	wrong  error
}

// Limits on what may be asked.
const (
	longest  = 200 // letters of a value
	mostPage = 1_000_000
	mostAway = 20_000_000 // metres: half around the Earth
)

// read reads the filters of a list, and whether it's wanted as lines.
func read(values url.Values) (want hsds.Query, lines bool, err error) {
	q := query{values: values}
	want = hsds.Query{
		Search: q.text("search"), Page: q.number("page", mostPage), PerPage: q.number("per_page", hsds.MostPerPage),
		Organization: q.text("organization_id"), TaxonomyTerm: q.text("taxonomy_term_id"), Taxonomy: q.text("taxonomy_id"),
		Parent: q.text("parent_id"), TopOnly: q.truth("top_only"), ModifiedAfter: q.moment("modified_after"),
		Postcode: q.text("postcode"), Proximity: q.metres("proximity"),
		Minimal: q.truth("minimal"), Full: q.truth("full"), FullServices: q.truth("full_service"),
	}
	if want.Proximity > 0 && want.Postcode == "" {
		q.refuse("proximity", "hsds.api.postcode")
	}
	switch q.text("format") {
	case "", "json":
	case "ndjson":
		lines = true
	default:
		q.refuse("format", "hsds.api.format")
	}
	return want, lines, q.wrong
}

func (q *query) refuse(name, key string, args ...any) {
	if q.wrong == nil {
		q.wrong = fault.New(fault.Invalid, key, append(args, "name", name)...)
	}
}

func (q *query) text(name string) string {
	value := strings.TrimSpace(q.values.Get(name))
	if len(value) > longest || strings.ContainsRune(value, 0) {
		q.refuse(name, "hsds.api.long", "max", longest)
		return ""
	}
	return value
}

// number is a whole number from 1, or 0 for none said.
func (q *query) number(name string, most int) int {
	value := q.text(name)
	if value == "" {
		return 0
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > most {
		q.refuse(name, "hsds.api.number", "max", most)
		return 0
	}
	return n
}

func (q *query) truth(name string) bool {
	switch strings.ToLower(q.text(name)) {
	case "", "false", "0":
		return false
	case "true", "1":
		return true
	}
	q.refuse(name, "hsds.api.truth")
	return false
}

func (q *query) moment(name string) time.Time {
	value := q.text(name)
	if value == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, value); err == nil {
			return t
		}
	}
	q.refuse(name, "hsds.api.moment")
	return time.Time{}
}

func (q *query) metres(name string) float64 {
	value := q.text(name)
	if value == "" {
		return 0
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(n) || n <= 0 || n > mostAway {
		q.refuse(name, "hsds.api.metres")
		return 0
	}
	return n
}
