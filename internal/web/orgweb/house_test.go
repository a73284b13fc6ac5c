package orgweb_test

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/release"
	"commonweal/internal/web"
	"commonweal/internal/web/orgweb"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// house is a server with its real store, seen from outside: an initiative with
// a steward, a connector and two members, and one next door.
type house struct {
	*testing.T
	db            *db.DB
	now           *clock.Fake
	organizations *organization.Service
	places        *place.Service
	in, next      initiative.Initiative
	block         string
	talks         []release.Cell // counted by block
	releases      *release.Service
	talking       *conversation.Service

	sue, carl, mia, max access.Actor
	site                *webtest.Site
}

func open(t *testing.T) *house {
	t.Helper()
	now := dbtest.Clock()
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	h := &house{T: t, db: d, now: now}
	ids, log := db.NewIDs(now.Now, nil), slog.New(slog.DiscardHandler)
	h.organizations = &organization.Service{DB: d, IDs: ids, Now: now.Now, Log: log, BaseURL: webtest.Origin}
	h.places = &place.Service{DB: d, IDs: ids, Now: now.Now}
	initiatives := &initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}
	h.releases = &release.Service{DB: d, IDs: ids, Now: now.Now, Today: initiatives.Today, Sources: []release.Source{{
		Name: "talk", Count: func(context.Context, db.Querier, string) ([]release.Cell, error) { return h.talks, nil },
	}}}
	h.in, h.sue = h.found(initiatives, "Oak", "Sue")
	h.next, _ = h.found(initiatives, "Elm", "Eve")
	h.carl, h.mia, h.max = h.member("Carl", access.Connector), h.member("Mia", access.Member), h.member("Max", access.Member)
	area, err := h.places.Create(t.Context(), h.sue, h.in.ID, place.Draft{Name: "Mill Row", Kind: place.Block, Boundary: []byte(
		`{"type":"Polygon","coordinates":[[[-87.2,42.2],[-87.19,42.2],[-87.19,42.21],[-87.2,42.21],[-87.2,42.2]]]}`)})
	h.must(err)
	h.block = area.ID
	gifts := &gift.Service{DB: d, Now: now.Now}
	h.talking = &conversation.Service{DB: d, IDs: ids, Now: now.Now, Log: log, Gifts: gifts, Organizations: h.organizations, BaseURL: webtest.Origin}
	pages := &orgweb.Pages{
		Organizations: h.organizations, Places: h.places, Releases: h.releases, Conversations: h.talking,
		Exchange: &exchange.Service{DB: d, IDs: ids, Now: now.Now, Log: log, Gifts: gifts},
	}
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

// member writes somebody down and gives them a membership.
func (h *house) member(name string, k access.Kind) access.Actor {
	h.Helper()
	var who access.Actor
	h.must(h.db.Tx(h.Context(), func(q db.Querier) error {
		p, err := people.Add(h.Context(), q, h.in.ID, people.New{
			Person: people.Person{Name: name, Langs: []i18n.Lang{}},
			Consents: []people.Consent{{
				Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Web,
			}},
		})
		if err != nil {
			return err
		}
		who = actor(h.in.ID, p.ID, k)
		return access.Give(h.Context(), q, who.Memberships[0], "")
	}))
	return who
}

// speaks gives an actor the right that a spokesperson has, as the next request
// would find it.
func speaks(who access.Actor, in, organizationID string) access.Actor {
	who.Grants = append(who.Grants, access.Grant{Initiative: in, Object: organizationID, Right: organization.Speaks})
	return who
}

