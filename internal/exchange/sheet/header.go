package sheet

import (
	"slices"
	"strconv"
	"strings"
)

// deepestHeader is how many rows may stand above the headings.
const deepestHeader = 30

// findHeader finds the row of headings and how many rows it takes: 0 when a
// table has none, 2 when groups stand above the headings.
func (t *table) findHeader() (at, lines int) {
	for i, row := range t.rows[:min(len(t.rows), deepestHeader)] {
		filled := row.filled()
		if t.isGroups(i) {
			return i, 2
		}
		if t.typical > 1 && (filled < 2 || filled*2 < t.typical) {
			continue
		}
		if isHeading(row) && !t.comesAgain(i) {
			return i, 1
		}
		break
	}
	first := 0
	for first < len(t.rows)-1 && first < deepestHeader && t.typical > 2 && t.rows[first].filled() < 2 {
		first++
	}
	t.said.column(t.name, "", "sheet.table.headless", "row", strconv.Itoa(t.rows[first].Number))
	return first, 0
}

// isHeading says whether a row looks like headings: short words, and nothing
// that only people's records have. Days and numbers may be headings too, of a
// list of who came when, beside a word that headings use.
func isHeading(row Row) bool {
	words, others, known := 0, 0, false
	for _, c := range row.Cells {
		if c.Kind == Empty {
			continue
		}
		if c.Kind == Broken || len(c.Text) > 120 {
			return false
		}
		switch lookOf(c) {
		case Email, Phone:
			return false
		case Text:
			words++
			known = known || isHeadingWord(c.Text)
		default:
			others++
		}
	}
	return words > 0 && (others <= words || known)
}

// comesAgain says whether what looks like headings is the first record of a
// table without any: no word that headings use, and texts that stand in their
// column again below.
func (t *table) comesAgain(i int) bool {
	row := t.rows[i]
	if slices.ContainsFunc(row.Cells, func(c Cell) bool { return isHeadingWord(c.Text) }) {
		return false
	}
	for _, below := range t.rows[i+1 : min(len(t.rows), i+200)] {
		for j, c := range row.Cells {
			if c.Kind == Text && strings.EqualFold(c.Text, below.at(j).Text) && !isSame(row, below) {
				return true
			}
		}
	}
	return false
}

// isSame says whether two rows have the same texts: headings that stand again
// on each printed page.
func isSame(a, b Row) bool {
	return slices.EqualFunc(a.Cells, b.Cells, func(a, b Cell) bool { return strings.EqualFold(a.Text, b.Text) })
}

// isGroups says whether headings begin at row i with a row of groups, such as
// "Contact" over "Phone" and "E-mail": merged cells, or cells with gaps that
// the next row fills with words that headings use.
func (t *table) isGroups(i int) bool {
	if i+1 >= len(t.rows) || t.rows[i+1].Number != t.rows[i].Number+1 || !isHeading(t.rows[i]) || !isHeading(t.rows[i+1]) {
		return false
	}
	over, under := t.rows[i], t.rows[i+1]
	gaps, filledBelow, taller := 0, 0, 0
	for _, j := range t.keep {
		switch {
		case over.at(j).Kind == Empty && under.at(j).Kind != Empty:
			gaps++
			filledBelow++
		case under.at(j).Kind != Empty:
			filledBelow++
		case over.at(j).Kind != Empty:
			taller++
		}
	}
	if over.filled() < 2 && gaps+1 >= len(t.keep) || filledBelow+taller < t.typical/2 {
		return false // a title
	}
	for _, a := range t.merged {
		if a.top == over.Number && a.bottom == over.Number && a.right > a.left && t.isFilled(under, a) {
			return true
		}
	}
	known := 0
	for _, j := range t.keep {
		if c := under.at(j); c.Kind == Text && isHeadingWord(c.Text) {
			known++
		}
	}
	return gaps > 0 && known >= 2 && known*2 >= filledBelow
}

// isFilled says whether a row has something under most of an area.
func (t *table) isFilled(row Row, a area) bool {
	n := 0
	for j := a.left; j <= min(a.right, len(row.Cells)-1); j++ {
		if row.Cells[j].Kind != Empty {
			n++
		}
	}
	return n*2 > a.right-a.left
}

// columns makes the columns of one or two rows of headings, or of none.
func (t *table) columns(rows []Row) []Column {
	names := make([]string, len(t.keep))
	for n, row := range rows {
		texts := t.spread(row, n < len(rows)-1)
		for i, text := range texts {
			if text != "" && fold(text) != fold(names[i]) {
				names[i] = strings.TrimSpace(names[i] + " " + text)
			}
		}
	}
	columns, seen := make([]Column, len(t.keep)), map[string]int{}
	for i, j := range t.keep {
		c := Column{Header: cut(strings.Join(strings.Fields(names[i]), " "), 200), Letter: Letter(j)}
		if c.Header == "" {
			c.Header = c.Letter
			if len(rows) > 0 {
				t.said.column(t.name, c.Letter, "sheet.column.nameless")
			}
		}
		key := fold(c.Header)
		for seen[key]++; seen[key] > 1; seen[key]++ {
			next := c.Header + " " + strconv.Itoa(seen[key])
			if seen[fold(next)] == 0 {
				seen[fold(next)] = 1
				t.said.column(t.name, next, "sheet.column.twice", "name", c.Header)
				c.Header = next
				break
			}
		}
		columns[i] = c
	}
	return columns
}

// spread is a row's headings by column. A merged one stands over each of its
// columns, and a group without merged cells up to the next.
func (t *table) spread(row Row, group bool) []string {
	texts := make([]string, len(t.keep))
	for i, j := range t.keep {
		texts[i] = row.at(j).Text
	}
	reaches := slices.ContainsFunc(t.merged, func(a area) bool { return a.top <= row.Number && row.Number <= a.bottom })
	for _, a := range t.merged {
		if row.Number < a.top || row.Number > a.bottom || a.right == a.left {
			continue
		}
		text := row.at(a.left).Text
		for i, j := range t.keep {
			if j > a.left && j <= a.right && texts[i] == "" {
				texts[i] = text
			}
		}
	}
	if group && !reaches {
		for i := 1; i < len(texts); i++ {
			if texts[i] == "" {
				texts[i] = texts[i-1]
			}
		}
	}
	return texts
}
