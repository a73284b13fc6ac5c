package hsds

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"commonweal/internal/fault"
)

// Read reads a file in whichever form: JSON, a zip with a tabular package, with
// the CSV files of Ohana or with JSON documents. name is the file's own and
// helps to tell what a short document is about. What can't be read at all, is
// too large, or reaches outside itself is refused with an Invalid fault; what
// is wrong with a row is repaired or left out and told in Warnings.
func Read(ctx context.Context, name string, r io.ReaderAt, size int64, limits Limits) (p Package, err error) {
	defer fault.Wrap(&err, "hsds.Read")
	if size > limits.Bytes {
		return Package{}, refuse("hsds.file.large")
	}
	var magic [4]byte
	if n, err := r.ReadAt(magic[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return Package{}, err
	} else if n == len(magic) && string(magic[:]) == "PK\x03\x04" {
		files, err := unpack(r, size, limits)
		if err != nil {
			return Package{}, err
		}
		return ReadDir(ctx, files, limits)
	}
	in, err := withoutMark(io.NewSectionReader(r, 0, size))
	if err != nil {
		return Package{}, err
	}
	return readJSON(name, in, limits)
}

// withoutMark passes over a byte-order mark.
func withoutMark(r io.Reader) (io.Reader, error) {
	var mark [3]byte
	n, err := io.ReadFull(r, mark[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	if bytes.Equal(mark[:n], []byte("\xef\xbb\xbf")) {
		return r, nil
	}
	return io.MultiReader(bytes.NewReader(mark[:n]), r), nil
}

// unpack opens a zip after looking at all of it: what its parts are called, how
// many there are, and how large they say that they are. That they speak the
// truth is looked at again as they are read.
func unpack(r io.ReaderAt, size int64, limits Limits) (*zip.Reader, error) {
	listed, err := entries(r, size, limits.Files)
	if err != nil {
		return nil, err
	}
	if listed > limits.Files {
		return nil, refuse("hsds.file.parts", "max", limits.Files)
	}
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, "hsds.file.damaged")
	}
	left := limits.Bytes
	for _, f := range archive.File {
		if !fs.ValidPath(strings.TrimSuffix(f.Name, "/")) || strings.ContainsAny(f.Name, "\\:\x00") {
			return nil, refuse("hsds.file.path")
		}
		if strings.EqualFold(path.Ext(f.Name), ".zip") || f.Flags&1 != 0 {
			return nil, refuse("hsds.file.nested")
		}
		if f.UncompressedSize64 > uint64(left) { //nolint:gosec // left is never below 0
			return nil, refuse("hsds.file.large")
		}
		left -= int64(f.UncompressedSize64) //nolint:gosec // not above left
	}
	return archive, nil
}

// entries counts what a zip's directory lists, before package zip makes a
// record of each: the number that the file gives may lie.
func entries(r io.ReaderAt, size int64, most int) (int, error) {
	mark := []byte("PK\x01\x02")
	in := io.NewSectionReader(r, 0, size)
	block := make([]byte, 64<<10)
	kept, n := 0, 0
	for n <= most {
		got, err := in.Read(block[kept:])
		n += bytes.Count(block[:kept+got], mark)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return 0, err
		}
		end := min(kept+got, len(mark)-1)
		kept = copy(block, block[kept+got-end:kept+got])
	}
	return n, nil
}

// ReadDir reads a folder: that of a zip, or one on a disk. Every .csv is a
// table, and every .json but datapackage.json is a document; see Read.
func ReadDir(ctx context.Context, files fs.FS, limits Limits) (p Package, err error) {
	defer fault.Wrap(&err, "hsds.ReadDir")
	found, err := list(files, limits)
	if err != nil {
		return Package{}, err
	}
	d := folder{files: files, left: limits.Bytes, builder: newBuilder(V3, limits), names: map[string]string{}}
	if err := d.declared(found); err != nil {
		return Package{}, err
	}
	return d.read(ctx, found)
}

// list gives the files of a folder and of those within it that we read.
func list(files fs.FS, limits Limits) ([]string, error) {
	var all []string
	seen := 0
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fault.Because(err, fault.Invalid, "hsds.file.damaged")
		}
		if seen++; seen > 2*limits.Files {
			return refuse("hsds.file.parts", "max", limits.Files)
		}
		base := path.Base(name)
		hidden := strings.HasPrefix(base, ".") && base != "." || base == "__MACOSX"
		switch {
		case hidden && entry.IsDir():
			return fs.SkipDir
		case entry.Type().IsRegular() && !hidden:
			all = append(all, name)
		}
		return nil
	})
	return all, err
}
