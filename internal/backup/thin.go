package backup

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"commonweal/internal/fault"
)

// How long backups stay: every one of two days, then one a day, and none past
// 35 days. What was erased is gone from all of them by then.
const (
	keepAll   = 48 * time.Hour
	keepDaily = 35 * 24 * time.Hour
)

// File is a backup as its name tells it.
type File struct {
	Path   string
	MadeAt time.Time
}

// List gives the backups in a folder, the newest first.
func List(dir string) (files []File, err error) {
	defer fault.Wrap(&err, "backup.List")
	paths, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		at, err := time.Parse(stamp, strings.TrimSuffix(filepath.Base(path), suffix))
		if err != nil {
			continue // somebody else's file
		}
		files = append(files, File{Path: path, MadeAt: at})
	}
	slices.SortFunc(files, func(a, b File) int { return b.MadeAt.Compare(a.MadeAt) })
	return files, nil
}

// thin removes what has aged. The newest backup always stays: a server that
// stood still for a year still has one.
func (m *Maker) thin() error {
	files, err := List(m.Dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range aged(files, m.Now()) {
		errs = append(errs, os.Remove(f.Path))
	}
	return errors.Join(errs...)
}

// aged chooses from backups, newest first, those that may go.
func aged(files []File, now time.Time) (gone []File) {
	day := ""
	for i, f := range files {
		age := now.Sub(f.MadeAt)
		switch this := f.MadeAt.Format(time.DateOnly); {
		case i == 0 || age <= keepAll:
		case age > keepDaily, this == day:
			gone = append(gone, f)
		default:
			day = this
		}
	}
	return gone
}

// unfinished is after how long scratch is nobody's any more: a backup takes
// minutes.
const unfinished = time.Hour

// sweep removes what a backup left that was killed half way: a copy of the store
// that isn't encrypted, and would otherwise outlive whoever is erased.
func (m *Maker) sweep() error {
	var errs []error
	for _, pattern := range []string{".making-*", ".verifying-*", ".journal-*"} {
		paths, err := filepath.Glob(filepath.Join(m.Dir, pattern))
		errs = append(errs, err)
		for _, path := range paths {
			info, err := os.Stat(path)
			if err == nil && m.Now().Sub(info.ModTime()) > unfinished {
				errs = append(errs, os.RemoveAll(path))
			}
		}
	}
	return errors.Join(errs...)
}
