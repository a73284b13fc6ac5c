package peopleweb

import (
	"net/http"

	"commonweal/chart"
	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/fault"
	"commonweal/internal/web/page"
)

type movePage struct {
	page.Base
	Name       string // the person's, or the household's code
	To         string // where the form goes
	Back       string
	Form       *page.Form
	Connectors []page.Option
}

func (p *Pages) moving(w http.ResponseWriter, r *page.Request) error {
	return p.showMove(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showMove(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	have, err := p.People.Get(r.Context(), r.Who, r.In.ID, r.PathValue("person"))
	if err != nil {
		return err
	}
	v := movePage{Base: base(r, "peoplepage.move.title"), Name: have.Name, Form: f, Back: r.Path("people", have.ID), To: r.Path("people", have.ID, "move")}
	if v.Connectors, err = p.connectors(r.Context(), r); err != nil {
		return err
	}
	return page.Render(w, r, status, moveView(v))
}

// move passes a person to another connector. Who isn't a steward doesn't see
// them from then on.
func (p *Pages) move(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("person")
	err = p.People.Move(r.Context(), r.Who, r.In.ID, id, f.Text("connector"))
	if refused(f, err) {
		return p.showMove(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	if !isSteward(r) {
		return page.Redirect(w, r, r.Path("people"), "peoplepage.move.done")
	}
	return page.Redirect(w, r, r.Path("people", id), "peoplepage.move.done")
}

type invitePage struct {
	about
	Steward bool
	Keys    account.Invited // zero until somebody was invited
	Picture chart.Code
}

func (p *Pages) inviting(w http.ResponseWriter, r *page.Request) error {
	return p.showInvite(w, r, http.StatusOK, page.NewForm().Set("kind", string(access.Member)))
}

func (p *Pages) showInvite(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	v, err := p.about(r, "peoplepage.invite.title", f)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, inviteView(invitePage{about: v, Steward: isSteward(r)}))
}

// invite shows a link and a code once. They are rendered and not redirected
// to, so that they stand in no address.
func (p *Pages) invite(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	keys, err := p.People.Invite(r.Context(), r.Who, r.In.ID, r.PathValue("person"), access.Kind(f.Text("kind")))
	if refused(f, err) {
		for i := range f.Faults {
			if f.Faults[i].Name != "kind" || !isSteward(r) {
				f.Faults[i].Name = "" // this form asks for nothing else
			}
		}
		return p.showInvite(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	v, err := p.about(r, "peoplepage.invited.title", f)
	if err != nil {
		return err
	}
	keys.Path = r.Site.Base + keys.Path
	code, err := chart.QR(keys.Path)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, invitedView(invitePage{about: v, Keys: keys, Picture: code}))
}

func membershipOptions() (all []page.Option) {
	for _, kind := range []access.Kind{access.Member, access.Connector, access.Steward, access.Partner, access.Funder} {
		all = append(all, page.Option{Value: string(kind), Key: "access.kind." + string(kind)})
	}
	return all
}

func (p *Pages) erasing(w http.ResponseWriter, r *page.Request) error {
	return p.showErase(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showErase(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	v, err := p.about(r, "peoplepage.erase.title", f)
	if err != nil {
		return err
	}
	v.Base = v.Titled(v.T("peoplepage.erase.heading", map[string]any{"name": v.Name}))
	return page.Render(w, r, status, eraseView(v))
}

// erase leaves nothing of a person but the counts, once somebody has said that
// they mean it.
func (p *Pages) erase(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if !f.Ticked("sure", "yes") {
		f.Faults = []fault.Field{{Name: "sure", Message: fault.Message{Key: "peoplepage.erase.unsure"}}}
		return p.showErase(w, r, http.StatusUnprocessableEntity, f)
	}
	err = p.People.Erase(r.Context(), r.Who, r.In.ID, r.PathValue("person"))
	if refused(f, err) {
		return p.showErase(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("people"), "peoplepage.erase.done")
}
