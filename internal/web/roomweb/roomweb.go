// Package roomweb is the pages of the rooms where neighbours plan: who sits
// there and as what, what was said, and the opening to institutions.
package roomweb

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/room"
	"commonweal/internal/web/page"
)

// Pages are the rooms' pages.
type Pages struct {
	Rooms   *room.Service
	Example string // a room that is there in the demo
}

// Routes are the rooms' rows of the route table.
func (p *Pages) Routes() []page.Route {
	const list = "/i/{initiative}/rooms"
	const one = list + "/{room}"
	example := "/i/riverside/rooms/" + cmp.Or(p.Example, "none")
	get := func(pattern string, h page.Handler, example string) page.Route {
		return page.Route{Pattern: "GET " + pattern, Need: access.Belong, Private: true, Handle: h, Example: example}
	}
	post := func(pattern string, h page.Handler) page.Route {
		return page.Route{Pattern: "POST " + pattern, Need: access.Belong, Private: true, Handle: h}
	}
	steer := func(r page.Route) page.Route {
		r.Need = access.Steer
		return r
	}
	return []page.Route{
		get(list, p.list, "/i/riverside/rooms"),
		get(list+"/new", p.newRoom, "/i/riverside/rooms/new"),
		post(list+"/new", p.create),
		get(one, p.show, example),
		post(one, p.say),
		get(one+"/sit", p.sitting, example+"/sit"),
		post(one+"/sit", p.sit),
		post(one+"/leave", p.leave),
		post(one+"/entries/{entry}/take-back", p.takeBack),
		steer(get(one+"/open", p.opening, example+"/open")),
		steer(post(one+"/open", p.open)),
		steer(get(one+"/end", p.ending, example+"/end")),
		steer(post(one+"/end", p.end)),
	}
}

// base is a page's, with a tab title that tells nothing.
func base(r *page.Request, title string) page.Base { return r.Base(title).Neutral("rooms.tab") }

type listPage struct {
	page.Base
	Rooms   []room.Room
	MayMake bool
}

func (p *Pages) list(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Rooms.List(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	side, err := p.Rooms.Side(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, listView(listPage{base(r, "rooms.title"), all, side == room.Resident}))
}

// ratio is how many sit in a room, by side.
func ratio(b page.Base, one room.Room) string {
	return b.T("rooms.neighbours", i18n.Args{"n": one.Residents}) + " : " + b.T("rooms.professionals", i18n.Args{"n": one.Professionals})
}

type newPage struct {
	page.Base
	Form  *page.Form
	Langs []page.Option
}

// newRoom is for residents: to a professional it doesn't exist.
func (p *Pages) newRoom(w http.ResponseWriter, r *page.Request) error {
	side, err := p.Rooms.Side(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	if side != room.Resident {
		return fault.ErrNotFound
	}
	return p.showNew(w, r, http.StatusOK, page.NewForm().Set("lang", string(r.Lang)))
}

func (p *Pages) showNew(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	return page.Render(w, r, status, newView(newPage{base(r, "rooms.new.title"), f, page.LangOptions(r.In.Langs)}))
}

func (p *Pages) create(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id, err := p.Rooms.Create(r.Context(), r.Who, r.In.ID, f.Key(), room.Draft{
		Title: f.Text("title"), About: f.Text("about"), Lang: f.Text("lang"),
	})
	if f.Refused(err) {
		return p.showNew(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("rooms", id), "rooms.new.done")
}

type roomPage struct {
	page.Base
	room.Whole
	Form *page.Form
}

func (p *Pages) show(w http.ResponseWriter, r *page.Request) error {
	return p.showRoom(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showRoom(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	whole, err := p.Rooms.Get(r.Context(), r.Who, r.In.ID, r.PathValue("room"), r.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	return page.Render(w, r, status, roomView(roomPage{Base: base(r, "rooms.title").Titled(whole.Title), Whole: whole, Form: f}))
}

func (p *Pages) say(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("room")
	err = p.Rooms.Say(r.Context(), r.Who, r.In.ID, id, f.Key(), f.Text("text"), r.Lang)
	if f.Refused(err) {
		return p.showRoom(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("rooms", id), "rooms.say.done")
}

type sitPage struct {
	page.Base
	room.Whole
	Form  *page.Form
	Whoms []page.Option
}

// sitting asks for whom somebody comes, and what for.
func (p *Pages) sitting(w http.ResponseWriter, r *page.Request) error {
	return p.showSit(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showSit(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	whole, err := p.Rooms.Get(r.Context(), r.Who, r.In.ID, r.PathValue("room"), "")
	if err != nil {
		return err
	}
	v := sitPage{Base: base(r, "rooms.sit.title").Titled(whole.Title), Whole: whole, Form: f}
	if whole.Side == room.Resident {
		v.Whoms = append(v.Whoms, page.Option{Value: "", Key: "rooms.sit.self"})
	}
	for _, one := range whole.Speaks {
		v.Whoms = append(v.Whoms, page.Option{Value: one.ID, Label: one.Name})
	}
	return page.Render(w, r, status, sitView(v))
}

func (p *Pages) sit(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("room")
	err = p.Rooms.Sit(r.Context(), r.Who, r.In.ID, id, room.SitDraft{For: f.Text("for"), Duty: f.Text("duty")})
	if f.Refused(err) {
		return p.showSit(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("rooms", id), "rooms.sit.done")
}

func (p *Pages) leave(w http.ResponseWriter, r *page.Request) error {
	if err := p.Rooms.Leave(r.Context(), r.Who, r.In.ID, r.PathValue("room")); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("rooms"), "rooms.leave.done")
}

func (p *Pages) takeBack(w http.ResponseWriter, r *page.Request) error {
	id := r.PathValue("room")
	if err := p.Rooms.TakeBack(r.Context(), r.Who, r.In.ID, id, r.PathValue("entry")); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("rooms", id), "rooms.back.done")
}

// opening shows what opening means before a steward does it.
func (p *Pages) opening(w http.ResponseWriter, r *page.Request) error {
	return p.showOpen(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showOpen(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	whole, err := p.Rooms.Get(r.Context(), r.Who, r.In.ID, r.PathValue("room"), "")
	if err != nil {
		return err
	}
	return page.Render(w, r, status, openView(roomPage{Base: base(r, "rooms.open.title"), Whole: whole, Form: f}))
}

func (p *Pages) open(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("room")
	err = p.Rooms.Open(r.Context(), r.Who, r.In.ID, id, strings.TrimSpace(f.Text("opening")))
	if why, ok := errors.AsType[*fault.Error](err); ok && why.Kind == fault.Conflict {
		f.Faults = []fault.Field{{Message: why.Message}} // too few sit there: said where it can be mended
		return p.showOpen(w, r, http.StatusUnprocessableEntity, f)
	}
	if f.Refused(err) {
		return p.showOpen(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("rooms", id), "rooms.open.done")
}

func (p *Pages) ending(w http.ResponseWriter, r *page.Request) error {
	whole, err := p.Rooms.Get(r.Context(), r.Who, r.In.ID, r.PathValue("room"), "")
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, endView(roomPage{Base: base(r, "rooms.end.title"), Whole: whole, Form: page.NewForm()}))
}

func (p *Pages) end(w http.ResponseWriter, r *page.Request) error {
	if err := p.Rooms.End(r.Context(), r.Who, r.In.ID, r.PathValue("room")); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("rooms", r.PathValue("room")), "rooms.end.done")
}
