package connectorweb_test

import (
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/notice"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web"
	"commonweal/internal/web/connectorweb"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// house is an initiative with a steward, two connectors, a member and a block,
// and a site with the connector's pages.
type house struct {
	*testing.T
	db      *db.DB
	now     *clock.Fake
	talks   *conversation.Service
	gifts   *gift.Service
	notices *notice.Service
	places  *place.Service
	people  *people.Service
	site    *webtest.Site
	in      initiative.Initiative
	block   string

	sue, carl, cora, mia access.Actor // a steward, two connectors, a member
}

func open(t *testing.T) *house {
	t.Helper()
	now := dbtest.Clock()
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	ids, log := db.NewIDs(now.Now, nil), slog.New(slog.DiscardHandler)
	h := &house{T: t, db: d, now: now}
	h.gifts = &gift.Service{DB: d, Now: now.Now}
	h.talks = &conversation.Service{DB: d, IDs: ids, Now: now.Now, Log: log, Gifts: h.gifts, BaseURL: webtest.Origin}
	h.talks.Organizations = &organization.Service{DB: d, IDs: ids, Now: now.Now, Log: log}
	h.notices = &notice.Service{DB: d, Now: now.Now, Log: log, BaseURL: webtest.Origin}
	h.places = &place.Service{DB: d, IDs: ids, Now: now.Now}
	h.people = &people.Service{DB: d, Now: now.Now}
	initiatives := &initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}
	operator := access.Actor{Account: "account-sue", Operator: true}
	h.tx(func(q db.Querier) error {
		return db.Exec(t.Context(), q, `insert into account (id, lang, operator, created_at) values ('account-sue', 'en', true, $1)`, db.At(now.Now()))
	})
	made, err := initiatives.CreateFirst(t.Context(), operator, initiative.Draft{
		Name: "Riverside Reads", Slug: "riverside", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue", Emergency: "911",
	})
	h.must(err)
	h.in = made.Initiative
	h.sue = h.actor(made.Steward, access.Steward)
	h.carl = h.actor(h.person("Carl", ""), access.Connector)
	h.cora = h.actor(h.person("Cora", ""), access.Connector)
	h.mia = h.actor(h.person("Mia", ""), access.Member)
	for _, who := range []access.Actor{h.carl, h.cora} { // so that they read what is theirs
		h.tx(func(q db.Querier) error { return access.Give(t.Context(), q, who.Memberships[0], "") })
	}
	area, err := h.places.Create(t.Context(), h.sue, h.in.ID, place.Draft{
		Name: "Mill Row", Kind: place.Block, Homes: "40", HomesSource: "census 2020", HomesOn: "2025-05-04",
	})
	h.must(err)
	h.block = area.ID
	pages := &connectorweb.Pages{Conversations: h.talks, Gifts: h.gifts, Notices: h.notices}
	h.site = webtest.New(t, webtest.Site{
		Config: web.Config{Routes: pages.Routes(), Now: now.Now},
		In: []page.In{
			{
				ID: h.in.ID, Slug: "riverside", Name: h.in.Name, Langs: h.in.Langs, Zone: h.in.Zone,
				HelpPhone: "555-0100", Emergency: "911", AnswerDays: h.in.AnswerDays,
			},
			{ID: "elsewhere", Slug: "elsewhere", Name: "Elsewhere", Langs: i18n.Langs()},
		},
	})
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	h.must(h.db.Tx(h.Context(), fn))
}

func (h *house) actor(person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: h.in.ID, Person: person, Kind: k}}}
}

// person writes somebody down whom a connector knows, and who may be asked.
func (h *house) person(name, connector string) string {
	h.Helper()
	var p people.Person
	h.tx(func(q db.Querier) (err error) {
		p, err = people.Add(h.Context(), q, h.in.ID, people.New{
			Person: people.Person{Name: name, Connector: connector, Langs: []i18n.Lang{}},
			Consents: []people.Consent{
				{Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Doorstep},
				{Purpose: people.BeAsked, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Doorstep},
			},
		})
		return err
	})
	return p.ID
}

