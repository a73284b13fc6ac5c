package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	tries     = 10                   // a transaction that nine times came second is told to come again
	firstWait = 4 * time.Millisecond // about as long as a transaction takes
	longWait  = time.Second
)

// serial is PostgreSQL's writer: each function in a SERIALIZABLE transaction
// of its own, run again when it collided or lost its connection before COMMIT.
type serial struct {
	db   *DB
	pool *sql.DB
}

func (s *serial) tx(ctx context.Context, fn func(q Querier) error) error {
	var err error
	for try := range tries {
		if try > 0 {
			if waited := pause(ctx, try); waited != nil {
				return errors.Join(waited, err)
			}
		}
		err = s.once(ctx, fn)
		again := err != nil && !errors.Is(err, ErrUnknown) && (collided(err) || disconnected(err))
		if !again {
			return err
		}
	}
	return err
}

// once is one try.
func (s *serial) once(ctx context.Context, fn func(q Querier) error) error {
	tx, err := s.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after COMMIT it does nothing, after a failure the connection is closed
	if err := (&turn{db: s.db, run: tx}).do(fn); err != nil {
		return err
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	err = tx.Commit()
	if err != nil && (sqlState(err) == "" || disconnected(err)) {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return err
}

// pause waits a random time that grows with each try, bounded by ctx, so that
// those who collided don't meet again.
func pause(ctx context.Context, try int) error {
	longest := min(firstWait<<try, longWait)
	t := time.NewTimer(rand.N(longest)) //nolint:gosec // nothing secret: only out of step
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *serial) close() error { return s.pool.Close() }
