package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
)

func TestHostileWorkbooksAreRefused(t *testing.T) {
	good := sheetOf(nameAndArea + `<row><c><v>1</v></c></row>`)
	with := func(name, text string) map[string]string {
		parts := bare(good)
		parts[name] = text
		return parts
	}
	inner := string(zipped(t, bare(good)))
	for _, c := range []struct {
		name   string
		parts  map[string]string
		limits Limits
		want   string
	}{
		{"a path outside", with("../../etc/passwd", "x"), Limits{}, "sheet.file.path"},
		{"a path from the root", with("/etc/passwd", "x"), Limits{}, "sheet.file.path"},
		{"a path of another system", with(`..\evil.xml`, "x"), Limits{}, "sheet.file.path"},
		{"a drive", with(`C:evil.xml`, "x"), Limits{}, "sheet.file.path"},
		{"one name twice", with("XL/Workbook.xml", "x"), Limits{}, "sheet.file.path"},
		{"a zip inside", with("xl/embeddings/a.bin", inner), Limits{}, "sheet.file.nested"},
		{"a gzip inside", with("xl/media/image1.png", "\x1f\x8b\x08\x00"), Limits{}, "sheet.file.nested"},
		{"a document type in the sheet", bare(`<!DOCTYPE x [<!ENTITY a "b">]>` + good), Limits{}, "sheet.file.doctype"},
		{"a document type in a part that nobody reads", with("docProps/app.xml", `<?xml version="1.0"?><!DOCTYPE x><x/>`), Limits{}, "sheet.file.doctype"},
		{"one across two blocks", with("docProps/app.xml", strings.Repeat(" ", 64<<10-4)+`<!DOCTYPE x><x/>`), Limits{}, "sheet.file.doctype"},
		{"one in UTF-16", with("docProps/app.xml", "\xff\xfe<\x00!\x00D\x00O\x00C\x00"), Limits{}, "sheet.file.doctype"},
		{"too many parts", manyParts(60), Limits{Entries: 50}, "sheet.file.parts"},
		{"too large unpacked", with("xl/media/a.bin", strings.Repeat("x", 1<<20)), Limits{Unpacked: 1 << 20}, "sheet.file.unpacked"},
		{"an endless tag", bare(`<worksheet ` + strings.Repeat(`a="b" `, 1<<18) + `>`), Limits{}, "sheet.file.tags"},
		{"an endless text", bare(sheetOf(`<row><c t="inlineStr"><is><t>` + strings.Repeat("x", 2<<20) + `</t></is></c></row>`)), Limits{}, "sheet.file.tags"},
		{"a cell behind the last column", bare(sheetOf(nameAndArea + `<row><c r="ZZZ1"><v>1</v></c></row>`)), Limits{}, "sheet.file.columns"},
		{"a row behind the last", bare(sheetOf(nameAndArea + `<row r="1048577"><c><v>1</v></c></row>`)), Limits{}, "sheet.file.damaged"},
		{"broken XML", bare(`<worksheet><sheetData><row><c></d>`), Limits{}, "sheet.file.damaged"},
		{"letters that nobody knows", bare(`<?xml version="1.0" encoding="EBCDIC"?>` + good), Limits{}, "sheet.file.damaged"},
		{"cells without end", bare(sheetOf(strings.Repeat(`<row><c><v>1</v></c><c><v>1</v></c></row>`, 60))), Limits{Cells: 100}, "sheet.file.cells"},
		{"no workbook inside", map[string]string{"word/document.xml": "<w/>"}, Limits{}, "sheet.file.foreign"},
		{"nothing in the sheet", bare(sheetOf("")), Limits{}, "sheet.file.empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := refused(t, "x.xlsx", zipped(t, c.parts), c.limits); got != c.want {
				t.Errorf("refused with %s, want %s", got, c.want)
			}
		})
	}
}

