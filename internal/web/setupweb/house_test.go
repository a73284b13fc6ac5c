package setupweb_test

import (
	"context"
	"log/slog"
	"net/url"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange/archive"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/release"
	"commonweal/internal/upkeep"
	"commonweal/internal/web"
	"commonweal/internal/web/page"
	"commonweal/internal/web/setupweb"
	"commonweal/internal/web/webtest"
)

// house is Riverside with its real rooms: a steward, a connector and a member.
type house struct {
	*testing.T
	db                                 *db.DB
	now                                *clock.Fake
	in                                 initiative.Founded
	initiatives                        *initiative.Service
	places                             *place.Service
	people                             *people.Service
	accounts                           *account.Service
	upkeep                             *upkeep.Service
	pages                              *setupweb.Pages
	site                               *webtest.Site
	steward, connector, rosa, operator access.Actor
}

func open(t *testing.T) *house {
	t.Helper()
	now := dbtest.Clock()
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	ids, log := db.NewIDs(now.Now, nil), slog.New(slog.DiscardHandler)
	h := &house{T: t, db: d, now: now, operator: access.Actor{Account: "account-sue", Operator: true}}
	h.initiatives = &initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}
	h.places = &place.Service{DB: d, IDs: ids, Now: now.Now}
	h.people = &people.Service{DB: d, Now: now.Now}
	h.accounts = &account.Service{DB: d, IDs: ids, Now: now.Now, Log: log, BaseURL: webtest.Origin}
	h.upkeep = &upkeep.Service{DB: d}
	h.begin()
	h.connector = h.somebody("Carl", access.Connector)
	h.rosa = h.somebody("Rosa", access.Member)
	gifts := &gift.Service{DB: d, Now: now.Now}
	h.pages = &setupweb.Pages{
		Initiatives: h.initiatives, Places: h.places, People: h.people, Permissions: &access.Service{DB: d}, Accounts: h.accounts,
		Releases: &release.Service{DB: d, IDs: ids, Now: now.Now, Today: h.initiatives.Today, Sources: []release.Source{h.counts()}},
		Upkeep:   h.upkeep, Labels: gifts.Labels, Archives: &archive.Service{DB: d, Now: now.Now, People: h.people},
	}
	h.site = webtest.New(t, webtest.Site{Config: web.Config{
		Routes: h.pages.Routes(), Now: now.Now,
		Version: func(ctx context.Context, in string) (string, error) { return db.Version(ctx, d.Read(), in) },
		Initiative: func(ctx context.Context, slug string) (page.In, error) {
			in, _, err := h.initiatives.BySlug(ctx, slug)
			return shown(in), err
		},
	}})
	return h
}

// counts is one number that the public may read, and one that it may not.
func (h *house) counts() release.Source {
	return release.Source{Name: "talk", Count: func(ctx context.Context, q db.Querier, in string) ([]release.Cell, error) {
		areas, err := place.Areas(ctx, q, in)
		return []release.Cell{{Key: areas[0].ID, N: 42}, {Key: "elsewhere", N: 31}, {Key: "small", N: 2}}, err
	}}
}

func (h *house) begin() {
	h.Helper()
	h.tx(func(q db.Querier) error {
		return db.Exec(h.Context(), q, `insert into account (id, lang, operator, created_at) values ('account-sue', 'en', true, $1)`, db.At(h.now.Now()))
	})
	made, err := h.initiatives.CreateFirst(h.Context(), h.operator, initiative.Draft{
		Name: "Riverside", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue",
	})
	h.must(err)
	h.in = made
	h.steward = access.Actor{Account: "account-sue", Memberships: []access.Membership{{Initiative: made.ID, Person: made.Steward, Kind: access.Steward}}}
}

func shown(in initiative.Initiative) page.In {
	return page.In{
		ID: in.ID, Slug: in.Slug, Name: in.Name, Purpose: in.Purpose, About: in.About, Langs: in.Langs, Zone: in.Zone,
		HelpPhone: in.HelpPhone, Emergency: in.Emergency, AnswerDays: in.AnswerDays,
	}
}

func (h *house) actor(person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: h.in.ID, Person: person, Kind: k}}}
}

// somebody is written down with a yes to their name, and given a membership.
func (h *house) somebody(name string, k access.Kind) access.Actor {
	h.Helper()
	var p people.Person
	h.tx(func(q db.Querier) (err error) {
		p, err = people.Add(h.Context(), q, h.in.ID, people.New{Person: people.Person{Name: name}, Consents: []people.Consent{{
			Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Doorstep,
		}}})
		if err != nil {
			return err
		}
		return access.Give(h.Context(), q, access.Membership{Initiative: h.in.ID, Person: p.ID, Kind: k}, "")
	})
	return h.actor(p.ID, k)
}

func (h *house) areas() []place.Area {
	h.Helper()
	all, err := h.places.List(h.Context(), h.in.ID)
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
