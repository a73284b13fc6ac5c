package people_test

import (
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/people"
)

func (h *house) household(who access.Actor, code string) people.Household {
	h.Helper()
	made, err := h.CreateHousehold(h.Context(), who, h.in.ID, people.HouseholdDraft{Code: code, Area: h.area, Note: "a dog"})
	if err != nil {
		h.Fatal(err)
	}
	return made
}

func (h *house) codes(who access.Actor, f people.Filter) (codes []string) {
	h.Helper()
	l, err := h.Households(h.Context(), who, h.in.ID, f)
	if err != nil {
		h.Fatal(err)
	}
	for _, one := range l.Households {
		codes = append(codes, one.Code)
	}
	return codes
}

func TestAHouseholdAndItsPeople(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		blue := h.household(h.carl, "blue door")
		for _, name := range []string{"Ana", "Ben"} {
			one := draft(name)
			one.Household = "Blue Door"
			h.create(h.carl, one)
		}
		r, err := h.GetHousehold(t.Context(), h.carl, h.in.ID, blue.ID)
		if err != nil {
			t.Fatal(err)
		}
		if r.Code != "blue door" || r.Note != "a dog" || r.AreaName != "Oak" || r.ConnectorName != "Carl" || r.People != 2 {
			t.Errorf("got %+v", r.HouseholdCard)
		}
		if len(r.Members) != 2 || r.Members[0].Name != "Ana" {
			t.Errorf("members %+v", r.Members)
		}
		edit := people.HouseholdDraft{Code: "green door", Note: "two dogs"}
		if _, err := h.EditHousehold(t.Context(), h.carl, h.in.ID, blue.ID, edit); err != nil {
			t.Fatal(err)
		}
		if r, _ = h.GetHousehold(t.Context(), h.sue, h.in.ID, blue.ID); r.Code != "green door" || r.Area != "" || r.ConnectorName != "Carl" {
			t.Errorf("after an edit %+v", r.HouseholdCard)
		}
		for name, who := range map[string]access.Actor{"a visitor": {}, "another connector": h.cora, "one of them": h.actor(r.Members[0].ID, access.Member)} {
			h.must(name+" reads", second(h.GetHousehold(t.Context(), who, h.in.ID, blue.ID)), fault.NotFound)
			h.must(name+" edits", second(h.EditHousehold(t.Context(), who, h.in.ID, blue.ID, edit)), fault.NotFound)
			h.must(name+" moves", h.MoveHousehold(t.Context(), who, h.in.ID, blue.ID, h.cora.Person(h.in.ID)), fault.NotFound)
		}
	})
}

func TestACodeIsTakenForOneConnectorOnly(t *testing.T) {
	h := open(t, dbtest.Open(t))
	blue := h.household(h.carl, "blue door")
	_, err := h.CreateHousehold(t.Context(), h.carl, h.in.ID, people.HouseholdDraft{Code: "BLUE door", Area: "nowhere"})
	h.expect("a second blue door", h.told(err), "area people.area.unknown", "code people.code.taken")
	_, err = h.CreateHousehold(t.Context(), h.carl, h.in.ID, people.HouseholdDraft{Note: "x"})
	h.expect("no code", h.told(err), "code people.code.missing")
	if theirs := h.household(h.cora, "blue door"); theirs.ID == blue.ID {
		t.Error("Cora was given Carl's household")
	}
	h.expect("Carl's", h.codes(h.carl, people.Filter{}), "blue door")
	h.expect("all", h.codes(h.sue, people.Filter{}), "blue door", "blue door")
}

func TestHouseholdsAreListedAndFound(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for _, code := range []string{"tree", "blue door", "Blue gate"} {
			h.household(h.carl, code)
		}
		l, err := h.Households(t.Context(), h.carl, h.in.ID, people.Filter{Limit: 2})
		if err != nil || len(l.Households) != 2 || l.More != l.Households[1].ID {
			t.Fatalf("first page %+v, %v", l, err)
		}
		h.expect("second page", h.codes(h.carl, people.Filter{Limit: 2, After: l.More}), "tree")
		h.expect("blue", h.codes(h.carl, people.Filter{Text: "blue", Area: h.area}), "blue door", "Blue gate")
		h.expect("without a connector", h.codes(h.sue, people.Filter{Connector: people.NoConnector}))
		h.expect("Cora's", h.codes(h.cora, people.Filter{}))
	})
}

