package db

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/pressly/goose/v3"
)

// A dialect is all that differs between the stores; there is no other branch
// on the engine in this package.
type dialect struct {
	name string

	// open connects d's readers and its writer.
	open func(ctx context.Context, d *DB) error

	// What goose needs: its own name for the store, connections, and how two
	// processes that start at once take turns.
	goose    goose.Dialect
	migrator func(d *DB) (*sql.DB, error)
	locker   func() ([]goose.ProviderOption, error)

	// columns is a query for each column of each table: its table's name, its
	// own, its type, and whether a row may leave it out.
	columns string

	// keys is a query for each column of each primary key, and foreignKeys for
	// each of each foreign key; see rows.go.
	keys, foreignKeys string

	// byBytes sorts text by its bytes, wherever the store was made.
	byBytes string

	// skipLocked is what a claim adds so as to pass over rows that another
	// transaction holds. SQLite's writers take turns.
	skipLocked string

	// For backups and erasures; see copy.go. A store may have none of these.
	copyTo func(ctx context.Context, d *DB, path string) (map[string]TableDigest, error)
	checks []string // each gives a row per fault
	scrub  string

	unique func(error) bool // whether a unique key refused a row
	full   func(error) bool // whether the disk, or the room allowed, is full
	busy   func(error) bool // whether others were quicker, or the store can't be reached
}

// wrapDrivers is what a test puts between us and the driver.
type wrapDrivers func(driver.Connector) driver.Connector

func dialectOf(url string) *dialect {
	if isPostgres(url) {
		return postgres
	}
	return sqlite
}

// SkipLocked is "for update skip locked" where the engine needs it to let
// several processes claim rows of one table at once, and "" elsewhere.
func (d *DB) SkipLocked() string { return d.dialect.skipLocked }
