package arch

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "commonweal"

// pure packages know nothing of internal: anyone may import them.
var pure = []string{"evidence", "matching", "sna", "chart"}

// floor is what every room stands on. A package of the floor imports only what
// is printed above it.
var floor = []string{
	"fault", "clock", "i18n", "schedule", "db", "jobs", "audit", "once", "link", "file",
	"mail", "sms", "access", "account",
}

// rooms are the nouns of the community and of the learning, then the doors that
// stand above them. A room imports the floor and the rooms printed above it.
var rooms = []string{
	"initiative", "place", "people", "backup", "release", "upkeep", "organization", "notice", "room", "role", "purpose", "gift",
	"barrier", "conversation", "action", "trust", "promise", "results",
	"listening", "library", "survey", "course", "learning", "rendition", "sharing",
	"exchange", "lrs", "api", "web", "demo",
}

// doors is where the rooms end and the ways in begin: they may know HTTP.
const doors = "exchange"

// apart are packages of internal that no room may import.
var apart = []string{"arch"}

// pkg is what go list says of a package.
type pkg struct {
	ImportPath   string
	Dir          string
	Doc          string
	Name         string
	Standard     bool
	ForTest      string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Deps         []string
}

// house is every package of the module, as go list sees it. A package that
// doesn't compile yet is listed too: saying so is the build's work.
var house = sync.OnceValues(func() ([]pkg, error) { return list("./...") })

func list(patterns ...string) ([]pkg, error) {
	command := exec.Command("go", append([]string{"list", "-e", "-json"}, patterns...)...)
	root, err := rootDir()
	if err != nil {
		return nil, err
	}
	command.Dir = root
	out, err := command.Output()
	if err != nil {
		return nil, err
	}
	var all []pkg
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := decoder.Decode(&p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

// rootDir is the folder that holds go.mod.
func rootDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", os.ErrNotExist
		}
		dir = parent
	}
}

// packages is house for a test.
func packages(t *testing.T) []pkg {
	t.Helper()
	all, err := house()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("go list found no package: the rules would hold for nothing")
	}
	return all
}

// room is the part of internal that an import path lies in: "gift" for
// commonweal/internal/gift/words, and nothing for what is outside internal.
func room(path string) string {
	rest, ok := strings.CutPrefix(path, module+"/internal/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// webRoom is the area of a page room: "giftweb" for commonweal/internal/web/giftweb.
func webRoom(path string) string {
	rest, ok := strings.CutPrefix(path, module+"/internal/web/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	if !strings.HasSuffix(name, "web") {
		return ""
	}
	return name
}

func isPure(path string) bool {
	rest, ok := strings.CutPrefix(path, module+"/")
	name, _, _ := strings.Cut(rest, "/")
	return ok && slices.Contains(pure, name)
}

func isOurs(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// isPath says whether path is prefix or lies below it.
func isPath(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

func isAnyPath(path string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return isPath(path, prefix) })
}

// expect fails the test with every offence, so that one run tells all.
func expect(t *testing.T, offences []string) {
	t.Helper()
	for _, offence := range offences {
		t.Error(offence)
	}
}

// mustFind fails the test unless the rule finds exactly these offences in what
// was made up to break it: a rule that can't fail guards nothing.
func mustFind(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d offences %q, want %d %q", len(got), got, len(want), want)
	}
	for i, part := range want {
		if !strings.Contains(got[i], part) {
			t.Errorf("offence %d: got %q, want it to say %q", i, got[i], part)
		}
	}
}
