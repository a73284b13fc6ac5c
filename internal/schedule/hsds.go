package schedule

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"commonweal/internal/fault"
)

// ParseHSDS reads the columns of an HSDS schedule: 3.0 and 3.1, and the weekday
// and holiday tables of 1.1. What can't be read is left out and told, field by
// field; the rest still counts.
func ParseHSDS(fields map[string]string) (Rule, []fault.Field) {
	p := reader{fields: fields}
	r := Rule{
		Freq:        p.freq(),
		Interval:    p.number("interval", 1000),
		Count:       p.number("count", 100_000),
		Start:       p.day("dtstart"),
		From:        p.day("valid_from", "start_date"),
		To:          p.day("valid_to", "end_date"),
		Until:       p.day("until"),
		ByDay:       p.weekdays("byday", "weekday"),
		ByMonthDay:  p.numbers("bymonthday", 31),
		ByYearDay:   p.numbers("byyearday", 366),
		ByWeekNo:    p.numbers("byweekno", 53),
		WeekStart:   p.weekStart(),
		Opens:       p.clock("opens_at"),
		Closes:      p.clock("closes_at"),
		Zone:        p.zone(),
		Closed:      p.closed(),
		Description: p.text("description", "original_text"),
	}
	if r.Freq == Never {
		r.Freq = guessed(r)
	}
	if r.Freq != Never && !r.walk().known {
		p.warnings = append(p.warnings, fault.Field{Name: "byday", Message: fault.Message{Key: "schedule.days.missing"}})
	}
	return r, p.warnings
}

// guessed is how often a rule comes round that doesn't say so.
func guessed(r Rule) Freq {
	switch {
	case r.Closed:
		return Daily
	case len(r.ByDay) > 0:
		return Weekly
	case len(r.ByMonthDay) > 0:
		return Monthly
	case r.Start != 0:
		return Once
	case r.Opens.Said() && r.From != 0 && r.To != 0:
		return Daily
	default:
		return Never
	}
}

// reader takes fields apart and notes what it couldn't read.
type reader struct {
	fields   map[string]string
	warnings []fault.Field
}

func (p *reader) unread(field, value string) {
	told := fault.Message{Key: "schedule.unread", Args: map[string]any{"value": short(value)}}
	p.warnings = append(p.warnings, fault.Field{Name: field, Message: told})
}

// text is the first of these fields that says anything.
func (p *reader) text(names ...string) string {
	value, _ := p.first(names)
	return value
}

func (p *reader) first(names []string) (value, name string) {
	for _, name := range names {
		if value := strings.TrimSpace(p.fields[name]); value != "" {
			return value, name
		}
	}
	return "", names[0]
}

func (p *reader) freq() Freq {
	value := p.text("freq")
	if value == "" {
		return Never
	}
	if f, ok := freqs[strings.ToUpper(value)]; ok {
		return f
	}
	p.unread("freq", value)
	return Never
}

var freqs = map[string]Freq{"DAILY": Daily, "WEEKLY": Weekly, "MONTHLY": Monthly, "YEARLY": Yearly}

func (p *reader) number(name string, most int) int {
	value := p.text(name)
	if value == "" {
		return 0
	}
	// Spreadsheets write 2.0 for 2.
	n, err := strconv.Atoi(strings.TrimSuffix(value, ".0"))
	if err != nil || n < 1 || n > most {
		p.unread(name, value)
		return 0
	}
	return n
}

// day reads a date, or the date of a moment.
func (p *reader) day(names ...string) Day {
	value, name := p.first(names)
	if value == "" {
		return 0
	}
	date, _, _ := strings.Cut(value, "T")
	date, _, _ = strings.Cut(date, " ")
	t, err := time.Parse(time.DateOnly, date)
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		p.unread(name, value)
		return 0
	}
	return DayOf(t)
}

// list takes a list apart, however it was joined.
func list(value string) []string {
	return strings.FieldsFunc(value, func(c rune) bool { return strings.ContainsRune(",;|[]\"' \t\r\n", c) })
}

// most is how long a list may be: more than any list that means something.
const most = 400

func (p *reader) numbers(name string, limit int) []int {
	value := p.text(name)
	var all []int
	for _, part := range list(value) {
		n, err := strconv.Atoi(part)
		if err != nil || n == 0 || n > limit || n < -limit || len(all) == most {
			p.unread(name, value)
			return nil
		}
		all = append(all, n)
	}
	return all
}

var onPattern = regexp.MustCompile(`^([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)(N|NDAY|ES|ESDAY|S|SDAY|D|NESDAY|DNESDAY|U|UR|RS|URS|URSDAY|I|IDAY|T|TURDAY)?$`)

