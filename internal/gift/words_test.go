package gift

import (
	"testing"
	"unicode/utf8"

	"commonweal/internal/i18n"
)

func TestOurOwnListIsSound(t *testing.T) {
	terms, err := ownList()
	if err != nil {
		t.Fatal(err)
	}
	if len(terms) < 120 {
		t.Errorf("%d terms: the list of a whole community is longer", len(terms))
	}
	byID := map[string]Term{}
	for _, term := range terms {
		if _, twice := byID[term.ID]; twice {
			t.Errorf("%s stands in the list twice", term.ID)
		}
		byID[term.ID] = term
	}
	said := map[string]string{}
	for _, term := range terms {
		if p, ok := byID[term.Parent]; term.Parent != "" && (!ok || p.Parent != "") {
			t.Errorf("%s: its parent %q must be a term without a parent", term.ID, term.Parent)
		}
		for _, lang := range i18n.Langs() {
			if n := len(term.Words[lang].Synonyms); n < 1 {
				t.Errorf("%s: %d synonyms in %s", term.ID, n, lang)
			}
			for _, text := range term.Words[lang].phrases() {
				key := folded(text)
				if key == "  " {
					t.Errorf("%s: %q says nothing", term.ID, text)
				}
				if other := said[key]; other != "" && other != term.ID {
					t.Errorf("%q (%s) is said by %s and by %s", text, lang, other, term.ID)
				}
				said[key] = term.ID
				if utf8.RuneCountInString(text) > MaxWord {
					t.Errorf("%s: %q is long", term.ID, text)
				}
			}
		}
	}
}
