package db

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// versions remembers what Version found for as long as nobody wrote to the
// store, be it another process: pages that everybody asks for then cost a look
// at one number, however many changes the last hour saw.
type versions struct {
	conn *sql.Conn // of its own, since the number is what one connection saw
	look *sql.Stmt

	mu    sync.Mutex
	wrote int64
	known map[string]string // by initiative
}

// newVersions takes a connection of the pool for itself; query gives a number
// that changes when any other connection has written.
func newVersions(ctx context.Context, pool *sql.DB, query string) (*versions, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	look, err := conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &versions{conn: conn, look: look, known: map[string]string{}}, nil
}

// of gives the initiative's version, by ask when something was written since.
func (v *versions) of(ctx context.Context, initiative string, ask func() (string, error)) (string, error) {
	wrote, known, err := v.lookUp(context.WithoutCancel(ctx), initiative) // a visitor who leaves must not cost us the connection
	if err != nil {
		return ask()
	}
	if known != "" {
		return known, nil
	}
	version, err := ask()
	if err != nil {
		return "", err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.wrote == wrote { // else it may be older than what others know by now
		v.known[initiative] = version
	}
	return version, nil
}

func (v *versions) lookUp(ctx context.Context, initiative string) (wrote int64, known string, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.look.QueryRowContext(ctx).Scan(&wrote); err != nil {
		return 0, "", err
	}
	if wrote != v.wrote {
		v.wrote = wrote
		clear(v.known)
	}
	return wrote, v.known[initiative], nil
}

func (v *versions) close() error {
	err := errors.Join(v.look.Close(), v.conn.Close())
	if errors.Is(err, sql.ErrConnDone) { // closed before
		return nil
	}
	return err
}
