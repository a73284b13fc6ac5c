package gift_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
)

// words finds the first term of a text, as the list is now.
func (h *house) words(text string) (term, word string) {
	h.Helper()
	v, err := h.Vocabulary(h.Context(), h.in.ID)
	h.ok(err)
	m, _ := v.Best(text, i18n.English)
	return m.Term, m.Word
}

// text reads a gift's own words and term from the store.
func (h *house) gift(id string) (text, term string) {
	h.Helper()
	err := h.DB.Read().QueryRowContext(h.Context(), `select text, coalesce(term_id, '') from gift where initiative_id = $1 and id = $2`,
		h.in.ID, id).Scan(&text, &term)
	h.ok(err)
	return text, term
}

func TestAGroupEditsItsListAndLosesNoAnswer(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl)
		sewn := h.gives(ada, "dressmaking")[0]
		free := h.gives(ada, "hago bolillos muy ricos")[0]

		h.ok(h.Rename(h.Context(), h.carl, h.in.ID, "sewing", i18n.English, "needle and thread"))
		if term, _ := h.words("needle and thread"); term != "sewing" {
			t.Errorf("the new name finds %q", term)
		}
		if term, _ := h.words("sewing"); term != "sewing" {
			t.Errorf("the old name finds %q", term)
		}

		h.ok(h.SetSynonyms(h.Context(), h.carl, h.in.ID, "baking", i18n.Spanish, "bolillos, pan dulce\nhacer pan,hacer  pan"))
		if text, term := h.gift(free); text != "hago bolillos muy ricos" || term != "baking" {
			t.Errorf("what stood in its own words: %q under %q", text, term)
		}
		if term, _ := h.words("repostería"); term != "" {
			t.Errorf("a word that was taken off the list finds %q", term)
		}

		h.ok(h.Merge(h.Context(), h.carl, h.in.ID, "sewing", "crafts"))
		if text, term := h.gift(sewn); text != "dressmaking" || term != "crafts" {
			t.Errorf("after merging: %q under %q", text, term)
		}
		for _, text := range []string{"sewing", "coser", "needle and thread", "manualidades"} {
			if term, _ := h.words(text); term != "crafts" {
				t.Errorf("%q finds %q, want crafts", text, term)
			}
		}
		page, err := h.ByTerm(h.Context(), h.carl, h.in.ID, "sewing", "")
		h.ok(err)
		if page.Term.ID != "crafts" || len(page.People) != 1 {
			t.Errorf("the old address leads to %+v", page)
		}

		own := h.gives(ada, "I play the theremin")[0]
		made, err := h.AddTerm(h.Context(), h.carl, h.in.ID, gift.TermDraft{
			Kind: gift.Skill, Parent: "music",
			Labels:   map[i18n.Lang]string{i18n.English: "theremin", i18n.Spanish: "teremín"},
			Synonyms: map[i18n.Lang]string{i18n.English: "theremins, etherphone"},
		})
		h.ok(err)
		if _, term := h.gift(own); term != made.ID {
			t.Errorf("what was said before there was a word for it stands under %q", term)
		}
		if term, word := h.words("TEREMIN"); term != made.ID || word != "teremín" {
			t.Errorf("the new term is found as %q by %q", term, word)
		}
	})
}

func TestAParentGoesIntoItsChildAndAllStaysTwoDeep(t *testing.T) {
	run(t, func(h *house) {
		for _, pair := range [][2]string{{"cooking", "baking"}, {"music", "crafts"}, {"repair", "cooking-for-many"}} {
			h.ok(h.Merge(h.Context(), h.carl, h.in.ID, pair[0], pair[1]))
		}
		v, err := h.Vocabulary(h.Context(), h.in.ID)
		h.ok(err)
		for _, term := range v.Terms(i18n.English) {
			if term.Parent == "" {
				continue
			}
			p, ok := v.Term(term.Parent)
			if !ok || p.ID != term.Parent || p.Parent != "" {
				t.Errorf("%s is within %q, which is %+v", term.ID, term.Parent, p)
			}
		}
		if term, ok := v.Term("music"); !ok || term.ID != "crafts" {
			t.Errorf("music leads to %q", term.ID)
		}
		h.ok(h.Merge(h.Context(), h.carl, h.in.ID, "crafts", "gardens"))
		if v, err = h.Vocabulary(h.Context(), h.in.ID); err != nil {
			t.Fatal(err)
		}
		if term, _ := v.Term("music"); term.ID != "gardens" {
			t.Errorf("two merges later music leads to %q", term.ID)
		}
	})
}

