package organization

import (
	"slices"
	"strings"
	"testing"

	"commonweal/internal/i18n"
)

func TestOurOwnWordsAreReadAndSayEachThingOnce(t *testing.T) {
	l, err := ownLexicon()
	if err != nil {
		t.Fatal(err)
	}
	if len(l.labels) < 60 {
		t.Errorf("%d terms", len(l.labels))
	}
	whose := map[string]string{}
	for _, some := range l.phrases {
		for _, p := range some {
			if had := whose[strings.Join(p.tokens, " ")]; had != "" && had != p.term {
				t.Errorf("%q is said of %s and of %s", p.text, had, p.term)
			}
			whose[strings.Join(p.tokens, " ")] = p.term
		}
	}
	for term := range l.labels {
		for _, lang := range i18n.Langs() {
			if l.label(term, lang) == "" {
				t.Errorf("%s has no word in %s", term, lang)
			}
		}
	}
}

func TestWholeWordsFindTheirTerm(t *testing.T) {
	l, err := ownLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"I need help with the rent":                 {"rent"},
		"our parents' apartments":                   nil,
		"un asiento de carro para el bebé":          {"baby-things"},
		"¿Dónde hay CLASES DE INGLÉS?":              {"english-classes"},
		"an English-speaking doctor, and a dentist": {"english-classes", "doctor", "dentist"},
		"": nil,
	} {
		var got []string
		for _, m := range l.find(tokens(text)) {
			got = append(got, m.term)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q speaks of %q, want %q", text, got, want)
		}
	}
}
