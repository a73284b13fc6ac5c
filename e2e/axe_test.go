package e2e_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"commonweal/internal/db/dbtest"
)

// everyTemplate are pages of each kind: for these axe looks in every way that a
// page can be seen; with COMMONWEAL_TEST_FULL=1 it does so for every page.
var everyTemplate = []string{
	"/i/{initiative}",                // parts from edge to edge
	"/i/{initiative}/share",          // a form for one thumb
	"/i/{initiative}/gifts",          // bars and a table
	"/i/{initiative}/talk",           // a long form
	"/i/{initiative}/day",            // lists of work
	"/i/{initiative}/me",             // somebody's own words
	"/i/{initiative}/entry",          // a grid to type in
	"/i/{initiative}/sheet",          // paper
	"/i/{initiative}/people",         // a search
	"/i/{initiative}/setup/about",    // settings
	"/i/{initiative}/privacy",        // much text
	"/i/{initiative}/share refused",  // a form in error
	"/i/{initiative}/talk refused",   // likewise
	"/i/{initiative}/people refused", // likewise
}

// axePage is a page as axe.mjs wants it.
type axePage struct {
	URL     string   `json:"url"`
	Name    string   `json:"name"`
	Mode    string   `json:"mode"`
	Cookies []cookie `json:"cookies,omitempty"`
	Post    *string  `json:"post,omitempty"`
	Status  int      `json:"status"`
}

type cookie struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func axePages(all []shown) (list []axePage) {
	for _, p := range all {
		page := axePage{URL: running.base + p.path, Name: p.name + " as " + p.who, Status: p.status()}
		if token := running.tokens[p.who]; token != "" {
			page.Cookies = []cookie{{"cw", token}}
		}
		if p.post != nil {
			body := p.post.Encode()
			page.Post = &body
		}
		for _, mode := range modes(p) {
			page.Mode = mode
			list = append(list, page)
		}
	}
	return list
}

func modes(p shown) []string {
	if os.Getenv("COMMONWEAL_TEST_FULL") == "1" || slices.Contains(everyTemplate, p.name) {
		return []string{"all"}
	}
	return []string{"phone", "dark"}
}

// TestAxeFindsNothing looks at every page of the demo, filled and refused.
func TestAxeFindsNothing(t *testing.T) {
	if program() == "" {
		dbtest.Absent(t, "chromium", "axe looks at nothing")
	}
	text, err := json.Marshal(axePages(append(running.pages(t), running.refused(t)...)))
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(t.TempDir(), "pages.json")
	if err := os.WriteFile(list, text, 0o600); err != nil {
		t.Fatal(err)
	}
	gate(t, "axe.mjs", list)
}

// TestHTMLIsWellFormed reads every page as it was sent, in each language.
func TestHTMLIsWellFormed(t *testing.T) {
	folder, saved := t.TempDir(), 0
	for _, p := range append(running.pages(t), running.refused(t)...) {
		for _, lang := range []string{"en", "es"} {
			who := running.as(p.who)
			who.header.Set("Accept-Language", lang)
			a := answer{}
			if p.post == nil {
				a = who.get(t, p.path)
			} else {
				a = who.post(t, p.path, p.post)
			}
			if a.status != p.status() {
				t.Errorf("%s: %d", p.name, a.status)
			}
			name := strings.NewReplacer("/", "_", "{", "", "}", "", " ", "-").Replace(p.name) + "." + lang + ".html"
			if err := os.WriteFile(filepath.Join(folder, name), []byte(a.body), 0o600); err != nil {
				t.Fatal(err)
			}
			saved++
		}
	}
	if saved < 200 {
		t.Errorf("%d pages were saved: where are the others?", saved)
	}
	gate(t, "htmlvalidate.mjs", folder)
}

// gate runs one of the Node tools, and reports every offence that it prints.
func gate(t *testing.T, tool, about string) {
	t.Helper()
	if _, err := os.Stat("node_modules/axe-core"); err != nil {
		dbtest.Absent(t, "node", tool+" doesn't run; npm ci --ignore-scripts in e2e/ brings what it needs")
	}
	command := exec.CommandContext(t.Context(), "node", tool, about)
	command.Env = append(os.Environ(), "COMMONWEAL_TEST_CHROMIUM="+program())
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	failed := command.Run()
	summary := false
	lines := bufio.NewScanner(&out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct{ Kind string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("%s says %q: %v", tool, lines.Text(), err)
		}
		if line.Kind == "summary" {
			summary = true
			t.Log(lines.Text())
			continue
		}
		t.Error(lines.Text())
	}
	if failed != nil || !summary {
		t.Errorf("%s: %v\n%s", tool, failed, errs.String())
	}
}
