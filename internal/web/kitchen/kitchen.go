// Package kitchen puts every component on a few pages, in the ways that pages
// use them, for tests and for pictures. No server serves it.
package kitchen

import (
	"net/http"

	"commonweal/chart"
	"commonweal/internal/access"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

// Routes are the pages of the kitchen.
func Routes() []page.Route {
	const in = "/i/{initiative}"
	return []page.Route{
		{Pattern: "GET " + in, Need: access.Anyone, Public: true, Handle: show(home), Example: "/i/riverside"},
		{Pattern: "GET " + in + "/gifts", Need: access.Anyone, Public: true, Handle: show(parts), Example: "/i/riverside/gifts"},
		{Pattern: "GET " + in + "/organizations", Need: access.Anyone, Public: true, Handle: show(parts), Example: "/i/riverside/organizations"},
		{Pattern: "GET " + in + "/share", Need: access.Anyone, Exit: true, Handle: show(share), Example: "/i/riverside/share"},
		{Pattern: "POST " + in + "/share", Need: access.Anyone, Exit: true, Handle: send},
		{Pattern: "GET " + in + "/talk", Need: access.Converse, Private: true, Handle: show(talk), Example: "/i/riverside/talk"},
		{Pattern: "GET " + in + "/rooms", Need: access.Belong, Private: true, Handle: show(home), Example: "/i/riverside/rooms"},
		{Pattern: "GET " + in + "/me", Need: access.Belong, Private: true, Handle: show(home), Example: "/i/riverside/me"},
		{Pattern: "GET " + in + "/day", Need: access.Converse, Private: true, Handle: show(work), Example: "/i/riverside/day"},
		{Pattern: "GET " + in + "/setup", Need: access.Steer, Private: true, Handle: show(work), Example: "/i/riverside/setup"},
		{Pattern: "GET " + in + "/sheet", Need: access.Anyone, Handle: show(sheet), Example: "/i/riverside/sheet"},
		{Pattern: "GET " + in + "/broken", Need: access.Anyone, Handle: broken, Example: "/i/riverside/broken"},
		{Pattern: "GET " + in + "/busy", Need: access.Anyone, Handle: busy, Example: "/i/riverside/busy"},
	}
}

// kitchen is what every page of the kitchen shows.
type kitchen struct {
	page.Base
	Words words
	Form  *page.Form
	Code  chart.Code
}

type view func(kitchen) component

func show(v view) page.Handler {
	return func(w http.ResponseWriter, r *page.Request) error {
		k, err := stock(r, page.NewForm())
		if err != nil {
			return err
		}
		return page.Render(w, r, http.StatusOK, v(k))
	}
}

func stock(r *page.Request, f *page.Form) (kitchen, error) {
	code, err := chart.QR(r.Site.Base + r.Path("share"))
	said := spoken[r.Lang]
	return kitchen{Base: r.Base("nav.home").Titled(said.Title), Words: said, Form: f, Code: code}, err
}

// send refuses everything that isn't complete, and keeps what was typed.
func send(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	var wrong fault.Form
	wrong.Check(f.Text("consent") != "", "consent", "error.invalid")
	wrong.Check(f.Text("need") != "", "need", "error.invalid")
	if err := wrong.Err(); err != nil && f.Refused(err) {
		k, err := stock(r, f)
		if err != nil {
			return err
		}
		return page.Render(w, r, http.StatusUnprocessableEntity, share(k))
	}
	return page.Redirect(w, r, r.Path("share"), "form.summary", i18n.Args{"n": 3})
}

func broken(http.ResponseWriter, *page.Request) error {
	panic("a handler that breaks, for the test of what happens then")
}

func busy(http.ResponseWriter, *page.Request) error {
	return fault.New(fault.Busy, "error.busy")
}

// table is a table with a heading of each kind.
func table(k kitchen) page.Table {
	t := page.Table{Caption: k.Words.Barriers, Columns: []page.Column{{Text: k.Words.Barriers}, {Text: k.Words.Who}, {Text: k.Words.Count, Number: true}, {Text: k.Words.Sure}}}
	for i, b := range k.Words.Barrier {
		t.Rows = append(t.Rows, []page.Cell{
			{Text: b[0], Href: k.Path("gifts")},
			{Text: b[1]},
			{Text: k.Number(1250 * (i + 1))},
			{Text: b[2], Status: []page.Status{page.Done, page.Partly, page.Late}[i]},
		})
	}
	return t
}
