package jobs

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

const year = 365 * 24 * time.Hour

// process is a runner's process, which takes jobs and may die with them.
func process(d *db.DB, c *clock.Fake) *shift {
	ok := func(context.Context, Work) error { return nil }
	r := &Runner{
		DB: d, IDs: db.NewIDs(c.Now, nil), Now: c.Now, Log: slog.New(slog.DiscardHandler),
		Handle: map[string]Handler{"work": ok, "tick": ok},
	}
	return r.newShift()
}

func takes(t *testing.T, s *shift, want int) []Work {
	t.Helper()
	work, err := s.take(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(work) != want {
		t.Fatalf("took %d jobs, want %d", len(work), want)
	}
	return work
}

func notes(t *testing.T, s *shift, w Work, result error) {
	t.Helper()
	if err := s.note(t.Context(), w, result); err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, d *db.DB, j Job) {
	t.Helper()
	j.Kind = "work"
	if err := d.Tx(t.Context(), func(q db.Querier) error { return Add(t.Context(), q, j) }); err != nil {
		t.Fatal(err)
	}
}

func TestAJobWhoseProcessDiedIsTakenByAnotherWhenItsLeaseIsOver(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		add(t, d, Job{})
		died, other := process(d, c), process(d, c)
		lost := takes(t, died, 1)[0]
		c.Advance(leaseTime - time.Second)
		takes(t, other, 0)
		c.Advance(time.Second)
		work := takes(t, other, 1)[0]
		if work.Attempt != 2 {
			t.Errorf("attempt %d, want the second", work.Attempt)
		}

		// It wasn't dead, only slow: what it says now changes nothing.
		notes(t, died, lost, nil)
		notes(t, died, lost, errors.New("late"))
		err := d.Tx(t.Context(), func(q db.Querier) error { return lost.Done(t.Context(), q) })
		if !errors.Is(err, errLost) {
			t.Errorf("Done with a lost lease: %v", err)
		}
		notes(t, other, work, errors.New("ours"))
		all, err := List(t.Context(), d.Read(), "")
		if err != nil || len(all) != 1 || all[0].Error != "ours" {
			t.Errorf("entries = %+v, error %v", all, err)
		}
	})
}

func TestLongWorkKeepsItsLeaseByRenewingIt(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		add(t, d, Job{})
		long, other := process(d, c), process(d, c)
		takes(t, long, 1)
		for range 6 {
			c.Advance(renewTime)
			if err := d.Tx(t.Context(), func(q db.Querier) error { return long.renew(t.Context(), q, c.Now()) }); err != nil {
				t.Fatal(err)
			}
			takes(t, other, 0)
		}
	})
}

func TestAddingAJobRingsTheBell(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, _ *clock.Fake) {
		heard, stop := bell.listen()
		defer stop()
		add(t, d, Job{})
		add(t, d, Job{}) // nobody answers the first ring, and the second waits for nobody
		select {
		case <-heard:
		default:
			t.Error("no ring was heard")
		}
	})
}

func TestAClockThatJumpsForwardDoublesNothingInOneProcess(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		add(t, d, Job{})
		s := process(d, c)
		w := takes(t, s, 1)[0]
		c.Advance(year)
		takes(t, s, 0) // it holds it, whatever the clock says
		notes(t, s, w, nil)
		c.Advance(year)
		takes(t, process(d, c), 0)
	})
}

func TestAClockThatJumpsBackLosesNothing(t *testing.T) {
	for name, jobAfter := range map[string]time.Duration{"due at once": 0, "due in an hour": time.Hour} {
		t.Run(name, func(t *testing.T) {
			dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
				c.Advance(year) // a clock that is wrong,
				add(t, d, Job{RunAt: c.Now().Add(jobAfter)})
				c.Advance(-year) // until somebody sets it right
				s := process(d, c)
				if jobAfter > 0 {
					takes(t, s, 0)
					c.Advance(jobAfter)
				}
				notes(t, s, takes(t, s, 1)[0], nil)
				c.Advance(2 * year)
				takes(t, s, 0)
			})
		})
	}
}

func TestAClockThatJumpsBackKeepsLeasesAndBackoffs(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s, other := process(d, c), process(d, c)
		add(t, d, Job{})
		c.Advance(year)
		takes(t, s, 1)
		c.Advance(-year)
		takes(t, other, 0) // held, and not for a year and five minutes
		c.Advance(leaseTime + time.Second)
		w := takes(t, other, 1)[0]

		c.Advance(year)
		notes(t, other, w, errors.New("try again in four seconds"))
		c.Advance(-year)
		takes(t, s, 0)
		c.Advance(4 * time.Second)
		takes(t, s, 1)
	})
}

func TestAClockThatJumpsBothWaysKeepsTicksInStep(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := process(d, c)
		day := 24 * time.Hour
		if err := d.Tx(t.Context(), func(q db.Querier) error { return Every(t.Context(), q, "tick", day) }); err != nil {
			t.Fatal(err)
		}
		ticks := 0
		look := func() {
			work, err := s.take(t.Context(), 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range work {
				ticks++
				notes(t, s, w, nil)
			}
		}
		for _, jump := range []time.Duration{0, day, year, day, -year, day, -year, day, day} {
			c.Advance(jump)
			look()
			look()
		}
		// Each day, and once for the year that seemed to have gone by; a jump
		// back is no day.
		if ticks != 7 {
			t.Errorf("%d ticks, want 7", ticks)
		}
	})
}
