package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
)

const writers = 8

// put inserts one row of the given size, which a test knows again by its id.
func put(ctx context.Context, q db.Querier, id string, size int) error {
	return db.Exec(ctx, q, `insert into setting (initiative_id, name, value, set_at) values ('oak', $1, $2, '')`, id, strings.Repeat("x", size))
}

// kept are the ids that are stored, sorted.
func kept(t *testing.T, d *db.DB) []string {
	t.Helper()
	ids, err := db.All(t.Context(), d.Read(), db.Value[string], `select name from setting where initiative_id = 'oak' order by name`)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// smallDisk opens a store that may grow by pages, and no more.
func smallDisk(t *testing.T, pages int) *db.DB {
	t.Helper()
	path := dbtest.File(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), path, db.Options{}.WithMaxPages(int(info.Size()/4096)+pages))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// write is one writer of a group: what it does, and what became of it.
type write struct {
	ctx      context.Context
	fn       func(q db.Querier) error
	err      error
	panicked any
	left     bool // neither returned nor panicked: it ended its goroutine
}

func (w *write) run(d *db.DB) {
	w.left = true
	defer func() {
		if w.panicked = recover(); w.panicked != nil {
			w.left = false
		}
	}()
	w.err = d.Tx(w.ctx, w.fn)
	w.left = false
}

// together runs the writers as one group, in order: the writer's goroutine is
// kept busy until all of them wait.
func together(t *testing.T, d *db.DB, all []*write) {
	t.Helper()
	hold := make(chan struct{})
	go d.Tx(t.Context(), func(db.Querier) error { <-hold; return nil }) //nolint:errcheck // it only holds the turn
	synctest.Wait()
	for _, w := range all {
		go w.run(d)
		synctest.Wait()
	}
	close(hold)
	synctest.Wait()
}

func id(i int) string { return fmt.Sprintf("w%d", i) }

func TestWritersThatWaitShareOneCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := dbtest.Open(t)
		commits := 0
		if err := d.OnCommit(func() bool { commits++; return true }); err != nil {
			t.Fatal(err)
		}
		var all []*write
		for i := range writers {
			all = append(all, &write{ctx: t.Context(), fn: func(q db.Querier) error { return put(t.Context(), q, id(i), 10) }})
		}
		together(t, d, all)
		if n := len(kept(t, d)); n != writers || commits != 1 {
			t.Errorf("%d of %d writes stored by %d commits, want all by one", n, writers, commits)
		}
	})
}

// TestAFailedCommitIsEverybodysTrouble: nobody is told that it was stored, and
// the next group is well.
func TestAFailedCommitIsEverybodysTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := dbtest.Open(t)
		fails := true
		if err := d.OnCommit(func() bool { return !fails }); err != nil {
			t.Fatal(err)
		}
		var all []*write
		for i := range writers {
			all = append(all, &write{ctx: t.Context(), fn: func(q db.Querier) error { return put(t.Context(), q, id(i), 10) }})
		}
		together(t, d, all)
		for i, w := range all {
			if !errors.Is(w.err, db.ErrUnknown) || !fault.Is(w.err, fault.Busy) {
				t.Errorf("writer %d heard %v", i, w.err)
			}
		}
		if got := kept(t, d); len(got) != 0 {
			t.Errorf("stored %v", got)
		}
		fails = false
		together(t, d, all)
		if got := kept(t, d); len(got) != writers {
			t.Errorf("the second time %v are stored", got)
		}
	})
}

// trouble is one way in which one of the writers goes wrong.
type trouble struct {
	name string
	// write is what the writer at position i does; cancel ends the context of
	// the writer at position 0, who had its turn before unless i is 0 itself.
	write func(ctx context.Context, i int, cancel func()) *write
	// told says whether the writer heard what it should.
	told func(w *write) bool
	// stored says whether what it wrote stays nevertheless.
	stored bool
}

var errOwn = errors.New("changed my mind")

