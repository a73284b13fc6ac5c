package peopleweb

import (
	"net/http"
	"slices"

	"commonweal/internal/exchange"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

type formPage struct {
	page.Base
	choices
	Form    *page.Form
	Person  string // "" for somebody new
	Steward bool
	Langs   []page.Option
	Like    []exchange.Like // who looks like somebody new
}

func (p *Pages) new(w http.ResponseWriter, r *page.Request) error {
	f := page.NewForm().Set("age", string(people.NotAsked)).Set("given_by", string(people.Self)).Set("channel", string(people.Doorstep))
	return p.showNew(w, r, http.StatusOK, f.Set("household", r.URL.Query().Get("household")))
}

func (p *Pages) showNew(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	v, err := p.form(r, "peoplepage.new.title", f)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, newView(v))
}

// showLike asks whether somebody new is one of those whom they look like. All
// that was typed stays.
func (p *Pages) showLike(w http.ResponseWriter, r *page.Request, f *page.Form, like []exchange.Like) error {
	f.Faults = []fault.Field{{Name: "sure", Message: fault.Message{Key: "import.similar.lead"}}}
	v, err := p.form(r, "peoplepage.new.title", f)
	if err != nil {
		return err
	}
	v.Like = like
	return page.Render(w, r, http.StatusUnprocessableEntity, newView(v))
}

// like finds whom somebody new looks like, unless it was said that it is
// somebody else.
func (p *Pages) like(r *page.Request, f *page.Form) ([]exchange.Like, error) {
	if p.Similar == nil || f.Ticked("sure", "yes") {
		return nil, nil
	}
	return p.Similar(r.Context(), r.Who, r.In.ID, exchange.Typed{
		Name: f.Text("name"), Area: f.Text("area"), Phone: f.Text("phone"), Email: f.Text("email"),
	})
}

func (p *Pages) form(r *page.Request, key string, f *page.Form) (v formPage, err error) {
	v = formPage{Base: base(r, key), Form: f, Steward: isSteward(r)}
	v.Langs = langOptions(v.Base, f.Ticks("langs"))
	v.choices, err = p.choices(r.Context(), r, "peoplepage.area.unsaid",
		page.Option{Value: "", Label: v.T("people.connector.nobody")})
	return v, err
}

func (p *Pages) create(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	d := draft(f)
	d.Connector = f.Text("connector")
	d.Consent = consentDraft(f)
	for _, kind := range people.ContactKinds() {
		d.Contacts = append(d.Contacts, people.ContactDraft{Kind: kind, Value: f.Text(string(kind)), Safe: f.Text("safe")})
	}
	like, err := p.like(r, f)
	if err != nil {
		return err
	}
	if len(like) > 0 {
		return p.showLike(w, r, f, like)
	}
	made, err := p.People.Create(r.Context(), r.Who, r.In.ID, d)
	if refused(f, err) {
		return p.showNew(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	// A steward may have written somebody down whom they see; a connector always has.
	return page.Redirect(w, r, r.Path("people", made.ID), "peoplepage.new.done")
}

// draft reads what is kept of a person themselves.
func draft(f *page.Form) people.Draft {
	return people.Draft{
		Name: f.Text("name"), Area: f.Text("area"), Household: f.Text("household"), Langs: f.Ticks("langs"),
		MetOn: f.Text("met_on"), Age: people.Age(f.Text("age")),
	}
}

func consentDraft(f *page.Form) people.ConsentDraft {
	d := people.ConsentDraft{
		On: f.Text("given_on"), GivenBy: people.Giver(f.Text("given_by")), GiverName: f.Text("giver"),
		Channel: people.Channel(f.Text("channel")),
	}
	for _, to := range f.Ticks("consent") {
		d.Purposes = append(d.Purposes, people.Purpose(to))
	}
	return d
}

func (p *Pages) edit(w http.ResponseWriter, r *page.Request) error {
	have, err := p.People.Get(r.Context(), r.Who, r.In.ID, r.PathValue("person"))
	if err != nil {
		return err
	}
	f := page.NewForm().Set("name", have.Name).Set("area", have.Area).Set("household", have.HouseholdCode).Set("age", string(have.Age))
	for _, lang := range have.Langs {
		f.Raw.Add("langs", string(lang))
	}
	if !have.MetOn.IsZero() {
		f.Set("met_on", have.MetOn.String())
	}
	return p.showEdit(w, r, http.StatusOK, f)
}

func (p *Pages) showEdit(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	v, err := p.form(r, "peoplepage.edit.title", f)
	if err != nil {
		return err
	}
	v.Person = r.PathValue("person")
	return page.Render(w, r, status, editView(v))
}

func (p *Pages) save(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, err = p.People.Edit(r.Context(), r.Who, r.In.ID, r.PathValue("person"), draft(f))
	if refused(f, err) {
		return p.showEdit(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("people", r.PathValue("person")), "peoplepage.edit.done")
}

// spoken are the languages that the form offers: those of our pages, and some
// that many neighbours of ours speak. Any other that somebody has stays.
var spoken = []string{"en", "es", "ar", "fr", "ht", "pt", "ru", "so", "vi", "zh"}

func langOptions(b page.Base, have []string) (all []page.Option) {
	codes := slices.Clone(spoken)
	for _, code := range have {
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	for _, code := range codes {
		all = append(all, page.Option{Value: code, Label: b.Language(i18n.Lang(code))})
	}
	return all
}

func ageOptions(b page.Base) (all []page.Option) {
	for _, age := range people.Ages() {
		all = append(all, page.Option{Value: string(age), Label: b.T("people.age." + string(age))})
	}
	return all
}

func purposeOptions(b page.Base) (all []page.Option) {
	for _, to := range people.Purposes() {
		all = append(all, page.Option{Value: string(to), Label: b.T("people.purpose." + string(to))})
	}
	return all
}

func giverOptions(b page.Base) []page.Option {
	return []page.Option{
		{Value: string(people.Self), Label: b.T("people.giver.self")},
		{Value: string(people.Parent), Label: b.T("people.giver.parent")},
	}
}

func channelOptions(b page.Base) (all []page.Option) {
	for _, c := range people.Channels() {
		all = append(all, page.Option{Value: string(c), Label: b.T("people.channel." + string(c))})
	}
	return all
}

func kindOptions(b page.Base) (all []page.Option) {
	for _, k := range people.ContactKinds() {
		all = append(all, page.Option{Value: string(k), Label: b.T(k.Key())})
	}
	return all
}
