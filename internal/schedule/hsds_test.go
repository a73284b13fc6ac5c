package schedule

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHSDSIsReadAsPeopleWriteIt(t *testing.T) {
	kathmandu := zone(t, "Asia/Kathmandu")
	for _, c := range []struct {
		name   string
		fields map[string]string
		want   Rule
		wrong  []string
	}{
		{"the official example", map[string]string{
			"valid_from": "2005-01-01", "valid_to": "2005-01-01", "dtstart": "2005-01-01", "timezone": "3", "until": "2005-01-01", "count": "3",
			"wkst": "TU", "freq": "WEEKLY", "interval": "1", "byday": "TH,FR", "byweekno": "41,42", "bymonthday": "2,3,4", "byyearday": "2,3,4",
			"description": "Weekdays.", "opens_at": "10:00:00", "closes_at": "18:00:00",
		}, Rule{
			Freq: Weekly, Interval: 1, Start: Date(2005, 1, 1), From: Date(2005, 1, 1), To: Date(2005, 1, 1), Until: Date(2005, 1, 1), Count: 3,
			ByDay: []On{{0, Thursday}, {0, Friday}}, ByWeekNo: []int{41, 42}, ByMonthDay: []int{2, 3, 4}, ByYearDay: []int{2, 3, 4},
			WeekStart: Tuesday, Opens: At(10, 0), Closes: At(18, 0), Zone: time.FixedZone("UTC+03:00", 3*3600), Description: "Weekdays.",
		}, nil},
		{
			"a name as a zone",
			map[string]string{"freq": "MONTHLY", "byday": "2MO,-1FR", "timezone": "Asia/Kathmandu"},
			Rule{Freq: Monthly, ByDay: []On{{2, Monday}, {-1, Friday}}, Zone: kathmandu},
			nil,
		},
		{"an offset of half an hour", map[string]string{"freq": "DAILY", "timezone": "-3.5"}, Rule{Freq: Daily, Zone: time.FixedZone("UTC-03:30", -12600)}, nil},
		{"an offset with colon", map[string]string{"freq": "DAILY", "timezone": "+05:45"}, Rule{Freq: Daily, Zone: time.FixedZone("UTC+05:45", 20700)}, nil},
		{
			"the zone in the hour",
			map[string]string{"byday": "mo", "opens_at": "9:30Z", "closes_at": "5 pm"},
			Rule{Freq: Weekly, ByDay: []On{{0, Monday}}, Opens: At(9, 30), Closes: At(17, 0), Zone: time.UTC},
			nil,
		},
		{
			"HSDS 1.1, regular",
			map[string]string{"weekday": "Thursday", "opens_at": "12:00 AM", "closes_at": "12:30 p.m."},
			Rule{Freq: Weekly, ByDay: []On{{0, Thursday}}, Opens: At(0, 0), Closes: At(12, 30)},
			nil,
		},
		{"HSDS 1.1, by number", map[string]string{"weekday": "7"}, Rule{Freq: Weekly, ByDay: []On{{0, Sunday}}}, nil},
		{
			"HSDS 1.1, holiday",
			map[string]string{"closed": "TRUE", "start_date": "2026-12-24", "end_date": "2026-12-26"},
			Rule{Freq: Daily, From: Date(2026, 12, 24), To: Date(2026, 12, 26), Closed: true},
			nil,
		},
		{"one day", map[string]string{"dtstart": "2026-12-05T00:00:00Z", "opens_at": "10:00"}, Rule{Freq: Once, Start: Date(2026, 12, 5), Opens: At(10, 0)}, nil},
		{"words alone", map[string]string{"description": "Ask us"}, Rule{Description: "Ask us"}, nil},
		{"weekly, but on which days?", map[string]string{"freq": "weekly"}, Rule{Freq: Weekly}, []string{"byday"}},
		{"what can't be read is told and the rest kept", map[string]string{
			"freq": "HOURLY", "byday": "MO,XX", "opens_at": "25:00", "closes_at": "17h00", "count": "1e999", "interval": "-1", "dtstart": "31/12/2026",
			"until": "0001-01-01", "timezone": "Nowhere", "bymonthday": "1,2,99", "wkst": "1MO",
		}, Rule{Closes: At(17, 0)}, []string{"bymonthday", "byday", "count", "dtstart", "freq", "interval", "opens_at", "timezone", "until", "wkst"}},
		{"this machine's zone is nobody's", map[string]string{"freq": "DAILY", "timezone": "Local"}, Rule{Freq: Daily}, []string{"timezone"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, warnings := ParseHSDS(c.fields)
			if d := cmp.Diff(plain(c.want), plain(got), cmp.AllowUnexported(Clock{})); d != "" {
				t.Errorf("rule (-want +got)\n%s", d)
			}
			var wrong []string
			for _, w := range warnings {
				wrong = append(wrong, w.Name)
			}
			slices.Sort(wrong)
			slices.Sort(c.wrong)
			if !slices.Equal(wrong, c.wrong) {
				t.Errorf("warned of %v, want %v", wrong, c.wrong)
			}
		})
	}
}

