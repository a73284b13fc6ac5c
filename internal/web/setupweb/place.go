package setupweb

import (
	"net/http"
	"slices"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
)

type placesPage struct {
	page.Base
	Areas []place.Area
}

func (p *Pages) places(w http.ResponseWriter, r *page.Request) error {
	areas, err := p.Places.List(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, placesView(placesPage{base(r, "setup.places.title"), areas}))
}

type areaPage struct {
	page.Base
	Form  *page.Form
	Areas []place.Area
	Area  place.Area // zero for a new one
}

func (p *Pages) newArea(w http.ResponseWriter, r *page.Request) error {
	return p.showArea(w, r, http.StatusOK, page.NewForm().Set("parent", r.URL.Query().Get("parent")), "")
}

// showArea shows the form of an area, or of a new one.
func (p *Pages) showArea(w http.ResponseWriter, r *page.Request, status int, f *page.Form, id string) error {
	areas, err := p.Places.List(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	v := areaPage{Base: base(r, "setup.places.new"), Form: f, Areas: areas}
	if id != "" {
		if v.Area, err = find(areas, id); err != nil {
			return err
		}
		v.Base = v.Titled(v.Area.Name)
	}
	return page.Render(w, r, status, areaView(v))
}

func find(areas []place.Area, id string) (place.Area, error) {
	i := slices.IndexFunc(areas, func(a place.Area) bool { return a.ID == id })
	if i < 0 {
		return place.Area{}, fault.ErrNotFound
	}
	return areas[i], nil
}

func (p *Pages) area(w http.ResponseWriter, r *page.Request) error {
	areas, err := p.Places.List(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	a, err := find(areas, r.PathValue("area"))
	if err != nil {
		return err
	}
	d := place.DraftOf(a)
	f := page.NewForm().Set("name", d.Name).Set("parent", d.Parent).Set("kind", string(d.Kind)).
		Set("homes", d.Homes).Set("homes_source", d.HomesSource).Set("homes_on", d.HomesOn)
	v := areaPage{base(r, "setup.places.new").Titled(a.Name), f, areas, a}
	return page.Render(w, r, http.StatusOK, areaView(v))
}

func readArea(f *page.Form) place.Draft {
	return place.Draft{
		Name: f.Text("name"), Parent: f.Text("parent"), Kind: place.Kind(f.Text("kind")),
		Homes: f.Text("homes"), HomesSource: f.Text("homes_source"), HomesOn: f.Text("homes_on"),
		Boundary: []byte(f.Text("boundary")), DropBoundary: f.Ticked("drop", yes),
	}
}

func (p *Pages) addArea(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, err = p.Places.Create(r.Context(), r.Who, r.In.ID, readArea(f))
	if refused(f, err) {
		return p.showArea(w, r, http.StatusUnprocessableEntity, f, "")
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("setup", "places"), "setup.saved")
}

func (p *Pages) saveArea(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("area")
	_, err = p.Places.Edit(r.Context(), r.Who, r.In.ID, id, readArea(f))
	if refused(f, err) {
		return p.showArea(w, r, http.StatusUnprocessableEntity, f, id)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("setup", "places"), "setup.saved")
}

// parentOptions are the places that a place can lie in: all but itself, what
// is inside it, and where people only meet.
func parentOptions(v areaPage) []page.Option {
	all := []page.Option{{Label: v.T("place.parent.top")}}
	var inside []string
	if v.Area.ID != "" {
		inside = place.Within(v.Areas, v.Area.ID)
	}
	for _, branch := range place.Tree(v.Areas) {
		if branch.Kind != place.Venue && !slices.Contains(inside, branch.ID) {
			all = append(all, page.Option{Value: branch.ID, Label: branch.Name})
		}
	}
	return all
}

func kindOptions(b page.Base) (all []page.Option) {
	for _, k := range place.Kinds() {
		all = append(all, page.Option{Value: string(k), Label: b.T("place.kind." + string(k))})
	}
	return all
}

// homes says how many homes an area has, and who says so.
func homes(b page.Base, a place.Area) string {
	if !a.Homes.Counted {
		return b.T("place.homes.uncounted")
	}
	return b.T("setup.places.homes", i18n.Args{"n": a.Homes.Count, "source": a.Homes.Source, "day": b.Day(a.Homes.On.Time)})
}

// parents are the names of what each area lies in, by its id.
func parents(areas []place.Area) map[string]string {
	names := make(map[string]string, len(areas))
	for _, a := range areas {
		names[a.ID] = a.Name
	}
	return names
}
