package sheet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"commonweal/internal/fault"
)

// Read reads a file called name, CSV or XLSX by what is in it. A file that
// can't be read, or that is out of the limits, is an Invalid fault that says
// why; everything smaller is a warning.
func Read(ctx context.Context, name string, r io.ReaderAt, size int64, limits Limits) (book Book, err error) {
	defer fault.Wrap(&err, "sheet.Read of %d bytes", size)
	in := reading{ctx: ctx, limits: limits.orDefault()}
	if size > in.limits.Bytes {
		return Book{}, refuse("sheet.file.large", "max", int(in.limits.Bytes>>20))
	}
	head, err := headOf(r, size)
	if err != nil {
		return Book{}, err
	}
	switch kindOfFile(head) {
	case workbook:
		err = in.workbook(r, size)
	case oldWorkbook:
		err = refuse("sheet.file.old")
	case otherFile:
		err = refuse("sheet.file.foreign")
	default:
		err = in.csv(brief(tidy(strings.TrimSuffix(path.Base(name), path.Ext(name)))), r, size, head)
	}
	if err != nil {
		return Book{}, err
	}
	if len(in.sheets) == 0 {
		return Book{}, refuse("sheet.file.empty")
	}
	in.settleDays()
	return Book{Sheets: in.sheets, Warnings: in.said.all()}, nil
}

// reading is one file being read: what was found so far and what it cost.
type reading struct {
	ctx    context.Context
	limits Limits
	sheets []Sheet
	said   warnings

	taken, cells, text int
}

// raw is a table as it stands in the file: rows with something in them, and
// the areas of merged cells.
type raw struct {
	name   string
	rows   []Row
	merged []area
}

// take counts one more row against the limits.
func (in *reading) take(cells []Cell) error {
	in.taken++
	in.cells += len(cells)
	for _, c := range cells {
		in.text += len(c.Text) + len(c.Was)
	}
	switch {
	case in.taken > in.limits.Rows:
		return refuse("sheet.file.rows", "max", in.limits.Rows)
	case in.cells > in.limits.Cells || in.text > in.limits.Text:
		return refuse("sheet.file.cells", "max", in.limits.Cells)
	case in.taken%256 == 0:
		return in.ctx.Err()
	}
	return nil
}

// fileKind is what a file is by its first bytes: its name may say anything.
type fileKind int

const (
	textFile fileKind = iota
	workbook
	oldWorkbook
	otherFile
)

func kindOfFile(head []byte) fileKind {
	begins := func(marks ...string) bool {
		for _, m := range marks {
			if bytes.HasPrefix(head, []byte(m)) {
				return true
			}
		}
		return false
	}
	switch {
	case begins("PK\x03\x04", "PK\x05\x06", "PK\x07\x08"):
		return workbook
	case begins("\xd0\xcf\x11\xe0"):
		return oldWorkbook
	case begins("%PDF", "\x89PNG", "\xff\xd8\xff", "GIF8", "{\\rtf", "\x1f\x8b", "7z\xbc\xaf", "Rar!", "BZh", "\xfd7zXZ", "SQLite"):
		return otherFile
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n"))
	if bytes.HasPrefix(text, []byte("<?xml")) || bytes.HasPrefix(text, []byte("<!doctype")) || bytes.HasPrefix(text, []byte("<html")) || bytes.HasPrefix(text, []byte("<table")) {
		return otherFile
	}
	return textFile
}

// headOf is the first bytes of a file, enough to tell its kind and letters.
func headOf(r io.ReaderAt, size int64) ([]byte, error) {
	head := make([]byte, min(size, 64<<10))
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(bytes.TrimSpace(head[:n])) == 0 {
		return nil, refuse("sheet.file.empty")
	}
	return head[:n], nil
}

func refuse(key string, args ...any) error { return fault.New(fault.Invalid, key, args...) }