// library is an institution with everything that there can be, shown.
func (h *house) library() organization.Organization {
	h.Helper()
	ctx, in := h.Context(), h.in.ID
	o, err := h.organizations.Create(ctx, h.sue, in, organization.Draft{
		Kind: organization.Institution, Name: "City Library", About: "Books and warm rooms.", Lang: "en",
		Email: "desk@library.example", Phone: "555-0140", Website: "https://library.example", Area: h.block, Langs: []string{"en", "es"},
	})
	h.must(err)
	_, err = h.organizations.AddOffer(ctx, h.sue, in, o.ID, organization.OfferDraft{Kind: organization.Function, Text: "A room, without a fee", Lang: "en"})
	h.must(err)
	l, err := h.organizations.AddPlace(ctx, h.sue, in, o.ID, organization.PlaceDraft{
		Name: "The library", Street: "20 Market Lane", Area: h.block, Lat: "42.205", Lon: "-87.195",
	})
	h.must(err)
	h.must(h.organizations.SetHours(ctx, h.sue, in, o.ID, o.ID, []organization.HoursDraft{
		{Days: []string{"MO", "TU", "WE", "TH", "FR"}, Opens: "09:00", Closes: "17:00"}, {Days: []string{"SA"}, Opens: "10:00", Closes: "13:00"},
	}))
	s, err := h.organizations.AddService(ctx, h.sue, in, o.ID, organization.ServiceDraft{
		Name: "Clases de inglés", About: "Inglés para empezar.", Lang: "es", Eligibility: "Personas adultas", Fees: "Nada",
		Apply: "Venga", Langs: []string{"es"}, Places: []string{l.ID},
	})
	h.must(err)
	h.must(h.organizations.SetHours(ctx, h.sue, in, o.ID, s.ID, []organization.HoursDraft{{Days: []string{"MO"}, Opens: "18:30", Closes: "20:00"}}))
	h.must(h.organizations.Show(ctx, h.sue, in, o.ID, organization.Shown))
	return o
}

// choir is an association that Mia proposed, which nobody else sees yet.
func (h *house) choir() organization.Organization {
	h.Helper()
	o, err := h.organizations.Join(h.Context(), h.mia, h.in.ID, organization.Draft{
		Kind: organization.Association, Name: "Coro del Río", About: "Cantamos.", Lang: "es", Members: "30",
	}, "dirige")
	h.must(err)
	h.mia = speaks(h.mia, h.in.ID, o.ID)
	return o
}

// asks lets somebody ask for something at their door, and say yes to being
// called by a service.
func (h *house) asks(name, phone, need, service string) {
	h.Helper()
	ctx, in := h.Context(), h.in.ID
	r, err := h.talking.Record(ctx, h.sue, in, "key-of-a-talk-that-is-long-enough", conversation.Draft{
		Consent: conversation.WithName, Name: name, Contact: phone, Channel: people.Doorstep, Lang: i18n.English, Need: need, NextHelp: true,
	})
	h.must(err)
	told, err := h.talking.Open(ctx, h.sue, in, r.ID)
	h.must(err)
	h.must(h.talking.Answer(ctx, h.sue, in, told.Needs[0].ID, conversation.AnswerDraft{
		Step: conversation.AService, Text: "They will call you.", Service: service, HandOver: true, Asked: people.Doorstep,
	}))
}

func (h *house) get(id string) organization.Record {
	h.Helper()
	r, err := h.organizations.Get(h.Context(), h.sue, h.in.ID, id)
	h.must(err)
	return r
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
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && status/100 != 3 {
		a.Sound(b.h.T)
	}
	return a
}

func (b *browser) see(path string) webtest.Answer {
	b.h.Helper()
	return b.want(200, b.Get("/i/oak"+path))
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

// says fails unless an answer leads to a path whose page says something first.
func (b *browser) says(a webtest.Answer, to, key string, args ...i18n.Args) webtest.Answer {
	b.h.Helper()
	b.want(303, a)
	if got, _, _ := strings.Cut(a.Header.Get("Location"), "#"); got != "/i/oak"+to {
		b.h.Fatalf("led to %q, want %q", got, to)
	}
	back := b.want(200, a.Follow())
	back.Doc.Has(b.h.T, ".flash", b.t(key, args...))
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
