package orgweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"commonweal/internal/fault"
	"commonweal/internal/organization"
	"commonweal/internal/schedule"
	"commonweal/internal/web/page"
)

// hoursLines is how many lines of hours a form has at least: the week, the
// weekend, and one more.
const (
	hoursLines = 3
	mostLines  = 10
)

type hoursPage struct {
	page.Base
	organization.Record
	Form  *page.Form
	Of    string // id of a service or of a place; the organization's own otherwise
	Lines int
}

// openHours asks when an organization, one of its services or of its places is
// open.
func (p *Pages) openHours(w http.ResponseWriter, r *page.Request) error {
	have, err := p.own(r)
	if err != nil {
		return err
	}
	of := r.URL.Query().Get("of")
	hours, found := hoursOf(have, of)
	if !found {
		return fault.ErrNotFound
	}
	f := page.NewForm().Set("of", of)
	for i, h := range hours {
		d := organization.HoursDraftOf(h)
		f.Set(nth("days", i), d.Days...).Set(nth("opens", i), d.Opens).Set(nth("closes", i), d.Closes).Set(nth("about", i), d.About)
	}
	return p.showHours(w, r, http.StatusOK, have, f, of, len(hours)+1)
}

func (p *Pages) showHours(w http.ResponseWriter, r *page.Request, code int, have organization.Record, f *page.Form, of string, lines int) error {
	v := hoursPage{Base: base(r, "orgs.hours.title"), Record: have, Form: f, Of: of, Lines: min(max(lines, hoursLines), mostLines)}
	return page.Render(w, r, code, hoursView(v))
}

// hoursOf are the hours of an organization, or of what of names.
func hoursOf(have organization.Record, of string) (hours []organization.Hours, found bool) {
	if of == "" {
		return have.Hours, true
	}
	for _, s := range have.Services {
		if s.ID == of {
			return s.Hours, true
		}
	}
	for _, l := range have.Places {
		if l.ID == of {
			return l.Hours, true
		}
	}
	return nil, false
}

// nth is the name of a field on the i-th line.
func nth(field string, i int) string { return field + "-" + strconv.Itoa(i+1) }

func (p *Pages) saveHours(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, err := p.own(r)
	if err != nil {
		return err
	}
	of := f.Text("of")
	hours, found := hoursOf(have, of)
	if !found {
		return fault.ErrNotFound
	}
	all := make([]organization.HoursDraft, mostLines)
	for i := range all {
		all[i] = organization.HoursDraft{
			Days: f.Ticks(nth("days", i)), Opens: f.Text(nth("opens", i)), Closes: f.Text(nth("closes", i)), About: f.Text(nth("about", i)),
		}
	}
	owner := of
	if of == "" {
		owner = have.ID
	}
	err = p.Organizations.SetHours(r.Context(), r.Who, r.In.ID, have.ID, owner, all)
	if refused(f, err) {
		for i, one := range f.Faults {
			f.Faults[i].Name = nth(one.Name, lineOf(one.Name, all))
		}
		return p.showHours(w, r, http.StatusUnprocessableEntity, have, f, of, len(hours)+1)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("organizations", have.ID), "orgs.hours.saved")
}

// lineOf is the first line on which a field can't be right.
func lineOf(field string, all []organization.HoursDraft) int {
	unread := func(text string) bool {
		_, err := time.Parse("15:04", text)
		return text != "" && err != nil
	}
	i := slices.IndexFunc(all, func(d organization.HoursDraft) bool {
		switch field {
		case "days":
			return len(d.Days) == 0 && strings.TrimSpace(d.Opens+d.Closes+d.About) != ""
		case "opens":
			return unread(d.Opens)
		case "closes":
			return unread(d.Closes)
		}
		return len(d.About) > 0
	})
	return max(i, 0)
}

// dayOptions are the days of the week.
func dayOptions(b page.Base) (all []page.Option) {
	for d := schedule.Monday; d <= schedule.Sunday; d++ {
		all = append(all, page.Option{Value: d.String(), Label: weekday(b, d)})
	}
	return all
}

// whose names what the hours are of.
func (v hoursPage) whose() string {
	for _, s := range v.Services {
		if s.ID == v.Of {
			return s.Name
		}
	}
	for _, l := range v.Places {
		if l.ID == v.Of {
			return l.Name
		}
	}
	return v.Name
}
