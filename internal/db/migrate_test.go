package db_test

import (
	"maps"
	"path/filepath"
	"sync"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

// TestReplicasThatStartAtOnceMigrateOnce is F11 for migrations.
func TestReplicasThatStartAtOnceMigrateOnce(t *testing.T) {
	url := dbtest.Empty(t)
	const replicas = 3
	var all sync.WaitGroup
	for range replicas {
		all.Go(func() {
			d, err := db.Open(t.Context(), url, db.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer d.Close() //nolint:errcheck // nothing is written after Migrate
			if err := d.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	d, err := db.Open(t.Context(), url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // it is only read
	got, err := d.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, err := dbtest.Open(t).Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Errorf("after %d replicas migrated there are %v, want %v", replicas, got, want)
	}
}

func TestMigratingAgainChangesNothing(t *testing.T) {
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "new.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // nothing is written after the test
	for range 2 {
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := d.Tx(t.Context(), func(q db.Querier) error { return db.Touch(t.Context(), q, "oak") }); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := db.One(t.Context(), d.Read(), db.Value[int], `select count(*) from change`); err != nil || n != 2 {
		t.Errorf("%d rows of 2 are there (%v)", n, err)
	}
}

func TestAStoreOfALaterVersionIsRefused(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		err := d.Tx(t.Context(), func(q db.Querier) error {
			return db.Exec(t.Context(), q, `update goose_db_version set version_id = 999999 where version_id = (select max(version_id) from goose_db_version)`)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(t.Context()); err == nil {
			t.Error("a store that a later commonweal made was migrated")
		}
	})
}

func TestAPathOfAnySignsIsOnlyAPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?mode=memory#%41&.db")
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "a b*41&.db")); err != nil || len(files) != 1 {
		t.Errorf("the file is %v (%v)", files, err)
	}
}
