// Package notice is what somebody should hear: that there is an answer to what
// they asked, that we would like to know something of them. They hear it once,
// by the channel they have: in one message a day by mail, from the neighbour
// who knows them, or on a sheet of paper that the neighbour brings.
//
// A room tells what happened with Tell, in the transaction in which it
// happens; when and how it is said is decided here. Nothing in a notice tells
// a need in words: who else reads the mailbox isn't known.
package notice

import (
	"context"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// Matter is what a notice is about: a conversation, what somebody shares. What
// happens in one matter is one line, however much it is, and can be muted.
type Matter struct{ Kind, ID string }

// Told is something that a person should hear.
type Told struct {
	Initiative, Person string
	Matter             Matter
	Line               fault.Message // a sentence without anybody's words in it
	Path               string        // where to read more, below the initiative: "/me"
	Lang               i18n.Lang     // in which the matter began, for whoever has told us no language
	Unique             string        // told under the same key again, it isn't told
	At                 time.Time     // the zero time is now
}

// Tell notes what people should hear, in the transaction in which it happens.
// Nothing is sent here. Who was erased is told nothing; who has muted the
// matter, or wants to hear nothing at all, finds it on their page. Many cost
// what one does, a hundred a statement.
func Tell(ctx context.Context, q db.Querier, all ...Told) (err error) {
	defer fault.Wrap(&err, "notice.Tell %d", len(all))
	return insert(ctx, q, all)
}

// Forget takes back what was told about some matters of a kind, heard or not:
// what they were about is no more.
func Forget(ctx context.Context, q db.Querier, initiative, kind string, ids ...string) (err error) {
	defer fault.Wrap(&err, "notice.Forget %s in %s", kind, initiative)
	return forget(ctx, q, initiative, kind, ids)
}

// News is what is new in one matter, as one line.
type News struct {
	Matter
	Line  fault.Message // the latest of it
	Path  string        // where to read more, below the initiative
	Lang  i18n.Lang
	At    time.Time // of the latest
	N     int       // how much it is
	Muted bool
}

// Channel is how somebody hears.
type Channel string

// The channels.
const (
	AsUsual   Channel = ""          // by mail for who has an address, else through their neighbour
	Mail      Channel = "mail"      // one message a day, or a week
	Connector Channel = "connector" // the neighbour who knows them says it
	Paper     Channel = "paper"     // the neighbour who knows them brings it on a sheet
	None      Channel = "none"      // not at all: it stands on their page
)

// Channels are those to choose from, in the order of the form.
func Channels() []Channel { return []Channel{Mail, Connector, Paper, None} }

// Rhythm is how often there is mail at most.
type Rhythm string

// The rhythms.
const (
	Daily  Rhythm = "daily"
	Weekly Rhythm = "weekly"
)

// Rhythms are all rhythms, in the order of the form.
func Rhythms() []Rhythm { return []Rhythm{Daily, Weekly} }

// Preferences are how somebody wants to hear.
type Preferences struct {
	Channel Channel
	Rhythm  Rhythm
}

// Hearing is how somebody hears, with what that depends on.
type Hearing struct {
	Preferences      // as they chose
	Address     bool // there is an e-mail address to write to
	Child       bool // under 18: only their connector tells them anything
}

// By is the channel that is used.
func (h Hearing) By() Channel {
	switch {
	case h.Channel == None:
		return None
	case h.Child:
		return Connector
	case h.Channel == Connector || h.Channel == Paper:
		return h.Channel
	case h.Address:
		return Mail
	}
	return Connector
}

// Offered are the channels that somebody can choose.
func (h Hearing) Offered() []Channel {
	switch {
	case h.Child:
		return []Channel{Connector, None}
	case !h.Address:
		return []Channel{Connector, Paper, None}
	}
	return Channels()
}
