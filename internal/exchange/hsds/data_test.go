package hsds

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// official is the folder of the standard's own examples, which lies beside the
// repository.
func official(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
	folder := filepath.Join(filepath.Dir(dir), "shared", "data", "engagement", "hsds-3.0")
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the official examples of HSDS 3.0 are missing: %v", err)
		}
		t.Skipf("SKIPPED, nothing was tested: the official examples of HSDS 3.0 are missing: %v", err)
	}
	return folder
}

func sorted(all []string) []string {
	slices.Sort(all)
	return all
}

func readFile(t testing.TB, name string) Package {
	t.Helper()
	data, err := os.ReadFile(name) //nolint:gosec // a test's own data
	if err != nil {
		t.Fatal(err)
	}
	return readText(t, filepath.Base(name), string(data))
}

func readText(t testing.TB, name, data string) Package {
	t.Helper()
	p, err := Read(context.Background(), name, strings.NewReader(data), int64(len(data)), Usual)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func readFolder(t testing.TB, files fs.FS) Package {
	t.Helper()
	p, err := ReadDir(context.Background(), files, Usual)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
