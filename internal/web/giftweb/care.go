package giftweb

import (
	"net/http"

	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/web/page"
)

// carePage is a list of gifts that want looking after.
type carePage struct {
	page.Base
	What string // begins the keys of its sentences
	Back string // where it stands
	Says []string
	All  []gift.Held // those that somebody can look after in one evening
	More bool        // others move up when these are done
}

// evening is how many gifts a list holds at a time.
const evening = 15

// newCare cuts a list to what can be looked after at once.
func newCare(b page.Base, what, back string, all []gift.Held, says ...string) carePage {
	n := min(evening, len(all))
	return carePage{Base: b, What: what, Back: back, Says: says, All: all[:n], More: len(all) > n}
}

// What can be said of a gift.
const (
	asked = "asked"
	used  = "used"
	holds = "holds"
	gone  = "gone"
)

func (p *Pages) unasked(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Gifts.NeverAsked(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, careView(
		newCare(r.Base("gifts.unasked.title"), "gifts.unasked", r.Path("gifts", "unasked"), all, asked, used, gone)))
}

func (p *Pages) review(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Gifts.ToReview(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, careView(
		newCare(r.Base("gifts.review.title"), "gifts.review", r.Path("gifts", "review"), all, holds, gone)))
}

// noted writes down what became of one gift, and leads back to where the button
// stood.
func (p *Pages) noted(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	says, id := f.Text("says"), f.Text("gift")
	switch says {
	case asked:
		err = p.Gifts.Asked(r.Context(), r.Who, r.In.ID, id)
	case used:
		err = p.Gifts.Used(r.Context(), r.Who, r.In.ID, id)
	case holds, gone:
		err = p.Gifts.Confirm(r.Context(), r.Who, r.In.ID, id, says == holds)
	default:
		err = fault.ErrNotFound
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, page.Local(f.Text("back"), r.Path("gifts", "unasked")), "gifts.noted."+says)
}
