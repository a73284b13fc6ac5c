package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/jobs"
)

const here = "initiative-1"

// onSQLite gives a store for what has no SQL of its own to try on both.
func onSQLite(t *testing.T) (*db.DB, *clock.Fake) {
	t.Helper()
	c := dbtest.Clock()
	return dbtest.OpenWith(t, db.Options{Now: c.Now}), c
}

// desk is a store with one runner, and what was done at it.
type desk struct {
	*testing.T
	d      *db.DB
	clock  *clock.Fake
	runner *jobs.Runner

	mu   sync.Mutex
	done []string
}

func newDesk(t *testing.T, d *db.DB, c *clock.Fake) *desk {
	s := &desk{T: t, d: d, clock: c}
	s.runner = s.newRunner()
	s.handle("note", func(_ context.Context, w jobs.Work) error {
		var text string
		err := w.Payload(&text)
		s.note(text)
		return err
	})
	return s
}

func (s *desk) newRunner() *jobs.Runner {
	return &jobs.Runner{
		DB: s.d, IDs: db.NewIDs(s.clock.Now, nil), Now: s.clock.Now,
		Log: slog.New(slog.DiscardHandler), Handle: map[string]jobs.Handler{},
	}
}

func (s *desk) handle(kind string, h jobs.Handler) { s.runner.Handle[kind] = h }

func (s *desk) note(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = append(s.done, text)
}

func (s *desk) noted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.done...)
}

func (s *desk) tx(fn func(q db.Querier) error) {
	s.Helper()
	if err := s.d.Tx(s.Context(), fn); err != nil {
		s.Fatal(err)
	}
}

func (s *desk) add(j jobs.Job) {
	s.Helper()
	if j.Initiative == "" {
		j.Initiative = here
	}
	s.tx(func(q db.Querier) error { return jobs.Add(s.Context(), q, j) })
}

func (s *desk) runDue() (int, error) { return s.runner.RunDue(s.Context()) }

func (s *desk) mustRun(want int) {
	s.Helper()
	if n, err := s.runDue(); err != nil || n != want {
		s.Fatalf("ran %d jobs, error %v; want %d", n, err, want)
	}
}

func (s *desk) list() []jobs.Entry {
	s.Helper()
	all, err := jobs.List(s.Context(), s.d.Read(), here)
	if err != nil {
		s.Fatal(err)
	}
	return all
}

func (s *desk) expect(want ...string) {
	s.Helper()
	if diff := cmp.Diff(append([]string{}, want...), s.noted()); diff != "" {
		s.Errorf("done (-want +got):\n%s", diff)
	}
}

func TestAJobIsDoneOnceAndThenGone(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := newDesk(t, d, c)
		s.add(jobs.Job{Kind: "note", Payload: "one"})
		s.mustRun(1)
		s.mustRun(0)
		s.expect("one")
		if all := s.list(); len(all) != 0 {
			t.Errorf("left over: %+v", all)
		}
	})
}

func TestAJobIsThereOnlyWhenItsTransactionIs(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := newDesk(t, d, c)
		sorry := errors.New("changed my mind")
		err := d.Tx(t.Context(), func(q db.Querier) error {
			return errors.Join(jobs.Add(t.Context(), q, jobs.Job{Initiative: here, Kind: "note"}), sorry)
		})
		if !errors.Is(err, sorry) {
			t.Fatal(err)
		}
		s.mustRun(0)
	})
}

func TestAJobWaitsForItsTime(t *testing.T) {
	d, c := onSQLite(t)
	s := newDesk(t, d, c)
	s.add(jobs.Job{Kind: "note", Payload: "later", RunAt: c.Now().Add(time.Hour)})
	s.mustRun(0)
	c.Advance(time.Hour)
	s.mustRun(1)
	s.expect("later")
}

func TestAKindWithoutAHandlerIsLeftForOthers(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := newDesk(t, d, c)
		s.add(jobs.Job{Kind: "of a newer version"})
		s.mustRun(0)
		if all := s.list(); len(all) != 1 || all[0].State != jobs.Waiting || all[0].Attempts != 0 {
			t.Errorf("entries = %+v", all)
		}
	})
}

