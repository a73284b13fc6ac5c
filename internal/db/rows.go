package db

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/fault"
)

// Table is a table as the store itself describes it: what comes along by
// itself when a later migration adds to it.
type Table struct {
	Name    string
	Columns []Column     // by name
	Key     []string     // of the primary key
	Refers  []ForeignKey // what it points at; never itself
}

// ForeignKey is columns of one table that point at a row of another.
type ForeignKey struct {
	Table   string // pointed at
	Columns []string
	To      []string // columns of Table, one for each of Columns
}

// Has says whether the table has a column.
func (t Table) Has(column string) bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == column })
}

// Snapshot runs fn on the store as it is at one moment, whoever writes
// meanwhile. It is short where a person waits for it: an old moment is kept
// alive until fn returns.
func (d *DB) Snapshot(ctx context.Context, fn func(q Querier) error) (err error) {
	defer fault.Wrap(&err, "db.Snapshot")
	conn, err := d.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	return atOneMoment(ctx, conn, func(q Querier) error { return fn(&reader{db: d, run: q}) })
}

// Tables describes every table, each after those that its foreign keys point
// at, so that rows which are written in this order always find what they
// point at.
func (d *DB) Tables(ctx context.Context) (all []Table, err error) {
	defer fault.Wrap(&err, "db.Tables")
	columns, err := d.Columns(ctx)
	if err != nil {
		return nil, err
	}
	byName := map[string]*Table{}
	for _, c := range columns {
		if byName[c.Table] == nil {
			byName[c.Table] = &Table{Name: c.Table}
		}
		byName[c.Table].Columns = append(byName[c.Table].Columns, c)
	}
	if err := d.describeKeys(ctx, byName); err != nil {
		return nil, err
	}
	return inOrder(byName)
}

// describeKeys adds primary and foreign keys to their tables.
func (d *DB) describeKeys(ctx context.Context, byName map[string]*Table) error {
	type part struct {
		table, to, column, toColumn string
		key                         int64
	}
	primary, err := All(ctx, d.read, func(row Row) (p part, err error) {
		return p, row.Scan(&p.table, &p.column)
	}, d.dialect.keys)
	if err != nil {
		return err
	}
	for _, p := range primary {
		if t := byName[p.table]; t != nil {
			t.Key = append(t.Key, p.column)
		}
	}
	foreign, err := All(ctx, d.read, func(row Row) (p part, err error) {
		return p, row.Scan(&p.table, &p.key, &p.to, &p.column, &p.toColumn)
	}, d.dialect.foreignKeys)
	if err != nil {
		return err
	}
	last := part{}
	for _, p := range foreign {
		t := byName[p.table]
		if t == nil || p.to == p.table {
			continue
		}
		if p.table != last.table || p.key != last.key {
			t.Refers = append(t.Refers, ForeignKey{Table: p.to})
		}
		f := &t.Refers[len(t.Refers)-1]
		f.Columns, f.To = append(f.Columns, p.column), append(f.To, p.toColumn)
		last = p
	}
	for _, t := range byName {
		slices.SortFunc(t.Refers, func(a, b ForeignKey) int { return slices.Compare(a.Columns, b.Columns) })
	}
	return nil
}

// errCircle is a schema in which no row could ever be written first.
var errCircle = errors.New("db: foreign keys point in a circle")

// inOrder puts each table after those that it points at, and otherwise by name.
func inOrder(byName map[string]*Table) (all []Table, err error) {
	placed := map[string]bool{}
	ready := func(t *Table) bool {
		return !slices.ContainsFunc(t.Refers, func(f ForeignKey) bool { return !placed[f.Table] })
	}
	names := slices.Sorted(maps.Keys(byName))
	for len(all) < len(byName) {
		before := len(all)
		for _, name := range names {
			if t := byName[name]; !placed[name] && ready(t) {
				placed[name] = true
				all = append(all, *t)
			}
		}
		if len(all) == before {
			return nil, errCircle
		}
	}
	return all, nil
}

