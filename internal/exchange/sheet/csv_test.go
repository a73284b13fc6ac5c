package sheet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func TestReadCSV(t *testing.T) {
	utf16le, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("Nombre;Barrio\nJosé;El Este\n")
	if err != nil {
		t.Fatal(err)
	}
	utf16be, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String("Name,Area\nZoe,Mill Row\n")
	if err != nil {
		t.Fatal(err)
	}
	windows, err := charmap.Windows1252.NewEncoder().String("Nombre,Barrio\nJosé “Pepe” Peña,El Este\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
		said string
	}{
		{"plain", rows("Name,Area", "Ana,Mill Row", "Tom,East"), "Name|Area\n2:Ana|Mill Row\n3:Tom|East", ""},
		{"semicolons, decimal commas", rows("Name;Sum", "Ana;1,5", "Tom;2,5"), "Name|Sum\n2:Ana|1,5\n3:Tom|2,5", ""},
		{"tabs", rows("Name\tArea", "Ana, the first\tMill Row", "Tom\tEast"), "Name|Area\n2:Ana, the first|Mill Row\n3:Tom|East", ""},
		{"bars", rows("Name|Area", "Ana|Mill Row"), "Name|Area\n2:Ana|Mill Row", ""},
		{"a line that tells the separator", rows("sep=;", "Name;Area", "Ana;x,y,z"), "Name|Area\n3:Ana|x,y,z", ""},
		{"a mark at the front", []byte("\ufeffName,Area\nAna,x\n"), "Name|Area\n2:Ana|x", ""},
		{"UTF-16 with a mark", []byte(utf16le), "Nombre|Barrio\n2:José|El Este", ""},
		{"UTF-16 without a mark", []byte(utf16be), "Name|Area\n2:Zoe|Mill Row", ""},
		{"Windows-1252", []byte(windows), "Nombre|Barrio\n2:José “Pepe” Peña|El Este", "file.letters"},
		{"a lost letter in UTF-8", rows("Name,Area", "Ana,Peña", "Jos\xe9,Mún"), "Name|Area\n2:Ana|Peña\n3:Jos\ufffd|Mún", "cell.letters@3/A"},
		{"letters gone wrong once", rows("Name,Area", "JosÃ©,x"), "Name|Area\n2:José|x", "cell.mended@2/A"},
		{"old Macintosh lines", []byte("Name,Area\rAna,x\rTom,y\r"), "Name|Area\n2:Ana|x\n3:Tom|y", ""},
		{"Windows lines, none at the end", []byte("Name,Area\r\nAna,x\r\nTom,y"), "Name|Area\n2:Ana|x\n3:Tom|y", ""},
		{"a cell of two lines", rows("Name,Notes", `Ana,"one`, `two, ""three"""`, "Tom,x"), "Name|Notes\n2:Ana|one⏎two, \"three\"\n3:Tom|x", ""},
		{"empty rows and columns", rows("", ",,", ",Name,,Area,", ",,,,", ",Ana,,x,", ",Tom,,y,"), "Name|Area\n5:Ana|x\n6:Tom|y", ""},
		{"blanks around cells", rows("Name , Area", "  Ana\u00a0 ,\u200bx "), "Name|Area\n2:Ana|x", ""},
		{"codes keep their zeros", rows("Name,Zip", `Ana,="02139"`, "Tom,02140"), "Name|Zip\n2:Ana|02139\n3:Tom|02140", ""},
		{"a number without end", rows("Name,Sum", "Ana,1e999", "Tom,3"), "Name|Sum\n2:Ana|\n3:Tom|3", "cell.endless@2/B"},
		{"a phone that lost digits", rows("Name,Phone", "Ana,5.55E+09"), "Name|Phone\n2:Ana|5.55E+09", "cell.shortened@2/B"},
		{"more cells than headings", rows("Name,Area", "Ana,x,stray"), "Name|Area|C\n2:Ana|x|stray", "column.nameless/C"},
		{"two columns of one name", rows("Name,Phone,Phone", "Ana,1,2"), "Name|Phone|Phone 2\n2:Ana|1|2", "column.twice/Phone 2"},
		{"no headings", rows("Ana,ana@x.example,5550101", "Tom,tom@x.example,5550102"), "A|B|C\n1:Ana|ana@x.example|5550101\n2:Tom|tom@x.example|5550102", "table.headless"},
		{"no headings, and nothing that tells but what comes again", rows("Ana Ruiz,Mill Row", "Tom Boyd,East End", "Mei Tan,Mill Row"), "A|B\n1:Ana Ruiz|Mill Row\n2:Tom Boyd|East End\n3:Mei Tan|Mill Row", "table.headless"},
		{"days as headings, of who came when", rows("Name,Phone,2026-03-04,2026-03-11,2026-03-18,2026-03-25", "Ana,555-0101,x,,x,"), "Name|Phone|2026-03-04|2026-03-11|2026-03-18|2026-03-25\n2:Ana|555-0101|x||x|", ""},
		{"one column", rows("Name", "Ana", "Tom"), "Name\n2:Ana\n3:Tom", ""},
		{
			"quotes broken in the middle",
			rows("Name,Area", `"Ana,x`, "Tom,y", `"Mei",z`, "Eve,w"), "Name|Area\n2:Ana|x\n3:Tom|y\n4:Mei|z\n5:Eve|w", "row.quotes@2",
		},
		{"quotes inside quotes", rows("Name,Area", `"Ana "the boss" Ruiz",x`, "Tom,y"), "Name|Area\n2:Ana \"the boss\" Ruiz|x\n3:Tom|y", "row.quotes@2"},
		{"a quote that nobody closes", rows("Name,Area", "Ana,x", `Tom,"y`, "Mei,z"), "Name|Area\n2:Ana|x\n3:Tom|y\n4:Mei|z", "row.quotes@3"},
		{"what a program neutralised", rows("Name,Notes", "Ana,'=1+1", "'-Tom,'s Hertogenbosch"), "Name|Notes\n2:Ana|=1+1\n3:-Tom|'s Hertogenbosch", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := read(t, "people.csv", c.file, Limits{})
			if len(book.Sheets) != 1 {
				t.Fatalf("got %d sheets", len(book.Sheets))
			}
			if got := flat(book.Sheets[0]); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if got := said(book); got != c.said {
				t.Errorf("said %q, want %q", got, c.said)
			}
		})
	}
}

