package giftweb

import (
	"github.com/a-h/templ"

	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

// howMany says how many people share a term, in the verb of its kind.
func (p termPage) howMany() string {
	key := "gifts.term.about."
	switch {
	case p.Count.Hidden:
		key = "gifts.term.some."
	case p.Count.N == 0:
		return p.T("gifts.term.none")
	}
	return p.T(key+string(p.Term.Kind), i18n.Args{"n": p.Count.N})
}

// said is when a gift was named, and in which language where that isn't the
// page's.
func said(b page.Base, g gift.Gift) string {
	text := b.T("gifts.held.named", i18n.Args{"day": b.Date(g.NamedAt.Time)})
	if g.Lang != b.Lang() {
		text += " · " + b.T("page.written."+string(g.Lang))
	}
	return text
}

// more is what somebody said about how far, when and in which languages they
// would share a gift, and when they were last asked for it.
func more(b page.Base, h gift.Held) (lines []string) {
	for _, part := range []struct{ key, text string }{
		{"gifts.held.reach", h.Reach},
		{"gifts.held.times", h.Times},
		{"gifts.held.langs", h.Langs},
		{"gifts.held.asked", b.Date(h.LastAskedAt.Time)},
		{"gifts.held.used", b.Date(h.FirstUsedAt.Time)},
	} {
		if part.text != "" {
			lines = append(lines, b.T(part.key, i18n.Args{"text": part.text}))
		}
	}
	return lines
}

// noting is where the buttons about a gift send what became of it.
func noting(b page.Base) templ.SafeURL { return templ.URL(b.Path("gifts", "noted")) }
