package setupweb

import (
	"net/http"

	"commonweal/internal/i18n"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
)

// yes is the value of a single tick, and sure the name of the one that says
// that somebody means it.
const (
	yes  = "yes"
	sure = "sure"
)

type happeningsPage struct {
	page.Base
	All   []place.Happening
	Names map[string]string // of areas
}

func (p *Pages) happenings(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Places.Upcoming(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	areas, err := p.Places.List(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, happeningsView(happeningsPage{base(r, "setup.happenings.title"), all, parents(areas)}))
}

type happeningPage struct {
	page.Base
	Form  *page.Form
	Areas []place.Area
	ID    string // "" for a new one
}

func (p *Pages) newHappening(w http.ResponseWriter, r *page.Request) error {
	return p.showHappening(w, r, http.StatusOK, page.NewForm().Set("lang", string(r.Lang)), "")
}

func (p *Pages) showHappening(w http.ResponseWriter, r *page.Request, status int, f *page.Form, id string) error {
	areas, err := p.Places.List(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	title := "setup.happenings.new"
	if id != "" {
		title = "setup.happenings.edit"
	}
	return page.Render(w, r, status, happeningView(happeningPage{base(r, title), f, areas, id}))
}

func (p *Pages) happening(w http.ResponseWriter, r *page.Request) error {
	h, err := p.Places.GetHappening(r.Context(), r.In.ID, r.PathValue("happening"))
	if err != nil {
		return err
	}
	f := page.NewForm().Set("title", h.Title).Set("spot", h.Spot).Set("area", h.Area).
		Set("on", h.On.String()).Set("at", h.At).Set("lang", string(h.Lang))
	return p.showHappening(w, r, http.StatusOK, f, h.ID)
}

func readHappening(f *page.Form) place.HappeningDraft {
	return place.HappeningDraft{
		Title: f.Text("title"), Spot: f.Text("spot"), Area: f.Text("area"),
		On: f.Text("on"), At: f.Text("at"), Lang: f.Text("lang"),
	}
}

func (p *Pages) addHappening(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, err = p.Places.CreateHappening(r.Context(), r.Who, r.In.ID, readHappening(f))
	if refused(f, err) {
		return p.showHappening(w, r, http.StatusUnprocessableEntity, f, "")
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("happenings"), "setup.happenings.announced")
}

func (p *Pages) saveHappening(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("happening")
	_, err = p.Places.EditHappening(r.Context(), r.Who, r.In.ID, id, readHappening(f))
	if refused(f, err) {
		return p.showHappening(w, r, http.StatusUnprocessableEntity, f, id)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("happenings"), "setup.saved")
}

type surePage struct {
	page.Base
	Form         *page.Form
	What         string // what it is about, as data
	Lead, Button string // keys
	To, BackTo   string // paths
	BackTitle    string
	ReadLang     i18n.Lang
}

// removeHappening asks first, and takes the announcement back when it is told
// a second time.
func (p *Pages) removeHappening(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	h, err := p.Places.GetHappening(r.Context(), r.In.ID, r.PathValue("happening"))
	if err != nil {
		return err
	}
	if !f.Ticked(sure, yes) {
		return page.Render(w, r, http.StatusOK, sureView(surePage{
			Base: base(r, "setup.happenings.remove"), Form: f, What: h.Title, ReadLang: h.Lang,
			Lead: "setup.happenings.removing", Button: "setup.happenings.removed",
			To: r.Path("happenings", h.ID, "remove"), BackTo: r.Path("happenings"), BackTitle: "setup.happenings.title",
		}))
	}
	if err := p.Places.RemoveHappening(r.Context(), r.Who, r.In.ID, h.ID); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("happenings"), "setup.happenings.gone")
}

// areaOptions are the places near which something can be.
func areaOptions(b page.Base, areas []place.Area) []page.Option {
	all := []page.Option{{Label: b.T("setup.happenings.area")}}
	for _, branch := range place.Tree(areas) {
		all = append(all, page.Option{Value: branch.ID, Label: branch.Name})
	}
	return all
}

// writtenOptions are the languages of the initiative.
func writtenOptions(b page.Base) []page.Option { return page.LangOptions(b.In().Langs) }

// spot says where something is and when on the day.
func spot(b page.Base, h place.Happening, area string) string {
	args := i18n.Args{"spot": h.Spot, "area": area, "time": h.At}
	if h.At == "" {
		return b.T("setup.happenings.where", args)
	}
	return b.T("setup.happenings.wherewhen", args)
}