// plain is a rule to compare: zones by what they're called.
func plain(r Rule) any {
	zone := ""
	if r.Zone != nil {
		zone = r.Zone.String()
		r.Zone = nil
	}
	return struct {
		Rule Rule
		Zone string
	}{r, zone}
}

func TestHSDSOutHappensOnTheSameDaysAsItWentIn(t *testing.T) {
	for _, r := range []Rule{
		{Freq: Weekly, ByDay: []On{{0, Monday}, {0, Thursday}}, Opens: At(9, 0), Closes: At(12, 30), Zone: time.UTC, Description: "Mornings"},
		{Freq: Weekly, Interval: 2, Start: Date(2026, 1, 6), Count: 9, Zone: time.UTC},
		{Freq: Monthly, ByDay: []On{{2, Monday}}, Until: Date(2027, 3, 1), Opens: At(18, 0), Zone: time.FixedZone("UTC-03:30", -12600)},
		{Freq: Monthly, ByMonthDay: []int{-1}, From: Date(2026, 2, 1), To: Date(2026, 12, 1), Zone: time.UTC},
		{Freq: Daily, Opens: At(8, 0), Closes: At(24, 0), Zone: time.UTC},
		{Freq: Daily, ByDay: []On{{0, Sunday}}, Zone: time.UTC},
		{Freq: Once, Start: Date(2026, 5, 5), Opens: At(10, 0), Closes: At(11, 0), Zone: time.UTC},
		{Freq: Yearly, Start: Date(2026, 5, 5), Zone: time.UTC},
		{Description: "Ring first", Zone: time.UTC},
	} {
		fields := r.HSDS()
		again, warnings := ParseHSDS(fields)
		if len(warnings) > 0 {
			t.Errorf("%v: warned of %v", fields, warnings)
		}
		from, to := Date(2026, 1, 1).Time(), Date(2028, 1, 1).Time()
		if got, want := slices.Collect(again.Between(from, to)), slices.Collect(r.Between(from, to)); !slices.EqualFunc(got, want, same) {
			t.Errorf("%v:\ngot  %v\nwant %v", fields, got, want)
		}
		if d := cmp.Diff(fields, again.HSDS()); d != "" {
			t.Errorf("written twice (-first +second)\n%s", d)
		}
		if freq := fields["freq"]; freq != "" && freq != "WEEKLY" && freq != "MONTHLY" {
			t.Errorf("freq %q is not one that HSDS 3.0 has", freq)
		}
	}
	rare := Rule{Freq: Daily, Interval: 3, Start: Date(2026, 1, 1), Opens: At(9, 0)}
	if got := rare.HSDS(); got["freq"] != "" || got["opens_at"] != "09:00" {
		t.Errorf("every third day is told as %v: HSDS has no words for its days, but for its hours", got)
	}
}

func same(a, b Span) bool {
	return a.Start.Equal(b.Start) && a.End.Equal(b.End) && a.AllDay == b.AllDay
}

