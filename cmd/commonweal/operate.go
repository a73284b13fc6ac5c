package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/backup"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/mail"
	"commonweal/internal/notice"
	"commonweal/internal/people"
)

// open builds the house for a command that does one thing and ends.
func (s store) open(ctx context.Context, t terminal) (*house, error) {
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return nil, err
	}
	return build(ctx, plan{
		url: s.url(), data: s.Data, base: "http://localhost", now: clock.System,
		log: slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
}

// existing is open for commands that have nothing to do without a store, and
// shouldn't make an empty one where somebody mistyped the folder.
func (s store) existing(ctx context.Context, t terminal) (*house, error) {
	if s.Database == "" {
		if _, err := os.Stat(s.url()); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no store at %s: say where it is with --data, or start one with: commonweal serve", s.url())
		}
	}
	return s.open(ctx, t)
}

type migrateCommand struct{ store }

// Run brings the tables up to date.
func (c migrateCommand) Run(ctx context.Context, t terminal) error {
	h, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	t.say("The tables at %s are those of this version.", c.shown())
	return h.close()
}

// shown is where the records are, without a password.
func (s store) shown() string {
	if at := strings.LastIndex(s.Database, "@"); at >= 0 {
		return "postgres://…" + s.Database[at:]
	}
	return s.url()
}

type backupCommand struct{ store }

