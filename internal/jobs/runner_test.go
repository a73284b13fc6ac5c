package jobs_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/jobs"
)

// patience ends a test that would hang; nothing measures it.
const patience = time.Minute

// start runs a runner until stop is called, which waits for its end.
func start(t *testing.T, r *jobs.Runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); r.Run(ctx) }()
	return func() {
		t.Helper()
		cancel()
		await(t, ended, "the runner's end")
	}
}

func await(t *testing.T, c <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		t.Fatalf("waited for %s in vain", what)
	}
}

func TestThreeHundredJobsAreEachDoneOnceByFourWorkers(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		const n, runners = 300, 2
		s := newDesk(t, d, c)
		s.tx(func(q db.Querier) error {
			for i := range n {
				if err := jobs.Add(t.Context(), q, jobs.Job{Initiative: here, Kind: "count", Payload: i}); err != nil {
					return err
				}
			}
			return nil
		})
		var ran [n]atomic.Int32
		var left atomic.Int32
		left.Store(n)
		all := make(chan struct{})
		count := func(_ context.Context, w jobs.Work) error {
			var i int
			if err := w.Payload(&i); err != nil {
				return err
			}
			ran[i].Add(1)
			if left.Add(-1) == 0 {
				close(all)
			}
			return nil
		}
		// Two processes, say, of four workers each.
		for range runners {
			r := s.newRunner()
			r.Handle["count"] = count
			defer start(t, r)()
		}
		await(t, all, "300 jobs")
		for i := range ran {
			if got := ran[i].Load(); got != 1 {
				t.Errorf("job %d ran %d times", i, got)
			}
		}
	})
}

func TestAddingWakesARunnerThatSleeps(t *testing.T) {
	d, c := onSQLite(t)
	s := newDesk(t, d, c)
	ran := make(chan struct{})
	s.handle("hello", func(context.Context, jobs.Work) error { close(ran); return nil })
	defer start(t, s.runner)()
	s.add(jobs.Job{Kind: "hello"})
	await(t, ran, "the job")
}

func TestStoppingWaitsForWorkUnderWay(t *testing.T) {
	d, c := onSQLite(t)
	s := newDesk(t, d, c)
	begun, finish := make(chan struct{}), make(chan struct{})
	s.handle("slow", func(ctx context.Context, _ jobs.Work) error {
		close(begun)
		select {
		case <-finish:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	s.add(jobs.Job{Kind: "slow"})
	s.runner.Grace = patience
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); s.runner.Run(ctx) }()
	await(t, begun, "the job")
	cancel()
	close(finish)
	await(t, ended, "the runner's end")
	if all := s.list(); len(all) != 0 {
		t.Errorf("left over: %+v", all)
	}
}

func TestWorkThatOutlivesTheGraceIsGivenBack(t *testing.T) {
	d, c := onSQLite(t)
	s := newDesk(t, d, c)
	begun := make(chan struct{})
	s.handle("slow", func(ctx context.Context, _ jobs.Work) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	})
	s.add(jobs.Job{Kind: "slow"})
	s.runner.Grace = time.Millisecond
	stop := start(t, s.runner)
	await(t, begun, "the job")
	stop()
	if all := s.list(); len(all) != 1 || all[0].State != jobs.Waiting || all[0].Attempts != 0 {
		t.Fatalf("entries = %+v, want one that waits as if never tried", all)
	}
	s.handle("slow", func(context.Context, jobs.Work) error { return nil })
	s.mustRun(1)
}

func TestNoGoroutineStaysBehind(t *testing.T) {
	d, c := onSQLite(t)
	s := newDesk(t, d, c)
	s.mustRun(0) // the store has opened what it keeps open
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	stop := start(t, s.runner)
	s.add(jobs.Job{Kind: "note", Payload: "x"})
	stop()
}
