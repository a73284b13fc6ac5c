package giftweb

import (
	"net/http"

	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/web/page"
)

type stillPage struct {
	page.Base
	Form  *page.Form
	Token string
	Gifts []gift.Gift
}

// still shows what somebody offered and asks whether it is still so. It changes
// nothing: mail programs open links by themselves.
func (p *Pages) still(w http.ResponseWriter, r *page.Request) error {
	due, err := p.due(r)
	if fault.Is(err, fault.NotFound) {
		return lost(w, r)
	}
	if err != nil {
		return err
	}
	f := page.NewForm()
	for _, g := range due.Gifts {
		if !g.Hidden() { // what was put away comes back only by their own tick
			f.Raw.Add("gift", g.ID)
		}
	}
	return page.Render(w, r, http.StatusOK, stillView(stillPage{
		Base: r.Base("gifts.still.title"), Form: f, Token: r.PathValue("token"), Gifts: due.Gifts,
	}))
}

// answer takes what they ticked.
func (p *Pages) answer(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if _, err = p.due(r); err == nil {
		err = p.Gifts.StillTrue(r.Context(), r.PathValue("token"), f.Ticks("gift"))
	}
	if fault.Is(err, fault.NotFound) {
		return lost(w, r)
	}
	if err != nil {
		return err
	}
	thanks := "gifts.still.thanks"
	if len(f.Ticks("gift")) == 0 {
		thanks = "gifts.still.away"
	}
	return page.Redirect(w, r, r.Path(), thanks)
}

// due is what a link asks about, if it is one of this initiative.
func (p *Pages) due(r *page.Request) (gift.Reminder, error) {
	due, err := p.Gifts.Due(r.Context(), r.PathValue("token"))
	if err == nil && due.Initiative != r.In.ID {
		return gift.Reminder{}, fault.ErrNotFound
	}
	return due, err
}

// lost says that a link opens nothing, and what to do now.
func lost(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusNotFound, lostView(r.Base("gifts.lost.title")))
}
