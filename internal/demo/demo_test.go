package demo

import (
	"slices"
	"strings"
	"testing"

	"commonweal/internal/conversation"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
)

// TestEveryLanguageHasItsOwnWords keeps an invented Spanish speaker from
// answering in English for want of sentences.
func TestEveryLanguageHasItsOwnWords(t *testing.T) {
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs() {
		for what, n := range map[string]int{
			"names": len(w.Names[lang]), "needs": len(in(lang, w.Need)), "advice": len(in(lang, w.Advice)),
			"supports": len(w.Support[lang]), "cares": len(w.Care[lang]), "learning": len(w.Learn[lang]),
		} {
			if n < 3 {
				t.Errorf("%s has %d %s", lang, n, what)
			}
		}
		for _, kind := range gift.Kinds() {
			if len(w.Gifts[lang][string(kind)]) < 3 {
				t.Errorf("%s has few gifts of kind %s", lang, kind)
			}
		}
		for _, step := range conversation.Steps() {
			if !slices.ContainsFunc(in(lang, w.Answer), func(s said) bool { return s.Step == string(step) }) {
				t.Errorf("%s has no answer for %s", lang, step)
			}
		}
	}
}

// TestNobodyCanBeReached keeps invented contacts out of real hands: fictional
// numbers (555-01xx) and a name that is reserved for examples.
func TestNobodyCanBeReached(t *testing.T) {
	if strings.Contains(wordsFile, "@") || strings.Contains(wordsFile, "555") {
		t.Error("words.toml holds a contact; the maker invents them from what can't exist")
	}
}
