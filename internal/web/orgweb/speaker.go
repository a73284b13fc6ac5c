package orgweb

import (
	"net/http"
	"slices"

	"commonweal/chart"
	"commonweal/internal/account"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

type speakersPage struct {
	page.Base
	organization.Record
	Form *page.Form
	Self string // the reader's person
}

// speakers are the people who speak for an organization.
func (p *Pages) speakers(w http.ResponseWriter, r *page.Request) error {
	have, err := p.own(r)
	if err != nil {
		return err
	}
	return showSpeakers(w, r, http.StatusOK, have, page.NewForm().Set("lang", string(r.Lang)))
}

func showSpeakers(w http.ResponseWriter, r *page.Request, code int, have organization.Record, f *page.Form) error {
	return page.Render(w, r, code, speakersView(speakersPage{base(r, "orgs.speakers.title"), have, f, r.Who.Person(r.In.ID)}))
}

// addSpeaker invites one more to speak for it. The code to read out is shown
// once; only its hash is kept.
func (p *Pages) addSpeaker(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, err := p.own(r)
	if err != nil {
		return err
	}
	d := organization.SpokespersonDraft{
		Name: f.Text("name"), Email: f.Text("email"), Lang: f.Text("lang"), Job: f.Text("job"), Asked: people.Channel(f.Text("asked")),
	}
	keys, err := p.Organizations.AddSpokesperson(r.Context(), r.Who, r.In.ID, have.ID, d)
	if refused(f, err) {
		return showSpeakers(w, r, http.StatusUnprocessableEntity, have, f)
	}
	if err != nil {
		return err
	}
	if d.Email != "" || keys.Code == "" {
		return page.Redirect(w, r, r.Path("organizations", have.ID, "speakers"), "orgs.speakers.sent")
	}
	return showKeys(w, r, have, keys)
}

type keysPage struct {
	page.Base
	Keys      account.Invited
	Link      string
	Picture   chart.Code
	HasQR     bool
	Back      page.Crumb
	CodePlace string // where the code is typed
}

func showKeys(w http.ResponseWriter, r *page.Request, have organization.Record, keys account.Invited) error {
	v := keysPage{
		Base: base(r, "setup.invited.title"), Keys: keys, Link: r.Site.Base + keys.Path, CodePlace: r.Site.Base + "/claim",
		Back: page.Crumb{Text: have.Name, Href: r.Path("organizations", have.ID)},
	}
	picture, err := chart.QR(v.Link)
	v.Picture, v.HasQR = picture, err == nil
	return page.Render(w, r, http.StatusOK, keysView(v))
}

// leave ends that somebody speaks for it. The organization goes on.
func (p *Pages) leave(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, err := p.own(r)
	if err != nil {
		return err
	}
	person := f.Text("person")
	err = p.Organizations.Leave(r.Context(), r.Who, r.In.ID, have.ID, person, f.Ticked("handover", yes))
	if refused(f, err) {
		return showSpeakers(w, r, http.StatusUnprocessableEntity, have, f)
	}
	if err != nil {
		return err
	}
	switch {
	case person != r.Who.Person(r.In.ID):
		return page.Redirect(w, r, r.Path("organizations", have.ID, "speakers"), "orgs.speakers.ended")
	case have.MaySteer || have.IsShown():
		return page.Redirect(w, r, r.Path("organizations", have.ID), "orgs.speakers.left")
	}
	return page.Redirect(w, r, r.Path("organizations"), "orgs.speakers.left")
}

// takeOver lets a steward speak for an organization that nobody speaks for.
func (p *Pages) takeOver(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, err := p.own(r)
	if err != nil {
		return err
	}
	err = p.Organizations.TakeOver(r.Context(), r.Who, r.In.ID, have.ID)
	if refused(f, err) {
		return showSpeakers(w, r, http.StatusUnprocessableEntity, have, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("organizations", have.ID, "speakers"), "orgs.speakers.taken")
}

// speaks says whether the reader is among those who speak for it.
func (v speakersPage) speaks() bool {
	return slices.ContainsFunc(v.Spokespersons, func(s organization.Spokesperson) bool { return s.Person == v.Self })
}

// last says whether only one speaks for it.
func (v speakersPage) last() bool {
	n := 0
	for _, one := range v.Spokespersons {
		if !one.Asked {
			n++
		}
	}
	return n == 1
}

// since says from which day on somebody speaks for it.
func (v speakersPage) since(s organization.Spokesperson) string {
	key := "orgs.speakers.since"
	if s.Asked {
		key = "orgs.speakers.askedon"
	}
	return v.T(key, i18n.Args{"day": v.Date(s.Since.Time)})
}

// stop is what the button says that ends it.
func (v speakersPage) stop(s organization.Spokesperson) string {
	if s.Person == v.Self {
		return v.T("orgs.speakers.leave")
	}
	return v.T("orgs.speakers.end", i18n.Args{"name": s.Name})
}
