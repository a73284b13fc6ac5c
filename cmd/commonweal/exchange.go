package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/backup"
	"commonweal/internal/exchange/archive"
	"commonweal/internal/fault"
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
	File       string `arg:"" help:"What to write: NAME.zip is everything, for another commonweal and for people; NAME.xlsx and NAME.csv are tables." type:"path"`
	As         string `help:"Which table: contacts, households or partners. A workbook has all of them." enum:",contacts,households,partners" default:"" placeholder:"TABLE"`
	HSDS       bool   `help:"Write its services alone, as a directory that others read (HSDS 3.0): into a zip, or a new folder." name:"hsds"`
	JSON       bool   `help:"With --hsds: as JSON, rather than tables." name:"json"`
}

// Help is what --help says beside the flags.
func (exportCommand) Help() string {
	return `A .zip is the whole initiative as it is at one moment: every row as JSON (and as CSV, for spreadsheet programs) and its files. Accounts, sign-ins and letters aren't part of it; manifest.json in it says what isn't, and why. Another commonweal, on SQLite or PostgreSQL, reads it to an equal state: commonweal import NAME.zip --yes

It tells about real people. It is written so that only you can read it; keep it so. That it was taken is noted, and everybody in it reads so.

A workbook (.xlsx) or a table (.csv, with --as) has people, households and partners, so that import reads them again. That they were taken is noted in the same way.

With --hsds it is what everybody may see anyway: organizations, services, places and hours.

  commonweal export riverside riverside.zip --data /srv/commonweal
  commonweal export riverside people.csv --as contacts
  commonweal export riverside services.zip --hsds`
}

