package mail

import (
	"context"
	"time"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/jobs"
)

// Courier delivers messages.
type Courier struct {
	DB     *db.DB
	Now    clock.Clock
	Server *Server // nil leaves every message in the local outbox
}

// pauses are how long to wait before the next try: a busy server is back in a
// moment, one that is wary of strangers asks for some minutes, one that is
// down may take hours.
var pauses = [jobs.MaxAttempts - 1]time.Duration{
	10 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
}

// Deliver is the handler of DeliverJob. It delivers at least once: when the
// connection is lost after the text was handed over and before the server said
// so, nobody can know, and the message is sent again under the same Message-ID.
func (c *Courier) Deliver(ctx context.Context, w jobs.Work) (err error) {
	defer fault.Wrap(&err, "mail.Deliver in %s", w.Initiative)
	var id string
	if err := w.Payload(&id); err != nil {
		return err
	}
	letter, err := get(ctx, c.DB.Read(), w.Initiative, id)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil // whom it was to is forgotten
	case err != nil:
		return err
	case letter.Status == Sent || letter.Status == Local || letter.Status == Handed:
		return nil
	case c.Server == nil:
		return c.settle(ctx, w, letter, Local, None)
	}
	err = c.Server.send(ctx, letter, c.Now())
	switch {
	case err == nil:
		return c.settle(ctx, w, letter, Sent, None)
	case isRefused(err):
		return c.settle(ctx, w, letter, Failed, Refused)
	case !w.Last():
		return &jobs.LaterError{In: pauses[w.Attempt-1], Cause: err}
	}
	if err := c.DB.Tx(ctx, func(q db.Querier) error { return settle(ctx, q, letter, Failed, Unreachable) }); err != nil {
		return err
	}
	return err // the job is stuck now: a steward can have it tried again
}

// settle stores what became of a message together with the end of its job.
func (c *Courier) settle(ctx context.Context, w jobs.Work, l Letter, s Status, p Problem) error {
	return c.DB.Tx(ctx, func(q db.Querier) error {
		if err := settle(ctx, q, l, s, p); err != nil {
			return err
		}
		return w.Done(ctx, q)
	})
}
