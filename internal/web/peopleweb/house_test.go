package peopleweb_test

import (
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/clock"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web"
	"commonweal/internal/web/page"
	"commonweal/internal/web/peopleweb"
	"commonweal/internal/web/webtest"
)

// house is an initiative with a steward, two connectors, a member and a block,
// and a site with the pages about people.
type house struct {
	*testing.T
	db     *db.DB
	now    *clock.Fake
	talks  *conversation.Service
	gifts  *gift.Service
	people *people.Service
	files  *exchange.Service
	site   *webtest.Site
	in     initiative.Initiative
	block  string

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
	h.people = &people.Service{DB: d, Now: now.Now, Sources: []people.Source{
		conversation.Source(), gift.Source(),
		{Name: "access", Tables: access.Tables(), Export: access.Export, Erase: access.Erase},
		{Name: "account", Tables: account.Tables(), Export: account.Export, ExportToOthers: account.ExportToOthers, Erase: account.Erase},
	}}
	places := &place.Service{DB: d, IDs: ids, Now: now.Now}
	initiatives := &initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}
	h.tx(func(q db.Querier) error {
		return db.Exec(t.Context(), q, `insert into account (id, lang, operator, created_at) values ('account-sue', 'en', true, $1)`, db.At(now.Now()))
	})
	made, err := initiatives.CreateFirst(t.Context(), access.Actor{Account: "account-sue", Operator: true}, initiative.Draft{
		Name: "Riverside Reads", Slug: "riverside", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue",
	})
	h.must(err)
	h.in = made.Initiative
	h.sue = h.actor(made.Steward, access.Steward)
	h.carl, h.cora, h.mia = h.member("Carl", access.Connector), h.member("Cora", access.Connector), h.member("Mia", access.Member)
	area, err := places.Create(t.Context(), h.sue, h.in.ID, place.Draft{Name: "Mill Row", Kind: place.Block})
	h.must(err)
	h.block = area.ID
	h.files = &exchange.Service{DB: d, IDs: db.NewIDs(now.Now, nil), Now: now.Now, Gifts: h.gifts}
	pages := &peopleweb.Pages{People: h.people, Places: places, Gifts: h.gifts, Conversations: h.talks, Similar: h.files.Similar, Beside: h.files.Beside}
	h.site = webtest.New(t, webtest.Site{
		Config: web.Config{Routes: pages.Routes(), Now: now.Now},
		In: []page.In{
			{ID: h.in.ID, Slug: "riverside", Name: h.in.Name, Langs: h.in.Langs, Zone: h.in.Zone, AnswerDays: h.in.AnswerDays},
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

// member writes somebody down and gives them a membership.
func (h *house) member(name string, k access.Kind) access.Actor {
	h.Helper()
	var who access.Actor
	h.tx(func(q db.Querier) error {
		p, err := people.Add(h.Context(), q, h.in.ID, people.New{
			Person: people.Person{Name: name, Langs: []i18n.Lang{}},
			Consents: []people.Consent{{
				Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Web,
			}},
		})
		if err != nil {
			return err
		}
		who = h.actor(p.ID, k)
		return access.Give(h.Context(), q, who.Memberships[0], "")
	})
	return who
}

// rosa is somebody whom a connector knows, with all that there can be.
func (h *house) rosa(of access.Actor) people.Person {
	h.Helper()
	p, err := h.people.Create(h.Context(), of, h.in.ID, people.Draft{
		Name: "Rosa", Area: h.block, Household: "blue door", Langs: []string{"es", "qu"}, MetOn: "2026-03-01",
		Contacts: []people.ContactDraft{{Kind: people.Phone, Value: "555 0199", Safe: "After six"}, {Kind: people.Email, Value: "rosa@example.org"}},
		Consent:  people.ConsentDraft{Purposes: people.Purposes(), Channel: people.Doorstep},
	})
	h.must(err)
	return p
}

func (h *house) get(person string) people.Record {
	h.Helper()
	r, err := h.people.Get(h.Context(), h.sue, h.in.ID, person)
	h.must(err)
	return r
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
		if title := a.Doc.Text("title"); strings.Contains(title, "Rosa") || strings.Contains(title, "blue door") {
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

// led fails unless an answer leads to a path.
func (b *browser) led(a webtest.Answer, to string) webtest.Answer {
	b.h.Helper()
	b.want(303, a)
	if got, _, _ := strings.Cut(a.Header.Get("Location"), "#"); got != "/i/riverside"+to {
		b.h.Fatalf("led to %q, want %q", got, to)
	}
	return a
}

// says fails unless the page after a redirect says something first.
func (b *browser) says(a webtest.Answer, key string) webtest.Answer {
	b.h.Helper()
	back := b.want(200, a.Follow())
	back.Doc.Has(b.h.T, ".flash", b.t(key))
	return back
}

// faulty fails unless a form came back with a fault at a field.
func (b *browser) faulty(a webtest.Answer, field, key string, args ...i18n.Args) webtest.Answer {
	b.h.Helper()
	b.want(422, a)
	a.Doc.Has(b.h.T, "#"+field+"-fault", b.t(key, args...))
	a.Doc.Has(b.h.T, ".summary a[href=#"+field+"]", b.t(key, args...))
	return a
}

// each runs a test in every language.
func each(t *testing.T, test func(t *testing.T, h *house, lang i18n.Lang)) {
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) { test(t, open(t), lang) })
	}
}
