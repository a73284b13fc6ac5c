// Package dbtest gives each test a store of its own: an SQLite file always,
// and a PostgreSQL schema where COMMONWEAL_TEST_POSTGRES names a server.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver called pgx

	"commonweal/internal/clock"
	"commonweal/internal/db"
)

// postgresVariable names the server that the tests may make schemas on.
const postgresVariable = "COMMONWEAL_TEST_POSTGRES"

// Clock is a clock for tests that stands still on a Saturday morning until it
// is moved.
func Clock() *clock.Fake {
	return clock.NewFake(time.Date(2026, time.November, 21, 9, 0, 0, 0, time.UTC))
}

// Run runs the test on SQLite and, where there is one, on PostgreSQL, each time
// with a migrated, empty store. Without PostgreSQL it skips loudly; in CI, where
// nothing may be skipped in silence, it fails.
func Run(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, Open(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// Open gives a migrated, empty store on SQLite.
func Open(t testing.TB) *db.DB {
	t.Helper()
	return OpenWith(t, db.Options{})
}

// OpenWith is Open with options, such as a clock.
func OpenWith(t testing.TB, o db.Options) *db.DB {
	t.Helper()
	return open(t, File(t), o)
}

// File gives the path of a migrated, empty SQLite file.
func File(t testing.TB) string {
	t.Helper()
	template, err := templateFile()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "commonweal.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Postgres gives a migrated, empty store on PostgreSQL, or skips the test.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return PostgresWith(t, db.Options{})
}

// PostgresWith is Postgres with options.
func PostgresWith(t testing.TB, o db.Options) *db.DB {
	t.Helper()
	d := open(t, Schema(t), o)
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

func open(t testing.TB, url string, o db.Options) *db.DB {
	t.Helper()
	counter := &Counter{}
	o.Watch = counter.note
	d, err := db.Open(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	counters.Store(d, counter)
	t.Cleanup(func() {
		counters.Delete(d)
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// templateFile is a migrated SQLite file: made once, copied for each test.
var templateFile = sync.OnceValues(func() (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "commonweal-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover in the directory for leftovers
	path := filepath.Join(dir, "template.db")
	ctx := context.Background()
	d, err := db.Open(ctx, path, db.Options{})
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Schema gives the address of a new, empty PostgreSQL schema that is dropped
// after the test, or skips the test.
func Schema(t testing.TB) string {
	t.Helper()
	server := os.Getenv(postgresVariable)
	if server == "" {
		absent(t, postgresVariable+" isn't set: NOT TESTED on PostgreSQL")
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if _, err := admin.ExecContext(t.Context(), "create schema "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		defer admin.Close() //nolint:errcheck // nothing was written after the drop
		if _, err := admin.ExecContext(context.WithoutCancel(t.Context()), "drop schema "+name+" cascade"); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// absent skips the test, or fails it in CI.
func absent(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}
