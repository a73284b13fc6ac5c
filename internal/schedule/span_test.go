package schedule

import (
	"strings"
	"testing"
	"time"
)

func TestTheHourOfTheWallStaysAcrossDaylightSaving(t *testing.T) {
	for _, c := range []struct {
		name, zone     string
		day            Day
		opens, closes  Clock
		begins, ends   string // in the zone
		lasting        time.Duration
		beginsInUTCToo string
	}{
		{"spring skips the hour: the first minute after", "America/New_York", Date(2026, 3, 8), At(2, 30), At(4, 0), "03:00 EDT", "04:00 EDT", time.Hour, "07:00"},
		{"all of it is skipped: a moment, not nothing", "America/New_York", Date(2026, 3, 8), At(2, 10), At(2, 50), "03:00 EDT", "03:00 EDT", 0, "07:00"},
		{"over the gap", "America/New_York", Date(2026, 3, 8), At(1, 0), At(4, 0), "01:00 EST", "04:00 EDT", 2 * time.Hour, "06:00"},
		{"autumn doubles the hour: the first", "America/New_York", Date(2026, 11, 1), At(1, 30), At(3, 0), "01:30 EDT", "03:00 EST", 150 * time.Minute, "05:30"},
		{"the day before and after", "Europe/Madrid", Date(2026, 3, 28), At(22, 0), At(6, 0), "22:00 CET", "06:00 CEST", 7 * time.Hour, "21:00"},
		{"half an hour of change, spring", "Australia/Lord_Howe", Date(2026, 10, 4), At(2, 15), At(3, 0), "02:30 +11", "03:00 +11", 30 * time.Minute, "15:30"},
		{"half an hour of change, autumn", "Australia/Lord_Howe", Date(2026, 4, 5), At(1, 45), At(2, 15), "01:45 +11", "02:15 +1030", time.Hour, "14:45"},
		{"a zone at three quarters", "Asia/Kathmandu", Date(2026, 1, 5), At(10, 0), At(18, 0), "10:00 +0545", "18:00 +0545", 8 * time.Hour, "04:15"},
		{"closes at midnight", "America/Chicago", Date(2026, 7, 1), At(18, 0), At(24, 0), "18:00 CDT", "00:00 CDT", 6 * time.Hour, "23:00"},
		{"open round the clock", "America/Chicago", Date(2026, 7, 1), At(0, 0), At(0, 0), "00:00 CDT", "00:00 CDT", 24 * time.Hour, "05:00"},
		{"nobody says until when", "America/Chicago", Date(2026, 7, 1), At(10, 0), Clock{}, "10:00 CDT", "10:00 CDT", 0, "15:00"},
		{"a whole day whose midnight is skipped", "Africa/Cairo", Date(2026, 4, 24), Clock{}, Clock{}, "01:00 EEST", "00:00 EEST", 23 * time.Hour, "22:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			z := zone(t, c.zone)
			r := Rule{Freq: Once, Start: c.day, Opens: c.opens, Closes: c.closes, Zone: z}
			s, ok := r.Next(c.day.Time().Add(-20 * time.Hour))
			if !ok {
				t.Fatal("doesn't happen")
			}
			if got := s.Start.In(z).Format("15:04 MST"); got != c.begins {
				t.Errorf("begins %s, want %s", got, c.begins)
			}
			if got := s.End.In(z).Format("15:04 MST"); got != c.ends {
				t.Errorf("ends %s, want %s", got, c.ends)
			}
			if got := s.End.Sub(s.Start); got != c.lasting {
				t.Errorf("lasts %s, want %s", got, c.lasting)
			}
			if got := s.Start.UTC().Format("15:04"); got != c.beginsInUTCToo {
				t.Errorf("begins %s UTC, want %s", got, c.beginsInUTCToo)
			}
		})
	}
}

func TestADayThatTheZoneLeavesOutIsLeftOut(t *testing.T) {
	r := Rule{Freq: Daily, Start: Date(2011, 12, 28), Count: 5, Opens: At(10, 0), Closes: At(11, 0), Zone: zone(t, "Pacific/Apia")}
	var got []string
	for s := range r.Between(Date(2011, 12, 20).Time(), Date(2012, 1, 20).Time()) {
		got = append(got, s.Start.In(r.Zone).Format("2 15:04"))
	}
	if g, want := strings.Join(got, ", "), "28 10:00, 29 10:00, 31 10:00, 1 10:00"; g != want {
		t.Errorf("got %s, want %s", g, want)
	}
}

