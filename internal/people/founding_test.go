package people_test

import (
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
)

func TestTheFounderIsASteward(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		who, err := access.Of(t.Context(), d.Read(), h.operator.Account)
		if err != nil || !who.Is(h.in.ID, access.Steward) || who.Person(h.in.ID) != h.sue.Person(h.in.ID) {
			t.Fatalf("the founder's account: %+v, %v", who, err)
		}
		r := h.get(who, who.Person(h.in.ID))
		if r.Name != "Sue" || r.AreaName != "Oak" || !people.Agreed(r.Consents, people.KeepName) {
			t.Errorf("the founder: %+v", r)
		}
	})
}

func TestNoConsentIsMadeUpForWhomTheOperatorNames(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		s := &initiative.Service{DB: d, IDs: db.NewIDs(h.now.Now, nil), Now: h.now.Now, Found: people.Found}
		made, err := s.Create(t.Context(), h.operator, initiative.Draft{
			Name: "Elm", Langs: []string{"es"}, Zone: "America/Chicago", Steward: "Rosa", Place: "Elm Village",
		})
		if err != nil {
			t.Fatal(err)
		}
		rosa := access.Actor{Account: "r", Memberships: []access.Membership{{Initiative: made.ID, Person: made.Steward, Kind: access.Steward}}}
		r, err := h.Get(t.Context(), rosa, made.ID, made.Steward)
		if err != nil || r.Name != "Rosa" || r.AreaName != "Elm Village" || len(r.Consents) != 0 {
			t.Errorf("the steward to be: %+v, %v", r, err)
		}
		if held, err := access.Holding(t.Context(), d.Read(), made.ID); err != nil || len(held) != 0 {
			t.Errorf("before the invitation is taken up: %+v, %v", held, err)
		}
		if who, err := access.Of(t.Context(), d.Read(), h.operator.Account); err != nil || who.Person(made.ID) != "" {
			t.Errorf("the operator is somebody there: %+v, %v", who, err)
		}
	})
}
