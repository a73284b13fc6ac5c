package db_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
)

// mishap is what happens to a statement on its way.
type mishap int

const (
	none      mishap = iota
	collision        // 40001: the server wants the transaction again
	deadlock         // 40P01
	lostGoing        // the connection drops before the statement arrives
	lostBack         // the statement is carried out, and the answer is lost
	gaveUp           // the same, because the caller gave up
)

var mishaps = map[string]mishap{
	"collides": collision, "deadlocks": deadlock, "is lost on its way": lostGoing, "loses its answer": lostBack,
}

// road counts the statements, BEGIN and COMMIT included, and lets something
// happen to one of them; with always, to that one of every transaction.
type road struct {
	at     int
	what   mishap
	always bool
	passed int
}

func (r *road) next() mishap {
	r.passed++
	if r.passed == r.at {
		return r.what
	}
	return none
}

// travel takes one statement to the server.
func (r *road) travel(c *stdlib.Conn, statement func() error) error {
	switch r.next() {
	case collision:
		return &pgconn.PgError{Severity: "ERROR", Code: "40001"}
	case deadlock:
		return &pgconn.PgError{Severity: "ERROR", Code: "40P01"}
	case lostGoing:
		_ = c.Close()
		return io.ErrUnexpectedEOF
	case lostBack:
		err := statement()
		_ = c.Close()
		return errors.Join(err, io.ErrUnexpectedEOF)
	case gaveUp:
		err := statement()
		_ = c.Close()
		return errors.Join(err, context.Canceled)
	default:
		return statement()
	}
}

func (r *road) wrap(c driver.Connector) driver.Connector { return roadConnector{c, r} }

type roadConnector struct {
	driver.Connector
	road *road
}

func (c roadConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &roadConn{conn.(*stdlib.Conn), c.road}, nil
}

type roadConn struct {
	*stdlib.Conn
	road *road
}

func (c *roadConn) BeginTx(ctx context.Context, o driver.TxOptions) (tx driver.Tx, err error) {
	if c.road.always {
		c.road.passed = 0
	}
	err = c.road.travel(c.Conn, func() error {
		tx, err = c.Conn.BeginTx(ctx, o)
		return err
	})
	return &roadTx{tx, c}, err
}

