package arch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestEveryPackageHasItsPlaceInTheHouse(t *testing.T) {
	expect(t, homeless(packages(t)))

	mustFind(t, homeless([]pkg{
		{ImportPath: "commonweal/internal/gift"},
		{ImportPath: "commonweal/internal/surprise"},
		{ImportPath: "commonweal/internal/gift/util"},
		{ImportPath: "commonweal/helpers"},
	}), "surprise", "util", "helpers")
}

// homeless finds packages that the house's list doesn't know, and names that say nothing.
func homeless(all []pkg) (offences []string) {
	known := slices.Concat(floor, rooms, apart)
	nothing := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "types", "core", "misc", "shared"}
	for _, p := range all {
		if name := room(p.ImportPath); name != "" && !slices.Contains(known, name) {
			offences = append(offences, fmt.Sprintf("%s is in no list: give it its place in internal/arch/house_test.go and docs", p.ImportPath))
			continue
		}
		for _, part := range strings.Split(p.ImportPath, "/")[1:] {
			if slices.Contains(nothing, part) {
				offences = append(offences, fmt.Sprintf("%s: %q says nothing about what is inside", p.ImportPath, part))
			}
		}
	}
	return offences
}

func TestARoomSeesOnlyRoomsAboveIt(t *testing.T) {
	expect(t, upward(packages(t)))

	mustFind(t, upward([]pkg{
		{ImportPath: "commonweal/internal/gift", Imports: []string{
			"commonweal/internal/db", "commonweal/internal/people", "commonweal/internal/gift/words", "commonweal/chart", "strings",
		}},
		{ImportPath: "commonweal/internal/people", Imports: []string{"commonweal/internal/gift"}},
		{ImportPath: "commonweal/internal/db", Imports: []string{"commonweal/internal/people"}},
		{ImportPath: "commonweal/internal/fault", Imports: []string{"commonweal/internal/db"}},
		{ImportPath: "commonweal/internal/gift", Imports: []string{"commonweal/internal/web/page"}},
		{ImportPath: "commonweal/internal/web", Imports: []string{"commonweal/internal/arch"}},
	}),
		"internal/people imports commonweal/internal/gift",
		"internal/db imports commonweal/internal/people",
		"internal/fault imports commonweal/internal/db",
		"internal/gift imports commonweal/internal/web/page",
		"internal/web imports commonweal/internal/arch")
}

// upward finds imports of what is printed below, or beside, in the house's list.
func upward(all []pkg) (offences []string) {
	order := slices.Concat(floor, rooms)
	for _, p := range all {
		here := room(p.ImportPath)
		if here == "" || slices.Contains(apart, here) {
			continue
		}
		for _, imported := range p.Imports {
			there := room(imported)
			if there == "" || there == here {
				continue
			}
			if at := slices.Index(order, there); at < 0 || at >= slices.Index(order, here) {
				offences = append(offences, fmt.Sprintf("%s imports %s, which isn't printed above it: hand in a small interface, or add a job", p.ImportPath, imported))
			}
		}
	}
	return offences
}

func TestPurePackagesKnowNothingOfTheHouse(t *testing.T) {
	expect(t, impure(packages(t)))

	mustFind(t, impure([]pkg{
		{ImportPath: "commonweal/chart", Deps: []string{"commonweal/evidence", "fmt", "gonum.org/v1/gonum/stat"}},
		{ImportPath: "commonweal/evidence", Deps: []string{"commonweal/internal/fault"}},
		{ImportPath: "commonweal/sna", Deps: []string{"github.com/google/uuid", "database/sql", "net/http"}},
	}), "evidence depends on commonweal/internal/fault", "google/uuid", "database/sql", "net/http")
}

// impure finds what a pure package brings along, however deep.
func impure(all []pkg) (offences []string) {
	allowed := []string{"gonum.org/v1/gonum", "golang.org/x/exp", "golang.org/x/tools", "rsc.io/qr"}
	for _, p := range all {
		if !isPure(p.ImportPath) {
			continue
		}
		for _, dep := range p.Deps {
			first, _, _ := strings.Cut(dep, "/")
			external := strings.Contains(first, ".") && !isAnyPath(dep, allowed)
			ours := isOurs(dep) && !isPure(dep)
			effects := dep == "database/sql" || dep == "net/http"
			if external || ours || effects {
				offences = append(offences, fmt.Sprintf("%s depends on %s: pure packages know nothing of the house", p.ImportPath, dep))
			}
		}
	}
	return offences
}

