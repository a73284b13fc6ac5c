package db

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// stampLayout has a fixed width, so that stamps sort as text on both engines.
const stampLayout = "2006-01-02T15:04:05.000000Z"

// dayLayout is a calendar day, in the time zone of the initiative it is of.
const dayLayout = "2006-01-02"

// Stamp is a moment as the store keeps it: fixed-width UTC text to the
// microsecond. The zero Stamp is stored as NULL.
type Stamp struct{ time.Time }

// At makes a Stamp of a time.
func At(t time.Time) Stamp { return Stamp{t.UTC().Truncate(time.Microsecond)} }

// Value implements driver.Valuer.
func (s Stamp) Value() (driver.Value, error) {
	if s.IsZero() {
		return nil, nil //nolint:nilnil // NULL is what a zero stamp is in the store
	}
	return s.UTC().Format(stampLayout), nil
}

// Scan implements sql.Scanner; NULL is the zero Stamp.
func (s *Stamp) Scan(src any) error { return scanTime(src, stampLayout, &s.Time) }

// Day is a calendar day, as text YYYY-MM-DD. The zero Day is stored as NULL.
type Day struct{ time.Time }

// DayOf is the calendar day of t in the location where people live.
func DayOf(t time.Time, in *time.Location) Day {
	y, m, d := t.In(in).Date()
	return Day{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// ParseDay reads YYYY-MM-DD, as <input type="date"> sends it.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(dayLayout, text)
	return Day{t}, err
}

// String is YYYY-MM-DD, or nothing for the zero Day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Format(dayLayout)
}

// Add moves the day.
func (d Day) Add(days int) Day { return Day{d.AddDate(0, 0, days)} }

// Value implements driver.Valuer.
func (d Day) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil //nolint:nilnil // NULL is what a zero day is in the store
	}
	return d.String(), nil
}

// Scan implements sql.Scanner; NULL is the zero Day.
func (d *Day) Scan(src any) error { return scanTime(src, dayLayout, &d.Time) }

func scanTime(src any, layout string, into *time.Time) error {
	var text string
	switch v := src.(type) {
	case nil:
		*into = time.Time{}
		return nil
	case string:
		text = v
	case []byte:
		text = string(v)
	default:
		return fmt.Errorf("db: a time is stored as text, not as %T", src)
	}
	t, err := time.Parse(layout, text)
	if err != nil {
		return err
	}
	*into = t
	return nil
}