func TestAFailureIsPutOffTwiceAsLongEachTimeUntilItIsStuck(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := newDesk(t, d, c)
		broken := true
		s.handle("shaky", func(_ context.Context, w jobs.Work) error {
			s.note(fmt.Sprint(w.Attempt))
			if broken {
				return errors.New("not today")
			}
			return nil
		})
		s.add(jobs.Job{Kind: "shaky"})
		for n := 1; n <= jobs.MaxAttempts; n++ {
			if ran, err := s.runDue(); ran != 1 || err == nil {
				t.Fatalf("attempt %d: ran %d, error %v", n, ran, err)
			}
			want := jobs.Failing
			if n == jobs.MaxAttempts {
				want = jobs.Stuck
			}
			if all := s.list(); len(all) != 1 || all[0].State != want || all[0].Error != "not today" {
				t.Fatalf("after attempt %d: %+v", n, all)
			}
			c.Advance(time.Second<<n - time.Second)
			s.mustRun(0)
			c.Advance(time.Second)
		}
		c.Advance(24 * time.Hour)
		s.mustRun(0)

		broken = false
		id := s.list()[0].ID
		s.tx(func(q db.Querier) error { return jobs.Retry(t.Context(), q, here, id) })
		s.mustRun(1)
		s.expect("1", "2", "3", "4", "5", "6", "7", "8", "1")
		err := d.Tx(t.Context(), func(q db.Querier) error { return jobs.Retry(t.Context(), q, here, id) })
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("retrying what isn't there: %v, want not found", err)
		}
	})
}

func TestAHandlerMaySayWhenToTryAgain(t *testing.T) {
	d, c := onSQLite(t)
	s := newDesk(t, d, c)
	s.handle("wary", func(context.Context, jobs.Work) error {
		return fmt.Errorf("delivering: %w", &jobs.LaterError{In: time.Hour, Cause: errors.New("come back later")})
	})
	s.add(jobs.Job{Kind: "wary"})
	if _, err := s.runDue(); err == nil {
		t.Fatal("no error")
	}
	if got, want := s.list()[0].RunAt, c.Now().Add(time.Hour); !got.Equal(want) {
		t.Errorf("runs at %v, want %v", got, want)
	}
}

func TestAPanicIsAFailureLikeAnyOther(t *testing.T) {
	d, c := onSQLite(t)
	s := newDesk(t, d, c)
	s.handle("wild", func(context.Context, jobs.Work) error { panic("oh") })
	s.add(jobs.Job{Kind: "wild"})
	if n, err := s.runDue(); n != 1 || err == nil {
		t.Fatalf("ran %d, error %v", n, err)
	}
	if all := s.list(); all[0].State != jobs.Failing || all[0].Error != "panic: oh" {
		t.Errorf("entries = %+v", all)
	}
}

func TestUnderAUniqueKeyOneJobWaits(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := newDesk(t, d, c)
		for range 3 {
			s.add(jobs.Job{Kind: "note", Payload: "count", Unique: "release"})
		}
		s.add(jobs.Job{Kind: "note", Payload: "elsewhere", Unique: "release", Initiative: "initiative-2"})
		s.mustRun(2)
		s.expect("count", "elsewhere")
		s.add(jobs.Job{Kind: "note", Payload: "again", Unique: "release"})
		s.mustRun(1)
	})
}

func TestAskedForWhileItRunsAJobRunsOnceMore(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := newDesk(t, d, c)
		s.handle("count", func(_ context.Context, w jobs.Work) error {
			s.note("counted")
			if len(s.noted()) == 1 {
				// What this run has read is old now: two neighbours gave answers.
				s.add(jobs.Job{Kind: "count", Unique: "k"})
				s.add(jobs.Job{Kind: "count", Unique: "k"})
			}
			return nil
		})
		s.add(jobs.Job{Kind: "count", Unique: "k"})
		s.mustRun(2)
		s.expect("counted", "counted")
	})
}

