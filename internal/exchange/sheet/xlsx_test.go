package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// made writes a workbook with the library that we don't read with.
func made(t *testing.T, fill func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := fill(f); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// cells fills a sheet row by row, from A1.
func cells(f *excelize.File, sheet string, all ...[]any) error {
	for i, row := range all {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := f.SetSheetRow(sheet, at, &row); err != nil {
			return err
		}
	}
	return nil
}

func TestReadXLSX(t *testing.T) {
	noon := time.Date(2026, 3, 4, 12, 30, 0, 0, time.UTC)
	day := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		fill func(f *excelize.File) error
		want string
		said string
	}{
		{"values of each kind", func(f *excelize.File) error {
			return cells(f, "Sheet1", []any{"Name", "Sum", "Paid", "Day", "Hour"},
				[]any{"Ana", 12.5, true, day, noon}, []any{"Tom", 0.1 + 0.2, false, day, noon})
		}, "Name|Sum|Paid|Day|Hour\n2:Ana|12.5|true|2026-03-04|2026-03-04 12:30\n3:Tom|0.3|false|2026-03-04|2026-03-04 12:30", ""},
		{"phones kept as numbers", func(f *excelize.File) error {
			return cells(f, "Sheet1", []any{"Name", "Phone"}, []any{"Ana", 5551234567}, []any{"Tom", 34600123456})
		}, "Name|Phone\n2:Ana|5551234567\n3:Tom|34600123456", ""},
		{"formulas", func(f *excelize.File) error {
			if err := cells(f, "Sheet1", []any{"Name", "Sum", "Twice"}, []any{"Ana", 2, 4}, []any{"Tom", 3, nil}); err != nil {
				return err
			}
			if err := f.SetCellFormula("Sheet1", "C2", "B2*2"); err != nil {
				return err
			}
			return f.SetCellFormula("Sheet1", "C3", "B3*2")
		}, "Name|Sum|Twice\n2:Ana|2|4\n3:Tom|3|", "cell.uncounted@3/C column.formulas/C"},
		{"merged title, two rows of headings", func(f *excelize.File) error {
			err := cells(f, "Sheet1", []any{"Our partners 2026"}, nil,
				[]any{"Name", "Contact", nil, "Place", nil}, []any{nil, "Phone", "E-mail", "Area", "Address"},
				[]any{"Ana", "555-0101", "ana@x.example", "Mill Row", "12 Mill Row"},
				[]any{"Tom", "555-0102", "tom@x.example", "East", "3 East St"})
			for _, m := range [][2]string{{"A1", "E1"}, {"A3", "A4"}, {"B3", "C3"}, {"D3", "E3"}} {
				if err == nil {
					err = f.MergeCell("Sheet1", m[0], m[1])
				}
			}
			return err
		}, "Name|Contact Phone|Contact E-mail|Place Area|Place Address\n5:Ana|555-0101|ana@x.example|Mill Row|12 Mill Row\n6:Tom|555-0102|tom@x.example|East|3 East St", ""},
		{"merged cells over rows", func(f *excelize.File) error {
			err := cells(f, "Sheet1", []any{"Area", "Name", "Phone"}, []any{"Mill Row", "Ana", "555-0101"},
				[]any{nil, "Tom", "555-0102"}, []any{nil, "Mei", "555-0103"}, []any{"East", "Eve", "555-0104"})
			if err != nil {
				return err
			}
			return f.MergeCell("Sheet1", "A2", "A4")
		}, "Area|Name|Phone\n2:Mill Row|Ana|555-0101\n3:Mill Row|Tom|555-0102\n4:Mill Row|Mei|555-0103\n5:East|Eve|555-0104", "table.merged@3/A"},
		{"titles, totals, notes, headings again", func(f *excelize.File) error {
			return cells(f, "Sheet1", []any{"Attendance"}, []any{"made by Rosa"}, nil,
				[]any{nil, "Name", "Visits", "Area"}, []any{nil, "Ana", 3, "x"}, nil, []any{nil, "Tom", 4, "y"},
				[]any{nil, "name", "Visits", "Area"}, []any{nil, "Mei", 5, "z"}, []any{nil, "TOTAL", 12}, nil,
				[]any{nil, "* visits since March"}, []any{"Note: ask Rosa before you change this sheet."})
		}, "Name|Visits|Area\n5:Ana|3|x\n7:Tom|4|y\n9:Mei|5|z", "row.note@12 row.note@13 row.again@8 row.total@10"},
		{"a total that isn't one", func(f *excelize.File) error {
			return cells(f, "Sheet1", []any{"Name", "Area"}, []any{"Total Fitness", "x"}, []any{"Total", "Mill Row"})
		}, "Name|Area\n2:Total Fitness|x\n3:Total|Mill Row", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := read(t, "x.xlsx", made(t, c.fill), Limits{})
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

func TestADayFromTheCountSince1904(t *testing.T) {
	day := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	file := made(t, func(f *excelize.File) error {
		yes := true
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			return err
		}
		return cells(f, "Sheet1", []any{"Name", "Day"}, []any{"Ana", day})
	})
	if got, want := flat(read(t, "x.xlsx", file, Limits{}).Sheets[0]), "Name|Day\n2:Ana|2026-03-04"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSheetsInTheOrderOfTheWorkbook(t *testing.T) {
	file := made(t, func(f *excelize.File) error {
		for _, name := range []string{"Zoo", "Empty", "Ärzte"} {
			if _, err := f.NewSheet(name); err != nil {
				return err
			}
		}
		if err := f.MoveSheet("Ärzte", "Sheet1"); err != nil {
			return err
		}
		if err := cells(f, "Ärzte", []any{"Name", "Area"}, []any{"Mei", "y"}); err != nil {
			return err
		}
		return cells(f, "Zoo", []any{"Name", "Area"}, []any{"Ana", "x"})
	})
	var names []string
	for _, s := range read(t, "x.xlsx", file, Limits{}).Sheets {
		names = append(names, s.Name)
	}
	if want := []string{"Ärzte", "Zoo"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

// zipped writes an archive of these parts.
func zipped(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// streamed is a workbook whose one sheet is read from in.
func streamed(t *testing.T, in io.Reader) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	parts := bare("")
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if parts[name] == "" {
			_, err = io.Copy(w, in)
		} else {
			_, err = io.WriteString(w, parts[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bare is the smallest workbook around one sheet's XML.
func bare(sheet string) map[string]string {
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	return map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="` + office + `"><sheets><sheet name="People" sheetId="1" r:id="r7"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r7" Type="` + office + `/worksheet" Target="/xl/worksheets/a.xml"/></Relationships>`,
		"xl/worksheets/a.xml":        sheet,
	}
}

// sheetOf is a sheet's XML around its rows.
func sheetOf(rows string) string {
	return `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`
}

const nameAndArea = `<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="inlineStr"><is><r><t>Ar</t></r><r><t>ea</t></r><rPh><t>XX</t></rPh></is></c></row>`

func TestCellsOfABareWorkbook(t *testing.T) {
	for _, c := range []struct {
		name, row, want, said string
	}{
		{"no references", `<row><c t="str"><v>Ana</v></c><c><v>7</v></c></row>`, "2:Ana|7", ""},
		{"gaps", `<row r="9"><c r="B9"><v>7</v></c></row>`, "9:|7", ""},
		{"a number without end", `<row><c><v>1</v></c><c><v>1e999</v></c></row>`, "2:1|", "cell.endless@2/B"},
		{"no number at all", `<row><c><v>1</v></c><c><v>NaN</v></c></row>`, "2:1|", "cell.endless@2/B"},
		{"a failed formula", `<row><c><v>1</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`, "2:1|", "cell.error@2/B column.formulas/B"},
		{"a text that isn't there", `<row><c><v>1</v></c><c t="s"><v>99</v></c></row>`, "2:1|", ""},
		{"a day in letters", `<row><c><v>1</v></c><c t="d"><v>2026-03-04T00:00:00</v></c></row>`, "2:1|2026-03-04", ""},
		{"big numbers", `<row><c><v>1.5E+3</v></c><c><v>5.551234567E9</v></c></row>`, "2:1500|5551234567", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := read(t, "x.xlsx", zipped(t, bare(sheetOf(nameAndArea+c.row))), Limits{})
			if got, want := flat(book.Sheets[0]), "Name|Area\n"+c.want; got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if got := said(book); got != c.said {
				t.Errorf("said %q, want %q", got, c.said)
			}
		})
	}
}
