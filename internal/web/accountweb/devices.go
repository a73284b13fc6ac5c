package accountweb

import (
	"net/http"
	"slices"

	"commonweal/internal/account"
	"commonweal/internal/fault"
	"commonweal/internal/web/page"
)

type devicesPage struct {
	page.Base
	Sessions []account.Session
	Passkeys []account.Passkey
	Address  string
	Proved   bool       // they have just shown who they are
	Email    *page.Form // to change the address
	Passkey  *page.Form // to add a passkey; nil where passkeys can't work
}

// Forms say what is wrong with them above the page.
func (v devicesPage) wrong() *page.Form {
	if v.Passkey != nil && len(v.Passkey.Faults) > 0 {
		return v.Passkey
	}
	return v.Email
}

func (p *Pages) devices(w http.ResponseWriter, r *page.Request) error {
	return p.showDevices(w, r, http.StatusOK, page.NewForm(), page.NewForm())
}

func (p *Pages) showDevices(w http.ResponseWriter, r *page.Request, status int, email, passkey *page.Form) error {
	ctx, v := r.Context(), devicesPage{Base: r.Base("account.devices.title"), Email: email}
	var err error
	if v.Sessions, err = p.Accounts.Sessions(ctx, r.Who); err != nil {
		return err
	}
	if v.Passkeys, err = p.Accounts.Passkeys(ctx, r.Who); err != nil {
		return err
	}
	emails, err := p.Accounts.Emails(ctx, r.Who)
	if err != nil {
		return err
	}
	if len(emails) > 0 {
		v.Address = emails[0].Address
	}
	if v.Proved, err = p.Accounts.IsProved(ctx, r.Who); err != nil {
		return err
	}
	if p.Accounts.PasskeysWork() {
		v.Passkey = passkey
		if passkey.Text("name") == "" && len(passkey.Faults) == 0 {
			passkey.Set("name", device(r.UserAgent()))
		}
	}
	return page.Render(w, r, status, devicesView(v))
}

func (p *Pages) endDevice(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := p.Accounts.End(r.Context(), r.Who, f.Text("device")); err != nil {
		return err
	}
	return page.Redirect(w, r, "/devices", "account.devices.ended")
}

func (p *Pages) endAll(w http.ResponseWriter, r *page.Request) error {
	if err := p.Accounts.EndAll(r.Context(), r.Who); err != nil {
		return err
	}
	page.ClearSession(w, r)
	return page.Redirect(w, r, "/sign-in", "account.devices.endedall")
}

type devicePage struct {
	page.Base
	Form    *page.Form
	Session account.Session
}

func (p *Pages) device(w http.ResponseWriter, r *page.Request) error {
	session, err := p.session(r)
	if err != nil {
		return err
	}
	return p.showDevice(w, r, http.StatusOK, session, page.NewForm().Set("name", session.Device))
}

func (p *Pages) showDevice(w http.ResponseWriter, r *page.Request, status int, session account.Session, f *page.Form) error {
	return page.Render(w, r, status, deviceView(devicePage{r.Base("account.device.title"), f, session}))
}

func (p *Pages) nameDevice(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	session, err := p.session(r)
	if err != nil {
		return err
	}
	err = p.Accounts.Call(r.Context(), r.Who, session.ID, f.Text("name"))
	if f.Refused(err) {
		return p.showDevice(w, r, http.StatusUnprocessableEntity, session, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/devices", "account.devices.named")
}

// session is the one that the path names, among one's own.
func (p *Pages) session(r *page.Request) (account.Session, error) {
	all, err := p.Accounts.Sessions(r.Context(), r.Who)
	if err != nil {
		return account.Session{}, err
	}
	i := slices.IndexFunc(all, func(s account.Session) bool { return s.ID == r.PathValue("device") })
	if i < 0 {
		return account.Session{}, fault.ErrNotFound
	}
	return all[i], nil
}

func (p *Pages) askEmail(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	err = p.Accounts.AskEmail(r.Context(), r.Who, f.Text("email"), r.Lang)
	if f.Refused(err) {
		return p.showDevices(w, r, http.StatusUnprocessableEntity, f, page.NewForm())
	}
	if err != nil {
		return again(w, r, err, "/devices")
	}
	return page.Redirect(w, r, "/devices", "account.devices.asked")
}

type emailPage struct {
	page.Base
	Form    *page.Form
	Token   string
	Address string
}

func (p *Pages) email(w http.ResponseWriter, r *page.Request) error {
	return p.showEmail(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showEmail(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	token := r.PathValue("token")
	address, err := p.Accounts.LookEmail(r.Context(), token)
	if err != nil {
		return gone(w, r, err, "account.gone.email", "/devices")
	}
	return page.Render(w, r, status, emailView(emailPage{r.Base("account.confirm.title"), f, token, address}))
}

func (p *Pages) confirmEmail(w http.ResponseWriter, r *page.Request) error {
	err := p.Accounts.ConfirmEmail(r.Context(), r.PathValue("token"))
	if fault.Is(err, fault.Conflict) {
		f := page.NewForm()
		f.Faults = []fault.Field{{Message: fault.Message{Key: "account.email.taken"}}}
		return p.showEmail(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return gone(w, r, err, "account.gone.email", "/devices")
	}
	to := "/sign-in"
	if r.Who.IsSignedIn() {
		to = "/devices"
	}
	return page.Redirect(w, r, to, "account.confirm.done")
}
