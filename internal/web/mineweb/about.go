package mineweb

import (
	"net/http"
	"slices"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
)

type aboutPage struct {
	page.Base
	Form  *page.Form
	Areas []place.Area
	Has   []i18n.Lang // also those that we don't offer
}

func (p *Pages) about(w http.ResponseWriter, r *page.Request) error {
	me, err := p.record(r)
	if err != nil {
		return err
	}
	return p.showAbout(w, r, http.StatusOK, me, page.NewForm().Set("name", me.Name).Set("area", me.Area).Set("langs", codes(me.Langs)...))
}

func (p *Pages) showAbout(w http.ResponseWriter, r *page.Request, status int, me people.Record, f *page.Form) error {
	areas, err := p.Places.List(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, aboutView(aboutPage{r.Base("mine.about.title"), f, areas, me.Langs}))
}

func (p *Pages) saveAbout(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	me, err := p.record(r)
	if err != nil {
		return err
	}
	_, err = p.People.Edit(r.Context(), r.Who, r.In.ID, me.ID, people.Draft{
		Name: f.Text("name"), Area: f.Text("area"), Langs: f.Ticks("langs"),
		Household: me.HouseholdCode, MetOn: me.MetOn.String(), Age: me.Age,
	})
	if f.Refused(err) && named(f, "name", "area", "langs") {
		return p.showAbout(w, r, http.StatusUnprocessableEntity, me, f)
	}
	if err != nil {
		return err
	}
	return home(w, r, "mine.about.saved")
}

func (p *Pages) record(r *page.Request) (people.Record, error) {
	return p.People.Get(r.Context(), r.Who, r.In.ID, self(r))
}

type contactPage struct {
	page.Base
	Form *page.Form
}

func (p *Pages) newContact(w http.ResponseWriter, r *page.Request) error {
	return showContact(w, r, http.StatusOK, page.NewForm())
}

func showContact(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	return page.Render(w, r, status, contactView(contactPage{r.Base("mine.contact.title"), f}))
}

// addContact keeps a way to reach somebody, which is a yes to its being kept.
func (p *Pages) addContact(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	err = p.People.AddContact(r.Context(), r.Who, r.In.ID, self(r), people.ContactDraft{
		Kind: people.ContactKind(f.Text("kind")), Value: f.Text("value"), Safe: f.Text("safe"),
	})
	if f.Refused(err) && named(f, "kind", "value", "safe") {
		return showContact(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	me, err := p.record(r)
	if err != nil {
		return err
	}
	if !people.Agreed(me.Consents, people.BeReached) && me.Age != people.Under18 {
		if err := p.sayYes(r, people.BeReached); err != nil {
			return err
		}
	}
	return home(w, r, "mine.contact.added")
}

func (p *Pages) removeContact(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := p.People.RemoveContact(r.Context(), r.Who, r.In.ID, self(r), f.Text("id")); err != nil {
		return err
	}
	return home(w, r, "mine.contact.removed")
}

func (p *Pages) sayYes(r *page.Request, to people.Purpose) error {
	return p.People.Agree(r.Context(), r.Who, r.In.ID, self(r), people.ConsentDraft{Purposes: []people.Purpose{to}, Channel: people.Web})
}

func (p *Pages) agree(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	err = p.sayYes(r, people.Purpose(f.Text("purpose")))
	if f.Refused(err) && named(f) {
		return p.showMe(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return home(w, r, "mine.yes.given")
}

type withdrawPage struct {
	page.Base
	Form    *page.Form
	Purpose people.Purpose
}

// withdraw says first what goes with a yes, and takes it back when it is told
// a second time. The yes to the name is the last one: to take it back is to be
// erased.
func (p *Pages) withdraw(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	to := people.Purpose(f.Text("purpose"))
	if !slices.Contains(people.Purposes(), to) {
		return fault.ErrNotFound
	}
	if !f.Ticked(sureField, sureYes) {
		return page.Render(w, r, http.StatusOK, withdrawView(withdrawPage{r.Base("mine.withdraw.title"), f, to}))
	}
	err = p.People.WithdrawAll(r.Context(), r.Who, r.In.ID, self(r), to)
	if fault.Is(err, fault.Conflict) {
		return page.Redirect(w, r, r.Path("me", "forget"), "mine.forget.instead")
	}
	if err != nil {
		return err
	}
	return home(w, r, "mine.withdraw.done")
}

func (p *Pages) pause(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	pause := f.Ticked("pause", sureYes)
	if err := p.People.Pause(r.Context(), r.Who, r.In.ID, self(r), pause); err != nil {
		return err
	}
	if pause {
		return home(w, r, "mine.pause.on")
	}
	return home(w, r, "mine.pause.off")
}

// take gives everything that is kept about somebody as a file. It is a POST,
// since it is noted that a copy was made.
func (p *Pages) take(w http.ResponseWriter, r *page.Request) error {
	all, err := p.People.Export(r.Context(), r.Who, r.In.ID, self(r))
	if err != nil {
		return err
	}
	text, err := all.JSON()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="copy.json"`) // a name that tells nothing
	_, err = w.Write(text)
	return err
}

type forgetPage struct {
	page.Base
	Form *page.Form
}

func (p *Pages) askForget(w http.ResponseWriter, r *page.Request) error {
	return showForget(w, r, http.StatusOK, page.NewForm())
}

func showForget(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	return page.Render(w, r, status, forgetView(forgetPage{r.Base("mine.forget.title"), f}))
}

func (p *Pages) forget(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if !f.Ticked(sureField, sureYes) {
		f.Faults = []fault.Field{{Name: sureField, Message: fault.Message{Key: "mine.forget.unsure"}}}
		return showForget(w, r, http.StatusUnprocessableEntity, f)
	}
	err = p.People.Erase(r.Context(), r.Who, r.In.ID, self(r))
	if fault.Is(err, fault.Conflict) {
		f.Faults = []fault.Field{{Message: fault.Says(err, "people.erase.steward")}}
		return showForget(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path(), "mine.forget.done")
}
