package db_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"commonweal/internal/db"
)

// Whoever else has an account on the machine reads none of it, in whatever
// folder it lies.
func TestNobodyElseReadsTheStoresFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are of another kind there")
	}
	path := filepath.Join(t.TempDir(), "commonweal.db")
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // nothing was written that anybody needs
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + end)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("commonweal.db%s has %v, want only its owner to read it", end, mode)
		}
	}
}
