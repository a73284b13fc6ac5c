package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

// sample has a column of every type that our tables may have.
const sample = `create table sample (
	initiative_id text not null, id text not null,
	words text, number bigint, share double precision, yes boolean, raw bytea,
	primary key (initiative_id, id))`

type sampleRow struct {
	id     string
	words  any
	number any
	share  any
	yes    any
	raw    any
}

var sampleRows = []sampleRow{
	{"plain", "leer cuentos", int64(42), 0.1, true, []byte{1, 2, 3}},
	{"empty", "", int64(0), 0.0, false, []byte{}},
	{"none", nil, nil, nil, nil, nil},
	{"extreme", strings.Repeat("ñandú 🌳 ", 500), int64(math.MaxInt64), math.MaxFloat64, true, bytes.Repeat([]byte{0, 255}, 9000)},
	{"negative", "-1", int64(math.MinInt64), math.Copysign(0, -1), false, []byte("text")},
	{"whole", "1", int64(1), 1.0, true, []byte("1")},
}

// sampled fills a store with rows and gives the digest of their table.
func sampled(t *testing.T, d *db.DB, rows []sampleRow) db.TableDigest {
	t.Helper()
	ctx := t.Context()
	err := d.Tx(ctx, func(q db.Querier) error {
		if err := db.Exec(ctx, q, sample); err != nil {
			return err
		}
		for _, r := range rows {
			if err := db.Exec(ctx, q, `insert into sample (initiative_id, id, words, number, share, yes, raw) values ('oak', $1, $2, $3, $4, $5, $6)`,
				r.id, r.words, r.number, r.share, r.yes, r.raw); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := d.Digest(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return all["sample"]
}

func TestBothEnginesDigestTheSameRowsAlike(t *testing.T) {
	onSQLite := sampled(t, dbtest.Open(t), sampleRows)
	if onSQLite.Rows != int64(len(sampleRows)) {
		t.Errorf("%d rows digested of %d", onSQLite.Rows, len(sampleRows))
	}
	turned := slices.Clone(sampleRows)
	slices.Reverse(turned)
	if onPostgres := sampled(t, dbtest.Postgres(t), turned); onPostgres != onSQLite {
		t.Errorf("SQLite %+v\nPostgreSQL %+v", onSQLite, onPostgres)
	}
}

func TestBothEnginesHaveTheSameColumns(t *testing.T) {
	columns := func(d *db.DB) (all []string) {
		got, err := d.Columns(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range got {
			all = append(all, c.Table+"."+c.Name)
		}
		return all
	}
	onSQLite, onPostgres := columns(dbtest.Open(t)), columns(dbtest.Postgres(t))
	if !slices.Equal(onSQLite, onPostgres) {
		t.Errorf("SQLite %v\nPostgreSQL %v", onSQLite, onPostgres)
	}
	if !slices.Contains(onSQLite, "setting.value") {
		t.Errorf("setting.value is missing among %v", onSQLite)
	}
}

func TestADigestChangesWithAnyValue(t *testing.T) {
	before := sampled(t, dbtest.Open(t), sampleRows)
	changes := map[string]func(r *sampleRow){
		"a word":                  func(r *sampleRow) { r.words = "leer cuento" },
		"nothing instead of none": func(r *sampleRow) { r.words = nil },
		"a number":                func(r *sampleRow) { r.number = int64(41) },
		"a share":                 func(r *sampleRow) { r.share = 0.1000000001 },
		"a yes":                   func(r *sampleRow) { r.yes = false },
		"a byte":                  func(r *sampleRow) { r.raw = []byte{1, 2, 4} },
		"an id":                   func(r *sampleRow) { r.id = "plane" },
	}
	for name, change := range changes {
		rows := slices.Clone(sampleRows)
		change(&rows[0])
		if after := sampled(t, dbtest.Open(t), rows); after == before {
			t.Errorf("%s changed, the digest did not", name)
		}
	}
	if after := sampled(t, dbtest.Open(t), sampleRows[1:]); after.Sum == before.Sum || after.Rows == before.Rows {
		t.Error("a row less has the same digest")
	}
}

// TestFlippedBytesAreFound is F5 for the store: each of twenty flipped bytes
// is found by the digests. SQLite's own check is asked too, to show why it
// isn't enough.
func TestFlippedBytesAreFound(t *testing.T) {
	path := dbtest.File(t)
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const rows = 200
	err = d.Tx(t.Context(), func(q db.Querier) error {
		for i := range rows {
			if err := put(t.Context(), q, id(i), 300); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before, err := d.Digest(t.Context())
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var inRows []int
	for at := range whole {
		if bytes.HasPrefix(whole[at:], []byte("xxxxxxxx")) {
			inRows = append(inRows, at)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	const flips = 20
	found, bySQLite := 0, 0
	for n := range flips {
		flipped := slices.Clone(whole)
		flipped[inRows[random.IntN(len(inRows))]] ^= 1 << random.IntN(7)
		copied := filepath.Join(t.TempDir(), fmt.Sprintf("flipped%d.db", n))
		if err := os.WriteFile(copied, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		after, structure, err := look(t.Context(), copied)
		if err != nil || !maps.Equal(before, after) {
			found++
		}
		if structure != nil {
			bySQLite++
		}
	}
	t.Logf("of %d flipped bytes the digests found %d, SQLite's own check %d", flips, found, bySQLite)
	if found != flips {
		t.Errorf("only %d of %d found", found, flips)
	}
}

// look opens a file and gives its digests, and what the store's own check says.
func look(ctx context.Context, path string) (digests map[string]db.TableDigest, structure, err error) {
	d, err := db.Open(ctx, path, db.Options{})
	if err != nil {
		return nil, err, err
	}
	defer d.Close() //nolint:errcheck // a file of this test
	structure = d.Check(ctx)
	digests, err = d.Digest(ctx)
	return digests, structure, err
}

func TestABrokenFileIsRefused(t *testing.T) {
	whole, err := os.ReadFile(dbtest.File(t))
	if err != nil {
		t.Fatal(err)
	}
	breaks := map[string]func(file []byte){
		"the header":      func(f []byte) { copy(f, "not a database at all") },
		"the schema page": func(f []byte) { clear(f[100:4096]) },
	}
	for name, breaking := range breaks {
		file := slices.Clone(whole)
		breaking(file)
		path := filepath.Join(t.TempDir(), "broken.db")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := db.Open(t.Context(), path, db.Options{})
		if err == nil {
			err = errors.Join(d.Migrate(t.Context()), d.Close())
		}
		if err == nil {
			t.Errorf("a store with %s broken was opened", name)
		}
	}
}

func TestABrokenPageIsFoundByCheck(t *testing.T) {
	whole, err := os.ReadFile(dbtest.File(t))
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	missed := 0
	for at := page; at < len(whole); at += 16 * page {
		file := slices.Clone(whole)
		for i := range page {
			file[at+i] = 0xa5
		}
		path := filepath.Join(t.TempDir(), "broken.db")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, structure, _ := look(t.Context(), path); structure == nil {
			missed++
			t.Logf("page %d", at/page)
		}
	}
	if missed > 0 {
		t.Errorf("%d broken pages were not noticed", missed)
	}
}

// TestACopyUnderLoadIsExact is D1 for the file: while others write, a copy
// holds exactly what its digests say.
func TestACopyUnderLoadIsExact(t *testing.T) {
	d := dbtest.Open(t)
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	wrote := make(chan struct{})
	writing.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			if err := d.Tx(ctx, func(q db.Querier) error { return put(ctx, q, id(n), 2000) }); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			select {
			case wrote <- struct{}{}:
			default:
			}
		}
	})
	for n := range 5 {
		for range 20 {
			<-wrote
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("copy %d?#%%.db", n))
		said, err := d.CopyTo(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		got, structure, err := look(t.Context(), path)
		if err != nil || structure != nil {
			t.Fatal(err, structure)
		}
		if !maps.Equal(said, got) || got["setting"].Rows < 20 {
			t.Errorf("copy %d differs from its digests: %+v, %+v", n, said["setting"], got["setting"])
		}
	}
	stop()
	writing.Wait()
}

func TestACopyTakesNoFilesPlace(t *testing.T) {
	d := dbtest.Open(t)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.CopyTo(t.Context(), path); !errors.Is(err, os.ErrExist) {
		t.Errorf("told %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	given := filepath.Join(t.TempDir(), "given up.db")
	if _, err := d.CopyTo(ctx, given); err == nil {
		t.Error("a copy was made for someone who gave up")
	}
	if _, err := os.Stat(given); !errors.Is(err, os.ErrNotExist) {
		t.Error("half a copy was left behind")
	}
}

func TestPostgresCopiesItselfWithItsOwnTools(t *testing.T) {
	d := dbtest.Postgres(t)
	if _, err := d.CopyTo(t.Context(), filepath.Join(t.TempDir(), "copy.db")); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("told %v", err)
	}
}

// TestErasedTextLeavesTheFiles greps bytes, not tables.
func TestErasedTextLeavesTheFiles(t *testing.T) {
	path := dbtest.File(t)
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // nothing is written after the test
	const canary = "canary-7d1c-of-a-person"
	steps := []string{
		`insert into setting (initiative_id, name, value, set_at) values ('oak', 'note', '` + canary + strings.Repeat("-long", 3000) + `', '')`,
		`delete from setting where name = 'note'`,
	}
	for _, step := range steps {
		if err := d.Tx(t.Context(), func(q db.Querier) error { return db.Exec(t.Context(), q, step) }); err != nil {
			t.Fatal(err)
		}
	}
	if n := grep(t, path, canary); n == 0 {
		t.Fatal("the text was never in the files: this test proves nothing")
	}
	if err := d.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := grep(t, path, canary); n != 0 {
		t.Errorf("the erased text is in the files %d times", n)
	}
}

// grep counts a text in the store's file and the files beside it.
func grep(t *testing.T, path, text string) (n int) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(b, []byte(text))
	}
	return n
}
