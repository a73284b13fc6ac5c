// Package dbtest gives each test a store of its own: an SQLite file always,
// and a PostgreSQL database where COMMONWEAL_TEST_POSTGRES names a server.
//
// Migrating takes longer than most tests, so it is done once, and each test
// gets a copy: of a file in 3 ms, of a database in 25.
package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"commonweal/internal/clock"
	"commonweal/internal/db"
)

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

// Absent skips a test for want of a thing, loudly; in CI, where nothing may be
// skipped in silence, it fails unless CI_WITHOUT names the thing.
func Absent(t testing.TB, thing, why string) {
	t.Helper()
	without := strings.FieldsFunc(os.Getenv("CI_WITHOUT"), func(r rune) bool { return r == ',' || r == ' ' })
	if os.Getenv("CI") == "true" && !slices.Contains(without, thing) {
		t.Fatalf("no %s: %s", thing, why)
	}
	t.Skipf("no %s: %s", thing, why)
}
