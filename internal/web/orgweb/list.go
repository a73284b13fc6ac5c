package orgweb

import (
	"net/http"
	"net/url"

	"commonweal/internal/access"
	"commonweal/internal/organization"
	"commonweal/internal/web/page"
)

// The names of what a list can be narrowed by.
const (
	askText  = "q"
	askKind  = "kind"
	askArea  = "area"
	askAfter = "after"
)

// few is how many of each kind stand on the first page.
const few = 12

type listPage struct {
	page.Base
	areas
	Form     *page.Form // what was looked for
	Parts    []kindPart
	Mine     []organization.Organization // for whom the reader speaks
	Narrowed bool
	Steward  bool
}

// kindPart is the organizations of one kind.
type kindPart struct {
	Kind organization.Kind
	All  []organization.Organization
	Brings
	More string
}

// Brings is what some organizations can bring, by their id.
type Brings map[string][]organization.Offer

// list shows the associations first: a neighbourhood's power lies in them.
func (p *Pages) list(w http.ResponseWriter, r *page.Request) error {
	ctx := r.Context()
	f, asked := filter(r)
	v := listPage{
		Base: r.Base("orgs.title"), Form: asked, Narrowed: f.Text+f.Area+string(f.Kind) != "",
		Steward: r.Who.May(r.In.ID, access.Steer),
	}
	var err error
	if v.areas, err = p.areas(ctx, r.In.ID); err != nil {
		return err
	}
	if v.Mine, err = p.Organizations.Mine(ctx, r.Who, r.In.ID); err != nil {
		return err
	}
	var ids []string
	for _, k := range organization.Kinds() {
		if f.Kind != "" && f.Kind != k {
			continue
		}
		narrow := f
		narrow.Kind = k
		if f.Kind == "" {
			narrow.Limit, narrow.After = few, ""
		}
		found, err := p.Organizations.List(ctx, r.Who, r.In.ID, narrow)
		if err != nil {
			return err
		}
		if len(found.Organizations) == 0 {
			continue
		}
		v.Parts = append(v.Parts, kindPart{Kind: k, All: found.Organizations, More: moreOf(r, asked, k, f.Kind, found.More)})
		for _, o := range found.Organizations {
			ids = append(ids, o.ID)
		}
	}
	brings, err := p.Organizations.Brings(ctx, r.In.ID, ids)
	if err != nil {
		return err
	}
	for i := range v.Parts {
		v.Parts[i].Brings = brings
	}
	return page.Render(w, r, http.StatusOK, listView(v))
}

// filter reads what a list is asked for, and keeps it for the form.
func filter(r *page.Request) (organization.Filter, *page.Form) {
	q, f := r.URL.Query(), page.NewForm()
	for _, name := range [...]string{askText, askKind, askArea} {
		f.Set(name, clip(q.Get(name), 100))
	}
	return organization.Filter{
		Text: f.Text(askText), Kind: kind(f.Text(askKind)), Area: f.Text(askArea), After: q.Get(askAfter),
	}, f
}

// kind reads a kind; what isn't one is both.
func kind(text string) organization.Kind {
	for _, k := range organization.Kinds() {
		if string(k) == text {
			return k
		}
	}
	return ""
}

// moreOf is where more of a kind stands: its own list, from its beginning when
// both kinds stood together.
func moreOf(r *page.Request, asked *page.Form, k, narrowed organization.Kind, after string) string {
	if after == "" {
		return ""
	}
	if narrowed == "" {
		after = ""
	}
	narrower := page.NewForm().Set(askText, asked.Text(askText)).Set(askArea, asked.Text(askArea)).Set(askKind, string(k))
	return next(r, "organizations", narrower, after)
}

// more is where the next page of a list is, with the same wishes, or nothing.
func more(r *page.Request, list string, asked *page.Form, after string) string {
	if after == "" {
		return ""
	}
	return next(r, list, asked, after)
}

func next(r *page.Request, list string, asked *page.Form, after string) string {
	q := url.Values{}
	for name := range asked.Raw {
		if text := asked.Text(name); text != "" {
			q.Set(name, text)
		}
	}
	if after != "" {
		q.Set(askAfter, after)
	}
	return r.Path(list) + "?" + q.Encode()
}
