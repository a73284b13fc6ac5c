package orgweb

import (
	"errors"
	"net/http"

	"commonweal/internal/access"
	"commonweal/internal/exchange"
	"commonweal/internal/fault"
	"commonweal/internal/organization"
	"commonweal/internal/web/page"
)

// ask puts the first question: a person or an association? Where nothing else
// is offered, organizations sign up as persons.
func (p *Pages) ask(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusOK, askView(r.Base("orgs.new.title")))
}

type formPage struct {
	page.Base
	areas
	Form *page.Form
	ID   string // "" for a new one
	Name string
	Like []exchange.Like // those that it may be already
}

// joinForm is about a group that somebody speaks for.
func (p *Pages) joinForm(w http.ResponseWriter, r *page.Request) error {
	f := page.NewForm().Set("kind", string(organization.Association)).Set("lang", string(r.Lang))
	return p.showForm(w, r, http.StatusOK, f, "", "")
}

func (p *Pages) showForm(w http.ResponseWriter, r *page.Request, code int, f *page.Form, id, name string) error {
	areas, err := p.areas(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	key := "orgs.join.title"
	if id != "" {
		key = "orgs.own.edit"
	}
	return page.Render(w, r, code, formView(formPage{base(r, key), areas, f, id, name, nil}))
}

// alike gives the organizations that what was typed may be already, unless
// somebody said that theirs is a different one.
func (p *Pages) alike(r *page.Request, f *page.Form) ([]exchange.Like, error) {
	if f.Ticked("other", yes) || f.Text("name") == "" {
		return nil, nil
	}
	return p.Exchange.SimilarOrganization(r.Context(), r.Who, r.In.ID, exchange.Typed{
		Name: f.Text("name"), Area: f.Text("area"), Phone: f.Text("phone"), Email: f.Text("email"), Website: f.Text("website"),
	})
}

// showAlike asks whether it is one of those that are there.
func (p *Pages) showAlike(w http.ResponseWriter, r *page.Request, f *page.Form, like []exchange.Like) error {
	areas, err := p.areas(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	f.Faults = []fault.Field{{Name: "other", Message: fault.Message{Key: "orgs.similar.title"}}}
	return page.Render(w, r, http.StatusUnprocessableEntity, formView(formPage{base(r, "orgs.join.title"), areas, f, "", "", like}))
}

// join makes its page. A steward writes down whom they know; anybody else
// becomes the first who speaks for it.
func (p *Pages) join(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	like, err := p.alike(r, f)
	if err != nil {
		return err
	}
	if len(like) > 0 {
		return p.showAlike(w, r, f, like)
	}
	var made organization.Organization
	if r.Who.May(r.In.ID, access.Steer) && !f.Ticked("speak", yes) {
		made, err = p.Organizations.Create(r.Context(), r.Who, r.In.ID, draft(f))
	} else {
		made, err = p.Organizations.Join(r.Context(), r.Who, r.In.ID, draft(f), f.Text("job"))
	}
	if refused(f, err) {
		return p.showForm(w, r, http.StatusUnprocessableEntity, f, "", "")
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("organizations", made.ID), "orgs.join.saved")
}

func draft(f *page.Form) organization.Draft {
	return organization.Draft{
		Kind: organization.Kind(f.Text("kind")), Parent: f.Text("parent"), Name: f.Text("name"), About: f.Text("about"), Lang: f.Text("lang"),
		Email: f.Text("email"), Website: f.Text("website"), Phone: f.Text("phone"), Area: f.Text("area"),
		Langs: f.Ticks("langs"), Members: f.Text("members"),
	}
}

func (p *Pages) edit(w http.ResponseWriter, r *page.Request) error {
	have, err := p.own(r)
	if err != nil {
		return err
	}
	d := organization.DraftOf(have)
	f := page.NewForm().Set("kind", string(d.Kind)).Set("parent", d.Parent).Set("name", d.Name).Set("about", d.About).
		Set("lang", d.Lang).Set("email", d.Email).Set("website", d.Website).Set("phone", d.Phone).
		Set("area", d.Area).Set("langs", d.Langs...).Set("members", d.Members)
	return p.showForm(w, r, http.StatusOK, f, have.ID, have.Name)
}

func (p *Pages) save(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, err := p.own(r)
	if err != nil {
		return err
	}
	_, err = p.Organizations.Edit(r.Context(), r.Who, r.In.ID, have.ID, draft(f))
	if refused(f, err) {
		return p.showForm(w, r, http.StatusUnprocessableEntity, f, have.ID, have.Name)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("organizations", have.ID), "orgs.form.saved")
}

// show lets everybody see an organization.
func (p *Pages) show(w http.ResponseWriter, r *page.Request) error {
	return p.turn(w, r, organization.Shown, "orgs.draft.shown")
}

// hide puts it out of sight.
func (p *Pages) hide(w http.ResponseWriter, r *page.Request) error {
	return p.turn(w, r, organization.Hidden, "orgs.own.hidden")
}

func (p *Pages) turn(w http.ResponseWriter, r *page.Request, to organization.Status, said string) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("organization")
	err = p.Organizations.Show(r.Context(), r.Who, r.In.ID, id, to)
	if refused(f, err) {
		return p.showOne(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("organizations", id), said)
}

// own reads an organization for whoever may change it; for others there is no
// such page.
func (p *Pages) own(r *page.Request) (organization.Record, error) {
	have, err := p.Organizations.Get(r.Context(), r.Who, r.In.ID, r.PathValue("organization"))
	if err == nil && !have.MayEdit {
		err = fault.ErrNotFound
	}
	return have, err
}

// base begins a page that isn't for everybody; its tab names nothing.
func base(r *page.Request, key string) page.Base { return r.Base(key).Neutral("orgs.tab") }

// yes is the value of a single tick.
const yes = "yes"

// refused says whether err is something that the form's reader can mend; a
// conflict is said of the whole form.
func refused(f *page.Form, err error) bool {
	if f.Refused(err) {
		return true
	}
	why, ok := errors.AsType[*fault.Error](err)
	if !ok || why.Kind != fault.Conflict {
		return false
	}
	f.Faults = []fault.Field{{Message: why.Message}}
	return true
}

func (v formPage) to() string {
	if v.ID == "" {
		return v.Path("organizations", "new", "group")
	}
	return v.Path("organizations", v.ID, "edit")
}
