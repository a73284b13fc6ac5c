package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"

	"commonweal/internal/fault"
)

// openArchive opens a workbook's zip after looking at all of it: how many
// parts, what they are called, how large they really are, and what is in
// them. Nothing is parsed before.
func openArchive(r io.ReaderAt, size int64, limits Limits) (*zip.Reader, error) {
	// Package zip makes a record for each part that the directory lists before
	// anybody can ask how many, and the count in the file may lie.
	listed, err := countMarks(io.NewSectionReader(r, 0, size), []byte("PK\x01\x02"), limits.Entries+1)
	if err != nil {
		return nil, err
	}
	if listed > limits.Entries {
		return nil, refuse("sheet.file.parts", "max", limits.Entries)
	}
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged(err)
	}
	left := limits.Unpacked
	seen := map[string]bool{}
	block := make([]byte, 64<<10)
	for _, f := range archive.File {
		name := strings.ToLower(f.Name)
		if !isTame(f.Name) || seen[name] {
			return nil, refuse("sheet.file.path")
		}
		seen[name] = true
		if f.UncompressedSize64 > uint64(left) {
			return nil, refuse("sheet.file.unpacked", "max", int(limits.Unpacked>>20))
		}
		n, err := lookInto(f, left, block)
		if err != nil {
			return nil, err
		}
		if left -= n; left < 0 { // package zip holds a part to what it says; we don't rely on it
			return nil, refuse("sheet.file.unpacked", "max", int(limits.Unpacked>>20))
		}
	}
	return archive, nil
}

func damaged(cause error) error { return fault.Because(cause, fault.Invalid, "sheet.file.damaged") }

// isTame says whether a part's name stays inside the archive.
func isTame(name string) bool {
	if name == "" || len(name) > 255 || strings.ContainsAny(name, "\\:\x00") || strings.HasPrefix(name, "/") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return false
		}
	}
	return true
}

// lookInto unpacks one part to nowhere and gives its real size, at most a
// block above left. An archive inside, or a document type in a part of XML,
// is refused: no workbook needs them, and they are how small files grow large.
func lookInto(f *zip.File, left int64, block []byte) (int64, error) {
	if f.Flags&1 != 0 {
		return 0, refuse("sheet.file.old")
	}
	in, err := f.Open()
	if err != nil {
		return 0, damaged(err)
	}
	defer in.Close() //nolint:errcheck // reading from memory: what matters was read
	isXML := isXMLName(f.Name)
	const overlap = len("<!DOCTYPE") - 1
	size, kept := int64(0), 0
	for size <= left {
		n, err := io.ReadFull(in, block[kept:])
		seen := block[:kept+n]
		if size == 0 && isArchive(seen) {
			return 0, refuse("sheet.file.nested")
		}
		if isXML && (bytes.Contains(seen, []byte("<!DOCTYPE")) || bytes.Contains(seen, []byte("<!ENTITY")) || bytes.IndexByte(seen, 0) >= 0) {
			return 0, refuse("sheet.file.doctype")
		}
		size += int64(n)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return 0, damaged(err)
		}
		kept = copy(block, seen[len(seen)-overlap:])
	}
	return size, nil
}

func isXMLName(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") || strings.HasSuffix(name, ".vml")
}

func isArchive(head []byte) bool {
	for _, mark := range []string{"PK\x03\x04", "PK\x05\x06", "\x1f\x8b\x08", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07"} {
		if bytes.HasPrefix(head, []byte(mark)) {
			return true
		}
	}
	return false
}

// countMarks counts a mark in a file, up to enough.
func countMarks(r io.Reader, mark []byte, enough int) (int, error) {
	block, kept, count := make([]byte, 64<<10), 0, 0
	for count < enough {
		n, err := io.ReadFull(r, block[kept:])
		seen := block[:kept+n]
		count += bytes.Count(seen, mark)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		kept = copy(block, seen[len(seen)-len(mark)+1:])
	}
	return count, nil
}
