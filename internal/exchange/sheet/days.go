package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// day is a written day before it is known which of its numbers is the month.
type day struct {
	first, second, year int
	order               Order  // DayFirst or MonthFirst when the writing tells, else NoOrder
	clock               string // 15:30, or nothing
}

// months are the names of months by their first letters, without accents.
var months = map[string]int{
	"jan": 1, "ene": 1, "feb": 2, "mar": 3, "apr": 4, "abr": 4, "may": 5, "jun": 6, "jul": 7,
	"aug": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10, "nov": 11, "dec": 12, "dic": 12,
}

// weekdays may stand in front of a day and say nothing new.
const weekdays = " mon tue wed thu fri sat sun lun mar mie jue vie sab dom "

// readDay reads a day in numbers or with the month's name, in English or
// Spanish: 2026-03-04, 3/4/26, 4 de marzo de 2026, Mar 4, 2026.
func readDay(text string) (day, bool) {
	if !mayBeDay(text) {
		return day{}, false
	}
	text, clock, ok := splitClock(text)
	if !ok {
		return day{}, false
	}
	parts, count := dayParts(text)
	if count != 3 {
		return day{}, false
	}
	d, ok := dayOf(parts, text)
	if !ok {
		return day{}, false
	}
	d.clock = clock
	_, asDay := d.on(DayFirst)
	_, asMonth := d.on(MonthFirst)
	return d, asDay || asMonth
}

// mayBeDay says quickly of most texts that they are no day.
func mayBeDay(text string) bool {
	if len(text) < 6 || len(text) > 48 {
		return false
	}
	digits, clock := 0, false
	for i := range len(text) {
		switch {
		case text[i] >= '0' && text[i] <= '9':
			digits++
		case text[i] == ':':
			clock = true
		}
	}
	if digits < 3 || digits > 8 && !clock {
		return false
	}
	if text[0] >= '0' && text[0] <= '9' {
		return true
	}
	word, _, _ := strings.Cut(text, " ")
	return monthIn(strings.TrimRight(word, ".,")) > 0 || isWeekday(strings.TrimRight(word, ".,"))
}

// dayOf tells day, month and year apart by how long the parts are, by names of
// months, and by what stands between them.
func dayOf(parts [3]string, text string) (d day, ok bool) {
	var n [3]int
	for i, p := range parts {
		n[i] = numberIn(p)
	}
	switch {
	case n[2] < 0:
	case len(parts[0]) == 4 && n[0] > 0 && n[1] >= 0:
		return day{first: n[1], second: n[2], year: n[0], order: MonthFirst}, true
	case n[0] >= 0 && n[1] < 0:
		return day{first: n[0], second: monthIn(parts[1]), year: century(parts[2], n[2]), order: DayFirst}, true
	case n[0] < 0 && n[1] >= 0:
		return day{first: monthIn(parts[0]), second: n[1], year: century(parts[2], n[2]), order: MonthFirst}, true
	case n[0] >= 0 && n[1] >= 0 && len(parts[0]) <= 2 && len(parts[1]) <= 2 && (len(parts[2]) == 2 || len(parts[2]) == 4):
		d = day{first: n[0], second: n[1], year: century(parts[2], n[2])}
		switch text[strings.IndexAny(text, daySigns)] {
		case '.':
			d.order = DayFirst
		case ' ', ',':
			return day{}, false
		}
		return d, true
	}
	return day{}, false
}

// daySigns stand between the parts of a written day.
const daySigns = "/-. ,"

// dayParts are the words and numbers of a written day, and how many there are,
// at most one too many.
func dayParts(text string) (parts [3]string, count int) {
	for p := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(daySigns, r) }) {
		if p == "de" || p == "del" || p == "of" || count == 0 && isWeekday(p) {
			continue
		}
		if count == len(parts) {
			return parts, count + 1
		}
		parts[count] = p
		count++
	}
	return parts, count
}

// isWeekday knows the names of weekdays; mar alone is March.
func isWeekday(word string) bool {
	if len(word) < 3 || len(word) > 12 || word[0] < 'A' {
		return false
	}
	word = fold(word)
	return len(word) >= 3 && strings.Contains(weekdays, " "+word[:3]+" ") && (word[:3] != "mar" || word == "martes")
}

