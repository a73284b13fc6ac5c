package orgweb

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/place"
	"commonweal/internal/schedule"
	"commonweal/internal/web/page"
)

// maxSites is how many places one file holds: a large city's directory has a
// few thousand.
const maxSites = 10_000

// feature is one thing of a GeoJSON file (RFC 7946).
type feature struct {
	Type       string            `json:"type"`
	ID         string            `json:"id"`
	Geometry   json.RawMessage   `json:"geometry"`
	Properties map[string]string `json:"properties"`
}

// geojson is the areas that have an outline and the places of the
// organizations that are shown. No person is in it.
func (p *Pages) geojson(w http.ResponseWriter, r *page.Request) error {
	ctx, in := r.Context(), r.In.ID
	areas, err := p.areas(ctx, in)
	if err != nil {
		return err
	}
	outlines, err := p.Places.Boundaries(ctx, in)
	if err != nil {
		return err
	}
	sites, err := p.Organizations.Sites(ctx, in, "", maxSites)
	if err != nil {
		return err
	}
	all := struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}{"FeatureCollection", []feature{}}
	for _, a := range areas.All {
		if outline, ok := outlines[a.ID]; ok {
			all.Features = append(all.Features, feature{
				"Feature", a.ID, json.RawMessage(outline), map[string]string{"kind": string(a.Kind), "name": a.Name},
			})
		}
	}
	for _, s := range sites {
		if !s.Pinned {
			continue
		}
		at, err := json.Marshal(struct {
			Type        string     `json:"type"`
			Coordinates [2]float64 `json:"coordinates"`
		}{"Point", [2]float64{s.Lon, s.Lat}})
		if err != nil {
			return err
		}
		all.Features = append(all.Features, feature{"Feature", s.ID, at, map[string]string{
			"kind": string(s.OrganizationKind), "name": s.Name, "organization": s.OrganizationName,
			"page": r.Site.Base + r.Path("organizations", s.Organization),
		}})
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return file(w, "application/geo+json", "", text)
}

// file sends one; with a name, a browser keeps it under that.
func file(w http.ResponseWriter, kind, name string, text []byte) error {
	w.Header().Set("Content-Type", kind)
	if name != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	}
	_, err := w.Write(text)
	return err
}

// card is an organization's own public contact as a vCard (RFC 2426, which
// old phones read as well).
func (p *Pages) card(w http.ResponseWriter, r *page.Request) error {
	o, err := p.Organizations.Get(r.Context(), r.Who, r.In.ID, r.PathValue("organization"))
	if err != nil {
		return err
	}
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			b.WriteString(folded(name + ":" + value))
		}
	}
	line("BEGIN", "VCARD")
	line("VERSION", "3.0")
	line("N", escaped(o.Name)+";;;;")
	line("FN", escaped(o.Name))
	line("ORG", escaped(o.Name))
	line("X-ABSHOWAS", "COMPANY")
	for _, one := range o.Phones {
		line("TEL;TYPE=WORK,VOICE", escaped(one.Number))
	}
	line("EMAIL;TYPE=INTERNET", escaped(o.Email))
	line("URL", escaped(o.Website))
	for _, one := range o.Places {
		for _, a := range one.Addresses {
			line("ADR;TYPE=WORK", ";;"+strings.Join([]string{
				escaped(a.Street), escaped(a.City), escaped(a.Region), escaped(a.PostalCode), escaped(a.Country),
			}, ";"))
		}
	}
	line("SOURCE", escaped(r.Site.Base+r.Path("organizations", o.ID)))
	line("REV", o.ChangedAt.UTC().Format("20060102T150405Z"))
	line("END", "VCARD")
	return file(w, "text/vcard; charset=utf-8", "contact.vcf", []byte(b.String()))
}

// escaped is a value of a vCard: what means something there stands for itself.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\r", "", "\n", `\n`, ",", `\,`, ";", `\;`).Replace(text)
}

