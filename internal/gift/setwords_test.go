package gift_test

import (
	"slices"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
)

// said is how a term is said in both languages, as one types it.
func said(en, enSyn, es, esSyn string) gift.TermDraft {
	return gift.TermDraft{
		Labels:   map[i18n.Lang]string{i18n.English: en, i18n.Spanish: es},
		Synonyms: map[i18n.Lang]string{i18n.English: enSyn, i18n.Spanish: esSyn},
	}
}

func TestATermIsSaidAnewInEveryLanguageAtOnce(t *testing.T) {
	run(t, func(h *house) {
		free := h.gives(h.person("Ada", h.carl), "macramé lamps")[0]
		made, err := h.AddTerm(h.Context(), h.carl, h.in.ID, gift.TermDraft{Kind: gift.Skill, Labels: map[i18n.Lang]string{i18n.English: "knots"}})
		h.ok(err)
		h.ok(h.SetWords(h.Context(), h.carl, h.in.ID, made.ID, said("tying knots", "macramé\nrope work", "hacer nudos", "nudos")))

		v, err := h.Vocabulary(h.Context(), h.in.ID)
		h.ok(err)
		term, _ := v.Term(made.ID)
		h.expect("English", append(term.Words[i18n.English].Synonyms, term.Words[i18n.English].Label), "macramé", "rope work", "knots", "tying knots")
		h.expect("Spanish", append(term.Words[i18n.Spanish].Synonyms, term.Words[i18n.Spanish].Label), "nudos", "hacer nudos")
		if _, under := h.gift(free); under != made.ID {
			t.Errorf("what stood in its own words is under %q", under)
		}
	})
}

func TestWordsThatCannotBeAreRefusedTogether(t *testing.T) {
	run(t, func(h *house) {
		err := h.SetWords(h.Context(), h.carl, h.in.ID, "sewing", said("", "", "cocinar", "a"))
		h.expect("faults", h.told(err), "label_en gift.label.missing", "synonyms_es gift.word.small", "label_es gift.word.taken")
		if term, _ := h.words("sewing"); term != "sewing" {
			t.Errorf("something was written: sewing finds %q", term)
		}
		h.must("an unknown term", h.SetWords(h.Context(), h.carl, h.in.ID, "no-such", said("a b", "", "", "")), fault.NotFound)
		h.must("a member", h.SetWords(h.Context(), h.member("Mia", access.Member), h.in.ID, "sewing", said("x", "", "y", "")), fault.NotFound)
	})
}

func TestSharersAreWhomBringTogetherWouldAsk(t *testing.T) {
	run(t, func(h *house) {
		h.gives(h.person("Ada", h.carl), "reading aloud")
		h.gives(h.person("Bea", h.carl), "leer cuentos")
		h.gives(h.person("Cam", h.cora), "read to children")
		c, err := h.Sharers(h.Context(), h.carl, h.in.ID, "reading-aloud")
		h.ok(err)
		h.expect("known", holders(c.People), "Ada", "Bea")
		if c.Known != 2 || c.Others != 1 {
			t.Errorf("known %d, others %d", c.Known, c.Others)
		}
		_, err = h.BringTogether(h.Context(), h.carl, h.in.ID, "reading-aloud", gift.GatheringDraft{})
		h.ok(err)
		c, err = h.Sharers(h.Context(), h.carl, h.in.ID, "reading-aloud")
		h.ok(err)
		if c.Known+c.Others != 0 {
			t.Errorf("once brought together: %+v", c)
		}
		_, err = h.Sharers(h.Context(), h.member("Mia", access.Member), h.in.ID, "reading-aloud")
		h.must("a member", err, fault.NotFound)
	})
}

func TestOneGatheringIsReadByThoseItConcerns(t *testing.T) {
	run(t, func(h *house) {
		h.gives(h.person("Ada", h.carl), "reading aloud", "sewing")
		h.gives(h.person("Bea", h.carl), "leer cuentos", "sewing")
		made, err := h.BringTogether(h.Context(), h.carl, h.in.ID, "reading-aloud", gift.GatheringDraft{})
		h.ok(err)
		_, err = h.BringTogether(h.Context(), h.carl, h.in.ID, "sewing", gift.GatheringDraft{})
		h.ok(err)
		got, err := h.Gathering(h.Context(), h.carl, h.in.ID, made.ID)
		h.ok(err)
		if got.ID != made.ID || !slices.Equal(holders(got.Known), []string{"Ada", "Bea"}) {
			t.Errorf("one of two: %+v", got)
		}
		for _, id := range []string{"", "no-such"} {
			_, err = h.Gathering(h.Context(), h.carl, h.in.ID, id)
			h.must("gathering "+id, err, fault.NotFound)
		}
		_, err = h.Gathering(h.Context(), h.cora, h.in.ID, made.ID)
		h.must("a connector whom it doesn't concern", err, fault.NotFound)
	})
}
