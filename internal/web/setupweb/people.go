package setupweb

import (
	"net/http"

	"commonweal/chart"
	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/upkeep"
	"commonweal/internal/web/page"
)

type holdersPage struct {
	page.Base
	Form    *page.Form
	Holders []upkeep.Holder
	Asked   bool // somebody was looked for
	Found   people.Listing
}

// someFound is how many people a search shows; more asks for more of a name.
const someFound = 20

func (p *Pages) holders(w http.ResponseWriter, r *page.Request) error {
	v := holdersPage{Base: base(r, "setup.people.title"), Form: page.NewForm()}
	var err error
	if v.Holders, err = p.Upkeep.Holders(r.Context(), r.Who, r.In.ID); err != nil {
		return err
	}
	if q := r.URL.Query().Get("q"); q != "" {
		v.Asked = true
		v.Form.Set("q", q)
		if v.Found, err = p.People.List(r.Context(), r.Who, r.In.ID, people.Filter{Text: q, Limit: someFound}); err != nil {
			return err
		}
	}
	return page.Render(w, r, http.StatusOK, holdersView(v))
}

type holderPage struct {
	page.Base
	Form   *page.Form
	Holder upkeep.Holder
}

func (p *Pages) holder(w http.ResponseWriter, r *page.Request) error {
	return p.showHolder(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showHolder(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	h, err := p.Upkeep.Holder(r.Context(), r.Who, r.In.ID, r.PathValue("person"))
	if err != nil {
		return err
	}
	if f.Text("kind") == "" {
		f.Set("kind", string(firstKind(h)))
	}
	return page.Render(w, r, status, holderView(holderPage{base(r, "setup.people.title").Titled(h.Name), f, h}))
}

// firstKind is what an invitation offers first: what somebody is already.
func firstKind(h upkeep.Holder) access.Kind {
	if len(h.Kinds) > 0 {
		return h.Kinds[0]
	}
	return access.Member
}

// membership is what a form is about, of a person who is there.
func (p *Pages) membership(r *page.Request, f *page.Form) (access.Membership, error) {
	h, err := p.Upkeep.Holder(r.Context(), r.Who, r.In.ID, r.PathValue("person"))
	return access.Membership{Initiative: r.In.ID, Person: h.Person, Kind: access.Kind(f.Text("kind"))}, err
}

func (p *Pages) give(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	m, err := p.membership(r, f)
	if err != nil {
		return err
	}
	err = p.Permissions.Give(r.Context(), r.Who, m)
	if refused(f, err) {
		return p.showHolder(w, r, http.StatusUnprocessableEntity, whole(f))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("setup", "people", m.Person), "setup.people.given")
}

func (p *Pages) remove(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	m, err := p.membership(r, f)
	if err != nil {
		return err
	}
	err = p.Permissions.Remove(r.Context(), r.Who, m)
	if refused(f, err) {
		return p.showHolder(w, r, http.StatusUnprocessableEntity, whole(f))
	}
	if err != nil {
		return err
	}
	to := r.Path("setup", "people", m.Person)
	if m.Kind == access.Steward && m.Person == r.Who.Person(r.In.ID) {
		to = r.Path() // these rooms are closed to them now
	}
	return page.Redirect(w, r, to, "setup.people.removed")
}

// whole makes the faults of a form's fields faults of the form: the buttons on
// the page have no fields to lead to.
func whole(f *page.Form) *page.Form {
	for i := range f.Faults {
		f.Faults[i].Name = ""
	}
	f.Raw.Del("kind")
	return f
}

type invitedPage struct {
	page.Base
	Keys      account.Invited
	Link      string
	Picture   chart.Code
	HasQR     bool
	Back      page.Crumb
	CodePlace string // where the code is typed
}

func (p *Pages) invite(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	h, err := p.Upkeep.Holder(r.Context(), r.Who, r.In.ID, r.PathValue("person"))
	if err != nil {
		return err
	}
	keys, err := p.People.Invite(r.Context(), r.Who, r.In.ID, h.Person, access.Kind(f.Text("kind")))
	if refused(f, err) {
		for i := range f.Faults {
			if f.Faults[i].Name != "kind" {
				f.Faults[i].Name = ""
			}
		}
		return p.showHolder(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return showInvited(w, r, keys, h.Name, page.Crumb{Text: h.Name, Href: r.Path("setup", "people", h.Person)})
}

// showInvited shows the keys of an invitation, this once: only their hashes
// are kept.
func showInvited(w http.ResponseWriter, r *page.Request, keys account.Invited, name string, back page.Crumb) error {
	v := invitedPage{Base: base(r, "setup.invited.title"), Keys: keys, Link: r.Site.Base + keys.Path, Back: back, CodePlace: r.Site.Base + "/claim"}
	if name != "" {
		v.Base = v.Titled(v.T("setup.invited.of", i18n.Args{"name": name}))
	}
	picture, err := chart.QR(v.Link)
	v.Picture, v.HasQR = picture, err == nil
	return page.Render(w, r, http.StatusOK, invitedView(v))
}

func (p *Pages) release(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	h, err := p.Upkeep.Holder(r.Context(), r.Who, r.In.ID, r.PathValue("person"))
	if err != nil {
		return err
	}
	if !h.HasAccount {
		return fault.ErrNotFound
	}
	back := r.Path("setup", "people", h.Person)
	if !f.Ticked(sure, yes) {
		return page.Render(w, r, http.StatusOK, sureView(surePage{
			Base: base(r, "setup.people.release"), Form: f, What: h.Name,
			Lead: "setup.people.releasing", Button: "setup.people.releaseyes",
			To: back + "/release", BackTo: back, BackTitle: "setup.people.title",
		}))
	}
	if err := p.Accounts.Release(r.Context(), r.Who, r.In.ID, h.Person); err != nil {
		return err
	}
	if h.Person == r.Who.Person(r.In.ID) {
		return page.Redirect(w, r, r.Path(), "setup.people.released")
	}
	return page.Redirect(w, r, back, "setup.people.released")
}