func TestADocumentTypeInASheetWithAnotherNameIsRefused(t *testing.T) {
	parts := bare(`<!DOCTYPE x>` + sheetOf(nameAndArea))
	parts["xl/worksheets/a.bin"] = parts["xl/worksheets/a.xml"]
	delete(parts, "xl/worksheets/a.xml")
	parts["xl/_rels/workbook.xml.rels"] = strings.Replace(parts["xl/_rels/workbook.xml.rels"], "a.xml", "a.bin", 1)
	if got := refused(t, "x.xlsx", zipped(t, parts), Limits{}); got != "sheet.file.doctype" {
		t.Errorf("refused with %s", got)
	}
}

func manyParts(n int) map[string]string {
	parts := bare(sheetOf(nameAndArea))
	for i := range n {
		parts[fmt.Sprintf("xl/media/%d", i)] = "x"
	}
	return parts
}

func TestASheetThatIsListedManyTimesIsReadOnce(t *testing.T) {
	parts := bare(sheetOf(nameAndArea + `<row><c><v>1</v></c></row>`))
	parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], "</sheets>", strings.Repeat(`<sheet name="Again" sheetId="2" r:id="r7"/>`, 1000)+"</sheets>", 1)
	if got := len(read(t, "x.xlsx", zipped(t, parts), Limits{}).Sheets); got != 1 {
		t.Errorf("read %d sheets of one", got)
	}
}

// lying is a workbook in which one part says that it is smaller than it is.
func lying(t *testing.T, size int, said uint64) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range bare(sheetOf(nameAndArea)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	text := bytes.Repeat([]byte("x"), size)
	var packed bytes.Buffer
	f, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "xl/media/a.bin", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(text),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: said,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(packed.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhatAPartSaysOfItsSizeIsNotBelieved(t *testing.T) {
	if got := refused(t, "x.xlsx", lying(t, 4<<20, 10), Limits{Unpacked: 1 << 20}); got != "sheet.file.damaged" && got != "sheet.file.unpacked" {
		t.Errorf("a part that says it is small: refused with %s", got)
	}
	if got := refused(t, "x.xlsx", lying(t, 10, 1<<40), Limits{}); got != "sheet.file.unpacked" {
		t.Errorf("a part that says it is huge: refused with %s", got)
	}
}

// directoryOf is a zip whose directory lists n parts and says that there are few.
func directoryOf(n int) []byte {
	entry := make([]byte, 46, 47)
	copy(entry, "PK\x01\x02")
	binary.LittleEndian.PutUint16(entry[28:], 1) // the length of its name
	entry = append(entry, 'a')
	out := append([]byte("PK\x03\x04"), make([]byte, 26)...)
	start := len(out)
	out = append(out, bytes.Repeat(entry, n)...)
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[8:], uint16(n%(1<<16)))
	binary.LittleEndian.PutUint16(end[10:], uint16(n%(1<<16)))
	binary.LittleEndian.PutUint32(end[12:], uint32(len(out)-start))
	binary.LittleEndian.PutUint32(end[16:], uint32(start))
	return append(out, end...)
}

func TestAMillionPartsAreRefusedBeforeTheyAreListed(t *testing.T) {
	file := directoryOf(1_000_000)
	// Package zip would list them all: 1,000,000 mod 65,536 is what the file says.
	if z, err := zip.NewReader(bytes.NewReader(directoryOf(70_000)), int64(len(directoryOf(70_000)))); err != nil || len(z.File) != 70_000 {
		t.Fatalf("the control: %v", err)
	}
	if got := refused(t, "x.xlsx", file, Limits{}); got != "sheet.file.parts" {
		t.Errorf("refused with %s", got)
	}
	const megabyte = 1 << 20
	if got := allocated(t, func() { refused(t, "x.xlsx", file, Limits{}) }); got > megabyte {
		t.Errorf("allocated %d bytes to refuse it, want less than %d", got, megabyte)
	}
}
