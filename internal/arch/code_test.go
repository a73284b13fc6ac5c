package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is a Go file as the compiler reads it.
type source struct {
	file
	tree  *ast.File
	lines *token.FileSet
}

func (s source) at(pos token.Pos) string {
	return fmt.Sprintf("%s:%d", s.path, s.lines.Position(pos).Line)
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// under says whether the file lies in one of these folders.
func (s source) under(folders ...string) bool { return isAnyPath(path.Dir(s.path), folders) }

// parse reads the Go files among all. One that doesn't parse is the build's to name.
func parse(all []file) (sources []source) {
	for _, f := range all {
		if path.Ext(f.path) != ".go" {
			continue
		}
		set := token.NewFileSet()
		if tree, err := parser.ParseFile(set, f.path, f.text, parser.ParseComments|parser.SkipObjectResolution); err == nil {
			sources = append(sources, source{f, tree, set})
		}
	}
	return sources
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	expect(t, silent(parse(files(t))))

	mustFind(t, silent(parse([]file{
		{"internal/gift/gift.go", "// Package gift keeps what people can share.\npackage gift"},
		{"internal/gift/store.go", "package gift"},
		{"internal/place/place.go", "package place"},
		{"internal/place/place_test.go", "// Package place is not described by its test.\npackage place"},
		{"e2e/journey_test.go", "package e2e"},
	})), "e2e has no package comment", "internal/place has no package comment")
}

// silent finds folders where no file begins with a package comment. A folder of
// tests alone may say it in a test.
func silent(sources []source) (offences []string) {
	type folder struct{ code, codeSays, testSays bool }
	folders := map[string]folder{}
	for _, s := range sources {
		if data(s.path) {
			continue
		}
		dir := path.Dir(s.path)
		f := folders[dir]
		says := s.tree.Doc.Text() != ""
		f.code = f.code || !s.isTest()
		f.codeSays = f.codeSays || says && !s.isTest()
		f.testSays = f.testSays || says && s.isTest()
		folders[dir] = f
	}
	for dir, f := range folders {
		if !f.codeSays && (f.code || !f.testSays) {
			offences = append(offences, dir+" has no package comment: say what it is for, in plain words")
		}
	}
	slices.Sort(offences)
	return offences
}

func TestTimeComesFromAClock(t *testing.T) {
	expect(t, clocks(parse(files(t))))

	const reads = "import \"time\"\nvar at = time.Now()\nvar since = time.Since(at)\nvar named = time.Now\nvar day = 24 * time.Hour"
	mustFind(t, clocks(parse([]file{
		{"internal/gift/gift.go", "package gift\n" + reads},
		{"internal/gift/gift_test.go", "package gift\n" + reads},
		{"internal/clock/clock.go", "package clock\n" + reads},
		{"cmd/commonweal/serve.go", "package main\n" + reads},
		{"internal/place/place.go", "package place\nvar time clock\nvar at = time.Now()"},
	})), "gift.go:3", "gift.go:4", "gift.go:5")
}

// clocks finds code that reads the machine's clock itself, so that no test could move it.
func clocks(sources []source) (offences []string) {
	for _, s := range sources {
		if s.isTest() || !s.imports("time") || s.under("cmd", "internal/clock", "scripts", "bench") {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			from, ok := selector.X.(*ast.Ident)
			if ok && from.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, selector.Sel.Name) {
				offences = append(offences, fmt.Sprintf("%s: time.%s: take a clock", s.at(n.Pos()), selector.Sel.Name))
			}
			return true
		})
	}
	return offences
}

func TestPageKnowsDaysAndNoStore(t *testing.T) {
	expect(t, storeInPage(parse(files(t))))

	mustFind(t, storeInPage(parse([]file{
		{"internal/web/page/form.go", "package page\nfunc f(d db.Day) {\n\tdb.Exec(d)\n}"},
		{"internal/gift/store.go", "package gift\nfunc f() {\n\tdb.Exec()\n}"},
	})), "form.go:3: db.Exec")
}

// storeInPage finds uses of the store in package page, other than its dates.
func storeInPage(sources []source) (offences []string) {
	values := []string{"Day", "DayOf", "ParseDay", "Stamp", "At"}
	for _, s := range sources {
		if s.isTest() || !s.under("internal/web/page") {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if from, ok := selector.X.(*ast.Ident); ok && from.Name == "db" && !slices.Contains(values, selector.Sel.Name) {
				offences = append(offences, fmt.Sprintf("%s: db.%s: page may name days and stamps, and nothing else of the store", s.at(n.Pos()), selector.Sel.Name))
			}
			return true
		})
	}
	return offences
}

func (s source) imports(name string) bool {
	return slices.ContainsFunc(s.tree.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == strconv.Quote(name) })
}

