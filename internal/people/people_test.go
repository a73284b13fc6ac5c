package people_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/people"
	"commonweal/internal/place"
)

func TestANameAloneIsEnough(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		p := h.create(h.carl, draft("Ana"))
		r := h.get(h.carl, p.ID)
		if r.Name != "Ana" || r.Age != people.NotAsked || r.ConnectorName != "Carl" || len(r.Contacts) != 0 || r.Self {
			t.Errorf("got %+v", r)
		}
		if len(r.Consents) != 1 || r.Consents[0].On.String() != "2026-11-21" || r.Consents[0].Wording != people.Wording {
			t.Errorf("consents %+v", r.Consents)
		}
	})
}

func TestAPersonIsKeptAsWritten(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		p := h.create(h.carl, people.Draft{
			Name: " José  Núñez ", Area: h.area, Household: "Blue door", Langs: []string{"es", "so", "es"}, MetOn: "2026-11-01",
			Age: people.Adult, Consent: yes(people.KeepName, people.BeAsked),
			Contacts: []people.ContactDraft{
				{Kind: people.Phone, Value: "+1 (555) 0100", Safe: "after six"},
				{Kind: people.Email},
				{Kind: people.Email, Value: "jose@example.org"},
			},
		})
		r := h.get(h.carl, p.ID)
		if r.Name != "José  Núñez" || r.AreaName != "Oak" || r.HouseholdCode != "Blue door" || r.MetOn.String() != "2026-11-01" || r.Age != people.Adult {
			t.Errorf("got %+v", r)
		}
		if len(r.Langs) != 2 || r.Langs[0] != "es" || r.Langs[1] != "so" {
			t.Errorf("languages %v", r.Langs)
		}
		if len(r.Contacts) != 2 || r.Contacts[0].Value != "+1 (555) 0100" || r.Contacts[0].Safe != "after six" {
			t.Errorf("contacts %+v", r.Contacts)
		}
		if !people.Agreed(r.Consents, people.BeAsked) || people.Agreed(r.Consents, people.PassOn) {
			t.Errorf("consents %+v", r.Consents)
		}
	})
}

func TestEveryFaultOfAPersonIsToldAtOnce(t *testing.T) {
	h := open(t, dbtest.Open(t))
	_, err := h.Create(t.Context(), h.sue, h.in.ID, people.Draft{
		Langs: []string{"?"}, MetOn: "yesterday", Age: "old", Household: strings.Repeat("x", 61), Area: "nowhere", Connector: "nobody",
		Contacts: []people.ContactDraft{{Kind: people.Email, Value: "ana at home"}, {Kind: people.Phone, Value: "call Bob"}, {Kind: "drum", Value: "x", Safe: strings.Repeat("x", 1001)}},
		Consent:  people.ConsentDraft{Purposes: []people.Purpose{"fun"}, On: "2026-11-22", GivenBy: people.Parent},
	})
	h.expect("faults", h.told(err),
		"name people.name.missing", "langs people.langs.unknown", "met_on people.day.unreadable", "age people.age.unknown",
		"household people.code.long", "email people.email.unreadable", "phone people.phone.unreadable",
		"kind people.kind.missing", "safe people.safe.long",
		"given_on people.day.future", "giver people.giver.missing", "channel people.channel.missing", "consent people.consent.unknown",
		"connector people.connector.unknown", "area people.area.unknown")
	if n := h.count("person"); n != 3 {
		t.Errorf("%d people, want the three who run the house", n)
	}
}

func TestANameIsKeptOnlyWithAYes(t *testing.T) {
	h := open(t, dbtest.Open(t))
	_, err := h.Create(t.Context(), h.carl, h.in.ID, people.Draft{Name: "Ana", Consent: yes(people.BeAsked)})
	h.expect("without a yes to the name", h.told(err), "consent people.consent.missing")
}

