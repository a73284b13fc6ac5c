package peopleweb

import (
	"net/http"
	"net/url"

	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

type listPage struct {
	page.Base
	choices
	Form     *page.Form // what was looked for
	People   []people.Card
	More     string
	Steward  bool
	Narrowed bool
}

// The names of what a list can be narrowed by.
const (
	askText      = "q"
	askArea      = "area"
	askConnector = "connector"
	askAfter     = "after"
)

func (p *Pages) list(w http.ResponseWriter, r *page.Request) error {
	f, asked := filter(r)
	found, err := p.People.List(r.Context(), r.Who, r.In.ID, f)
	if err != nil {
		return err
	}
	v := listPage{
		Base: base(r, "peoplepage.list.title"), Form: asked, People: found.People,
		More: more(r, "people", asked, found.More), Steward: isSteward(r), Narrowed: narrowed(asked),
	}
	if v.choices, err = p.filters(r); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, listView(v))
}

// filter reads what a list is asked for, and keeps it for the form.
func filter(r *page.Request) (people.Filter, *page.Form) {
	q, f := r.URL.Query(), page.NewForm()
	for _, name := range [...]string{askText, askArea, askConnector} {
		f.Set(name, q.Get(name))
	}
	return people.Filter{
		Text: f.Text(askText), Area: f.Text(askArea), Connector: f.Text(askConnector), After: q.Get(askAfter),
	}, f
}

func narrowed(f *page.Form) bool {
	return f.Text(askText)+f.Text(askArea)+f.Text(askConnector) != ""
}

// more is where the next page of a list is, with the same wishes.
func more(r *page.Request, list string, asked *page.Form, after string) string {
	if after == "" {
		return ""
	}
	q := url.Values{askAfter: {after}}
	for name := range asked.Raw {
		if text := asked.Text(name); text != "" {
			q.Set(name, text)
		}
	}
	return r.Path(list) + "?" + q.Encode()
}

// filters are the choices above a list.
func (p *Pages) filters(r *page.Request) (choices, error) {
	b := base(r, "peoplepage.filter.anybody")
	return p.choices(r.Context(), r, "peoplepage.filter.anywhere",
		page.Option{Value: "", Label: b.Title()}, page.Option{Value: people.NoConnector, Label: b.T("people.connector.nobody")})
}

type homesPage struct {
	page.Base
	choices
	Form     *page.Form
	Homes    []people.HouseholdCard
	Last     map[string]string // when each was last talked with, in words
	More     string
	Steward  bool
	Narrowed bool
}

func (p *Pages) households(w http.ResponseWriter, r *page.Request) error {
	ctx := r.Context()
	f, asked := filter(r)
	found, err := p.People.Households(ctx, r.Who, r.In.ID, f)
	if err != nil {
		return err
	}
	v := homesPage{
		Base: base(r, "peoplepage.homes.title"), Form: asked, Homes: found.Households,
		More: more(r, "households", asked, found.More), Steward: isSteward(r), Narrowed: narrowed(asked),
	}
	last, err := p.Conversations.LastTalks(ctx, r.Who, r.In.ID, found.IDs())
	if err != nil {
		return err
	}
	v.Last = make(map[string]string, len(last))
	for id, day := range last {
		v.Last[id] = v.T("day.visit.last", i18n.Args{"day": v.Day(day.Time)})
	}
	if v.choices, err = p.filters(r); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, homesView(v))
}

// last says when a household was last talked with.
func (v homesPage) last(id string) string {
	if words, known := v.Last[id]; known {
		return words
	}
	return v.T("day.visit.never")
}
