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
	All  []gift.Held
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
	return page.Render(w, r, http.StatusOK, careView(carePage{
		Base: r.Base("gifts.unasked.title"), What: "gifts.unasked", Back: r.Path("gifts", "unasked"),
		Says: []string{asked, used, gone}, All: all,
	}))
}

func (p *Pages) review(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Gifts.ToReview(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, careView(carePage{
		Base: r.Base("gifts.review.title"), What: "gifts.review", Back: r.Path("gifts", "review"),
		Says: []string{holds, gone}, All: all,
	}))
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
