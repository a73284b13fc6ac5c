package sheet

import (
	"strings"
)

// settleDays finds what each column holds, and reads written days in the order
// that the whole column tells. Columns that don't tell follow those that do.
func (in *reading) settleDays() {
	known := NoOrder
	for i := range in.sheets {
		s := &in.sheets[i]
		for j := range s.Columns {
			in.settle(s, j)
			if o := s.Columns[j].Order; o != NoOrder && !s.Columns[j].Unsure && known == NoOrder {
				known = o
			}
		}
	}
	if known == NoOrder {
		known = in.limits.Order
	}
	for i := range in.sheets {
		s := &in.sheets[i]
		for j := range s.Columns {
			c := &s.Columns[j]
			if c.Kind != Date {
				continue
			}
			if c.Unsure {
				c.Order = known
				in.sayUnsure(s, j)
			}
			in.readDays(s, j)
		}
	}
}

// settle finds out one column: its kind, and the order of its days.
func (in *reading) settle(s *Sheet, j int) {
	var looks [Choice + 1]int
	filled, serials, dayFirst, monthFirst, open, row := 0, 0, 0, 0, 0, 0
	for _, r := range s.Rows {
		c := r.Cells[j]
		if c.Kind == Empty || c.Kind == Broken {
			continue
		}
		filled++
		look := lookOf(c)
		if look == Number && isSerial(c) {
			serials++
		}
		looks[look]++
		d, ok := readDay(c.Text)
		if c.Kind == Date || !ok || d.order != NoOrder {
			continue
		}
		_, asDay := d.on(DayFirst)
		_, asMonth := d.on(MonthFirst)
		switch {
		case asDay && !asMonth:
			dayFirst++
		case asMonth && !asDay:
			monthFirst++
		case d.first != d.second:
			open++
			row = r.Number
		}
	}
	col := &s.Columns[j]
	if serials > 0 && serials+looks[Date] >= filled && isDayWord(col.Header) {
		in.readSerials(s, j)
		looks[Date] += serials
	}
	for kind, n := range looks {
		if n*5 >= filled*3 && n > 0 {
			col.Kind = Kind(kind)
		}
	}
	if col.Kind != Date || dayFirst+monthFirst+open == 0 {
		return
	}
	col.Order, col.Unsure = DayFirst, dayFirst+monthFirst == 0
	if monthFirst > dayFirst {
		col.Order = MonthFirst
	}
	if dayFirst > 0 && monthFirst > 0 && open > 0 {
		in.said.row(s.Name, row, col.Header, "sheet.column.bothways")
	}
}

// sayUnsure asks which of the two readings a column means, with its first day
// as the example.
func (in *reading) sayUnsure(s *Sheet, j int) {
	for _, r := range s.Rows {
		d, ok := readDay(r.Cells[j].Text)
		if !ok || r.Cells[j].Kind == Date || d.order != NoOrder || d.first == d.second {
			continue
		}
		asDay, _ := d.in(DayFirst)
		asMonth, _ := d.in(MonthFirst)
		read := asMonth
		if s.Columns[j].Order == DayFirst {
			read = asDay
		}
		in.said.column(s.Name, s.Columns[j].Header, "sheet.column.unsure", "text", r.Cells[j].Text, "day", asDay, "month", asMonth, "read", read)
		return
	}
}

// readDays reads the written days of a column.
func (in *reading) readDays(s *Sheet, j int) {
	for _, r := range s.Rows {
		c := &r.Cells[j]
		if c.Kind != Text {
			continue
		}
		read, ok := dayCell(c.Text, s.Columns[j].Order)
		if !ok {
			in.said.row(s.Name, r.Number, s.Columns[j].Header, "sheet.cell.notaday", "text", brief(c.Text))
			continue
		}
		*c = read
	}
}

// dayCell reads one written day. One that exists in the other order alone is
// read in that.
func dayCell(text string, order Order) (Cell, bool) {
	d, ok := readDay(text)
	if !ok {
		return Cell{}, false
	}
	read, ok := d.in(order)
	if !ok {
		other := DayFirst
		if order == DayFirst {
			other = MonthFirst
		}
		if read, ok = d.in(other); !ok {
			return Cell{}, false
		}
	}
	c := Cell{Text: read, Kind: Date}
	if read != text {
		c.Was = text
	}
	return c, true
}

// SetOrder reads the written days of a column again, in the order that a
// person gave.
func (s *Sheet) SetOrder(column int, order Order) {
	if column < 0 || column >= len(s.Columns) {
		return
	}
	s.Columns[column].Order, s.Columns[column].Unsure = order, false
	for _, r := range s.Rows {
		c := &r.Cells[column]
		if c.Kind != Date || c.Was == "" {
			continue
		}
		if read, ok := dayCell(c.Was, order); ok {
			*c = read
		}
	}
}

// isSerial says whether a number can be a day as workbooks count them, from
// 1927 to 2119.
func isSerial(c Cell) bool {
	f, ok := ReadNumber(c.Text)
	return ok && f >= 10_000 && f < 80_000
}

// readSerials reads a column of day numbers that lost their look as days on
// the way into the file.
func (in *reading) readSerials(s *Sheet, j int) {
	said := false
	for _, r := range s.Rows {
		c := &r.Cells[j]
		if c.Kind != Number || !isSerial(*c) {
			continue
		}
		f, _ := ReadNumber(c.Text)
		day, ok := serialDay(f, false)
		if !ok {
			continue
		}
		if !said {
			said = true
			in.said.row(s.Name, r.Number, s.Columns[j].Header, "sheet.column.serials", "text", c.Text, "day", day)
		}
		*c = Cell{Text: day, Was: c.Text, Kind: Date}
	}
}

// isDayWord says whether a heading speaks of days.
func isDayWord(header string) bool {
	for word := range strings.FieldsSeq(fold(header)) {
		switch word {
		case "date", "day", "when", "since", "birthday", "born", "joined", "visit", "visited", "added",
			"fecha", "dia", "cuando", "desde", "nacimiento", "visita", "alta":
			return true
		}
	}
	return false
}
