package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"commonweal/internal/backup"
	"commonweal/internal/exchange/archive"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
)

// copies are how a terminal names an archive's kind.
var copies = map[archive.Copy]string{
	archive.Whole:    "A whole copy of",
	archive.Stewards: "What stewards may read of",
}

type exportCommand struct {
	store
	Initiative string `arg:"" help:"The initiative's name in its address."`
	File       string `arg:"" help:"What to write: NAME.zip holds everything, for another commonweal and for people." type:"path"`
}

// Help is what --help says beside the flags.
func (exportCommand) Help() string {
	return `A .zip is the whole initiative as it is at one moment: every row as JSON (and as CSV, for spreadsheet programs) and its files. Accounts, sign-ins and letters aren't part of it; manifest.json in it says what isn't, and why. Another commonweal, on SQLite or PostgreSQL, reads it to an equal state: commonweal import NAME.zip --yes

It tells about real people. It is written so that only you can read it; keep it so. Who took it is noted, and everybody in it reads that it was taken.

  commonweal export riverside riverside.zip --data /srv/commonweal`
}

// Run writes an initiative to a file, which must not be there yet.
func (c exportCommand) Run(ctx context.Context, t terminal) (err error) {
	if strings.ToLower(filepath.Ext(c.File)) != ".zip" {
		return fmt.Errorf("%s: give a name that ends in .zip", c.File)
	}
	h, err := c.existing(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	in, err := h.bySlug(ctx, c.Initiative)
	if err != nil {
		return err
	}
	return writeNew(c.File, func(w io.Writer) error {
		p := t.progress()
		m, err := h.archives.Export(ctx, in.ID, w, p.tell)
		p.end()
		if err != nil {
			return err
		}
		t.say("%s: %s as it is now, %d rows in %d tables, %d files.", c.File, in.Name, m.Rows(), len(m.Tables), m.Files)
		return nil
	})
}

// bySlug finds an initiative for a command.
func (h *house) bySlug(ctx context.Context, slug string) (initiative.Initiative, error) {
	in, _, err := h.initiatives.BySlug(ctx, slug)
	if err != nil {
		return in, fmt.Errorf("there is no initiative %q here: %w", slug, err)
	}
	return in, nil
}

// writeNew writes a file that only its owner reads and that never takes
// another's place. What fails leaves none.
func writeNew(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already: nothing is overwritten", path)
	}
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		return errors.Join(err, f.Close(), os.Remove(path))
	}
	return errors.Join(f.Sync(), f.Close())
}

type importCommand struct {
	store
	File     string `arg:"" help:"What to bring in: an archive that export wrote (NAME.zip)." type:"existingfile"`
	DryRun   bool   `help:"Say what would happen, and do nothing."`
	Yes      bool   `help:"Do it. Without this the command only says what it would do."`
	Slug     string `help:"An archive's initiative gets this address here, where its own is taken." placeholder:"NAME"`
	Erasures string `help:"A store or a folder of backups that knows who was erased since an archive was made (default: the backups in the data folder)." type:"path" placeholder:"PATH"`
	BaseURL  string `help:"What people type to get here, such as https://example.org: for the first steward's link." env:"COMMONWEAL_BASE_URL" placeholder:"URL"`
}

// Help is what --help says beside the flags.
func (importCommand) Help() string {
	return `Everything in a file is checked before anything is stored, and comes in whole or not at all.

An archive becomes an initiative of this server, equal to what was exported, on either database. It never overwrites one that is here. Whoever was erased since it was made is erased again, where this server knows of it. Nobody has an account in it yet: a link that works once lets its first steward in, who invites the others.

  commonweal import riverside.zip --data /srv/commonweal          # what would happen
  commonweal import riverside.zip --data /srv/commonweal --yes    # do it`
}

// Run brings a file in.
func (c importCommand) Run(ctx context.Context, t terminal) (err error) {
	h, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return c.archive(ctx, t, h, f, info.Size())
}

// does says whether anything is to be done.
func (c importCommand) does() bool { return c.Yes && !c.DryRun }

func (c importCommand) archive(ctx context.Context, t terminal, h *house, f io.ReaderAt, size int64) error {
	a, err := archive.Open(f, size)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	t.say("%s %s (/i/%s), as it was at %s.", copies[a.Manifest.Copy], a.Initiative.Name, a.Initiative.Slug, a.MadeAt.Format("2006-01-02 15:04 MST"))
	erased, err := c.erasures(ctx, h)
	if err != nil {
		return err
	}
	p := t.progress()
	loaded, err := h.archives.Import(ctx, f, size, archive.How{Slug: c.Slug, Erased: erased, Try: !c.does(), Progress: p.tell})
	p.end()
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	for _, table := range a.Tables {
		if table.Rows > 0 {
			t.say("%8d  %s", table.Rows, table.Name)
		}
	}
	c.sayLoaded(t, loaded, len(a.Tables), len(erased))
	return nil
}

// sayLoaded says what an archive became, or would.
func (c importCommand) sayLoaded(t terminal, l archive.Loaded, tables, known int) {
	verb := "came in"
	if !c.does() {
		verb = "would come in"
	}
	t.say("%s %s as /i/%s: %d rows in %d tables, equal to the archive.", l.Initiative.Name, verb, l.Initiative.Slug, l.Rows, tables)
	t.say("Erased again, because they were erased since: %d.", l.Erased)
	if known == 0 {
		t.say("This server knows of no erasures. If somebody was erased since the archive was made, give the list with --erasures.")
	}
	if l.Held > 0 {
		t.say("Not mailed again, because the other server may have: %d notices, which stand on people's pages.", l.Held)
	}
	if len(l.Lost) > 0 {
		t.say("Earlier addresses that are another initiative's here: %s.", strings.Join(l.Lost, ", "))
	}
	switch {
	case !c.does():
		t.say("Nothing was stored. Add --yes to do it.")
	case l.Steward == "":
		t.say("It has no steward: whoever runs this server invites one, on the server's page.")
	default:
		t.say("Nobody has an account in it yet. This link lets %s in as its steward; it works once, for 30 days:\n\n  %s%s\n\nor the code %s at %s/claim.",
			l.Steward, strings.TrimSuffix(c.BaseURL, "/"), l.Keys.Path, l.Keys.Code, strings.TrimSuffix(c.BaseURL, "/"))
	}
}

// erasures gathers who was erased, from where it was said or from beside the
// backups. What the store's own journal holds is found without it.
func (c importCommand) erasures(ctx context.Context, h *house) ([]people.Erasure, error) {
	from := c.Erasures
	if from == "" {
		from = h.backupsDir()
	}
	if info, err := os.Stat(from); err == nil && !info.IsDir() {
		return backup.Live(ctx, from)
	}
	return backup.ReadJournal(from)
}
