package sheet

import (
	"cmp"
	"slices"
	"strings"
)

// Field is what a table can be brought into: one field of the target.
type Field struct {
	Name    string   // unique among the fields
	Words   []string // how people call it, in English and Spanish: "e-mail", "correo"
	Kind    Kind
	Choices []string // with Choice: the words that its cells may hold
}

// Match is a column that was found for a field.
type Match struct {
	Column     int // among the sheet's columns
	Field      string
	Confidence float64 // 0 to 1; from Sure on it needs no question
}

// Sure is the confidence from which a match needs no question.
const Sure = 0.75

// likely is the score from which a match is worth proposing.
const likely = 0.45

// Mapping says which column goes where. Each column and each field stands at
// most once in Matches, which are in the order of the columns.
type Mapping struct {
	Matches []Match
	Rest    []int // columns without a field: kept, never dropped
}

// Guess finds columns for fields by their headings and by what the sample's
// cells look like. The best pair is taken first, then the best of what is
// left, so the same input always gives the same mapping.
func Guess(header []string, sample []Row, fields []Field) Mapping {
	vocabulary := newVocabulary(fields)
	var pairs []pair
	order := map[string]int{}
	for i, f := range fields {
		order[f.Name] = i
	}
	for i, heading := range completed(header) {
		cells := column(sample, i)
		looks := looksOf(cells)
		for _, f := range fields {
			if score := vocabulary.score(heading, f) + f.fits(cells, looks); score >= likely {
				pairs = append(pairs, pair{Match{Column: i, Field: f.Name, Confidence: min(score, 1)}, score})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.score, a.score), a.Column-b.Column, order[a.Field]-order[b.Field])
	})
	var m Mapping
	usedColumns, usedFields := map[int]bool{}, map[string]bool{}
	for _, p := range pairs {
		if !usedColumns[p.Column] && !usedFields[p.Field] {
			usedColumns[p.Column], usedFields[p.Field] = true, true
			m.Matches = append(m.Matches, p.Match)
		}
	}
	slices.SortFunc(m.Matches, func(a, b Match) int { return a.Column - b.Column })
	for i := range header {
		if !usedColumns[i] {
			m.Rest = append(m.Rest, i)
		}
	}
	return m
}

// pair is a match that may be made. Its score may be over 1: of two that are
// sure, the surer one is made.
type pair struct {
	Match
	score float64
}

// completed is the headings, "Name" beside a surname being the first name.
func completed(header []string) []string {
	surname, given := false, false
	for _, h := range header {
		words := wordsOf(h)
		surname = surname || slices.Contains(words, stem("surname")) || slices.Contains(words, stem("apellidos")) || isSaid(words, "last", "name")
		given = given || isSaid(words, "first") || isSaid(words, "given", "name")
	}
	if !surname || given {
		return header
	}
	out := slices.Clone(header)
	for i, h := range header {
		if words := wordsOf(h); len(words) == 1 && alike(words[0], stem("name")) >= 0.9 {
			out[i] = "First name (nombre de pila)"
			break
		}
	}
	return out
}

func isSaid(words []string, all ...string) bool {
	return !slices.ContainsFunc(all, func(w string) bool { return !slices.Contains(words, stem(w)) })
}

// column is the cells of one column with something in them.
func column(sample []Row, i int) (cells []Cell) {
	for _, r := range sample {
		if c := r.at(i); c.Kind != Empty && c.Text != "" {
			cells = append(cells, c)
		}
	}
	return cells
}

// looks are how much of a column looks like each kind, from 0 to 1.
type looks [Choice + 1]float64

func looksOf(cells []Cell) (l looks) {
	for _, c := range cells {
		l[lookOf(c)] += 1 / float64(len(cells))
	}
	return l
}

// fits is what a column's cells say for or against a field.
func (f Field) fits(cells []Cell, l looks) float64 {
	if len(cells) == 0 {
		return 0
	}
	switch f.Kind {
	case Email:
		return 1.1*l[Email] - 0.6
	case Phone:
		return 1.1*l[Phone] - 0.6
	case Date:
		return 0.8*l[Date] - 0.5
	case Number:
		return 0.35*l[Number] - 0.3
	case Bool:
		return 0.4*l[Bool] - 0.3
	case Choice:
		return 0.4*f.chosen(cells) - 0.2
	default:
		return -0.5*(l[Email]+l[Phone]) - 0.35*l[Bool] - 0.3*l[Date] - 0.15*l[Number]
	}
}

