package gift_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
)

func TestInCommonIsWhoAgreedToBeAskedAndWasNeverBroughtTogether(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl)
		h.gives(ada, "reading aloud", "leer cuentos", "sewing") // twice the same is one person
		h.gives(h.person("Bea", h.carl), "leer cuentos")
		h.gives(h.person("Cam", h.cora), "read to children")
		h.gives(h.person("Dee", h.carl, notAsked), "reading aloud")
		h.gives(h.person("Eli", h.carl, child), "reading aloud")
		paused := h.person("Fay", h.carl)
		h.gives(paused, "reading aloud")
		pause(h, paused)
		hidden := h.gives(h.person("Gil", h.carl), "reading aloud")[0]
		h.ok(h.Confirm(h.Context(), h.carl, h.in.ID, hidden, false))
		h.adds(gift.By{Conversation: "c1"}, "reading aloud")

		all, err := h.InCommon(h.Context(), h.carl, h.in.ID)
		h.ok(err)
		if len(all) != 1 || all[0].Term.ID != "reading-aloud" {
			t.Fatalf("in common: %+v", all)
		}
		h.expect("whom Carl sees by name", holders(all[0].People), "Ada", "Bea")
		if all[0].Known != 2 || all[0].Others != 1 {
			t.Errorf("known %d, others %d", all[0].Known, all[0].Others)
		}
		all, err = h.InCommon(h.Context(), h.sue, h.in.ID)
		h.ok(err)
		h.expect("whom a steward sees", holders(all[0].People), "Ada", "Bea", "Cam")
		if all[0].Others != 0 {
			t.Errorf("others = %d", all[0].Others)
		}
	})
}

func TestAGatheringIsDraftedOnce(t *testing.T) {
	run(t, func(h *house) {
		for name, who := range map[string]access.Actor{"Ada": h.carl, "Bea": h.carl, "Cam": h.cora} {
			h.gives(h.person(name, who), "reading aloud")
		}
		member := h.member("Mia", access.Member)
		_, err := h.BringTogether(h.Context(), member, h.in.ID, "reading-aloud", gift.GatheringDraft{})
		h.must("a member brings together", err, fault.NotFound)
		_, err = h.BringTogether(h.Context(), h.carl, h.in.ID, "no-such-term", gift.GatheringDraft{})
		h.must("an unknown term", err, fault.NotFound)
		_, err = h.BringTogether(h.Context(), h.carl, h.in.ID, "reading-aloud", gift.GatheringDraft{Title: strings.Repeat("x", 201), Text: "a\x00b"})
		h.expect("a bad draft", h.told(err), "title gift.text.long", "text gift.text.unreadable")

		made, err := h.BringTogether(h.Context(), h.carl, h.in.ID, "reading-aloud", gift.GatheringDraft{Lang: i18n.Spanish, Title: "Cuentos"})
		h.ok(err)
		if made.People != 3 || made.Others != 1 || made.Title != "Cuentos" || !strings.Contains(made.Text, "3 ") || !strings.Contains(made.Text, "leer en voz alta") {
			t.Errorf("made %+v", made)
		}
		h.expect("whom Carl asks", holders(made.Known), "Ada", "Bea")
		for _, who := range []access.Actor{h.carl, h.cora, h.sue} {
			all, err := h.InCommon(h.Context(), who, h.in.ID)
			h.ok(err)
			if len(all) > 0 {
				t.Errorf("still in common: %+v", all)
			}
		}
		_, err = h.BringTogether(h.Context(), h.carl, h.in.ID, "reading-aloud", gift.GatheringDraft{})
		h.must("once more", err, fault.Conflict)

		all, err := h.Gatherings(h.Context(), h.cora, h.in.ID)
		h.ok(err)
		if len(all) != 1 || all[0].ID != made.ID || all[0].Others != 2 {
			t.Fatalf("what Cora is to do: %+v", all)
		}
		h.expect("whom Cora asks", holders(all[0].Known), "Cam")
		unused, err := h.NeverAsked(h.Context(), h.carl, h.in.ID)
		h.ok(err)
		h.expect("gifts never asked for", names(unused))

		h.gives(h.person("Dan", h.carl), "reading aloud")
		if all, err := h.InCommon(h.Context(), h.carl, h.in.ID); err != nil || len(all) > 0 {
			t.Errorf("one alone has nothing in common: %+v, %v", all, err)
		}
		_, err = h.BringTogether(h.Context(), h.carl, h.in.ID, "reading-aloud", gift.GatheringDraft{})
		h.must("bringing one together", err, fault.Conflict)
		h.gives(h.person("Eva", h.cora), "reading aloud")
		if all, err := h.InCommon(h.Context(), h.carl, h.in.ID); err != nil || len(all) != 1 || all[0].Known != 1 || all[0].Others != 1 {
			t.Errorf("two who came later: %+v, %v", all, err)
		}
	})
}

// TestTwoConnectorsDraftOneGathering has both press the button at once.
func TestTwoConnectorsDraftOneGathering(t *testing.T) {
	run(t, func(h *house) {
		h.gives(h.person("Ada", h.carl), "reading aloud")
		h.gives(h.person("Bea", h.cora), "reading aloud")
		var wait sync.WaitGroup
		errs := make([]error, 2)
		for i, who := range []access.Actor{h.carl, h.cora} {
			wait.Go(func() {
				_, errs[i] = h.BringTogether(h.Context(), who, h.in.ID, "reading-aloud", gift.GatheringDraft{})
			})
		}
		wait.Wait()
		if won := slices.IndexFunc(errs, func(err error) bool { return err == nil }); won < 0 || !fault.Is(errs[1-won], fault.Conflict) {
			t.Errorf("errors %v: want one gathering and one Conflict", errs)
		}
	})
}

func TestAConnectorBringsTogetherWhomTheyKnow(t *testing.T) {
	run(t, func(h *house) {
		h.gives(h.person("Ada", h.carl), "reading aloud")
		h.gives(h.person("Bea", h.carl), "reading aloud")
		_, err := h.BringTogether(h.Context(), h.cora, h.in.ID, "reading-aloud", gift.GatheringDraft{})
		h.must("a connector who knows none of them", err, fault.NotFound)
	})
}

func holders(all []gift.Holder) (names []string) {
	for _, h := range all {
		names = append(names, h.Name)
	}
	return names
}
