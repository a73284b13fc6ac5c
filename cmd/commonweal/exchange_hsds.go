package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"commonweal/internal/exchange/hsds"
)

// directory brings in a directory of services from a file.
func (c importCommand) directory(ctx context.Context, t terminal, h *house, f io.ReaderAt, size int64) error {
	p, err := hsds.Read(ctx, filepath.Base(c.File), f, size, hsds.Usual)
	if err != nil {
		return err
	}
	return c.services(ctx, t, h, p)
}

// folder brings one in from a folder: what a tabular data package is.
func (c importCommand) folder(ctx context.Context, t terminal, h *house) error {
	p, err := hsds.ReadDir(ctx, os.DirFS(c.File), hsds.Usual)
	if err != nil {
		return err
	}
	return c.services(ctx, t, h, p)
}

func (c importCommand) services(ctx context.Context, t terminal, h *house, p hsds.Package) error {
	in, who, err := c.into(ctx, h)
	if err != nil {
		return err
	}
	o := hsds.Options{Name: filepath.Base(c.File), Draft: c.Draft}
	t.say("A directory of services, HSDS %s: %d rows.", p.Version, p.Rows())
	if !c.does() {
		plan, err := h.directories.DryRun(ctx, who, in.ID, p, o)
		if err != nil {
			return err
		}
		for _, row := range plan.Planned {
			fields := ""
			if len(row.Fields) > 0 {
				fields = " (" + strings.Join(row.Fields, ", ") + ")"
			}
			t.say("%s, row %d: %s: %s%s", row.Table, row.Line, english.T("import.act."+string(row.Act)), row.Title, fields)
		}
		sayPlan(t, plan, "import.will.")
		t.say("Nothing was stored. Add --yes to do it.")
		return nil
	}
	b, plan, err := h.directories.Import(ctx, who, in.ID, p, o)
	if err != nil {
		return err
	}
	sayPlan(t, plan, "import.did.")
	if b.ID == "" {
		return nil
	}
	t.say("Batch %s. To take it back: commonweal import --undo %s --into %s --yes", b.ID, b.ID, c.Into)
	return nil
}

func sayPlan(t terminal, plan hsds.Plan, key string) {
	for _, w := range plan.Warnings {
		t.say("look: %s", english.Say(w.Message))
	}
	for _, table := range sorted(plan.Counts) {
		if words := countsOf(plan.Counts[table], key); words != "" {
			t.say("%s: %s", table, words)
		}
	}
}

// writeServices writes an initiative's services, as everybody may see them: to
// a zip, or into a new folder.
func (c exportCommand) writeServices(ctx context.Context, t terminal, h *house) error {
	in, err := h.bySlug(ctx, c.Initiative)
	if err != nil {
		return err
	}
	p, err := h.directories.Export(ctx, itself(in.ID), in.ID)
	if err != nil {
		return err
	}
	write := hsds.WriteTabular
	if c.JSON {
		write = hsds.WriteJSON
	}
	if strings.EqualFold(filepath.Ext(c.File), ".zip") {
		err = writeNew(c.File, func(w io.Writer) error {
			z := zip.NewWriter(w)
			return errors.Join(write(ctx, p, z.Create), z.Close())
		})
	} else {
		err = writeFolder(c.File, func(create hsds.Create) error { return write(ctx, p, create) })
	}
	if err != nil {
		return err
	}
	t.say("%s: the services of %s, HSDS 3.0, %d rows.", c.File, in.Name, p.Rows())
	return nil
}

// writeFolder writes files into a folder that isn't there yet, one after the
// other.
func writeFolder(path string, write func(create hsds.Create) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		return fmt.Errorf("%s: give a folder that isn't there yet: %w", path, err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return err
	}
	var last *os.File
	done := func() error {
		if last == nil {
			return nil
		}
		return last.Close()
	}
	err = write(func(name string) (io.Writer, error) {
		if err := done(); err != nil {
			return nil, err
		}
		if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return nil, err
		}
		last, err = root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		return last, err
	})
	return errors.Join(err, done(), root.Close())
}
