package hsds

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"commonweal/internal/schedule"
)

// text is a value as a sheet would have it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	out, err := json.Marshal(v)
	if err != nil {
		return "" // nothing that came out of JSON can't go back
	}
	return string(out)
}

// clean puts a row's values into the forms that Row promises, in place, and
// warns of what it couldn't.
func (b *builder) clean(at source, fields map[string]any) {
	t := byName[at.table]
	for name, v := range fields {
		if text(v) == "" {
			delete(fields, name)
			continue
		}
		if len(text(v)) > b.limits.Cell {
			b.warn(at, name, "hsds.cell.long", "max", b.limits.Cell>>10)
			delete(fields, name)
			continue
		}
		if s, ok := v.(string); ok {
			fields[name] = b.readable(at, name, s)
		}
		if t == nil {
			continue
		}
		if c, known := t.byName[name]; known {
			fields[name] = b.cell(at, c, fields[name])
		}
	}
	switch at.table {
	case "location":
		b.checkDegrees(at, fields)
	case "schedule":
		b.checkHours(at, fields)
	}
}

// readable takes out what no store keeps.
func (b *builder) readable(at source, column, s string) string {
	if utf8.ValidString(s) && !strings.ContainsRune(s, 0) {
		return s
	}
	b.warn(at, column, "hsds.cell.unreadable")
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}

// cell is a value as its column has it.
func (b *builder) cell(at source, c column, v any) any {
	s := text(v)
	if c.Kind == asNumber {
		n, ok := number(s)
		if !ok {
			b.warn(at, c.Name, "hsds.cell.number", "value", shorten(s))
			return s
		}
		return n
	}
	if len(c.Choices) > 0 {
		if choice, ok := chosen(c, s); ok {
			return choice
		}
		b.warn(at, c.Name, "hsds.cell.choice", "value", shorten(s))
	}
	return s
}

// chosen finds a choice however it was typed.
func chosen(c column, s string) (string, bool) {
	for _, choice := range c.Choices {
		if strings.EqualFold(choice, strings.ReplaceAll(strings.TrimSpace(s), "_", " ")) {
			return choice, true
		}
	}
	return s, false
}

var numberPattern = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,2})?$`)

// number reads a number that a program somewhere else can read too: neither
// 1e999 nor a thousand digits.
func number(s string) (json.Number, bool) {
	s = strings.TrimSpace(s)
	if numberPattern.MatchString(s) {
		return json.Number(s), true
	}
	if len(s) > 40 {
		return "", false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) || math.Abs(f) > 1e18 {
		return "", false
	}
	return json.Number(strconv.FormatFloat(f, 'f', -1, 64)), true
}

// degrees gives where a location lies; false when it doesn't say, or can't be.
func degrees(fields map[string]any) (lat, lon float64, ok bool) {
	a, okA := fields["latitude"].(json.Number)
	o, okO := fields["longitude"].(json.Number)
	if !okA || !okO {
		return 0, 0, false
	}
	lat, errA := a.Float64()
	lon, errO := o.Float64()
	return lat, lon, errA == nil && errO == nil && math.Abs(lat) <= 90 && math.Abs(lon) <= 180
}

func (b *builder) checkDegrees(at source, fields map[string]any) {
	_, lat := fields["latitude"]
	_, lon := fields["longitude"]
	if !lat && !lon {
		return
	}
	if _, _, ok := degrees(fields); !ok {
		b.warn(at, "latitude", "hsds.location.nowhere", "value", shorten(text(fields["latitude"])+", "+text(fields["longitude"])))
	}
}

func (b *builder) checkHours(at source, fields map[string]any) {
	_, odd := schedule.ParseHSDS(texts(fields))
	for _, o := range odd {
		// What is no number or none of the choices was told already.
		c := byName["schedule"].byName[o.Name]
		if _, isNumber := fields[o.Name].(json.Number); c.Kind == asNumber && !isNumber || len(c.Choices) > 0 && !slices.Contains(c.Choices, text(fields[o.Name])) {
			continue
		}
		b.warn(at, o.Name, "hsds.schedule.unread", "value", shorten(text(fields[o.Name])))
	}
}

// texts are fields as a sheet has them.
func texts(fields map[string]any) map[string]string {
	all := make(map[string]string, len(fields))
	for name, v := range fields {
		all[name] = text(v)
	}
	return all
}
