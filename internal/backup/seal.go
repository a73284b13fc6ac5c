package backup

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// The two entries of a backup, in this order.
const (
	manifestName = "manifest.json"
	storeName    = "commonweal.db"
)

// manifestLimit is far more than the manifest of any number of tables.
const manifestLimit = 1 << 20

// seal writes age(gzip(tar(manifest, store))).
func seal(path string, to age.Recipient, m Manifest, store string) (err error) {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a name that we made
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	sealed, err := age.Encrypt(out, to)
	if err != nil {
		return err
	}
	small := gzip.NewWriter(sealed)
	files := tar.NewWriter(small)
	if err := writeEntries(files, m, store); err != nil {
		return err
	}
	if err := errors.Join(files.Close(), small.Close(), sealed.Close()); err != nil {
		return err
	}
	return out.Sync()
}

func writeEntries(files *tar.Writer, m Manifest, store string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := files.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(text)), ModTime: m.MadeAt}); err != nil {
		return err
	}
	if _, err := files.Write(text); err != nil {
		return err
	}
	in, err := os.Open(filepath.Clean(store))
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if err := files.WriteHeader(&tar.Header{Name: storeName, Mode: 0o600, Size: info.Size(), ModTime: m.MadeAt}); err != nil {
		return err
	}
	_, err = io.Copy(files, in)
	return err
}

// unseal decrypts a backup and writes its store into a new file.
func unseal(path string, key age.Identity, store string) (m Manifest, err error) {
	in, err := os.Open(filepath.Clean(path))
	if err != nil {
		return m, err
	}
	defer in.Close() //nolint:errcheck // only read
	open, err := age.Decrypt(in, key)
	if err != nil {
		return m, fmt.Errorf("%s can't be opened with this key: %w", filepath.Base(path), err)
	}
	large, err := gzip.NewReader(open)
	if err != nil {
		return m, err
	}
	files := tar.NewReader(large)
	if err := entry(files, manifestName); err != nil {
		return m, err
	}
	if err := json.NewDecoder(io.LimitReader(files, manifestLimit)).Decode(&m); err != nil {
		return m, err
	}
	if m.Format != format {
		return m, fmt.Errorf("%s is %q; this program reads %q", filepath.Base(path), m.Format, format)
	}
	if err := entry(files, storeName); err != nil {
		return m, err
	}
	return m, writeNew(store, files)
}

// entry moves on to the next file of the archive, which has to be this one. No
// name in an archive ever becomes a path.
func entry(files *tar.Reader, name string) error {
	h, err := files.Next()
	if err != nil {
		return err
	}
	if h.Name != name {
		return fmt.Errorf("a backup holds %s here, this file holds %q", name, h.Name)
	}
	return nil
}

func writeNew(path string, from io.Reader) (err error) {
	out, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, from); err != nil { //nolint:gosec // the disk is the limit: it is our own store
		return err
	}
	return out.Sync()
}
