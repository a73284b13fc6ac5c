package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// tableOf is a table of rows that stand in memory.
func tableOf(name string, header []string, rows ...[]string) Table {
	return Table{Name: name, Header: header, Rows: func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}}
}

// nasty are texts that a spreadsheet program could run, change or lose.
var nasty = []string{
	"=1+1", "+34 600 123 456", "-5", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "＝1+1", "＋1", "－1", "＠x",
	"=cmd|' /C calc'!A0", `=HYPERLINK("https://evil.example","click")`, "'quoted'", "'=1", "''", "007", "1e5", "José “Pepe”",
	"two\nlines", `a "word"`, "a,b;c\td", "🏡", "plain", "\u00a0=1", "\ufeff=1",
}

func TestNoCellRuns(t *testing.T) {
	runs := func(text string) bool {
		text = strings.TrimLeft(text, " \u00a0\u3000\ufeff\u200b")
		first := []rune(text + " ")[0]
		return strings.ContainsRune("=+-@＝＋－＠\t\r\n", first)
	}
	control := 0
	for _, text := range nasty {
		if runs(text) {
			control++
		}
		if got := Neutral(text); runs(got) {
			t.Errorf("%q is written as %q", text, got)
		}
	}
	if control < 10 {
		t.Errorf("only %d of the texts would run: the test looks for the wrong thing", control)
	}
	for _, text := range []string{"", "plain", "a=b", "5-3", "ana@x.example", "'s Hertogenbosch", "O'Neill"} {
		if got := Neutral(text); got != text && !strings.HasPrefix(text, "'") {
			t.Errorf("%q is changed to %q", text, got)
		}
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	var records [][]string
	for i, text := range nasty {
		records = append(records, []string{"row" + strings.Repeat("x", i), text})
	}
	want := "Name|Text"
	for i, r := range records {
		want += "\n" + Letter(i) + ":" + r[0] + "|" + strings.ReplaceAll(tidy(strings.ReplaceAll(r[1], "\r", "")), "\n", "⏎")
	}
	for name, write := range writers {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := write(&out, tableOf("x", []string{"Name", "Text"}, records...)); err != nil {
				t.Fatal(err)
			}
			s := read(t, "x", out.Bytes(), Limits{}).Sheets[0]
			got := strings.Join(s.Header(), "|")
			for i, r := range s.Rows {
				text := r.Cells[1].Text
				if r.Cells[1].Was != "" {
					text = r.Cells[1].Was
				}
				got += "\n" + Letter(i) + ":" + r.Cells[0].Text + "|" + strings.ReplaceAll(text, "\n", "⏎")
			}
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

var writers = map[string]func(io.Writer, Table) error{
	"CSV":  WriteCSV,
	"XLSX": func(w io.Writer, t Table) error { return WriteXLSX(w, t) },
}

func TestOthersReadWhatIsWritten(t *testing.T) {
	table := tableOf("People: 2026/27 [all of them, every one]", []string{"Name", "Text"}, []string{"Ana", "=1+1"}, []string{"Tom", ""}, []string{"Mei", "5"})
	t.Run("CSV", func(t *testing.T) {
		var out bytes.Buffer
		if err := WriteCSV(&out, table); err != nil {
			t.Fatal(err)
		}
		got, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(out.Bytes(), []byte("\ufeff")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([][]string{{"Name", "Text"}, {"Ana", "'=1+1"}, {"Tom", ""}, {"Mei", "5"}}, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("XLSX", func(t *testing.T) {
		var out bytes.Buffer
		if err := WriteXLSX(&out, table, table); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		names := f.GetSheetList()
		if len(names) != 2 || names[0] == names[1] || len(names[0]) > 31 {
			t.Fatalf("the sheets are called %q", names)
		}
		for _, name := range names {
			got, err := f.GetRows(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([][]string{{"Name", "Text"}, {"Ana", "'=1+1"}, {"Tom"}, {"Mei", "5"}}, got); diff != "" {
				t.Error(diff)
			}
			if formula, err := f.GetCellFormula(name, "B2"); formula != "" || err != nil {
				t.Errorf("the cell holds the formula %q, %v", formula, err)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestWritingEndsAtTheFirstError(t *testing.T) {
	broken := errors.New("the store is gone")
	for name, write := range writers {
		t.Run(name, func(t *testing.T) {
			asked := 0
			var rows iter.Seq2[[]string, error] = func(yield func([]string, error) bool) {
				for asked = 1; asked < 10; asked++ {
					if asked == 3 && !yield(nil, broken) || asked != 3 && !yield([]string{"x"}, nil) {
						return
					}
				}
			}
			if err := write(io.Discard, Table{Name: "x", Header: []string{"Name"}, Rows: rows}); !errors.Is(err, broken) {
				t.Errorf("got %v", err)
			}
			if asked != 3 {
				t.Errorf("asked for %d rows", asked)
			}
		})
	}
}

func TestAWorkbookWithoutTablesIsRefused(t *testing.T) {
	if err := WriteXLSX(io.Discard); err == nil {
		t.Error("a workbook needs a sheet")
	}
}

func TestALongTableIsWrittenInLittleMemory(t *testing.T) {
	long := Table{Name: "x", Header: []string{"Name", "Text"}, Rows: func(yield func([]string, error) bool) {
		row := []string{"Ana", strings.Repeat("mill row ", 60)}
		for range 60_000 {
			if !yield(row, nil) {
				return
			}
		}
	}}
	for name, write := range writers {
		t.Run(name, func(t *testing.T) {
			runtime.GC()
			live, before := int64(0), heap()
			if err := write(watching{func() { live = max(live, heap()-before) }}, long); err != nil {
				t.Fatal(err)
			}
			if limit := int64(64 << 20); live > limit {
				t.Errorf("a table of 30 MB kept %d MB in memory", live>>20)
			}
		})
	}
}
