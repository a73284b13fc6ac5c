package doorweb_test

import (
	"context"
	"log/slog"
	"net/http"
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
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web"
	"commonweal/internal/web/doorweb"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// house is a server with its real store, in which Carl and Cora hold
// conversations and Sue is the steward.
type house struct {
	*testing.T
	db   *db.DB
	file string
	now  *clock.Fake
	in   initiative.Initiative
	area string // Mill Row

	talks  *conversation.Service
	people *people.Service
	site   *webtest.Site

	sue, carl, cora access.Actor
}

func open(t *testing.T, change ...func(*web.Config)) *house {
	t.Helper()
	now := dbtest.Clock()
	h := &house{T: t, now: now, file: dbtest.File(t)}
	d, err := db.Open(t.Context(), h.file, db.Options{Now: now.Now})
	h.must(err)
	t.Cleanup(func() { h.must(d.Close()) })
	h.furnish(d)
	config := web.Config{Now: now.Now, Routes: h.pages().Routes()}
	for _, c := range change {
		c(&config)
	}
	h.site = webtest.New(t, webtest.Site{Config: config, In: []page.In{{
		ID: h.in.ID, Slug: h.in.Slug, Name: h.in.Name, Langs: h.in.Langs, Zone: h.in.Zone,
		HelpPhone: "555-0100", Emergency: "911", AnswerDays: 7,
	}}})
	return h
}

// counted is a house whose statements are counted.
func counted(t *testing.T) *house {
	t.Helper()
	now := dbtest.Clock()
	h := &house{T: t, now: now}
	h.furnish(dbtest.OpenWith(t, db.Options{Now: now.Now}))
	h.site = webtest.New(t, webtest.Site{
		Config: web.Config{Now: now.Now, Routes: h.pages().Routes()},
		In:     []page.In{{ID: h.in.ID, Slug: h.in.Slug, Name: h.in.Name, Langs: h.in.Langs, Zone: h.in.Zone}},
	})
	return h
}

func (h *house) furnish(d *db.DB) {
	h.Helper()
	h.db = d
	ids, log := db.NewIDs(h.now.Now, nil), slog.New(slog.DiscardHandler)
	gifts := &gift.Service{DB: d, Now: h.now.Now}
	h.talks = &conversation.Service{DB: d, IDs: ids, Now: h.now.Now, Log: log, BaseURL: webtest.Origin, Gifts: gifts}
	h.people = &people.Service{DB: d, Now: h.now.Now}
	initiatives := &initiative.Service{DB: d, IDs: ids, Now: h.now.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}
	made, err := initiatives.Create(h.Context(), access.Actor{Account: "operator", Operator: true}, initiative.Draft{
		Name: "Riverside", Purpose: "Books in every home", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue",
	})
	h.must(err)
	h.in = made.Initiative
	h.sue = h.actor(made.Steward, access.Steward)
	h.carl, h.cora = h.connector("Carl"), h.connector("Cora")
	places := &place.Service{DB: d, IDs: ids, Now: h.now.Now}
	a, err := places.Create(h.Context(), h.sue, h.in.ID, place.Draft{Name: "Mill Row", Kind: place.Block})
	h.must(err)
	h.area = a.ID
}

func (h *house) pages() *doorweb.Pages {
	return &doorweb.Pages{
		Conversations: h.talks, People: h.people,
		Places: &place.Service{DB: h.db, IDs: h.talks.IDs, Now: h.now.Now},
	}
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) actor(person string, k access.Kind) access.Actor {
	return access.Actor{
		Account: "account-" + person, Session: "session-" + person,
		Memberships: []access.Membership{{Initiative: h.in.ID, Person: person, Kind: k}},
	}
}

func (h *house) connector(name string) access.Actor {
	h.Helper()
	who := h.actor(h.person(name, access.Actor{}), access.Connector)
	h.must(h.db.Tx(h.Context(), func(q db.Querier) error {
		return access.Give(h.Context(), q, who.Memberships[0], "")
	}))
	return who
}

// person writes somebody down whom a connector knows.
func (h *house) person(name string, knows access.Actor, more ...func(*people.New)) (id string) {
	h.Helper()
	n := people.New{
		Person: people.Person{Name: name, Connector: knows.Person(h.in.ID)},
		Consents: []people.Consent{{
			Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Doorstep,
		}},
	}
	for _, change := range more {
		change(&n)
	}
	h.must(h.db.Tx(h.Context(), func(q db.Querier) error {
		p, err := people.Add(h.Context(), q, h.in.ID, n)
		id = p.ID
		return err
	}))
	return id
}

// browser is one in a language; every page that it sees has to be sound.
type browser struct {
	*webtest.Browser
	h    *house
	lang i18n.Lang
}

func (h *house) as(who access.Actor, lang i18n.Lang) *browser {
	h.Helper()
	b := h.site.Visitor(h.T)
	if who.IsSignedIn() {
		b = h.site.As(h.T, who)
	}
	b.Header.Set("Accept-Language", string(lang))
	return &browser{Browser: b, h: h, lang: lang}
}

func (b *browser) t(key string, args ...i18n.Args) string { return i18n.In(b.lang).T(key, args...) }

func (b *browser) want(status int, a webtest.Answer) webtest.Answer {
	b.h.Helper()
	if a.Status != status {
		b.h.Fatalf("status %d, want %d: %s %.300s", a.Status, status, a.Header.Get("Location"), a.Body)
	}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && status/100 != 3 {
		a.Sound(b.h.T)
		if got := a.Doc.Attr("html", "lang"); got != string(b.lang) {
			b.h.Errorf("the page is in %q, want %q", got, b.lang)
		}
	}
	return a
}

func (b *browser) see(path string) webtest.Answer {
	b.h.Helper()
	return b.want(http.StatusOK, b.Get("/i/riverside/"+path))
}

func (b *browser) post(status int, path string, form url.Values) webtest.Answer {
	b.h.Helper()
	return b.want(status, b.Post("/i/riverside/"+path, form))
}

// form is given as name, value, name, value.
func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// rows counts what a table holds.
func (h *house) rows(table string) (n int) {
	h.Helper()
	digest, err := h.db.Digest(context.WithoutCancel(h.Context()))
	h.must(err)
	return int(digest[table].Rows)
}

// talksOf are the conversations of a person, as their connector sees them.
func (h *house) talksOf(who access.Actor, person string) []conversation.Conversation {
	h.Helper()
	all, err := h.talks.OfPerson(h.Context(), who, h.in.ID, person)
	h.must(err)
	return all
}

const key = "4cb524c0a162bee0beeea4a0b07bd04b"
