package orgweb

import (
	"net/http"

	"commonweal/internal/conversation"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

type callsPage struct {
	page.Base
	ID, Name string // of the organization
	Calls    []conversation.Call
}

// calls are the people who want to be called by an organization's services, for
// those who speak for it. What they need stands nowhere here.
func (p *Pages) calls(w http.ResponseWriter, r *page.Request) error {
	have, err := p.own(r)
	if err != nil {
		return err
	}
	all, err := p.Conversations.Calls(r.Context(), r.Who, r.In.ID, have.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, callsView(callsPage{base(r, "orgs.calls.title"), have.ID, have.Name, all}))
}

// called notes that somebody was called.
func (p *Pages) called(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("organization")
	if err := p.Conversations.Called(r.Context(), r.Who, r.In.ID, id, f.Text("call")); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("organizations", id, "calls"), "orgs.calls.done")
}

// isPhone says whether a contact can be dialled.
func isPhone(c people.Contact) bool { return c.Kind == people.Phone }
