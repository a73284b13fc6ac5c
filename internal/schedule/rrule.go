package schedule

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"commonweal/internal/fault"
)

// ParseRRULE reads a recurrence rule of RFC 5545, with or without the word
// RRULE before it, for something that first begins at start: its zone is the
// rule's. Rules that recur within a day are refused with an Invalid fault.
func ParseRRULE(text string, start time.Time) (Rule, error) {
	r := Rule{
		Start: DayOf(start), Opens: At(start.Hour(), start.Minute()), Zone: start.Location(),
	}
	text = strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "RRULE:")
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if !r.take(name, value) {
			return Rule{}, fault.New(fault.Invalid, "schedule.unread", "value", short(part))
		}
	}
	if r.Freq == Never {
		return Rule{}, fault.New(fault.Invalid, "schedule.unread", "value", short(text))
	}
	return r, nil
}

// take reads one part of a rule, and says whether it could.
func (r *Rule) take(name, value string) bool {
	p := reader{fields: map[string]string{name: value}}
	switch name {
	case "FREQ":
		r.Freq = freqs[value]
	case "INTERVAL":
		r.Interval = p.number(name, 1000)
	case "COUNT":
		r.Count = p.number(name, 100_000)
	case "UNTIL":
		var ok bool
		r.Until, ok = until(value, r)
		return ok
	case "WKST":
		on, ok := parseOn(value)
		r.WeekStart = on.Day
		return ok
	case "BYDAY":
		r.ByDay = p.weekdays(name)
	case "BYMONTH":
		for _, n := range p.numbers(name, 12) {
			r.ByMonth = append(r.ByMonth, time.Month(n))
		}
	case "BYMONTHDAY":
		r.ByMonthDay = p.numbers(name, 31)
	case "BYYEARDAY":
		r.ByYearDay = p.numbers(name, 366)
	case "BYWEEKNO":
		r.ByWeekNo = p.numbers(name, 53)
	case "BYSETPOS":
		r.BySetPos = p.numbers(name, 366)
	default:
		return false
	}
	return value != "" && len(p.warnings) == 0
}

// until is the last day on which the rule may still begin before a moment, or a
// day by itself.
func until(value string, r *Rule) (Day, bool) {
	if day, err := time.Parse("20060102", value); err == nil {
		return DayOf(day), inReach(day)
	}
	t, err := time.Parse("20060102T150405Z", value)
	if err != nil {
		if t, err = time.ParseInLocation("20060102T150405", value, r.Zone); err != nil {
			return 0, false
		}
	}
	if !inReach(t) {
		return 0, false
	}
	day := DayOf(t.In(r.Zone))
	if begins, ok := day.at(r.Opens, r.Zone); ok && begins.After(t) {
		day--
	}
	return day, true
}

func inReach(t time.Time) bool { return t.Year() >= firstYear && t.Year() <= lastYear }

// short is a value as it's shown back.
func short(text string) string {
	const longest = 60
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

// RRULE is the rule in the words of RFC 5545, for a calendar whose event begins
// with one of the rule's spans; nothing when that standard has no words for it.
func (r Rule) RRULE() string {
	w := r.walk()
	if r.Freq == Never || r.Freq == Once || !w.known || !r.standard() {
		return ""
	}
	parts := []string{"FREQ=" + freqName(r.Freq)}
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	if r.interval() > 1 {
		add("INTERVAL", strconv.Itoa(r.interval()))
	}
	add("UNTIL", r.end())
	add("WKST", r.WeekStart.String())
	months := make([]int, len(r.ByMonth))
	for i, m := range r.ByMonth {
		months[i] = int(m)
	}
	add("BYMONTH", joined(months))
	add("BYWEEKNO", joined(r.ByWeekNo))
	add("BYYEARDAY", joined(r.ByYearDay))
	add("BYMONTHDAY", joined(r.ByMonthDay))
	add("BYDAY", codes(r.ByDay))
	add("BYSETPOS", joined(r.BySetPos))
	return strings.Join(parts, ";")
}

// end is where a calendar's rule ends. Count counts from Start, which may lie
// before the first day that is still valid, so it's said as the last day.
func (r Rule) end() string {
	var last Day
	switch {
	case r.Count > 0:
		for d := range r.days(r.walk().Start, Date(lastYear, time.December, 31)) {
			last = d
		}
	case r.Until != 0 && r.To != 0:
		last = min(r.Until, r.To)
	default:
		last = max(r.Until, r.To)
	}
	if last == 0 {
		return ""
	}
	if !r.Opens.Said() {
		return last.Time().Format("20060102")
	}
	zone := r.Zone
	if zone == nil {
		zone = time.UTC
	}
	begins, _ := moment(last, r.Opens.minutes, zone)
	return begins.UTC().Format("20060102T150405Z")
}

// standard says whether RFC 5545 gives these lists the meaning they have here.
func (r Rule) standard() bool {
	nth := slices.ContainsFunc(r.ByDay, func(on On) bool { return on.Nth != 0 })
	if r.Freq != Yearly && len(r.ByWeekNo)+len(r.ByYearDay) > 0 {
		return false
	}
	switch r.Freq {
	case Weekly:
		return !nth && len(r.ByMonthDay) == 0
	case Daily:
		return !nth
	case Yearly:
		return !nth || len(r.ByWeekNo) == 0
	default:
		return true
	}
}

func freqName(f Freq) string {
	for name, have := range freqs {
		if have == f {
			return name
		}
	}
	return ""
}
