package gift

import (
	"slices"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// Term is a plain word for gifts, such as "reading aloud".
type Term struct {
	ID     string
	Kind   Kind
	Parent string // a wider term, or ""; a wider term has no parent itself
	Words  map[i18n.Lang]Words
}

// Words are how a term is said in one language.
type Words struct {
	Label    string
	Synonyms []string
}

// Label is what the term is called in a language, or in the nearest one it has.
func (t Term) Label(lang i18n.Lang) string {
	if w, ok := t.Words[lang]; ok {
		return w.Label
	}
	for _, l := range i18n.Langs() {
		if w, ok := t.Words[l]; ok {
			return w.Label
		}
	}
	return ""
}

// phrases are all ways to say the term in a language, the label first.
func (w Words) phrases() []string { return append([]string{w.Label}, w.Synonyms...) }

// Vocabulary is an initiative's list of terms, ready to be searched. It is
// never altered once made, so that everyone may share it.
type Vocabulary struct {
	version  int64 // the number of edits; 0 is our own list, not yet copied
	terms    map[string]Term
	merged   map[string]string   // a term that is no more → the one it went into
	narrower map[string][]string // ids, sorted
	index    map[string][]phrase // by first token
}

// phrase is one way to say a term, as tokens.
type phrase struct {
	tokens []string
	term   string
	text   string // as it stands in the list
	lang   i18n.Lang
	label  bool
}

func newVocabulary(version int64, terms []Term, merged map[string]string) *Vocabulary {
	v := &Vocabulary{
		version: version, merged: merged,
		terms: make(map[string]Term, len(terms)), narrower: map[string][]string{}, index: map[string][]phrase{},
	}
	for _, t := range terms {
		v.terms[t.ID] = t
		if t.Parent != "" {
			v.narrower[t.Parent] = append(v.narrower[t.Parent], t.ID)
		}
		for lang, words := range t.Words {
			for i, text := range words.phrases() {
				v.add(phrase{tokens: tokens(text), term: t.ID, text: text, lang: lang, label: i == 0})
			}
		}
	}
	for _, ids := range v.narrower {
		slices.Sort(ids)
	}
	for _, list := range v.index {
		slices.SortFunc(list, longestFirst)
	}
	return v
}

func (v *Vocabulary) add(p phrase) {
	if len(p.tokens) > 0 {
		v.index[p.tokens[0]] = append(v.index[p.tokens[0]], p)
	}
}

// longestFirst makes the order of a list the same on every machine.
func longestFirst(a, b phrase) int {
	if c := len(b.tokens) - len(a.tokens); c != 0 {
		return c
	}
	return strings.Compare(a.term+" "+string(a.lang)+" "+a.text, b.term+" "+string(b.lang)+" "+b.text)
}

// Term finds a term by its id; an id that was merged finds what it went into.
func (v *Vocabulary) Term(id string) (Term, bool) {
	for range v.merged { // as many steps as there were merges, at most
		into, ok := v.merged[id]
		if !ok {
			break
		}
		id = into
	}
	t, ok := v.terms[id]
	return t, ok
}

// Label is what a term is called in a language, or "".
func (v *Vocabulary) Label(id string, lang i18n.Lang) string {
	t, _ := v.Term(id)
	return t.Label(lang)
}

// Terms are all terms, by what they are called in a language.
func (v *Vocabulary) Terms(lang i18n.Lang) []Term {
	all := make([]Term, 0, len(v.terms))
	keys := make(map[string]string, len(v.terms))
	for id, t := range v.terms {
		all = append(all, t)
		keys[id] = db.Fold(t.Label(lang)) + " " + id
	}
	slices.SortFunc(all, func(a, b Term) int { return strings.Compare(keys[a.ID], keys[b.ID]) })
	return all
}

// says finds which term already has a phrase that reads the same.
func (v *Vocabulary) says(text string) (term string, ok bool) {
	want := tokens(text)
	if len(want) == 0 {
		return "", false
	}
	for _, p := range v.index[want[0]] {
		if slices.Equal(p.tokens, want) {
			return p.term, true
		}
	}
	return "", false
}
