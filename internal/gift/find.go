package gift

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// Fit is how well a term fits what was looked for.
type Fit string

// The fits, best first.
const (
	Exact   Fit = "exact"   // the term's own name
	Synonym Fit = "synonym" // another way to say it
	Child   Fit = "child"   // something narrower: baking, for cooking
	Parent  Fit = "parent"  // something wider: cooking, for baking
)

// Value weighs a fit between 0 and 1, as the matcher does.
func (f Fit) Value() float64 {
	switch f {
	case Exact, Synonym:
		return 1
	case Child:
		return 0.8
	case Parent:
		return 0.5
	}
	return 0
}

// SentenceKey is the message that says why it fits; its arguments are "word",
// what was looked for, and "term".
func (f Fit) SentenceKey() string { return "gift.fit." + string(f) }

func (f Fit) rank() int { return slices.Index([]Fit{Exact, Synonym, Child, Parent}, f) }

// Match is a term that a text speaks of, and by which word.
type Match struct {
	Term string
	Word string // as it stands in the list
	Lang i18n.Lang
	Fit  Fit

	at, length int // where in the text, in tokens
}

// Find gives the terms that a text speaks of, in whatever language it was
// written, the best first: whole words only, so that "childhood" never finds
// "software". After the terms named come those next to them, narrower and then
// wider. lang decides between words that two languages share.
func (v *Vocabulary) Find(text string, lang i18n.Lang) []Match {
	matches := v.named(text, lang)
	have := make(map[string]bool, len(matches))
	for _, m := range matches {
		have[m.Term] = true
	}
	next := func(of Match, term string, fit Fit) {
		if _, there := v.terms[term]; there && !have[term] {
			have[term] = true
			matches = append(matches, Match{Term: term, Word: of.Word, Lang: of.Lang, Fit: fit})
		}
	}
	direct := matches
	for _, m := range direct {
		for _, id := range v.narrower[m.Term] {
			next(m, id, Child)
		}
	}
	for _, m := range direct {
		next(m, v.terms[m.Term].Parent, Parent)
	}
	return matches
}

// Best gives the one term that a text is best kept under, if any.
func (v *Vocabulary) Best(text string, lang i18n.Lang) (Match, bool) {
	matches := v.named(text, lang)
	if len(matches) == 0 {
		return Match{}, false
	}
	return matches[0], true
}

// named are the terms whose words stand in the text, each once. A word within
// a longer match doesn't count by itself: "arreglar bicicletas" isn't cycling.
func (v *Vocabulary) named(text string, lang i18n.Lang) []Match {
	words := tokens(text)
	var found []Match
	for at := range words {
		found = append(found, v.begin(words, at, lang)...)
	}
	found = slices.DeleteFunc(found, func(m Match) bool {
		return slices.ContainsFunc(found, m.within)
	})
	slices.SortStableFunc(found, func(a, b Match) int {
		return cmp.Or(b.length-a.length, a.Fit.rank()-b.Fit.rank(), a.at-b.at)
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(found, func(m Match) bool {
		again := seen[m.Term]
		seen[m.Term] = true
		return again
	})
}

// begin gives what is said by the words from one place on: each term's longest
// phrase there, the language asked for first.
func (v *Vocabulary) begin(words []string, at int, lang i18n.Lang) []Match {
	var found []Match
	for _, p := range v.index[words[at]] {
		if len(words)-at < len(p.tokens) || !slices.Equal(words[at:at+len(p.tokens)], p.tokens) {
			continue
		}
		m := Match{Term: p.term, Word: p.text, Lang: p.lang, Fit: Synonym, at: at, length: len(p.tokens)}
		if p.label {
			m.Fit = Exact
		}
		i := slices.IndexFunc(found, func(have Match) bool { return have.Term == p.term })
		switch {
		case i < 0:
			found = append(found, m)
		case found[i].length == m.length && found[i].Lang != lang && m.Lang == lang:
			found[i] = m
		}
	}
	return found
}

// within says whether another match covers this one and more.
func (m Match) within(other Match) bool {
	return other.length > m.length && other.at <= m.at && m.at+m.length <= other.at+other.length
}

// small are words that say nothing of a gift. They are left out of texts and
// of the list alike, so that "cuidar a los niños" and "cuidar niños" are one.
var small = func() map[string]bool {
	const words = `a an the to of for with my your our his her their some any and in on at is are am i im me it
		el la los las un una unos unas lo de del al con mi mis su sus tu tus y e en para por que me te le les se
		yo es son muy`
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}()

// tokens are the words of a text as searches compare them: folded, without
// small words. Apostrophes bind: children's is childrens.
func tokens(text string) []string {
	all := strings.FieldsFunc(apostrophes.Replace(db.Fold(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return slices.DeleteFunc(all, func(w string) bool { return small[w] })
}

var apostrophes = strings.NewReplacer("'", "", "’", "", "ʼ", "")

// folded is a text as the store keeps it to be searched: its tokens with a
// blank around each, so that a LIKE finds whole words alone.
func folded(text string) string { return " " + strings.Join(tokens(text), " ") + " " }
