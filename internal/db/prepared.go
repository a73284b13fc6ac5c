package db

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// maxPrepared bounds how many statements are kept. Ours are constants, about
// a thousand; only lists of arguments of differing lengths could add more.
const maxPrepared = 2000

// preparer is a pool or one connection.
type preparer interface {
	Querier
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// prepared is a Querier that keeps each statement compiled. Compiling is more
// than a third of a point read; see BenchmarkPointRead.
type prepared struct {
	on  preparer
	one bool // on is one connection: a statement can't be run again while its rows are being read

	mu   sync.RWMutex
	kept map[string]*sql.Stmt
}

func newPrepared(on preparer, one bool) *prepared {
	return &prepared{on: on, one: one, kept: map[string]*sql.Stmt{}}
}

// stmt is the compiled statement, or nil when it can't be compiled or there
// are too many: then the statement is run as text, and says itself what is
// wrong with it.
func (p *prepared) stmt(ctx context.Context, query string) *sql.Stmt {
	p.mu.RLock()
	s, full := p.kept[query], len(p.kept) >= maxPrepared
	p.mu.RUnlock()
	if s != nil || full {
		return s
	}
	s, err := p.on.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if first := p.kept[query]; first != nil {
		_ = s.Close() // another was quicker; nothing has used ours
		return first
	}
	p.kept[query] = s
	return s
}

func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := p.stmt(ctx, query); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return p.on.ExecContext(ctx, query, args...)
}

func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if p.one {
		return p.on.QueryContext(ctx, query, args...)
	}
	if s := p.stmt(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return p.on.QueryContext(ctx, query, args...)
}

func (p *prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := p.stmt(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return p.on.QueryRowContext(ctx, query, args...)
}

func (p *prepared) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, s := range p.kept {
		errs = append(errs, s.Close())
	}
	clear(p.kept)
	return errors.Join(errs...)
}
