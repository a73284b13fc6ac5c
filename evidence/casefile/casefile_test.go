package casefile_test

import (
	"os"
	"path/filepath"
	"testing"

	"commonweal/evidence/casefile"
)

// cases finds the public reference cases, which stand beside the repository.
func cases(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "evidence")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the reference cases are missing: %v", err)
		}
		t.Skipf("SKIPPED: the reference cases aren't at %s; nothing was compared with R", dir)
	}
	return dir
}

func TestEveryReferenceCasePasses(t *testing.T) {
	dir := cases(t)
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d cases: %v", len(files), err)
	}
	open := func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) }
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			c, err := casefile.Read(b)
			if err != nil {
				t.Fatal(err)
			}
			r, err := casefile.Check(c, open)
			if err != nil {
				t.Fatal(err)
			}
			for _, field := range r.Fields {
				if !field.Pass {
					t.Errorf("%s: got %v, want %v", field.Path, field.Got, field.Want)
				}
			}
			if !r.Pass {
				t.Errorf("%d of %d fields differ", r.Failed(), len(r.Fields))
			}
			for _, s := range r.Skipped {
				t.Logf("skipped %s: %s", s.Path, s.Why)
			}
		})
	}
}
