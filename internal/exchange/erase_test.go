package exchange_test

import (
	"testing"

	"commonweal/internal/exchange"
	"commonweal/internal/people"
)

func TestNothingOfSomebodyErasedStaysInFiles(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		h.apply(h.settle(h.upload("one.csv", "Name,Phone,Household,Remarks", "Wren Starling,312 555 0101,EC-9,nightingale"), agreed))
		h.apply(h.settle(h.upload("two.csv", "Name,Phone,Email", "Wren Starling,312 555 0101,wren@starling.example"), agreed))
		h.apply(h.settle(h.upload("homes.csv", "Household code,Connector,Who lives there,Dog", "EC-9,,,nightingale"), agreed))
		waits := h.upload("three.csv", "Name,Remarks", "Wren Starling,nightingale")
		other := h.upload("four.csv", "Name,Remarks", "Somebody Else,sings")
		l, err := h.people.List(t.Context(), h.sue, h.in.ID, people.Filter{Text: "wren"})
		if err != nil || len(l.People) != 1 {
			t.Fatalf("Wren: %+v, %v", l, err)
		}
		part, err := exchange.Source().Export(t.Context(), h.DB.Read(), h.in.ID, l.People[0].ID)
		if err != nil || len(part.(interface{ Pairs() []exchange.Pair }).Pairs()) != 1 {
			t.Errorf("her copy: %+v, %v", part, err)
		}
		if err := h.people.Erase(t.Context(), h.sue, h.in.ID, l.People[0].ID); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"import_batch", "import_cells", "import_choice", "import_row", "import_mapping"} {
			for _, word := range []string{"wren", "starling", "nightingale"} {
				h.holdsNot(table, word)
			}
		}
		if _, err := h.Get(t.Context(), h.sue, h.in.ID, waits.ID); err == nil {
			t.Error("a file that names her still waits")
		}
		if _, err := h.Get(t.Context(), h.sue, h.in.ID, other.ID); err != nil {
			t.Errorf("a file that doesn't name her is gone: %v", err)
		}
	})
}