// neighbour is somebody with a gift, whom a connector knows.
func (h *house) neighbour(of access.Actor, name, text string) (person, offered string) {
	h.Helper()
	person = h.person(name, of.Person(h.in.ID))
	g, err := h.gifts.Write(h.Context(), of, h.in.ID, person, gift.Draft{Kind: gift.Skill, Text: text, Lang: i18n.English})
	h.must(err)
	return person, g.ID
}

// rosa is a full conversation at Rosa's door, in Spanish.
func rosa() conversation.Draft {
	return conversation.Draft{
		Consent: conversation.WithName, Channel: people.Doorstep, Lang: i18n.Spanish, Name: "Rosa", Household: "blue door",
		Need: "Libros para mi hija", Delivery: "Por la tarde", Urgent: true,
		Gifts:    []conversation.GiftDraft{{Kind: gift.Skill, Text: "coser ropa", Teach: true}},
		Supports: []conversation.SupportKind{conversation.Childcare, conversation.Place},
		Advice:   "Abrir la biblioteca los sábados", AdviceTo: "La biblioteca", Care: "Que los niños lean",
		NextHelp: true, NextDo: true, ElseName: "Don Luis", ElseNote: "vive enfrente",
	}
}

// talk records a conversation of somebody's and gives its id.
func (h *house) talk(who access.Actor, d conversation.Draft) string {
	h.Helper()
	if d.Area == "" {
		d.Area = h.block
	}
	r, err := h.talks.Record(h.Context(), who, h.in.ID, "conversation with "+d.Name+" about "+d.Need, d)
	h.must(err)
	return r.ID
}

// told is a conversation as its reader sees it.
func (h *house) told(who access.Actor, id string) conversation.Told {
	h.Helper()
	t, err := h.talks.Open(h.Context(), who, h.in.ID, id)
	h.must(err)
	return t
}

// browser is somebody's browser, in a language; every page that it sees has to
// be sound.
type browser struct {
	*webtest.Browser
	h    *house
	lang i18n.Lang
}

func (h *house) as(who access.Actor, lang i18n.Lang) *browser {
	h.Helper()
	b := h.site.As(h.T, who)
	b.Header.Set("Accept-Language", string(lang))
	return &browser{Browser: b, h: h, lang: lang}
}

func (b *browser) t(key string, args ...i18n.Args) string { return i18n.In(b.lang).T(key, args...) }

func (b *browser) want(status int, a webtest.Answer) webtest.Answer {
	b.h.Helper()
	if a.Status != status {
		b.h.Fatalf("status %d, want %d: %s %s", a.Status, status, a.Header.Get("Location"), a.Doc.Text("main"))
	}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && status/100 != 3 {
		a.Sound(b.h.T)
		if got := a.Header.Get("Cache-Control"); !strings.Contains(got, "no-store") {
			b.h.Errorf("Cache-Control %q: this page is private", got)
		}
		if title := a.Doc.Text("title"); strings.Contains(title, "Rosa") || strings.Contains(title, "Luis") {
			b.h.Errorf("the tab says %q: a name", title)
		}
	}
	return a
}

func (b *browser) see(path string) webtest.Answer {
	b.h.Helper()
	return b.want(200, b.Get("/i/riverside"+path))
}

// send posts a form, given as name, value, name, value.
func (b *browser) send(path string, form ...string) webtest.Answer {
	b.h.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		values.Add(form[i], form[i+1])
	}
	return b.Post("/i/riverside"+path, values)
}

// led fails unless an answer leads to a path, and says something there if that
// is a page of ours.
func (b *browser) led(a webtest.Answer, to string) webtest.Answer {
	b.h.Helper()
	b.want(303, a)
	if got, _, _ := strings.Cut(a.Header.Get("Location"), "#"); got != "/i/riverside"+to {
		b.h.Fatalf("led to %q, want %q", got, to)
	}
	return a
}

// each runs a test in every language.
func each(t *testing.T, test func(t *testing.T, h *house, lang i18n.Lang)) {
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) { test(t, open(t), lang) })
	}
}
