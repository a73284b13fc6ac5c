package noticeweb_test

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/mail"
	"commonweal/internal/notice"
	"commonweal/internal/people"
	"commonweal/internal/web"
	"commonweal/internal/web/noticeweb"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// house is Riverside with a steward, a connector, Rosa, who reads e-mail, and
// Ben, who doesn't.
type house struct {
	*testing.T
	db                            *db.DB
	now                           *clock.Fake
	in                            initiative.Founded
	notices                       *notice.Service
	site                          *webtest.Site
	steward, carl, rosa, ben, kit access.Actor
	told                          int
}

func open(t *testing.T) *house {
	t.Helper()
	now := dbtest.Clock()
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	h := &house{T: t, db: d, now: now}
	h.notices = &notice.Service{DB: d, Now: now.Now, Log: slog.New(slog.DiscardHandler), BaseURL: webtest.Origin}
	h.tx(func(q db.Querier) error {
		return db.Exec(h.Context(), q, `insert into account (id, lang, operator, created_at) values ('account-sue', 'en', true, $1)`, db.At(now.Now()))
	})
	rooms := &initiative.Service{DB: d, IDs: db.NewIDs(now.Now, nil), Now: now.Now, Found: people.Found}
	made, err := rooms.CreateFirst(h.Context(), access.Actor{Account: "account-sue", Operator: true}, initiative.Draft{
		Name: "Riverside", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue",
	})
	h.must(err)
	h.in = made
	h.steward = h.actor(made.Steward, access.Steward)
	h.carl = h.somebody("Carl", access.Connector, people.New{})
	knows := h.carl.Person(h.in.ID)
	h.rosa = h.somebody("Rosa", access.Member, people.New{
		Person: people.Person{Connector: knows, Langs: []i18n.Lang{"es"}}, Contacts: []people.Contact{{Kind: people.Email, Value: "rosa@example.org"}},
	})
	h.ben = h.somebody("Ben", access.Member, people.New{Person: people.Person{Connector: knows, Langs: []i18n.Lang{"es"}}})
	h.kit = h.somebody("Kit", access.Member, people.New{Person: people.Person{Connector: knows, Age: people.Under18}})
	h.site = webtest.New(t, webtest.Site{
		Config: web.Config{Routes: (&noticeweb.Pages{Notices: h.notices}).Routes(), Now: now.Now},
		In: []page.In{
			{ID: h.in.ID, Slug: h.in.Slug, Name: h.in.Name, Langs: h.in.Langs, Zone: h.in.Zone, HelpPhone: "555-0100", Emergency: "911"},
			{ID: "elsewhere", Slug: "elsewhere", Name: "Elsewhere", Langs: i18n.Langs()},
		},
	})
	return h
}

func (h *house) actor(person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: h.in.ID, Person: person, Kind: k}}}
}

func (h *house) somebody(name string, k access.Kind, n people.New) access.Actor {
	h.Helper()
	given := people.Consent{Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Doorstep}
	if n.Age == people.Under18 {
		given.GivenBy, given.GiverName = people.Parent, "Ana"
	}
	n.Name, n.Consents = name, []people.Consent{given}
	var p people.Person
	h.tx(func(q db.Querier) (err error) {
		p, err = people.Add(h.Context(), q, h.in.ID, n)
		return err
	})
	return h.actor(p.ID, k)
}

// tell tells somebody of so many answers in a matter.
func (h *house) tell(who access.Actor, matter string, n int) {
	h.Helper()
	h.tx(func(q db.Querier) error {
		var all []notice.Told
		for range n {
			h.told++
			all = append(all, notice.Told{
				Initiative: h.in.ID, Person: who.Person(h.in.ID), Matter: notice.Matter{Kind: "talk", ID: matter},
				Line: fault.Message{Key: "conversation.notice.answer"}, Path: "/me", Unique: fmt.Sprint(h.told),
			})
		}
		return notice.Tell(h.Context(), q, all...)
	})
}

// mailed gives the path of the link in the last message that Rosa got, on the
// next day at noon.
func (h *house) mailed() string {
	h.Helper()
	h.now.Advance(30 * 60 * 60 * 1e9)
	_, err := h.notices.Send(h.Context(), h.in.ID)
	h.must(err)
	all, err := mail.Outbox(h.Context(), h.db.Read(), h.in.ID)
	h.must(err)
	if len(all) == 0 {
		h.Fatal("no message")
	}
	path, ok := strings.CutPrefix(all[0].Stop, webtest.Origin)
	if !ok {
		h.Fatalf("the link is %q", all[0].Stop)
	}
	return path
}

func (h *house) messages() int {
	h.Helper()
	all, err := mail.Outbox(h.Context(), h.db.Read(), h.in.ID)
	h.must(err)
	return len(all)
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

// browser is one browser; every page that it sees has to be sound and private.
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

func (h *house) visitor(lang i18n.Lang) *browser {
	h.Helper()
	b := h.site.Visitor(h.T)
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
		if title := a.Doc.Text("title"); strings.Contains(title, "Rosa") || strings.Contains(title, "Ben") {
			b.h.Errorf("the tab says %q", title)
		}
		if cache := a.Header.Get("Cache-Control"); !strings.Contains(cache, "no-store") {
			b.h.Errorf("Cache-Control %q", cache)
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
func each(t *testing.T, test func(t *testing.T, h *house, lang i18n.Lang)) {
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) { test(t, open(t), lang) })
	}
}
