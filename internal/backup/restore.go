package backup

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"filippo.io/age"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/people"
)

// journalName is the journal of erasures beside the backups: ids and days only.
const journalName = "erasures.jsonl"

// Journal writes down, beside the backups, who was erased and when. It is
// written after each erasure and with each backup, so that a restore can forget
// them again even when the store itself is lost. What it says already stays: the
// store may be a new one, begun before anybody brought the lost one back.
func (m *Maker) Journal(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "backup.Journal")
	all, err := people.Erasures(ctx, m.DB.Read())
	if err != nil {
		return err
	}
	kept, err := ReadJournal(m.Dir)
	if err != nil {
		return err
	}
	all = together(kept, all)
	if err := os.MkdirAll(m.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(m.Dir, ".journal-")
	if err != nil {
		return err
	}
	w := json.NewEncoder(f)
	for _, e := range all {
		if err := w.Encode(e); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(m.Dir, journalName))
}

// together are erasures out of two journals, each once.
func together(journals ...[]people.Erasure) (all []people.Erasure) {
	seen := map[people.Erasure]bool{}
	for _, e := range slices.Concat(journals...) {
		key := e
		key.At = db.Stamp{} // noted again, it may be later
		if !seen[key] {
			seen[key] = true
			all = append(all, e)
		}
	}
	return all
}

// ReadJournal reads the journal of erasures in a folder of backups; none is an
// empty one.
func ReadJournal(dir string) (all []people.Erasure, err error) {
	defer fault.Wrap(&err, "backup.ReadJournal")
	f, err := os.Open(filepath.Join(filepath.Clean(dir), journalName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var e people.Erasure
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, lines.Err()
}

// Restore brings a backup back as the store at path, which must not exist:
// nothing is ever overwritten. It is compared before it takes its place.
// Whoever was erased since is erased again by the caller, who knows the rooms:
// see people.Service.ReplayErasures.
func Restore(ctx context.Context, from string, key age.Identity, path string) (m Manifest, err error) {
	defer fault.Wrap(&err, "backup.Restore")
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("%s is there already: move it away first (with its -wal and -shm), nothing is overwritten", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return m, err
	}
	scratch, err := os.MkdirTemp(filepath.Dir(path), ".restoring-")
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	store := filepath.Join(scratch, storeName)
	if m, err = unpack(ctx, from, key, store); err != nil {
		return m, err
	}
	return m, os.Rename(store, path)
}

// Live gives the erasures that the store at path knows of, if it can still be
// read: what was erased after the last backup stands only there.
func Live(ctx context.Context, path string) (all []people.Erasure, err error) {
	defer fault.Wrap(&err, "backup.Live")
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, path, db.Options{Readers: 1})
	if err != nil {
		return nil, err
	}
	all, err = people.Erasures(ctx, d.Read())
	return all, errors.Join(err, d.Close())
}
