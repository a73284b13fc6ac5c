package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"

	modernc "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// maxGroup bounds how many callers share a COMMIT, and so how long the first
// of them waits for the last.
const maxGroup = 64

// group is SQLite's writer: one goroutine with one connection. Callers that
// wait share a transaction, each behind a savepoint of its own, and one fsync;
// each is answered after COMMIT.
//
// A caller's function runs on the caller's goroutine, to which the writer lends
// its connection: a panic takes its ordinary way, and the writer survives it.
type group struct {
	db   *DB
	pool *sql.DB
	most int // callers that may share a COMMIT

	// calls has no room of its own, so that a caller whose context ends while
	// it waits is simply not there any more.
	calls chan *call
	quit  chan struct{}
	done  chan struct{}

	closing sync.Once

	// What follows belongs to the writer's goroutine, and to whoever has the turn.
	conn  *sql.Conn
	stmts *prepared
	alive bool // the transaction is open; SQLite itself tells when it isn't
}

// call is one Tx that waits.
type call struct {
	ctx    context.Context
	turn   chan *turn // the writer lends its transaction…
	ran    chan error // …and gets it back, with what became of fn
	answer chan error // room for one, so that the writer never waits for a caller that left
}

// errLeft is what the writer hears when fn panicked or ended its goroutine.
var errLeft = errors.New("db: the function given to Tx did not return")

func newGroup(ctx context.Context, d *DB, pool *sql.DB) (*group, error) {
	g := &group{
		db: d, pool: pool, most: cmp.Or(d.options.mostInGroup, maxGroup),
		calls: make(chan *call), quit: make(chan struct{}), done: make(chan struct{}),
	}
	if err := g.connect(ctx); err != nil {
		return nil, err
	}
	go g.write()
	return g, nil
}

// connect takes the connection unless the writer has it.
func (g *group) connect(ctx context.Context) error {
	if g.conn != nil {
		return nil
	}
	conn, err := g.pool.Conn(ctx)
	if err != nil {
		return err
	}
	err = conn.Raw(func(c any) error {
		hooks, ok := c.(modernc.HookRegisterer)
		if !ok {
			return fmt.Errorf("db: %T has no rollback hook", c)
		}
		// The driver answers a full disk, an I/O error and others by rolling
		// back all of the transaction, neighbours' savepoints included.
		hooks.RegisterRollbackHook(func() { g.alive = false })
		return nil
	})
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	g.conn, g.stmts = conn, newPrepared(conn, true)
	return nil
}

// drop closes a connection that can't be trusted any more.
func (g *group) drop() {
	if g.conn == nil {
		return
	}
	_ = g.stmts.close()                                          // SQLite keeps a connection open for its statements' sake
	_ = g.conn.Raw(func(any) error { return driver.ErrBadConn }) // which is how database/sql is told
	_ = g.conn.Close()
	g.conn, g.stmts, g.alive = nil, nil, false
}

// tx waits for a turn, takes as many as the writer gives, and returns what the
// writer answers.
func (g *group) tx(ctx context.Context, fn func(q Querier) error) error {
	c := &call{ctx: ctx, turn: make(chan *turn), ran: make(chan error), answer: make(chan error, 1)}
	select {
	case g.calls <- c:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-g.quit:
		return ErrClosed
	}
	for {
		select {
		case t := <-c.turn:
			c.run(t, fn)
		case err := <-c.answer:
			return err
		}
	}
}

func (c *call) run(t *turn, fn func(q Querier) error) {
	err := errLeft
	defer func() { c.ran <- err }()
	err = t.do(fn)
}

// write is the writer's goroutine.
func (g *group) write() {
	defer close(g.done)
	defer g.drop()
	for {
		select {
		case c := <-g.calls:
			g.share(c)
		case <-g.quit:
			return
		}
	}
}

// share stores first and whoever else waits, in one transaction. When one of
// them loses the transaction for all, the others run again in a new one, and
// nobody else may join.
func (g *group) share(first *call) {
	waiting, open := []*call{first}, true
	for len(waiting) > 0 {
		if err := g.begin(); err != nil {
			answer(waiting, err)
			return
		}
		var ran []*call
		for taken := 0; g.alive; taken++ {
			c := g.next(&waiting, open && taken < g.most)
			if c == nil {
				break
			}
			if g.lend(c) {
				ran = append(ran, c)
			}
		}
		if g.alive {
			g.end(ran)
			return
		}
		waiting, open = append(ran, waiting...), false
	}
}

// next is who runs next, or nil when nobody waits.
func (g *group) next(waiting *[]*call, open bool) *call {
	if len(*waiting) > 0 {
		c := (*waiting)[0]
		*waiting = (*waiting)[1:]
		return c
	}
	if !open {
		return nil
	}
	select {
	case c := <-g.calls:
		return c
	default:
		return nil
	}
}

// lend gives c its turn and says whether c is to be stored. Whoever isn't has
// its answer, and has left no trace as long as the transaction lives.
func (g *group) lend(c *call) (stored bool) {
	if err := c.ctx.Err(); err != nil {
		c.answer <- context.Cause(c.ctx)
		return false
	}
	if err := g.exec("savepoint caller"); err != nil {
		c.answer <- err
		return false
	}
	c.turn <- &turn{db: g.db, run: g.stmts, alive: &g.alive}
	err := <-c.ran
	if err == nil {
		err = g.exec("release caller")
	}
	if err == nil {
		return true
	}
	if g.alive {
		if undo := errors.Join(g.exec("rollback to caller"), g.exec("release caller")); undo != nil {
			g.rollback()
		}
	}
	c.answer <- err
	return false
}

// end commits and answers.
func (g *group) end(ran []*call) {
	if len(ran) == 0 {
		g.rollback()
		return
	}
	err := g.exec("commit")
	if err != nil {
		g.rollback()
		if sqliteCode(err)&0xff != codes.SQLITE_FULL {
			// The log may hold the commit although its fsync failed.
			err = fmt.Errorf("%w: %w", ErrUnknown, err)
		}
	}
	g.alive = false
	answer(ran, err)
}

func answer(calls []*call, err error) {
	for _, c := range calls {
		c.answer <- err
	}
}

func (g *group) begin() error {
	// Everybody's transaction: no caller's context may end it.
	if err := g.connect(context.Background()); err != nil {
		return err
	}
	if err := g.exec("begin immediate"); err != nil {
		if !g.db.dialect.busy(err) && !g.db.dialect.full(err) {
			g.drop()
		}
		return err
	}
	g.alive = true
	return nil
}

func (g *group) rollback() {
	if !g.alive {
		return
	}
	if err := g.exec("rollback"); err != nil {
		g.drop()
	}
	g.alive = false
}

func (g *group) exec(statement string) error {
	_, err := g.stmts.ExecContext(context.Background(), statement)
	return err
}

// close waits for the transaction under way.
func (g *group) close() error {
	g.closing.Do(func() { close(g.quit) })
	<-g.done
	return g.pool.Close()
}
