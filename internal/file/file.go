// Package file keeps files in the store, each under the SHA-256 of its bytes:
// the same file twice is one file, no name that a person typed is ever part of
// a path, and a backup of the store holds them.
package file

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"
	"unicode/utf8"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// File is what is known of a kept file.
type File struct {
	SHA256    string // hex; also its name
	MediaType string // found by looking at its bytes, never taken from whoever sent it
	Size      int64
	Put       time.Time
}

// Content is a file that was read and looked at, ready for Put.
type Content struct {
	File
	data []byte
}

// Read reads a file of at most limit bytes. It is apart from Put because a
// transaction may run twice and a reader can't. Faults: Invalid when the file
// is empty, too large, a picture (see MediaType) or of no kind that we keep.
func Read(r io.Reader, limit int64) (c Content, err error) {
	defer fault.Wrap(&err, "file.Read")
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return Content{}, err
	}
	if len(data) == 0 {
		return Content{}, fault.New(fault.Invalid, "file.empty")
	}
	if int64(len(data)) > limit {
		return Content{}, fault.New(fault.Invalid, "file.large", "mb", max(1, limit>>20))
	}
	kind, err := mediaType(data)
	if err != nil {
		return Content{}, err
	}
	sum := sha256.Sum256(data)
	return Content{data: data, File: File{SHA256: hex.EncodeToString(sum[:]), MediaType: kind, Size: int64(len(data))}}, nil
}

// Put keeps a file in an initiative. Kept already, it stays as it is.
func Put(ctx context.Context, q db.Querier, initiative string, c Content) (err error) {
	defer fault.Wrap(&err, "file.Put %s in %s", c.SHA256, initiative)
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	return insert(ctx, q, initiative, c, now)
}

// Get gives a file and its bytes. Faults: NotFound.
func Get(ctx context.Context, q db.Querier, initiative, sha256 string) (f File, data []byte, err error) {
	defer fault.Wrap(&err, "file.Get %s in %s", sha256, initiative)
	return get(ctx, q, initiative, sha256)
}

// Remove deletes a file. Faults: NotFound.
func Remove(ctx context.Context, q db.Querier, initiative, sha256 string) (err error) {
	defer fault.Wrap(&err, "file.Remove %s in %s", sha256, initiative)
	return remove(ctx, q, initiative, sha256)
}

// kinds are the media types that we keep, by how their files begin.
var kinds = []struct{ begins, mediaType string }{
	{"PK\x03\x04", "application/zip"},
	{"PK\x05\x06", "application/zip"}, // one with nothing in it
	{"%PDF-", "application/pdf"},
	{"\x1f\x8b", "application/gzip"},
	{"age-encryption.org/v1\n", "application/age"},
}

// pictures begin like this. They carry the place where they were taken, and
// small ones can unpack to more than the memory there is: until a room needs
// them and makes them anew, none is kept.
var pictures = []string{
	"\x89PNG", "\xff\xd8\xff", "GIF8", "BM", "II*\x00", "MM\x00*", "\x00\x00\x01\x00",
}

// mediaType looks at the first bytes, whatever a name or a header says.
func mediaType(data []byte) (string, error) {
	for _, k := range kinds {
		if bytes.HasPrefix(data, []byte(k.begins)) {
			return k.mediaType, nil
		}
	}
	if isPicture(data) {
		return "", fault.New(fault.Invalid, "file.picture")
	}
	if utf8.Valid(data) && !bytes.ContainsRune(data, 0) {
		return "text/plain; charset=utf-8", nil
	}
	return "", fault.New(fault.Invalid, "file.unknown")
}

func isPicture(data []byte) bool {
	for _, begins := range pictures {
		if bytes.HasPrefix(data, []byte(begins)) && !utf8.Valid(data) {
			return true
		}
	}
	riff := len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
	heif := len(data) >= 12 && string(data[4:8]) == "ftyp"
	head := bytes.ToLower(data[:min(len(data), 1024)])
	return riff || heif || bytes.Contains(head, []byte("<svg"))
}
