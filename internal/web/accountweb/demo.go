package accountweb

import (
	"net/http"

	"commonweal/internal/web/page"
)

type facesPage struct {
	page.Base
	All []Face
}

// faces are the invented people whom one can look around as.
func (p *Pages) faces(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Faces(r.Context())
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, facesView(facesPage{r.Base("account.demo.title"), all}))
}

func (p *Pages) signInAs(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	session, err := p.Door.SignInAs(r.Context(), r.Who, f.Text("account"), device(r.UserAgent()))
	if err != nil {
		return err
	}
	return p.welcome(w, r, session, "/")
}
