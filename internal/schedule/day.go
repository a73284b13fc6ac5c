package schedule

import (
	"fmt"
	"time"
)

// Day is a day of the calendar, without zone or hour: day 1 is 1 January of the
// year 1, a Monday, and adding 7 is next week. The zero Day is none.
type Day int

const (
	epoch = 719163 // 1 January 1970
	// A rule may name days between these years; outside is a slip of the pen.
	firstYear, lastYear = 1900, 2200
)

// Date is a day of the Gregorian calendar; the 32nd of a month is the 1st of
// the next.
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/86400 + epoch)
}

// DayOf is the day that t falls on, in t's own location.
func DayOf(t time.Time) Day { return Date(t.Date()) }

// Time is the day's midnight in UTC, as a value to format.
func (d Day) Time() time.Time { return time.Unix(int64(d-epoch)*86400, 0).UTC() }

// Weekday says which day of the week it is.
func (d Day) Weekday() Weekday { return Weekday((int(d)-1)%7 + 1) }

// String is the ISO date, and nothing for none.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// at is the moment when a wall clock in zone shows this day and time. A time
// that the zone skips is the first moment after the gap; one that it has twice
// is the first. It is false when the zone has no such day at all.
func (d Day) at(c Clock, zone *time.Location) (time.Time, bool) {
	day := d + Day(c.minutes/minutesPerDay)
	if t, exact := moment(day, c.minutes%minutesPerDay, zone); exact {
		return t, true
	} else if _, midday := moment(day, minutesPerDay/2, zone); midday {
		return t, true
	}
	return time.Time{}, false
}

// moment finds when clocks in zone show a time, and whether they ever do.
// time.Date doesn't say which of two such moments it picks.
func moment(d Day, minutes int, zone *time.Location) (time.Time, bool) {
	wall := d.Time().Add(time.Duration(minutes) * time.Minute)
	// A day and a half to either side lies beyond every change that could matter.
	const around = 36 * time.Hour
	before, after := offset(wall.Add(-around), zone), offset(wall.Add(around), zone)
	early, late := wall.Add(-before).In(zone), wall.Add(-after).In(zone)
	if late.Before(early) {
		early, late = late, early
	}
	for _, t := range []time.Time{early, late} {
		if _, have := t.Zone(); wall.Add(-time.Duration(have) * time.Second).Equal(t) {
			return t, true
		}
	}
	changed, _ := late.ZoneBounds()
	return changed, false
}

func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

const minutesPerDay = 24 * 60

// Clock is a time of day on the wall, to the minute, up to 24:00. The zero
// Clock is none said.
type Clock struct {
	minutes int
	said    bool
}

// At is a time of day: At(18, 30).
func At(hour, minute int) Clock { return Clock{minutes: hour*60 + minute, said: true} }

// Said is whether there is a time at all.
func (c Clock) Said() bool { return c.said }

// Hour is from 0 to 24.
func (c Clock) Hour() int { return c.minutes / 60 }

// Minute is from 0 to 59.
func (c Clock) Minute() int { return c.minutes % 60 }

// String is 18:30, and nothing for none.
func (c Clock) String() string {
	if !c.said {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", c.Hour(), c.Minute())
}