func TestSQLStandsInStoreFiles(t *testing.T) {
	expect(t, sqlOutsideStores(parse(files(t))))

	const query = "const q = `\n\tselect id\n\tfrom gift where initiative_id = $1`\n"
	mustFind(t, sqlOutsideStores(parse([]file{
		{"internal/gift/gift.go", "package gift\n" + query},
		{"internal/gift/store.go", "package gift\n" + query},
		{"internal/gift/store_search.go", "package gift\n" + query},
		{"internal/gift/gift_test.go", "package gift\n" + query},
		{"internal/db/open.go", "package db\n" + query},
		{"internal/web/page/page.go", "package page\nconst words = \"select one from the list\"\nconst add = `INSERT INTO gift (id) values ($1)`"},
		{"internal/place/place.go", "package place\nconst e = \"update your details\"\nconst q = \"update area set name = $3 where id = $2\""},
	})), "gift.go:2", "page.go:3", "place.go:3")
}

var statement = regexp.MustCompile(`(?is)^\s*(select\b.+\bfrom\s+[a-z_]+\b.*(\$1|\bwhere\b|\border by\b|\bjoin\b|\bgroup by\b|\blimit\b)|select\s+(count|max|min|sum|coalesce|exists)\s*\(|` +
	`insert\s+into\s+[a-z_]+|update\s+[a-z_]+\s+set\b|delete\s+from\s+[a-z_]+|with\s+(recursive\s+)?[a-z_]+(\s*\([^)]*\))?\s+as\s*\(|` +
	`(create|alter|drop)\s+(table|index|unique)\b|pragma\s+[a-z_]+|begin\s+immediate|savepoint\s+)`)

// sqlOutsideStores finds statements where nobody would look for them.
func sqlOutsideStores(sources []source) (offences []string) {
	for _, s := range sources {
		store := strings.HasPrefix(path.Base(s.path), "store")
		if s.isTest() || store || s.under("internal/db", "internal/jobs", "bench") {
			continue
		}
		for literal := range s.texts() {
			if text, err := strconv.Unquote(literal.Value); err == nil && statement.MatchString(text) {
				offences = append(offences, s.at(literal.Pos())+": SQL belongs in store*.go, beside its scan")
			}
		}
	}
	return offences
}

// texts are the string literals of a file.
func (s source) texts() func(func(*ast.BasicLit) bool) {
	return func(yield func(*ast.BasicLit) bool) {
		on := true
		ast.Inspect(s.tree, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING && on {
				on = yield(literal)
			}
			return on
		})
	}
}

// branches is how often the code may ask which engine it runs on.
const branches = 5

func TestTheEnginesDifferInFewPlaces(t *testing.T) {
	in, astray := dialects(parse(files(t)))
	expect(t, astray)
	if len(in) >= branches {
		t.Errorf("%d branches by engine, want fewer than %d: %s", len(in), branches, strings.Join(in, ", "))
	}

	in, astray = dialects(parse([]file{
		{"internal/db/open.go", "package db\nfunc f() {\n\tif d.engine == postgres {\n\t}\n\tswitch d.Engine() {\n\tcase \"sqlite\":\n\t}\n\tif err != nil || d.dialect.busy(err) {\n\t}\n\tif d.dialect.scrub == \"\" {\n\t}\n}"},
		{"internal/jobs/claim.go", "package jobs\nfunc f() {\n\tif d.Engine() == db.Postgres {\n\t}\n}"},
		{"internal/gift/store.go", "package gift\nfunc f() {\n\tif d.Engine() == \"postgres\" {\n\t}\n}"},
		{"internal/db/dbtest/dbtest.go", "package dbtest\nfunc f() {\n\tif engine == \"postgres\" {\n\t}\n}"},
	}))
	mustFind(t, in, "open.go:3", "open.go:5", "open.go:10", "claim.go:3")
	mustFind(t, astray, "gift/store.go:3")
}

var engineName = regexp.MustCompile(`(?i)(^|[^a-z])(engine|dialect|sqlite|postgres|pgx?)([^a-z]|$)|^is(SQLite|Postgres)`)

// dialects finds each if and switch that asks for the engine: those in db and jobs, and those astray.
func dialects(sources []source) (in, astray []string) {
	for _, s := range sources {
		if s.isTest() || s.under("internal/db/dbtest", "scripts", "bench", "e2e") {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			var asked ast.Expr
			switch n := n.(type) {
			case *ast.IfStmt:
				asked = n.Cond
			case *ast.SwitchStmt:
				asked = n.Tag
			}
			switch {
			case asked == nil || !asksEngine(asked):
			case s.under("internal/db", "internal/jobs"):
				in = append(in, s.at(n.Pos()))
			default:
				astray = append(astray, s.at(n.Pos())+": only db and jobs may ask which engine this is")
			}
			return true
		})
	}
	return in, astray
}

// asksEngine says whether a condition tells the engines apart. Calling what the
// engine's own table holds, dialect.busy(err), doesn't: both have an answer.
func asksEngine(condition ast.Expr) (asks bool) {
	ast.Inspect(condition, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if method, ok := n.Fun.(*ast.SelectorExpr); ok && asksEngine(method.X) {
				return false
			}
		case *ast.Ident:
			asks = asks || engineName.MatchString(n.Name)
		case *ast.BasicLit:
			asks = asks || n.Kind == token.STRING && engineName.MatchString(n.Value) && !strings.Contains(n.Value, "://")
		}
		return !asks
	})
	return asks
}
