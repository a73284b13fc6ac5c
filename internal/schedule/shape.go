package schedule

import "slices"

// Kind is the sentence that a rule fits, for a page to put in words.
type Kind int

const (
	// Unsaid names no days: show the Description.
	Unsaid Kind = iota
	// OneDay is the day From.
	OneDay
	// EveryDay is every day, or every Every days.
	EveryDay
	// Weekdays are the Runs, every week or every Every weeks.
	Weekdays
	// NthWeekdays are the Nth weekdays of every month, or every Every months.
	NthWeekdays
	// MonthDays are the MonthDays of every month, or every Every months.
	MonthDays
	// EveryYear is the day From, every year or every Every years.
	EveryYear
	// Other has no short sentence: show the Description and the next days.
	Other
)

// Run is a stretch of days of the week, both included: Monday to Friday.
type Run struct{ First, Last Weekday }

// Shape is a rule in the pieces of a sentence: which days, from when to when.
type Shape struct {
	Kind      Kind
	Every     int // 1 is each
	Runs      []Run
	Nth       []On
	MonthDays []int
	From      Day // the first day, or 0
	Until     Day // the last day, or 0
	Opens     Clock
	Closes    Clock
	Closed    bool
}

// Shape takes the rule apart for a page to put in words.
func (r Rule) Shape() Shape {
	w := r.walk()
	s := Shape{
		Every: r.interval(), From: max(r.Start, r.From), Until: r.Until,
		Opens: r.Opens, Closes: r.Closes, Closed: r.Closed,
	}
	if r.To != 0 && (s.Until == 0 || r.To < s.Until) {
		s.Until = r.To
	}
	nth := slices.ContainsFunc(w.ByDay, func(on On) bool { return on.Nth != 0 })
	odd := len(r.ByYearDay)+len(r.ByWeekNo)+len(r.BySetPos)+len(r.ByMonth) > 0
	switch {
	case r.Freq == Never || !w.known:
	case r.Freq == Once:
		s.Kind = OneDay
	case odd:
		s.Kind = Other
	case r.Freq == Yearly && len(r.ByDay)+len(r.ByMonthDay) == 0:
		s.Kind = EveryYear
	case r.Freq == Daily && len(w.ByDay)+len(w.ByMonthDay) == 0:
		s.Kind = EveryDay
	case len(w.ByDay) == 0 && r.Freq == Monthly:
		s.Kind, s.MonthDays = MonthDays, w.ByMonthDay
	case len(w.ByMonthDay) > 0:
		s.Kind = Other
	case nth && r.Freq == Monthly:
		s.Kind, s.Nth = NthWeekdays, w.ByDay
	case !nth && (r.Freq == Weekly || r.Freq == Daily && s.Every == 1 || r.Freq == Monthly && s.Every == 1):
		s.Kind, s.Runs = Weekdays, runs(w.ByDay)
	default:
		s.Kind = Other
	}
	if len(s.Runs) == 1 && s.Runs[0] == (Run{Monday, Sunday}) && s.Every == 1 {
		s.Kind, s.Runs = EveryDay, nil
	}
	return s
}

// runs joins neighbouring days of the week.
func runs(all []On) []Run {
	var out []Run
	for d := Monday; d <= Sunday; d++ {
		if !slices.ContainsFunc(all, func(on On) bool { return on.Day == d }) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Last == d-1 {
			out[n-1].Last = d
			continue
		}
		out = append(out, Run{d, d})
	}
	return out
}

// Hours is one stretch of a day.
type Hours struct{ Opens, Closes Clock }

// WeekHours are days of the week that have the same hours.
type WeekHours struct {
	Days  Run
	Hours []Hours
}

// Week is the set as a table of opening hours, and the rules that don't fit
// into one: those that aren't every week, that begin or end some day, that say
// no hours, or that close.
func (all Set) Week() (table []WeekHours, rest []Rule) {
	var days [Sunday + 1][]Hours
	for _, r := range all {
		s := r.Shape()
		if s.Kind == EveryDay {
			s.Runs = []Run{{Monday, Sunday}}
		}
		if (s.Kind != Weekdays && s.Kind != EveryDay) || s.Every != 1 || s.Closed || !s.Opens.Said() || s.Until != 0 || r.Count > 0 {
			rest = append(rest, r)
			continue
		}
		for _, run := range s.Runs {
			for d := run.First; d <= run.Last; d++ {
				days[d] = append(days[d], Hours{s.Opens, s.Closes})
			}
		}
	}
	for d := Monday; d <= Sunday; d++ {
		slices.SortFunc(days[d], func(a, b Hours) int { return a.Opens.minutes - b.Opens.minutes })
		hours := slices.Compact(days[d])
		if len(hours) == 0 {
			continue
		}
		if n := len(table); n > 0 && table[n-1].Days.Last == d-1 && slices.Equal(table[n-1].Hours, hours) {
			table[n-1].Days.Last = d
			continue
		}
		table = append(table, WeekHours{Run{d, d}, hours})
	}
	return table, rest
}
