package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver called pgx

	"commonweal/internal/db"
)

// variable names the server that the tests may make databases on: a URL of a
// role with the right to create them.
const variable = "COMMONWEAL_TEST_POSTGRES"

// Postgres gives a migrated, empty store on PostgreSQL, or skips the test.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return PostgresWith(t, db.Options{})
}

// PostgresWith is Postgres with options.
func PostgresWith(t testing.TB, o db.Options) *db.DB {
	t.Helper()
	server := serverFor(t)
	template, err := templateDatabase()
	if err != nil {
		t.Fatal(err)
	}
	return open(t, newDatabase(t, server, template), o)
}

// Empty gives the address of a new PostgreSQL database without any table that
// is dropped after the test, or skips the test.
func Empty(t testing.TB) string {
	t.Helper()
	return newDatabase(t, serverFor(t), "template0")
}

// serverFor gives the server's address, or skips the test.
func serverFor(t testing.TB) string {
	t.Helper()
	server := os.Getenv(variable)
	if server == "" {
		Absent(t, "postgres", variable+" isn't set, so this is NOT TESTED on PostgreSQL")
	}
	return server
}

// newDatabase copies the template for one test.
func newDatabase(t testing.TB, server, template string) string {
	t.Helper()
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "commonweal_test_" + strings.ToLower(rand.Text())
	if _, err := admin.ExecContext(t.Context(), "create database "+name+" template "+template); err != nil {
		t.Fatal(errors.Join(err, admin.Close()))
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		_, err := admin.ExecContext(ctx, "drop database "+name+" with (force)")
		if err != nil { // the server's own vacuum is in there, which only the plain form may send away
			_, err = admin.ExecContext(ctx, "drop database "+name)
		}
		if err := errors.Join(err, admin.Close()); err != nil {
			t.Error(err)
		}
	})
	return address(t, server, name)
}

// templateDatabase is the name of a migrated database. It stays on the server
// for the next run, and is named after what the migrations say.
var templateDatabase = sync.OnceValues(func() (name string, err error) {
	ctx := context.Background()
	server := os.Getenv(variable)
	admin, err := sql.Open("pgx", server)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, admin.Close()) }()
	if name, err = templateName(); err != nil {
		return "", err
	}
	var there bool
	err = admin.QueryRowContext(ctx, "select exists (select 1 from pg_database where datname = $1)", name).Scan(&there)
	if err != nil || there {
		return name, err
	}
	return name, makeTemplate(ctx, admin, server, name)
})

// makeTemplate migrates a database under another name first: the tests of
// several packages may want the template at once.
func makeTemplate(ctx context.Context, admin *sql.DB, server, name string) error {
	draft := "commonweal_draft_" + strings.ToLower(rand.Text())
	if _, err := admin.ExecContext(ctx, "create database "+draft+" template template0"); err != nil {
		return err
	}
	url, err := addressOf(server, draft)
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(d.Migrate(ctx), d.Close()); err != nil {
		return err
	}
	_, err = admin.ExecContext(ctx, "alter database "+draft+" rename to "+name)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && (e.Code == "42P04" || e.Code == "23505") { // another package was quicker, or just as quick
		_, err = admin.ExecContext(ctx, "drop database "+draft)
	}
	return err
}

func templateName() (string, error) {
	hash := sha256.New()
	files := db.Migrations()
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return "", err
		}
		_, _ = fmt.Fprintf(hash, "%s %d\n%s", name, len(text), text) // a hash never fails to write
	}
	return "commonweal_template_" + hex.EncodeToString(hash.Sum(nil)[:12]), nil
}

func address(t testing.TB, server, database string) string {
	t.Helper()
	url, err := addressOf(server, database)
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func addressOf(server, database string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + database
	return u.String(), nil
}