// folded is a line in pieces of at most 75 bytes, never within a letter.
func folded(line string) string {
	const most = 75
	var b strings.Builder
	n := 0
	for _, letter := range line {
		size := len(string(letter))
		if n+size > most {
			b.WriteString("\r\n ")
			n = 1
		}
		b.WriteRune(letter)
		n += size
	}
	b.WriteString("\r\n")
	return b.String()
}

// calendar begins a feed.
func calendar(b page.Base, name string) *ics.Calendar {
	c := ics.NewCalendarFor(b.T("page.brand"))
	c.SetMethod(ics.MethodPublish)
	c.SetName(name)
	c.SetXWRCalName(name)
	return c
}

// on is what is on, as a calendar that a phone keeps up to date by itself.
func (p *Pages) on(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Places.Upcoming(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	b := r.Base("orgs.assets.exchange.on")
	c := calendar(b, r.In.Name)
	for _, h := range all {
		e := c.AddEvent(h.ID + "@" + r.In.Slug)
		e.SetDtStampTime(r.Site.Now())
		e.SetSummary(h.Title, language(h.Lang))
		e.SetLocation(h.Spot)
		starts(e, b, h)
	}
	return file(w, "text/calendar; charset=utf-8", "", []byte(c.Serialize(ics.WithNewLineWindows)))
}

func language(lang i18n.Lang) ics.PropertyParameter {
	return &ics.KeyValues{Key: "LANGUAGE", Value: []string{string(lang)}}
}

// starts says when a happening begins; without an hour it is the whole day's.
func starts(e *ics.VEvent, b page.Base, h place.Happening) {
	at, err := time.ParseInLocation("2006-01-02 15:04", h.On.String()+" "+h.At, b.Zone())
	if err != nil {
		e.SetAllDayStartAt(h.On.Time)
		return
	}
	e.SetStartAt(at)
}

// hoursFile is when an organization and its services are open, as a calendar
// for some weeks: each time by itself, so that daylight saving can't shift it
// on a phone that doesn't know the rule.
func (p *Pages) hoursFile(w http.ResponseWriter, r *page.Request) error {
	o, err := p.Organizations.Get(r.Context(), r.Who, r.In.ID, r.PathValue("organization"))
	if err != nil {
		return err
	}
	b := r.Base("orgs.page.hours")
	c := calendar(b, o.Name)
	add(c, b, r.Site.Now(), o.ID, o.Name, o.Hours, o.Places)
	for _, one := range o.Services {
		if !one.Hidden() && one.Status == organization.Active {
			add(c, b, r.Site.Now(), one.ID, one.Name+" – "+o.Name, one.Hours, one.Places)
		}
	}
	return file(w, "text/calendar; charset=utf-8", "", []byte(c.Serialize(ics.WithNewLineWindows)))
}

// weeks is how far ahead a calendar of opening hours reaches. A phone asks
// again each day.
const weeks = 8

// add writes down when something is open.
func add(c *ics.Calendar, b page.Base, now time.Time, id, name string, hours []organization.Hours, places []organization.Place) {
	set, where := rules(hours, b.Zone()), ""
	for _, one := range places {
		set = append(set, rules(one.Hours, b.Zone())...)
		for _, a := range one.Addresses {
			if where == "" {
				where = a.String()
			}
		}
	}
	today := schedule.DayOf(now.In(b.Zone())).Time()
	from := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, b.Zone())
	for _, s := range set.Between(from, from.AddDate(0, 0, 7*weeks)) {
		e := c.AddEvent(s.Start.UTC().Format("20060102T150405Z") + "-" + id)
		e.SetDtStampTime(now)
		e.SetSummary(name)
		if where != "" {
			e.SetLocation(where)
		}
		e.SetProperty(ics.ComponentPropertyTransp, "TRANSPARENT")
		if s.AllDay {
			e.SetAllDayStartAt(s.Start)
			continue
		}
		e.SetStartAt(s.Start)
		e.SetEndAt(s.End)
	}
}
