package schedule

import (
	"iter"
	"slices"
	"time"
)

// walk is a rule made ready to go from period to period.
type walk struct {
	Rule
	known bool // the lists name days
}

// walk fills in what Start says where the lists say nothing.
func (r Rule) walk() walk {
	w := walk{Rule: r, known: true}
	if r.Freq == Once {
		w.Freq, w.Interval, w.Count = Daily, 1, 1
		w.known = r.Start != 0
		return w
	}
	w.fill()
	if w.Start == 0 {
		w.Start = max(r.From, Date(1970, time.January, 5))
		w.Count = 0 // of so many times from nobody knows when
	}
	return w
}

func (w *walk) fill() {
	if len(w.ByDay)+len(w.ByMonthDay)+len(w.ByYearDay) > 0 || w.Freq == Daily {
		return
	}
	start := w.Start
	if start == 0 {
		w.known = false
		return
	}
	switch {
	case w.Freq == Weekly || len(w.ByWeekNo) > 0:
		w.ByDay = []On{{Day: start.Weekday()}}
	default:
		_, month, day := start.Time().Date()
		w.ByMonthDay = []int{day}
		if w.Freq == Yearly && len(w.ByMonth) == 0 {
			w.ByMonth = []time.Month{month}
		}
	}
}

// days gives the days of the rule from one day to another, both included.
func (r Rule) days(from, to Day) iter.Seq[Day] {
	return func(yield func(Day) bool) {
		if r.Freq == Never {
			return
		}
		w := r.walk()
		if !w.known {
			return
		}
		if w.Until != 0 {
			to = min(to, w.Until)
		}
		if w.To != 0 {
			to = min(to, w.To)
		}
		from = max(from, w.From)
		left := w.Count
		for n := w.skip(from); ; n++ {
			first, last := w.period(n)
			if first > to {
				return
			}
			for _, d := range w.in(first, last) {
				if d < w.Start {
					continue
				}
				if d > to || d >= from && !yield(d) {
					return
				}
				if left--; left == 0 {
					return
				}
			}
		}
	}
}

// skip is the last period that begins no later than a day, unless the times
// have to be counted from the start.
func (w *walk) skip(from Day) int {
	if w.Count > 0 || from <= w.Start {
		return 0
	}
	gone := 0
	switch w.Freq {
	case Daily:
		gone = int(from - w.Start)
	case Weekly:
		gone = int(from-w.week(w.Start)) / 7
	case Monthly:
		gone = monthsOf(from) - monthsOf(w.Start)
	default:
		gone = from.Time().Year() - w.Start.Time().Year()
	}
	return gone / w.interval()
}

func monthsOf(d Day) int {
	year, month, _ := d.Time().Date()
	return year*12 + int(month) - 1
}

// period is the nth stretch of days since Start within which the lists choose.
func (w *walk) period(n int) (first, last Day) {
	n *= w.interval()
	switch w.Freq {
	case Daily:
		return w.Start + Day(n), w.Start + Day(n)
	case Weekly:
		first = w.week(w.Start) + Day(7*n)
		return first, first + 6
	case Monthly:
		year, month, _ := w.Start.Time().Date()
		return Date(year, month+time.Month(n), 1), Date(year, month+time.Month(n)+1, 0)
	default:
		year := w.Start.Time().Year() + n
		return Date(year, time.January, 1), Date(year, time.December, 31)
	}
}

// week is the first day of d's week.
func (w *walk) week(d Day) Day {
	return d - Day((int(d.Weekday())-int(w.weekStart())+7)%7)
}

// in gives the days of one period that the lists choose.
func (w *walk) in(first, last Day) []Day {
	var all []Day
	for d := first; d <= last; d++ {
		if w.has(d) {
			all = append(all, d)
		}
	}
	if len(w.BySetPos) == 0 {
		return all
	}
	var some []Day
	for i, d := range all {
		if slices.Contains(w.BySetPos, i+1) || slices.Contains(w.BySetPos, i-len(all)) {
			some = append(some, d)
		}
	}
	return some
}

// has says whether every list has the day.
func (w *walk) has(d Day) bool {
	if !w.onWeekday(d) {
		return false
	}
	if len(w.ByMonth)+len(w.ByMonthDay)+len(w.ByYearDay)+len(w.ByWeekNo) == 0 {
		return true
	}
	year, month, day := d.Time().Date()
	return (len(w.ByMonth) == 0 || slices.Contains(w.ByMonth, month)) &&
		among(w.ByMonthDay, day, int(Date(year, month+1, 0)-Date(year, month, 0))) &&
		among(w.ByYearDay, int(d-Date(year, 1, 0)), int(Date(year+1, 1, 0)-Date(year, 1, 0))) &&
		(len(w.ByWeekNo) == 0 || among(w.ByWeekNo, w.weekNo(d), w.weeks(d)))
}

// among says whether a list is empty or has the nth of so many, counted from
// either end.
func among(list []int, nth, of int) bool {
	return len(list) == 0 || slices.Contains(list, nth) || slices.Contains(list, nth-of-1)
}

func (w *walk) onWeekday(d Day) bool {
	if len(w.ByDay) == 0 {
		return true
	}
	weekday := d.Weekday()
	for _, on := range w.ByDay {
		if on.Day == weekday && (on.Nth == 0 || w.isNth(d, on.Nth)) {
			return true
		}
	}
	return false
}

// isNth counts d among the same weekdays of its month, or of its year where the
// rule speaks of years and names no months.
func (w *walk) isNth(d Day, nth int) bool {
	year, month, _ := d.Time().Date()
	first, last := Date(year, month, 1), Date(year, month+1, 0)
	if w.Freq == Yearly && len(w.ByMonth) == 0 {
		first, last = Date(year, time.January, 1), Date(year, time.December, 31)
	}
	return nth == int(d-first)/7+1 || nth == -(int(last-d)/7+1)
}

// weekNo is the number of d's week: week 1 is the first with four days in the
// new year.
func (w *walk) weekNo(d Day) int {
	middle := w.week(d) + 3
	return int(middle-Date(middle.Time().Year(), time.January, 1))/7 + 1
}

// weeks is how many weeks the year of d's week has: 28 December is always in
// the last.
func (w *walk) weeks(d Day) int {
	middle := w.week(d) + 3
	return w.weekNo(Date(middle.Time().Year(), time.December, 28))
}
