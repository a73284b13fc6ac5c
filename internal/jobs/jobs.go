// Package jobs is work that is done a little later, and surely: mail to send,
// a count to take, a name to forget after thirty days.
//
// A job is added in the transaction that makes it necessary, so that it exists
// exactly when its reason does. A Runner takes it under a lease, runs its
// handler, and deletes it. A handler may be run twice (a process can die
// between the work and the note of it), so it is written to bear that, or
// settles its job in its own transaction with Work.Done.
//
// The table holds only what is still to be done. It is no record: what must be
// remembered for longer is kept by the room that it belongs to.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// MaxAttempts is how often a job is tried before it is stuck and waits for a
// steward: 2, 4, … 128 seconds apart, a little over four minutes in all.
const MaxAttempts = 8

// Job is work to be done.
type Job struct {
	Initiative string // "" is the server's own
	Kind       string // which handler
	Payload    any    // kept as JSON: ids, not words
	// Unique, when given, keeps a second job of the same kind and initiative
	// from waiting under the same key. Asked for again while it runs, the job
	// runs once more afterwards, since what it read may be old by then. Once it
	// is done the key is free.
	Unique string
	RunAt  time.Time // the zero time is at once
}

// Add adds jobs in the caller's transaction; they are there when, and only when,
// that commits. Many cost what one does, a hundred a statement, if no two of
// them are of the same initiative and kind under the same key.
func Add(ctx context.Context, q db.Querier, all ...Job) (err error) {
	defer fault.Wrap(&err, "jobs.Add %d", len(all))
	rows := make([]row, 0, len(all))
	for _, j := range all {
		r, err := rowOf(q, j)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	for some := range slices.Chunk(rows, atOnce) {
		if err := insert(ctx, q, some); err != nil {
			return err
		}
	}
	if len(all) > 0 {
		bell.ring()
	}
	return nil
}

// rowOf is a job as it is stored.
func rowOf(q db.Querier, j Job) (r row, err error) {
	if j.Kind == "" {
		return row{}, errors.New("a job needs a kind")
	}
	defer fault.Wrap(&err, "%s in %s", j.Kind, j.Initiative)
	payload, err := json.Marshal(j.Payload)
	if err != nil {
		return row{}, err
	}
	now, id, err := db.Mark(q)
	if err != nil {
		return row{}, err
	}
	if j.RunAt.IsZero() {
		j.RunAt = now
	}
	if j.Unique == "" {
		j.Unique = id
	}
	return row{Job: j, id: id, payload: string(payload), at: now}, nil
}

// Every makes a job of this kind come again and again, the first time at once.
// It is one row: told again, only a changed interval changes anything, and
// ticks that were missed are made up for by one.
func Every(ctx context.Context, q db.Querier, kind string, interval time.Duration) (err error) {
	defer fault.Wrap(&err, "jobs.Every %s", kind)
	if interval < time.Second {
		return errors.New("a tick takes a second or more")
	}
	now, id, err := db.Mark(q)
	if err != nil {
		return err
	}
	if err := insertTick(ctx, q, id, kind, int64(interval/time.Second), now); err != nil {
		return err
	}
	bell.ring()
	return nil
}

// State is where a job stands, for the stewards' page.
type State string

// The states of a job that isn't done.
const (
	Waiting State = "waiting"
	Running State = "running"
	Failing State = "failing" // failed at least once and will be tried again
	Stuck   State = "stuck"   // given up; a steward can have it tried again
)

// Entry is one job as stewards see it.
type Entry struct {
	ID, Kind string
	State    State
	Attempts int
	RunAt    time.Time
	Added    time.Time
	Error    string // of the last attempt: for the log's reader, never for a page
}

// List gives the jobs of an initiative that aren't done, the stuck ones first,
// at most 200. Who may see it is the caller's to ask: access.Steer, or
// access.Operate for the server's own.
func List(ctx context.Context, q db.Querier, initiative string) (all []Entry, err error) {
	defer fault.Wrap(&err, "jobs.List in %s", initiative)
	now, _, err := db.Mark(q)
	if err != nil {
		return nil, err
	}
	return list(ctx, q, initiative, now)
}

// StuckIn is how many jobs of an initiative wait for somebody to try them
// again. Who may know is the caller's to ask, as for List.
func StuckIn(ctx context.Context, q db.Querier, initiative string) (n int, err error) {
	defer fault.Wrap(&err, "jobs.StuckIn %s", initiative)
	return stuckIn(ctx, q, initiative)
}

// Retry gives a stuck job its attempts back and runs it at once. Faults:
// NotFound when it isn't stuck. Who may is the caller's to ask, as for List.
func Retry(ctx context.Context, q db.Querier, initiative, id string) (err error) {
	defer fault.Wrap(&err, "jobs.Retry %s in %s", id, initiative)
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	if err := retry(ctx, q, initiative, id, now); err != nil {
		return err
	}
	bell.ring()
	return nil
}

// LaterError is the error of a handler that knows better than the usual doubling
// when to try again.
type LaterError struct {
	In    time.Duration
	Cause error
}

// Error says the cause.
func (l *LaterError) Error() string { return l.Cause.Error() }

// Unwrap gives the cause.
func (l *LaterError) Unwrap() error { return l.Cause }

// wait is how long to wait after the n-th failure.
func wait(n int, err error) time.Duration {
	if later, ok := errors.AsType[*LaterError](err); ok {
		return later.In
	}
	return time.Second << min(n, MaxAttempts)
}

// StuckAnywhere counts the jobs that were given up, whosever they are: for whoever
// runs the server.
func StuckAnywhere(ctx context.Context, q db.Querier) (n int, err error) {
	defer fault.Wrap(&err, "jobs.StuckAnywhere")
	return stuckAnywhere(ctx, q)
}