func TestConnectorsSeeTheirOwnPeopleAndStewardsAll(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ana, ben := h.create(h.carl, draft("Ana")), h.create(h.cora, draft("Ben"))
		h.expect("Carl's list", h.names(h.carl, people.Filter{}), "Ana")
		h.expect("Carl asking for Cora's", h.names(h.carl, people.Filter{Connector: h.cora.Person(h.in.ID)}), "Ana")
		h.expect("Sue's list", h.names(h.sue, people.Filter{}), "Ana", "Ben", "Carl", "Cora", "Sue")
		h.expect("Sue asking for Cora's", h.names(h.sue, people.Filter{Connector: h.cora.Person(h.in.ID)}), "Ben")
		h.expect("Sue asking for nobody's", h.names(h.sue, people.Filter{Connector: people.NoConnector}), "Carl", "Cora", "Sue")
		h.get(h.carl, ana.ID)
		h.get(h.sue, ana.ID)
		if r := h.get(h.actor(ana.ID, access.Member), ana.ID); !r.Self {
			t.Error("Ana isn't told that it is her")
		}
		elsewhere := access.Actor{Account: "x", Memberships: []access.Membership{{Initiative: "elsewhere", Person: ana.ID, Kind: access.Steward}}}
		for name, who := range map[string]access.Actor{
			"a visitor": {}, "another connector": h.cora, "another neighbour": h.actor(ben.ID, access.Member),
			"a partner": h.actor(ben.ID, access.Partner), "a funder": h.actor(ben.ID, access.Funder),
			"a steward elsewhere": elsewhere, "the operator": h.operator, "a connector who is nobody": h.actor("", access.Connector),
		} {
			for verb, err := range everyVerb(h, who, ana.ID) {
				h.must(name+" "+verb, err, fault.NotFound)
			}
		}
		h.must("a connector who is nobody reads whom nobody knows", second(h.Get(t.Context(), h.actor("", access.Connector), h.in.ID, h.sue.Person(h.in.ID))), fault.NotFound)
		for verb, err := range everyVerb(h, elsewhere, ana.ID, "elsewhere") {
			h.must("through another initiative "+verb, err, fault.NotFound)
		}
		if r := h.get(h.sue, ana.ID); r.Name != "Ana" || len(r.Contacts) != 0 || r.Paused() {
			t.Errorf("somebody got through: %+v", r)
		}
	})
}

// everyVerb tries all that can be done with a person.
func everyVerb(h *house, who access.Actor, person string, in ...string) map[string]error {
	ctx, at := h.Context(), append(in, h.in.ID)[0]
	consent := h.get(h.sue, person).Consents[0].ID
	return map[string]error{
		"reads":           second(h.Get(ctx, who, at, person)),
		"edits":           second(h.Edit(ctx, who, at, person, draft("Eve"))),
		"pauses":          h.Pause(ctx, who, at, person, true),
		"adds a contact":  h.AddContact(ctx, who, at, person, people.ContactDraft{Kind: people.Phone, Value: "555 0100"}),
		"drops a contact": h.RemoveContact(ctx, who, at, person, "contact"),
		"notes a consent": h.Agree(ctx, who, at, person, yes(people.BeAsked)),
		"withdraws":       h.Withdraw(ctx, who, at, person, consent),
		"moves":           h.Move(ctx, who, at, person, h.carl.Person(h.in.ID)),
		"exports":         second(h.Export(ctx, who, at, person)),
		"asks who looked": second(h.Looks(ctx, who, at, person)),
		"erases":          h.Erase(ctx, who, at, person),
	}
}

func second[T any](_ T, err error) error { return err }

func TestWhoHoldsNoConversationsListsNobody(t *testing.T) {
	h := open(t, dbtest.Open(t))
	ana := h.create(h.carl, draft("Ana"))
	for name, who := range map[string]access.Actor{"a visitor": {}, "a member": h.actor(ana.ID, access.Member), "the operator": h.operator} {
		h.must(name+" lists people", second(h.List(t.Context(), who, h.in.ID, people.Filter{})), fault.NotFound)
		h.must(name+" lists households", second(h.Households(t.Context(), who, h.in.ID, people.Filter{})), fault.NotFound)
		h.must(name+" lists connectors", second(h.Connectors(t.Context(), who, h.in.ID)), fault.NotFound)
		h.must(name+" creates", second(h.Create(t.Context(), who, h.in.ID, draft("Eve"))), fault.NotFound)
	}
}