func (c *roadConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (r driver.Result, err error) {
	err = c.road.travel(c.Conn, func() error {
		r, err = c.Conn.ExecContext(ctx, query, args)
		return err
	})
	return r, err
}

func (c *roadConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (rows driver.Rows, err error) {
	err = c.road.travel(c.Conn, func() error {
		rows, err = c.Conn.QueryContext(ctx, query, args)
		return err
	})
	return rows, err
}

type roadTx struct {
	driver.Tx
	conn *roadConn
}

func (tx *roadTx) Commit() error { return tx.conn.road.travel(tx.conn.Conn, tx.Tx.Commit) }

// onRoad opens a store whose writers take the road.
func onRoad(t *testing.T) (*db.DB, *road) {
	t.Helper()
	r := &road{}
	return dbtest.PostgresWith(t, db.Options{}.WithDriver(r.wrap)), r
}

// deed is one request as rooms write it: its key says whether it was carried
// out before, and its rows hang together.
func deed(ctx context.Context, d *db.DB, key string) error {
	return d.Tx(ctx, func(q db.Querier) error {
		n, err := db.Changed(ctx, q, `insert into once (initiative_id, key_hash, request_hash, answer, done_at)
			values ('oak', $1, '', '', '') on conflict (initiative_id, key_hash) do nothing`, key)
		if err != nil || n == 0 {
			return err
		}
		for _, part := range []string{"first", "second"} {
			if err := put(ctx, q, key+" "+part, 10); err != nil {
				return err
			}
		}
		_, err = db.One(ctx, q, db.Value[int], `select count(*) from setting where name = $1`, key+" second")
		return err
	})
}

// TestEveryStatementMayFailOnce has each statement of a transaction meet each
// mishap in turn. Only a COMMIT whose connection is lost has no known outcome;
// sending the same key again settles it. Everything else is run again unseen.
func TestEveryStatementMayFailOnce(t *testing.T) {
	d, road := onRoad(t)
	ctx := t.Context()
	if err := deed(ctx, d, "calm"); err != nil {
		t.Fatal(err)
	}
	statements := road.passed
	if statements < 6 {
		t.Fatalf("only %d statements pass the wrapper", statements)
	}
	for name, what := range mishaps {
		for n := 1; n <= statements; n++ {
			key := fmt.Sprintf("statement %d %s", n, name)
			*road = roadTo(n, what)
			err := deed(ctx, d, key)
			unknown := n == statements && (what == lostGoing || what == lostBack)
			if errors.Is(err, db.ErrUnknown) != unknown || (err != nil && !unknown) {
				t.Errorf("%s: told %v", key, err)
			}
			if unknown {
				if !fault.Is(err, fault.Busy) {
					t.Errorf("%s: people would hear %v", key, fault.KindOf(err))
				}
				if err := deed(ctx, d, key); err != nil { // what a person does, or their browser
					t.Errorf("%s, sent again: %v", key, err)
				}
			}
			if got := rowsOf(t, d, key); !slices.Equal(got, []string{key + " first", key + " second"}) {
				t.Errorf("%s: stored %q", key, got)
			}
		}
	}
}

func roadTo(at int, what mishap) road { return road{at: at, what: what} }

func rowsOf(t *testing.T, d *db.DB, key string) []string {
	t.Helper()
	names, err := db.All(t.Context(), d.Read(), db.Value[string], `select name from setting where name like $1 escape '\' order by name`, db.Like(key)+" %")
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestATransactionThatAlwaysCollidesGivesUp after ten tries, and says "busy".
func TestATransactionThatAlwaysCollidesGivesUp(t *testing.T) {
	d, road := onRoad(t)
	road.at, road.what, road.always = 2, collision, true // the statement after BEGIN
	ran := 0
	err := d.Tx(t.Context(), func(q db.Querier) error {
		ran++
		return put(t.Context(), q, "a", 1)
	})
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Busy || f.Message.Key != "error.busy" || ran != 10 {
		t.Errorf("told %v after %d tries, want busy after 10", err, ran)
	}
	if d.Health(t.Context()) == nil {
		t.Error("the store calls itself well though it turns writes away")
	}
	road.what = none
	if err := d.Tx(t.Context(), func(q db.Querier) error { return put(t.Context(), q, "a", 1) }); err != nil {
		t.Error(err)
	}
	if err := d.Health(t.Context()); err != nil {
		t.Errorf("the store doesn't know that it is well again: %v", err)
	}
}

// TestCollidingEndsWithItsContext: nobody is kept waiting who has gone.
func TestCollidingEndsWithItsContext(t *testing.T) {
	d, road := onRoad(t)
	road.at, road.what, road.always = 2, collision, true
	ctx, cancel := context.WithCancel(t.Context())
	ran := 0
	err := d.Tx(ctx, func(q db.Querier) error {
		ran++
		cancel()
		return put(t.Context(), q, "a", 1)
	})
	if err == nil || ran != 1 {
		t.Errorf("told %v after %d tries", err, ran)
	}
}

// TestGivingUpDuringCommitIsUnknown: the server may have stored it all the same.
func TestGivingUpDuringCommitIsUnknown(t *testing.T) {
	d, road := onRoad(t)
	road.at, road.what = 3, gaveUp // BEGIN, insert, COMMIT
	err := d.Tx(t.Context(), func(q db.Querier) error { return put(t.Context(), q, "a", 1) })
	if !errors.Is(err, db.ErrUnknown) {
		t.Errorf("told %v", err)
	}
}

// TestWhatCannotBeSentIsNotTriedAgain: an argument that no store understands
// is a mistake, not a lost connection.
func TestWhatCannotBeSentIsNotTriedAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ran := 0
		err := d.Tx(t.Context(), func(q db.Querier) error {
			ran++
			return db.Exec(t.Context(), q, `update setting set value = $1`, struct{ Odd chan int }{})
		})
		if err == nil || fault.KindOf(err) != fault.Internal || ran != 1 {
			t.Errorf("told %v after %d tries", err, ran)
		}
	})
}
