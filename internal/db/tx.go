package db

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"slices"

	"commonweal/internal/fault"
)

// ErrUnknown is a transaction of which nobody can say whether it was stored:
// the connection was lost, or the disk failed, during COMMIT. It is never run
// again by itself; whoever asked sends the same key again, and package once
// gives the answer that was kept, if one was. To people it is a Busy fault.
var ErrUnknown = errors.New("db: lost sight of the commit; it may have been stored")

// ErrClosed is what Tx says once the store is closing.
var ErrClosed = errors.New("db: the store is closed")

var (
	errNested = errors.New("db: Tx inside Tx: call the function that takes a Querier")
	errOver   = errors.New("db: this Querier's transaction is over")
	errFailed = errors.New("db: a statement of this transaction failed before")

	errRolledBack = errors.New("db: the store has rolled this transaction back")
)

// Tx runs fn in one transaction and returns after it was stored. Every write
// goes through it.
//
//   - fn may run more than once, so it touches nothing but q and its own
//     variables, and sets those anew each time. Mail and other effects are jobs
//     added in the same transaction.
//   - fn's error, or a panic, undoes all that fn did. So does a failed statement,
//     even when fn returns nil: what may fail is written with ON CONFLICT.
//   - Two transactions never both pass one check-then-insert: whichever comes
//     later sees what the earlier stored, or is run again.
//   - Statements of fn do not end with ctx on SQLite, where transactions share a
//     COMMIT; ctx is looked at before fn starts and while it waits for its turn.
//   - Tx inside Tx is refused at once, on either store.
//
// Faults: Busy when there is no room on the disk (error.disk), when others were
// always quicker (error.busy), or when the outcome is unknown (error.unknown,
// for which errors.Is(err, ErrUnknown) holds); otherwise what fn returns.
func (d *DB) Tx(ctx context.Context, fn func(q Querier) error) error {
	if nested() {
		return errNested
	}
	err := d.inPlainWords(d.writer.tx(ctx, fn))
	d.health.note(err)
	return err
}

// inPlainWords turns what a person can do something about into a fault.
func (d *DB) inPlainWords(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrUnknown):
		return fault.Because(err, fault.Busy, "error.unknown")
	case d.dialect.full(err): // whatever fn made of it
		return fault.Because(err, fault.Busy, "error.disk")
	case fault.KindOf(err) != fault.Internal:
		return err
	case d.dialect.busy(err):
		return fault.Because(err, fault.Busy, "error.busy")
	}
	return err
}

// IsUnique says whether err is, on either store, a unique key refusing a row.
func IsUnique(err error) bool { return sqlite.unique(err) || postgres.unique(err) }

// within calls fn. Its frame on the stack is how a nested Tx is known: fn has
// no context of its own that could carry a mark, and the context it closes over
// is its caller's.
//
//go:noinline
func within(fn func(q Querier) error, q Querier) error { return fn(q) }

// withinSite is the one place where within calls.
var withinSite = func() (site uintptr) {
	_ = within(func(Querier) error {
		var pc [1]uintptr
		runtime.Callers(2, pc[:]) // past Callers and this function
		site = pc[0]
		return nil
	}, nil)
	return site
}()

// nested says whether a function given to Tx is running further up the stack
// of this goroutine.
func nested() bool {
	var pcs [64]uintptr
	for skip := 2; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs[:])
		if slices.Contains(pcs[:n], withinSite) {
			return true
		}
		if n < len(pcs) {
			return false
		}
	}
}

// turn is the Querier that fn gets. It notes the first statement that failed
// and refuses all that follow: on PostgreSQL the transaction is dead by then,
// and on SQLite it may be rolled back, so that a statement would be stored by
// itself.
type turn struct {
	db     *DB
	run    Querier
	alive  *bool // SQLite only: whether the transaction is still open
	failed error
	over   bool
}

func (t *turn) store() *DB { return t.db }

// ready says whether a statement may run.
func (t *turn) ready(query string) error {
	switch {
	case t.over:
		return errOver
	case t.failed != nil:
		return errFailed
	case t.alive != nil && !*t.alive:
		return errRolledBack
	}
	t.db.watch(query)
	return nil
}

// under is the context that statements run under. On SQLite the transaction is
// everybody's, and a statement that is interrupted would end it for all.
func (t *turn) under(ctx context.Context) context.Context {
	if t.alive != nil {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (t *turn) note(err error) error {
	if t.failed == nil {
		t.failed = err
	}
	return err
}

func (t *turn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := t.ready(query); err != nil {
		return nil, err
	}
	r, err := t.run.ExecContext(t.under(ctx), query, args...)
	return r, t.note(err)
}

func (t *turn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := t.ready(query); err != nil {
		return nil, err
	}
	rows, err := t.run.QueryContext(t.under(ctx), query, args...)
	return rows, t.note(err)
}

func (t *turn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := t.ready(query); err != nil {
		return refused(ctx, t.run, err)
	}
	row := t.run.QueryRowContext(t.under(ctx), query, args...)
	_ = t.note(row.Err()) // Scan tells the caller
	return row
}

// refused is a row that carries an error: database/sql makes one only of a
// context that is over.
func refused(ctx context.Context, q Querier, why error) *sql.Row {
	ctx, cancel := context.WithCancelCause(ctx)
	cancel(why)
	return q.QueryRowContext(ctx, "")
}

// do runs fn on the turn and gives what Tx should make of it.
func (t *turn) do(fn func(q Querier) error) error {
	defer func() { t.over = true }()
	err := within(fn, t)
	if t.failed == nil || errors.Is(err, t.failed) {
		return err
	}
	// fn hid the failure, or put it in words of its own that lost the cause.
	return errors.Join(err, t.failed)
}

// reader is the Querier of Read.
type reader struct {
	db  *DB
	run Querier
}

func (r *reader) store() *DB { return r.db }

func (r *reader) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	r.db.watch(query)
	return r.run.ExecContext(ctx, query, args...)
}

func (r *reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.db.watch(query)
	return r.run.QueryContext(ctx, query, args...)
}

func (r *reader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	r.db.watch(query)
	return r.run.QueryRowContext(ctx, query, args...)
}

func (d *DB) watch(query string) {
	if d.options.Watch != nil {
		d.options.Watch(query)
	}
}
