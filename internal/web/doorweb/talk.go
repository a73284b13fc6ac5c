package doorweb

import (
	"net/http"

	"commonweal/internal/conversation"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web/asks"
	"commonweal/internal/web/page"
)

// withField carries the household that the talk began from.
const withField = "with"

type talkPage struct {
	page.Base
	Form  *page.Form
	Areas []place.Area
	With  with
	By    string
	Today string
}

// with is whom the talk is with, when a page about them led here. The zero with
// is anybody: then the page holds nobody's name, and a phone may keep it.
type with struct {
	Person, Name string
	Household    string // id
	Code         string // the connector's own name for it, "" for another's household
	Members      []people.Card
}

// talk shows the form, about somebody when the address says so.
func (p *Pages) talk(w http.ResponseWriter, r *page.Request) error {
	q := r.URL.Query()
	known, err := p.known(r, q.Get("person"), q.Get("household"))
	if err != nil {
		return err
	}
	f := blank(r).Set(conversation.FieldPerson, known.Person).Set(conversation.FieldHousehold, known.Code)
	return p.show(w, r, http.StatusOK, f, known)
}

// form is the page that a phone keeps for where there is no signal: nobody's
// name is in it. It is kept in each language, so it takes one here.
func (p *Pages) form(w http.ResponseWriter, r *page.Request) error {
	if lang := i18n.Lang(r.URL.Query().Get("in")); i18n.Known(lang) {
		r.Lang = lang
	}
	r.Back = r.Path("talk") // where a phone without signal shows it
	return p.show(w, r, http.StatusOK, blank(r), with{})
}

func blank(r *page.Request) *page.Form {
	return page.NewForm().
		Set(conversation.FieldHeldOn, today(r)).
		Set(conversation.FieldLang, string(r.Lang)).
		Set(conversation.FieldChannel, string(people.Doorstep)).
		Set(conversation.FieldAge, string(people.NotAsked))
}

// known reads whom the talk is with. Looking is noted, as on their own page.
func (p *Pages) known(r *page.Request, person, household string) (with, error) {
	if household != "" {
		h, err := p.People.GetHousehold(r.Context(), r.Who, r.In.ID, household)
		if err != nil {
			return with{}, err
		}
		k := with{Household: household, Members: h.Members}
		if h.Connector == r.Who.Person(r.In.ID) {
			k.Code = h.Code
		}
		return k, nil
	}
	if person == "" {
		return with{}, nil
	}
	known, err := p.People.Get(r.Context(), r.Who, r.In.ID, person)
	return with{Person: person, Name: known.Name}, err
}

func (p *Pages) show(w http.ResponseWriter, r *page.Request, status int, f *page.Form, known with) error {
	areas, err := p.Places.List(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, talkView(talkPage{Base: r.Base("door.title"), Form: f, Areas: areas, With: known, By: mark(r), Today: today(r)}))
}

// save keeps a conversation that came as a plain form. The page after it is
// rendered and not redirected to, so that the code stands in no address;
// loading it again sends the same form, which is kept once.
func (p *Pages) save(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := checkWriter(r, f); err != nil {
		return err
	}
	receipt, err := p.Conversations.Record(r.Context(), r.Who, r.In.ID, f.Key(), asks.Read(f))
	if err != nil {
		if !f.Refused(err) {
			return err
		}
		known, err := p.known(r, f.Text(conversation.FieldPerson), f.Text(withField))
		if err != nil {
			return err
		}
		return p.show(w, r, http.StatusUnprocessableEntity, f, known)
	}
	if receipt.ID == "" {
		return page.Redirect(w, r, r.Path("talk"), "door.saved.talk")
	}
	return page.Render(w, r, http.StatusOK, savedView(savedPage{r.Base("door.saved.title"), receipt}))
}

type savedPage struct {
	page.Base
	Receipt conversation.Receipt
}

// says is who reads a conversation, and by when somebody answers.
func says(b page.Base, receipt conversation.Receipt) string {
	switch {
	case receipt.ID == "":
		return b.T("door.saved.talk")
	case receipt.Reader == "":
		return b.T("door.saved.stewards", i18n.Args{"day": b.Day(receipt.AnswerBy.Time)})
	}
	return b.T("door.saved.reader", i18n.Args{"name": receipt.Reader, "day": b.Day(receipt.AnswerBy.Time)})
}
