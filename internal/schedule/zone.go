package schedule

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// zone reads a time zone: a bare number of hours from UTC (3, -3.5), an offset
// (+05:30, UTC-3, Z) or an IANA name. Without one it's the offset that the
// opening time carries, if any.
func (p *reader) zone() *time.Location {
	value := p.text("timezone")
	if value == "" {
		_, zone, _ := parseClock(p.text("opens_at"))
		return zone
	}
	if zone, ok := parseZone(value); ok {
		return zone
	}
	p.unread("timezone", value)
	return nil
}

var offsetPattern = regexp.MustCompile(`^(?:UTC|GMT)?([+-])([0-9]{1,2}):?([0-9]{2})?$`)

// parseZone reads a time zone as people and files write it.
func parseZone(value string) (*time.Location, bool) {
	if hours, err := strconv.ParseFloat(value, 64); err == nil && !strings.ContainsAny(value, "+:") {
		return fixed(hours)
	}
	if m := offsetPattern.FindStringSubmatch(strings.ToUpper(value)); m != nil {
		hours, _ := strconv.ParseFloat(m[2], 64) // digits alone come through
		minutes, _ := strconv.ParseFloat("0"+m[3], 64)
		if m[1] == "-" {
			return fixed(-hours - minutes/60)
		}
		return fixed(hours + minutes/60)
	}
	switch strings.ToUpper(value) {
	case "Z", "UTC", "GMT":
		return time.UTC, true
	case "LOCAL": // this machine's, which is nobody's
		return nil, false
	}
	zone, err := time.LoadLocation(value)
	return zone, err == nil && value != ""
}

// fixed is a zone of so many hours from UTC, to the minute.
func fixed(hours float64) (*time.Location, bool) {
	const furthest = 15 // no place on Earth is further from UTC
	if math.IsNaN(hours) || math.Abs(hours) > furthest {
		return nil, false
	}
	minutes := int(math.Round(hours * 60))
	if minutes == 0 {
		return time.UTC, true
	}
	sign, size := '+', minutes
	if minutes < 0 {
		sign, size = '-', -minutes
	}
	return time.FixedZone(fmt.Sprintf("UTC%c%02d:%02d", sign, size/60, size%60), minutes*60), true
}

// fixedHours is a fixed zone's hours from UTC, and nothing for one that changes.
func fixedHours(zone *time.Location) string {
	if zone == nil || zone != time.UTC && !strings.HasPrefix(zone.String(), "UTC") {
		return ""
	}
	_, seconds := time.Unix(0, 0).In(zone).Zone()
	return strconv.FormatFloat(float64(seconds)/3600, 'f', -1, 64)
}

var clockPattern = regexp.MustCompile(`^([0-9]{1,2})(?:[:.H]?([0-9]{2}))?(?:[:.][0-9]{2}(?:\.[0-9]+)?)?\s*([AP]\.?M\.?)?\s*(Z|[+-][0-9]{2}:?[0-9]{2})?$`)

func (p *reader) clock(name string) Clock {
	value := p.text(name)
	if value == "" {
		return Clock{}
	}
	c, _, ok := parseClock(value)
	if !ok {
		p.unread(name, value)
	}
	return c
}

// parseClock reads 10:00, 10:00:00, 9.30, 9 am, 6:30 PM, 24:00, 10:00Z and
// 10:00+02:00.
func parseClock(value string) (Clock, *time.Location, bool) {
	m := clockPattern.FindStringSubmatch(strings.ToUpper(value))
	if m == nil {
		return Clock{}, nil, false
	}
	hour, _ := strconv.Atoi(m[1]) // the pattern lets only digits through
	minute, _ := strconv.Atoi("0" + m[2])
	if half := strings.ReplaceAll(m[3], ".", ""); half != "" {
		if hour < 1 || hour > 12 {
			return Clock{}, nil, false
		}
		hour %= 12
		if half == "PM" {
			hour += 12
		}
	}
	if minute > 59 || hour*60+minute > minutesPerDay {
		return Clock{}, nil, false
	}
	var zone *time.Location
	if m[4] != "" {
		zone, _ = parseZone(m[4])
	}
	return At(hour, minute), zone, true
}
