package gift_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/people"
)

// house is an initiative with a steward and two connectors.
type house struct {
	*testing.T
	*gift.Service
	now             *clock.Fake
	in              initiative.Initiative
	sue, carl, cora access.Actor // a steward and two connectors
	operator        access.Actor
}

// run tries something in a house on both stores.
func run(t *testing.T, test func(h *house)) {
	t.Helper()
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		h := &house{T: t, now: now, operator: access.Actor{Account: "operator", Operator: true}}
		h.Service = &gift.Service{DB: d, Now: now.Now}
		h.in, h.sue = h.found("Oak", "Sue")
		h.carl, h.cora = h.member("Carl", access.Connector), h.member("Cora", access.Connector)
		test(h)
	})
}

func (h *house) found(name, steward string) (initiative.Initiative, access.Actor) {
	h.Helper()
	s := &initiative.Service{DB: h.DB, IDs: db.NewIDs(h.Now, nil), Now: h.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}
	made, err := s.Create(h.Context(), h.operator, initiative.Draft{Name: name, Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: steward})
	if err != nil {
		h.Fatal(err)
	}
	return made.Initiative, actor(made.ID, made.Steward, access.Steward)
}

func actor(in, person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: in, Person: person, Kind: k}}}
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	if err := h.DB.Tx(h.Context(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) member(name string, k access.Kind) access.Actor {
	h.Helper()
	return actor(h.in.ID, h.person(name, access.Actor{}), k)
}

// person writes somebody down who agreed to be asked, and whom a connector knows.
func (h *house) person(name string, knows access.Actor, more ...func(n *people.New)) (id string) {
	h.Helper()
	on := h.in.Today(h.now.Now())
	n := people.New{Person: people.Person{Name: name, Connector: knows.Person(h.in.ID), Langs: []i18n.Lang{"es"}}}
	for _, to := range []people.Purpose{people.KeepName, people.KeepNotes, people.BeAsked} {
		n.Consents = append(n.Consents, people.Consent{Purpose: to, Wording: people.Wording, On: on, GivenBy: people.Self, Channel: people.Web})
	}
	for _, change := range more {
		change(&n)
	}
	h.tx(func(q db.Querier) error {
		p, err := people.Add(h.Context(), q, h.in.ID, n)
		id = p.ID
		return err
	})
	return id
}

// crowd writes many people down at once, two of each name, with a gift each.
func (h *house) crowd(n int, knows access.Actor, text string) {
	h.Helper()
	v, err := h.Vocabulary(h.Context(), h.in.ID)
	h.ok(err)
	on := h.in.Today(h.now.Now())
	h.tx(func(q db.Querier) error {
		for i := range n {
			given := []people.Consent{
				{Purpose: people.KeepName, Wording: people.Wording, On: on, GivenBy: people.Self, Channel: people.Web},
				{Purpose: people.BeAsked, Wording: people.Wording, On: on, GivenBy: people.Self, Channel: people.Web},
			}
			p, err := people.Add(h.Context(), q, h.in.ID, people.New{
				Person: people.Person{Name: fmt.Sprintf("N%03d", i/2), Connector: knows.Person(h.in.ID)}, Consents: given,
			})
			if err != nil {
				return err
			}
			if _, err := gift.Add(h.Context(), q, h.in.ID, v, gift.By{Person: p.ID, On: on, At: h.now.Now()},
				[]gift.Draft{{Kind: gift.Skill, Text: text, Lang: i18n.English}}); err != nil {
				return err
			}
		}
		return nil
	})
}

func withMail(address string) func(*people.New) {
	return func(n *people.New) { n.Contacts = []people.Contact{{Kind: people.Email, Value: address}} }
}

func notAsked(n *people.New) { n.Consents = n.Consents[:2] }

func child(n *people.New) {
	n.Age = people.Under18
	for i := range n.Consents {
		n.Consents[i].GivenBy, n.Consents[i].GiverName = people.Parent, "Rosa"
	}
}

// gives adds gifts of a person, in their own words.
func (h *house) gives(person string, texts ...string) (ids []string) {
	h.Helper()
	return h.adds(gift.By{Person: person}, texts...)
}

func (h *house) adds(by gift.By, texts ...string) (ids []string) {
	h.Helper()
	var drafts []gift.Draft
	for _, text := range texts {
		drafts = append(drafts, gift.Draft{Kind: gift.Skill, Text: text, Lang: i18n.English})
	}
	return h.addsDrafts(by, drafts...)
}

func (h *house) addsDrafts(by gift.By, drafts ...gift.Draft) (ids []string) {
	h.Helper()
	by.On, by.At = h.in.Today(h.now.Now()), h.now.Now()
	v, err := h.Vocabulary(h.Context(), h.in.ID)
	if err != nil {
		h.Fatal(err)
	}
	h.tx(func(q db.Querier) error {
		gifts, err := gift.Add(h.Context(), q, h.in.ID, v, by, drafts)
		ids = nil
		for _, g := range gifts {
			ids = append(ids, g.ID)
		}
		return err
	})
	return ids
}

// runJobs does the daily round and all that comes of it.
func (h *house) runJobs() {
	h.Helper()
	handlers := h.Handlers()
	for kind := range gift.Chores() {
		h.tx(func(q db.Querier) error { return jobs.Every(h.Context(), q, kind, 24*time.Hour) })
	}
	r := &jobs.Runner{DB: h.DB, IDs: db.NewIDs(h.Now, nil), Now: h.Now, Log: slog.New(slog.DiscardHandler), Handle: handlers}
	if _, err := r.RunDue(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// counts is what the public release would be told.
func (h *house) counts() map[string]int {
	h.Helper()
	cells, err := gift.Counts().Count(h.Context(), h.DB.Read(), h.in.ID)
	if err != nil {
		h.Fatal(err)
	}
	all := map[string]int{}
	for _, c := range cells {
		all[c.Key] = c.N
	}
	return all
}

func (h *house) must(what string, err error, k fault.Kind) {
	h.Helper()
	if !fault.Is(err, k) {
		h.Errorf("%s: %v, want %v", what, err, k)
	}
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) expect(what string, got []string, want ...string) {
	h.Helper()
	if !slices.Equal(got, want) {
		h.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// told gives the fields at fault, and fails for one without words.
func (h *house) told(err error) (all []string) {
	h.Helper()
	for _, f := range fault.Fields(err) {
		all = append(all, f.Name+" "+f.Message.Key)
		for _, lang := range i18n.Langs() {
			if !i18n.In(lang).Has(f.Message.Key) {
				h.Errorf("%s has no sentence for %s", lang, f.Message.Key)
			}
		}
	}
	return all
}

// costs says how many statements fn ran.
func (h *house) costs(fn func(ctx context.Context)) int {
	h.Helper()
	c := dbtest.Count(h.DB)
	fn(h.Context())
	return c.N()
}

func names(held []gift.Held) (all []string) {
	for _, h := range held {
		all = append(all, h.Holder.Name)
	}
	return all
}
