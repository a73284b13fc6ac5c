package mineweb

import (
	"net/http"
	"slices"
	"time"

	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/web/page"
)

type giftPage struct {
	page.Base
	Form *page.Form
	ID   string // "" for a new one
}

// The names of the fields of a gift's form that its draft has no fault for.
const (
	giftField  = "id"
	teachField = "teach"
	learnField = "learn"
)

func (p *Pages) newGift(w http.ResponseWriter, r *page.Request) error {
	return showGift(w, r, http.StatusOK, page.NewForm(), "")
}

func showGift(w http.ResponseWriter, r *page.Request, status int, f *page.Form, id string) error {
	title := "mine.gift.new"
	if id != "" {
		title = "mine.gift.edit"
	}
	return page.Render(w, r, status, giftView(giftPage{r.Base(title), f, id}))
}

func (p *Pages) addGift(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	d := readGift(f)
	d.Lang = r.Lang
	_, err = p.Gifts.Write(r.Context(), r.Who, r.In.ID, self(r), d)
	if refusedGift(f, err) {
		return showGift(w, r, http.StatusUnprocessableEntity, f, "")
	}
	if err != nil {
		return err
	}
	return home(w, r, "mine.gift.added")
}

// editGift shows a gift's words in the form that changes them.
func (p *Pages) editGift(w http.ResponseWriter, r *page.Request, id string) error {
	g, err := p.gift(r, id)
	if err != nil {
		return err
	}
	f := page.NewForm().Set("text", g.Text).Set("kind", string(g.Kind)).
		Set("times", g.Times).Set("reach", g.Reach).Set("langs", g.Langs)
	if g.WouldTeach {
		f.Set(teachField, sureYes)
	}
	if g.WantToLearn {
		f.Set(learnField, sureYes)
	}
	return showGift(w, r, http.StatusOK, f, id)
}

func (p *Pages) changeGift(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := f.Text(giftField)
	if _, err := p.gift(r, id); err != nil {
		return err
	}
	_, err = p.Gifts.Change(r.Context(), r.Who, r.In.ID, id, readGift(f))
	if refusedGift(f, err) {
		return showGift(w, r, http.StatusUnprocessableEntity, f, id)
	}
	if err != nil {
		return err
	}
	return home(w, r, "asks.edit.saved")
}

func (p *Pages) still(w http.ResponseWriter, r *page.Request) error {
	return p.confirmGift(w, r, true, "mine.gift.kept")
}

func (p *Pages) past(w http.ResponseWriter, r *page.Request) error {
	return p.confirmGift(w, r, false, "mine.gift.away")
}

func (p *Pages) confirmGift(w http.ResponseWriter, r *page.Request, holds bool, flash string) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	g, err := p.gift(r, f.Text(giftField))
	if err != nil {
		return err
	}
	if err := p.Gifts.Confirm(r.Context(), r.Who, r.In.ID, g.ID, holds); err != nil {
		return err
	}
	return home(w, r, flash)
}

// gift finds one of the visitor's own. Stewards and connectors may change
// others', but not here.
func (p *Pages) gift(r *page.Request, id string) (gift.Gift, error) {
	all, err := p.Gifts.Mine(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return gift.Gift{}, err
	}
	i := slices.IndexFunc(all, func(g gift.Gift) bool { return g.ID == id })
	if i < 0 {
		return gift.Gift{}, fault.ErrNotFound
	}
	return all[i], nil
}

func readGift(f *page.Form) gift.Draft {
	return gift.Draft{
		Kind: gift.Kind(f.Text("kind")), Text: f.Text("text"),
		Teach: f.Ticked(teachField, sureYes), Learn: f.Ticked(learnField, sureYes),
		Reach: f.Text("reach"), Times: f.Text("times"), Langs: f.Text("langs"),
	}
}

// refusedGift is Refused for a form that doesn't ask for an age: what is wrong
// with it, for somebody under 18, is said of the whole form.
func refusedGift(f *page.Form, err error) bool {
	return f.Refused(err) && named(f, "text", "kind", "times", "reach", "langs")
}

// named makes faults of fields that a form doesn't have faults of the whole
// form. It is true, to be used in a condition.
func named(f *page.Form, names ...string) bool {
	for i := range f.Faults {
		if !slices.Contains(names, f.Faults[i].Name) {
			f.Faults[i].Name = ""
		}
	}
	return true
}

// due says whether it is time to ask whether a gift still holds.
func due(b page.Base, g gift.Gift, now time.Time) bool {
	y, m, d := now.In(b.Zone()).Date()
	return !g.ReviewOn.After(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}
