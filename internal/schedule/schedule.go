// Package schedule says when something happens again: opening hours, a weekly
// class, the second Monday of the month.
//
// There is one model for services and for calendars: the schedule of the Human
// Services Data Specification (HSDS 3.0), which is a recurrence rule of RFC 5545
// with opening and closing times. A rule is kept in days and in the hours of a
// wall clock, and becomes moments only when it is asked for some, so that ten
// o'clock stays ten o'clock across daylight saving: an hour that spring skips
// becomes the first minute after it, an hour that autumn doubles is the first
// of the two. The package is pure: it knows no store, no clock and no page.
package schedule

import "time"

// Freq is how often a rule comes round.
type Freq int

const (
	// Never is a rule that says no days: its Description is all there is.
	Never Freq = iota
	// Once is the day it starts on, and no other.
	Once
	// Daily comes round every Interval days.
	Daily
	// Weekly comes round every Interval weeks.
	Weekly
	// Monthly comes round every Interval months.
	Monthly
	// Yearly comes round every Interval years.
	Yearly
)

// Weekday is a day of the week, Monday first, as ISO 8601 counts. The zero
// Weekday is none.
type Weekday int

// The days of the week.
const (
	Monday Weekday = iota + 1
	Tuesday
	Wednesday
	Thursday
	Friday
	Saturday
	Sunday
)

// Standard is the day as the standard library counts it.
func (w Weekday) Standard() time.Weekday { return time.Weekday(int(w) % 7) }

// WeekdayOf is a day of the standard library's.
func WeekdayOf(w time.Weekday) Weekday {
	if w == time.Sunday {
		return Sunday
	}
	return Weekday(w)
}

// String is the two letters of RFC 5545.
func (w Weekday) String() string {
	if w < Monday || w > Sunday {
		return ""
	}
	return weekdayCodes[w-1]
}

var weekdayCodes = [...]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// On is a weekday, or the Nth such weekday: {2, Monday} is the second Monday of
// the month (of the year in a yearly rule without months), {-1, Friday} the last
// Friday. Nth 0 is every such day.
type On struct {
	Nth int
	Day Weekday
}

// Rule is one recurrence. The zero Rule never happens.
//
// Lists narrow each other down: a day happens when every list that isn't empty
// has it. When they name no day, the day is Start's own.
type Rule struct {
	Freq     Freq
	Interval int // every so many periods; 0 is 1
	Start    Day // the first day, from which intervals and Count are counted; may be unknown
	From     Day // not before this day (HSDS valid_from)
	To       Day // not after this day (HSDS valid_to)
	Until    Day // the last day on which it may recur
	Count    int // so many times from Start; 0 is without end

	ByDay      []On
	ByMonth    []time.Month
	ByMonthDay []int // 1 to 31, or -1 for the last day
	ByYearDay  []int // 1 to 366, or -1 for the last day
	ByWeekNo   []int // 1 to 53, or -1 for the last week
	BySetPos   []int // of the days of each period only the nth; -1 is the last
	WeekStart  Weekday

	Opens  Clock
	Closes Clock          // not after Opens means on the next day; unsaid means that nobody knows
	Zone   *time.Location // nil is the zone of the moments asked for
	Closed bool           // on these days it's closed, whatever other rules of a Set say

	Description string
}

// In is the rule with a zone, if it had none.
func (r Rule) In(zone *time.Location) Rule {
	if r.Zone == nil {
		r.Zone = zone
	}
	return r
}

// Known says whether the rule names any day, or only has words about itself.
func (r Rule) Known() bool { return r.Freq != Never && r.walk().known }

func (r Rule) interval() int { return max(r.Interval, 1) }

func (r Rule) weekStart() Weekday {
	if r.WeekStart == 0 {
		return Monday
	}
	return r.WeekStart
}
