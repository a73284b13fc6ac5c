package exchange

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/jobs"
)

// Service brings files in, and takes back what came in. All of it is for
// stewards, but Similar and Beside.
type Service struct {
	DB    *db.DB
	IDs   *db.IDs
	Now   clock.Clock
	Log   *slog.Logger
	Gifts *gift.Service

	going  progress
	schema schema
}

// How long a file waits before it is forgotten, how long one that is being
// brought in, which no job takes, and how long what came in can be taken back,
// since what was there before is kept so long.
const (
	waits    = 24 * time.Hour
	lost     = 72 * time.Hour
	undoable = 90 * 24 * time.Hour
)

// The kinds of this room's jobs.
const (
	applyJob = "exchange.apply"
	undoJob  = "exchange.undo"
	tidyJob  = "exchange.tidy"
)

const tidyEvery = time.Hour

// Handlers is this room's work that happens a little later.
func (s *Service) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{
		applyJob: s.applyLater,
		undoJob:  s.undoLater,
		tidyJob:  jobs.InTx(s.DB, tidy),
	}
}

// Chores is the work that comes again and again.
func Chores() map[string]time.Duration { return map[string]time.Duration{tidyJob: tidyEvery} }

// tidy forgets files that nobody brought in, and what was there before imports
// that nobody takes back any more.
func tidy(ctx context.Context, q db.Querier) (n int64, err error) {
	now, _, err := db.Mark(q)
	if err != nil {
		return 0, err
	}
	if n, err = forgetWaiting(ctx, q, db.At(now.Add(-waits)), db.At(now.Add(-lost))); err != nil {
		return n, err
	}
	return n, forgetBefore(ctx, q, db.At(now.Add(-undoable)))
}

// List gives the files of an initiative, the latest first, at most 200.
// Stewards may. Faults: NotFound.
func (s *Service) List(ctx context.Context, who access.Actor, in string) (all []Batch, err error) {
	defer fault.Wrap(&err, "exchange.List in %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return nil, err
	}
	return listBatches(ctx, s.DB.Read(), in)
}

// Get reads one file's way in. Stewards may. Faults: NotFound.
func (s *Service) Get(ctx context.Context, who access.Actor, in, id string) (b Batch, err error) {
	defer fault.Wrap(&err, "exchange.Get %s in %s", id, in)
	if err := who.Require(in, access.Steer); err != nil {
		return Batch{}, err
	}
	return getBatch(ctx, s.DB.Read(), in, id)
}

// Drop forgets a file that was not brought in. Stewards may. Faults: NotFound.
func (s *Service) Drop(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "exchange.Drop %s in %s", id, in)
	return s.change(ctx, who, in, id, "", func(q db.Querier, b Batch) error {
		if b.Status != Open {
			return fault.ErrNotFound
		}
		return deleteBatch(ctx, q, in, id)
	})
}

// Beside gives what unmatched columns said of a record, the latest first. Who
// may see the record may; that is the caller's to ask.
func (s *Service) Beside(ctx context.Context, in, object string) (all []Pair, err error) {
	defer fault.Wrap(&err, "exchange.Beside %s in %s", object, in)
	return extras(ctx, s.DB.Read(), in, object)
}

// change runs a change of one batch by a steward, and notes it under act, if
// any.
func (s *Service) change(ctx context.Context, who access.Actor, in, id, act string, run func(q db.Querier, b Batch) error) error {
	if err := who.Require(in, access.Steer); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		b, err := getBatch(ctx, q, in, id)
		if err != nil {
			return err
		}
		if err := run(q, b); err != nil || act == "" {
			return err
		}
		return note(ctx, q, who, in, act, id)
	})
}

func note(ctx context.Context, q db.Querier, who access.Actor, in, act, object string) error {
	return audit.Note(ctx, q, audit.Event{
		Initiative: in, Account: who.Account, Person: who.Person(in), For: who.For, Act: act, Object: object,
	})
}

// progress is how far the batches are that this process brings in or takes
// back: a transaction shows nothing of itself before it is stored.
type progress struct {
	mu   sync.Mutex
	have map[string]step
}

type step struct{ done, of int }

func (p *progress) set(batch string, done, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.have == nil {
		p.have = map[string]step{}
	}
	p.have[batch] = step{done, of}
}

func (p *progress) end(batch string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.have, batch)
}

// Progress says how many of a batch's rows are through; known is false when
// another process has it in hand, or none yet.
func (s *Service) Progress(batch string) (done, of int, known bool) {
	s.going.mu.Lock()
	defer s.going.mu.Unlock()
	at, known := s.going.have[batch]
	return at.done, at.of, known
}
