package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// global are the tables that belong to the server and to no initiative, with the
// reason. Every other table begins with initiative_id, in its primary key, its
// uniques, its foreign keys and its indexes. The list is short; keep it so.
var global = map[string]string{
	"initiative":         "it is the initiative",
	"initiative_slug":    "an address is found before its initiative is known",
	"network":            "groups initiatives, owns none of their data",
	"link":               "a token is looked up before its initiative is known",
	"account":            "people sign in to the server",
	"account_email":      "an address is unique on the server",
	"account_email_wish": "belongs to an account",
	"session":            "belongs to an account",
	"passkey":            "belongs to an account",
	"passkey_challenge":  "is answered before anybody has signed in",
	"sign_in_ask":        "the limit on sign-in links is the server's",
}

// unprefixed are indexes of an initiative's table that begin with something else.
var unprefixed = map[string]string{
	"account_person_account": "after sign-in: in which initiatives is this account a person?",
}

func TestTablesBeginWithTheirInitiative(t *testing.T) {
	tables, unread := schema(migrations(files(t)))
	expect(t, unread)
	expect(t, withoutInitiative(tables))
	expect(t, forgotten(tables))

	tables, unread = schema([]file{{"internal/db/migrations/0001_x.sql", `
		create table person (initiative_id text not null references initiative (id), id text not null, note text not null check (note <> 'a;,b'), -- (
			primary key (initiative_id, id));
		create table account (id text primary key);
		create table gift (id text primary key, initiative_id text not null, code text not null unique, person_id text references person (id));
		create table need (initiative_id text not null, id text not null, primary key (id, initiative_id), unique (id),
			foreign key (id) references person (id));
		create table free (word text not null);
		create index person_note on person (note, initiative_id);
		create unique index person_id on person (initiative_id, id) where note <> '';
		create trigger t after insert on person begin select 1;
		create table person (id text);`}})
	mustFind(t, unread, "create trigger", "create table person")
	mustFind(t, withoutInitiative(tables),
		"free has no primary key",
		"gift: the primary key (id)", "gift: the unique (code)", "gift: the foreign key (person_id)",
		"need: the primary key (id, initiative_id)", "need: the unique (id)", "need: the foreign key (id)",
		"person: the index person_note (note, initiative_id)")
}

func withoutInitiative(tables map[string]*table) (offences []string) {
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		t := tables[name]
		if _, has := t.primary(); !has {
			offences = append(offences, fmt.Sprintf("%s: %s has no primary key", t.at, name))
			continue
		}
		if global[name] != "" {
			continue
		}
		for _, k := range t.keys {
			// A row may point at the server's own tables by their one key.
			toGlobal := k.kind == "foreign key" && global[k.references] != ""
			if k.columns[0] == "initiative_id" || toGlobal || unprefixed[k.name] != "" {
				continue
			}
			offences = append(offences, fmt.Sprintf("%s: %s: the %s (%s) must begin with initiative_id",
				t.at, name, strings.TrimSpace(k.kind+" "+k.name), strings.Join(k.columns, ", ")))
		}
	}
	return offences
}