// chosen is how much of a column is among the field's choices.
func (f Field) chosen(cells []Cell) float64 {
	n := 0
	for _, c := range cells {
		if slices.ContainsFunc(f.Choices, func(word string) bool { return fold(word) == fold(c.Text) }) {
			n++
		}
	}
	return float64(n) / float64(len(cells))
}

// vocabulary is the words of all fields. A word that many fields use, such as
// "name", tells less than one that a single field does.
type vocabulary struct {
	phrases map[string][][]string // by field
	weight  map[string]float64    // by word
}

func newVocabulary(fields []Field) vocabulary {
	v := vocabulary{phrases: map[string][][]string{}, weight: map[string]float64{}}
	uses := map[string]int{}
	for _, f := range fields {
		seen := map[string]bool{}
		for _, phrase := range append(slices.Clone(f.Words), f.Name) {
			words := wordsOf(phrase)
			if len(words) == 0 {
				continue
			}
			v.phrases[f.Name] = append(v.phrases[f.Name], words)
			for _, w := range words {
				if !seen[w] {
					seen[w] = true
					uses[w]++
				}
			}
		}
	}
	for w, n := range uses {
		v.weight[w] = 1 / float64(n)
	}
	return v
}

// score is how well a heading says one of the field's phrases.
func (v vocabulary) score(heading string, f Field) (best float64) {
	said := wordsOf(heading)
	for _, phrase := range v.phrases[f.Name] {
		best = max(best, v.likeness(said, phrase))
	}
	return best
}

// likeness is 1 for the phrase itself, less for every word that is missing and
// a little less for every word too many.
func (v vocabulary) likeness(said, phrase []string) float64 {
	found, all := 0.0, 0.0
	used := make([]float64, len(said))
	for _, w := range phrase {
		weight := v.of(w)
		all += weight
		best, at := 0.0, -1
		for i, s := range said {
			if like := alike(s, w); like > best && used[i] == 0 {
				best, at = like, i
			}
		}
		if at >= 0 {
			found += weight * best
			used[at] = best
		}
	}
	if found == 0 {
		return 0
	}
	meant, too := 0.0, 0.0
	for i, s := range said {
		weight := v.of(s)
		too += weight
		meant += weight * used[i]
	}
	return 0.7*found/all + 0.3*meant/too
}

// of is a word's weight: one that no field uses tells as much as its own.
func (v vocabulary) of(word string) float64 {
	if w, ok := v.weight[word]; ok {
		return max(w, 0.3)
	}
	return 0.6
}

// wordsOf are the words of a heading that tell something, without endings.
func wordsOf(text string) (words []string) {
	for w := range strings.FieldsSeq(fold(strings.NewReplacer("#", " number ", "@", " at ", "e-mail", "email", "E-mail", "email", "E-Mail", "email", "E-MAIL", "email").Replace(text))) {
		if !fillers[w] {
			words = append(words, stem(w))
		}
	}
	return words
}

// stem takes the endings of plurals and genders away, in either language.
func stem(word string) string {
	for _, ending := range []string{"es", "s", "as", "os"} {
		if short := strings.TrimSuffix(word, ending); short != word && len(short) > 3 && ending != "es" {
			word = short
			break
		}
	}
	if len(word) > 4 && strings.ContainsRune("aoe", rune(word[len(word)-1])) {
		word = word[:len(word)-1]
	}
	return word
}

// alike says how much two words mean the same: 1 for the same, less for one
// cut short, for another word for it, and for one typed wrong.
func alike(said, word string) float64 {
	switch {
	case said == word:
		return 1
	case concepts[said] != 0 && concepts[said] == concepts[word]:
		return 0.9
	case len(said) >= 3 && len(word) > len(said) && strings.HasPrefix(word, said):
		return 0.8
	case len(word) >= 4 && len(said) > len(word) && strings.HasPrefix(said, word):
		return 0.7
	case len(said) >= 5 && len(word) >= 5 && isOneSlip(said, word):
		return 0.8
	}
	return 0
}

// isOneSlip says whether two words differ by one letter: another one, one too
// many, or two that changed places.
func isOneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return i == len(a) || a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
