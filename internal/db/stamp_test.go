package db_test

import (
	"slices"
	"testing"
	"time"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

func TestStampsAndDaysComeBackAsTheyWent(t *testing.T) {
	at := time.Date(2028, time.February, 29, 23, 59, 59, 123456789, time.FixedZone("east", 5*3600))
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Tx(ctx, func(q db.Querier) error {
			if err := db.Exec(ctx, q, `create table sample (initiative_id text not null, id text not null, at text, on_date text, primary key (initiative_id, id))`); err != nil {
				return err
			}
			if err := db.Exec(ctx, q, `insert into sample values ('oak', 'a', $1, $2)`, db.At(at), db.DayOf(at, time.UTC)); err != nil {
				return err
			}
			return db.Exec(ctx, q, `insert into sample values ('oak', 'none', $1, $2)`, db.Stamp{}, db.Day{})
		})
		if err != nil {
			t.Fatal(err)
		}
		type sample struct {
			stamp db.Stamp
			day   db.Day
		}
		got, err := db.All(ctx, d.Read(), func(row db.Row) (s sample, err error) { return s, row.Scan(&s.stamp, &s.day) },
			`select at, on_date from sample order by id`)
		if err != nil {
			t.Fatal(err)
		}
		want := []sample{{db.At(at), db.DayOf(at, time.UTC)}, {}}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		text, err := db.One(ctx, d.Read(), db.Value[string], `select at || ' ' || on_date from sample where id = 'a'`)
		if err != nil || text != "2028-02-29T18:59:59.123456Z 2028-02-29" {
			t.Errorf("stored %q (%v)", text, err)
		}
	})
}

func TestStampsSortAsText(t *testing.T) {
	base := time.Date(2026, time.November, 21, 9, 0, 0, 0, time.UTC)
	var texts []string
	for _, after := range []time.Duration{0, time.Microsecond, 10 * time.Microsecond, time.Millisecond, time.Second, time.Minute, 24 * time.Hour, 400 * 24 * time.Hour} {
		v, err := db.At(base.Add(after)).Value()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, v.(string))
	}
	if !slices.IsSorted(texts) {
		t.Errorf("%v", texts)
	}
}

// TestADayIsWhereThePeopleAre: the same moment is another day elsewhere, also
// where clocks are being changed.
func TestADayIsWhereThePeopleAre(t *testing.T) {
	zone := func(name string) *time.Location {
		in, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	tests := []struct {
		name, at, zone, want string
	}{
		{"evening in Chicago", "2026-11-22T04:30:00Z", "America/Chicago", "2026-11-21"},
		{"the same moment in UTC", "2026-11-22T04:30:00Z", "UTC", "2026-11-22"},
		{"just after clocks go forward in Madrid", "2026-03-29T01:30:00Z", "Europe/Madrid", "2026-03-29"},
		{"the hour that comes twice in New York", "2026-11-01T06:30:00Z", "America/New_York", "2026-11-01"},
		{"a midnight that doesn't exist, in Santiago", "2026-09-06T03:59:59Z", "America/Santiago", "2026-09-05"},
		{"the day that follows it", "2026-09-06T04:00:00Z", "America/Santiago", "2026-09-06"},
		{"a leap day", "2028-02-29T23:00:00Z", "Europe/Madrid", "2028-03-01"},
	}
	for _, test := range tests {
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := db.DayOf(at, zone(test.zone)).String(); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	leap, err := db.ParseDay("2028-02-28")
	if err != nil {
		t.Fatal(err)
	}
	if got := leap.Add(2).String(); got != "2028-03-01" {
		t.Errorf("two days after 28 February 2028 comes %s", got)
	}
}

// TestVersionsChangeThoughTheClockJumps is F6 for what pages are served from:
// a year ahead, a year back, and a restart in between.
func TestVersionsChangeThoughTheClockJumps(t *testing.T) {
	now := dbtest.Clock()
	path := dbtest.File(t)
	seen := map[string]bool{}
	const year = 365 * 24 * time.Hour
	for _, jump := range []time.Duration{0, year, -year, -year, time.Hour, year} {
		now.Advance(jump)
		change(t, path, now)
		d, err := db.Open(t.Context(), path, db.Options{Now: now.Now})
		if err != nil {
			t.Fatal(err)
		}
		v := version(t, d, "oak")
		if seen[v] {
			t.Errorf("after a jump of %v the version is %q again", jump, v)
		}
		seen[v] = true
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// change is one change of a server that starts and stops for it.
func change(t *testing.T, path string, now *clock.Fake) {
	t.Helper()
	d, err := db.Open(t.Context(), path, db.Options{Now: now.Now})
	if err != nil {
		t.Fatal(err)
	}
	touch(t, d, "oak")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}
