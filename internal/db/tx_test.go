package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
)

// TestJoinNeverOverfills lets 24 people take one of two places by
// check-then-insert. Under anything weaker than db.Tx more than two get in.
func TestJoinNeverOverfills(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		const people, places = 24, 2
		ids := db.NewIDs(dbtest.Clock().Now, nil)
		errFull := errors.New("full")
		join := func(ctx context.Context) error {
			return d.Tx(ctx, func(q db.Querier) error {
				n, err := db.One(ctx, q, db.Value[int], `select count(*) from erasure where initiative_id = $1`, "oak")
				if err != nil {
					return err
				}
				if n >= places {
					return errFull
				}
				return db.Exec(ctx, q, `insert into erasure (initiative_id, id, subject, subject_id, erased_at) values ($1, $2, 'place', '', '')`, "oak", ids.New())
			})
		}
		start := make(chan struct{})
		var joined, refused, others int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range people {
			all.Go(func() {
				<-start
				err := join(t.Context())
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					joined++
				case errors.Is(err, errFull):
					refused++
				default:
					others++
					t.Log(err)
				}
			})
		}
		close(start)
		all.Wait()
		stored, err := db.One(t.Context(), d.Read(), db.Value[int], `select count(*) from erasure where initiative_id = 'oak'`)
		if err != nil {
			t.Fatal(err)
		}
		if joined != places || stored != places {
			t.Errorf("%d people were told they joined and %d are stored, of %d places (%d refused, %d other answers)", joined, stored, places, refused, others)
		}
	})
}

func TestTxInsideTxIsRefusedAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var within func(depth int) error
		within = func(depth int) error {
			if depth > 0 {
				return within(depth - 1)
			}
			return d.Tx(ctx, func(db.Querier) error { t.Error("the inner function ran"); return nil })
		}
		for _, depth := range []int{0, 300} { // calls between the two
			var inner error
			if err := d.Tx(ctx, func(q db.Querier) error {
				inner = within(depth)
				return put(ctx, q, fmt.Sprint(depth), 1)
			}); err != nil {
				t.Fatal(err)
			}
			if inner == nil {
				t.Errorf("Tx inside Tx, %d calls deeper, went through", depth)
			}
		}
		if got := len(kept(t, d)); got != 2 {
			t.Errorf("%d of 2 outer transactions are stored", got)
		}
	})
}

func TestAQuerierEndsWithItsTransaction(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var stolen db.Querier
		if err := d.Tx(ctx, func(q db.Querier) error { stolen = q; return nil }); err != nil {
			t.Fatal(err)
		}
		if err := put(ctx, stolen, "late", 1); err == nil {
			t.Error("a statement ran after its transaction was over")
		}
		if _, err := db.One(ctx, stolen, db.Value[int], `select 1`); err == nil {
			t.Error("a row was read after the transaction was over")
		}
		if got := kept(t, d); len(got) != 0 {
			t.Errorf("stored %v", got)
		}
	})
}

