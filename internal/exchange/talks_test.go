package exchange_test

import (
	"slices"
	"testing"

	"commonweal/internal/exchange"
	"commonweal/internal/people"
)

var homeList = []string{
	"Household code,Neighborhood,Connector,Who lives there,Notes",
	"EC-1,Elm Court,Cora Lane,Maria Lopez; Jose Lopez,blue door",
	"EC-2,Elm Court,Cora Lane,,",
	"ec-1,,Cora Lane,Lucia Lopez,",
	"EC-3,Mars,Nobody Known,Ben Okafor,",
}

func TestHouseholdsComeInWithThePeopleInThem(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		before := h.digests()
		b := h.upload("homes.csv", homeList...)
		if got := b.Sheets[0].Target; got != "households" {
			t.Fatalf("guessed %q: %+v", got, b.Sheets[0].Columns)
		}
		b = h.settle(b, agreed)
		p := h.plan(b)
		if got, want := acts(p), []exchange.Act{exchange.Add, exchange.Add, exchange.Change, exchange.Add}; !slices.Equal(got, want) {
			t.Fatalf("acts %v, want %v", got, want)
		}
		h.apply(b)
		l, err := h.people.Households(t.Context(), h.sue, h.in.ID, people.Filter{Text: "ec"})
		if err != nil || len(l.Households) != 3 || l.Households[0].People != 3 || l.Households[0].ConnectorName != "Cora Lane" || l.Households[0].Note != "blue door" {
			t.Fatalf("households: %+v, %v", l.Households, err)
		}
		after := h.digests()
		h.apply(h.settle(h.upload("homes.csv", homeList...), agreed))
		if d := differ(after, h.digests()); len(d) > 0 {
			t.Errorf("the second time changed %v", d)
		}
		if u := h.undo(b); len(u.Kept) != 0 {
			t.Errorf("kept %+v", u.Kept)
		}
		if d := differ(before, h.digests()); len(d) > 0 {
			t.Errorf("taking it back left %v", d)
		}
	})
}

var talkList = []string{
	"Date,Connector,Name,What they need,What they can share,Advice,Consent,Remarks",
	"2026-10-01,Cora Lane,Maria Lopez,a ride to the clinic,bakes bread,open earlier,yes,blue door",
	"2026-10-02,Cora Lane,Secret Sam,hides from somebody,knows locks,none,no,tall",
	"2026-10-03,Cora Lane,Hidden Hal,a heater,fixes bikes,,without name,short",
	"2026-10-04,Cora Lane,Maria Lopez,,sings,,yes,",
	"2026-10-05,Cora Lane,Una Unsure,,,,,",
	"not a day,Cora Lane,Maria Lopez,bread,,,yes,",
}

func TestConversationsKeepWhatWasAgreedTo(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		before := h.digests()
		b := h.upload("talks.csv", talkList...)
		if got := b.Sheets[0].Target; got != "conversations" {
			t.Fatalf("guessed %q: %+v", got, b.Sheets[0].Columns)
		}
		b = h.settle(b, exchange.Answers{"said": "each", "how": "doorstep"})
		p := h.plan(b)
		if got, want := acts(p), []exchange.Act{exchange.Add, exchange.Add, exchange.Add, exchange.Add, exchange.Refused, exchange.Refused}; !slices.Equal(got, want) {
			t.Fatalf("acts %v, want %v: %+v", got, want, p.Sheets[0].Planned)
		}
		h.apply(b)
		for table, want := range map[string]int64{"conversation": 3, "talk_count": 1, "need": 2, "gift": 3, "advice": 1, "person": 3} {
			if n := h.count(table); n != want {
				t.Errorf("%d rows of %s, want %d", n, table, want)
			}
		}
		for _, table := range []string{"conversation", "person", "need", "gift", "advice", "talk_count", "import_row", "import_batch", "import_cells", "audit"} {
			for _, word := range []string{"secret", "sam", "hides", "locks", "tall", "hidden", "hal"} {
				h.holdsNot(table, word)
			}
		}
		after := h.digests()
		h.apply(h.settle(h.upload("talks.csv", talkList...), exchange.Answers{"said": "each", "how": "doorstep"}))
		if d := differ(after, h.digests()); len(d) > 0 {
			t.Errorf("the second time changed %v", d)
		}
		if u := h.undo(b); len(u.Kept) != 0 {
			t.Errorf("kept %+v", u.Kept)
		}
		if d := differ(before, h.digests()); len(d) > 0 {
			t.Errorf("taking it back left %v", d)
		}
	})
}
