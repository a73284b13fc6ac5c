package accountweb

import (
	"encoding/json"
	"net/http"
	"net/url"

	"commonweal/internal/account"
	"commonweal/internal/fault"
	"commonweal/internal/web/page"
)

type signInPage struct {
	page.Base
	Form    *page.Form
	Passkey *page.Form // nil where passkeys can't work
	Demo    bool
}

func (p *Pages) signIn(w http.ResponseWriter, r *page.Request) error {
	next := account.LocalPath(r.URL.Query().Get("next"))
	return p.showSignIn(w, r, http.StatusOK, page.NewForm().Set("next", next), page.NewForm().Set("next", next))
}

func (p *Pages) showSignIn(w http.ResponseWriter, r *page.Request, status int, mail, passkey *page.Form) error {
	v := signInPage{Base: r.Base("account.signin.title"), Form: mail, Demo: p.Door != nil}
	if p.Accounts.PasskeysWork() {
		v.Passkey = passkey
	}
	return page.Render(w, r, status, signInView(v))
}

func (p *Pages) askLink(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	err = p.Accounts.AskLink(r.Context(), f.Text("email"), r.Lang, f.Text("next"))
	if f.Refused(err) {
		return p.showSignIn(w, r, http.StatusUnprocessableEntity, f, page.NewForm().Set("next", account.LocalPath(f.Text("next"))))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/sign-in/sent", "")
}

type sentPage struct{ page.Base }

// sent is the same whoever asked: it knows nothing of the address.
func (p *Pages) sent(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusOK, sentView(sentPage{r.Base("account.sent.title")}))
}

type linkPage struct {
	page.Base
	Form    *page.Form
	Token   string
	Address string // masked; "" when the account has none
}

func (p *Pages) link(w http.ResponseWriter, r *page.Request) error {
	token := r.PathValue("token")
	address, err := p.Accounts.Look(r.Context(), token)
	if err != nil {
		return gone(w, r, err, "account.gone.signin", "/sign-in")
	}
	f := page.NewForm().Set("next", account.LocalPath(r.URL.Query().Get("next")))
	return page.Render(w, r, http.StatusOK, linkView(linkPage{r.Base("account.enter.title"), f, token, address}))
}

func (p *Pages) enter(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	session, err := p.Accounts.Enter(r.Context(), r.Who, r.PathValue("token"), device(r.UserAgent()))
	if err != nil {
		return gone(w, r, err, "account.gone.signin", "/sign-in")
	}
	return p.welcome(w, r, session, f.Text("next"))
}

// welcome gives the browser its new session and sends it on.
func (p *Pages) welcome(w http.ResponseWriter, r *page.Request, session, next string) error {
	page.SetSession(w, r, session)
	to, err := p.home(r.Context(), session, account.LocalPath(next))
	if err != nil {
		return err
	}
	return page.Redirect(w, r, to, "account.enter.done")
}

func (p *Pages) signOut(w http.ResponseWriter, r *page.Request) error {
	if r.Who.IsSignedIn() {
		if err := p.Accounts.SignOut(r.Context(), r.Who); err != nil {
			return err
		}
	}
	page.ClearSession(w, r)
	return page.Redirect(w, r, "/sign-in", "account.out.done")
}

func (p *Pages) passkeyAsk(w http.ResponseWriter, r *page.Request) error {
	ask, err := p.Accounts.BeginLogin(r.Context())
	if err != nil {
		return err
	}
	return put(w, ask)
}

func (p *Pages) passkeyEnter(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	session, err := p.Accounts.FinishLogin(r.Context(), r.Who, f.Text("token"), device(r.UserAgent()), []byte(f.Text("answer")))
	if f.Refused(err) {
		next := account.LocalPath(f.Text("next"))
		mail := page.NewForm().Set("next", next)
		mail.Faults = f.Faults
		return p.showSignIn(w, r, http.StatusUnprocessableEntity, mail, page.NewForm().Set("next", next))
	}
	if err != nil {
		return err
	}
	return p.welcome(w, r, session, f.Text("next"))
}

// put answers the passkey module with a question for the browser.
func put(w http.ResponseWriter, ask account.Question) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(struct {
		Token   string          `json:"token"`
		Options json.RawMessage `json:"options"`
	}{ask.Token, ask.Options})
}

// again sends somebody to show who they are and back, when that was too long
// ago for what they want. Other errors stay what they are.
func again(w http.ResponseWriter, r *page.Request, err error, next string) error {
	if !fault.Is(err, fault.Forbidden) {
		return err
	}
	return page.Redirect(w, r, signInTo(next), "account.proof.old")
}

// signInTo is the sign-in page that leads on to next.
func signInTo(next string) string { return "/sign-in?next=" + url.QueryEscape(next) }