// forgotten are exceptions whose table or index is no more.
func forgotten(tables map[string]*table) (offences []string) {
	if len(tables) == 0 {
		return nil
	}
	indexes := map[string]bool{}
	for _, t := range tables {
		for _, k := range t.keys {
			indexes[k.name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(global)) {
		if tables[name] == nil {
			offences = append(offences, name+" is listed as global and is no table")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(unprefixed)) {
		if !indexes[name] {
			offences = append(offences, name+" is listed as an exception and is no index")
		}
	}
	return offences
}

func TestColumnsHoldWhatBothEnginesHold(t *testing.T) {
	tables, _ := schema(migrations(files(t)))
	expect(t, kinds(tables))

	tables, _ = schema([]file{{"internal/db/migrations/0001_x.sql", `create table account (id text primary key,
		at timestamptz, size bigint not null, share double precision, on_since boolean, n integer, tags text[], code varchar(20), held_at bigint, said_on text);`}})
	mustFind(t, kinds(tables), "account.at is timestamptz", "account.n is integer", "account.tags is text[]", "account.code is varchar(20)", "account.held_at is bigint")
}

// kinds finds columns of a type that one engine lacks or reads otherwise, and moments that are no text.
func kinds(tables map[string]*table) (offences []string) {
	same := []string{"text", "bigint", "double precision", "boolean", "bytea"}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		for _, c := range tables[name].columns {
			moment := strings.HasSuffix(c.name, "_at") && c.kind != "text"
			if moment || !slices.Contains(same, c.kind) {
				offences = append(offences, fmt.Sprintf("%s: %s.%s is %s: types are %s; times are text (db.Stamp)",
					tables[name].at, name, c.name, c.kind, strings.Join(same, ", ")))
			}
		}
	}
	return offences
}

func TestMigrationsSayNothingThatClosesADoor(t *testing.T) {
	expect(t, closedDoors(migrations(files(t))))

	mustFind(t, closedDoors([]file{
		{"m/0001_a.sql", "-- +goose Up\n-- no triggers here\ncreate table a (id text primary key check (id <> 'serial'));"},
		{"m/0002_b.sql", "-- +goose Up\ncreate table b (id bigserial primary key);\n-- +goose Down\ndrop table b;"},
		{"m/0003_c.sql", "create index c on b (lower(id)) where ctid is not null;\ninsert or replace into b (id) values (gen_random_uuid());"},
		{"m/0003_d.sql", "-- +goose Up\ncreate temp table d (at text default current_timestamp);"},
		{"m/five.sql", "-- +goose Up\n"},
	}),
		"goose Down", "bigserial",
		"+goose Up", "ctid", "lower(", "gen_random_uuid", "insert or replace",
		"number 3, want 4", "current_timestamp", "temp table",
		"0005_noun.sql")
}

// door is what one engine has and others lack, or that hides work from the code.
var door = regexp.MustCompile(`\b(small|big)?serial\b|\bgenerated (always|by default) as identity\b|\bautoincrement\b|\bsequence\b|\btrigger\b|` +
	`\bctid\b|\b(o|_)?rowid\b|\binsert or (replace|ignore)\b|\bcreate (type|domain|function|procedure|extension|view|materialized)\b|\binterval\b|` +
	`\bdeferrable\b|\btemp(orary)? table\b|\bpg_advisory\w*|\b(un)?listen\b|\bnotify\b|\bcurrent_(timestamp|date|time)\b|\bnow\(\)|` +
	`\bgen_random_uuid\(\)|\brandom\(|\bdatetime\(|\bstrftime\(|\blower\(|\bupper\(|\bon (delete|update) (cascade|set)\b|\bcollate\b|\barray\b|\bjsonb?\b`)

func closedDoors(found []file) (offences []string) {
	for i, f := range found {
		var number int
		var noun string
		if _, err := fmt.Sscanf(path.Base(f.path), "%04d_%s", &number, &noun); err != nil {
			offences = append(offences, fmt.Sprintf("%s: call it %04d_noun.sql", f.path, i+1))
			continue
		}
		if number != i+1 {
			offences = append(offences, fmt.Sprintf("%s: number %d, want %d", f.path, number, i+1))
		}
		if !strings.Contains(f.text, "-- +goose Up") {
			offences = append(offences, f.path+": begins with -- +goose Up")
		}
		if strings.Contains(f.text, "+goose Down") {
			offences = append(offences, f.path+": goose Down: migrations go forward only")
		}
		for _, s := range statements(f) {
			words := door.FindAllString(s.text, -1)
			slices.Sort(words)
			for _, word := range slices.Compact(words) {
				offences = append(offences, fmt.Sprintf("%s: %q: see docs/sql.md for what both engines, and those to come, can do", f.path, word))
			}
		}
	}
	return offences
}

func TestQueriesStayInTheirInitiative(t *testing.T) {
	expect(t, strayQueries(parse(files(t))))

	mustFind(t, strayQueries(parse([]file{{"internal/gift/store.go", "package gift\nconst (\n" +
		"\ta = `select id from gift where initiative_id = $1 and id = $2`\n" +
		"\tb = `select id from gift where id = $1`\n" +
		"\tc = `update gift set kind = $2 where id = $1`\n" +
		"\td = `delete from session where id = $1`\n" +
		"\te = `select id from gift ` + where\n" +
		"\tf = `delete from gift` + ` where id = $1`\n" +
		"\tg = `insert or replace into gift (initiative_id, id) values ($1, $2)`\n" +
		"\th = `select id from gift where initiative_id = ?`\n" +
		"\t// old gifts of every\n\t// initiative\n" +
		"\tj = `delete from gift where named_at < $1`\n" +
		"\ti = `insert into session (id) values ($1) on conflict (id) do update set seen_at = excluded.seen_at where session.id is distinct from excluded.id`\n" +
		")"}})),
		"store.go:4", "store.go:5", "store.go:8", "insert or replace", "?")
}

var (
	tablesNamed = regexp.MustCompile(`(?i)\b(?:from|join|into|update)\s+([a-z_][a-z_0-9]*)`)
	oneEngine   = regexp.MustCompile(`(?i)\binsert or (replace|ignore)\b|\b(ctid|rowid)\b|\bilike\b|->>|\bnow\(\)|\bcurrent_timestamp\b|\bstrftime\(|\bdatetime\(|` +
		`\bfor update\b|::[a-z]+|\bpg_advisory|\bjson_\w+\(|\bmatch\s+\$|\s\?(\s|,|\)|$)|\blimit -1\b`)
	notTables      = regexp.MustCompile(`(?i)\bdo update set\b|\bis (not )?distinct from\b`)
	statementStart = regexp.MustCompile(`(?is)^\s*(select|insert|update|delete|with)\b`)
)

// strayQueries finds statements that could read or change another initiative's
// rows, and words that only one engine knows. Text put together from parts that
// this test can't see is left to the store's own tests.
func strayQueries(sources []source) (offences []string) {
	for _, s := range sources {
		if s.isTest() || !strings.HasPrefix(path.Base(s.path), "store") || s.under("internal/db", "internal/jobs") {
			continue
		}
		for at, text := range s.constants() {
			if !statementStart.MatchString(text) || !tablesNamed.MatchString(text) {
				continue
			}
			if word := oneEngine.FindString(text); word != "" {
				offences = append(offences, fmt.Sprintf("%s: %q: not in SQL that both engines share", s.at(at), strings.TrimSpace(word)))
			}
			if leavesInitiative(text) && !s.saysEveryInitiative(at) {
				offences = append(offences, s.at(at)+": this statement isn't bound to one initiative (initiative_id), nor to a global table; "+
					"upkeep that means every initiative says so in a comment just above, in those words")
			}
		}
	}
	return offences
}

// saysEveryInitiative says whether a comment within the few lines above a
// statement owns up to it: "removes old rows of every initiative".
func (s source) saysEveryInitiative(at token.Pos) bool {
	const near = 4
	line := s.lines.Position(at).Line
	return slices.ContainsFunc(s.tree.Comments, func(c *ast.CommentGroup) bool {
		end := s.lines.Position(c.End()).Line
		words := strings.Join(strings.Fields(c.Text()), " ")
		return end <= line && end >= line-near && strings.Contains(words, "every initiative")
	})
}

// leavesInitiative says whether a whole statement names a table of an initiative and no initiative.
func leavesInitiative(text string) bool {
	if strings.Contains(text, "initiative_id") || !strings.Contains(strings.ToLower(text), "where") {
		return false
	}
	text = notTables.ReplaceAllString(text, "")
	return slices.ContainsFunc(tablesNamed.FindAllStringSubmatch(text, -1), func(m []string) bool { return global[strings.ToLower(m[1])] == "" })
}

// constants are a file's texts that are wholly known: literals, alone or added
// to each other. A literal that is added to something unknown isn't given.
func (s source) constants() func(func(token.Pos, string) bool) {
	return func(yield func(token.Pos, string) bool) {
		on := true
		ast.Inspect(s.tree, func(n ast.Node) bool {
			if !on {
				return false
			}
			expr, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			if _, added := expr.(*ast.BinaryExpr); !added {
				if _, literal := expr.(*ast.BasicLit); !literal {
					return true
				}
			}
			if text, whole := known(expr); whole {
				on = yield(expr.Pos(), text)
			}
			_, literal := expr.(*ast.BasicLit)
			_, added := expr.(*ast.BinaryExpr)
			return !literal && !added
		})
	}
}

func known(expr ast.Expr) (text string, whole bool) {
	switch e := expr.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.ParenExpr:
		return known(e.X)
	case *ast.BinaryExpr:
		left, ok := known(e.X)
		right, too := known(e.Y)
		return left + right, ok && too && e.Op == token.ADD
	}
	return "", false
}