func TestWhatFailsLeavesNoTrace(t *testing.T) {
	errOwn := errors.New("changed my mind")
	tests := []struct {
		name string
		fn   func(ctx context.Context, q db.Querier) error
		told func(err error) bool
	}{
		{
			name: "an error of its own",
			fn:   func(context.Context, db.Querier) error { return errOwn },
			told: func(err error) bool { return errors.Is(err, errOwn) },
		},
		{
			name: "a statement that failed, returned",
			fn:   func(ctx context.Context, q db.Querier) error { return put(ctx, q, "a", 1) },
			told: db.IsUnique,
		},
		{
			name: "a statement that failed, hidden",
			fn: func(ctx context.Context, q db.Querier) error {
				_ = put(ctx, q, "a", 1)
				return nil
			},
			told: db.IsUnique,
		},
		{
			name: "a query that failed, hidden",
			fn: func(ctx context.Context, q db.Querier) error {
				_, _ = db.One(ctx, q, db.Value[int], `select nothing from nowhere`)
				_, _ = db.All(ctx, q, db.Value[int], `select nothing from nowhere`)
				return nil
			},
			told: func(err error) bool { return err != nil },
		},
		{
			name: "a row that isn't there is no failure",
			fn: func(ctx context.Context, q db.Querier) error {
				_, err := db.One(ctx, q, db.Value[string], `select value from setting where name = 'none'`)
				if !fault.Is(err, fault.NotFound) {
					return fmt.Errorf("found %w", err)
				}
				return errOwn
			},
			told: func(err error) bool { return errors.Is(err, errOwn) },
		},
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Tx(ctx, func(q db.Querier) error { return put(ctx, q, "a", 1) }); err != nil {
			t.Fatal(err)
		}
		for _, test := range tests {
			ran := 0
			err := d.Tx(ctx, func(q db.Querier) error {
				ran++
				return errors.Join(put(ctx, q, "b", 1), test.fn(ctx, q))
			})
			if !test.told(err) || ran != 1 {
				t.Errorf("%s: told %v after %d runs", test.name, err, ran)
			}
			if got := kept(t, d); !slices.Equal(got, []string{"a"}) {
				t.Errorf("%s: stored %v", test.name, got)
			}
		}
	})
}

func TestAPanicUndoesAndGoesOn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		func() {
			defer func() {
				if got := recover(); got != "ouch" {
					t.Errorf("recovered %v, want the panic of the function", got)
				}
			}()
			_ = d.Tx(ctx, func(q db.Querier) error {
				if err := put(ctx, q, "a", 1); err != nil {
					return err
				}
				panic("ouch")
			})
		}()
		if err := d.Tx(ctx, func(q db.Querier) error { return put(ctx, q, "b", 1) }); err != nil {
			t.Error(err)
		}
		if got := kept(t, d); !slices.Equal(got, []string{"b"}) {
			t.Errorf("stored %v", got)
		}
	})
}

func TestReadRefusesToWrite(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		if err := put(t.Context(), d.Read(), "a", 1); err == nil {
			t.Error("a reader wrote")
		}
		if got := kept(t, d); len(got) != 0 {
			t.Errorf("stored %v", got)
		}
	})
}

func TestAFinishedContextStartsNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := d.Tx(ctx, func(db.Querier) error { t.Error("the function ran"); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("told %v", err)
		}
	})
}

// TestGivingUpWhileWaiting: whoever waits for the writer may leave at once.
func TestGivingUpWhileWaiting(t *testing.T) {
	d := dbtest.Open(t)
	hold, held := make(chan struct{}), make(chan struct{})
	var busy sync.WaitGroup
	busy.Go(func() {
		_ = d.Tx(t.Context(), func(db.Querier) error { close(held); <-hold; return nil })
	})
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan error)
	go func() {
		told <- d.Tx(ctx, func(db.Querier) error { t.Error("the function ran"); return nil })
	}()
	cancel()
	if err := <-told; !errors.Is(err, context.Canceled) { // while the writer is still held
		t.Errorf("told %v", err)
	}
	close(hold)
	busy.Wait()
}

func TestAClosedStoreSaysSo(t *testing.T) {
	d, err := db.Open(t.Context(), dbtest.File(t), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Tx(t.Context(), func(db.Querier) error { return nil }); !errors.Is(err, db.ErrClosed) {
		t.Errorf("told %v", err)
	}
	if err := d.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

// TestClosingLeavesOneFile: the log is moved into the file, so that copying
// the one file of a stopped server copies everything.
func TestClosingLeavesOneFile(t *testing.T) {
	path := dbtest.File(t)
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Tx(t.Context(), func(q db.Querier) error { return put(t.Context(), q, "a", 5000) }); err != nil {
		t.Fatal(err)
	}
	if got := kept(t, d); len(got) != 1 {
		t.Errorf("stored %v", got)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(files, []string{path}) {
		t.Errorf("a closed store is %v", files)
	}
}
