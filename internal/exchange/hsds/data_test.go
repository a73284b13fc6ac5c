package hsds

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"commonweal/internal/exchange/hsds/hsdstest"
)

func official(t testing.TB) string { t.Helper(); return hsdstest.Official(t) }

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
