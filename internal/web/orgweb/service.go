package orgweb

import (
	"net/http"
	"slices"

	"commonweal/internal/fault"
	"commonweal/internal/organization"
	"commonweal/internal/web/page"
)

type servicePage struct {
	page.Base
	organization.Record
	Form    *page.Form
	Service string // id; "" for a new one
}

func (p *Pages) newService(w http.ResponseWriter, r *page.Request) error {
	have, err := p.own(r)
	if err != nil {
		return err
	}
	f := page.NewForm().Set("lang", string(r.Lang)).Set("status", string(organization.Active))
	for _, one := range have.Places {
		f.Raw.Add("places", one.ID)
	}
	return showService(w, r, http.StatusOK, have, f, "")
}

func showService(w http.ResponseWriter, r *page.Request, code int, have organization.Record, f *page.Form, id string) error {
	key := "orgs.service.new"
	if id != "" {
		key = "orgs.service.edit"
	}
	return page.Render(w, r, code, serviceForm(servicePage{base(r, key), have, f, id}))
}

func serviceDraft(f *page.Form) organization.ServiceDraft {
	return organization.ServiceDraft{
		Name: f.Text("name"), About: f.Text("about"), Lang: f.Text("lang"),
		Status: organization.ServiceStatus(f.Text("status")), Eligibility: f.Text("eligibility"), Fees: f.Text("fees"),
		Apply: f.Text("apply"), Email: f.Text("email"), URL: f.Text("url"), Phone: f.Text("phone"),
		Langs: f.Ticks("langs"), Places: f.Ticks("places"),
	}
}

func (p *Pages) addService(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, err := p.own(r)
	if err != nil {
		return err
	}
	_, err = p.Organizations.AddService(r.Context(), r.Who, r.In.ID, have.ID, serviceDraft(f))
	if refused(f, err) {
		return showService(w, r, http.StatusUnprocessableEntity, have, f, "")
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("organizations", have.ID), "orgs.service.saved")
}

func (p *Pages) editService(w http.ResponseWriter, r *page.Request) error {
	have, one, err := p.ownService(r)
	if err != nil {
		return err
	}
	d := organization.ServiceDraftOf(one)
	f := page.NewForm().Set("name", d.Name).Set("about", d.About).Set("lang", d.Lang).Set("status", string(d.Status)).
		Set("eligibility", d.Eligibility).Set("fees", d.Fees).Set("apply", d.Apply).Set("email", d.Email).Set("url", d.URL).
		Set("phone", d.Phone).Set("langs", d.Langs...).Set("places", d.Places...)
	return showService(w, r, http.StatusOK, have, f, one.ID)
}

func (p *Pages) ownService(r *page.Request) (have organization.Record, one organization.Entry, err error) {
	if have, err = p.own(r); err != nil {
		return have, one, err
	}
	id := r.PathValue("service")
	i := slices.IndexFunc(have.Services, func(e organization.Entry) bool { return e.ID == id })
	if i < 0 {
		return have, one, fault.ErrNotFound
	}
	return have, have.Services[i], nil
}

// saveService changes a service, or takes it away.
func (p *Pages) saveService(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, one, err := p.ownService(r)
	if err != nil {
		return err
	}
	to := r.Path("organizations", have.ID)
	if f.Ticked("then", remove) {
		if err := p.Organizations.RemoveService(r.Context(), r.Who, r.In.ID, one.ID); err != nil {
			return err
		}
		return page.Redirect(w, r, to, "orgs.service.removed")
	}
	_, err = p.Organizations.EditService(r.Context(), r.Who, r.In.ID, one.ID, serviceDraft(f))
	if refused(f, err) {
		return showService(w, r, http.StatusUnprocessableEntity, have, f, one.ID)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, to, "orgs.service.changed")
}

// statuses are whether it is running, in words.
func (v servicePage) statuses() (all []page.Option) {
	for _, s := range organization.ServiceStatuses() {
		all = append(all, page.Option{Value: string(s), Label: v.T(statusKey(s))})
	}
	return all
}

func statusKey(s organization.ServiceStatus) string {
	if s == organization.Closed {
		return "orgs.service.status.closed"
	}
	return "orgs.service.status." + string(s)
}

// placeOptions are the places of the organization, and those where the service
// is given already.
func (v servicePage) placeOptions() (all []page.Option) {
	for _, one := range v.Places {
		all = append(all, page.Option{Value: one.ID, Label: one.Name})
	}
	return all
}

func (v servicePage) to() string {
	if v.Service == "" {
		return v.Path("organizations", v.ID, "services")
	}
	return v.Path("organizations", v.ID, "services", v.Service)
}