func TestShapesAreThePiecesOfASentence(t *testing.T) {
	on := func(days ...Weekday) (all []On) {
		for _, d := range days {
			all = append(all, On{Day: d})
		}
		return all
	}
	for _, c := range []struct {
		name string
		rule Rule
		want Shape
	}{
		{
			"working days",
			Rule{Freq: Weekly, ByDay: on(Friday, Monday, Tuesday, Wednesday, Thursday), Opens: At(9, 0)},
			Shape{Kind: Weekdays, Every: 1, Runs: []Run{{Monday, Friday}}, Opens: At(9, 0)},
		},
		{"every other Tuesday", Rule{Freq: Weekly, Interval: 2, Start: Date(2026, 1, 6)}, Shape{Kind: Weekdays, Every: 2, Runs: []Run{{Tuesday, Tuesday}}, From: Date(2026, 1, 6)}},
		{"all seven days", Rule{Freq: Weekly, ByDay: on(1, 2, 3, 4, 5, 6, 7)}, Shape{Kind: EveryDay, Every: 1}},
		{"second Monday", Rule{Freq: Monthly, ByDay: []On{{2, Monday}}}, Shape{Kind: NthWeekdays, Every: 1, Nth: []On{{2, Monday}}}},
		{"the 15th", Rule{Freq: Monthly, Start: Date(2026, 1, 15)}, Shape{Kind: MonthDays, Every: 1, MonthDays: []int{15}, From: Date(2026, 1, 15)}},
		{"every year", Rule{Freq: Yearly, Start: Date(2026, 1, 15), To: Date(2030, 1, 1)}, Shape{Kind: EveryYear, Every: 1, From: Date(2026, 1, 15), Until: Date(2030, 1, 1)}},
		{"Friday the 13th", Rule{Freq: Monthly, ByDay: on(Friday), ByMonthDay: []int{13}}, Shape{Kind: Other, Every: 1}},
		{"nothing", Rule{Description: "Ask"}, Shape{Kind: Unsaid, Every: 1}},
	} {
		if d := cmp.Diff(c.want, c.rule.Shape(), cmp.AllowUnexported(Clock{})); d != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, d)
		}
	}
}

func TestAWeekIsATableAndWhatDoesNotFitIn(t *testing.T) {
	weekly := func(opens, closes int, days ...Weekday) Rule {
		r := Rule{Freq: Weekly, Opens: At(opens, 0), Closes: At(closes, 0)}
		for _, d := range days {
			r.ByDay = append(r.ByDay, On{Day: d})
		}
		return r
	}
	holiday := Rule{Freq: Daily, From: Date(2026, 12, 24), To: Date(2026, 12, 26), Closed: true}
	table, rest := Set{weekly(14, 18, 1, 2, 3), weekly(9, 12, 1, 2, 3, 4, 5), weekly(9, 12, 5), holiday}.Week()
	want := []WeekHours{
		{Run{Monday, Wednesday}, []Hours{{At(9, 0), At(12, 0)}, {At(14, 0), At(18, 0)}}},
		{Run{Thursday, Friday}, []Hours{{At(9, 0), At(12, 0)}}},
	}
	if d := cmp.Diff(want, table, cmp.AllowUnexported(Clock{})); d != "" {
		t.Errorf("table (-want +got)\n%s", d)
	}
	if len(rest) != 1 || !rest[0].Closed {
		t.Errorf("besides the table: %v, want the holiday", rest)
	}
}

// Whatever a file says, reading it ends, and so does asking it.
func FuzzParseHSDS(f *testing.F) {
	f.Add("WEEKLY", "TH,FR", "2005-01-01", "3", "10:00:00", "41,42")
	f.Add("MONTHLY", "2MO;-1FR", "2026-01-31", "+05:30", "9 pm", "-1")
	f.Add("YEARLY", "", "2024-02-29", "America/New_York", "24:00", "")
	f.Add("", "7", "1e999", "1e999", "99:99", strings.Repeat("1,", 500))
	f.Fuzz(func(t *testing.T, freq, byday, dtstart, timezone, opens, numbers string) {
		fields := map[string]string{
			"freq": freq, "byday": byday, "dtstart": dtstart, "timezone": timezone, "opens_at": opens, "closes_at": opens,
			"bymonthday": numbers, "byyearday": numbers, "byweekno": numbers, "count": numbers, "interval": numbers,
		}
		r, _ := ParseHSDS(maps.Clone(fields))
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		last := time.Time{}
		for s := range r.Between(start, start.AddDate(3, 0, 0)) {
			if s.End.Before(s.Start) || s.Start.Before(last) {
				t.Fatalf("%v: spans out of order: %v after %s", fields, s, last)
			}
			last = s.Start
		}
		again, warnings := ParseHSDS(r.HSDS())
		if len(warnings) > 0 && r.Known() && len(r.HSDS()["freq"]) > 0 {
			t.Fatalf("%v: what we write isn't read: %v", r.HSDS(), warnings)
		}
		_ = again.Shape()
	})
}