func TestARuleWithoutAZoneTakesThatOfTheQuestion(t *testing.T) {
	madrid := zone(t, "Europe/Madrid")
	r := Rule{Freq: Weekly, ByDay: []On{{Day: Monday}}, Opens: At(10, 0), Closes: At(14, 0)}
	noon := time.Date(2026, 11, 23, 13, 30, 0, 0, madrid)
	if !r.OpenAt(noon) {
		t.Error("closed on Monday at half past one in Madrid")
	}
	if r.OpenAt(noon.In(zone(t, "America/New_York"))) {
		t.Error("open on Monday at half past seven in New York")
	}
}

func TestValidityHidesDaysButStillCountsThem(t *testing.T) {
	r := Rule{Freq: Weekly, Start: Date(2026, 1, 6), Count: 4, From: Date(2026, 1, 10), To: Date(2026, 1, 25), Zone: time.UTC}
	var got []string
	for s := range r.Between(Date(2025, 1, 1).Time(), Date(2027, 1, 1).Time()) {
		got = append(got, DayOf(s.Start).String())
	}
	if g, want := strings.Join(got, " "), "2026-01-13 2026-01-20"; g != want {
		t.Errorf("got %s, want %s", g, want)
	}
}

func TestNextIsTheFirstThatBeginsFromThenOn(t *testing.T) {
	r := Rule{Freq: Monthly, ByDay: []On{{2, Monday}}, Opens: At(18, 0), Closes: At(20, 0), Zone: time.UTC}
	for _, c := range []struct{ at, want string }{
		{"2026-11-09T18:00:00Z", "2026-11-09T18:00:00Z"},
		{"2026-11-09T18:00:01Z", "2026-12-14T18:00:00Z"},
		{"2026-12-31T00:00:00Z", "2027-01-11T18:00:00Z"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		for name, next := range map[string]func(time.Time) (Span, bool){"rule": r.Next, "set": Set{r}.Next} {
			if s, ok := next(at); !ok || s.Start.Format(time.RFC3339) != c.want {
				t.Errorf("%s: after %s comes %s, want %s", name, c.at, s.Start, c.want)
			}
		}
	}
	never := Rule{Freq: Weekly, ByDay: []On{{Day: Monday}}, ByMonthDay: []int{31}, ByYearDay: []int{1}}
	if s, ok := never.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); ok {
		t.Errorf("what can't be comes on %s", s.Start)
	}
}

func TestASetIsOpenWhenARuleIsAndNoneCloses(t *testing.T) {
	everyDay := Rule{Freq: Daily, Opens: At(9, 0), Closes: At(17, 0), Zone: time.UTC}
	lateFriday := Rule{Freq: Weekly, ByDay: []On{{Day: Friday}}, Opens: At(20, 0), Closes: At(2, 0), Zone: time.UTC}
	holiday := Rule{Freq: Daily, From: Date(2026, 12, 24), To: Date(2026, 12, 26), Closed: true, Zone: time.UTC}
	all := Set{everyDay, lateFriday, holiday}
	for at, want := range map[string]bool{
		"2026-12-23 09:00": true, "2026-12-23 17:00": false, "2026-12-23 08:59": false,
		"2026-12-19 01:59": true, "2026-12-19 02:00": false,
		"2026-12-24 10:00": false, "2026-12-26 10:00": false, "2026-12-27 10:00": true,
	} {
		moment, err := time.Parse("2006-01-02 15:04", at)
		if err != nil {
			t.Fatal(err)
		}
		if got := all.OpenAt(moment); got != want {
			t.Errorf("open at %s: %v, want %v", at, got, want)
		}
	}
	spans := all.Between(Date(2026, 12, 23).Time(), Date(2026, 12, 28).Time())
	if len(spans) != 2 || spans[0].Start.Day() != 23 || spans[1].Start.Day() != 27 {
		t.Errorf("spans %v, want those of the 23rd and the 27th", spans)
	}
	if next, ok := all.Next(Date(2026, 12, 24).Time()); !ok || next.Start.Day() != 27 {
		t.Errorf("next is %v, want the 27th", next)
	}
}
