package mineweb_test

import (
	"crypto/rand"
	"log/slog"
	"net/url"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/mail"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web"
	"commonweal/internal/web/mineweb"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// house is Riverside with its real rooms: a steward, a connector, and Rosa,
// whose page it is.
type house struct {
	*testing.T
	db                       *db.DB
	now                      *clock.Fake
	in                       initiative.Founded
	conversations            *conversation.Service
	gifts                    *gift.Service
	people                   *people.Service
	site                     *webtest.Site
	steward, connector, rosa access.Actor
}

func open(t *testing.T) *house {
	t.Helper()
	now := dbtest.Clock()
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	ids, log := db.NewIDs(now.Now, nil), slog.New(slog.DiscardHandler)
	h := &house{T: t, db: d, now: now}
	h.gifts = &gift.Service{DB: d, Now: now.Now}
	h.conversations = &conversation.Service{DB: d, IDs: ids, Now: now.Now, Log: log, Gifts: h.gifts, BaseURL: webtest.Origin}
	h.people = &people.Service{DB: d, Now: now.Now, Sources: []people.Source{
		conversation.Source(), gift.Source(),
		{Name: "access", Tables: access.Tables(), Export: access.Export, Erase: access.Erase},
		{Name: "account", Tables: account.Tables(), Export: account.Export, ExportToOthers: account.ExportToOthers, Erase: account.Erase},
		{Name: "audit", Tables: audit.Tables(), Export: audit.Export, Erase: audit.Erase},
		{Name: "mail", Tables: mail.Tables(), Export: mail.Export, Erase: mail.Forget},
	}}
	h.begin(ids)
	h.connector = h.somebody("Carl", access.Connector, "")
	h.rosa = h.somebody("Rosa", access.Member, h.connector.Person(h.in.ID))
	pages := &mineweb.Pages{Conversations: h.conversations, Gifts: h.gifts, People: h.people, Places: &place.Service{DB: d, IDs: ids, Now: now.Now}}
	h.site = webtest.New(t, webtest.Site{
		Config: web.Config{Routes: pages.Routes(), Now: now.Now},
		In:     []page.In{h.shown(), {ID: "elsewhere", Slug: "elsewhere", Name: "Elsewhere", Langs: i18n.Langs()}},
	})
	return h
}

func (h *house) begin(ids *db.IDs) {
	h.Helper()
	operator := access.Actor{Account: "account-sue", Operator: true}
	h.tx(func(q db.Querier) error {
		return db.Exec(h.Context(), q, `insert into account (id, lang, operator, created_at) values ('account-sue', 'en', true, $1)`, db.At(h.now.Now()))
	})
	rooms := &initiative.Service{DB: h.db, IDs: ids, Now: h.now.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}
	made, err := rooms.CreateFirst(h.Context(), operator, initiative.Draft{
		Name: "Riverside", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue",
	})
	h.must(err)
	h.in = made
	h.steward = h.actor(made.Steward, access.Steward)
}

func (h *house) shown() page.In {
	return page.In{
		ID: h.in.ID, Slug: h.in.Slug, Name: h.in.Name, Langs: h.in.Langs, Zone: h.in.Zone,
		HelpPhone: "555-0100", Emergency: "911", AnswerDays: h.in.AnswerDays,
	}
}

func (h *house) actor(person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: h.in.ID, Person: person, Kind: k}}}
}

// somebody is written down with a yes to everything but being asked.
func (h *house) somebody(name string, k access.Kind, connector string) access.Actor {
	h.Helper()
	var p people.Person
	h.tx(func(q db.Querier) (err error) {
		n := people.New{Person: people.Person{Name: name, Connector: connector, Langs: []i18n.Lang{"es", "qu"}}}
		for _, to := range []people.Purpose{people.KeepName, people.KeepNotes, people.BeReached} {
			n.Consents = append(n.Consents, people.Consent{
				Purpose: to, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Doorstep,
			})
		}
		n.Contacts = []people.Contact{{Kind: people.Phone, Value: "555-0199", Safe: "not before noon"}}
		if p, err = people.Add(h.Context(), q, h.in.ID, n); err != nil {
			return err
		}
		return access.Give(h.Context(), q, access.Membership{Initiative: h.in.ID, Person: p.ID, Kind: k}, "")
	})
	return h.actor(p.ID, k)
}

// talk is Rosa's conversation with her connector.
func (h *house) talk() conversation.Said {
	h.Helper()
	_, err := h.conversations.Record(h.Context(), h.connector, h.in.ID, rand.Text(), conversation.Draft{
		Consent: conversation.WithName, Channel: people.Doorstep, Lang: "es", Person: h.rosa.Person(h.in.ID),
		Need: "Un médico que hable español", Delivery: "por la tarde",
		Gifts:    []conversation.GiftDraft{{Kind: gift.Skill, Text: "leer cuentos"}},
		Supports: []conversation.SupportKind{conversation.Childcare}, Support: "un cuarto",
		Advice: "Que la biblioteca abra los domingos", AdviceTo: "la biblioteca", Care: "los niños",
	})
	h.must(err)
	return h.said()
}

func (h *house) said() conversation.Said {
	h.Helper()
	all, err := h.conversations.Mine(h.Context(), h.rosa, h.in.ID)
	h.must(err)
	if len(all) != 1 {
		h.Fatalf("Rosa has %d conversations", len(all))
	}
	return all[0]
}

func (h *house) record() people.Record {
	h.Helper()
	r, err := h.people.Get(h.Context(), h.rosa, h.in.ID, h.rosa.Person(h.in.ID))
	h.must(err)
	return r
}

func (h *house) myGifts() []gift.Gift {
	h.Helper()
	all, err := h.gifts.Mine(h.Context(), h.rosa, h.in.ID)
	h.must(err)
	return all
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	h.must(h.db.Tx(h.Context(), fn))
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// browser is one browser; every page that it sees has to be sound.
type browser struct {
	*webtest.Browser
	h    *house
	lang i18n.Lang
}

func (h *house) as(who access.Actor, lang i18n.Lang) *browser {
	h.Helper()
	b := h.site.As(h.T, who)
	b.Header.Set("Accept-Language", string(lang))
	return &browser{b, h, lang}
}

func (b *browser) t(key string, args ...i18n.Args) string { return i18n.In(b.lang).T(key, args...) }

func (b *browser) see(path string) webtest.Answer { b.h.Helper(); return b.want(200, b.Get(path)) }

// send posts a form, given as name, value, name, value.
func (b *browser) send(path string, form ...string) webtest.Answer {
	b.h.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		values.Add(form[i], form[i+1])
	}
	return b.Post(path, values)
}

func (b *browser) want(status int, a webtest.Answer) webtest.Answer {
	b.h.Helper()
	if a.Status != status {
		b.h.Fatalf("status %d, want %d: %s %s", a.Status, status, a.Header.Get("Location"), a.Doc.Text("main"))
	}
	if status/100 != 3 {
		a.Sound(b.h.T)
		if got := a.Doc.Attr("html", "lang"); got != string(b.lang) {
			b.h.Errorf("the page is in %q, want %q", got, b.lang)
		}
	}
	return a
}

// done fails unless the answer leads to a page that says something first.
func (b *browser) done(a webtest.Answer, key string) webtest.Answer {
	b.h.Helper()
	b.want(303, a)
	a = b.want(200, a.Follow())
	a.Doc.Has(b.h, ".flash", b.t(key))
	return a
}

// each runs a test in every language.
func each(t *testing.T, test func(t *testing.T, lang i18n.Lang)) {
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) { test(t, lang) })
	}
}