// Run makes a backup now.
func (c backupCommand) Run(ctx context.Context, t terminal) (err error) {
	h, err := c.existing(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	key, isNew, err := backup.Key(h.keyPath())
	if err != nil {
		return err
	}
	if isNew {
		t.say("A new key opens the backups: %s\nKeep a copy of it away from this machine. Without it no backup can be read.", h.keyPath())
	}
	maker := h.maker(key)
	maker.Step = func(doing string) { t.say("… %s", doing) }
	made, err := maker.Make(ctx)
	if errors.Is(err, errors.ErrUnsupported) {
		return errors.New("PostgreSQL has its own tools for this: see docs/operate.md, \"Backups\"")
	}
	if err != nil {
		return err
	}
	t.say("%s\n%d rows in %d tables, %d KB, restored and compared.", made.Path, made.Rows(), len(made.Tables), (made.Bytes+1023)/1024)
	return nil
}

type restoreCommand struct {
	store
	File     string `arg:"" help:"The backup." type:"existingfile"`
	Key      string `help:"The key file (default: backup.key in the data folder)." type:"path" placeholder:"FILE"`
	Erasures string `help:"A store or a folder of backups that knows who was erased since (default: the folder of the backup)." type:"path" placeholder:"PATH"`
}

// Run brings a backup back into the data folder.
func (c restoreCommand) Run(ctx context.Context, t terminal) (err error) {
	if c.Database != "" {
		return errors.New("a backup file comes back as a file: leave --database away")
	}
	key, err := backup.ReadKey(c.keyFile())
	if err != nil {
		return err
	}
	erased, err := c.erasures(ctx)
	if err != nil {
		return err
	}
	t.say("… restoring beside, and comparing")
	m, err := backup.Restore(ctx, c.File, key, c.url())
	if err != nil {
		return err
	}
	h, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	n, err := h.people.ReplayErasures(ctx, erased)
	if err != nil {
		return fmt.Errorf("the store is back at %s, but not everyone who was erased since is erased again; don't serve it yet: %w", c.url(), err)
	}
	t.say("%s is back as it was at %s: %d rows in %d tables, equal to the backup.", c.url(), m.MadeAt.Format(time.RFC3339), m.Rows(), len(m.Tables))
	t.say("Erased again, because they were erased since: %d.", n)
	letters, notices, err := h.hold(ctx)
	if err != nil {
		return fmt.Errorf("the store is back at %s, but what was on its way to people would be sent again; don't serve it yet: %w", c.url(), err)
	}
	t.say("Not sent again, because some of it went out since: %d letters, which wait in the outbox for somebody to pass on, and %d notices, which stand on people's pages.", letters, notices)
	if len(erased) == 0 {
		t.say("No list of erasures with anybody in it came with this backup. If somebody was erased since, don't serve it yet: restore into an empty folder, with --erasures.")
	}
	return nil
}

// hold keeps what was on its way when a backup was made from going out again.
func (h *house) hold(ctx context.Context) (letters, notices int64, err error) {
	err = h.db.Tx(ctx, func(q db.Querier) error {
		if letters, err = mail.Hold(ctx, q); err != nil {
			return err
		}
		notices, err = notice.Hold(ctx, q)
		return err
	})
	return letters, notices, err
}

func (c restoreCommand) keyFile() string {
	if c.Key != "" {
		return c.Key
	}
	return filepath.Join(c.Data, "backup.key")
}

type verifyCommand struct {
	store
	File string   `arg:"" optional:"" help:"A backup; without it the store's audit chain and structure are checked." type:"existingfile"`
	Key  string   `help:"The key file, for a backup (default: backup.key in the data folder)." type:"path" placeholder:"FILE"`
	Head []string `help:"A chain head that you noted earlier: a tail that was cut off shows only against it." placeholder:"HEAD"`
}

// Run checks a backup, or the store.
func (c verifyCommand) Run(ctx context.Context, t terminal) error {
	if c.File == "" {
		return c.verifyStore(ctx, t)
	}
	key, err := backup.ReadKey(restoreCommand{store: c.store, Key: c.Key}.keyFile())
	if err != nil {
		return err
	}
	m, err := backup.Verify(ctx, c.File, key)
	if err != nil {
		return err
	}
	t.say("%s: restored and compared, %d rows in %d tables, made %s.", filepath.Base(c.File), m.Rows(), len(m.Tables), m.MadeAt.Format(time.RFC3339))
	return nil
}

func (c verifyCommand) verifyStore(ctx context.Context, t terminal) (err error) {
	known, err := parseHeads(c.Head)
	if err != nil {
		return err
	}
	h, err := c.existing(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.db.Check(ctx); err != nil {
		return fmt.Errorf("the store's structure: %w", err)
	}
	report, err := audit.Verify(ctx, h.db.Read(), known...)
	if err != nil {
		return err
	}
	t.say("The record of who did what: %d entries sealed, %d wait for their seal.", report.Sealed, report.Unsealed)
	for _, head := range report.Heads {
		t.say("head %s", head)
	}
	for _, b := range report.Breaks {
		t.say("%s: initiative %q, entry %d", b.Problem, b.Initiative, b.Seq)
	}
	if !report.OK() {
		return errors.New("the record was altered: see the entries above, and docs/operate.md, \"When the chain is broken\"")
	}
	return nil
}

func parseHeads(texts []string) (heads []audit.Head, err error) {
	for _, text := range texts {
		head, err := audit.ParseHead(text)
		if err != nil {
			return nil, fmt.Errorf("--head %s: %w", text, err)
		}
		heads = append(heads, head)
	}
	return heads, nil
}

type eraseCommand struct {
	store
	Initiative string `arg:"" help:"The initiative's name in its address."`
	Person     string `arg:"" help:"The person's id, as on their page."`
	Yes        bool   `help:"Do it. Without this the command only says what it would do."`
}

// Run erases one person, for whoever runs the server.
func (c eraseCommand) Run(ctx context.Context, t terminal) (err error) {
	h, err := c.existing(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	in, err := h.bySlug(ctx, c.Initiative)
	if err != nil {
		return err
	}
	if !c.Yes {
		t.say("This would erase every word and contact of %s in %s. Counts stay. It can't be undone.\nAdd --yes to do it.", c.Person, in.Name)
		return nil
	}
	// The server itself acts here, with a steward's rights; the record says so.
	itself := access.Actor{Memberships: []access.Membership{{Initiative: in.ID, Person: "server", Kind: access.Steward}}}
	if err := h.people.Erase(ctx, itself, in.ID, c.Person); err != nil {
		return err
	}
	t.say("Erased. Backups that still hold them are gone after 35 days; a restore erases them again.")
	return h.maker(nil).Journal(ctx)
}

// readHealth says whether the store can be read and written.
func (h *house) health(ctx context.Context) (read, write error) {
	_, read = db.One(ctx, h.db.Read(), db.Value[int], `select 1`)
	return read, h.db.Health(ctx)
}

// erasures gathers who was erased since: from the store that is being replaced,
// or from the journal beside the backup.
func (c restoreCommand) erasures(ctx context.Context) ([]people.Erasure, error) {
	from := c.Erasures
	if from == "" {
		from = filepath.Dir(c.File)
	}
	if info, err := os.Stat(from); err == nil && !info.IsDir() {
		return backup.Live(ctx, from)
	}
	return backup.ReadJournal(from)
}
