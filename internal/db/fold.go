package db

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold gives text as searches and unique names compare it: lower case, without
// accents, with single spaces. "  José  NÚÑEZ " becomes "jose nunez". Neither
// store does this the same way, so it is done here.
func Fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text, "\ufffd")) {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case unicode.Is(unicode.Mn, r):
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	// Folding alone turns Cherokee's small letters into capitals and back.
	return norm.NFC.String(strings.ToLower(cases.Fold().String(b.String())))
}

var like = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Like makes fragment mean only itself in LIKE … ESCAPE '\'. LIKE minds case on
// PostgreSQL alone: compare folded text.
func Like(fragment string) string { return like.Replace(fragment) }