func TestWebRoomsAskRoomsAndNeverTheStore(t *testing.T) {
	expect(t, storeFromTheWeb(packages(t)))

	mustFind(t, storeFromTheWeb([]pkg{
		{ImportPath: "commonweal/internal/web/giftweb", Imports: []string{"commonweal/internal/web/page", "commonweal/internal/gift"}},
		{ImportPath: "commonweal/internal/web/askweb", Imports: []string{"database/sql", "commonweal/internal/db", "commonweal/internal/web/giftweb"}},
		{ImportPath: "commonweal/internal/web/page", Imports: []string{"commonweal/internal/db", "commonweal/internal/web", "commonweal/internal/web/giftweb"}},
	}), "askweb imports database/sql", "askweb imports commonweal/internal/db", "askweb imports commonweal/internal/web/giftweb",
		"page imports commonweal/internal/web;", "page imports commonweal/internal/web/giftweb")
}

// storeFromTheWeb finds pages that reach past their room. The package page may
// name the store's days and stamps, which TestPageKnowsDaysAndNoStore looks at.
func storeFromTheWeb(all []pkg) (offences []string) {
	for _, p := range all {
		area := webRoom(p.ImportPath)
		isPage := isPath(p.ImportPath, module+"/internal/web/page")
		if area == "" && !isPage {
			continue
		}
		for _, imported := range p.Imports {
			other := webRoom(imported)
			store := imported == "database/sql" || isPath(imported, module+"/internal/db") && !isPage
			if store || imported == module+"/internal/web" || other != "" && other != area {
				offences = append(offences, fmt.Sprintf("%s imports %s; it may ask rooms and page, never the store or another area", p.ImportPath, imported))
			}
		}
	}
	return offences
}

func TestRoomsKnowNoHTTPAndNoTemplates(t *testing.T) {
	expect(t, webFromARoom(packages(t)))

	mustFind(t, webFromARoom([]pkg{
		{ImportPath: "commonweal/internal/gift", Imports: []string{"net/http", "github.com/a-h/templ", "html/template", "net/url"}},
		{ImportPath: "commonweal/internal/web/giftweb", Imports: []string{"net/http"}},
	}), "gift imports net/http", "gift imports github.com/a-h/templ", "gift imports html/template")
}

func webFromARoom(all []pkg) (offences []string) {
	domain := rooms[:slices.Index(rooms, doors)]
	forbidden := []string{"net/http", "html", "github.com/a-h/templ", "github.com/a-h/templ/runtime"}
	for _, p := range all {
		// A writer of one format in rendition may write HTML: that is its work.
		if !slices.Contains(domain, room(p.ImportPath)) || isPath(p.ImportPath, module+"/internal/rendition") {
			continue
		}
		for _, imported := range p.Imports {
			if isAnyPath(imported, forbidden) {
				offences = append(offences, fmt.Sprintf("%s imports %s: HTTP and HTML are the web's", p.ImportPath, imported))
			}
		}
	}
	return offences
}

func TestOnlyDBNamesDrivers(t *testing.T) {
	expect(t, drivers(packages(t)))

	mustFind(t, drivers([]pkg{
		{ImportPath: "commonweal/internal/db", Imports: []string{"modernc.org/sqlite", "github.com/jackc/pgx/v5/stdlib"}},
		{ImportPath: "commonweal/internal/jobs", Imports: []string{"github.com/jackc/pgx/v5/pgconn"}},
		{ImportPath: "commonweal/cmd/commonweal", XTestImports: []string{"github.com/pressly/goose/v3"}},
	}), "jobs imports github.com/jackc/pgx/v5/pgconn", "commonweal imports github.com/pressly/goose/v3")
}

func drivers(all []pkg) (offences []string) {
	named := []string{"modernc.org/sqlite", "modernc.org/libc", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3"}
	for _, p := range all {
		if room(p.ImportPath) == "db" {
			continue
		}
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if isAnyPath(imported, named) {
				offences = append(offences, fmt.Sprintf("%s imports %s: db alone names drivers and goose", p.ImportPath, imported))
			}
		}
	}
	return offences
}

func TestTheProgramCarriesNoTestingTools(t *testing.T) {
	expect(t, testingTools(packages(t)))

	mustFind(t, testingTools([]pkg{
		{ImportPath: "commonweal/cmd/commonweal", Name: "main", Deps: []string{"net/http", "testing", "github.com/chromedp/chromedp"}},
		{ImportPath: "commonweal/internal/db/dbtest", Name: "dbtest", Deps: []string{"testing"}},
	}), "carries testing", "carries github.com/chromedp/chromedp")
}

// testingTools finds what only tests need in the program that people run.
func testingTools(all []pkg) (offences []string) {
	tools := []string{
		"testing", "github.com/chromedp", "pgregory.net/rapid", "go.uber.org/goleak", "github.com/google/go-cmp",
		"github.com/rogpeppe/go-internal", "github.com/emersion/go-smtp", module + "/internal/db/dbtest",
	}
	for _, p := range all {
		if !isPath(p.ImportPath, module+"/cmd") {
			continue
		}
		for _, dep := range p.Deps {
			if isAnyPath(dep, tools) {
				offences = append(offences, fmt.Sprintf("%s carries %s, which only tests need", p.ImportPath, dep))
			}
		}
	}
	return offences
}
