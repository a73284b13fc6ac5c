package peopleweb

import (
	"net/http"
	"net/url"

	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

type homePage struct {
	page.Base
	people.HouseholdRecord
}

func (p *Pages) household(w http.ResponseWriter, r *page.Request) error {
	have, err := p.People.GetHousehold(r.Context(), r.Who, r.In.ID, r.PathValue("household"))
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, homeView(homePage{base(r, "peoplepage.homes.title").Titled(have.Code), have}))
}

func (p *Pages) newHousehold(w http.ResponseWriter, r *page.Request) error {
	return p.showHousehold(w, r, http.StatusOK, page.NewForm())
}

// showHousehold shows the form of a household, new or known.
func (p *Pages) showHousehold(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	key := "peoplepage.home.new"
	if r.PathValue("household") != "" {
		key = "peoplepage.home.edit"
	}
	v, err := p.form(r, key, f)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, homeFormView(v, r.PathValue("household")))
}

func homeDraft(f *page.Form) people.HouseholdDraft {
	return people.HouseholdDraft{
		Code: f.Text("code"), Area: f.Text("area"), Connector: f.Text("connector"), Note: f.Text("note"),
	}
}

func (p *Pages) createHousehold(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	made, err := p.People.CreateHousehold(r.Context(), r.Who, r.In.ID, homeDraft(f))
	if refused(f, err) {
		return p.showHousehold(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("households", made.ID), "peoplepage.home.done")
}

func (p *Pages) editHousehold(w http.ResponseWriter, r *page.Request) error {
	have, err := p.People.GetHousehold(r.Context(), r.Who, r.In.ID, r.PathValue("household"))
	if err != nil {
		return err
	}
	return p.showHousehold(w, r, http.StatusOK,
		page.NewForm().Set("code", have.Code).Set("area", have.Area).Set("note", have.Note))
}

func (p *Pages) saveHousehold(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("household")
	_, err = p.People.EditHousehold(r.Context(), r.Who, r.In.ID, id, homeDraft(f))
	if refused(f, err) {
		return p.showHousehold(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("households", id), "peoplepage.home.saved")
}

func (p *Pages) movingHousehold(w http.ResponseWriter, r *page.Request) error {
	return p.showMoveHousehold(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showMoveHousehold(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	have, err := p.People.GetHousehold(r.Context(), r.Who, r.In.ID, r.PathValue("household"))
	if err != nil {
		return err
	}
	v := movePage{
		Base: base(r, "peoplepage.home.move"), Name: have.Code, Form: f,
		Back: r.Path("households", have.ID), To: r.Path("households", have.ID, "move"),
	}
	if v.Connectors, err = p.connectors(r.Context(), r); err != nil {
		return err
	}
	return page.Render(w, r, status, moveView(v))
}

func (p *Pages) moveHousehold(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("household")
	err = p.People.MoveHousehold(r.Context(), r.Who, r.In.ID, id, f.Text("connector"))
	if refused(f, err) {
		return p.showMoveHousehold(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	if !isSteward(r) {
		return page.Redirect(w, r, r.Path("households"), "peoplepage.home.moved")
	}
	return page.Redirect(w, r, r.Path("households", id), "peoplepage.home.moved")
}

// newHere leads to the form for somebody who lives here.
func (v homePage) newHere() string {
	return v.Path("people", "new") + "?" + url.Values{"household": {v.Code}}.Encode()
}

// homeTo is where a household's form goes.
func homeTo(v formPage, household string) string {
	if household == "" {
		return v.Path("households", "new")
	}
	return v.Path("households", household, "edit")
}
