package orgweb

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/schedule"
	"commonweal/internal/web/page"
)

// opening is one line of opening hours: "Mon–Fri", "9:00–17:00", and whatever
// else was said of it.
type opening struct{ Days, Times, Note string }

// rules are opening hours as they can be asked.
func rules(hours []organization.Hours, zone *time.Location) schedule.Set {
	all := organization.SetOf(hours)
	for i := range all {
		all[i] = all[i].In(zone)
	}
	return all
}

// openings say in words when something is open: the week first, then what
// comes round otherwise. What is over is left out.
func openings(b page.Base, hours []organization.Hours, now time.Time) (all []opening) {
	on := schedule.DayOf(now.In(b.Zone()))
	table, rest := rules(hours, b.Zone()).Week()
	for _, line := range table {
		var times []string
		for _, h := range line.Hours {
			times = append(times, fromTo(h.Opens, h.Closes))
		}
		all = append(all, opening{Days: run(b, line.Days), Times: strings.Join(times, ", ")})
	}
	for _, r := range rest {
		if s := r.Shape(); s.Until == 0 || s.Until >= on {
			all = append(all, otherwise(b, r, s, now))
		}
	}
	return withNotes(all, hours)
}

// withNotes adds what was said in words to the hours of a week: the table has
// no place for it.
func withNotes(all []opening, hours []organization.Hours) []opening {
	for _, h := range hours {
		said := h.Rule.Description
		if said != "" && !slices.ContainsFunc(all, func(o opening) bool { return strings.Contains(o.Note, said) }) {
			all = append(all, opening{Note: said})
		}
	}
	return all
}

// fromTo is "9:00–17:00", or when it begins.
func fromTo(opens, closes schedule.Clock) string {
	if !opens.Said() || !closes.Said() {
		return clock(opens)
	}
	return clock(opens) + "–" + clock(closes)
}

// clock is 9:00 or 18:30.
func clock(c schedule.Clock) string { return strings.TrimPrefix(c.String(), "0") }

// run names days of the week: "Mon–Fri", "Sat", "Every day".
func run(b page.Base, r schedule.Run) string {
	switch {
	case r == schedule.Run{First: schedule.Monday, Last: schedule.Sunday}:
		return b.T("orgs.hours.daily")
	case r.First == r.Last:
		return weekday(b, r.First)
	}
	return weekday(b, r.First) + "–" + weekday(b, r.Last)
}

func weekday(b page.Base, d schedule.Weekday) string {
	return b.T("date.weekday.0" + strconv.Itoa(int(d.Standard())))
}

// otherwise is a line for what isn't simply each week.
func otherwise(b page.Base, r schedule.Rule, s schedule.Shape, now time.Time) opening {
	o := opening{Days: days(b, r, s, now), Times: fromTo(s.Opens, s.Closes)}
	if s.Closed {
		o.Times = strings.TrimSpace(b.T("orgs.hours.shut") + " " + o.Times)
	}
	var notes []string
	if r.From > schedule.DayOf(now.In(b.Zone())) {
		notes = append(notes, b.T("orgs.hours.from", i18n.Args{"day": b.Day(r.From.Time())}))
	}
	if s.Until != 0 && s.Kind != schedule.OneDay {
		notes = append(notes, b.T("orgs.hours.until", i18n.Args{"day": b.Day(s.Until.Time())}))
	}
	if r.Description != "" {
		notes = append(notes, r.Description)
	}
	o.Note = strings.Join(notes, ". ")
	return o
}

// days says on which days, or when the next time is where no short sentence
// does.
func days(b page.Base, r schedule.Rule, s schedule.Shape, now time.Time) string {
	var names []string
	switch s.Kind {
	case schedule.Unsaid:
		return ""
	case schedule.OneDay, schedule.EveryYear:
		return b.Day(s.From.Time())
	case schedule.EveryDay:
		if s.Every == 1 {
			return b.T("orgs.hours.daily")
		}
	case schedule.Weekdays:
		for _, one := range s.Runs {
			names = append(names, run(b, one))
		}
		if s.Every == 1 {
			return strings.Join(names, ", ")
		}
		return b.T("orgs.hours.weeks", i18n.Args{"days": strings.Join(names, ", "), "every": s.Every})
	case schedule.NthWeekdays:
		if text, ok := nthDays(b, s); ok {
			return text
		}
	case schedule.MonthDays, schedule.Other:
	}
	if next, found := r.Next(now); found && !s.Closed {
		return b.T("orgs.hours.next", i18n.Args{"day": b.Date(next.Start)})
	}
	return ""
}

// nthDays is "first Mon of the month".
func nthDays(b page.Base, s schedule.Shape) (string, bool) {
	var names []string
	for _, on := range s.Nth {
		key := "orgs.hours.nth." + strconv.Itoa(on.Nth)
		if on.Nth == -1 {
			key = "orgs.hours.nth.last"
		}
		if !b.Has(key) {
			return "", false
		}
		names = append(names, b.T(key, i18n.Args{"day": weekday(b, on.Day)}))
	}
	return strings.Join(names, ", "), s.Every == 1
}
