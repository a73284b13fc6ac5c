package db_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

// runAt is dbtest.Run with a clock that the test moves.
func runAt(t *testing.T, test func(t *testing.T, d *db.DB, now *clock.Fake)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		now := dbtest.Clock()
		test(t, dbtest.OpenWith(t, db.Options{Now: now.Now}), now)
	})
	t.Run("postgres", func(t *testing.T) {
		now := dbtest.Clock()
		test(t, dbtest.PostgresWith(t, db.Options{Now: now.Now}), now)
	})
}

func touch(t *testing.T, d *db.DB, initiative string) {
	t.Helper()
	if err := d.Tx(t.Context(), func(q db.Querier) error { return db.Touch(t.Context(), q, initiative) }); err != nil {
		t.Fatal(err)
	}
}

func version(t *testing.T, d *db.DB, initiative string) string {
	t.Helper()
	v, err := db.Version(t.Context(), d.Read(), initiative)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAVersionChangesWithEachChangeOfItsInitiative(t *testing.T) {
	runAt(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		fresh := version(t, d, "oak")
		touch(t, d, "elm")
		if got := version(t, d, "oak"); got != fresh {
			t.Errorf("another initiative's change made %q of %q", got, fresh)
		}
		touch(t, d, "oak")
		first := version(t, d, "oak")
		if first == fresh {
			t.Error("a change left the version as it was")
		}
		if again := version(t, d, "oak"); again != first {
			t.Errorf("nothing changed, yet %q became %q", first, again)
		}
		// The clock steps back: the newer id may sort first, and the count tells.
		now.Advance(-time.Minute)
		other := db.NewIDs(now.Now, nil) // another replica
		err := d.Tx(t.Context(), func(q db.Querier) error {
			return db.Exec(t.Context(), q, `insert into change (initiative_id, id, changed_at) values ('oak', $1, $2)`, other.New(), db.At(now.Now()))
		})
		if err != nil {
			t.Fatal(err)
		}
		if late := version(t, d, "oak"); late == first {
			t.Error("a change that came late left the version as it was")
		}
	})
}

func TestPruningKeepsTheVersion(t *testing.T) {
	runAt(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		for range 3 {
			touch(t, d, "oak")
			touch(t, d, "elm")
		}
		now.Advance(25 * time.Hour)
		touch(t, d, "elm")
		oak, elm := version(t, d, "oak"), version(t, d, "elm")
		prune := func() (removed int64) {
			err := d.Tx(t.Context(), func(q db.Querier) (err error) {
				removed, err = db.PruneChanges(t.Context(), q)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return removed
		}
		if got := prune(); got != 5 { // two of oak's three, and elm's three old ones
			t.Errorf("%d removed, want 5", got)
		}
		if got := prune(); got != 0 {
			t.Errorf("%d removed the second time", got)
		}
		if gotOak, gotElm := version(t, d, "oak"), version(t, d, "elm"); gotOak != oak || gotElm != elm {
			t.Errorf("pruning made %q and %q of %q and %q", gotOak, gotElm, oak, elm)
		}
	})
}

// TestAChangeOfTheFutureCounts: the clock stood a year ahead for a moment.
func TestAChangeOfTheFutureCounts(t *testing.T) {
	runAt(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		const year = 365 * 24 * time.Hour
		touch(t, d, "oak")
		before := version(t, d, "oak")
		now.Advance(year)
		touch(t, d, "oak")
		now.Advance(-year)
		if got := version(t, d, "oak"); got == before {
			t.Error("what changed while the clock stood ahead went unnoticed")
		}
		now.Advance(26 * time.Hour)
		before = version(t, d, "oak")
		err := d.Tx(t.Context(), func(q db.Querier) error {
			_, err := db.PruneChanges(t.Context(), q)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := version(t, d, "oak"); got != before {
			t.Errorf("pruning made %q of %q", got, before)
		}
	})
}

// stranger is a Querier that isn't a store's.
type stranger struct{ db.Querier }

func TestTouchWantsAStoresQuerier(t *testing.T) {
	if err := db.Touch(context.Background(), stranger{}, "oak"); err == nil {
		t.Error("a change was noted nowhere")
	}
}

func TestAVersionIsAskedForOnlyAfterAWrite(t *testing.T) {
	var asked atomic.Int32
	watch := func(query string) {
		if strings.Contains(query, "from change") {
			asked.Add(1)
		}
	}
	path := filepath.Join(t.TempDir(), "shared.db")
	var stores [2]*db.DB // two processes on one file: a server and a command
	for i := range stores {
		d, err := db.Open(t.Context(), path, db.Options{Watch: watch})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		stores[i] = d
	}
	server, command := stores[0], stores[1]
	touch(t, server, "oak")
	first := version(t, server, "oak")
	for range 5 {
		if again := version(t, server, "oak"); again != first {
			t.Fatalf("nothing was written, yet %q became %q", first, again)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("the store was asked %d times, nothing being written", asked.Load())
	}
	touch(t, command, "oak")
	second := version(t, server, "oak")
	if second == first {
		t.Error("another process's write left the version as it was")
	}
	touch(t, server, "oak")
	if version(t, server, "oak") == second {
		t.Error("our own write left the version as it was")
	}
}
