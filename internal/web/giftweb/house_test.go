package giftweb_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/mail"
	"commonweal/internal/notice"
	"commonweal/internal/people"
	"commonweal/internal/release"
	"commonweal/internal/web"
	"commonweal/internal/web/giftweb"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// house is a server with its real store, seen from outside: an initiative with
// a steward and two connectors, and one next door.
type house struct {
	*testing.T
	db              *db.DB
	now             *clock.Fake
	gifts           *gift.Service
	releases        *release.Service
	in, next        initiative.Initiative
	sue, carl, cora access.Actor
	mia, ned        access.Actor // a member, and a connector next door
	site            *webtest.Site
}

func open(t *testing.T) *house {
	t.Helper()
	now := dbtest.Clock()
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	h := &house{T: t, db: d, now: now}
	ids := db.NewIDs(now.Now, nil)
	h.gifts = &gift.Service{DB: d, Now: now.Now}
	initiatives := &initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}
	h.releases = &release.Service{DB: d, IDs: ids, Now: now.Now, Today: initiatives.Today, Sources: []release.Source{gift.Counts()}}
	h.in, h.sue = h.found(initiatives, "Oak", "Sue")
	h.next, _ = h.found(initiatives, "Elm", "Eve")
	h.carl = actor(h.in.ID, h.person("Carl", access.Actor{}), access.Connector)
	h.cora = actor(h.in.ID, h.person("Cora", access.Actor{}), access.Connector)
	h.mia = actor(h.in.ID, h.person("Mia", access.Actor{}), access.Member)
	h.ned = actor(h.next.ID, "ned", access.Connector)
	pages := &giftweb.Pages{Gifts: h.gifts, Releases: h.releases}
	h.site = webtest.New(t, webtest.Site{
		Config: web.Config{Routes: pages.Routes(), Now: now.Now, Version: func(ctx context.Context, in string) (string, error) {
			return db.Version(ctx, d.Read(), in)
		}},
		In: []page.In{shown(h.in), shown(h.next)},
	})
	return h
}

func (h *house) found(s *initiative.Service, name, steward string) (initiative.Initiative, access.Actor) {
	h.Helper()
	made, err := s.Create(h.Context(), access.Actor{Account: "operator", Operator: true},
		initiative.Draft{Name: name, Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: steward})
	h.must(err)
	return made.Initiative, actor(made.ID, made.Steward, access.Steward)
}

func shown(in initiative.Initiative) page.In {
	return page.In{ID: in.ID, Slug: in.Slug, Name: in.Name, Langs: in.Langs, Zone: in.Zone, HelpPhone: "555-0100"}
}

func actor(in, person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: in, Person: person, Kind: k}}}
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// person writes somebody down who agreed to be asked, and whom a connector knows.
func (h *house) person(name string, knows access.Actor, contacts ...people.Contact) (id string) {
	h.Helper()
	on := h.in.Today(h.now.Now())
	n := people.New{Person: people.Person{Name: name, Connector: knows.Person(h.in.ID), Langs: []i18n.Lang{"en"}}, Contacts: contacts}
	for _, to := range []people.Purpose{people.KeepName, people.KeepNotes, people.BeAsked} {
		n.Consents = append(n.Consents, people.Consent{Purpose: to, Wording: people.Wording, On: on, GivenBy: people.Self, Channel: people.Web})
	}
	h.must(h.db.Tx(h.Context(), func(q db.Querier) error {
		p, err := people.Add(h.Context(), q, h.in.ID, n)
		id = p.ID
		return err
	}))
	return id
}

// gives adds gifts of a person, in their own words.
func (h *house) gives(person string, texts ...string) (ids []string) {
	h.Helper()
	v, err := h.gifts.Vocabulary(h.Context(), h.in.ID)
	h.must(err)
	var drafts []gift.Draft
	for _, text := range texts {
		drafts = append(drafts, gift.Draft{Kind: gift.Skill, Text: text, Lang: i18n.English})
	}
	by := gift.By{Person: person, On: h.in.Today(h.now.Now()), At: h.now.Now()}
	h.must(h.db.Tx(h.Context(), func(q db.Querier) error {
		gifts, err := gift.Add(h.Context(), q, h.in.ID, v, by, drafts)
		ids = nil
		for _, g := range gifts {
			ids = append(ids, g.ID)
		}
		return err
	}))
	return ids
}

