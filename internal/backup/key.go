package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// Key reads the key that opens backups, and makes one where there is none. It
// says whether it is new: then somebody has to keep a copy elsewhere, since a
// backup without its key is noise.
func Key(path string) (key *age.X25519Identity, isNew bool, err error) {
	if key, err = ReadKey(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	if key, err = age.GenerateX25519Identity(); err != nil {
		return nil, false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, false, err
	}
	f, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, false, err
	}
	_, err = fmt.Fprintf(f, "# The key to this server's backups (age). Keep a copy away from this machine.\n# public key: %s\n%s\n", key.Recipient(), key)
	return key, true, errors.Join(err, f.Sync(), f.Close())
}

// ReadKey reads the key that opens backups.
func ReadKey(path string) (*age.X25519Identity, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	all, err := age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("%s holds no key to backups: %w", path, err)
	}
	for _, one := range all {
		if key, ok := one.(*age.X25519Identity); ok {
			return key, nil
		}
	}
	return nil, fmt.Errorf("%s holds no key of the kind that backups are made with", path)
}
