package accountweb

import (
	"errors"
	"net/http"
	"slices"

	"commonweal/internal/account"
	"commonweal/internal/fault"
	"commonweal/internal/web/page"
)

func (p *Pages) addPasskeyAsk(w http.ResponseWriter, r *page.Request) error {
	ask, err := p.Accounts.BeginRegister(r.Context(), r.Who)
	if err != nil {
		return err // the module shows the page again, which says to sign in first
	}
	return put(w, ask)
}

func (p *Pages) addPasskey(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	err = p.Accounts.FinishRegister(r.Context(), r.Who, f.Text("token"), f.Text("name"), []byte(f.Text("answer")))
	if refused(f, err) {
		delete(f.Raw, "answer") // the question is spent
		return p.showDevices(w, r, http.StatusUnprocessableEntity, page.NewForm(), f)
	}
	if err != nil {
		return again(w, r, err, "/devices")
	}
	return page.Redirect(w, r, "/devices", "account.devices.added")
}

// refused also takes a Conflict for something that the form can say.
func refused(f *page.Form, err error) bool {
	if f.Refused(err) {
		return true
	}
	why, ok := errors.AsType[*fault.Error](err)
	if !ok || why.Kind != fault.Conflict {
		return false
	}
	f.Faults = []fault.Field{{Message: why.Message}}
	return true
}

type passkeyPage struct {
	page.Base
	Form   *page.Form
	Key    account.Passkey
	Proved bool
}

func (p *Pages) passkey(w http.ResponseWriter, r *page.Request) error {
	key, err := p.key(r)
	if err != nil {
		return err
	}
	return p.showPasskey(w, r, http.StatusOK, key, page.NewForm().Set("name", key.Name))
}

func (p *Pages) showPasskey(w http.ResponseWriter, r *page.Request, status int, key account.Passkey, f *page.Form) error {
	proved, err := p.Accounts.IsProved(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, passkeyView(passkeyPage{r.Base("account.key.title"), f, key, proved}))
}

func (p *Pages) namePasskey(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	key, err := p.key(r)
	if err != nil {
		return err
	}
	err = p.Accounts.RenamePasskey(r.Context(), r.Who, key.ID, f.Text("name"))
	if f.Refused(err) {
		return p.showPasskey(w, r, http.StatusUnprocessableEntity, key, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/devices", "account.devices.named")
}

func (p *Pages) removePasskey(w http.ResponseWriter, r *page.Request) error {
	key, err := p.key(r)
	if err != nil {
		return err
	}
	f := page.NewForm().Set("name", key.Name)
	err = p.Accounts.RemovePasskey(r.Context(), r.Who, key.ID)
	if refused(f, err) {
		return p.showPasskey(w, r, http.StatusUnprocessableEntity, key, f)
	}
	if err != nil {
		return again(w, r, err, "/devices")
	}
	return page.Redirect(w, r, "/devices", "account.devices.removed")
}

// key is the passkey that the path names, among one's own.
func (p *Pages) key(r *page.Request) (account.Passkey, error) {
	all, err := p.Accounts.Passkeys(r.Context(), r.Who)
	if err != nil {
		return account.Passkey{}, err
	}
	i := slices.IndexFunc(all, func(k account.Passkey) bool { return k.ID == r.PathValue("key") })
	if i < 0 {
		return account.Passkey{}, fault.ErrNotFound
	}
	return all[i], nil
}
