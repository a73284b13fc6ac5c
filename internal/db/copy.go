package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	modernc "modernc.org/sqlite"

	"commonweal/internal/fault"
)

// pagesAtOnce is how much is copied between two looks at the context: 4 MiB.
const pagesAtOnce = 1024

// CopyTo writes a copy of the whole store to a new file, while others read and
// write, and gives the digests of what is in it: store and copy are read in
// one snapshot. Whoever keeps the copy opens it and compares, see Digest.
//
// PostgreSQL has its own tools for this: errors.ErrUnsupported.
func (d *DB) CopyTo(ctx context.Context, path string) (digests map[string]TableDigest, err error) {
	defer fault.Wrap(&err, "db.CopyTo")
	if !d.Copies() {
		return nil, errors.ErrUnsupported
	}
	// It holds what the store holds, so nobody else may read it, and it never
	// takes another file's place.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	digests, err = d.dialect.copyTo(ctx, d, path)
	if err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	return digests, nil
}

// Copies says whether CopyTo can copy this store. PostgreSQL is copied by its
// own tools.
func (d *DB) Copies() bool { return d.dialect.copyTo != nil }

// Check is nil when the store's structure is whole. Whether its content is,
// only digests can say. On PostgreSQL it is always nil: pages have checksums
// there.
func (d *DB) Check(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "db.Check")
	for _, query := range d.dialect.checks {
		found, err := All(ctx, d.read, Value[string], query)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("%d faults, the first: %s", len(found), found[0])
		}
	}
	return nil
}

// Scrub takes what was erased out of the log beside the store, where SQLite
// keeps it for a while. It is called after the transaction that erased. It is
// a Busy fault while someone still reads what was there before. PostgreSQL
// overwrites erased rows in its own time.
func (d *DB) Scrub(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "db.Scrub")
	if d.dialect.scrub == "" {
		return nil
	}
	pool, err := d.dialect.migrator(d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	var blocked, inLog, moved int
	if err := pool.QueryRowContext(ctx, d.dialect.scrub).Scan(&blocked, &inLog, &moved); err != nil {
		return err
	}
	if blocked != 0 {
		return fault.New(fault.Busy, "error.busy")
	}
	return nil
}

// copySQLite runs SQLite's online backup inside the snapshot that is digested.
// VACUUM INTO can't run inside a transaction, so its copy and the digests could
// differ by a write in between.
func copySQLite(ctx context.Context, d *DB, path string) (digests map[string]TableDigest, err error) {
	conn, err := d.readers.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	err = atOneMoment(ctx, conn, func(q Querier) error {
		if digests, err = d.digest(ctx, q); err != nil {
			return err
		}
		return copyPages(ctx, conn, path)
	})
	return digests, err
}

func copyPages(ctx context.Context, conn *sql.Conn, path string) error {
	return conn.Raw(func(c any) error {
		from, ok := c.(interface {
			NewBackup(to string) (*modernc.Backup, error)
		})
		if !ok {
			return fmt.Errorf("%T makes no backups", c)
		}
		uri, err := sqliteURI(path)
		if err != nil {
			return err
		}
		backup, err := from.NewBackup(uri)
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			if err = context.Cause(ctx); err == nil {
				more, err = backup.Step(pagesAtOnce)
			}
		}
		return errors.Join(err, backup.Finish())
	})
}
