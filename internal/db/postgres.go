package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

var postgres = &dialect{
	name:     "postgres",
	open:     openPostgres,
	goose:    goose.DialectPostgres,
	migrator: func(d *DB) (*sql.DB, error) { return d.postgresPool(false) },
	locker:   postgresLocker,
	columns: `select table_name, column_name, lower(data_type), is_nullable = 'YES' or column_default is not null
		from information_schema.columns where table_schema = current_schema()`,
	keys: `select t.relname, a.attname from pg_constraint c
		join pg_class t on t.oid = c.conrelid
		join pg_namespace n on n.oid = t.relnamespace
		cross join lateral unnest(c.conkey) with ordinality as k (col, place)
		join pg_attribute a on a.attrelid = t.oid and a.attnum = k.col
		where c.contype = 'p' and n.nspname = current_schema() order by t.relname, k.place`,
	foreignKeys: `select t.relname, c.oid::bigint, o.relname, a.attname, b.attname from pg_constraint c
		join pg_class t on t.oid = c.conrelid
		join pg_class o on o.oid = c.confrelid
		join pg_namespace n on n.oid = t.relnamespace
		cross join lateral unnest(c.conkey, c.confkey) with ordinality as k (col, to_col, place)
		join pg_attribute a on a.attrelid = t.oid and a.attnum = k.col
		join pg_attribute b on b.attrelid = o.oid and b.attnum = k.to_col
		where c.contype = 'f' and n.nspname = current_schema() order by t.relname, c.oid, k.place`,
	byBytes:    `"C"`,
	skipLocked: "for update skip locked",
	unique:     func(err error) bool { return sqlState(err) == "23505" },
	full:       func(err error) bool { return sqlState(err) == "53100" },
	busy:       func(err error) bool { return collided(err) || disconnected(err) },
}

// sqlState is the server's code for what went wrong, or "".
func sqlState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// collided says whether two transactions could not both be as if they had run
// one after the other: serialization failure, or deadlock.
func collided(err error) bool {
	state := sqlState(err)
	return state == "40001" || state == "40P01"
}

// disconnected says whether the server went away, or isn't there.
func disconnected(err error) bool {
	if state := sqlState(err); state != "" {
		// Connection exceptions; shut-down, crash and start-up of the server;
		// too many connections.
		return strings.HasPrefix(state, "08") || strings.HasPrefix(state, "57P0") || state == "53300"
	}
	if _, is := errors.AsType[net.Error](err); is {
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		pgconn.SafeToRetry(err)
}

// postgresLocker lets one of several processes migrate while the others wait.
func postgresLocker() ([]goose.ProviderOption, error) {
	l, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, err
	}
	return []goose.ProviderOption{goose.WithSessionLocker(l)}, nil
}

func openPostgres(ctx context.Context, d *DB) error {
	writers, err := d.postgresPool(false)
	if err != nil {
		return err
	}
	d.writer = &serial{db: d, pool: writers}
	if d.readers, err = d.postgresPool(true); err != nil {
		return err
	}
	d.read = &reader{db: d, run: d.readers} // pgx keeps statements prepared by itself
	return d.readers.PingContext(ctx)
}

func (d *DB) postgresPool(readOnly bool) (*sql.DB, error) {
	config, err := pgx.ParseConfig(d.url)
	if err != nil {
		return nil, errors.New("db: the address of the database can't be read") // err repeats it, with its password
	}
	if readOnly {
		config.RuntimeParams["default_transaction_read_only"] = "on"
	}
	var c driver.Connector = stdlib.GetConnector(*config)
	if d.options.wrap != nil && !readOnly {
		c = d.options.wrap(c)
	}
	pool := sql.OpenDB(c)
	// They mostly wait for the server, which allows a hundred by default.
	keep(pool, cmp.Or(d.options.Readers, 16))
	return pool, nil
}
