package exchange

import (
	"context"
	"slices"
	"strings"

	"commonweal/internal/db"
)

// The statements of this file are put together from names that the store gave
// of itself, and each is bound to one initiative.

// rowsOf reads the rows of any table whose column holds one of some ids, by id.
func rowsOf(ctx context.Context, q db.Querier, t db.Table, in, column string, ids []string) ([]row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	all, err := db.All(ctx, q, func(scan db.Row) (row, error) {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := scan.Scan(into...); err != nil {
			return nil, err
		}
		r := make(row, len(names))
		for i, c := range t.Columns {
			r[c.Name] = plain(values[i], c.Type)
		}
		return r, nil
	}, `select `+strings.Join(names, ", ")+` from `+t.Name+` where initiative_id = $1 and `+column+` in (`+marks(2, len(ids))+`)`,
		withIDs(ids, in)...)
	// Not in SQL: asked for the order of the primary key, SQLite would walk through all of it.
	slices.SortFunc(all, func(a, b row) int { return strings.Compare(a.text("id"), b.text("id")) })
	return all, err
}

// plain gives a value as both engines mean it.
func plain(v any, kind string) any {
	switch v := v.(type) {
	case int64:
		if kind == "boolean" {
			return v != 0
		}
	case []byte:
		if kind == "text" {
			return string(v)
		}
	}
	return v
}

// pointer is a row that points at an object, and who owns that row, if one of
// the objects may.
type pointer struct{ at, owner string }

// pointing finds what points at some rows by one link.
func pointing(ctx context.Context, q db.Querier, l link, in string, ids []string) ([]pointer, error) {
	owner := "''"
	if l.owner != "" {
		owner = `coalesce(` + l.owner + `, '')`
	}
	return db.All(ctx, q, func(row db.Row) (p pointer, err error) {
		err = row.Scan(&p.at, &p.owner)
		return p, err
	}, `select distinct `+l.from.column+`, `+owner+` from `+l.from.table+` where initiative_id = $1 and `+l.from.column+` in (`+marks(2, len(ids))+`)`,
		withIDs(ids, in)...)
}

// deleteWhere deletes rows of any table whose column holds one of some ids.
func deleteWhere(ctx context.Context, q db.Querier, r reference, in string, ids []string) error {
	for some := range slices.Chunk(ids, chunk) {
		if err := db.Exec(ctx, q, `delete from `+r.table+` where initiative_id = $1 and `+r.column+` in (`+marks(2, len(some))+`)`,
			withIDs(some, in)...); err != nil {
			return err
		}
	}
	return nil
}

// overwrite sets rows of any table to what they were.
func overwrite(ctx context.Context, q db.Querier, t db.Table, rows []row) error {
	names, set := make([]string, len(t.Columns)), []string{}
	for i, c := range t.Columns {
		names[i] = c.Name
		if !slices.Contains(t.Key, c.Name) {
			set = append(set, c.Name+` = excluded.`+c.Name)
		}
	}
	for some := range slices.Chunk(rows, chunk) {
		var args []any
		for _, r := range some {
			args = append(args, r.values(t)...)
		}
		if err := db.Exec(ctx, q, `insert into `+t.Name+` (`+strings.Join(names, ", ")+`) values `+tuples(len(some), len(names))+`
			on conflict (`+strings.Join(t.Key, ", ")+`) do update set `+strings.Join(set, ", "), args...); err != nil {
			return err
		}
	}
	return nil
}

// putBack writes rows of any table that were deleted.
func putBack(ctx context.Context, q db.Querier, t db.Table, rows []row) error {
	_, err := t.Insert(ctx, q, t.Columns, func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r.values(t), nil) {
				return
			}
		}
	})
	return err
}

// values are a row's, in the order of the columns.
func (r row) values(t db.Table) []any {
	all := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		all[i] = counted(r[c.Name], c.Type)
	}
	return all
}

// counted gives a number back its kind, which JSON doesn't keep.
func counted(v any, kind string) any {
	if n, ok := v.(float64); ok && kind == "bigint" {
		return int64(n)
	}
	return v
}