func TestCSVNumbersRowsAsASpreadsheetDoes(t *testing.T) {
	book := read(t, "x.csv", rows("Name,Notes", `Ana,"two`, `lines"`, "", "Tom,y"), Limits{})
	if got, want := flat(book.Sheets[0]), "Name|Notes\n2:Ana|two⏎lines\n4:Tom|y"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestQuotesThatNeverComeRightAreNotReadOverAndOver(t *testing.T) {
	const lines = 100_000
	file, count := []byte(strings.Repeat("x\",\"\n", lines)), 0
	used := allocated(t, func() {
		for r := (records{lines: linesOf(file), sep: ','}); ; count++ {
			if _, err := r.next(); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Fatal(err)
			}
		}
	})
	if count != lines {
		t.Errorf("got %d rows of %d lines", count, lines)
	}
	if limit := uint64(64 * len(file)); used > limit {
		t.Errorf("%d bytes were allocated for a file of %d", used, len(file))
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, file := range map[string][]byte{
		"x.csv":  rows("Name,Area", "Ana,x"),
		"x.xlsx": zipped(t, bare(sheetOf(nameAndArea+`<row><c><v>1</v></c></row>`))),
	} {
		if _, err := Read(ctx, name, bytes.NewReader(file), int64(len(file)), Limits{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAFileThatIsNoTableIsRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		file string
		want string
	}{
		{"nothing", "", "sheet.file.empty"},
		{"blanks", " \n\t\n", "sheet.file.empty"},
		{"blank cells", ",,\n,,\n", "sheet.file.empty"},
		{"a picture", "\x89PNG\r\n\x1a\n", "sheet.file.foreign"},
		{"a PDF", "%PDF-1.7\n", "sheet.file.foreign"},
		{"a web page called xls", "<html><table><tr><td>a</td></tr></table>", "sheet.file.foreign"},
		{"XML", "\ufeff <?xml version=\"1.0\"?><!DOCTYPE x>", "sheet.file.foreign"},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet.file.old"},
		{"a program", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00>", "sheet.file.foreign"},
		{"half a zip", "PK\x03\x04\x14\x00", "sheet.file.damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := refused(t, "x.csv", []byte(c.file), Limits{}); got != c.want {
				t.Errorf("refused with %s, want %s", got, c.want)
			}
		})
	}
}

func TestLimitsOfATextFile(t *testing.T) {
	many := strings.Repeat("Ana,Mill Row,x\n", 50)
	for _, c := range []struct {
		name   string
		limits Limits
		want   string
	}{
		{"bytes", Limits{Bytes: 100}, "sheet.file.large"},
		{"rows", Limits{Rows: 49}, "sheet.file.rows"},
		{"cells", Limits{Cells: 149}, "sheet.file.cells"},
		{"text", Limits{Text: 200}, "sheet.file.cells"},
		{"columns", Limits{Columns: 2}, "sheet.file.columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := refused(t, "x.csv", []byte(many), c.limits); got != c.want {
				t.Errorf("refused with %s, want %s", got, c.want)
			}
		})
	}
	t.Run("one cell", func(t *testing.T) {
		book := read(t, "x.csv", rows("Name,Area", "Ana,"+strings.Repeat("ñ", 50)), Limits{Letters: 21})
		if got, want := book.Sheets[0].Rows[0].Cells[1].Text, strings.Repeat("ñ", 10); got != want || said(book) != "cell.long@2/B" {
			t.Errorf("kept %q and said %q", got, said(book))
		}
	})
	t.Run("one row", func(t *testing.T) {
		book := read(t, "x.csv", rows("Name,Area", strings.Repeat("x", 3000), "Tom,y"), Limits{Line: 2000})
		if got, want := flat(book.Sheets[0]), "Name|Area\n3:Tom|y"; got != want || said(book) != "row.long@2" {
			t.Errorf("got\n%s\nand said %q", got, said(book))
		}
	})
}

func TestOneThingIsNotSaidForever(t *testing.T) {
	book := read(t, "x.csv", []byte("Name,Sum\n"+strings.Repeat("Ana,1e999\n", 100)), Limits{})
	if got, want := len(book.Warnings), enough+1; got != want {
		t.Fatalf("got %d warnings, want %d", got, want)
	}
	if last := book.Warnings[enough].Message; last.Key != "sheet.more" || last.Args["n"] != 100-enough {
		t.Errorf("the last says %v", last)
	}
}
