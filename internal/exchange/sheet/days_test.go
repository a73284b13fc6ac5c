package sheet

import (
	"strings"
	"testing"
)

func TestReadDay(t *testing.T) {
	for _, c := range []struct{ text, dayFirst, monthFirst string }{
		{"2026-03-04", "2026-03-04", "2026-03-04"},
		{"2026/3/4", "2026-03-04", "2026-03-04"},
		{"2026-03-04T15:30:00Z", "2026-03-04 15:30", "2026-03-04 15:30"},
		{"2026-03-04 00:00:00", "2026-03-04", "2026-03-04"},
		{"3/4/2026", "2026-04-03", "2026-03-04"},
		{"3-4-26", "2026-04-03", "2026-03-04"},
		{"03/04/1971 3:05 pm", "1971-04-03 15:05", "1971-03-04 15:05"},
		{"3.4.2026", "2026-04-03", "2026-04-03"},
		{"13/2/2026", "2026-02-13", ""},
		{"2/13/2026", "", "2026-02-13"},
		{"29/2/2024", "2024-02-29", ""},
		{"4 March 2026", "2026-03-04", "2026-03-04"},
		{"March 4th, 2026", "2026-03-04", "2026-03-04"},
		{"4 de marzo de 2026", "2026-03-04", "2026-03-04"},
		{"mar 4, 2026", "2026-03-04", "2026-03-04"},
		{"martes 4 de agosto del 2026", "2026-08-04", "2026-08-04"},
		{"Sat 28 Nov 2026", "2026-11-28", "2026-11-28"},
		{"sáb 28 nov 2026", "2026-11-28", "2026-11-28"},
		{"1º de enero de 2026", "2026-01-01", "2026-01-01"},
		{"4-sept-49", "2049-09-04", "2049-09-04"},
		{"4-dic-50", "1950-12-04", "1950-12-04"},
	} {
		d, ok := readDay(c.text)
		if !ok {
			t.Errorf("%q is no day", c.text)
			continue
		}
		if got, _ := d.in(DayFirst); got != c.dayFirst {
			t.Errorf("%q with the day first is %q, want %q", c.text, got, c.dayFirst)
		}
		if got, _ := d.in(MonthFirst); got != c.monthFirst {
			t.Errorf("%q with the month first is %q, want %q", c.text, got, c.monthFirst)
		}
	}
	for _, text := range []string{
		"", "today", "2026", "555-0101", "555-01-0234", "12 Mill Row", "3/4", "1-2-3", "31/31/2026", "30/2/2026", "29/2/2023",
		"5 oak 2020", "12:30", "1/2/2026/4", "15 maybe 2026", "99999999999999999999", "0/0/2026", "2026-3-4 25:00", "9999999-1-1",
	} {
		if d, ok := readDay(text); ok {
			t.Errorf("%q is read as %+v", text, d)
		}
	}
}

func TestSerialDay(t *testing.T) {
	for _, c := range []struct {
		serial   float64
		from1904 bool
		want     string
	}{
		{0.5, false, "12:00"},
		{1, false, "1900-01-01"},
		{59, false, "1900-02-28"},
		{61, false, "1900-03-01"},
		{46085, false, "2026-03-04"},
		{46085.645833333, false, "2026-03-04 15:30"},
		{46084.999999999, false, "2026-03-04"},
		{44623, true, "2026-03-04"},
		{0, true, "1904-01-01"},
		{lastSerial, false, "9999-12-31"},
	} {
		if got, ok := serialDay(c.serial, c.from1904); !ok || got != c.want {
			t.Errorf("serial %v (1904: %v) is %q, want %q", c.serial, c.from1904, got, c.want)
		}
	}
	for _, no := range []float64{-1, 60, lastSerial + 1, 1e300} {
		if got, ok := serialDay(no, false); ok {
			t.Errorf("serial %v is read as %q", no, got)
		}
	}
}

func TestDaysOfAColumn(t *testing.T) {
	for _, c := range []struct {
		name string
		days []string
		want string
		kind Kind
		said string
	}{
		{"ISO", []string{"2026-03-04", "2026-03-05"}, "2026-03-04 2026-03-05", Date, ""},
		{"one tells the day first", []string{"3/4/2026", "13/4/2026"}, "2026-04-03 2026-04-13", Date, ""},
		{"one tells the month first", []string{"3/4/2026", "3/14/2026"}, "2026-03-04 2026-03-14", Date, ""},
		{"nothing tells", []string{"3/4/2026", "5/6/2026"}, "2026-03-04 2026-05-06", Date, "column.unsure/When"},
		{"either way is the same", []string{"4/4/2026", "5/5/2026"}, "2026-04-04 2026-05-05", Date, ""},
		{"both ways in one column", []string{"13/4/2026", "3/14/2026", "14/4/2026", "3/4/2026"}, "2026-04-13 2026-03-14 2026-04-14 2026-04-03", Date, "column.bothways@5/When"},
		{"ISO among others", []string{"2026-03-04", "13/4/2026", "1/4/2026"}, "2026-03-04 2026-04-13 2026-04-01", Date, ""},
		{"a word among days", []string{"2026-03-04", "13/4/2026", "not yet"}, "2026-03-04 2026-04-13 not yet", Date, "cell.notaday@4/When"},
		{"an impossible day", []string{"2026-03-04", "13/4/2026", "31/2/2026"}, "2026-03-04 2026-04-13 31/2/2026", Date, "cell.notaday@4/When"},
		{"numbers of days", []string{"46085", "46086"}, "2026-03-04 2026-03-05", Date, "column.serials@2/When"},
		{"a few days among words", []string{"soon", "later", "3/4/2026"}, "soon later 3/4/2026", Text, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := "Name,When\n"
			for _, d := range c.days {
				file += "Ana," + d + "\n"
			}
			book := read(t, "x.csv", []byte(file), Limits{})
			var days []string
			for _, r := range book.Sheets[0].Rows {
				days = append(days, r.Cells[1].Text)
			}
			if got := strings.Join(days, " "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if got := book.Sheets[0].Columns[1].Kind; got != c.kind {
				t.Errorf("the column's kind is %v, want %v", got, c.kind)
			}
			if got := said(book); got != c.said {
				t.Errorf("said %q, want %q", got, c.said)
			}
		})
	}
}

func TestAColumnThatDoesNotTellFollowsOneThatDoes(t *testing.T) {
	book := read(t, "x.csv", rows("Joined,When", "13/4/2026,3/4/2026", "14/4/2026,1/2/2026"), Limits{})
	s := &book.Sheets[0]
	if got, want := flat(*s), "Joined|When\n2:2026-04-13|2026-04-03\n3:2026-04-14|2026-02-01"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s.Columns[0].Unsure || !s.Columns[1].Unsure {
		t.Errorf("unsure are %+v", s.Columns)
	}
	s.SetOrder(1, MonthFirst)
	if got, want := flat(*s), "Joined|When\n2:2026-04-13|2026-03-04\n3:2026-04-14|2026-01-02"; got != want {
		t.Errorf("after a person's word: got\n%s\nwant\n%s", got, want)
	}
	if s.Columns[1].Unsure {
		t.Error("asked again after a person's word")
	}
}
