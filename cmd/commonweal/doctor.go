package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"commonweal/internal/backup"
	"commonweal/internal/jobs"
	"commonweal/internal/mail"
)

type doctorCommand struct {
	store
	listening
	SMTP string `help:"The mail server to look at; nothing is sent." env:"COMMONWEAL_SMTP" placeholder:"URL"`
}

// finding is one thing that was looked at.
type finding struct {
	what string
	well bool
	says string // what is so, and what to do when it isn't well
}

// oldBackup is when a backup is too old to be of much use: hourly is the promise.
const oldBackup = 26 * time.Hour

// Run looks for what would hurt later. It changes nothing but the tables, which
// it brings up to date. The exit status is 1 when something needs looking after.
func (c doctorCommand) Run(ctx context.Context, t terminal) (err error) {
	h, err := c.existing(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	findings := []finding{c.address(), c.key(h)}
	for _, look := range []func(context.Context, *house) (finding, error){c.structure, c.backups, c.mail, c.waiting} {
		f, err := look(ctx, h)
		if err != nil {
			return err
		}
		findings = append(findings, f)
	}
	ill := 0
	for _, f := range findings {
		sign := "well"
		if !f.well {
			sign, ill = "LOOK", ill+1
		}
		t.say("%-5s %-10s %s", sign, f.what, f.says)
	}
	if ill > 0 {
		return fmt.Errorf("%d to look after", ill)
	}
	return nil
}

func (c doctorCommand) address() finding {
	base := c.base()
	if strings.HasPrefix(base, "https://") || strings.HasPrefix(base, "http://localhost:") {
		return finding{"address", true, "people come to " + base}
	}
	return finding{"address", false, base + " is not https: offline forms, passkeys and sign-in won't work away from this machine; use --domain, --cert, or a proxy with --base-url"}
}

func (c doctorCommand) key(h *house) finding {
	info, err := os.Stat(h.keyPath())
	switch {
	case err != nil:
		return finding{"key", false, "no key to backups yet; `commonweal backup` makes one"}
	case info.Mode().Perm()&0o077 != 0:
		return finding{"key", false, h.keyPath() + " can be read by others: chmod 600"}
	}
	return finding{"key", true, h.keyPath() + "; keep a copy away from this machine"}
}

func (c doctorCommand) structure(ctx context.Context, h *house) (finding, error) {
	if err := h.db.Check(ctx); err != nil {
		return finding{"store", false, "its structure is damaged: restore the newest backup (" + err.Error() + ")"}, nil //nolint:nilerr // the finding says it
	}
	return finding{"store", true, c.shown() + " is whole"}, nil
}

func (c doctorCommand) backups(ctx context.Context, h *house) (finding, error) {
	if !h.db.Copies() {
		return finding{"backups", true, "PostgreSQL's own tools make them; see docs/operate.md"}, nil
	}
	at, err := backup.Verified(ctx, h.db.Read())
	switch {
	case err != nil:
		return finding{}, err
	case at.IsZero():
		return finding{"backups", false, "none was ever restored and compared; run: commonweal backup"}, nil
	case h.now().Sub(at) > oldBackup:
		return finding{"backups", false, "the last that was restored and compared is of " + at.Format(time.DateTime)}, nil
	}
	return finding{"backups", true, "the last was restored and compared " + at.Format(time.DateTime)}, nil
}

func (c doctorCommand) mail(context.Context, *house) (finding, error) {
	if c.SMTP == "" {
		return finding{"mail", false, "no mail server: letters wait in the stewards' outbox; give one with --smtp"}, nil
	}
	if _, err := mail.ParseServer(c.SMTP); err != nil {
		return finding{"mail", false, err.Error()}, nil //nolint:nilerr // the finding says it
	}
	return finding{"mail", true, "a mail server is set"}, nil
}

// waiting looks for jobs that were given up.
func (c doctorCommand) waiting(ctx context.Context, h *house) (finding, error) {
	stuck, err := jobs.StuckAnywhere(ctx, h.db.Read())
	if err != nil || stuck > 0 {
		return finding{"jobs", false, fmt.Sprintf("%d were given up: see the stewards' page of jobs", stuck)}, err
	}
	return finding{"jobs", true, "none is stuck"}, nil
}
