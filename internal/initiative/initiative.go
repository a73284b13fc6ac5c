// Package initiative is the house that a community works in: its name, its
// purpose, its languages, its hours, and who to call. One server holds
// several; a network groups some of them and owns nothing of theirs.
package initiative

import (
	"time"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// Initiative is one community's undertaking. Everything else on the server
// belongs to exactly one.
type Initiative struct {
	ID         string
	Slug       string // its address: /i/{slug}
	Name       string
	Purpose    string // one plain sentence; its versions and consents live in package purpose
	Purposes   Words  // the same sentence in its other languages
	About      string
	Langs      []i18n.Lang // at least one; the first is the fallback
	Zone       *time.Location
	HelpPhone  string // who a neighbour can ring
	Emergency  string // the local emergency line
	AnswerDays int    // a need gets an answer within so many days
	StartedOn  db.Day
	Invented   bool // made by the demo, and says so
}

// Words are one sentence in several languages.
type Words map[i18n.Lang]string

// PurposeIn is the purpose in a language and that language, or as it stands in
// the first when nobody has put it into that one.
func (in Initiative) PurposeIn(lang i18n.Lang) (string, i18n.Lang) {
	if said := in.Purposes[lang]; said != "" {
		return said, lang
	}
	return in.Purpose, in.Lang("")
}

// Today is the calendar day where the initiative's people live.
func (in Initiative) Today(now time.Time) db.Day { return db.DayOf(now, in.Zone) }

// AnswerBy is the day by which somebody answers what is said on a given day.
func (in Initiative) AnswerBy(said db.Day) db.Day { return said.Add(in.AnswerDays) }

// Lang is the language of the initiative that serves a person best: the one
// they use if it is offered here, else the initiative's first.
func (in Initiative) Lang(want i18n.Lang) i18n.Lang {
	for _, l := range in.Langs {
		if l == want {
			return l
		}
	}
	if len(in.Langs) == 0 {
		return i18n.English
	}
	return in.Langs[0]
}
