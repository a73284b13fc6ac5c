package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/fault"
)

// small limits keep a fuzzing machine from reading long files.
var small = Limits{Bytes: 1 << 20, Unpacked: 1 << 20, Rows: 2000, Cells: 20_000, Text: 1 << 20, Line: 1 << 16}

// readAny reads whatever comes, and checks what is promised of every book.
func readAny(t *testing.T, name string, file []byte) (Book, bool) {
	t.Helper()
	book, err := Read(context.Background(), name, bytes.NewReader(file), int64(len(file)), small)
	if err != nil {
		if !fault.Is(err, fault.Invalid) {
			t.Fatalf("got %v, want an error that a person can act on", err)
		}
		says(t, fault.Says(err, ""))
		return Book{}, false
	}
	if len(book.Sheets) == 0 {
		t.Fatal("a book without sheets")
	}
	for _, w := range book.Warnings {
		says(t, w.Message)
	}
	for _, s := range book.Sheets {
		seen := map[string]bool{}
		for _, c := range s.Columns {
			if c.Header == "" || seen[c.Header] {
				t.Fatalf("a heading is empty or there twice: %q", s.Header())
			}
			seen[c.Header] = true
		}
		for _, r := range s.Rows {
			if len(r.Cells) != len(s.Columns) {
				t.Fatalf("row %d has %d cells, the sheet %d columns", r.Number, len(r.Cells), len(s.Columns))
			}
			if r.Number <= 0 {
				t.Fatalf("a row with the number %d", r.Number)
			}
			for _, c := range r.Cells {
				if (c.Text == "") != (c.Kind == Empty || c.Kind == Broken) {
					t.Fatalf("row %d: the cell %+v", r.Number, c)
				}
			}
		}
		Guess(s.Header(), s.Rows, targets["contacts"])
	}
	return book, true
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{
		"Name,Area\nAna,Mill Row\n", "sep=;\na;b\n1;2\n", "\ufeffName\tArea\nAna\tx\n", "\xff\xfeN\x00,\x00A\x00\n\x001\x00,\x002\x00",
		"Name,Area\n\"Ana,x\nTom,y\n\"Mei\",z\n", "a,b\n\"\"\"\",\"x\ny\"\n", "Nombre,Fecha\nJos\xe9,3/4/2026\nEva,13/4/2026\n",
		"Title\n\nName,Contact,\n,Phone,Email\nAna,5550101,a@x.example\nTotal,1\n\nNote: x.\n", "a,b\r1,1e999\r2,5.5E+09\r", "'=1,'-2\n=1,+2\n",
		"Name,Date\nAna,46085\nTom,4 de marzo de 2026\n", "a,a,,\n1,2,3,4\na,a,,\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if kindOfFile(file) == workbook {
			return
		}
		readAny(t, "x.csv", file)
	})
}

func FuzzReadXLSX(f *testing.F) {
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	f.Add(sheetOf(nameAndArea+`<row r="2"><c r="A2" t="s"><v>0</v></c><c s="1"><v>46085</v></c></row>`),
		`<sst><si><t>Ana</t></si></sst>`, `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="d/m/yyyy"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs></styleSheet>`)
	f.Add(`<worksheet><sheetData><row><c t="str"><f>A1</f><v>x</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`, "", "")
	f.Add(sheetOf(`<row r="9"><c r="XFD9"><v>1e999</v></c></row>`), "<sst/>", "<styleSheet/>")
	f.Fuzz(func(t *testing.T, sheet, texts, styles string) {
		parts := bare(sheet)
		parts["xl/s.xml"], parts["xl/t.xml"] = texts, styles
		parts["xl/_rels/workbook.xml.rels"] = `<Relationships><Relationship Id="r7" Type="` + office + `/worksheet" Target="worksheets/a.xml"/>` +
			`<Relationship Id="r8" Type="` + office + `/sharedStrings" Target="s.xml"/><Relationship Id="r9" Type="` + office + `/styles" Target="t.xml"/></Relationships>`
		readAny(t, "x.xlsx", zipped(t, parts))
	})
}

// FuzzOpenArchive is about what holds a workbook's parts together.
func FuzzOpenArchive(f *testing.F) {
	f.Add([]byte("PK\x05\x06"))
	f.Add(directoryOf(3))
	var stored bytes.Buffer
	z := zip.NewWriter(&stored)
	for name, text := range bare(sheetOf(nameAndArea)) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			f.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			f.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(stored.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		readAny(t, "x.xlsx", append([]byte("PK\x03\x04"), bytes.TrimPrefix(file, []byte("PK\x03\x04"))...))
	})
}

// FuzzWriteCSV writes texts, and reads the same again.
func FuzzWriteCSV(f *testing.F) {
	for _, text := range nasty {
		f.Add("Ana", text)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		var out bytes.Buffer
		if err := WriteCSV(&out, tableOf("x", []string{"Name", "Text"}, []string{"x" + first, second}, []string{"y", "z"})); err != nil {
			t.Fatal(err)
		}
		rec := records{lines: linesOf(out.Bytes()), sep: ','}
		if _, err := rec.next(); err != nil {
			t.Fatal(err)
		}
		got, err := rec.next()
		if err != nil && !errors.Is(err, errTooLong) {
			t.Fatal(err)
		}
		want := []string{Neutral("x" + first), Neutral(second)}
		if diff := cmp.Diff(want, got.fields); diff != "" && !bytes.ContainsAny([]byte(first+second), "\r") {
			t.Errorf("want -, got +:\n%s", diff)
		}
	})
}
