package conversation

import (
	"context"
	"log/slog"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/organization"
)

// Service keeps what neighbours said, and sees to it that they hear back.
type Service struct {
	DB            *db.DB
	IDs           *db.IDs
	Now           clock.Clock
	Log           *slog.Logger
	Gifts         *gift.Service
	Organizations *organization.Service
	BaseURL       string // https://example.org, for links in mail
}

// view is what an actor may see of an initiative's conversations: stewards
// all, connectors those that are theirs to read, anybody else their own.
type view struct {
	who        access.Actor
	initiative string
	self       string
	all        bool
	converse   bool
}

func viewOf(who access.Actor, initiative string) (view, error) {
	v := visitorView(who, initiative)
	if v.self == "" {
		return view{}, fault.ErrNotFound
	}
	return v, nil
}

// visitorView is viewOf for what somebody may do without being anybody here.
func visitorView(who access.Actor, initiative string) view {
	return view{
		who: who, initiative: initiative, self: who.Person(initiative),
		all: who.May(initiative, access.Steer), converse: who.May(initiative, access.Converse),
	}
}

// workingView is viewOf for what only connectors and stewards do.
func workingView(who access.Actor, initiative string) (view, error) {
	if err := who.Require(initiative, access.Converse); err != nil {
		return view{}, err
	}
	return viewOf(who, initiative)
}

// connector is whose conversations lists are narrowed to: "" for a steward's.
func (v view) connector() string {
	if v.all {
		return ""
	}
	return v.self
}

// reads says whether a conversation is the actor's to read and to answer. Its
// reader is whoever knows the person now; who asked them may have moved on.
func (v view) reads(c Conversation) bool { return v.all || v.converse && c.Reader == v.self }

// wrote says whether a conversation is the actor's own.
func (v view) wrote(c Conversation) bool { return v.self != "" && c.Person == v.self }

func (v view) note(ctx context.Context, q db.Querier, act, object string) error {
	return audit.Note(ctx, q, audit.Event{
		Initiative: v.initiative, Account: v.who.Account, Person: v.self, For: v.who.For, Act: act, Object: object,
	})
}
