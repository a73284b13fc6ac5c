package orgweb

import (
	"cmp"
	"net/http"

	"commonweal/internal/fault"
	"commonweal/internal/organization"
	"commonweal/internal/web/page"
)

type askedPage struct {
	page.Base
	organization.Organization
	Token string
}

// asked shows which organization asks somebody to speak for it. It changes
// nothing: mail programs open links by themselves.
func (p *Pages) asked(w http.ResponseWriter, r *page.Request) error {
	a, err := p.askedBy(r)
	if fault.Is(err, fault.NotFound) {
		return lost(w, r)
	}
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, askedView(askedPage{base(r, "orgs.asked.title"), a.Organization, r.PathValue("token")}))
}

// takeUp takes their yes. Whoever has no account is led to one.
func (p *Pages) takeUp(w http.ResponseWriter, r *page.Request) error {
	a, err := p.askedBy(r)
	claim := ""
	if err == nil {
		claim, err = p.Organizations.TakeUp(r.Context(), r.PathValue("token"))
	}
	if fault.Is(err, fault.NotFound) {
		return lost(w, r)
	}
	if err != nil {
		return err
	}
	to := r.Path("organizations", a.Organization.ID)
	if !r.Who.IsSignedIn() && !a.Organization.IsShown() { // they see it once they sign in
		to = r.Path("organizations")
	}
	return page.Redirect(w, r, cmp.Or(claim, to), "orgs.asked.done")
}

// askedBy is what a link asks, if it is one of this initiative.
func (p *Pages) askedBy(r *page.Request) (organization.Asked, error) {
	a, err := p.Organizations.LookAsked(r.Context(), r.PathValue("token"))
	if err == nil && a.Initiative != r.In.ID {
		return organization.Asked{}, fault.ErrNotFound
	}
	return a, err
}
