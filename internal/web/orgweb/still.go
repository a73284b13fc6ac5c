package orgweb

import (
	"net/http"

	"commonweal/internal/fault"
	"commonweal/internal/organization"
	"commonweal/internal/web/page"
)

// confirm notes that an organization, or one of its services, is still as its
// page says.
func (p *Pages) confirm(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("organization")
	of := f.Text("of")
	if of == "" {
		of = id
	}
	if err := p.Organizations.Confirm(r.Context(), r.Who, r.In.ID, id, of, true); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("organizations", id), "orgs.still.thanks")
}

type stillPage struct {
	page.Base
	Form   *page.Form
	Token  string
	Review organization.Review
}

// still shows what a letter asks about. It changes nothing: mail programs open
// links by themselves.
func (p *Pages) still(w http.ResponseWriter, r *page.Request) error {
	due, err := p.due(r)
	if fault.Is(err, fault.NotFound) {
		return lost(w, r)
	}
	if err != nil {
		return err
	}
	v := stillPage{base(r, "orgs.still.title"), page.NewForm(), r.PathValue("token"), due}
	if due.Itself {
		v.Form.Raw.Add("holds", due.Organization.ID)
	}
	for _, one := range due.Services {
		if !one.Hidden() { // what was put away comes back only by their own tick
			v.Form.Raw.Add("holds", one.ID)
		}
	}
	return page.Render(w, r, http.StatusOK, stillView(v))
}

// answer takes what they ticked.
func (p *Pages) answer(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if _, err = p.due(r); err == nil {
		err = p.Organizations.StillTrue(r.Context(), r.PathValue("token"), f.Ticks("holds"))
	}
	if fault.Is(err, fault.NotFound) {
		return lost(w, r)
	}
	if err != nil {
		return err
	}
	thanks := "orgs.still.thanks"
	if len(f.Ticks("holds")) == 0 {
		thanks = "orgs.still.away"
	}
	return page.Redirect(w, r, r.Path("organizations"), thanks)
}

// due is what a link asks about, if it is one of this initiative.
func (p *Pages) due(r *page.Request) (organization.Review, error) {
	due, err := p.Organizations.Due(r.Context(), r.PathValue("token"))
	if err == nil && due.Initiative != r.In.ID {
		return organization.Review{}, fault.ErrNotFound
	}
	return due, err
}

// lost says that a link opens nothing, and what to do now.
func lost(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusNotFound, lostView(base(r, "orgs.still.gone")))
}

// options are what the letter asks about.
func (v stillPage) options() (all []page.Option) {
	if v.Review.Itself {
		o := v.Review.Organization
		all = append(all, page.Option{Value: o.ID, Label: o.Name, Hint: clip(o.About, 160)})
	}
	for _, s := range v.Review.Services {
		all = append(all, page.Option{Value: s.ID, Label: s.Name, Hint: clip(s.About, 160)})
	}
	return all
}
