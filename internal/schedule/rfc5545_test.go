package schedule

import (
	"strings"
	"testing"
	"time"
)

func newYork(t *testing.T) *time.Location { return zone(t, "America/New_York") }

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// The examples of RFC 5545, section 3.8.5.3, that recur by days. All begin at
// nine in the morning in New York.
func TestTheExamplesOfTheStandard(t *testing.T) {
	for _, c := range []struct{ name, start, rule, want string }{
		{"daily for 10 occurrences", "19970902", "FREQ=DAILY;COUNT=10", "1997-09-02 03 04 05 06 07 08 09 10 11"},
		{"every other day", "19970902", "FREQ=DAILY;INTERVAL=2", "1997-09-02 04 06 08 10 12 14 …"},
		{"every 10 days, 5 occurrences", "19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02 12 22 10-02 12"},
		{"every day in January", "19980101", "FREQ=YEARLY;UNTIL=19980105T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "1998-01-01 02 03 04 05"},
		{"the same by days", "19980101", "FREQ=DAILY;UNTIL=19980105T140000Z;BYMONTH=1", "1998-01-01 02 03 04 05"},
		{"weekly for 10 occurrences", "19970902", "FREQ=WEEKLY;COUNT=10", "1997-09-02 09 16 23 30 10-07 14 21 28 11-04"},
		{"weekly until 24 December", "19970902", "FREQ=WEEKLY;UNTIL=19971224T000000Z", "1997-09-02 09 16 23 30 10-07 14 21 28 11-04 11 18 25 12-02 09 16 23"},
		{"every other week", "19970902", "FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09-02 16 30 10-14 28 11-11 25 …"},
		{"Tuesday and Thursday for five weeks", "19970902", "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "1997-09-02 04 09 11 16 18 23 25 30 10-02"},
		{"the same by count", "19970902", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997-09-02 04 09 11 16 18 23 25 30 10-02"},
		{"every other week on three days", "19970901", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", "1997-09-01 03 05 15 17 19 29 10-01 03 13 15 17 27 29 31 11-10 12 14 24 26 28 12-08 10 12 22"},
		{"every other week on two days, 8 occurrences", "19970902", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09-02 04 16 18 30 10-02 14 16"},
		{"the first Friday, 10 occurrences", "19970905", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05 10-03 11-07 12-05 1998-01-02 02-06 03-06 04-03 05-01 06-05"},
		{"the first Friday until 24 December", "19970905", "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "1997-09-05 10-03 11-07 12-05"},
		{"every other month, first and last Sunday", "19970907", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997-09-07 28 11-02 30 1998-01-04 25 03-01 29 05-03 31"},
		{"the second last Monday, 6 months", "19970922", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22 10-20 11-17 12-22 1998-01-19 02-16"},
		{"the third last day of the month", "19970928", "FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28 10-29 11-28 12-29 1998-01-29 02-26 …"},
		{"the 2nd and 15th", "19970902", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997-09-02 15 10-02 15 11-02 15 12-02 15 1998-01-02 15"},
		{"first and last day", "19970930", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09-30 10-01 31 11-01 30 12-01 31 1998-01-01 31 02-01"},
		{"every 18 months, 10th to 15th", "19970910", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997-09-10 11 12 13 14 15 1999-03-10 11 12 13"},
		{"every Tuesday, every other month", "19970902", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997-09-02 09 16 23 30 11-04 11 18 25 1998-01-06 13 20 27 …"},
		{"yearly in June and July", "19970610", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06-10 07-10 1998-06-10 07-10 1999-06-10 07-10 2000-06-10 07-10 2001-06-10 07-10"},
		{"every other year, January to March", "19970310", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "1997-03-10 1999-01-10 02-10 03-10 2001-01-10 02-10 03-10 2003-01-10 02-10 03-10"},
		{"every third year on days of the year", "19970101", "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "1997-01-01 04-10 07-19 2000-01-01 04-09 07-18 2003-01-01 04-10 07-19 2006-01-01"},
		{"the 20th Monday of the year", "19970519", "FREQ=YEARLY;BYDAY=20MO", "1997-05-19 1998-05-18 1999-05-17 …"},
		{"Monday of week 20", "19970512", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12 1998-05-11 1999-05-17 …"},
		{"every Thursday in March", "19970313", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03-13 20 27 1998-03-05 12 19 26 1999-03-04 11 18 25 …"},
		{"every Thursday in summer", "19970605", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "1997-06-05 12 19 26 07-03 10 17 24 31 08-07 14 21 28 1998-06-04 …"},
		{"Friday the 13th", "19970902", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-02-13 03-13 11-13 1999-08-13 2000-10-13 …"},
		{"the Saturday after the first Sunday", "19970913", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "1997-09-13 10-11 11-08 12-13 1998-01-10 02-07 03-07 04-11 05-09 06-13 …"},
		{"election day", "19961105", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05 2000-11-07 2004-11-02 …"},
		{"the third of three weekdays", "19970904", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04 10-07 11-06"},
		{"the second last working day", "19970929", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29 10-30 11-27 12-30 1998-01-29 02-26 03-30 …"},
		{"a week that begins on Monday", "19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05 10 19 24"},
		{"a week that begins on Sunday", "19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05 17 19 31"},
		{"30 February is skipped", "20070115", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15 30 02-15 03-15 30"},
		{"a leap day comes every fourth year", "19960229", "FREQ=YEARLY;COUNT=3", "1996-02-29 2000-02-29 2004-02-29"},
		{"the last week of the year", "20200601", "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=TH;COUNT=3", "2020-12-31 2021-12-30 2022-12-29"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start, err := time.ParseInLocation("20060102T150405", c.start+"T090000", newYork(t))
			if err != nil {
				t.Fatal(err)
			}
			r, err := ParseRRULE("RRULE:"+c.rule, start)
			if err != nil {
				t.Fatal(err)
			}
			want := dates(c.want)
			got := begins(t, r, start, len(want), strings.HasSuffix(c.want, "…"))
			if g, w := strings.Join(got, " "), strings.Join(want, " "); g != w {
				t.Errorf("got\n%s, want\n%s", g, w)
			}
			again, err := ParseRRULE(r.RRULE(), start)
			if err != nil {
				t.Fatalf("what we write, %q, isn't read: %v", r.RRULE(), err)
			}
			if g := begins(t, again, start, len(want), strings.HasSuffix(c.want, "…")); strings.Join(g, " ") != strings.Join(want, " ") {
				t.Errorf("%q read again gives\n%s, want\n%s", r.RRULE(), g, want)
			}
		})
	}
}

// dates writes out a list in which year and month are only said when they change.
func dates(list string) []string {
	last := ""
	var all []string
	for part := range strings.FieldsSeq(strings.TrimSuffix(list, "…")) {
		last = last[:max(0, len(last)-len(part))] + part
		all = append(all, last)
	}
	return all
}

// begins gives so many days on which the rule begins, and one more unless it
// goes on: each at nine.
func begins(t *testing.T, r Rule, from time.Time, n int, goesOn bool) []string {
	t.Helper()
	var got []string
	for s := range r.Between(from, from.AddDate(20, 0, 0)) {
		if goesOn && len(got) == n || len(got) > n {
			break
		}
		if s.Start.Hour() != 9 {
			t.Errorf("begins at %s, want 9 o'clock", s.Start)
		}
		got = append(got, s.Start.Format(time.DateOnly))
	}
	return got
}

func TestARuleThatIsNotOneIsRefused(t *testing.T) {
	start := time.Date(1997, 9, 2, 9, 0, 0, 0, time.UTC)
	for _, rule := range []string{
		"", "FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=1e999", "COUNT=3",
		"FREQ=DAILY;BYHOUR=9,10", "FREQ=WEEKLY;UNTIL=soon", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0",
		"FREQ=DAILY;UNTIL=99991231T000000Z", "FREQ=YEARLY;BYMONTHDAY=" + strings.Repeat("1,", 1000), "FREQ=DAILY;COUNT=99999999999999999999",
	} {
		if r, err := ParseRRULE(rule, start); err == nil {
			t.Errorf("%.60q is read as %+v", rule, r)
		}
	}
}
