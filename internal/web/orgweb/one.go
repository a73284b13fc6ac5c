package orgweb

import (
	"net/http"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/web/page"
)

type onePage struct {
	page.Base
	organization.Record
	Form  *page.Form
	Areas map[string]string // names of areas
	Now   time.Time
	Today time.Time
	Knows bool // may see who speaks for it
}

func (p *Pages) one(w http.ResponseWriter, r *page.Request) error {
	return p.showOne(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showOne(w http.ResponseWriter, r *page.Request, code int, f *page.Form) error {
	o, err := p.Organizations.Get(r.Context(), r.Who, r.In.ID, r.PathValue("organization"))
	if err != nil {
		return err
	}
	areas, err := p.areas(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, code, oneView(onePage{
		Base: r.Base("orgs.tab").Titled(o.Name), Record: o, Form: f, Areas: areas.Names,
		Now: r.Site.Now(), Today: today(r), Knows: o.MayEdit || r.Who.May(r.In.ID, access.Converse),
	}))
}

// offersOf parts what an organization can bring by kind, in the order of the
// form.
func (v onePage) offersOf(k organization.OfferKind) (all []organization.Offer) {
	for _, o := range v.Offers {
		if o.Kind == k {
			all = append(all, o)
		}
	}
	return all
}

// reachable says whether there is a public way to reach it.
func (v onePage) reachable() bool { return len(v.Phones) > 0 || v.Email != "" || v.Website != "" }

// said is when it was last looked over.
func (v onePage) said() time.Time { return v.CheckedOn().Time }

// checked says when everybody can take it to have been true.
func (v onePage) checked() string {
	key := "orgs.page.checked"
	if !v.StillTrue {
		key = "orgs.page.checkedlong"
	}
	return v.T(key, i18n.Args{"day": v.Day(v.said())})
}

// addKey is what the button says that adds something it can bring.
func (v onePage) addKey() string {
	if v.Kind == organization.Institution {
		return "orgs.own.functions"
	}
	return "orgs.own.offers"
}

// bringsKey is the title of what it can bring.
func (v onePage) bringsKey() string {
	if v.Kind == organization.Institution {
		return "orgs.page.functions"
	}
	return "orgs.page.brings"
}
