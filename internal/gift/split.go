package gift

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// Split parts what somebody said in one breath into gifts: at commas,
// semicolons and new lines, and at "and" where each side is a gift by itself.
// "Cooking, and old songs and customs" is two gifts, not three. No word is
// lost but the joining one, and the same gift said twice is one.
func (v *Vocabulary) Split(text string, lang i18n.Lang) []string {
	var parts []string
	seen := map[string]bool{}
	for _, piece := range pieces(text) {
		for _, part := range v.atJoins(piece, lang) {
			if key := db.Fold(part); !seen[key] {
				seen[key] = true
				parts = append(parts, part)
			}
		}
	}
	return parts
}

// pieces cuts at marks that part one thing from the next: not within brackets,
// and not within a number.
func pieces(text string) []string {
	var all []string
	depth, from := 0, 0
	cut := func(to, next int) {
		if piece := trim(text[from:to]); piece != "" {
			all = append(all, piece)
		}
		from = next
	}
	balanced := strings.Count(text, "(") == strings.Count(text, ")")
	for i, r := range text {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case '\n', '\r', ';', '•':
			cut(i, i+utf8.RuneLen(r))
		case ',':
			if (depth <= 0 || !balanced) && !betweenDigits(text, i) {
				cut(i, i+1)
			}
		}
	}
	cut(len(text), len(text))
	return all
}

func betweenDigits(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at+1:])
	return unicode.IsDigit(before) && unicode.IsDigit(after)
}

// trim takes off blanks, what lists begin their lines with, and a full stop.
func trim(piece string) string {
	piece = strings.TrimSpace(piece)
	piece = strings.TrimLeft(piece, "-–—*· ")
	return strings.TrimSpace(strings.TrimRight(piece, ". "))
}

// joins are the words that stand between two gifts.
var joins = map[string]bool{"and": true, "&": true, "y": true, "e": true}

// atJoins cuts a piece at its joining words, if what stands on each side names
// a gift and nothing that is named reaches across. What is too long to be one
// gift is left whole: it is refused, and trying every join of it would take
// long.
func (v *Vocabulary) atJoins(piece string, lang i18n.Lang) []string {
	if utf8.RuneCountInString(piece) > MaxText {
		return []string{piece}
	}
	words := strings.Fields(piece)
	for i, w := range words {
		if !joins[db.Fold(w)] || i == 0 || i == len(words)-1 {
			continue
		}
		left, right := trim(strings.Join(words[:i], " ")), trim(strings.Join(words[i+1:], " "))
		if left != "" && right != "" && v.areTwo(left, right, lang) {
			return append([]string{left}, v.atJoins(right, lang)...)
		}
	}
	return []string{piece}
}

// areTwo says whether two texts name a gift each and, put together, no other.
func (v *Vocabulary) areTwo(left, right string, lang i18n.Lang) bool {
	a, b := v.named(left, lang), v.named(right, lang)
	if len(a) == 0 || len(b) == 0 || a[0].Term == b[0].Term {
		return false
	}
	apart := map[string]bool{}
	for _, m := range append(a, b...) {
		apart[m.Term] = true
	}
	for _, m := range v.named(left+" "+right, lang) {
		delete(apart, m.Term)
	}
	return len(apart) == 0
}
