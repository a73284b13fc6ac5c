package page

import (
	"time"

	"commonweal/internal/access"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// Base is embedded in the typed struct of every page: its language, its
// initiative, who looks at it.
type Base struct {
	r       *Request
	words   *i18n.Catalogue
	title   string
	neutral string // key of the browser's title on a private page
}

// Base begins a page. The title is the page's heading and, unless the route is
// private, what stands on the browser's tab.
func (r *Request) Base(titleKey string, args ...i18n.Args) Base {
	words := i18n.In(r.Lang)
	return Base{r: r, words: words, title: words.T(titleKey, args...), neutral: "page.private"}
}

// Titled is the base with a heading that is data, such as a person's name.
func (b Base) Titled(heading string) Base {
	b.title = heading
	return b
}

// Neutral names what stands on the browser's tab of a private page. It takes
// no arguments, so that no name and no need can get there.
func (b Base) Neutral(key string) Base {
	b.neutral = key
	return b
}

// T is the sentence for key in the page's language.
func (b Base) T(key string, args ...i18n.Args) string { return b.words.T(key, args...) }

// Has says whether there is a sentence for key.
func (b Base) Has(key string) bool { return b.words.Has(key) }

// Say is a fault's message in the page's language.
func (b Base) Say(m fault.Message) string { return b.words.Say(m) }

// Number writes a number as the language does.
func (b Base) Number(n any) string { return b.words.Number(n) }

// Day writes a calendar day: "Sat 28 Nov 2026". The zero day is nothing. A
// db.Day is given as its Time.
func (b Base) Day(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return b.words.Date(day)
}

// Date writes the day of a moment, where the initiative's people live.
func (b Base) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return b.words.Date(t.In(b.Zone()))
}

// Clock writes the time of day of a moment, where the initiative's people live.
func (b Base) Clock(t time.Time) string { return t.In(b.Zone()).Format("15:04") }

// Zone is where the initiative's people live, or UTC.
func (b Base) Zone() *time.Location {
	if b.r.In.Zone == nil {
		return time.UTC
	}
	return b.r.In.Zone
}

// Title is the page's heading.
func (b Base) Title() string { return b.title }

// Lang is the page's language.
func (b Base) Lang() i18n.Lang { return b.words.Lang() }

// In is the page's initiative.
func (b Base) In() In { return b.r.In }

// Who looks at the page.
func (b Base) Who() access.Actor { return b.r.Who }

// May says whether who looks at the page meets a need in its initiative.
func (b Base) May(n access.Need) bool { return b.r.Who.May(b.r.In.ID, n) }

// Path is a path inside the page's initiative: b.Path("gifts", id).
func (b Base) Path(parts ...string) string { return b.r.Path(parts...) }

// Purpose is the initiative's purpose in the page's language and that language,
// or in its first one when nobody has put it into this.
func (b Base) Purpose() (string, i18n.Lang) {
	in := b.r.In
	if said := in.Purposes[b.Lang()]; said != "" {
		return said, b.Lang()
	}
	if len(in.Langs) == 0 {
		return in.Purpose, b.Lang()
	}
	return in.Purpose, in.Langs[0]
}

// Address is a whole address inside the page's initiative, for a picture that a
// phone's camera reads, or for paper.
func (b Base) Address(parts ...string) string { return b.r.Site.Base + b.r.Path(parts...) }
