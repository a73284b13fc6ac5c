package casefile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
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

// The worked examples of the handbook are what the commands print.
func TestTheHandbooksExamples(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "evidence.md"))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	c := casefile.Command{Read: os.ReadFile, Out: &out, Err: &out, Readable: true}
	course, visits := filepath.Join("testdata", "course.json"), filepath.Join("testdata", "visits.json")
	for _, run := range []struct {
		do    func([]string) (int, error)
		files []string
	}{{c.Check, []string{course}}, {c.Claim, []string{course, visits}}} {
		if status, err := run.do(run.files); err != nil || status != casefile.StatusPass {
			t.Fatalf("status %d: %v\n%s", status, err, out.String())
		}
	}
	printed := out.String()
	for _, line := range []string{
		"course                           proportion_interval          passes of 3 fields",
		"course  rung 1 of 6", "  en  37 of the 74 people who answered (of 2,700 people who signed up, 2.7% response) report that they changed their work. " +
			"Of all people who signed up, it could be anywhere from 1.4% to 98.6%: we don't know what the others would have said. " +
			"The claim “more than half changed their work” fails if fewer than 50% of those who didn't answer would say so.",
		"        - So few answered that the others could make it almost anything.",
		"reported 0.96 (0.62 to 1.3) more visits",
	} {
		if !strings.Contains(printed, line) || !strings.Contains(string(page), line) {
			t.Errorf("printed or in the handbook, but not both: %q", line)
		}
	}
	if !strings.Contains(printed, "visits  rung 3 of 6") {
		t.Errorf("visits:\n%s", printed)
	}
}

// Every method is listed in the handbook.
func TestTheHandbookListsEveryMethod(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "evidence.md"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, line := range strings.Split(string(page), "\n") {
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		for i, name := range strings.Split(cell, "`") {
			if i%2 == 1 {
				listed[name] = true
			}
		}
	}
	for _, m := range casefile.Methods() {
		if !listed[m] {
			t.Errorf("%s isn't in docs/evidence.md", m)
		}
	}
}
