package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"commonweal/internal/fault"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Migrate brings the tables up to date. Several processes may call it at once:
// on PostgreSQL one migrates while the others wait. A store that a later
// commonweal made is refused.
func (d *DB) Migrate(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "db.Migrate")
	pool, err := d.dialect.migrator(d)
	if err != nil {
		return err
	}
	// Close ends the pool too.
	p, err := d.provider(pool)
	if err != nil {
		return errors.Join(err, pool.Close())
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > known {
		return fmt.Errorf("the store is at version %d, and this commonweal knows only %d", have, known)
	}
	_, err = p.Up(ctx)
	return err
}

// Migrations are the files that Migrate runs, in the order of their names.
func Migrations() fs.FS {
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		return embedded // never: Sub refuses only a name that isn't a path
	}
	return files
}

func (d *DB) provider(pool *sql.DB) (*goose.Provider, error) {
	options, err := d.dialect.locker()
	if err != nil {
		return nil, err
	}
	options = append(options, goose.WithSlog(d.options.Log), goose.WithDisableGlobalRegistry(true))
	return goose.NewProvider(d.dialect.goose, pool, Migrations(), options...)
}
