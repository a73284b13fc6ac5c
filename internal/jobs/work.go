package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"commonweal/internal/db"
)

// Handler does one kind of work. An error means that it is to be tried again.
// It may be run twice for one job, and is to stop when ctx is done.
type Handler func(ctx context.Context, w Work) error

// Work is a job under way.
type Work struct {
	Initiative, ID, Kind string
	Attempt              int // the first is 1

	payload string
	lease   string
	every   time.Duration // 0 unless it is a tick
	runAt   time.Time
}

// Payload reads what was given to Add.
func (w Work) Payload(into any) error { return json.Unmarshal([]byte(w.payload), into) }

// Last says whether a failure now leaves the job stuck.
func (w Work) Last() bool { return w.every == 0 && w.Attempt >= MaxAttempts }

// errLost undoes the transaction of a handler whose lease another has by now.
var errLost = errors.New("another has taken over this job")

// Done settles the job in the handler's own transaction, so that its effect
// and the note of it are stored together or not at all. A handler that calls
// it runs to the same effect exactly once; one that doesn't is settled after
// it returns.
func (w Work) Done(ctx context.Context, q db.Querier) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	ours, err := settle(ctx, q, w, now)
	if err == nil && !ours {
		return errLost
	}
	return err
}

// next is when the job comes again: at once if it was asked for while it ran,
// and for a tick at the next of its times that is still to come.
func (w Work) next(now time.Time) time.Time {
	if w.every == 0 {
		return now
	}
	late := now.Sub(w.runAt)
	return w.runAt.Add((late/w.every + 1) * w.every)
}

// InTx makes a handler of work that is one transaction, such as forgetting
// what is old: the work and the note of it are stored together.
func InTx(d *db.DB, work func(ctx context.Context, q db.Querier) (int64, error)) Handler {
	return func(ctx context.Context, w Work) error {
		return d.Tx(ctx, func(q db.Querier) error {
			if _, err := work(ctx, q); err != nil {
				return err
			}
			return w.Done(ctx, q)
		})
	}
}
