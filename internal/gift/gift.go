// Package gift is what the people of a place can do, have lived through, know
// and care about: in their own words first, and beside them a plain word from
// a list that the group edits, so that a gift is found in any language.
//
// Gifts perish: they are looked after by asking, now and then, whether they
// still hold, and by noticing which ones nobody has ever called on. Nobody is
// scored and nothing is counted next to a name.
package gift

import (
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// Kind says how a person came by a gift. No kind is worth more than another.
type Kind string

// The kinds: can do, have lived through, know, care about.
const (
	Skill      Kind = "skill"
	Experience Kind = "experience"
	Knowledge  Kind = "knowledge"
	Passion    Kind = "passion"
)

// Kinds are all kinds, in the order of the form.
func Kinds() []Kind { return []Kind{Skill, Experience, Knowledge, Passion} }

// Known says whether k is a kind.
func (k Kind) Known() bool { return slices.Contains(Kinds(), k) }

// Gift is one thing that somebody offered, as they said it.
type Gift struct {
	ID           string
	Person       string // "" when it was said without a name
	Conversation string // "" when it was written on one's own page
	Term         string // the plain word it was found under, or ""
	Text         string // their own words, "" only once erased
	Lang         i18n.Lang
	Kind         Kind
	WouldTeach   bool
	WantToLearn  bool
	Reach        string // how far, when and in which languages: in words, and only if asked
	Times        string
	Langs        string
	NamedAt      db.Stamp
	ReviewOn     db.Day // from this day we ask whether it is still so
	Reminders    int
	LastAskedAt  db.Stamp
	FirstUsedAt  db.Stamp
	HiddenAt     db.Stamp
	ErasedAt     db.Stamp
}

// Hidden says whether the gift is kept out of sight until somebody says that
// it still holds.
func (g Gift) Hidden() bool { return !g.HiddenAt.IsZero() }

// Erased says whether only the count is left.
func (g Gift) Erased() bool { return !g.ErasedAt.IsZero() }

// Draft is a gift as somebody writes it down.
type Draft struct {
	Kind  Kind
	Text  string
	Lang  i18n.Lang
	Term  string // chosen from the list; "" lets the words decide
	Teach bool   // would teach it
	Learn bool   // would like to learn it
	Reach string
	Times string
	Langs string
}

// Holder is who has a gift, for those who may know.
type Holder struct {
	Person     string
	Name       string
	Household  string // its code
	Area       string // id
	Connector  string // id of the person who knows them
	Paused     bool   // wants to be left alone just now
	MayBeAsked bool   // agreed to be asked, and isn't paused
}

// Held is a gift with the one who has it. The Holder is zero when the gift was
// said without a name.
type Held struct {
	Gift
	Holder Holder
}

// The limits on what one person can write, in runes.
const (
	MaxText            = 200 // of one gift, and of reach, times and languages
	MaxPerConversation = 20  // gifts
	MaxWord            = 60  // of a word in the list
	MaxSynonyms        = 80  // of a term in a language
	MaxTerms           = 1000
)
