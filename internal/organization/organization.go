// Package organization is the associations and institutions of a place: what
// an association can bring, what an institution supports others with, who
// speaks for each, and the services that neighbours may turn to.
//
// An organization acts as itself. It has several spokespersons, and goes on
// when one of them leaves. What comes from elsewhere keeps what it was called
// there, so that it can be given back as it came.
package organization

import (
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// Kind parts what neighbours do together from what is run by staff.
type Kind string

// The kinds: unpaid and face to face, or with paid staff.
const (
	Association Kind = "association"
	Institution Kind = "institution"
)

// Kinds are all kinds, in the order of the form.
func Kinds() []Kind { return []Kind{Association, Institution} }

// Status says who sees an organization.
type Status string

// The statuses.
const (
	Drafted  Status = "draft"    // its spokespersons and stewards
	Proposed Status = "proposed" // as a draft, and stewards alone may show it
	Shown    Status = "shown"    // everybody
	Hidden   Status = "hidden"   // as a draft: withdrawn, or asked about in vain
)

// Statuses are all statuses.
func Statuses() []Status { return []Status{Drafted, Proposed, Shown, Hidden} }

// Organization is an association or an institution. Everything in it is meant
// for the public, once it is shown.
type Organization struct {
	ID      string
	Parent  string // id of an Organization, or ""
	Kind    Kind
	Name    string
	About   string
	Lang    i18n.Lang // of name and about
	Email   string
	Website string
	Area    string // id of a place.Area, or ""
	Langs   []i18n.Lang
	Members int // 0: nobody has said
	Status  Status

	ReviewOn  db.Day // from this day we ask whether it still holds
	Reminders int

	Source   string // where it came from, or ""
	SourceID string // what it is called there
	Extra    map[string]any

	CreatedAt, ChangedAt db.Stamp
}

// Ref is what the organization is called in what we give away.
func (o Organization) Ref() string { return ref(o.SourceID, o.ID) }

// IsShown says whether everybody sees it.
func (o Organization) IsShown() bool { return o.Status == Shown }

// OfferKind is what sort of thing an organization can bring.
type OfferKind string

// What an association can bring, and what an institution does for others.
const (
	Members  OfferKind = "members"  // people who come along
	Room     OfferKind = "room"     // a place to meet
	Habits   OfferKind = "habits"   // what it does anyway, every week
	Reach    OfferKind = "reach"    // whom it can tell
	Function OfferKind = "function" // what an institution supports others with
)

// OfferKinds are all kinds of offer, in the order of the form.
func OfferKinds() []OfferKind { return []OfferKind{Members, Room, Habits, Reach, Function} }

// Known says whether k is a kind of offer.
func (k OfferKind) Known() bool { return slices.Contains(OfferKinds(), k) }

// Offer is one thing that an organization can bring, in its own words.
type Offer struct {
	ID, Organization string
	Kind             OfferKind
	Text             string
	Lang             i18n.Lang
	CreatedAt        db.Stamp
}

// Spokesperson is somebody who speaks for an organization.
type Spokesperson struct {
	ID, Organization string
	Person           string
	Name             string // for those who may know it, else ""
	Job              string // what they are there, in words
	Since, Until     db.Stamp
	Asked            bool // by a letter from another spokesperson, and hasn't said yes

	by string // the account that asked
}

// ref is the id that a row goes by outside.
func ref(sourceID, id string) string {
	if sourceID != "" {
		return sourceID
	}
	return id
}
