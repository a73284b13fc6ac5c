package orgweb

import (
	"net/http"
	"slices"

	"commonweal/internal/fault"
	"commonweal/internal/organization"
	"commonweal/internal/web/page"
)

type offerPage struct {
	page.Base
	organization.Record
	Form  *page.Form
	Offer string // id; "" for a new one
}

func (p *Pages) newOffer(w http.ResponseWriter, r *page.Request) error {
	have, err := p.own(r)
	if err != nil {
		return err
	}
	f := page.NewForm().Set("lang", string(r.Lang))
	if have.Kind == organization.Institution {
		f.Set("kind", string(organization.Function))
	}
	return showOffer(w, r, http.StatusOK, have, f, "")
}

func showOffer(w http.ResponseWriter, r *page.Request, code int, have organization.Record, f *page.Form, id string) error {
	key := "orgs.offer.title"
	switch {
	case id != "":
		key = "orgs.offer.edit"
	case have.Kind == organization.Institution:
		key = "orgs.offer.functiontitle"
	}
	return page.Render(w, r, code, offerView(offerPage{base(r, key), have, f, id}))
}

func offerDraft(f *page.Form) organization.OfferDraft {
	return organization.OfferDraft{Kind: organization.OfferKind(f.Text("kind")), Text: f.Text("text"), Lang: f.Text("lang")}
}

// addOffer adds one thing; or adds it and asks for the next.
func (p *Pages) addOffer(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, err := p.own(r)
	if err != nil {
		return err
	}
	_, err = p.Organizations.AddOffer(r.Context(), r.Who, r.In.ID, have.ID, offerDraft(f))
	if refused(f, err) {
		return showOffer(w, r, http.StatusUnprocessableEntity, have, f, "")
	}
	if err != nil {
		return err
	}
	to := r.Path("organizations", have.ID)
	if f.Ticked("then", "again") {
		to = r.Path("organizations", have.ID, "offers")
	}
	return page.Redirect(w, r, to, "orgs.offer.saved")
}

func (p *Pages) offer(w http.ResponseWriter, r *page.Request) error {
	have, one, err := p.ownOffer(r)
	if err != nil {
		return err
	}
	f := page.NewForm().Set("kind", string(one.Kind)).Set("text", one.Text).Set("lang", string(one.Lang))
	return showOffer(w, r, http.StatusOK, have, f, one.ID)
}

func (p *Pages) ownOffer(r *page.Request) (have organization.Record, one organization.Offer, err error) {
	if have, err = p.own(r); err != nil {
		return have, one, err
	}
	id := r.PathValue("offer")
	i := slices.IndexFunc(have.Offers, func(o organization.Offer) bool { return o.ID == id })
	if i < 0 {
		return have, one, fault.ErrNotFound
	}
	return have, have.Offers[i], nil
}

// saveOffer puts it into other words, or takes it away.
func (p *Pages) saveOffer(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, one, err := p.ownOffer(r)
	if err != nil {
		return err
	}
	to := r.Path("organizations", have.ID)
	if f.Ticked("then", remove) {
		if err := p.Organizations.RemoveOffer(r.Context(), r.Who, r.In.ID, have.ID, one.ID); err != nil {
			return err
		}
		return page.Redirect(w, r, to, "orgs.offer.removed")
	}
	err = p.Organizations.EditOffer(r.Context(), r.Who, r.In.ID, have.ID, one.ID, offerDraft(f))
	if refused(f, err) {
		return showOffer(w, r, http.StatusUnprocessableEntity, have, f, one.ID)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, to, "orgs.offer.changed")
}

// remove is the button that takes something away.
const remove = "remove"

// kinds are what can be said: an institution supports others, an association
// brings what it has.
func (v offerPage) kinds() (all []page.Option) {
	kinds := organization.OfferKinds()
	if v.Kind == organization.Institution {
		kinds = []organization.OfferKind{organization.Function, organization.Room, organization.Reach}
	}
	for _, k := range kinds {
		if k != organization.Function || v.Kind == organization.Institution {
			all = append(all, page.Option{Value: string(k), Key: "orgs.offer.kind." + string(k)})
		}
	}
	if had := v.Form.Text("kind"); had != "" && !slices.ContainsFunc(all, func(o page.Option) bool { return o.Value == had }) && organization.OfferKind(had).Known() {
		all = append(all, page.Option{Value: had, Key: "orgs.offer.kind." + had})
	}
	return all
}

func (v offerPage) lead() string {
	if v.Kind == organization.Institution {
		return "orgs.offer.functionlead"
	}
	return "orgs.offer.lead"
}
