package orgweb

import (
	"net/http"
	"time"

	ics "github.com/arran4/golang-ical"

	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/place"
	"commonweal/internal/schedule"
	"commonweal/internal/web/page"
)

// feed is a calendar (RFC 5545) that a phone keeps up to date by itself. Its
// times are those of a wall clock where the initiative's people live.
type feed struct {
	page.Base
	*ics.Calendar
	now  time.Time
	from time.Time // midnight of today
	zone string    // its name; "" where times are written in UTC
}

func newFeed(b page.Base, name string, now time.Time) *feed {
	f := &feed{Base: b, Calendar: ics.NewCalendarFor(b.T("page.brand")), now: now}
	f.SetMethod(ics.MethodPublish)
	f.SetName(name)
	f.SetXWRCalName(name)
	here := now.In(b.Zone())
	f.from = time.Date(here.Year(), here.Month(), here.Day(), 0, 0, 0, 0, b.Zone())
	if b.Zone() != time.UTC {
		f.zone = b.Zone().String()
		f.tellZone()
	}
	return f
}

// zoneYears is for how many years a feed says when clocks change: a phone that
// knows the zone by its name goes by that.
const zoneYears = 6

// tellZone says when clocks change, for those who don't know the zone.
func (f *feed) tellZone() {
	zone := f.AddTimezone(f.zone)
	until := f.from.AddDate(zoneYears, 0, 0)
	for at := f.from.AddDate(-1, 0, 0); at.Before(until); {
		begins, ends := at.ZoneBounds()
		name, offset := at.Zone()
		before := offset
		if begins.IsZero() {
			begins = time.Date(1970, 1, 1, 0, 0, 0, 0, f.Zone())
		} else {
			_, before = begins.Add(-time.Second).Zone()
		}
		var part interface {
			ics.Component
			SetProperty(ics.ComponentProperty, string, ...ics.PropertyParameter)
		} = ics.NewStandard()
		if at.IsDST() {
			part = &ics.Daylight{}
		}
		part.SetProperty(ics.ComponentPropertyDtStart, begins.In(time.FixedZone("", before)).Format(wall))
		part.SetProperty("TZOFFSETFROM", offsetText(before))
		part.SetProperty("TZOFFSETTO", offsetText(offset))
		part.SetProperty("TZNAME", name)
		zone.Components = append(zone.Components, part)
		if ends.IsZero() {
			return
		}
		at = ends
	}
}

// offsetText is an offset from UTC as a calendar writes it: -0500.
func offsetText(seconds int) string {
	return time.Unix(0, 0).In(time.FixedZone("", seconds)).Format("-0700")
}

// wall is a time of a wall clock as a calendar writes it.
const wall = "20060102T150405"

// set writes a time into an event.
func (f *feed) set(e *ics.VEvent, name ics.ComponentProperty, at time.Time) {
	if f.zone == "" {
		e.SetProperty(name, at.UTC().Format(wall+"Z"))
		return
	}
	e.SetProperty(name, at.In(f.Zone()).Format(wall), ics.WithTZID(f.zone))
}

func (f *feed) send(w http.ResponseWriter) error {
	return file(w, "text/calendar; charset=utf-8", "", []byte(f.Serialize(ics.WithNewLineWindows)))
}

