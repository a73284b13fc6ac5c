package orgweb

import (
	"net/http"

	"commonweal/internal/organization"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
)

// sitesAtOnce is how many places stand on one page.
const sitesAtOnce = 60

type sitesPage struct {
	page.Base
	areas
	Sites  []organization.Site
	Venues []place.Area
	More   string
}

// sites are the places where people meet and where organizations are found.
func (p *Pages) sites(w http.ResponseWriter, r *page.Request) error {
	after := r.URL.Query().Get(askAfter)
	v := sitesPage{Base: r.Base("orgs.sites.title")}
	var err error
	if v.areas, err = p.areas(r.Context(), r.In.ID); err != nil {
		return err
	}
	if v.Sites, err = p.Organizations.Sites(r.Context(), r.In.ID, after, sitesAtOnce+1); err != nil {
		return err
	}
	if len(v.Sites) > sitesAtOnce {
		v.Sites = v.Sites[:sitesAtOnce]
		v.More = r.Path("sites") + "?" + askAfter + "=" + v.Sites[sitesAtOnce-1].ID
	}
	for _, a := range v.areas.All {
		if a.Kind == place.Venue && after == "" {
			v.Venues = append(v.Venues, a)
		}
	}
	return page.Render(w, r, http.StatusOK, sitesView(v))
}
