// Package audit is the record of who did what, and of who looked at whom.
//
// A room notes an act in the transaction that does it: the note is stored when
// the act is. A job then seals the notes into a chain, one chain an initiative,
// in which each link covers the note and the link before it; altering,
// removing or reordering what was sealed breaks it, and cutting its end shows
// against a Head that was kept elsewhere. See chain.go for what is hashed.
//
// Notes hold ids, never names. They outlive the people in them, who stay as
// empty tombstones.
package audit

import (
	"context"
	"errors"
	"strings"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Looking begins the act of every note about somebody who read something of
// class A: "read person", "read contact".
const Looking = "read "

// LookedAtAll is the act of whoever took a copy of a whole initiative: a look
// at everybody in it. Its object is the initiative.
const LookedAtAll = Looking + "everything"

// Event is one act.
type Event struct {
	Initiative string // "" is the server's own
	Account    string // "" when the server acted by itself
	Person     string // who the account is in the initiative, or ""
	For        string // the organization that they spoke for, or ""
	Act        string // a verb and a noun: "read person", "give membership"
	Object     string // the id of what it was done to
}

// Noted is an event with its id and its time.
type Noted struct {
	Event
	ID string
	At time.Time
}

// Note writes an event down in the caller's transaction.
func Note(ctx context.Context, q db.Querier, e Event) (err error) {
	defer fault.Wrap(&err, "audit.Note in %s", e.Initiative)
	if e.Act == "" {
		return errors.New("an event needs an act")
	}
	now, id, err := db.Mark(q)
	if err != nil {
		return err
	}
	return insert(ctx, q, Noted{Event: e, ID: id, At: now})
}

// ByObject is "who has looked at me": the last 200 events that are about
// looking at an object, or at everything in the initiative, newest first. Who
// may ask is the caller's to know: the person themselves, and who may see the
// audit.
func ByObject(ctx context.Context, q db.Querier, initiative, object string) (all []Noted, err error) {
	defer fault.Wrap(&err, "audit.ByObject %s in %s", object, initiative)
	return list(ctx, q, `where initiative_id = $1 and object_id in ($2, $1) and act like $3
		order by noted_at desc, id desc limit 200`, initiative, object, Looking+"%")
}

// Latest gives up to n events of an initiative that are older than before,
// newest first. The zero time is now. Who may ask is the caller's to know:
// access.Steer, or access.Operate for the server's own.
func Latest(ctx context.Context, q db.Querier, initiative string, before time.Time, n int) (all []Noted, err error) {
	defer fault.Wrap(&err, "audit.Latest in %s", initiative)
	if before.IsZero() {
		if before, _, err = db.Mark(q); err != nil {
			return nil, err
		}
		before = before.Add(time.Microsecond)
	}
	return list(ctx, q, `where initiative_id = $1 and noted_at < $2 order by noted_at desc, id desc limit $3`,
		initiative, db.At(before), n)
}

// IsLooking says whether the event is somebody reading something.
func (e Event) IsLooking() bool { return strings.HasPrefix(e.Act, Looking) }
