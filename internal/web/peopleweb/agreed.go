package peopleweb

import (
	"net/http"
	"slices"

	"commonweal/internal/fault"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

// about is a page with one form about one person.
type about struct {
	page.Base
	people.Record
	Form *page.Form
}

// about reads whom a page is about.
func (p *Pages) about(r *page.Request, key string, f *page.Form) (about, error) {
	have, err := p.People.Get(r.Context(), r.Who, r.In.ID, r.PathValue("person"))
	return about{base(r, key), have, f}, err
}

func (p *Pages) contact(w http.ResponseWriter, r *page.Request) error {
	return p.showContact(w, r, http.StatusOK, page.NewForm().Set("kind", string(people.Phone)))
}

func (p *Pages) showContact(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	v, err := p.about(r, "peoplepage.contact.title", f)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, contactView(v))
}

func (p *Pages) addContact(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("person")
	err = p.People.AddContact(r.Context(), r.Who, r.In.ID, id, people.ContactDraft{
		Kind: people.ContactKind(f.Text("kind")), Value: f.Text("value"), Safe: f.Text("safe"),
	})
	if refused(f, err) {
		underKind(f)
		return p.showContact(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("people", id), "peoplepage.contact.kept")
}

// underKind puts faults that are named after a kind of contact to the question
// about the kind, where this form asks for it.
func underKind(f *page.Form) {
	for i, wrong := range f.Faults {
		if slices.Contains(people.ContactKinds(), people.ContactKind(wrong.Name)) {
			f.Faults[i].Name = "kind"
		}
	}
}

func (p *Pages) removeContact(w http.ResponseWriter, r *page.Request) error {
	id := r.PathValue("person")
	if err := p.People.RemoveContact(r.Context(), r.Who, r.In.ID, id, r.PathValue("contact")); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("people", id), "peoplepage.contact.gone")
}

func (p *Pages) consent(w http.ResponseWriter, r *page.Request) error {
	f := page.NewForm().Set("given_by", string(people.Self)).Set("channel", string(people.Doorstep))
	return p.showConsent(w, r, http.StatusOK, f)
}

func (p *Pages) showConsent(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	v, err := p.about(r, "peoplepage.consent.title", f)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, consentView(v))
}

func (p *Pages) agree(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("person")
	err = p.People.Agree(r.Context(), r.Who, r.In.ID, id, consentDraft(f))
	if refused(f, err) {
		return p.showConsent(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("people", id), "peoplepage.consent.kept")
}

type withdrawPage struct {
	about
	Consent people.Consent
}

func (p *Pages) withdrawing(w http.ResponseWriter, r *page.Request) error {
	f := page.NewForm().Set("consent", r.URL.Query().Get("consent"))
	return p.showWithdraw(w, r, http.StatusOK, f)
}

// showWithdraw says what goes with a consent that is taken back, and asks.
func (p *Pages) showWithdraw(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	v, err := p.about(r, "peoplepage.withdraw.title", f)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(v.Consents, func(c people.Consent) bool { return c.ID == f.Text("consent") && c.Stands() })
	if i < 0 {
		return fault.ErrNotFound
	}
	return page.Render(w, r, status, withdrawView(withdrawPage{v, v.Consents[i]}))
}

func (p *Pages) withdraw(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("person")
	err = p.People.Withdraw(r.Context(), r.Who, r.In.ID, id, f.Text("consent"))
	if refused(f, err) {
		return p.showWithdraw(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("people", id), "peoplepage.withdraw.done")
}

// goes is the key of what goes with a consent.
func (v withdrawPage) goes() string {
	if v.Age == people.Under18 {
		return "peoplepage.withdraw.goes.parent"
	}
	return "peoplepage.withdraw.goes." + string(v.Consent.Purpose)
}