// Each gives the rows whose column by has a value, in the order of the primary
// key, one at a time: their values stand in the order of columns, as string,
// bool, int64, float64, []byte or nil, alike on both engines. A row is valid
// until give returns.
func (t Table) Each(ctx context.Context, q Querier, columns []Column, by, value string, give func(row []any) error) (err error) {
	defer fault.Wrap(&err, "db.Table.Each of %s", t.Name)
	d, err := storeOf(q)
	if err != nil {
		return err
	}
	return eachRow(ctx, q, columns, give,
		`select `+columnList(columns)+` from "`+t.Name+`" where "`+by+`" = $1 order by `+t.order(d.dialect.byBytes), value)
}

// order sorts by the primary key, by bytes.
func (t Table) order(byBytes string) string {
	parts := make([]string, len(t.Key))
	for i, name := range t.Key {
		parts[i] = `"` + name + `"`
		if slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == name && c.Type == "text" }) {
			parts[i] += " collate " + byBytes
		}
	}
	return strings.Join(parts, ", ")
}

func eachRow(ctx context.Context, q Querier, columns []Column, give func(row []any) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err below says what went wrong
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, c := range columns {
			values[i] = alike(values[i], c)
		}
		if err := give(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// alike gives a value as both engines mean it: SQLite has no booleans, keeps no
// sign of zero, gives empty bytes as none, and a driver may hand text over as
// bytes.
func alike(v any, c Column) any {
	switch v := v.(type) {
	case int64:
		if c.Type == "boolean" {
			return v != 0
		}
	case float64:
		if v == 0 {
			return 0.0
		}
	case []byte:
		if c.Type == "text" {
			return string(v)
		}
		if v == nil {
			return []byte{} // SQLite's empty bytes, which PostgreSQL would take for null
		}
	}
	return v
}

func columnList(columns []Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = `"` + c.Name + `"`
	}
	return strings.Join(names, ", ")
}

// How much one statement of Insert holds: fewer values than either engine's
// limit, and no more text than is well kept in memory.
const (
	maxInserted = 200
	maxValues   = 10_000
	maxHeld     = 4 << 20
)

// Insert writes rows, as Each gives them, many in one statement, and says how
// many they were. Each row is the caller's again once the next is asked for.
// What keys and checks refuse is an error of the whole.
func (t Table) Insert(ctx context.Context, q Querier, columns []Column, rows iter.Seq2[[]any, error]) (n int64, err error) {
	defer fault.Wrap(&err, "db.Table.Insert into %s", t.Name)
	most := min(maxInserted, maxValues/max(1, len(columns)))
	var args []any
	held := 0
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		err := Exec(ctx, q, t.inserting(columns, len(args)/len(columns)), args...)
		n += int64(len(args) / len(columns))
		args, held = args[:0], 0
		return err
	}
	for row, err := range rows {
		if err != nil {
			return n, err
		}
		if len(row) != len(columns) {
			return n, fmt.Errorf("a row of %d values for %d columns", len(row), len(columns))
		}
		args = append(args, row...)
		for _, v := range row {
			held += size(v)
		}
		if len(args) == most*len(columns) || held > maxHeld {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	return n, flush()
}

// size is about how much memory a value holds.
func size(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []byte:
		return len(v)
	}
	return 8
}

func (t Table) inserting(columns []Column, rows int) string {
	var b strings.Builder
	b.WriteString(`insert into "` + t.Name + `" (` + columnList(columns) + `) values `)
	n := 0
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		for j := range columns {
			b.WriteString([...]string{"(", ", "}[min(j, 1)])
			n++
			b.WriteString("$" + strconv.Itoa(n))
		}
		b.WriteByte(')')
	}
	return b.String()
}

// Schema is the version of the tables that this commonweal makes.
func Schema() int {
	entries, err := embedded.ReadDir("migrations")
	if err != nil || len(entries) == 0 {
		return 0 // never: they are part of the program
	}
	number, _, _ := strings.Cut(entries[len(entries)-1].Name(), "_")
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0 // never: a test looks at their names
	}
	return n
}