func TestMovingAHouseholdMovesItsPeople(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		blue := h.household(h.carl, "blue door")
		one := draft("Ana")
		one.Household = "blue door"
		ana := h.create(h.carl, one)
		h.create(h.carl, draft("Ben"))
		cora := h.cora.Person(h.in.ID)
		_, err := h.MoveAll(t.Context(), h.carl, h.in.ID, h.carl.Person(h.in.ID), ana.ID)
		h.expect("to a neighbour", h.told(err), "connector people.connector.unknown")
		if err := h.MoveHousehold(t.Context(), h.carl, h.in.ID, blue.ID, cora); err != nil {
			t.Fatal(err)
		}
		h.expect("Carl keeps", h.names(h.carl, people.Filter{}), "Ben")
		h.expect("Cora has", h.names(h.cora, people.Filter{}), "Ana")
		h.expect("and", h.codes(h.cora, people.Filter{}), "blue door")
		if err := h.Move(t.Context(), h.cora, h.in.ID, ana.ID, h.carl.Person(h.in.ID)); err != nil {
			t.Fatal(err)
		}
		h.expect("back to Carl", h.names(h.carl, people.Filter{}), "Ana", "Ben")
		if err := h.MoveHousehold(t.Context(), h.cora, h.in.ID, blue.ID, h.sue.Person(h.in.ID)); err != nil {
			t.Fatal(err)
		}
		h.expect("whom Carl knows stay with Carl", h.names(h.carl, people.Filter{}), "Ana", "Ben")
	})
}

func TestAConnectorWhoStopsPassesEverythingOn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.household(h.carl, "blue door")
		h.household(h.carl, "tree")
		h.create(h.carl, draft("Ana"))
		theirs := h.household(h.cora, "Blue Door")
		carl, cora := h.carl.Person(h.in.ID), h.cora.Person(h.in.ID)
		h.must("Cora takes", second(h.MoveAll(t.Context(), h.cora, h.in.ID, carl, cora)), fault.NotFound)
		h.must("one code twice", second(h.MoveAll(t.Context(), h.sue, h.in.ID, carl, cora)), fault.Conflict)
		h.expect("nothing moved", h.codes(h.carl, people.Filter{}), "blue door", "tree")
		if _, err := h.EditHousehold(t.Context(), h.cora, h.in.ID, theirs.ID, people.HouseholdDraft{Code: "gate"}); err != nil {
			t.Fatal(err)
		}
		n, err := h.MoveAll(t.Context(), h.carl, h.in.ID, carl, cora)
		if err != nil || n != (people.Moved{People: 1, Households: 2}) {
			t.Errorf("moved %+v, %v", n, err)
		}
		h.expect("Cora has", h.codes(h.cora, people.Filter{}), "blue door", "gate", "tree")
		if n, err := h.MoveAll(t.Context(), h.cora, h.in.ID, cora, cora); err != nil || n != (people.Moved{}) {
			t.Errorf("to herself: %+v, %v", n, err)
		}
	})
}

func TestWhomNobodyKnowsCanBeGivenAConnector(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ana := h.create(h.sue, draft("Ana"))
		if r := h.get(h.sue, ana.ID); r.Connector != "" {
			t.Fatalf("connector %q", r.ConnectorName)
		}
		chosen := draft("Ben")
		chosen.Connector = h.cora.Person(h.in.ID)
		if r := h.get(h.cora, h.create(h.sue, chosen).ID); r.ConnectorName != "Cora" {
			t.Errorf("connector %q", r.ConnectorName)
		}
		n, err := h.MoveAll(t.Context(), h.sue, h.in.ID, people.NoConnector, h.carl.Person(h.in.ID))
		if err != nil || n.People != 3 {
			t.Fatalf("moved %+v, %v", n, err)
		}
		h.expect("Carl has", h.names(h.carl, people.Filter{}), "Ana", "Cora", "Sue")
		h.must("Carl gives away nobody's", second(h.MoveAll(t.Context(), h.carl, h.in.ID, people.NoConnector, h.carl.Person(h.in.ID))), fault.NotFound)
	})
}

func TestConnectorsAreThoseWhoHoldConversations(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.member("Mia", access.Member)
		all, err := h.Connectors(t.Context(), h.carl, h.in.ID)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, one := range all {
			names = append(names, one.Name)
		}
		h.expect("connectors", names, "Carl", "Cora", "Sue")
	})
}