// many gives a number of people, whom a connector knows, the same gift.
func (h *house) many(n int, name string, knows access.Actor, texts ...string) {
	h.Helper()
	for i := range n {
		h.gives(h.person(fmt.Sprintf("%s %02d", name, i), knows), texts...)
	}
}

func (h *house) publish() {
	h.Helper()
	h.must(h.releases.Publish(h.Context(), h.in.ID))
}

// letter is the path of the link in the mail that asks whether gifts still hold.
func (h *house) letter() string {
	h.Helper()
	h.must(h.db.Tx(h.Context(), func(q db.Querier) error {
		for kind := range gift.Chores() {
			if err := jobs.Every(h.Context(), q, kind, 24*time.Hour); err != nil {
				return err
			}
		}
		return nil
	}))
	r := &jobs.Runner{DB: h.db, IDs: db.NewIDs(h.now.Now, nil), Now: h.now.Now, Log: slog.New(slog.DiscardHandler), Handle: h.gifts.Handlers()}
	_, err := r.RunDue(h.Context())
	h.must(err)
	h.now.Advance(30 * time.Hour) // to a forenoon: letters come by day, a while after there is something to hear
	notices := &notice.Service{DB: h.db, Now: h.now.Now, Log: slog.New(slog.DiscardHandler), BaseURL: webtest.Origin, Open: gift.Openers()}
	_, err = notices.Send(h.Context(), h.in.ID)
	h.must(err)
	all, err := mail.Outbox(h.Context(), h.db.Read(), h.in.ID)
	h.must(err)
	for _, m := range all {
		if _, path, found := strings.Cut(m.Body, webtest.Origin); found {
			return strings.Fields(path)[0]
		}
	}
	h.Fatal("no letter was written")
	return ""
}

// browser is one browser; every page that it sees has to be sound.
type browser struct {
	*webtest.Browser
	h    *house
	lang i18n.Lang
}

func (h *house) visitor(lang i18n.Lang) *browser { return h.seen(h.site.Visitor(h.T), lang) }

func (h *house) as(who access.Actor, lang i18n.Lang) *browser {
	return h.seen(h.site.As(h.T, who), lang)
}

func (h *house) seen(b *webtest.Browser, lang i18n.Lang) *browser {
	b.Header.Set("Accept-Language", string(lang))
	return &browser{b, h, lang}
}

func (b *browser) t(key string, args ...i18n.Args) string { return i18n.In(b.lang).T(key, args...) }

func (b *browser) want(status int, a webtest.Answer) webtest.Answer {
	b.h.Helper()
	if a.Status != status {
		b.h.Fatalf("status %d, want %d: %s %s", a.Status, status, a.Header.Get("Location"), a.Doc.Text("main"))
	}
	if a.Status/100 != 3 {
		a.Sound(b.h.T)
		if got := a.Doc.Attr("html", "lang"); got != string(b.lang) {
			b.h.Errorf("the page is in %q, want %q", got, b.lang)
		}
	}
	return a
}

// see asks for a page of the initiative that has to be there.
func (b *browser) see(path string) webtest.Answer {
	b.h.Helper()
	return b.want(200, b.Get("/i/oak"+path))
}

// gone asks for a page that mustn't be there for them.
func (b *browser) gone(path string) {
	b.h.Helper()
	b.want(404, b.Get("/i/oak"+path))
}

// send posts a form, given as name, value, name, value.
func (b *browser) send(path string, form ...string) webtest.Answer {
	b.h.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		values.Add(form[i], form[i+1])
	}
	return b.Post("/i/oak"+path, values)
}

// led fails unless the answer leads to a path, and goes there.
func (b *browser) led(a webtest.Answer, to string) webtest.Answer {
	b.h.Helper()
	b.want(303, a)
	if got, _, _ := strings.Cut(a.Header.Get("Location"), "#"); got != "/i/oak"+to {
		b.h.Fatalf("led to %q, want %q", got, "/i/oak"+to)
	}
	return a.Follow()
}

// each runs a test in every language.
func each(t *testing.T, test func(t *testing.T, lang i18n.Lang)) {
	t.Helper()
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) { test(t, lang) })
	}
}

// costs fails when a page runs more statements than it may, besides the one in
// which the guards ask for the initiative's version.
func (h *house) costs(most int, what string, fn func(ctx context.Context)) {
	h.Helper()
	c := dbtest.Count(h.db)
	fn(h.Context())
	if c.N() > most+1 {
		h.Errorf("%s runs %d statements, want at most %d:\n%s", what, c.N(), most, strings.Join(c.Statements(), "\n"))
	}
}