func TestAPersonMayChangeWhatIsKeptOfThem(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		full := draft("Ana")
		full.Household = "blue door"
		ana := h.create(h.carl, full)
		self := h.actor(ana.ID, access.Member)
		change := people.Draft{Name: "Ana María", Area: h.area, Langs: []string{"es"}, Age: people.Adult, Household: "red door"}
		if _, err := h.Edit(t.Context(), self, h.in.ID, ana.ID, change); err != nil {
			t.Fatal(err)
		}
		r := h.get(self, ana.ID)
		if r.Name != "Ana María" || r.AreaName != "Oak" || r.Age != people.Adult || r.ConnectorName != "Carl" {
			t.Errorf("got %+v", r)
		}
		if r.HouseholdCode != "blue door" {
			t.Errorf("household %q: that is the connector's to change", r.HouseholdCode)
		}
		h.must("moves herself", h.Move(t.Context(), self, h.in.ID, ana.ID, h.cora.Person(h.in.ID)), fault.NotFound)
		change.Household = "red door"
		if _, err := h.Edit(t.Context(), h.carl, h.in.ID, ana.ID, change); err != nil {
			t.Fatal(err)
		}
		if r = h.get(h.carl, ana.ID); r.HouseholdCode != "red door" {
			t.Errorf("household %q after the connector's change", r.HouseholdCode)
		}
	})
}

func TestReadingAPersonIsNotedUnlessTheyReadThemselves(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ana := h.create(h.carl, draft("Ana"))
		self := h.actor(ana.ID, access.Member)
		h.get(self, ana.ID)
		h.get(h.carl, ana.ID)
		looks, err := h.Looks(t.Context(), self, h.in.ID, ana.ID)
		if err != nil || len(looks) != 1 || looks[0].Who != "Carl" || looks[0].What != "read person" {
			t.Errorf("looks %+v, %v", looks, err)
		}
		h.must("her connector asks who looked", second(h.Looks(t.Context(), h.carl, h.in.ID, ana.ID)), fault.NotFound)
		noted, err := audit.ByObject(t.Context(), d.Read(), h.in.ID, ana.ID)
		if err != nil || len(noted) != 1 || noted[0].Account != h.carl.Account {
			t.Errorf("noted %+v, %v", noted, err)
		}
	})
}

func TestPausedIsSince(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ana := h.create(h.carl, draft("Ana"))
		self := h.actor(ana.ID, access.Member)
		for _, want := range []bool{true, true, false} {
			if err := h.Pause(t.Context(), self, h.in.ID, ana.ID, want); err != nil {
				t.Fatal(err)
			}
			r := h.get(h.carl, ana.ID)
			if r.Paused() != want || want && !r.PausedAt.Equal(h.now.Now()) {
				t.Errorf("paused %v since %v, want %v", r.Paused(), r.PausedAt, want)
			}
		}
	})
}

func TestAListIsReadPageByPage(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		var want []string
		for i := range 7 {
			name := []string{"Ana", "ana", "Ána", "Zoë", "Björn", "de la Cruz", "Ana"}[i]
			want = append(want, h.create(h.carl, draft(name)).ID)
		}
		counter := dbtest.Count(d)
		var got []string
		f := people.Filter{Limit: 3}
		for range 4 {
			l, err := h.List(t.Context(), h.carl, h.in.ID, f)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, l.IDs()...)
			if f.After = l.More; l.More == "" {
				break
			}
		}
		if counter.N() != 3 {
			t.Errorf("%d statements for three pages: %q", counter.N(), counter.Statements())
		}
		slices.Sort(got)
		slices.Sort(want)
		h.expect("everyone once", got, want...)
		h.expect("by name", h.names(h.carl, people.Filter{}), "Ana", "ana", "Ána", "Ana", "Björn", "de la Cruz", "Zoë")
	})
}