func (p *reader) weekdays(names ...string) []On {
	value, name := p.first(names)
	var all []On
	for _, part := range list(value) {
		on, ok := parseOn(part)
		if !ok || len(all) == most {
			p.unread(name, value)
			return nil
		}
		all = append(all, on)
	}
	return all
}

// parseOn reads 2MO, -1FR, thursday; and 1 to 7, Monday first, as HSDS 1.1 has it.
func parseOn(part string) (On, bool) {
	if n, err := strconv.Atoi(part); err == nil {
		return On{Day: Weekday(n)}, n >= int(Monday) && n <= int(Sunday)
	}
	m := onPattern.FindStringSubmatch(strings.ToUpper(part))
	if m == nil {
		return On{}, false
	}
	nth := 0
	if m[1] != "" {
		nth, _ = strconv.Atoi(m[1]) // the pattern lets nothing else through
		if nth == 0 || nth > 53 || nth < -53 {
			return On{}, false
		}
	}
	return On{nth, Weekday(slices.Index(weekdayCodes[:], m[2]) + 1)}, true
}

// Codes puts days of the week, however they were written, in the letters of RFC
// 5545: Monday, 1 and mo are MO. It gives "" when it can't.
func Codes(days string) string {
	p := reader{fields: map[string]string{"byday": days}}
	return codes(p.weekdays("byday"))
}

func (p *reader) weekStart() Weekday {
	value := p.text("wkst")
	if value == "" {
		return 0
	}
	on, ok := parseOn(value)
	if !ok || on.Nth != 0 {
		p.unread("wkst", value)
		return 0
	}
	return on.Day
}

func (p *reader) closed() bool {
	value := strings.ToLower(p.text("closed"))
	return value == "true" || value == "1" || value == "yes" || value == "y"
}

// HSDS is the rule as the columns of an HSDS 3.0 schedule, which knows weeks
// and months only: every day is every day of the week, every year is every
// twelve months. A rule that it has no words for keeps its hours, validity and
// description; a zone with daylight saving can't be told in hours from UTC and
// stays out.
func (r Rule) HSDS() map[string]string {
	fields := map[string]string{
		"dtstart": r.Start.String(), "valid_from": r.From.String(), "valid_to": r.To.String(),
		"until": r.Until.String(), "opens_at": r.Opens.String(), "closes_at": r.Closes.String(),
		"description": r.Description, "timezone": fixedHours(r.Zone),
	}
	if r.Closed {
		fields["closed"] = "true"
	}
	if freq, interval, days := r.inWeeksOrMonths(); freq != "" {
		fields["freq"], fields["interval"], fields["byday"] = freq, strconv.Itoa(interval), days
		fields["wkst"] = r.WeekStart.String()
		fields["bymonthday"], fields["byyearday"] = joined(r.ByMonthDay), joined(r.ByYearDay)
		fields["byweekno"] = joined(r.ByWeekNo)
		if count := r.walk().Count; count > 0 {
			fields["count"] = strconv.Itoa(count)
		}
	}
	maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
	return fields
}

// inWeeksOrMonths is the rule's frequency as HSDS has it, or nothing.
func (r Rule) inWeeksOrMonths() (freq string, interval int, days string) {
	if len(r.ByMonth)+len(r.BySetPos) > 0 {
		return "", 0, ""
	}
	lists := len(r.ByDay) + len(r.ByMonthDay) + len(r.ByYearDay) + len(r.ByWeekNo)
	switch {
	case r.Freq == Once:
		return "WEEKLY", 1, ""
	case r.Freq == Weekly:
		return "WEEKLY", r.interval(), codes(r.ByDay)
	case r.Freq == Monthly:
		return "MONTHLY", r.interval(), codes(r.ByDay)
	case r.Freq == Yearly && lists == 0:
		return "MONTHLY", 12 * r.interval(), ""
	case r.Freq == Daily && r.interval() == 1 && len(r.ByDay) > 0:
		return "WEEKLY", 1, codes(r.ByDay)
	case r.Freq == Daily && r.interval() == 1:
		return "WEEKLY", 1, strings.Join(weekdayCodes[:], ",")
	}
	return "", 0, ""
}

func joined(all []int) string {
	parts := make([]string, len(all))
	for i, n := range all {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ",")
}

func codes(all []On) string {
	parts := make([]string, len(all))
	for i, on := range all {
		parts[i] = on.Day.String()
		if on.Nth != 0 {
			parts[i] = strconv.Itoa(on.Nth) + parts[i]
		}
	}
	return strings.Join(parts, ",")
}