func TestAskedForAgainAStuckJobIsTriedAgain(t *testing.T) {
	d, c := onSQLite(t)
	s := newDesk(t, d, c)
	broken := true
	s.handle("count", func(context.Context, jobs.Work) error {
		if broken {
			return &jobs.LaterError{Cause: errors.New("no")}
		}
		return nil
	})
	s.add(jobs.Job{Kind: "count", Unique: "k"})
	if n, _ := s.runDue(); n != jobs.MaxAttempts || s.list()[0].State != jobs.Stuck {
		t.Fatalf("ran %d; %+v", n, s.list())
	}
	broken = false
	s.add(jobs.Job{Kind: "count", Unique: "k"})
	s.mustRun(1)
}

func TestDoneStoresTheEffectAndTheEndOfTheJobTogether(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := newDesk(t, d, c)
		crash := true
		s.handle("effect", func(ctx context.Context, w jobs.Work) error {
			err := d.Tx(ctx, func(q db.Querier) error {
				return errors.Join(db.Exec(ctx, q, `insert into setting (initiative_id, name, value, set_at) values ('', 'effect', '', '')`), w.Done(ctx, q))
			})
			if crash {
				return errors.New("the process died after the commit")
			}
			return err
		})
		s.add(jobs.Job{Kind: "effect"})
		if n, err := s.runDue(); n != 1 || err == nil {
			t.Fatalf("ran %d, error %v", n, err)
		}
		c.Advance(time.Hour)
		s.mustRun(0) // or the insert would collide
	})
}

func TestATickComesAgainAndMissedOnesAreOne(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := newDesk(t, d, c)
		s.handle("daily", func(context.Context, jobs.Work) error { s.note(c.Now().Format("2 15:04")); return nil })
		every := func(interval time.Duration) {
			s.tx(func(q db.Querier) error { return jobs.Every(t.Context(), q, "daily", interval) })
		}
		day := 24 * time.Hour
		every(day)
		every(day)
		s.mustRun(1)
		s.mustRun(0)
		c.Advance(day + time.Hour) // a little late
		s.mustRun(1)
		c.Advance(day - time.Hour) // and in step again
		s.mustRun(1)
		c.Advance(5*day + time.Hour) // asleep for five days
		s.mustRun(1)
		s.mustRun(0)
		s.expect("21 09:00", "22 10:00", "23 09:00", "28 10:00")
		every(time.Hour)
		s.mustRun(1)
	})
}

func TestATickIsNeverStuck(t *testing.T) {
	d, c := onSQLite(t)
	s := newDesk(t, d, c)
	s.handle("daily", func(context.Context, jobs.Work) error { return errors.New("no") })
	s.tx(func(q db.Querier) error { return jobs.Every(t.Context(), q, "daily", 24*time.Hour) })
	for range 3 {
		for range jobs.MaxAttempts {
			if n, err := s.runDue(); n != 1 || err == nil {
				t.Fatalf("ran %d, error %v", n, err)
			}
			c.Advance(time.Second << jobs.MaxAttempts)
		}
		s.mustRun(0)
		c.Advance(24 * time.Hour)
	}
}

func TestManyJobsCostWhatOneDoes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		var all []jobs.Job
		for i := range 150 {
			all = append(all, jobs.Job{Initiative: "many", Kind: "k", Payload: i, Unique: fmt.Sprint(i)})
		}
		counted := dbtest.Count(d)
		for range 2 { // under the same keys nothing is added
			if err := d.Tx(t.Context(), func(q db.Querier) error { return jobs.Add(t.Context(), q, all...) }); err != nil {
				t.Fatal(err)
			}
		}
		if n := counted.N(); n != 4 {
			t.Errorf("%d statements, want one for each hundred", n)
		}
		if got, err := jobs.List(t.Context(), d.Read(), "many"); err != nil || len(got) != 150 {
			t.Errorf("%d jobs, %v", len(got), err)
		}
	})
}
