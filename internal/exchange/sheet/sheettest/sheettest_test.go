package sheettest

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"commonweal/internal/exchange/sheet"
	"commonweal/internal/i18n"
)

func TestWorkbookIsTheSameEachTime(t *testing.T) {
	first, err := Workbook()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Workbook()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, again) {
		t.Error("two workbooks differ")
	}
}

func TestWorkbookIsReadWhole(t *testing.T) {
	file, err := Workbook()
	if err != nil {
		t.Fatal(err)
	}
	book, err := sheet.Read(t.Context(), "workbook.xlsx", bytes.NewReader(file), int64(len(file)), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name   string
		rows   int
		header string
		below  int
	}{
		{PartnersSheet, Partners, "Organization|Type|What they do|Contact Name|Contact Title|Contact E-mail|Contact Cell|Neighborhood|# of members|Languages|Wheelchair ramp?|Website|Met on", 2},
		{HouseholdsSheet, Households, "HH code|Street address|Block|Connector|Who lives there|How many|Kids under 6|Adults|Lang @ home|Last visit|Got books?|Notes", 2},
		{ConversationsSheet, Conversations, "Fecha|Promotora|Neighbor|HH code|Block|What do you need?|What can you share? (skills)|What would help|Advice|Consent|Weather", 1},
	}
	if len(book.Sheets) != len(want) {
		t.Fatalf("got %d sheets", len(book.Sheets))
	}
	for i, w := range want {
		s := book.Sheets[i]
		if s.Name != w.name || len(s.Rows) != w.rows || strings.Join(s.Header(), "|") != w.header || len(s.Below) != w.below {
			t.Errorf("got %q with %d rows, headings\n%s\nand below %q", s.Name, len(s.Rows), strings.Join(s.Header(), "|"), s.Below)
		}
		for j, c := range s.Columns {
			if c.Kind != sheet.Date {
				continue
			}
			for _, r := range s.Rows {
				if cell := r.Cells[j]; cell.Kind != sheet.Date && cell.Kind != sheet.Empty {
					t.Errorf("%s, row %d: %q is no day", s.Name, r.Number, cell.Text)
				}
			}
		}
	}
	days := func(i int, header string) sheet.Column {
		at := slices.Index(book.Sheets[i].Header(), header)
		return book.Sheets[i].Columns[at]
	}
	if got := days(0, "Met on"); got.Order != sheet.MonthFirst || got.Unsure {
		t.Errorf("Met on: %+v", got)
	}
	if got := days(1, "Last visit"); got.Order != sheet.MonthFirst || got.Unsure {
		t.Errorf("Last visit: %+v", got)
	}
	if got := days(2, "Fecha"); got.Order != sheet.DayFirst || got.Unsure {
		t.Errorf("Fecha: %+v", got)
	}
	if len(book.Warnings) == 0 || len(book.Warnings) > 30 {
		t.Errorf("%d warnings", len(book.Warnings))
	}
	for _, w := range book.Warnings {
		t.Log(i18n.In(i18n.English).Say(w.Message))
		t.Log(i18n.In(i18n.Spanish).Say(w.Message))
	}
}

func TestContactsIsAsLongAsAsked(t *testing.T) {
	n := 0
	for row, err := range Contacts(1234).Rows {
		if err != nil || len(row) != len(Contacts(0).Header) {
			t.Fatalf("row %d: %q, %v", n, row, err)
		}
		n++
	}
	if n != 1234 {
		t.Errorf("got %d rows", n)
	}
}
