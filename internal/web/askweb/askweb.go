// Package askweb is how a resident is asked alone, on a phone, without an
// account and without a script: three short pages, then what happens next. What
// they said is theirs to read, change or erase with a code.
package askweb

import (
	"net/http"
	"slices"
	"strconv"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web/asks"
	"commonweal/internal/web/page"
)

// Pages are a resident's own pages about what they said.
type Pages struct {
	Conversations *conversation.Service
	Initiatives   *initiative.Service
	Places        *place.Service
}

// Routes are the rows of the route table.
func (p *Pages) Routes() []page.Route {
	return slices.Concat([]page.Route{
		{Pattern: "GET /i/{initiative}/share", Need: access.Anyone, Exit: true, Handle: p.begin, Example: "/i/riverside/share"},
		{Pattern: "POST /i/{initiative}/share", Need: access.Anyone, Private: true, Handle: p.next},
	}, p.codeRoutes())
}

// The pages of the form, in their order.
const (
	needPage = 1 + iota
	giftPage
	supportPage
	lastPage = supportPage
)

// fields are the names of what each page asks for.
var fields = map[int][]string{
	needPage: append([]string{conversation.FieldConsent}, asks.NeedFields()...),
	giftPage: asks.GiftFields(),
	supportPage: append(asks.SupportFields(),
		conversation.FieldElseName, conversation.FieldElseNote, conversation.FieldName, conversation.FieldContact,
		conversation.FieldArea, conversation.FieldAge, conversation.FieldParent),
}

// others are the names of what the other pages ask for: carried along, unseen,
// so that nothing is stored before the end.
func others(at int) (names []string) {
	for n := needPage; n <= lastPage; n++ {
		if n != at {
			names = append(names, fields[n]...)
		}
	}
	return names
}

// atField says which page was sent, and goField which button was pressed.
const (
	atField = "at"
	goField = "go"
	goBack  = "back"
)

type askPage struct {
	page.Base
	Form  *page.Form
	At    int
	Areas []place.Area
}

// begin shows the first page. Nothing is stored until the last one is sent.
func (p *Pages) begin(w http.ResponseWriter, r *page.Request) error {
	return p.show(w, r, http.StatusOK, page.NewForm(), needPage)
}

func (p *Pages) show(w http.ResponseWriter, r *page.Request, status int, f *page.Form, at int) error {
	v := askPage{Base: r.Base("ask.title." + strconv.Itoa(at)).Neutral("ask.tab"), Form: f, At: at}
	if at == supportPage {
		var err error
		if v.Areas, err = p.Places.List(r.Context(), r.In.ID); err != nil {
			return err
		}
	}
	return page.Render(w, r, status, askView(v))
}

// next takes one page and shows the one after, or keeps everything.
func (p *Pages) next(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	at, readable := f.Number(atField)
	if !readable || at < needPage || at > lastPage {
		at = needPage
	}
	switch {
	case f.Text(goField) == goBack && at > needPage:
		return p.show(w, r, http.StatusOK, f, at-1)
	case at == needPage && f.Text(conversation.FieldConsent) == "":
		f.Faults = []fault.Field{{Name: conversation.FieldConsent, Message: fault.Message{Key: "conversation.consent.missing"}}}
		return p.show(w, r, http.StatusUnprocessableEntity, f, at)
	case at < lastPage:
		return p.show(w, r, http.StatusOK, f, at+1)
	}
	return p.keep(w, r, f)
}

// keep records what was said. What is wrong is shown on the page where it was
// asked, with everything typed kept.
func (p *Pages) keep(w http.ResponseWriter, r *page.Request, f *page.Form) error {
	d := asks.Read(f)
	d.Channel, d.Lang = people.Web, r.Lang
	receipt, err := p.Conversations.Record(r.Context(), r.Who, r.In.ID, f.Key(), d)
	if err != nil {
		if !f.Refused(err) {
			return err
		}
		at := pageOf(f.Faults)
		f.Faults = slices.DeleteFunc(f.Faults, func(wrong fault.Field) bool { return slices.Contains(others(at), wrong.Name) })
		return p.show(w, r, http.StatusUnprocessableEntity, f, at)
	}
	return p.thanks(w, r, receipt, d.Area)
}

// pageOf is the first page that asks for something faulty. Faults of later
// pages are told there, once this one is mended.
func pageOf(faults []fault.Field) int {
	for at := needPage; at <= lastPage; at++ {
		for _, wrong := range faults {
			if slices.Contains(fields[at], wrong.Name) {
				return at
			}
		}
	}
	return lastPage
}

type thanksPage struct {
	page.Base
	Receipt conversation.Receipt
	Near    place.Happening
	HasNear bool
}

// thanks says who reads it, by when somebody answers, and one thing near. It is
// rendered and not redirected to, so that the code stands in no address and in
// no list of pages; loading it again sends the same form, which is kept once.
func (p *Pages) thanks(w http.ResponseWriter, r *page.Request, receipt conversation.Receipt, area string) error {
	near, found, err := p.Places.Near(r.Context(), r.In.ID, area)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, thanksView(thanksPage{
		Base: r.Base("ask.thanks.title").Neutral("ask.tab"), Receipt: receipt, Near: near, HasNear: found,
	}))
}
