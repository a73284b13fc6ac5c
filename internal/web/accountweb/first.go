package accountweb

import (
	"net/http"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/web/page"
)

type firstPage struct {
	page.Base
	Form  *page.Form
	Token string
}

func (p *Pages) first(w http.ResponseWriter, r *page.Request) error {
	token := r.PathValue("token")
	if err := p.Accounts.LookFirst(r.Context(), token); err != nil {
		return gone(w, r, err, "account.gone.first", "")
	}
	return page.Render(w, r, http.StatusOK, firstView(firstPage{r.Base("account.first.title"), page.NewForm(), token}))
}

func (p *Pages) begin(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	token := r.PathValue("token")
	session, err := p.Accounts.Begin(r.Context(), token, f.Text("email"), r.Lang, device(r.UserAgent()))
	if f.Refused(err) {
		return page.Render(w, r, http.StatusUnprocessableEntity, firstView(firstPage{r.Base("account.first.title"), f, token}))
	}
	if err != nil {
		return gone(w, r, err, "account.gone.first", "")
	}
	page.SetSession(w, r, session)
	return page.Redirect(w, r, "/first", "account.first.done")
}

type foundPage struct {
	page.Base
	Form  *page.Form
	Langs []page.Option
}

// found is the form of the first initiative. It is there only while there is
// none.
func (p *Pages) found(w http.ResponseWriter, r *page.Request) error {
	empty, err := p.Initiatives.IsEmpty(r.Context())
	if err != nil {
		return err
	}
	if !empty {
		return fault.ErrNotFound
	}
	return showFound(w, r, http.StatusOK, page.NewForm().Set("langs", string(r.Lang)))
}

func showFound(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	v := foundPage{Base: r.Base("account.found.title"), Form: f, Langs: page.LangOptions(i18n.Langs())}
	return page.Render(w, r, status, foundView(v))
}

func (p *Pages) founded(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	made, err := p.Initiatives.CreateFirst(r.Context(), r.Who, initiative.Draft{
		Name: f.Text("name"), Slug: f.Text("slug"), Purpose: f.Text("purpose"),
		Steward: f.Text("steward"), Place: f.Text("place"),
		Zone: f.Text("zone"), Langs: f.Ticks("langs"), HelpPhone: f.Text("help_phone"), Emergency: f.Text("emergency"),
	})
	if refused(f, err) {
		return showFound(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/i/"+made.Slug, "account.found.done")
}
