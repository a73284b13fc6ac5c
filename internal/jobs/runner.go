package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"commonweal/internal/clock"
	"commonweal/internal/db"
)

const (
	leaseTime = 5 * time.Minute
	renewTime = leaseTime / 3

	// drift is how much two machines' clocks may differ before we take one of
	// them to have jumped.
	drift = time.Minute

	// A runner that finds nothing looks half as often each time, down to once
	// in longest, which is how late the job of another process may be noticed.
	shortest = 10 * time.Millisecond
	longest  = 2 * time.Second

	// settleTime bounds the note of what became of a job while we are stopping.
	settleTime = 10 * time.Second
)

// Runner does the jobs. Several may run over one store, in one process or in
// many: each job is leased to one of them at a time.
type Runner struct {
	DB     *db.DB
	IDs    *db.IDs
	Now    clock.Clock
	Log    *slog.Logger
	Handle map[string]Handler // by kind; a kind that isn't here is left for others

	Workers int           // how many at once; 0 is 4
	Grace   time.Duration // for work under way when Run is to stop; 0 is 10 s
}

// shift is one stretch of a runner's work, under one lease.
type shift struct {
	*Runner
	lease string
	kinds []any
}

func (r *Runner) newShift() *shift {
	s := &shift{Runner: r, lease: r.IDs.New()}
	for _, kind := range slices.Sorted(maps.Keys(r.Handle)) {
		s.kinds = append(s.kinds, kind)
	}
	return s
}

// RunDue does what is due now, one job after another, and what that adds, and
// says how many were run. It is for tests and for commands that end: a failure
// is put off as always, and returned as well.
func (r *Runner) RunDue(ctx context.Context) (n int, err error) {
	s := r.newShift()
	var failures []error
	for ctx.Err() == nil {
		work, err := s.take(ctx, 1)
		if err != nil || len(work) == 0 {
			return n, errors.Join(append(failures, err)...)
		}
		n++
		result := s.handle(ctx, work[0])
		if result != nil {
			failures = append(failures, fmt.Errorf("job %s: %w", work[0].Kind, result))
		}
		if err := s.note(ctx, work[0], result); err != nil {
			return n, errors.Join(append(failures, err)...)
		}
	}
	return n, errors.Join(append(failures, ctx.Err())...)
}

// Run does jobs until ctx is done. Work under way then has Grace to end; what
// hasn't is given back and will be done by whoever runs next.
func (r *Runner) Run(ctx context.Context) {
	s := r.newShift()
	heard, stop := bell.listen()
	defer stop()
	// Handlers outlive ctx by the time of grace.
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	renewal := time.NewTicker(renewTime)
	defer renewal.Stop()
	timer := time.NewTimer(0)
	defer timer.Stop()

	workers := r.Workers
	if workers == 0 {
		workers = 4
	}
	freed := make(chan struct{}, workers)
	running, pause := 0, shortest
	for {
		select {
		case <-ctx.Done():
			s.drain(running, freed, cancel)
			return
		case <-heard:
			// The ring comes before the commit: look soon, then again and again.
			if pause > shortest {
				pause = shortest
				timer.Reset(pause)
			}
			continue
		case <-renewal.C:
			s.log("renewing leases", s.DB.Tx(working, func(q db.Querier) error { return s.renew(working, q, s.Now()) }))
			continue
		case <-freed:
			running--
		case <-timer.C:
		}
		started := s.start(working, workers-running, freed)
		running += started
		pause = min(2*pause, longest)
		if started > 0 {
			pause = shortest
		}
		timer.Reset(pause)
	}
}

// start takes up to n jobs, does each in its own goroutine, and says how many.
// Each puts something into freed when it has ended.
func (s *shift) start(ctx context.Context, n int, freed chan<- struct{}) int {
	if n == 0 {
		return 0
	}
	work, err := s.take(ctx, n)
	s.log("taking jobs", err)
	for _, w := range work {
		go func() {
			defer func() { freed <- struct{}{} }()
			s.do(ctx, w)
		}()
	}
	return len(work)
}

// drain waits for work under way, and cancels it when the grace is over.
func (s *shift) drain(running int, freed <-chan struct{}, cancel context.CancelFunc) {
	grace := s.Grace
	if grace == 0 {
		grace = 10 * time.Second
	}
	defer time.AfterFunc(grace, cancel).Stop()
	for range running {
		<-freed
	}
}

// take claims up to n jobs. It writes only when there is something to take.
func (s *shift) take(ctx context.Context, n int) (work []Work, err error) {
	now := s.Now()
	due, ahead, err := s.look(ctx, s.DB.Read(), now)
	if err != nil || due+ahead == 0 {
		return nil, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) (err error) {
		if ahead > 0 {
			if err := putRight(ctx, q, now); err != nil {
				return err
			}
		}
		work, err = s.claim(ctx, q, n, now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return work, nil
}

// do runs one job and notes what became of it, however long the store needs to
// take the note: a job that was done and isn't noted would be done again.
func (s *shift) do(ctx context.Context, w Work) {
	result := s.handle(ctx, w)
	if result != nil {
		s.Log.Warn("job failed", "kind", w.Kind, "job", w.ID, "initiative", w.Initiative, "attempt", w.Attempt, "error", result)
	}
	for pause := time.Second; ; pause = min(2*pause, time.Minute) {
		err := s.note(ctx, w, result)
		if err == nil {
			return
		}
		s.Log.Error("noting a job", "kind", w.Kind, "job", w.ID, "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// handle runs the handler; a panic is an error like any other.
func (s *shift) handle(ctx context.Context, w Work) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("job panicked", "kind", w.Kind, "job", w.ID, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return s.Handle[w.Kind](ctx, w)
}

// note stores what became of a job. A lease that another has by now makes it
// nothing: that one will note its own.
func (s *shift) note(ctx context.Context, w Work, result error) error {
	stopping := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	return s.DB.Tx(ctx, func(q db.Querier) (err error) {
		now := s.Now()
		switch {
		case result == nil:
			_, err = settle(ctx, q, w, now)
		case stopping:
			_, err = put(ctx, q, w, outcome{runAt: now, attempts: w.Attempt - 1}, now)
		default:
			_, err = put(ctx, q, w, w.failed(result, now), now)
		}
		return err
	})
}

// failed is what becomes of a job whose handler returned err. A tick is never
// stuck: it begins anew at its next time.
func (w Work) failed(err error, now time.Time) outcome {
	o := outcome{runAt: now.Add(wait(w.Attempt, err)), attempts: w.Attempt, error: brief(err)}
	switch {
	case w.every > 0 && w.Attempt >= MaxAttempts:
		o.runAt, o.attempts = w.next(now), 0
	case w.Last():
		o.stuck = true
	}
	return o
}

// brief is enough of an error to find it in the log.
func brief(err error) string {
	text := strings.ToValidUTF8(strings.ReplaceAll(err.Error(), "\x00", ""), "")
	if len(text) > 500 {
		text = strings.ToValidUTF8(text[:500], "")
	}
	return text
}

func (s *shift) log(doing string, err error) {
	if err != nil {
		s.Log.Error("jobs", "while", doing, "error", err)
	}
}
