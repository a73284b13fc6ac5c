package arch

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// table is a table as the migrations make it.
type table struct {
	name    string
	at      string // file
	columns []column
	keys    []key // primary keys, uniques, foreign keys, indexes
}

type column struct{ name, kind string }

// key is a list of columns that the store orders or checks by.
type key struct {
	kind       string // primary key, unique, foreign key, index
	name       string // of an index
	columns    []string
	references string // a foreign key's table
}

// statementOf is one statement of a migration, without its comments.
type statementOf struct{ file, text string }

// migrations are the files that make the schema, in their order.
func migrations(all []file) (found []file) {
	for _, f := range all {
		if path.Dir(f.path) == "internal/db/migrations" && path.Ext(f.path) == ".sql" {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b file) int { return strings.Compare(a.path, b.path) })
	return found
}

var (
	lineComment = regexp.MustCompile(`--[^\n]*`)
	quoted      = regexp.MustCompile(`'(''|[^'])*'`)
	spaces      = regexp.MustCompile(`\s+`)
)

// statements cuts a migration at its semicolons. What stands between quotes
// becomes ”, so that words in it are no SQL.
func statements(f file) (found []statementOf) {
	text := quoted.ReplaceAllString(lineComment.ReplaceAllString(f.text, ""), "''")
	for _, one := range strings.Split(text, ";") {
		if one = strings.TrimSpace(spaces.ReplaceAllString(strings.ToLower(one), " ")); one != "" {
			found = append(found, statementOf{f.path, one})
		}
	}
	return found
}

var (
	createTable = regexp.MustCompile(`^create table (?:if not exists )?([a-z_0-9]+) ?\((.*)\)$`)
	createIndex = regexp.MustCompile(`^create (unique )?index (?:if not exists )?([a-z_0-9]+) on ([a-z_0-9]+) ?\((.*?)\)(?: where .*)?$`)
	addColumn   = regexp.MustCompile(`^alter table ([a-z_0-9]+) add column (.*)$`)
	dropTable   = regexp.MustCompile(`^drop table (?:if exists )?([a-z_0-9]+)$`)
	dropIndex   = regexp.MustCompile(`^drop index (?:if exists )?([a-z_0-9]+)$`)
)

// schema is what the migrations come to, and every statement that couldn't be read.
func schema(files []file) (tables map[string]*table, unread []string) {
	tables = map[string]*table{}
	for _, f := range files {
		for _, s := range statements(f) {
			if !apply(tables, s) {
				unread = append(unread, fmt.Sprintf("%s: %.60q: this test can't read it: say it more simply, or teach the test", s.file, s.text))
			}
		}
	}
	return tables, unread
}

// apply carries out one statement, and says whether it understood.
func apply(tables map[string]*table, s statementOf) bool {
	if m := createTable.FindStringSubmatch(s.text); m != nil {
		if tables[m[1]] != nil {
			return false // two tables of one name
		}
		tables[m[1]] = newTable(m[1], s.file, m[2])
		return true
	}
	if m := createIndex.FindStringSubmatch(s.text); m != nil && tables[m[3]] != nil {
		kind := "index"
		if m[1] != "" {
			kind = "unique"
		}
		t := tables[m[3]]
		t.keys = append(t.keys, key{kind: kind, name: m[2], columns: names(m[4])})
		return true
	}
	if m := addColumn.FindStringSubmatch(s.text); m != nil && tables[m[1]] != nil {
		tables[m[1]].add(m[2])
		return true
	}
	if m := dropTable.FindStringSubmatch(s.text); m != nil && tables[m[1]] != nil {
		delete(tables, m[1])
		return true
	}
	if m := dropIndex.FindStringSubmatch(s.text); m != nil {
		for _, t := range tables {
			t.keys = slices.DeleteFunc(t.keys, func(k key) bool { return k.name == m[1] })
		}
		return true
	}
	first, _, _ := strings.Cut(s.text, " ")
	return slices.Contains([]string{"insert", "update", "delete"}, first) // a backfill
}

func newTable(name, file, body string) *table {
	t := &table{name: name, at: file}
	for _, part := range topLevel(body) {
		t.add(part)
	}
	return t
}

var (
	primaryKey = regexp.MustCompile(`^(?:constraint [a-z_0-9]+ )?primary key ?\((.*?)\)`)
	uniqueKey  = regexp.MustCompile(`^(?:constraint [a-z_0-9]+ )?unique ?\((.*?)\)`)
	foreignKey = regexp.MustCompile(`^(?:constraint [a-z_0-9]+ )?foreign key ?\((.*?)\) references ([a-z_0-9]+)`)
	references = regexp.MustCompile(`\breferences ([a-z_0-9]+)`)
	columnKind = regexp.MustCompile(`^([a-z_0-9]+) ((?:double precision)|[a-z_0-9]+(?: ?\([^)]*\))?(?: ?\[\])?)`)
)

// add takes in one column or constraint of a table.
func (t *table) add(part string) {
	if m := primaryKey.FindStringSubmatch(part); m != nil {
		t.keys = append(t.keys, key{kind: "primary key", columns: names(m[1])})
		return
	}
	if m := uniqueKey.FindStringSubmatch(part); m != nil {
		t.keys = append(t.keys, key{kind: "unique", columns: names(m[1])})
		return
	}
	if m := foreignKey.FindStringSubmatch(part); m != nil {
		t.keys = append(t.keys, key{kind: "foreign key", columns: names(m[1]), references: m[2]})
		return
	}
	m := columnKind.FindStringSubmatch(part)
	if m == nil || m[1] == "check" || m[1] == "constraint" {
		return
	}
	t.columns = append(t.columns, column{m[1], m[2]})
	if strings.Contains(part, " primary key") {
		t.keys = append(t.keys, key{kind: "primary key", columns: []string{m[1]}})
	}
	if regexp.MustCompile(`\bunique\b`).MatchString(part) {
		t.keys = append(t.keys, key{kind: "unique", columns: []string{m[1]}})
	}
	if r := references.FindStringSubmatch(part); r != nil {
		t.keys = append(t.keys, key{kind: "foreign key", columns: []string{m[1]}, references: r[1]})
	}
}

// primary is the table's primary key.
func (t *table) primary() (key, bool) {
	i := slices.IndexFunc(t.keys, func(k key) bool { return k.kind == "primary key" })
	if i < 0 {
		return key{}, false
	}
	return t.keys[i], true
}

// topLevel cuts at the commas that stand in no brackets.
func topLevel(body string) (parts []string) {
	depth, from := 0, 0
	for i, c := range body {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(body[from:i]))
			from = i + 1
		}
	}
	return append(parts, strings.TrimSpace(body[from:]))
}

// names are the columns of a list such as "initiative_id, on_day desc".
func names(list string) (found []string) {
	for _, one := range strings.Split(list, ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(one), " ")
		found = append(found, name)
	}
	return found
}
