// Package backup makes copies of the whole store that have been proved: each is
// restored beside the store and compared with it, table by table, before it
// counts as a backup. Copies are encrypted, thinned as they age, and gone
// after 35 days, so that whoever was erased is gone from them too.
package backup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// format names what a backup file holds, and how.
const format = "commonweal backup 1"

// suffix ends the name of a backup.
const suffix = ".commonweal.age"

// stamp is the time in a backup's name: sorted by name is sorted by time.
const stamp = "20060102T150405Z"

// Manifest is what a backup says of itself.
type Manifest struct {
	Format string                    `json:"format"`
	MadeAt time.Time                 `json:"made_at"`
	Build  string                    `json:"build"`
	Tables map[string]db.TableDigest `json:"tables"`
}

// Rows is how many rows the backup holds.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// Made is a backup that was restored and compared.
type Made struct {
	Manifest
	Path  string
	Bytes int64
}

// Maker makes backups into a folder.
type Maker struct {
	DB    *db.DB
	Now   clock.Clock
	Dir   string
	Key   *age.X25519Identity
	Build string
	// Step hears what is being done, for a terminal; nil is nobody.
	Step func(doing string)
}

// Make writes a backup, restores it beside, compares the two table by table,
// and thins the older ones. The journal of erasures is written next to it, so
// that a restore knows whom to forget again even if the store is lost.
//
// The store of PostgreSQL has tools of its own for this (docs/operate.md):
// errors.ErrUnsupported.
func (m *Maker) Make(ctx context.Context) (made Made, err error) {
	defer fault.Wrap(&err, "backup.Make")
	if err := os.MkdirAll(m.Dir, 0o700); err != nil {
		return Made{}, err
	}
	if err := m.sweep(); err != nil {
		return Made{}, err
	}
	scratch, err := os.MkdirTemp(m.Dir, ".making-")
	if err != nil {
		return Made{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()

	m.step("copying the store")
	copied := filepath.Join(scratch, storeName)
	manifest := Manifest{Format: format, MadeAt: m.Now(), Build: m.Build}
	if manifest.Tables, err = m.DB.CopyTo(ctx, copied); err != nil {
		return Made{}, err
	}
	m.step("encrypting the copy")
	sealed := filepath.Join(scratch, "sealed")
	if err := seal(sealed, m.Key.Recipient(), manifest, copied); err != nil {
		return Made{}, err
	}
	if err := os.Remove(copied); err != nil {
		return Made{}, err
	}
	m.step("restoring it beside, and comparing")
	if _, err := Verify(ctx, sealed, m.Key); err != nil {
		return Made{}, err
	}
	return m.keep(ctx, sealed, manifest)
}

// keep gives a proved backup its name, and thins the older ones.
func (m *Maker) keep(ctx context.Context, sealed string, manifest Manifest) (made Made, err error) {
	info, err := os.Stat(sealed)
	if err != nil {
		return Made{}, err
	}
	made = Made{Manifest: manifest, Bytes: info.Size(), Path: filepath.Join(m.Dir, manifest.MadeAt.Format(stamp)+suffix)}
	if err := os.Rename(sealed, made.Path); err != nil {
		return Made{}, err
	}
	if err := m.Journal(ctx); err != nil {
		return Made{}, err
	}
	if err := m.thin(); err != nil {
		return Made{}, err
	}
	return made, m.DB.Tx(ctx, func(q db.Querier) error { return noteVerified(ctx, q, manifest.MadeAt) })
}

func (m *Maker) step(doing string) {
	if m.Step != nil {
		m.Step(doing)
	}
}

// Verified is when a backup was last restored and compared; the zero time is
// never. Stewards read it in plain words.
func Verified(ctx context.Context, q db.Querier) (at time.Time, err error) {
	defer fault.Wrap(&err, "backup.Verified")
	at, err = verified(ctx, q)
	if fault.Is(err, fault.NotFound) {
		return time.Time{}, nil
	}
	return at, err
}

// Verify restores a backup into a scratch file beside it and compares every
// table with what the backup says of itself. The scratch file is deleted.
func Verify(ctx context.Context, path string, key age.Identity) (m Manifest, err error) {
	defer fault.Wrap(&err, "backup.Verify")
	scratch, err := os.MkdirTemp(filepath.Dir(path), ".verifying-")
	if err != nil {
		return Manifest{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	return unpack(ctx, path, key, filepath.Join(scratch, storeName))
}

// unpack decrypts a backup's store into a new file and compares it.
func unpack(ctx context.Context, path string, key age.Identity, into string) (Manifest, error) {
	m, err := unseal(path, key, into)
	if err != nil {
		return Manifest{}, err
	}
	d, err := db.Open(ctx, into, db.Options{Readers: 1})
	if err != nil {
		return Manifest{}, err
	}
	found, err := d.Digest(ctx)
	if err := errors.Join(err, d.Close()); err != nil {
		return Manifest{}, err
	}
	return m, compare(m.Tables, found)
}

// compare says in which tables two stores differ.
func compare(want, got map[string]db.TableDigest) error {
	names := maps.Clone(want)
	maps.Copy(names, got)
	var wrong []string
	for _, table := range slices.Sorted(maps.Keys(names)) {
		if want[table] != got[table] {
			wrong = append(wrong, fmt.Sprintf("%s (%d rows, %d expected)", table, got[table].Rows, want[table].Rows))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("the backup is not what was backed up: %s", strings.Join(wrong, ", "))
	}
	return nil
}
