package db

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"

	"commonweal/internal/clock"
	"commonweal/internal/fault"
)

// Options are how a store is opened. The zero Options are right for serving.
type Options struct {
	Now     clock.Clock        // nil is the machine's clock
	Log     *slog.Logger       // nil is slog.Default
	Readers int                // connections that read at once, and on PostgreSQL as many that write; 0 is a good number
	Watch   func(query string) // hears of every statement of Read and Tx before it runs; for tests and metrics

	synchronous string      // SQLite only, "" is FULL: what a power-cut test lowers to see a loss
	mostInGroup int         // SQLite only, 0 is maxGroup: what a benchmark lowers to one
	maxPages    int         // SQLite only, 0 is no limit: what a test of a full disk lowers
	wrap        wrapDrivers // what a test puts between us and the driver
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	dialect *dialect
	url     string
	options Options
	ids     *IDs
	readers *sql.DB
	read    Querier
	writer  writer
	health  health

	versions *versions // nil where looking for writes would cost as much as asking
}

// writer runs functions in transactions.
type writer interface {
	tx(ctx context.Context, fn func(q Querier) error) error
	close() error
}

// Open opens the store at url: the path of an SQLite file, which is made when
// it isn't there, or postgres://…. The tables are there only after Migrate.
func Open(ctx context.Context, url string, o Options) (d *DB, err error) {
	defer fault.Wrap(&err, "db.Open")
	if o.Now == nil {
		o.Now = clock.System
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	d = &DB{dialect: dialectOf(url), url: url, options: o, ids: NewIDs(o.Now, nil)}
	if err := d.dialect.open(ctx, d); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close waits for the transaction under way and closes the store. Whoever
// still waits for a turn is refused.
func (d *DB) Close() error {
	var errs []error
	if d.versions != nil {
		errs = append(errs, d.versions.close())
	}
	if d.readers != nil {
		errs = append(errs, d.readers.Close())
	}
	// The writer's connection is the last, and moves the log into the file.
	if d.writer != nil {
		errs = append(errs, d.writer.close())
	}
	return errors.Join(errs...)
}

// Read gives a Querier that only reads; a write through it is refused by the
// store. Each statement sees what was stored when it began.
func (d *DB) Read() Querier { return d.read }

// Engine names the store: "sqlite" or "postgres".
func (d *DB) Engine() string { return d.dialect.name }

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}
