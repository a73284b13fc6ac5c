package archive

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
)

// Options are how an archive is written.
type Options struct {
	Copy     Copy      // "" is Whole
	MadeAt   time.Time // what the manifest says
	Build    string    // likewise
	Progress Progress  // nil is nobody
}

// Write writes an initiative's archive: everything as it is at one moment,
// whoever writes meanwhile, one row in memory at a time. Who may is the
// caller's to ask; see Service. An error leaves a zip without an end, which no
// program opens. Faults: NotFound.
func Write(ctx context.Context, d *db.DB, in string, w io.Writer, o Options) (m Manifest, err error) {
	defer fault.Wrap(&err, "archive.Write of %s", in)
	if o.Copy == "" {
		o.Copy = Whole
	}
	tables, err := scope(ctx, d, o.Copy)
	if err != nil {
		return Manifest{}, err
	}
	out := &writer{Options: o, ctx: ctx, zip: zip.NewWriter(w), in: in, tables: tables}
	err = d.Snapshot(ctx, func(q db.Querier) error {
		out.q = q
		return out.all()
	})
	return out.manifest, err
}

// writer is an archive under way.
type writer struct {
	Options
	ctx      context.Context //nolint:containedctx // of the one call that it lives for
	q        db.Querier
	zip      *zip.Writer
	in       string
	tables   []scoped
	manifest Manifest
	files    map[string]bool
	done     int64
}

func (w *writer) all() error {
	in, err := initiative.Get(w.ctx, w.q, w.in)
	if err != nil {
		return err
	}
	w.manifest = Manifest{
		Format: format, Copy: w.Copy, Schema: db.Schema(), Build: w.Build, MadeAt: w.MadeAt.UTC(),
		Initiative: Initiative{ID: in.ID, Slug: in.Slug, Name: in.Name},
		LeftOut:    leftOutOf(w.Copy), Withheld: withheldFrom(w.Copy),
	}
	w.files = map[string]bool{}
	if err := w.readme(in); err != nil {
		return err
	}
	for _, t := range w.tables {
		if err := w.table(t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	w.manifest.Files = len(w.files)
	entry, err := w.create(manifestName, zip.Deflate)
	if err != nil {
		return err
	}
	if err := writeManifest(entry, w.manifest); err != nil {
		return err
	}
	return w.zip.Close()
}

func (w *writer) create(name string, method uint16) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: w.manifest.MadeAt})
}

// table writes a table's rows three times: as JSON, as CSV, and what files they
// hold. Read again is slower and needs no room.
func (w *writer) table(t scoped) error {
	if err := w.rows(t); err != nil {
		return err
	}
	if err := w.sheet(t); err != nil {
		return err
	}
	return w.blobs(t)
}

// each gives the rows of a table that travel, as they travel.
func (w *writer) each(t scoped, give func(row []any) error) error {
	return t.Each(w.ctx, w.q, t.Columns, t.by, w.in, func(row []any) error {
		if !travels(t.Name, t.Columns, row) {
			return nil
		}
		if t.blank != nil {
			t.blank(row)
		}
		common(row)
		return give(row)
	})
}

func (w *writer) rows(t scoped) error {
	entry, err := w.create(jsonName(t.Name), zip.Deflate)
	if err != nil {
		return err
	}
	lines, digest := newRowWriter(t.Columns), db.NewDigester(t.Columns)
	if err := w.each(t, func(row []any) error {
		if err := digest.Add(row); err != nil {
			return err
		}
		line, err := lines.write(row)
		if err != nil {
			return err
		}
		if w.done++; w.done%1000 == 0 {
			w.Progress.tell(t.Name, w.done, 0)
		}
		_, err = entry.Write(line)
		return err
	}); err != nil {
		return err
	}
	sum := digest.Digest()
	w.manifest.Tables = append(w.manifest.Tables, Table{Name: t.Name, Columns: named(t.Columns), Rows: sum.Rows, Sum: sum.Sum})
	return nil
}

func named(columns []db.Column) (all []Column) {
	for _, c := range columns {
		all = append(all, Column{Name: c.Name, Type: c.Type})
	}
	return all
}

// readme says in each of the initiative's languages what this is.
func (w *writer) readme(in initiative.Initiative) error {
	entry, err := w.create(readmeName, zip.Deflate)
	if err != nil {
		return err
	}
	for _, lang := range in.Langs {
		words := i18n.In(lang)
		if _, err := fmt.Fprintf(entry, "%s\n\n%s\n\n%s\n\n%s\n\n\n",
			in.Name, words.T("archive.readme.what"), words.T("archive.readme.inside"), words.T("archive.readme.care")); err != nil {
			return err
		}
	}
	return nil
}

// sheet writes the table for people, who open it with a spreadsheet program.
func (w *writer) sheet(t scoped) error {
	entry, err := w.create(csvName(t.Name), zip.Deflate)
	if err != nil {
		return err
	}
	header := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = c.Name
	}
	return sheet.WriteCSV(entry, sheet.Table{Name: t.Name, Header: header, Rows: w.cells(t)})
}

// cells are a table's rows for a sheet, one at a time.
func (w *writer) cells(t scoped) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		line := make([]string, len(t.Columns))
		err := w.each(t, func(row []any) error {
			for i, v := range row {
				line[i] = cell(v)
			}
			if !yield(line, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// errEnough ends a reading whose reader has enough.
var errEnough = errors.New("archive: enough")

// blobs writes the files that a table holds, each once.
func (w *writer) blobs(t scoped) error {
	var at []int
	for i, c := range t.Columns {
		if c.Type == "bytea" {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	return w.each(t, func(row []any) error {
		for _, i := range at {
			b, ok := row[i].([]byte)
			if !ok {
				continue // null
			}
			if err := w.file(b); err != nil {
				return err
			}
		}
		return nil
	})
}

// file writes a file as it is: pictures don't get smaller.
func (w *writer) file(b []byte) error {
	name := fileName(b)
	if w.files[name] {
		return nil
	}
	w.files[name] = true
	entry, err := w.create(filesFolder+name, zip.Store)
	if err != nil {
		return err
	}
	_, err = entry.Write(b)
	return err
}
