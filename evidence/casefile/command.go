package casefile

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
)

// Exit statuses of the commands.
const (
	StatusPass   = 0 // all pass
	StatusDiffer = 1 // a field differs
	StatusUnread = 2 // a case can't be read, or its method isn't known
)

// Command runs over files. Read gives the bytes of a file; Out receives one
// JSON object for each case, or a page to read when Readable; Err receives what
// is wrong with a file.
type Command struct {
	Read     func(name string) ([]byte, error)
	Out, Err io.Writer
	Readable bool
}

// Check compares each case with what it expects and returns the exit status.
func (c Command) Check(files []string) (int, error) {
	return c.each(files, func(cs Case, open Open) (int, any, func(io.Writer) error, error) {
		r, err := Check(cs, open)
		status := StatusPass
		if !r.Pass {
			status = StatusDiffer
		}
		return status, r, r.page, err
	})
}

// Claim says what may be claimed of each case.
func (c Command) Claim(files []string) (int, error) {
	return c.each(files, func(cs Case, open Open) (int, any, func(io.Writer) error, error) {
		said, err := Claim(cs, open)
		page := func(w io.Writer) error { return claimPage(w, said) }
		if len(said) == 1 {
			return StatusPass, said[0], page, err
		}
		return StatusPass, said, page, err
	})
}

type work func(Case, Open) (status int, result any, page func(io.Writer) error, err error)

func (c Command) each(files []string, do work) (int, error) {
	worst := StatusPass
	for _, name := range files {
		status, err := c.one(name, do)
		if err != nil {
			return StatusUnread, err
		}
		worst = max(worst, status)
	}
	return worst, nil
}

// one runs a file. Its error is of writing; what is wrong with the file is
// written to Err.
func (c Command) one(name string, do work) (int, error) {
	b, err := c.Read(name)
	var cs Case
	if err == nil {
		cs, err = Read(b)
	}
	if err != nil {
		return c.unread(name, err)
	}
	status, result, page, err := do(cs, func(csv string) ([]byte, error) {
		return c.Read(filepath.Join(filepath.Dir(name), csv))
	})
	if err != nil {
		return c.unread(name, err)
	}
	if c.Readable {
		return status, page(c.Out)
	}
	return status, json.NewEncoder(c.Out).Encode(result)
}

func (c Command) unread(name string, why error) (int, error) {
	_, err := fmt.Fprintf(c.Err, "%s: %v\n", name, why)
	return StatusUnread, err
}

// page writes a report for people.
func (r Report) page(w io.Writer) error {
	if len(r.Fields) == 0 && r.Result != nil {
		b, err := json.MarshalIndent(r.Result, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s (%s)\n%s\n", r.ID, r.Method, b)
		return err
	}
	verdict := "passes"
	if !r.Pass {
		verdict = fmt.Sprintf("differs in %d", r.Failed())
	}
	if _, err := fmt.Fprintf(w, "%-32s %-28s %s of %d fields\n", r.ID, r.Method, verdict, len(r.Fields)); err != nil {
		return err
	}
	for _, f := range r.Fields {
		if f.Pass {
			continue
		}
		if _, err := fmt.Fprintf(w, "    %-40s got %v, want %v\n", f.Path, f.Got, f.Want); err != nil {
			return err
		}
	}
	for _, s := range r.Skipped {
		if _, err := fmt.Fprintf(w, "    %-40s skipped: %s\n", s.Path, s.Why); err != nil {
			return err
		}
	}
	return nil
}

func claimPage(w io.Writer, said []Said) error {
	for _, s := range said {
		if _, err := fmt.Fprintf(w, "%s  rung %d of 6\n\n", s.ID, s.Rung); err != nil {
			return err
		}
		for _, lang := range []string{"en", "es"} {
			if _, err := fmt.Fprintf(w, "  %s  %s\n", lang, s.Text[lang]); err != nil {
				return err
			}
			for _, why := range s.Why[lang] {
				if _, err := fmt.Fprintf(w, "        - %s\n", why); err != nil {
					return err
				}
			}
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return err
		}
	}
	return nil
}
