package schedule

import (
	"iter"
	"slices"
	"time"
)

// Span is one time that something happens.
type Span struct {
	Start  time.Time
	End    time.Time // Start itself when nobody said how long
	AllDay bool      // no hours were said: from midnight to midnight
}

// horizon is how far Next looks ahead. Rarer than every few years, a leap day or
// an election, isn't a schedule that a neighbour waits for.
const horizon = 366 * 12

// Between gives the spans that touch the time from one moment to another (not
// included), earliest first.
func (r Rule) Between(from, to time.Time) iter.Seq[Span] {
	return func(yield func(Span) bool) {
		if !from.Before(to) {
			return
		}
		r = r.In(from.Location())
		// The day before may run past midnight; a gap may push a time into the next.
		first, last := DayOf(from.In(r.Zone))-1, DayOf(to.In(r.Zone))
		for d := range r.days(first, last) {
			s, ok := r.span(d)
			if !ok || !s.touches(from, to) {
				continue
			}
			if !yield(s) {
				return
			}
		}
	}
}

// Next is the first span that begins at t or later.
func (r Rule) Next(t time.Time) (Span, bool) {
	for s := range r.Between(t, t.AddDate(0, 0, horizon)) {
		if !s.Start.Before(t) {
			return s, true
		}
	}
	return Span{}, false
}

// OpenAt says whether the rule has a span that t lies in. A rule that says when
// it closes on some days is never open by itself.
func (r Rule) OpenAt(t time.Time) bool { return Set{r}.OpenAt(t) }

// touches counts a span without length as the moment it begins.
func (s Span) touches(from, to time.Time) bool {
	return s.Start.Before(to) && (s.End.After(from) || s.Start.Equal(from))
}

// span is what happens on a day; false on a day that the zone leaves out.
func (r Rule) span(d Day) (Span, bool) {
	if !r.Opens.Said() {
		start, ok := d.at(At(0, 0), r.Zone)
		end, _ := d.at(At(24, 0), r.Zone)
		if end.Before(start) { // the day after is the one left out
			end = start.Add(24 * time.Hour)
		}
		return Span{Start: start, End: end, AllDay: true}, ok
	}
	start, ok := d.at(r.Opens, r.Zone)
	if !ok || !r.Closes.Said() {
		return Span{Start: start, End: start}, ok
	}
	closes := r.Closes
	if closes.minutes <= r.Opens.minutes {
		closes.minutes += minutesPerDay
	}
	end, ok := d.at(closes, r.Zone)
	if !ok || end.Before(start) {
		end = start
	}
	return Span{Start: start, End: end}, true
}

// Set is all the rules of one place or service together.
type Set []Rule

// Between gives the spans of all rules, earliest first, without those that a
// closing rule touches.
func (all Set) Between(from, to time.Time) []Span {
	var open, shut []Span
	for _, r := range all {
		for s := range r.Between(from, to) {
			if r.Closed {
				shut = append(shut, s)
			} else {
				open = append(open, s)
			}
		}
	}
	open = slices.DeleteFunc(open, func(s Span) bool {
		return slices.ContainsFunc(shut, func(c Span) bool { return c.touches(s.Start, s.until()) })
	})
	slices.SortFunc(open, func(a, b Span) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		return a.End.Compare(b.End)
	})
	return slices.Compact(open)
}

// until is the end of a span as something to be before.
func (s Span) until() time.Time {
	if s.End.After(s.Start) {
		return s.End
	}
	return s.Start.Add(time.Nanosecond)
}

// Next is the first span of any rule that begins at t or later and that no
// closing rule touches.
func (all Set) Next(t time.Time) (Span, bool) {
	// Weeks first: nearly everything that recurs does so within two.
	for _, days := range []int{14, 366, horizon} {
		for _, s := range all.Between(t, t.AddDate(0, 0, days)) {
			if !s.Start.Before(t) {
				return s, true
			}
		}
	}
	return Span{}, false
}

// OpenAt says whether it's open at t: some rule has it and no closing rule does.
func (all Set) OpenAt(t time.Time) bool {
	open := false
	for _, r := range all {
		for s := range r.Between(t, t.Add(time.Nanosecond)) {
			if r.Closed {
				return false
			}
			open = open || s.End.After(t)
		}
	}
	return open
}