// numberIn is the number that a part is, without the ending of 3rd or 1º, or -1.
func numberIn(part string) int {
	for _, ending := range []string{"st", "nd", "rd", "th", "º", "°"} {
		if short := strings.TrimSuffix(part, ending); short != part {
			part = short
			break
		}
	}
	if part == "" || len(part) > 4 {
		return -1
	}
	n := 0
	for i := range len(part) {
		if part[i] < '0' || part[i] > '9' {
			return -1
		}
		n = n*10 + int(part[i]-'0')
	}
	return n
}

// monthIn is the month that a word names, or 0. The word's other letters must
// be letters, so that mar4 is none.
func monthIn(word string) int {
	if len(word) < 3 || len(word) > 12 || word[0] < 'A' {
		return 0
	}
	if word = fold(word); len(word) < 3 {
		return 0
	}
	month := months[word[:3]]
	for _, full := range monthNames[month] {
		if strings.HasPrefix(full, word) {
			return month
		}
	}
	return 0
}

var monthNames = [13][]string{
	{},
	{"january", "enero"},
	{"february", "febrero"},
	{"march", "marzo"},
	{"april", "abril"},
	{"may", "mayo"},
	{"june", "junio"},
	{"july", "julio"},
	{"august", "agosto"},
	{"september", "septiembre", "setiembre", "sept"},
	{"october", "octubre"},
	{"november", "noviembre"},
	{"december", "diciembre"},
}

// century completes a year of two digits: 49 is 2049, 50 is 1950.
func century(part string, year int) int {
	switch {
	case len(part) > 2:
		return year
	case year < 50:
		return 2000 + year
	}
	return 1900 + year
}

// in gives the day as 2026-03-04, when it exists in that order.
func (d day) in(order Order) (string, bool) {
	t, ok := d.on(order)
	if !ok {
		return "", false
	}
	text := t.Format(time.DateOnly)
	if d.clock != "" {
		text += " " + d.clock
	}
	return text, true
}

// on is the day in an order, when it exists. What the writing tells wins
// over the order.
func (d day) on(order Order) (t time.Time, ok bool) {
	if d.order != NoOrder {
		order = d.order
	}
	month, dom := d.first, d.second
	if order == DayFirst {
		month, dom = dom, month
	}
	if month < 1 || month > 12 || dom < 1 || dom > 31 || d.year < 1000 || d.year > 9999 {
		return time.Time{}, false
	}
	t = time.Date(d.year, time.Month(month), dom, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == dom
}

// splitClock parts a day from the time of day behind it: 15:30, 3:30 pm,
// T15:30:00Z. Midnight is no time: programs write it behind every day.
func splitClock(text string) (before, clock string, ok bool) {
	colon := strings.IndexByte(text, ':')
	if colon < 0 {
		return text, "", true
	}
	start := colon
	for start > 0 && text[start-1] >= '0' && text[start-1] <= '9' {
		start--
	}
	hour, err := strconv.Atoi(text[start:colon])
	if err != nil || start == 0 || len(text) < colon+3 {
		return "", "", false
	}
	minute, err := strconv.Atoi(text[colon+1 : colon+3])
	if err != nil || hour > 23 || minute < 0 || minute > 59 {
		return "", "", false
	}
	switch half := fold(strings.TrimLeft(text[colon+3:], ":0123456789")); {
	case (half == "pm" || half == "p m") && hour < 12:
		hour += 12
	case (half == "am" || half == "a m") && hour == 12:
		hour = 0
	}
	if hour > 0 || minute > 0 {
		clock = fmt.Sprintf("%02d:%02d", hour, minute)
	}
	return strings.TrimRight(text[:start], "T ,"), clock, true
}

// lastSerial is the 31st of December 9999, as workbooks count days.
const lastSerial = 2_958_465

// serialDay reads a day as workbooks keep it: days since the end of 1899, or
// of 1903 where a workbook comes from an old Macintosh. A part of a day is its
// time. The count from 1900 holds a 29th of February 1900 that never was.
func serialDay(serial float64, from1904 bool) (string, bool) {
	if math.IsNaN(serial) || serial < 0 || serial >= lastSerial+1 {
		return "", false
	}
	days, part := math.Modf(serial)
	minutes := int(math.Round(part * 24 * 60))
	if minutes == 24*60 {
		days, minutes = days+1, 0
	}
	clock := fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 0:
		return clock, true
	case days == 60:
		return "", false
	case days < 60:
		base = base.AddDate(0, 0, 1)
	}
	text := base.AddDate(0, 0, int(days)).Format(time.DateOnly)
	if minutes > 0 {
		text += " " + clock
	}
	return text, true
}
