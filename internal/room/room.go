// Package room is where neighbours plan something: first among themselves, and
// then, when a steward opens the room, with institutions, who sit there as a
// minority and say what they are there for.
//
// A health committee never again planned what was in its own hands once a
// doctor sat in (McKnight, Always in Second Place): so a room begins with
// residents alone, professionals are always fewer, and what was said before the
// opening stays among those who said it.
package room

import (
	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// Side is as what somebody sits in a room. It says nothing of what they are
// elsewhere: a nurse may sit in her own street's room as a resident.
type Side string

// The sides.
const (
	Resident     Side = "resident"
	Professional Side = "professional"
)

// Room is one room.
type Room struct {
	ID, Title string
	About     string
	Lang      i18n.Lang
	MadeAt    db.Stamp
	OpenedAt  db.Stamp // zero: residents only
	Opening   string   // what residents want institutions to know first
	ClosedAt  db.Stamp // zero: people still write here

	Residents, Professionals int // who sits here now
}

// IsOpen says whether institutions may come in.
func (r Room) IsOpen() bool { return !r.OpenedAt.IsZero() }

// IsClosed says whether the room is only for reading.
func (r Room) IsClosed() bool { return !r.ClosedAt.IsZero() }

// InMinority says whether residents are more than half of those who sit here.
// Where they aren't, professionals listen.
func (r Room) InMinority() bool { return r.Professionals < r.Residents }

// takesProfessional says whether one more professional leaves residents in the
// majority.
func (r Room) takesProfessional() bool { return r.Professionals+1 < r.Residents }

// Seat is somebody in a room.
type Seat struct {
	Person, Name     string
	Side             Side
	Organization     string // for whom, or ""
	OrganizationName string
	Duty             string // what they are there for
	SatAt            db.Stamp
}

// Entry is what somebody said in a room.
type Entry struct {
	ID               string
	Person, Name     string // "" for somebody who was erased
	Side             Side
	OrganizationName string
	Text             string // "" when it was taken back
	Lang             i18n.Lang
	SaidAt           db.Stamp
	Mine             bool
}

// Whom is an organization that the actor speaks for.
type Whom struct {
	ID, Name    string
	Institution bool
}

// Whole is a room as one of those who may see it finds it.
type Whole struct {
	Room
	Seats   []Seat
	Entries []Entry // the latest last
	Earlier string  // cursor to what was said before, or ""
	Mine    Seat    // the actor's own; its Person is "" when they don't sit here

	Side    Side   // as what the actor would sit here
	Speaks  []Whom // for whom they may sit here
	MaySit  bool
	MaySay  bool
	MayOpen bool
	MayEnd  bool
}

// view is what an actor is in an initiative's rooms.
type view struct {
	initiative string
	who        access.Actor
	self       string
	steers     bool
	side       Side
	speaks     []Whom
}