// Run writes an initiative to a file, which must not be there yet.
func (c exportCommand) Run(ctx context.Context, t terminal) (err error) {
	kind := strings.ToLower(filepath.Ext(c.File))
	switch {
	case c.HSDS:
	case kind == ".csv" && c.As == "":
		return errors.New("a .csv holds one table: say which, with --as contacts, households or partners")
	case !slices.Contains([]string{".zip", ".csv", ".xlsx"}, kind):
		return fmt.Errorf("%s: give a name that ends in .zip, .xlsx or .csv", c.File)
	}
	h, err := c.existing(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	switch {
	case c.HSDS:
		return inWords(c.writeServices(ctx, t, h))
	case kind == ".zip":
		return c.writeArchive(ctx, t, h)
	}
	return c.writeTables(ctx, t, h, kind == ".csv")
}

func (c exportCommand) writeArchive(ctx context.Context, t terminal, h *house) error {
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

// itself is the server as one that may do what stewards may: it acts as nobody,
// and the record says so.
func itself(initiative string) access.Actor {
	return access.Actor{Memberships: []access.Membership{{Initiative: initiative, Kind: access.Steward}}}
}

// bySlug finds an initiative for a command.
func (h *house) bySlug(ctx context.Context, slug string) (initiative.Initiative, error) {
	in, _, err := h.initiatives.BySlug(ctx, slug)
	if fault.Is(err, fault.NotFound) {
		return in, fmt.Errorf("there is no initiative %q here", slug)
	}
	if err != nil {
		return in, err
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
	File   string `arg:"" optional:"" help:"What to bring in: an archive (.zip), a table or workbook (.csv, .xlsx), or a directory of services (HSDS: .zip, .json or a folder)." type:"path"`
	Into   string `help:"The initiative that it goes into, by the name in its address. Not for archives." placeholder:"SLUG"`
	As     string `help:"What it is, where that can't be told: archive, hsds, partners, contacts, households or conversations." enum:",archive,hsds,partners,contacts,households,conversations" default:"" placeholder:"KIND"`
	DryRun bool   `help:"Say row by row what would happen, and do nothing."`
	Yes    bool   `help:"Do it. Without this the command only says what it would do."`
	Undo   string `help:"Take back what came in with this batch; with --into." placeholder:"BATCH"`

	Column map[string]string `help:"A table's column goes here: 'Full name=name'. Empty keeps its words beside the record, - leaves it out." placeholder:"HEADING=FIELD"`
	Days   string            `help:"How days such as 3/4/2026 are written: day-first or month-first." enum:",day-first,month-first" default:"" placeholder:"ORDER"`
	Answer map[string]string `help:"What is asked once of a table, such as agreed=yes; the command says what is." placeholder:"QUESTION=ANSWER"`
	Alike  string            `help:"Rows that look like somebody who is here are: same, new or skip." enum:",same,new,skip" default:"" placeholder:"DECISION"`
	Draft  bool              `help:"Organizations of a directory stay drafts, rather than shown to everybody."`

	Slug     string `help:"An archive's initiative gets this address here, where its own is taken." placeholder:"NAME"`
	Erasures string `help:"A store or a folder of backups that knows who was erased since an archive was made (default: the backups in the data folder)." type:"path" placeholder:"PATH"`
	BaseURL  string `help:"What people type to get here, such as https://example.org: for the first steward's link." env:"COMMONWEAL_BASE_URL" placeholder:"URL"`
}

// Help is what --help says beside the flags.
func (importCommand) Help() string {
	return `Everything in a file is checked before anything is stored, and comes in whole or not at all. Without --yes the command says what would happen, row by row, and does nothing.

A table or a workbook adds partners, contacts, households or conversations to an initiative. What each column is, is guessed and shown. A directory of services (HSDS 3.0, 3.1, 1.1, or the CSV files of Ohana) adds organizations, services and places. Both give a batch, which --undo takes back: what somebody has worked on since stays, and is listed.

An archive becomes an initiative of this server, equal to what was exported, on either database. It never overwrites one that is here. Whoever was erased since it was made is erased again, where this server knows of it. Nobody has an account in it yet: a link that works once lets its first steward in, who invites the others.

  commonweal import partners.xlsx --into riverside                 # what would happen
  commonweal import partners.xlsx --into riverside --yes           # do it
  commonweal import --undo BATCH --into riverside --yes            # take it back
  commonweal import county-services.zip --into riverside --yes
  commonweal import riverside.zip --base-url https://example.org --yes`
}

// Run brings a file in, or takes one back.
func (c importCommand) Run(ctx context.Context, t terminal) (err error) {
	if (c.File == "") == (c.Undo == "") {
		return errors.New("give a file to bring in, or a batch to take back with --undo")
	}
	h, err := c.house(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if c.Undo != "" {
		return inWords(c.undo(ctx, t, h))
	}
	info, err := os.Stat(c.File)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no file %s", c.File)
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		return inWords(c.folder(ctx, t, h))
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	return inWords(c.file(ctx, t, h, f, info.Size()))
}

// house opens the store: a new one only where an archive may found it.
func (c importCommand) house(ctx context.Context, t terminal) (*house, error) {
	if c.Into != "" || c.Undo != "" {
		return c.existing(ctx, t)
	}
	return c.open(ctx, t)
}

// file brings in one file, as what it is.
func (c importCommand) file(ctx context.Context, t terminal, h *house, f io.ReaderAt, size int64) error {
	switch kind := c.kind(f, size); kind {
	case "archive":
		return c.archive(ctx, t, h, f, size)
	case "hsds":
		return c.directory(ctx, t, h, f, size)
	case "":
		return fmt.Errorf("%s: is it a table (.csv, .xlsx), a directory of services (.json, .zip) or an archive (.zip)? Say so with --as", c.File)
	default:
		return c.tables(ctx, t, h, f, size)
	}
}

// kind is what a file is, by what was said, by its name, or by what is in it.
func (c importCommand) kind(f io.ReaderAt, size int64) string {
	if c.As != "" {
		return c.As
	}
	switch strings.ToLower(filepath.Ext(c.File)) {
	case ".csv", ".tsv", ".txt", ".xlsx", ".xlsm":
		return "tables"
	case ".json":
		return "hsds"
	case ".zip":
		if archive.Looks(f, size) {
			return "archive"
		}
		return "hsds"
	}
	return ""
}

// into finds the initiative that a file goes into, and who brings it.
func (c importCommand) into(ctx context.Context, h *house) (initiative.Initiative, access.Actor, error) {
	if c.Into == "" {
		return initiative.Initiative{}, access.Actor{}, errors.New("say which initiative it goes into, with --into SLUG")
	}
	in, err := h.bySlug(ctx, c.Into)
	return in, itself(in.ID), err
}

// does says whether anything is to be done.
func (c importCommand) does() bool { return c.Yes && !c.DryRun }

func (c importCommand) archive(ctx context.Context, t terminal, h *house, f io.ReaderAt, size int64) error {
	a, err := archive.Open(f, size)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	t.say("%s %s (/i/%s), as it was at %s.", copies[a.Manifest.Copy], a.Initiative.Name, a.Initiative.Slug, a.MadeAt.Format("2006-01-02 15:04 MST"))
	for _, table := range a.Tables {
		if table.Rows > 0 {
			t.say("%8d  %s", table.Rows, table.Name)
		}
	}
	erased, err := c.erasures(ctx, h)
	if err != nil {
		return err
	}
	p := t.progress()
	loaded, err := h.archives.Import(ctx, f, size, archive.How{Slug: c.Slug, Erased: erased, Try: !c.does(), Progress: p.tell})
	p.end()
	if no, ok := errors.AsType[*archive.Refused](err); ok {
		err = no // in its own words, without what the program was doing
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
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
