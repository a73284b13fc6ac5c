package orgweb

import (
	"net/http"
	"slices"
	"strconv"

	"commonweal/internal/fault"
	"commonweal/internal/organization"
	"commonweal/internal/web/page"
)

type placePage struct {
	page.Base
	areas
	Organization organization.Record
	Form         *page.Form
	Place        string // id; "" for a new one
}

func (p *Pages) newPlace(w http.ResponseWriter, r *page.Request) error {
	have, err := p.own(r)
	if err != nil {
		return err
	}
	f := page.NewForm().Set("kind", string(organization.Physical)).Set("area", have.Area)
	return p.showPlace(w, r, http.StatusOK, have, f, "")
}

func (p *Pages) showPlace(w http.ResponseWriter, r *page.Request, code int, have organization.Record, f *page.Form, id string) error {
	areas, err := p.areas(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	key := "orgs.place.new"
	if id != "" {
		key = "orgs.place.edit"
	}
	return page.Render(w, r, code, placeView(placePage{base(r, key), areas, have, f, id}))
}

func placeDraft(f *page.Form) organization.PlaceDraft {
	return organization.PlaceDraft{
		Kind: organization.LocationKind(f.Text("kind")), Name: f.Text("name"), About: f.Text("about"), Area: f.Text("area"),
		Street: f.Text("street"), City: f.Text("city"), Region: f.Text("region"), PostalCode: f.Text("postal_code"),
		Lat: f.Text("lat"), Lon: f.Text("lon"),
	}
}

func (p *Pages) addPlace(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, err := p.own(r)
	if err != nil {
		return err
	}
	_, err = p.Organizations.AddPlace(r.Context(), r.Who, r.In.ID, have.ID, placeDraft(f))
	if refused(f, err) {
		return p.showPlace(w, r, http.StatusUnprocessableEntity, have, f, "")
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("organizations", have.ID), "orgs.place.saved")
}

func (p *Pages) place(w http.ResponseWriter, r *page.Request) error {
	have, one, err := p.ownPlace(r)
	if err != nil {
		return err
	}
	f := page.NewForm().Set("kind", string(one.Kind)).Set("name", one.Name).Set("about", one.About).Set("area", one.Area)
	if len(one.Addresses) > 0 {
		a := one.Addresses[0]
		f.Set("street", a.Street).Set("city", a.City).Set("region", a.Region).Set("postal_code", a.PostalCode)
	}
	if one.Pinned {
		f.Set("lat", degrees(one.Lat)).Set("lon", degrees(one.Lon))
	}
	return p.showPlace(w, r, http.StatusOK, have, f, one.ID)
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }

func (p *Pages) ownPlace(r *page.Request) (have organization.Record, one organization.Place, err error) {
	if have, err = p.own(r); err != nil {
		return have, one, err
	}
	id := r.PathValue("place")
	i := slices.IndexFunc(have.Places, func(l organization.Place) bool { return l.ID == id })
	if i < 0 {
		return have, one, fault.ErrNotFound
	}
	return have, have.Places[i], nil
}

// savePlace changes a place, or takes it away.
func (p *Pages) savePlace(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	have, one, err := p.ownPlace(r)
	if err != nil {
		return err
	}
	to := r.Path("organizations", have.ID)
	if f.Ticked("then", remove) {
		if err := p.Organizations.RemovePlace(r.Context(), r.Who, r.In.ID, have.ID, one.ID); err != nil {
			return err
		}
		return page.Redirect(w, r, to, "orgs.place.removed")
	}
	_, err = p.Organizations.EditPlace(r.Context(), r.Who, r.In.ID, have.ID, one.ID, placeDraft(f))
	if refused(f, err) {
		return p.showPlace(w, r, http.StatusUnprocessableEntity, have, f, one.ID)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, to, "orgs.place.changed")
}

func (v placePage) kinds() (all []page.Option) {
	for _, k := range []organization.LocationKind{organization.Physical, organization.Postal, organization.Virtual} {
		all = append(all, page.Option{Value: string(k), Label: v.T("orgs.place.kind." + string(k))})
	}
	return all
}

func (v placePage) to() string {
	if v.Place == "" {
		return v.Path("organizations", v.Organization.ID, "places")
	}
	return v.Path("organizations", v.Organization.ID, "places", v.Place)
}
