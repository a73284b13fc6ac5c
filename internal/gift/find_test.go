package gift

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"commonweal/internal/i18n"
)

func TestFindKnowsWhatPeopleMean(t *testing.T) {
	v := ownVocabulary(t)
	for _, test := range []struct {
		text string
		want string // the first term found
		word string // by which word
		fit  Fit
	}{
		{"reading aloud", "reading-aloud", "reading aloud", Exact},
		{"leer cuentos", "reading-aloud", "leer cuentos", Synonym},
		{"LEER  CUENTOS a mis hijos", "reading-aloud", "leer cuentos", Synonym},
		{"someone to mind the children", "children", "mind children", Synonym},
		{"cuidar niños", "children", "cuidar a los niños", Synonym},
		{"good with toddlers", "toddlers", "good with toddlers", Exact},
		{"se manejar carro", "driving", "manejar", Exact},
		{"jardineria", "gardening", "jardinería", Exact},
		{"arreglar bicicletas", "bicycle-repair", "arreglar bicicletas", Exact},
		{"the children’s books", "library-know-how", "children's books", Synonym},
	} {
		t.Run(test.text, func(t *testing.T) {
			found := v.Find(test.text, i18n.English)
			if len(found) == 0 {
				t.Fatal("nothing found")
			}
			if got := found[0]; got.Term != test.want || got.Word != test.word || got.Fit != test.fit {
				t.Errorf("found %+v", got)
			}
		})
	}
}

func TestFindComparesWholeWordsOnly(t *testing.T) {
	v := ownVocabulary(t)
	for text, never := range map[string]string{
		"childhood development": "children",
		"software development":  "children",
		"childhood":             "computers",
		"soft wares":            "computers",
		"bedroom":               "a-place-to-meet",
		"arreglar bicicletas":   "cycling", // the longer word says what is meant
		"trombone":              "drawing",
		"":                      "reading",
		"the of a la":           "reading",
	} {
		if slices.ContainsFunc(v.Find(text, i18n.English), func(m Match) bool { return m.Term == never }) {
			t.Errorf("%q finds %s", text, never)
		}
	}
}

func TestFindGoesOnToWhatIsNarrowerAndWider(t *testing.T) {
	v := ownVocabulary(t)
	fitOf := func(text, term string) Fit {
		for _, m := range v.Find(text, i18n.Spanish) {
			if m.Term == term {
				return m.Fit
			}
		}
		return ""
	}
	if got := fitOf("someone to mind the children", "toddlers"); got != Child {
		t.Errorf("minding children → good with toddlers: %q, want child", got)
	}
	if got := fitOf("hacer pan", "cooking"); got != Parent {
		t.Errorf("baking → cooking: %q, want parent", got)
	}
	if got := fitOf("hornear", "repair"); got != "" {
		t.Errorf("baking → repair: %q", got)
	}
	for _, m := range v.Find("hornear y coser", i18n.Spanish) {
		if m.Fit.Value() <= 0 || m.Fit.Value() > 1 || !i18n.In(i18n.English).Has(m.Fit.SentenceKey()) {
			t.Errorf("%+v can't be weighed or explained", m)
		}
	}
}

// slowFind is what Find means, said plainly: a term is named when one of its
// phrases stands in the text as whole words, and isn't part of a longer one.
func slowFind(v *Vocabulary, text string) map[string]bool {
	type span struct{ from, to int }
	words := tokens(text)
	said := map[string][]span{}
	for id, term := range v.terms {
		for _, list := range term.Words {
			for _, p := range list.phrases() {
				want := tokens(p)
				for i := 0; i+len(want) <= len(words); i++ {
					if slices.Equal(words[i:i+len(want)], want) {
						said[id] = append(said[id], span{i, i + len(want)})
					}
				}
			}
		}
	}
	named := map[string]bool{}
	for id, spans := range said {
		for _, s := range spans {
			covered := false
			for _, others := range said {
				for _, o := range others {
					covered = covered || o.to-o.from > s.to-s.from && o.from <= s.from && s.to <= o.to
				}
			}
			named[id] = named[id] || !covered
		}
	}
	for id, yes := range named {
		if !yes {
			delete(named, id)
		}
	}
	return named
}

func TestFindIsWhatItMeans(t *testing.T) {
	v := ownVocabulary(t)
	var words []string
	for _, list := range v.index {
		for _, p := range list {
			words = append(words, strings.Fields(p.text)...)
		}
	}
	slices.Sort(words)
	words = append(slices.Compact(words), "zorbing", "childhood", ",", "the", "de")
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 8).Draw(t, "words"), " ")
		want := slowFind(v, text)
		got := map[string]bool{}
		for _, m := range v.named(text, i18n.Spanish) {
			if got[m.Term] {
				t.Errorf("%q names %s twice", text, m.Term)
			}
			got[m.Term] = true
		}
		if len(got) != len(want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
		for id := range want {
			if !got[id] {
				t.Errorf("%q doesn't find %s", text, id)
			}
		}
	})
}

// FuzzFind holds that no text breaks the search, and that what it finds was said.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{"leer cuentos", "a ride", "", "ñandú", "\x00", "’", "漢字 cooking", strings.Repeat("leer ", 200)} {
		f.Add(seed)
	}
	v := ownVocabulary(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4000 {
			t.Skip("refused at the form")
		}
		key := folded(text)
		for _, m := range v.Find(text, i18n.English) {
			if !strings.Contains(key, folded(m.Word)) {
				t.Errorf("%q finds %q, which it doesn't say", text, m.Word)
			}
		}
	})
}