func TestTheListRefusesWhatWouldMakeItWorse(t *testing.T) {
	run(t, func(h *house) {
		member := h.member("Mia", access.Member)
		h.must("a member", h.Rename(h.Context(), member, h.in.ID, "sewing", "en", "x"), fault.NotFound)
		_, eve := h.found("Elm", "Eve")
		h.must("another initiative", h.Rename(h.Context(), eve, h.in.ID, "sewing", "en", "x"), fault.NotFound)
		h.must("an unknown term", h.Rename(h.Context(), h.carl, h.in.ID, "nothing", "en", "x"), fault.NotFound)
		h.must("an unknown language", h.Rename(h.Context(), h.carl, h.in.ID, "sewing", "tlh", "x"), fault.NotFound)

		for what, test := range map[string]struct {
			err  error
			want []string
		}{
			"no name":        {h.Rename(h.Context(), h.carl, h.in.ID, "sewing", "en", "  "), []string{"label gift.label.missing"}},
			"a small word":   {h.Rename(h.Context(), h.carl, h.in.ID, "sewing", "en", "of the"), []string{"label gift.word.small"}},
			"another's word": {h.Rename(h.Context(), h.carl, h.in.ID, "sewing", "en", "Baking"), []string{"label gift.word.taken"}},
			"another's, as a synonym in another language": {
				h.SetSynonyms(h.Context(), h.carl, h.in.ID, "sewing", "en", "coser, hornear"), []string{"synonyms gift.word.taken"},
			},
			"long":    {h.SetSynonyms(h.Context(), h.carl, h.in.ID, "sewing", "en", strings.Repeat("x", 61)), []string{"synonyms gift.text.long"}},
			"itself":  {h.Merge(h.Context(), h.carl, h.in.ID, "sewing", "sewing"), []string{"into gift.into.unknown"}},
			"nothing": {h.Merge(h.Context(), h.carl, h.in.ID, "sewing", "nothing"), []string{"into gift.into.unknown"}},
		} {
			h.expect(what, h.told(test.err), test.want...)
		}
		_, err := h.AddTerm(h.Context(), h.carl, h.in.ID, gift.TermDraft{Kind: "rank", Parent: "baking", Synonyms: map[i18n.Lang]string{"es": "algo"}})
		h.expect("an empty term", h.told(err), "kind gift.kind.missing", "parent gift.parent.unknown",
			"label_es gift.label.missing", "label_en gift.label.missing")
		v, err := h.Vocabulary(h.Context(), h.in.ID)
		h.ok(err)
		if got := v.Label("sewing", i18n.English); got != "sewing" {
			t.Errorf("a refused edit left %q", got)
		}
	})
}

func TestTheListIsReadOnceForEachVersion(t *testing.T) {
	run(t, func(h *house) {
		read := func() int {
			return h.costs(func(ctx context.Context) { _, err := h.Vocabulary(ctx, h.in.ID); h.ok(err) })
		}
		if n := read(); n != 2 {
			t.Errorf("the first reading costs %d statements, want version and list", n)
		}
		if n := read(); n != 1 {
			t.Errorf("the second reading costs %d statements, want the version", n)
		}
		h.ok(h.Rename(h.Context(), h.carl, h.in.ID, "sewing", "en", "needlecraft"))
		if n := read(); n != 2 {
			t.Errorf("after an edit it costs %d", n)
		}
		v, err := h.Vocabulary(h.Context(), h.in.ID)
		h.ok(err)
		if v.Label("sewing", "en") != "needlecraft" || v.Label("sewing", "es") != "coser" {
			t.Errorf("labels %q and %q", v.Label("sewing", "en"), v.Label("sewing", "es"))
		}
		other := h.in
		other.ID = "unknown"
		if n := h.costs(func(ctx context.Context) { _, err := h.Vocabulary(ctx, "unknown"); h.ok(err) }); n != 1 {
			t.Errorf("an initiative without a list costs %d", n)
		}
	})
}

// TestAnInitiativeOlderThanItsList is one that was made before lists were.
func TestAnInitiativeOlderThanItsListGetsItWithTheFirstGift(t *testing.T) {
	run(t, func(h *house) {
		for _, table := range []string{"gift_term_edit", "gift_word", "gift_term"} {
			h.tx(func(q db.Querier) error {
				return db.Exec(h.Context(), q, fmt.Sprintf(`delete from %s where initiative_id = $1`, table), h.in.ID)
			})
		}
		id := h.gives(h.person("Ada", h.carl), "coser")[0]
		if _, term := h.gift(id); term != "sewing" {
			t.Errorf("kept under %q", term)
		}
		h.ok(h.Rename(h.Context(), h.carl, h.in.ID, "sewing", "en", "needlecraft"))
	})
}
