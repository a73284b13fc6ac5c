package accountweb

import (
	"net/http"
	"net/url"

	"commonweal/internal/account"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/web/page"
)

type codePage struct {
	page.Base
	Form *page.Form
}

func (p *Pages) code(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusOK, codeView(codePage{r.Base("account.code.title"), page.NewForm()}))
}

// findCode looks a code up and uses nothing up: the next page says what it is
// for, and asks.
func (p *Pages) findCode(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, err = p.Accounts.LookClaim(r.Context(), f.Text("code"))
	if fault.Is(err, fault.NotFound) {
		f.Faults = []fault.Field{{Name: "code", Message: fault.Message{Key: "link.unknown"}}}
		return page.Render(w, r, http.StatusUnprocessableEntity, codeView(codePage{r.Base("account.code.title"), f}))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/claim/"+url.PathEscape(f.Text("code")), "")
}

type claimPage struct {
	page.Base
	Form  *page.Form
	Token string
	To    initiative.Initiative
	Kind  string // key of what they may do then
}

func (p *Pages) claim(w http.ResponseWriter, r *page.Request) error {
	return p.showClaim(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showClaim(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	token := r.PathValue("token")
	inv, err := p.Accounts.LookClaim(r.Context(), token)
	if err != nil {
		return gone(w, r, err, "account.gone.claim", "/claim")
	}
	to, err := p.Initiatives.Get(r.Context(), inv.Initiative)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, claimView(claimPage{
		Base: r.Base("account.take.title"), Form: f, Token: token, To: to, Kind: "account.take.as." + string(inv.Kind),
	}))
}

func (p *Pages) claimed(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	inv, session, err := p.Accounts.Claim(r.Context(), r.Who, r.PathValue("token"), f.Text("email"), r.Lang, device(r.UserAgent()))
	if refused(f, err) {
		return p.showClaim(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return gone(w, r, err, "account.gone.claim", "/claim")
	}
	if session == "" {
		return p.arrived(w, r, inv, "account.take.done")
	}
	page.SetSession(w, r, session)
	if f.Text("email") != "" {
		return p.arrived(w, r, inv, "account.take.mailed")
	}
	return page.Redirect(w, r, "/devices", "account.take.keep")
}

func (p *Pages) arrived(w http.ResponseWriter, r *page.Request, inv account.Invitation, flash string) error {
	to, err := p.Initiatives.Get(r.Context(), inv.Initiative)
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/i/"+to.Slug, flash)
}