// on is what is on.
func (p *Pages) on(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Places.Upcoming(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	f := newFeed(r.Base("orgs.assets.exchange.on"), r.In.Name, today(r))
	for _, h := range all {
		f.happening(h, r.In.Slug)
	}
	return f.send(w)
}

// happening is one thing that is on; without an hour it is the whole day's.
func (f *feed) happening(h place.Happening, slug string) {
	e := f.AddEvent(h.ID + "@" + slug)
	e.SetDtStampTime(f.now)
	e.SetSummary(h.Title, language(h.Lang))
	e.SetLocation(h.Spot)
	at, err := time.ParseInLocation("2006-01-02 15:04", h.On.String()+" "+h.At, f.Zone())
	if err != nil {
		e.SetAllDayStartAt(h.On.Time)
		return
	}
	f.set(e, ics.ComponentPropertyDtStart, at)
}

func language(lang i18n.Lang) ics.PropertyParameter {
	return &ics.KeyValues{Key: "LANGUAGE", Value: []string{string(lang)}}
}

// hoursFile is when an organization and its services are open.
func (p *Pages) hoursFile(w http.ResponseWriter, r *page.Request) error {
	o, err := p.Organizations.Get(r.Context(), r.Who, r.In.ID, r.PathValue("organization"))
	if err != nil {
		return err
	}
	f := newFeed(r.Base("orgs.page.hours"), o.Name, r.Site.Now())
	f.open(o.Name, o.Hours, o.Places)
	for _, one := range o.Services {
		if !one.Hidden() && one.Status == organization.Active {
			f.open(one.Name+" – "+o.Name, one.Hours, one.Places)
		}
	}
	return f.send(w)
}

// open writes down when something is open: once for each rule, or time by time
// where a calendar has no words for one.
func (f *feed) open(name string, hours []organization.Hours, places []organization.Place) {
	where := ""
	for _, one := range places {
		hours = append(hours[:len(hours):len(hours)], one.Hours...)
		for _, a := range one.Addresses {
			if where == "" {
				where = a.String()
			}
		}
	}
	set := rules(hours, f.Zone())
	for i, r := range set {
		if r.Closed {
			continue
		}
		spans := f.ahead(r, set)
		if rule := r.RRULE(); rule != "" && r.Interval <= 1 && len(spans.open) > 0 {
			e := f.time(hours[i].ID, name, where, spans.open[0])
			e.AddRrule(rule)
			for _, s := range spans.shut {
				f.except(e, s)
			}
			continue
		}
		for _, s := range spans.open {
			f.time(s.Start.UTC().Format(wall)+"-"+hours[i].ID, name, where, s)
		}
	}
}

// yearAhead is how far ahead a calendar knows which days are closed.
const yearAhead = 366

// spans are the coming times of one rule, and those of them that are closed.
type spans struct{ open, shut []schedule.Span }

func (f *feed) ahead(r schedule.Rule, all schedule.Set) (s spans) {
	until := f.from.AddDate(0, 0, yearAhead)
	closed := schedule.Set{r}
	for _, other := range all {
		if other.Closed {
			closed = append(closed, other)
		}
	}
	open := map[time.Time]bool{}
	for _, one := range closed.Between(f.from, until) {
		open[one.Start] = true
	}
	for one := range r.Between(f.from, until) {
		switch {
		case open[one.Start]:
			s.open = append(s.open, one)
		case len(s.open) > 0: // before the first there is nothing to leave out
			s.shut = append(s.shut, one)
		}
	}
	return s
}

// time is an event of opening hours. It blocks nobody's own time.
func (f *feed) time(id, name, where string, s schedule.Span) *ics.VEvent {
	e := f.AddEvent(id)
	e.SetDtStampTime(f.now)
	e.SetSummary(name)
	if where != "" {
		e.SetLocation(where)
	}
	e.SetProperty(ics.ComponentPropertyTransp, "TRANSPARENT")
	if s.AllDay {
		e.SetAllDayStartAt(s.Start)
		return e
	}
	f.set(e, ics.ComponentPropertyDtStart, s.Start)
	f.set(e, ics.ComponentPropertyDtEnd, s.End)
	return e
}

// except leaves a time out.
func (f *feed) except(e *ics.VEvent, s schedule.Span) {
	switch {
	case s.AllDay:
		e.AddExdate(s.Start.Format("20060102"), ics.WithValue("DATE"))
	case f.zone == "":
		e.AddExdate(s.Start.UTC().Format(wall + "Z"))
	default:
		e.AddExdate(s.Start.In(f.Zone()).Format(wall), ics.WithTZID(f.zone))
	}
}