func TestPeopleAreFoundByBeginningsOfTheirNames(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		village := h.area
		block, err := (&place.Service{DB: d, IDs: db.NewIDs(h.now.Now, nil), Now: h.now.Now}).Create(
			t.Context(), h.sue, h.in.ID, place.Draft{Name: "Maple", Kind: place.Block, Parent: village})
		if err != nil {
			t.Fatal(err)
		}
		for name, area := range map[string]string{"José Núñez": village, "Mariana 100%": block.ID, "Ana_María": ""} {
			one := draft(name)
			one.Area = area
			h.create(h.carl, one)
		}
		for _, c := range []struct {
			f    people.Filter
			want []string
		}{
			{people.Filter{Text: "NUÑ"}, []string{"José Núñez"}},
			{people.Filter{Text: "jo nu"}, []string{"José Núñez"}},
			{people.Filter{Text: "ana"}, []string{"Ana_María"}},
			{people.Filter{Text: "ana_"}, []string{"Ana_María"}},
			{people.Filter{Text: "%"}, nil},
			{people.Filter{Text: "100%"}, []string{"Mariana 100%"}},
			{people.Filter{Text: "a' or ''='"}, nil},
			{people.Filter{Area: village}, []string{"José Núñez", "Mariana 100%"}},
			{people.Filter{Area: block.ID}, []string{"Mariana 100%"}},
			{people.Filter{Area: "nowhere"}, nil},
		} {
			h.expect("looking for "+c.f.Text+c.f.Area, h.names(h.carl, c.f), c.want...)
		}
	})
}

func TestWhatAPageOfPeopleCosts(t *testing.T) {
	d := dbtest.Open(t)
	h := open(t, d)
	full := draft("Ana")
	full.Household, full.Area = "blue door", h.area
	full.Contacts = []people.ContactDraft{{Kind: people.Phone, Value: "555 0100"}, {Kind: people.Email, Value: "a@example.org"}}
	ana := h.create(h.carl, full)
	counter := dbtest.Count(d)
	for what, c := range map[string]struct {
		want int
		run  func() error
	}{
		"a list":                       {1, func() error { return second(h.List(t.Context(), h.sue, h.in.ID, people.Filter{})) }},
		"a list of households":         {1, func() error { return second(h.Households(t.Context(), h.sue, h.in.ID, people.Filter{})) }},
		"the connectors":               {3, func() error { return second(h.Connectors(t.Context(), h.sue, h.in.ID)) }},
		"oneself":                      {3, func() error { return second(h.Get(t.Context(), h.actor(ana.ID, access.Member), h.in.ID, ana.ID)) }},
		"a person, and the note of it": {5, func() error { return second(h.Get(t.Context(), h.carl, h.in.ID, ana.ID)) }},
	} {
		counter.Reset()
		if err := c.run(); err != nil {
			t.Fatal(err)
		}
		if counter.N() != c.want {
			t.Errorf("%s costs %d statements, want %d: %q", what, counter.N(), c.want, counter.Statements())
		}
	}
}

func TestOneHouseholdForACodeHoweverManyWriteItAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				one := draft("Ana")
				one.Household = "Blue  DOOR"
				if _, err := h.Create(t.Context(), h.carl, h.in.ID, one); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := h.count("household"); n != 1 {
			t.Errorf("%d households", n)
		}
	})
}

func TestCountsByAreaKeepTheErased(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		one := draft("Ana")
		one.Area = h.area
		ana := h.create(h.carl, one)
		before, err := people.CountByArea(t.Context(), d.Read(), h.in.ID)
		if err != nil || before[h.area] != 2 || before[""] != 2 {
			t.Fatalf("before: %v, %v", before, err)
		}
		if err := h.Erase(t.Context(), h.carl, h.in.ID, ana.ID); err != nil {
			t.Fatal(err)
		}
		after, err := people.CountByArea(t.Context(), d.Read(), h.in.ID)
		if err != nil || after[h.area] != before[h.area] || after[""] != before[""] {
			t.Errorf("after: %v, %v; before: %v", after, err, before)
		}
	})
}
