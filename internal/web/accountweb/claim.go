package accountweb

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/organization"
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
	Does  string // what they may do then
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
	v := claimPage{Base: r.Base("account.take.title"), Form: f, Token: token, To: to}
	if v.Does, err = p.does(r, v.Base, inv); err != nil {
		return err
	}
	return page.Render(w, r, status, claimView(v))
}

// does says what somebody may do once they took up an invitation. Whoever is to
// speak for an organization reads its name: it is what they were asked about.
func (p *Pages) does(r *page.Request, b page.Base, inv account.Invitation) (string, error) {
	if inv.Kind == access.Partner && p.SpeaksFor != nil {
		names, err := p.SpeaksFor(r.Context(), inv.Initiative, inv.Person)
		if err != nil || len(names) > 0 {
			return b.T("account.take.speaks", i18n.Args{"names": strings.Join(names, " · ")}), err
		}
	}
	return b.T("account.take.as." + string(inv.Kind)), nil
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
	flash := "account.take.done"
	if session != "" {
		page.SetSession(w, r, session)
		flash = "account.take.keep"
		if f.Text("email") != "" {
			flash = "account.take.mailed"
		}
	}
	return p.arrived(w, r, inv, cmp.Or(session, page.SessionToken(r)), flash)
}

// arrived leads whoever took up an invitation to where they begin: to the page
// of the organization they speak for now, to where they can make sure of coming
// back, or to the first page.
func (p *Pages) arrived(w http.ResponseWriter, r *page.Request, inv account.Invitation, session, flash string) error {
	to, err := p.Initiatives.Get(r.Context(), inv.Initiative)
	if err != nil {
		return err
	}
	who, err := p.Accounts.Actor(r.Context(), session)
	if err != nil {
		return err
	}
	speaks := slices.DeleteFunc(slices.Clone(who.Grants), func(g access.Grant) bool {
		return g.Initiative != inv.Initiative || g.Right != organization.Speaks
	})
	switch {
	case inv.Kind == access.Partner && len(speaks) == 1:
		if flash == "account.take.keep" {
			flash = "account.take.page"
		}
		return page.Redirect(w, r, "/i/"+to.Slug+"/organizations/"+speaks[0].Object, flash)
	case flash == "account.take.keep":
		return page.Redirect(w, r, "/devices", flash)
	}
	return page.Redirect(w, r, "/i/"+to.Slug, flash)
}