var troubles = []trouble{
	{
		name: "gave up while it waited",
		write: func(ctx context.Context, i int, _ func()) *write {
			ctx, cancel := context.WithCancel(ctx)
			w := &write{ctx: ctx, fn: func(q db.Querier) error { return put(ctx, q, id(i), 10) }}
			cancel()
			return w
		},
		told: func(w *write) bool { return errors.Is(w.err, context.Canceled) },
	},
	{
		name: "gave up while its statements ran",
		write: func(ctx context.Context, i int, _ func()) *write {
			ctx, cancel := context.WithCancel(ctx)
			return &write{ctx: ctx, fn: func(q db.Querier) error { cancel(); return put(ctx, q, id(i), 10) }}
		},
		told:   func(w *write) bool { return w.err == nil },
		stored: true,
	},
	{
		name: "failed after it wrote",
		write: func(ctx context.Context, i int, _ func()) *write {
			return &write{ctx: ctx, fn: func(q db.Querier) error { return errors.Join(put(ctx, q, id(i), 10), errOwn) }}
		},
		told: func(w *write) bool { return errors.Is(w.err, errOwn) },
	},
	{
		name: "panicked after it wrote",
		write: func(ctx context.Context, i int, _ func()) *write {
			return &write{ctx: ctx, fn: func(q db.Querier) error {
				if err := put(ctx, q, id(i), 10); err != nil {
					return err
				}
				panic("ouch")
			}}
		},
		told: func(w *write) bool { return w.panicked == "ouch" },
	},
	{
		name: "ended its goroutine after it wrote",
		write: func(ctx context.Context, i int, _ func()) *write {
			return &write{ctx: ctx, fn: func(q db.Querier) error {
				if err := put(ctx, q, id(i), 10); err != nil {
					return err
				}
				runtime.Goexit()
				return nil
			}}
		},
		told: func(w *write) bool { return w.left },
	},
	{
		name: "went on after a statement failed",
		write: func(ctx context.Context, i int, _ func()) *write {
			return &write{ctx: ctx, fn: func(q db.Querier) error {
				_ = put(ctx, q, id(i), 10)
				_ = put(ctx, q, id(i), 10)
				_ = put(ctx, q, id(i)+" and more", 10)
				return nil
			}}
		},
		told: func(w *write) bool { return db.IsUnique(w.err) },
	},
	{
		name: "found the disk full",
		write: func(ctx context.Context, i int, _ func()) *write {
			return &write{ctx: ctx, fn: func(q db.Querier) error {
				if err := put(ctx, q, id(i), 10); err != nil {
					return err
				}
				return put(ctx, q, id(i)+" large", 1<<20)
			}}
		},
		told: noRoom,
	},
	{
		name: "found the disk full, and went on",
		write: func(ctx context.Context, i int, _ func()) *write {
			return &write{ctx: ctx, fn: func(q db.Querier) error {
				_ = put(ctx, q, id(i)+" large", 1<<20)
				_ = put(ctx, q, id(i), 10) // would be stored by itself: the driver has rolled back
				return nil
			}}
		},
		told: noRoom,
	},
	{
		name: "lost everybody's transaction without a failure, and went on",
		write: func(ctx context.Context, i int, _ func()) *write {
			return &write{ctx: ctx, fn: func(q db.Querier) error {
				_ = db.Exec(ctx, q, `rollback`)
				_ = put(ctx, q, id(i), 10)
				return nil
			}}
		},
		told: func(w *write) bool { return w.err != nil },
	},
	{
		name: "found the disk full after the first writer gave up",
		write: func(ctx context.Context, i int, cancel func()) *write {
			return &write{ctx: ctx, fn: func(q db.Querier) error {
				cancel()
				return put(ctx, q, id(i), 1<<20)
			}}
		},
		told: noRoom,
	},
}

func noRoom(w *write) bool {
	f, ok := errors.AsType[*fault.Error](w.err)
	return ok && f.Kind == fault.Busy && f.Message.Key == "error.disk"
}

// TestOneWritersTroubleIsItsOwn puts each trouble at each position of a group
// of eight: whoever was told "stored" is, whoever was told otherwise is not,
// and the trouble reaches nobody else.
func TestOneWritersTroubleIsItsOwn(t *testing.T) {
	for _, trouble := range troubles {
		for position := range writers {
			t.Run(fmt.Sprintf("%s, at %d", trouble.name, position), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { oneInTrouble(t, trouble, position) })
			})
		}
	}
}

func oneInTrouble(t *testing.T, trouble trouble, position int) {
	d := smallDisk(t, 40)
	firsts, cancel := context.WithCancel(t.Context())
	defer cancel()
	all := make([]*write, writers)
	for i := range all {
		ctx := t.Context()
		if i == 0 {
			ctx = firsts
		}
		all[i] = &write{ctx: ctx, fn: func(q db.Querier) error { return put(ctx, q, id(i), 10) }}
		if i == position {
			all[i] = trouble.write(t.Context(), i, cancel)
		}
	}
	together(t, d, all)

	var want []string
	for i, w := range all {
		gaveUp := i == 0 && i != position && firsts.Err() != nil
		switch {
		case i == position && !trouble.told(w):
			t.Errorf("the writer in trouble heard %v, panicked with %v, left %v", w.err, w.panicked, w.left)
		case i != position && gaveUp && !errors.Is(w.err, context.Canceled):
			t.Errorf("the first writer, who gave up before it was stored, heard %v", w.err)
		case i != position && !gaveUp && w.err != nil:
			t.Errorf("writer %d heard of another's trouble: %v", i, w.err)
		}
		if w.err == nil && w.panicked == nil && !w.left && (i != position || trouble.stored) {
			want = append(want, id(i))
		}
	}
	if got := kept(t, d); !slices.Equal(got, want) {
		t.Errorf("stored %v, want %v", got, want)
	}
	// The writer survived it all.
	if err := d.Tx(t.Context(), func(q db.Querier) error { return put(t.Context(), q, "after", 10) }); err != nil {
		t.Errorf("the next write: %v", err)
	}
}
