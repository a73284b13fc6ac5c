// Package people is who an initiative knows: neighbours by name alone if they
// wish, their households, how they can be reached safely, and what they agreed
// to. Whoever is written down can see it, take it along, and have it erased.
package people

import (
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// Age is all that is ever kept about somebody's age.
type Age string

// The ages.
const (
	Adult    Age = "adult"
	Under18  Age = "under18"
	NotAsked Age = "notasked"
)

// Ages are all ages, in the order of the form.
func Ages() []Age { return []Age{NotAsked, Adult, Under18} }

// Person is a neighbour. Only the name is needed.
type Person struct {
	ID        string
	Name      string
	Area      string // id of a place.Area, or ""
	Household string // id of a Household, or ""
	Connector string // id of the person who knows them, or ""
	Langs     []i18n.Lang
	MetOn     db.Day
	Age       Age
	PausedAt  db.Stamp // asked to be left alone for now
	ErasedAt  db.Stamp // an empty row that keeps the counts
}

// Paused says whether the person asked to be left alone for now.
func (p Person) Paused() bool { return !p.PausedAt.IsZero() }

// Erased says whether only the empty row is left.
func (p Person) Erased() bool { return !p.ErasedAt.IsZero() }

// Household is some people who live together, by a code that their connector
// made up. No address is kept.
type Household struct {
	ID, Code  string
	Area      string // id of a place.Area, or ""
	Connector string // id of a Person, or ""
	Note      string // the connector's
	ErasedAt  db.Stamp
}

// ContactKind is a way to reach somebody.
type ContactKind string

// The kinds of contact.
const (
	Phone ContactKind = "phone"
	Email ContactKind = "email"
	Other ContactKind = "other"
)

// ContactKinds are all kinds of contact.
func ContactKinds() []ContactKind { return []ContactKind{Phone, Email, Other} }

// Key is the message that names the kind; "other" may not end a key.
func (k ContactKind) Key() string {
	if k == Other {
		return "people.kind.else"
	}
	return "people.kind." + string(k)
}

// Contact is how somebody can be reached, and whether that is safe: others may
// hold the phone or read the mail.
type Contact struct {
	ID, Person string
	Kind       ContactKind
	Value      string
	Safe       string // "safe to use?", in their words
}

// Purpose is what a person agreed to.
type Purpose string

// The purposes.
const (
	KeepName  Purpose = "name"  // keep my name beside what I said
	KeepNotes Purpose = "notes" // keep notes of what I said
	BeAsked   Purpose = "asked" // ask me to join in when a gift of mine is wanted
	BeReached Purpose = "reach" // keep a way to reach me
	PassOn    Purpose = "pass"  // give my contact to someone who can help
)

// HandOver is what a person agreed to for one service and one need. It is in no
// form of standing consents.
const HandOver Purpose = "handover"

// Purposes are all purposes, in the order of the form.
func Purposes() []Purpose { return []Purpose{KeepName, KeepNotes, BeAsked, BeReached, PassOn} }

// Giver is who gave a consent.
type Giver string

// The givers. A parent, or whoever stands in for one, consents for a person
// under 18.
const (
	Self   Giver = "self"
	Parent Giver = "parent"
)

// Channel is how a consent was given.
type Channel string

// The channels.
const (
	Web      Channel = "web"
	Doorstep Channel = "doorstep"
	Paper    Channel = "paper"
	Phoned   Channel = "phone"
)

// Channels are all channels.
func Channels() []Channel { return []Channel{Web, Doorstep, Paper, Phoned} }

// Consent is one thing that a person agreed to, in which words, and until when.
type Consent struct {
	ID, Person  string
	Purpose     Purpose
	Wording     string // version of the words, such as "2026-11"
	On          db.Day
	GivenBy     Giver
	GiverName   string // a parent's
	Channel     Channel
	WithdrawnAt db.Stamp
}

// Stands says whether the consent still holds.
func (c Consent) Stands() bool { return c.WithdrawnAt.IsZero() }

// Agreed says whether a consent for the purpose stands among those given.
func Agreed(given []Consent, to Purpose) bool {
	return slices.ContainsFunc(given, func(c Consent) bool { return c.Purpose == to && c.Stands() })
}
