package organization_test

import (
	"log/slog"
	"slices"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/place"
)

// house is an initiative with a steward, a connector, a member, a wide area
// and two blocks within it.
type house struct {
	*testing.T
	*organization.Service
	now            *clock.Fake
	in             initiative.Initiative
	wide           string
	east, west     string
	sue, carl, mia access.Actor
	visitor        access.Actor
}

// run tries something in a house on both stores.
func run(t *testing.T, test func(h *house)) {
	t.Helper()
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		h := &house{T: t, now: now}
		ids := db.NewIDs(now.Now, nil)
		h.Service = &organization.Service{DB: d, IDs: ids, Now: now.Now, Log: slog.New(slog.DiscardHandler), BaseURL: "https://oak.example"}
		made, err := (&initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: people.Found}).Create(t.Context(),
			access.Actor{Account: "operator", Operator: true},
			initiative.Draft{Name: "Oak", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue", Place: "Oak"})
		h.ok(err)
		h.in = made.Initiative
		h.sue = h.actor(made.Steward, access.Steward)
		h.tx(func(q db.Querier) error { return access.Give(t.Context(), q, h.sue.Memberships[0], "") })
		h.carl, h.mia = h.member("Carl", access.Connector), h.member("Mia", access.Member)
		areas, err := place.Areas(t.Context(), d.Read(), h.in.ID)
		h.ok(err)
		h.wide, h.east, h.west = areas[0].ID, "east", "west"
		h.tx(func(q db.Querier) error {
			for _, id := range []string{h.east, h.west} {
				if err := place.Add(t.Context(), q, h.in.ID, place.Area{ID: id, Parent: h.wide, Name: id, Kind: place.Block}, db.At(now.Now())); err != nil {
					return err
				}
			}
			return nil
		})
		test(h)
	})
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	h.ok(h.DB.Tx(h.Context(), fn))
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
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
			Person:   people.Person{Name: name},
			Contacts: []people.Contact{{Kind: people.Email, Value: db.Fold(name) + "@example.org"}},
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

// speaking is an actor with the rights on objects that the store holds.
func (h *house) speaking(a access.Actor) access.Actor {
	h.Helper()
	grants, err := db.All(h.Context(), h.DB.Read(), func(row db.Row) (g access.Grant, err error) {
		err = row.Scan(&g.Initiative, &g.Object, &g.Right)
		return g, err
	}, `select initiative_id, object, right_name from access_grant where initiative_id = $1 and person_id = $2 and ended_at is null`,
		h.in.ID, a.Person(h.in.ID))
	h.ok(err)
	a.Grants = grants
	return a
}

// draft is an association.
func draft(name string) organization.Draft {
	return organization.Draft{Kind: organization.Association, Name: name}
}

// shown makes an organization that everybody sees.
func (h *house) shown(name string) organization.Organization {
	h.Helper()
	o, err := h.Create(h.Context(), h.sue, h.in.ID, draft(name))
	h.ok(err)
	h.ok(h.Show(h.Context(), h.sue, h.in.ID, o.ID, organization.Shown))
	return o
}

// place adds a place in an area.
func (h *house) place(o organization.Organization, area string) string {
	h.Helper()
	l, err := h.AddPlace(h.Context(), h.sue, h.in.ID, o.ID, organization.PlaceDraft{Name: "Hall", Area: area, Street: "1 Elm St"})
	h.ok(err)
	return l.ID
}

// service adds a service at some places.
func (h *house) service(o organization.Organization, d organization.ServiceDraft, places ...string) organization.ServiceRecord {
	h.Helper()
	d.Places = places
	s, err := h.AddService(h.Context(), h.sue, h.in.ID, o.ID, d)
	h.ok(err)
	return s
}

// found are the names of the services that a search finds.
func (h *house) found(w organization.Want) (names []string) {
	h.Helper()
	all, err := h.FindServices(h.Context(), h.in.ID, w)
	h.ok(err)
	for _, f := range all {
		names = append(names, f.Name)
	}
	return names
}

func (h *house) names(who access.Actor, f organization.Filter) (names []string) {
	h.Helper()
	l, err := h.List(h.Context(), who, h.in.ID, f)
	h.ok(err)
	for _, o := range l.Organizations {
		names = append(names, o.Name)
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
		h.says(f.Message)
	}
	return all
}

// says fails unless a message is a sentence in every language.
func (h *house) says(m fault.Message) {
	h.Helper()
	for _, lang := range i18n.Langs() {
		if !i18n.In(lang).Has(m.Key) {
			h.Errorf("%s has no sentence for %s", lang, m.Key)
		}
	}
}

// count is how many rows a table has here.
func (h *house) count(table string) int64 {
	h.Helper()
	n, err := db.One(h.Context(), h.DB.Read(), db.Value[int64], `select count(*) from `+table+` where initiative_id = $1`, h.in.ID)
	h.ok(err)
	return n
}
