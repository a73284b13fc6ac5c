package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

var sqlite = &dialect{
	name:     "sqlite",
	open:     openSQLite,
	goose:    goose.DialectSQLite3,
	migrator: func(d *DB) (*sql.DB, error) { return d.sqlitePool(d.writerPragmas(), "immediate") },
	locker:   func() ([]goose.ProviderOption, error) { return nil, nil }, // one process has the file
	columns: `select m.name, c.name, lower(c.type), c."notnull" = 0 or c.dflt_value is not null
		from sqlite_schema m join pragma_table_info(m.name) c
		where m.type = 'table' and m.name not like 'sqlite\_%' escape '\'`,
	keys: `select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c
		where m.type = 'table' and c.pk > 0 order by m.name, c.pk`,
	foreignKeys: `select m.name, f.id, f."table", f."from", f."to" from sqlite_schema m join pragma_foreign_key_list(m.name) f
		where m.type = 'table' order by m.name, f.id, f.seq`,
	byBytes: "binary",
	copyTo:  copySQLite,
	checks: []string{
		`select integrity_check from pragma_integrity_check where integrity_check <> 'ok'`,
		`select "table" || ' refers to ' || parent from pragma_foreign_key_check`,
	},
	scrub: `pragma wal_checkpoint(truncate)`,
	unique: func(err error) bool {
		code := sqliteCode(err)
		return code == codes.SQLITE_CONSTRAINT_UNIQUE || code == codes.SQLITE_CONSTRAINT_PRIMARYKEY
	},
	full: func(err error) bool {
		code := sqliteCode(err)
		// The index of the log is a memory-mapped file that grows by itself.
		return code&0xff == codes.SQLITE_FULL || code == codes.SQLITE_IOERR_SHMSIZE
	},
	busy: func(err error) bool { return sqliteCode(err)&0xff == codes.SQLITE_BUSY },
}

// sqliteCode is the extended result code, or 0 when err isn't SQLite's.
func sqliteCode(err error) int {
	if e, ok := errors.AsType[*driver.Error](err); ok {
		return e.Code()
	}
	return 0
}

func openSQLite(ctx context.Context, d *DB) error {
	if err := makeFile(d.url); err != nil {
		return err
	}
	writers, err := d.sqlitePool(d.writerPragmas(), "immediate")
	if err != nil {
		return err
	}
	writers.SetMaxOpenConns(1)
	// The writer goes first: it is what makes the file, and puts it in WAL.
	g, err := newGroup(ctx, d, writers)
	if err != nil {
		return errors.Join(err, writers.Close())
	}
	d.writer = g
	if d.readers, err = d.sqlitePool(readerPragmas(), "deferred"); err != nil {
		return err
	}
	// They only wait for the processor: two for each core, so that one may wait for the disk.
	const forVersions = 1
	keep(d.readers, cmp.Or(d.options.Readers, max(4, 2*runtime.NumCPU()))+forVersions)
	d.read = &reader{db: d, run: newPrepared(d.readers, false)}
	if err := d.readers.PingContext(ctx); err != nil {
		return err
	}
	d.versions, err = newVersions(ctx, d.readers, `pragma data_version`)
	return err
}

// makeFile makes a new store's file, which nobody else may read: its log and
// its index take their permissions from it. SQLite would let everybody.
func makeFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the path that somebody who runs the server gave
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// sqlitePool opens connections that all have the pragmas: one sent by Exec
// would reach a single connection of the pool.
func (d *DB) sqlitePool(pragmas []string, lock string) (*sql.DB, error) {
	uri, err := sqliteURI(d.url)
	if err != nil {
		return nil, err
	}
	q := url.Values{"_txlock": {lock}, "_pragma": pragmas}
	c, err := driver.NewConnector(uri + "?" + q.Encode())
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(c), nil
}

// sqliteURI names a file so that no sign in its path means anything else.
func sqliteURI(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath(), nil
}

// keep lets a pool have so many connections, and has it keep them.
func keep(pool *sql.DB, connections int) {
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
}

// mmap is as much of the file as SQLite will map into memory, which is 2 GiB;
// a 32-bit process hasn't the addresses.
func mmap() string {
	if strconv.IntSize < 64 {
		return "mmap_size(0)"
	}
	return "mmap_size(2147418112)"
}

func (d *DB) writerPragmas() []string {
	synchronous := "FULL" // NORMAL loses acknowledged writes in a power cut
	if d.options.synchronous != "" {
		synchronous = d.options.synchronous
	}
	pragmas := []string{
		"busy_timeout(5000)", // a backup tool or a second process may hold the file for a moment
		"journal_mode(WAL)",
		"synchronous(" + synchronous + ")",
		"foreign_keys(1)",
		"secure_delete(1)",             // what is erased leaves the file
		"journal_size_limit(67108864)", // a log that once grew is cut back to 64 MiB
		"temp_store(2)",                // sorting never writes people's words beside the store
		"trusted_schema(0)",
		mmap(),
	}
	if d.options.maxPages > 0 {
		pragmas = append(pragmas, "max_page_count("+strconv.Itoa(d.options.maxPages)+")")
	}
	return pragmas
}

func readerPragmas() []string {
	return []string{"busy_timeout(5000)", "query_only(1)", "temp_store(2)", "trusted_schema(0)", mmap()}
}
