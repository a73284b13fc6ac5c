package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// What an archive may ask of us before it is believed.
const (
	maxManifest  = 4 << 20
	maxLine      = 16 << 20 // a row, and so the longest text
	maxFile      = 64 << 20
	maxDirectory = 16 << 20 // the zip's own list: about 140,000 files
	maxShrink    = 200      // no text of ours packs a hundred times smaller
	small        = 1 << 20  // and a file of this size may shrink as it likes
)

// Archive is an archive that was opened: its zip is sound and its manifest can
// be read. Nothing in it is believed yet.
type Archive struct {
	Manifest

	entries map[string]*zip.File
}

// Open opens an archive and reads its manifest. A zip that would unpack to much
// more than it is, that holds what no archive has, or that lies about itself is
// Refused, before anything is unpacked.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	entries, err := openZip(r, size)
	if err != nil {
		return nil, err
	}
	a := &Archive{entries: entries}
	if err := a.readManifest(); err != nil {
		return nil, err
	}
	return a, a.checkNames()
}

// openZip lists what is in a zip.
func openZip(r io.ReaderAt, size int64) (map[string]*zip.File, error) {
	list := &thrifty{ReaderAt: r, left: maxDirectory}
	unpacked, err := zip.NewReader(list, size)
	list.listed = true
	if errors.Is(err, errTooMuch) {
		return nil, refuse("", "its list of files is longer than any archive's")
	}
	if err != nil {
		return nil, refuse("", "it is no zip that can be read, or not all of it is there: %v", err)
	}
	entries := map[string]*zip.File{}
	packed := uint64(0)
	for _, f := range unpacked.File {
		packed += f.CompressedSize64
		switch {
		case entries[f.Name] != nil:
			return nil, refuse(f.Name, "it is there twice")
		case f.CompressedSize64 > uint64(size) || packed > uint64(size): //nolint:gosec // a size is never negative
			return nil, refuse(f.Name, "it says that it is larger than the whole zip")
		case f.UncompressedSize64 > small && f.UncompressedSize64/maxShrink > f.CompressedSize64:
			return nil, refuse(f.Name, "it would unpack to more than %d times its size", maxShrink)
		case f.Method != zip.Deflate && f.Method != zip.Store:
			return nil, refuse(f.Name, "it is packed in a way that archives aren't")
		}
		entries[f.Name] = f
	}
	return entries, nil
}

// errTooMuch is a list that is read on and on.
var errTooMuch = errors.New("archive: too much was read")

// thrifty refuses to read a zip's list without end: it may be as long as the
// file, and each of its entries costs ten times its size in memory.
type thrifty struct {
	io.ReaderAt
	left   int64
	listed bool
}

func (t *thrifty) ReadAt(p []byte, at int64) (int, error) {
	if t.left -= int64(len(p)); t.left < 0 && !t.listed {
		return 0, errTooMuch
	}
	return t.ReaderAt.ReadAt(p, at)
}

func (a *Archive) readManifest() error {
	text, err := a.readAll(manifestName, maxManifest)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&a.Manifest); err != nil {
		return refuse(manifestName, "it can't be read: %v", err)
	}
	m := &a.Manifest
	switch {
	case m.Format != format:
		return refuse(manifestName, "it is %.60q, and this commonweal reads %q", m.Format, format)
	case m.Copy != Whole && m.Copy != Stewards:
		return refuse(manifestName, "it doesn't say whether it is whole")
	case !idShape.MatchString(m.Initiative.ID):
		return refuse(manifestName, "%.80q is no initiative's id", m.Initiative.ID)
	}
	seen := map[string]bool{}
	for _, t := range m.Tables {
		if !tableShape.MatchString(t.Name) || seen[t.Name] || len(t.Columns) == 0 || t.Rows < 0 {
			return refuse(manifestName, "what it says of table %.80q makes no sense", t.Name)
		}
		seen[t.Name] = true
		if !slices.IsSortedFunc(t.Columns, func(a, b Column) int { return strings.Compare(a.Name, b.Name) }) {
			return refuse(manifestName, "the columns of table %s aren't sorted", t.Name)
		}
	}
	return nil
}

// checkNames refuses what no archive holds: that is how a path which leads
// elsewhere has no place in one, though nothing here is ever unpacked to a path.
func (a *Archive) checkNames() error {
	known := map[string]bool{manifestName: true, readmeName: true}
	for _, t := range a.Tables {
		known[jsonName(t.Name)], known[csvName(t.Name)] = true, true
		if a.entries[jsonName(t.Name)] == nil {
			return refuse(jsonName(t.Name), "it is missing")
		}
	}
	files := 0
	for name, f := range a.entries {
		hash, isFile := strings.CutPrefix(name, filesFolder)
		switch {
		case isFile && isHash(hash):
			files++
			if f.UncompressedSize64 > maxFile {
				return refuse(name, "it is larger than %d MB", maxFile>>20)
			}
		case !known[name]:
			return refuse("", "%.80q is nothing that an archive holds", name)
		}
	}
	if files != a.Files {
		return refuse("", "it holds %d files, and should hold %d", files, a.Files)
	}
	return nil
}

func isHash(name string) bool { return len(name) == 64 && strings.Trim(name, "0123456789abcdef") == "" }

// readAll reads an entry that is no larger than most.
func (a *Archive) readAll(name string, most int64) (text []byte, err error) {
	f := a.entries[name]
	if f == nil {
		return nil, refuse(name, "it is missing")
	}
	r, err := f.Open()
	if err != nil {
		return nil, refuse(name, "it can't be unpacked: %v", err)
	}
	defer r.Close() //nolint:errcheck // only read
	text, err = io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, refuse(name, "it can't be unpacked: %v", err)
	case int64(len(text)) > most:
		return nil, refuse(name, "it is longer than %d MB", most>>20)
	}
	return text, nil
}

// file reads the bytes that a row calls by their hash.
func (a *Archive) file(name string) ([]byte, error) {
	if !isHash(name) {
		return nil, errors.New("the name of a file is wanted here: 64 hexadecimal digits")
	}
	b, err := a.readAll(filesFolder+name, maxFile)
	if err != nil {
		return nil, err
	}
	if fileName(b) != name {
		return nil, refuse(filesFolder+name, "what is in it isn't what its name says")
	}
	return b, nil
}

// eachLine gives the lines of a table, numbered from one, one at a time.
func (a *Archive) eachLine(table string, give func(n int, line []byte) error) (err error) {
	name := jsonName(table)
	r, err := a.entries[name].Open()
	if err != nil {
		return refuse(name, "it can't be unpacked: %v", err)
	}
	defer r.Close() //nolint:errcheck // only read
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	n := 0
	for lines.Scan() {
		n++
		if err := give(n, lines.Bytes()); err != nil {
			return err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return refuse(name, "line %d is longer than %d MB", n+1, maxLine>>20)
	case err != nil:
		return refuse(name, "it can't be unpacked: %v", err)
	}
	return nil
}

// Looks says whether a file may be an archive: a zip with our manifest in it.
func Looks(r io.ReaderAt, size int64) bool {
	entries, err := openZip(r, size)
	return err == nil && entries[manifestName] != nil && entries[jsonName("initiative")] != nil
}
