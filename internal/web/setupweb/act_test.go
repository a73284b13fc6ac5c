package setupweb_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"commonweal/internal/i18n"
)

// noted finds the acts that rooms note, as they stand in their source.
var noted = regexp.MustCompile(`(?:Act:\s*|\.(?:note|act|change|edit|announce|own|byCode)\((?:ctx|r\.Context)[^"\n{]*)"([a-z]+(?: [a-z]+)*)"`)

// own are the packages whose acts are of the server and stand in no
// initiative's record.
var own = []string{"account"}

// TestEveryActHasItsWords reads what the rooms note, so that an act that is
// added next year doesn't stand in the record as a code.
func TestEveryActHasItsWords(t *testing.T) {
	source := os.DirFS("../..")
	found := 0
	err := fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (name == "web" || name == "demo") {
			return fs.SkipDir
		}
		room, _, _ := strings.Cut(name, "/")
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(strings.Join(own, " "), room) {
			return nil
		}
		text, err := fs.ReadFile(source, name)
		for _, m := range noted.FindAllStringSubmatch(string(text), -1) {
			found++
			checkAct(t, path.Base(name), m[1])
		}
		return err
	})
	if err != nil || found < 40 {
		t.Errorf("%d acts found: %v", found, err)
	}
}

func checkAct(t *testing.T, at, act string) {
	t.Helper()
	key := "setup.act." + strings.ReplaceAll(act, " ", "_")
	for _, lang := range i18n.Langs() {
		if !i18n.In(lang).Has(key) {
			t.Errorf("%s notes %q, and %s has no sentence %s", at, act, lang, key)
		}
	}
}
