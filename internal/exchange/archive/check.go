package archive

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// checked is a table of an archive that was read from end to end and is what
// the manifest says.
type checked struct {
	scoped
	columns []db.Column // those that the archive has
	said    Table
}

// Check reads all of an archive as if to import it, and stores nothing: each
// row and file is looked at, and compared with what the manifest says. What is
// wrong is Refused, the first of it.
func (a *Archive) Check(ctx context.Context, d *db.DB, progress Progress) (err error) {
	defer fault.Wrap(&err, "archive.Check")
	tables, err := a.match(ctx, d)
	if err != nil {
		return err
	}
	used := map[string]bool{}
	done, all := int64(0), a.Rows()
	for _, t := range tables {
		progress.tell(t.Name, done, all)
		digest := db.NewDigester(t.columns)
		for row, err := range a.rows(ctx, t, used) {
			if err != nil {
				return err
			}
			if done++; done%1000 == 0 {
				progress.tell(t.Name, done, all)
			}
			if err := digest.Add(row); err != nil {
				return err
			}
		}
		if digest.Digest() != t.said.digest() {
			return refuse(jsonName(t.Name), "its rows aren't those that the manifest counted: something was changed or cut off since")
		}
	}
	if len(used) != a.Files {
		return refuse("", "it holds %d files that no row asks for", a.Files-len(used))
	}
	return nil
}

// match finds the archive's tables among the store's, in the order in which
// they can be written.
func (a *Archive) match(ctx context.Context, d *db.DB) (all []checked, err error) {
	if known := db.Schema(); a.Schema > known {
		return nil, refuse(manifestName, "a newer commonweal wrote it (tables of version %d, and this one knows %d): update this one first", a.Schema, known)
	}
	scope, err := scope(ctx, d, Whole)
	if err != nil {
		return nil, err
	}
	said := map[string]Table{}
	for _, t := range a.Tables {
		said[t.Name] = t
	}
	for _, s := range scope {
		t, ok := said[s.Name]
		if !ok {
			continue // of a version before this table, or a copy for stewards
		}
		delete(said, s.Name)
		c := checked{scoped: s, said: t}
		if c.columns, err = matchColumns(s, t); err != nil {
			return nil, err
		}
		c.at = place(c.columns, s.by)
		all = append(all, c)
	}
	if left := slices.Sorted(maps.Keys(said)); len(left) > 0 {
		return nil, refuse(manifestName, "this commonweal takes no table %s from an archive", left[0])
	}
	if len(all) == 0 || !slices.ContainsFunc(all, func(c checked) bool { return c.Name == "initiative" }) {
		return nil, refuse(manifestName, "there is no initiative in it")
	}
	return all, nil
}

// matchColumns gives the store's own columns for those of the archive.
func matchColumns(s scoped, t Table) (columns []db.Column, err error) {
	at := "table " + s.Name
	for _, c := range t.Columns {
		i := place(s.Columns, c.Name)
		switch {
		case i < 0:
			return nil, refuse(at, "this commonweal knows no column %.60q", c.Name)
		case s.Columns[i].Type != c.Type:
			return nil, refuse(at, "column %s is %.40q in the archive, and %s here", c.Name, c.Type, s.Columns[i].Type)
		case len(columns) > 0 && columns[len(columns)-1].Name == c.Name:
			return nil, refuse(at, "column %s is named twice", c.Name)
		}
		columns = append(columns, s.Columns[i])
	}
	for _, c := range s.Columns {
		if !c.Optional && place(columns, c.Name) < 0 {
			return nil, refuse(at, "column %s is missing: an older commonweal wrote the archive; "+
				"import it into that version, update, and export again", c.Name)
		}
	}
	return columns, nil
}

// rows are a table's rows as they go into the store, each the same initiative's.
// Used gathers the files that they ask for.
func (a *Archive) rows(ctx context.Context, t checked, used map[string]bool) iter.Seq2[[]any, error] {
	file := func(name string) ([]byte, error) {
		used[name] = true
		return a.file(name)
	}
	return func(yield func([]any, error) bool) {
		err := a.eachLine(t.Name, func(n int, line []byte) error {
			if err := context.Cause(ctx); err != nil {
				return err
			}
			row, err := a.row(t, line, file)
			if err != nil {
				return refuseLine(t.Name, n, err)
			}
			if !yield(row, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// row reads one line, and refuses what isn't this initiative's or never travels.
func (a *Archive) row(t checked, line []byte, file func(string) ([]byte, error)) ([]any, error) {
	row, err := readRow(line, t.columns, file)
	switch {
	case err != nil:
		return nil, err
	case row[t.at] != a.Initiative.ID:
		return nil, errors.New("the row is another initiative's")
	case !travels(t.Name, t.columns, row):
		return nil, errors.New("such a row is in no archive: " + partly[t.Name].why)
	}
	return row, nil
}

func refuseLine(table string, n int, err error) error {
	if already, ok := errors.AsType[*Refused](err); ok {
		return already
	}
	return refuse(fmt.Sprintf("%s, line %d", jsonName(table), n), "%v", err)
}
