package connectorweb

import (
	"net/http"

	"commonweal/internal/conversation"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

type referralPage struct {
	page.Base
	conversation.Referral
	Form *page.Form
}

// referral asks what somebody said whose name another neighbour gave.
func (p *Pages) referral(w http.ResponseWriter, r *page.Request) error {
	return p.showReferral(w, r, http.StatusOK, nil)
}

func (p *Pages) showReferral(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	one, err := p.Conversations.Referral(r.Context(), r.Who, r.In.ID, r.PathValue("referral"))
	if err != nil {
		return err
	}
	if f == nil {
		f = page.NewForm().Set(conversation.FieldName, one.Name).Set(conversation.FieldChannel, string(people.Doorstep))
	}
	v := referralPage{Base: r.Base("day.else.title").Neutral("day.tab"), Referral: one, Form: f}
	v.Base = v.Titled(v.T("day.else.heading", i18n.Args{"name": one.Name}))
	return page.Render(w, r, status, referralView(v))
}

// saidYes writes that neighbour down, as somebody whom the connector knows.
func (p *Pages) saidYes(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	made, err := p.Conversations.SaidYes(r.Context(), r.Who, r.In.ID, r.PathValue("referral"), conversation.Yes{
		Name: f.Text(conversation.FieldName), Channel: people.Channel(f.Text(conversation.FieldChannel)),
		MayAsk: f.Ticked(conversation.FieldNext, "yes"),
	})
	if f.Refused(err) {
		return p.showReferral(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("people", made.ID), "day.else.kept")
}

// forget drops the reminder.
func (p *Pages) forget(w http.ResponseWriter, r *page.Request) error {
	if err := p.Conversations.ForgetReferral(r.Context(), r.Who, r.In.ID, r.PathValue("referral")); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("day"), "day.else.forgotten")
}

func channelOptions(b page.Base) (all []page.Option) {
	for _, c := range people.Channels() {
		all = append(all, page.Option{Value: string(c), Label: b.T("people.channel." + string(c))})
	}
	return all
}
