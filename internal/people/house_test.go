package people_test

import (
	"slices"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
	"commonweal/internal/place"
)

// house is an initiative with a steward, two connectors, a member and an area.
type house struct {
	*testing.T
	*people.Service
	in              initiative.Initiative
	now             *clock.Fake
	area            string
	sue, carl, cora access.Actor // a steward and two connectors
	operator        access.Actor
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	now := dbtest.Clock()
	h := &house{T: t, now: now, operator: access.Actor{Account: "account-sue", Operator: true}}
	h.Service = &people.Service{DB: d, Now: now.Now, Sources: floor()}
	h.tx(func(q db.Querier) error {
		return db.Exec(t.Context(), q, `insert into account (id, lang, operator, created_at) values ('account-sue', 'en', true, $1)`, db.At(now.Now()))
	})
	made, err := (&initiative.Service{DB: d, IDs: db.NewIDs(now.Now, nil), Now: now.Now, Found: people.Found}).CreateFirst(
		t.Context(), h.operator, initiative.Draft{Name: "Oak", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue"})
	if err != nil {
		t.Fatal(err)
	}
	h.in = made.Initiative
	areas, err := place.Areas(t.Context(), d.Read(), h.in.ID)
	if err != nil || len(areas) != 1 || areas[0].Name != "Oak" {
		t.Fatalf("the first area: %+v, %v", areas, err)
	}
	h.area = areas[0].ID
	h.sue = h.actor(made.Steward, access.Steward)
	h.carl = h.member("Carl", access.Connector)
	h.cora = h.member("Cora", access.Connector)
	return h
}

// floor are the sources of the floor, as the server has them.
func floor() []people.Source {
	return []people.Source{
		{Name: "access", Tables: access.Tables(), Export: access.Export, Erase: access.Erase},
		{Name: "account", Tables: account.Tables(), Export: account.Export, ExportToOthers: account.ExportToOthers, Erase: account.Erase},
	}
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	if err := h.DB.Tx(h.Context(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) actor(person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: h.in.ID, Person: person, Kind: k}}}
}

// member writes somebody down and gives them a membership.
func (h *house) member(name string, k access.Kind) access.Actor {
	h.Helper()
	var p people.Person
	h.tx(func(q db.Querier) (err error) {
		p, err = people.Add(h.Context(), q, h.in.ID, people.New{
			Person: people.Person{Name: name},
			Consents: []people.Consent{{
				Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Web,
			}},
		})
		if err != nil {
			return err
		}
		return access.Give(h.Context(), q, access.Membership{Initiative: h.in.ID, Person: p.ID, Kind: k}, "")
	})
	return h.actor(p.ID, k)
}

// draft is a grown-up who agreed to their name being kept.
func draft(name string) people.Draft {
	return people.Draft{Name: name, Consent: yes(people.KeepName)}
}

func yes(to ...people.Purpose) people.ConsentDraft {
	return people.ConsentDraft{Purposes: to, Channel: people.Doorstep}
}

func parent(to ...people.Purpose) people.ConsentDraft {
	return people.ConsentDraft{Purposes: to, Channel: people.Doorstep, GivenBy: people.Parent, GiverName: "Rosa"}
}

func (h *house) create(who access.Actor, d people.Draft) people.Person {
	h.Helper()
	p, err := h.Create(h.Context(), who, h.in.ID, d)
	if err != nil {
		h.Fatal(err)
	}
	return p
}

func (h *house) get(who access.Actor, person string) people.Record {
	h.Helper()
	r, err := h.Get(h.Context(), who, h.in.ID, person)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

func (h *house) names(who access.Actor, f people.Filter) (names []string) {
	h.Helper()
	l, err := h.List(h.Context(), who, h.in.ID, f)
	if err != nil {
		h.Fatal(err)
	}
	for _, p := range l.People {
		names = append(names, p.Name)
	}
	return names
}

// expect compares names, or anything else that is text.
func (h *house) expect(what string, got []string, want ...string) {
	h.Helper()
	if !slices.Equal(got, want) {
		h.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// must fails unless err is a fault of the kind.
func (h *house) must(what string, err error, k fault.Kind) {
	h.Helper()
	if !fault.Is(err, k) {
		h.Errorf("%s: %v, want %v", what, err, k)
	}
}

// told gives the fields that are at fault, and fails for one without words.
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

// counts are how many rows a table has here.
func (h *house) count(table string) int64 {
	h.Helper()
	n, err := db.One(h.Context(), h.DB.Read(), db.Value[int64], `select count(*) from `+table+` where initiative_id = $1`, h.in.ID)
	if err != nil {
		h.Fatal(err)
	}
	return n
}
