package sheet

import (
	"slices"
	"strconv"
	"strings"
)

// table is a raw table being made a sheet.
type table struct {
	*reading
	raw
	keep    []int // the indexes of columns with something in them
	typical int   // how many cells a usual row has
}

// add makes a sheet of what stands in a file and keeps it. A table without
// rows is no sheet.
func (in *reading) add(from raw) error {
	if len(from.rows) == 0 {
		return nil
	}
	t := table{reading: in, raw: from, keep: used(from.rows), typical: typical(from.rows)}
	head, lines := t.findHeader()
	s := Sheet{Name: t.name}
	for _, row := range t.rows[:head] {
		s.Above = append(s.Above, row.line())
	}
	header, body := t.rows[head:head+lines], t.rows[head+lines:]
	t.fillDown(body)
	notes := t.notesFrom(body)
	t.keep = used(t.rows[head : head+lines+notes])
	s.Columns = t.columns(header)
	body, s.Below = t.body(&s, body, notes)
	if err := t.lay(&s, body); err != nil {
		return err
	}
	t.reading.sheets = append(t.reading.sheets, s)
	return in.ctx.Err()
}

// at is the cell of a column, by index in the file.
func (r Row) at(i int) Cell {
	if i < len(r.Cells) {
		return r.Cells[i]
	}
	return Cell{Kind: Empty}
}

// filled is how many cells have something in them.
func (r Row) filled() (n int) {
	for _, c := range r.Cells {
		if c.Kind != Empty {
			n++
		}
	}
	return n
}

// line is the row's texts, for notes and titles.
func (r Row) line() string {
	var texts []string
	for _, c := range r.Cells {
		if text := c.Text + c.Was; c.Kind != Empty {
			if c.Text != "" {
				text = c.Text
			}
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, " · ")
}

// used are the indexes of columns with something in them.
func used(rows []Row) (keep []int) {
	var seen []bool
	for _, row := range rows {
		for len(seen) < len(row.Cells) {
			seen = append(seen, false)
		}
		for j, c := range row.Cells {
			seen[j] = seen[j] || c.Kind != Empty
		}
	}
	for j, ok := range seen {
		if ok {
			keep = append(keep, j)
		}
	}
	return keep
}

// typical is how many cells a usual row has: three of four have no more.
func typical(rows []Row) int {
	counts := make([]int, 0, 500)
	for _, row := range rows[:min(len(rows), cap(counts))] {
		counts = append(counts, row.filled())
	}
	slices.Sort(counts)
	return counts[len(counts)*3/4]
}

// fillDown writes the text of merged cells into every row that they reach
// over: that is what whoever merged them meant. The heading's merged cells are
// looked at by spread.
func (t *table) fillDown(rows []Row) {
	steps, filled := 0, 0
	for _, a := range t.merged {
		first, ok := slices.BinarySearchFunc(rows, a.top, func(r Row, n int) int { return r.Number - n })
		if a.bottom == a.top || !ok {
			continue
		}
		from := rows[first].at(a.left)
		if from.Kind == Empty {
			continue
		}
		for i := first + 1; i < len(rows) && rows[i].Number <= a.bottom && steps < t.limits.Cells; i++ {
			steps++
			if rows[i].at(a.left).Kind != Empty || a.left >= t.limits.Columns {
				continue
			}
			row := &rows[i]
			for len(row.Cells) <= a.left {
				row.Cells = append(row.Cells, Cell{Kind: Empty})
			}
			row.Cells[a.left] = from
			if filled++; filled == 1 {
				t.said.row(t.name, row.Number, Letter(a.left), "sheet.table.merged")
			}
		}
	}
}

// body takes away what is no record: notes at the end, totals, and headings
// that stand again at the top of each printed page. Notes begin at index notes.
func (t *table) body(s *Sheet, rows []Row, notes int) (kept []Row, below []string) {
	for _, row := range rows[notes:] {
		below = append(below, row.line())
		t.said.row(t.name, row.Number, "", "sheet.row.note", "text", brief(row.line()))
	}
	kept = rows[:0:0]
	for _, row := range rows[:notes] {
		switch {
		case t.isTotal(row):
			below = append(below, row.line())
			t.said.row(t.name, row.Number, "", "sheet.row.total", "text", brief(row.line()))
		case t.isHeaderAgain(s, row):
			t.said.row(t.name, row.Number, "", "sheet.row.again")
		default:
			kept = append(kept, row)
		}
	}
	return kept, below
}

// notesFrom is the index of the first of the notes below a table: rows with a
// cell or two, apart from the table by an empty row or worded as a note.
func (t *table) notesFrom(rows []Row) int {
	end := len(rows)
	if t.typical < 3 {
		return end
	}
	for i := len(rows) - 1; i > 0; i-- {
		switch {
		case t.isTotal(rows[i]):
		case rows[i].filled() > max(1, t.typical/4):
			return end
		case isNote(rows[i].line()) || rows[i].Number > rows[i-1].Number+1 && isWordy(rows[i].line()):
			end = i
		}
	}
	return end
}

func isWordy(text string) bool {
	return len(text) > 40 || strings.HasSuffix(text, ".") || strings.Contains(text, ":")
}

func isNote(text string) bool {
	first, _, _ := strings.Cut(fold(text), " ")
	return strings.HasPrefix(text, "*") || strings.HasPrefix(text, "†") ||
		isWordy(text) && slices.Contains([]string{"note", "notes", "nota", "notas", "source", "fuente", "updated", "actualizado"}, first)
}

// isTotal knows a row of sums: it begins with the word, alone or with a
// number, and the rest are numbers and blanks.
func (t *table) isTotal(row Row) bool {
	texts, begun := 0, false
	for _, c := range row.Cells {
		switch {
		case c.Kind == Empty || c.Kind == Number:
		case !begun:
			begun = true
			if !isTotalWord(c.Text) {
				return false
			}
		default:
			if _, ok := ReadNumber(c.Text); !ok && c.Kind != Broken {
				texts++
			}
		}
	}
	return begun && texts == 0 && len(t.keep) > 1
}

func isTotalWord(text string) bool {
	if text == "" || len(text) > 40 || strings.IndexByte("tTsSgG", text[0]) < 0 {
		return false
	}
	words := strings.Fields(fold(text))
	for i, w := range words {
		if _, err := strconv.Atoi(w); err == nil {
			words[i] = ""
		}
	}
	switch strings.TrimSpace(strings.Join(words, " ")) {
	case "total", "totals", "totales", "grand total", "total general", "subtotal", "sub total", "sum", "suma", "gran total":
		return true
	}
	return false
}

func (t *table) isHeaderAgain(s *Sheet, row Row) bool {
	alike, other := 0, 0
	for i, j := range t.keep {
		switch c := row.at(j); {
		case c.Kind == Empty:
		case strings.EqualFold(c.Text, s.Columns[i].Header):
			alike++
		default:
			other++
		}
	}
	return alike >= 2 && other == 0
}

// lay makes every row as wide as the sheet.
func (t *table) lay(s *Sheet, rows []Row) error {
	spare := 0
	for i, row := range rows {
		cells := row.Cells
		if !t.isLaid(cells) {
			cells = make([]Cell, len(t.keep))
			for k, j := range t.keep {
				cells[k] = row.at(j)
			}
			spare += len(cells) - len(row.Cells)
		}
		rows[i].Cells = cells
	}
	if t.cells += max(spare, 0); t.cells > t.limits.Cells {
		return refuse("sheet.file.cells", "max", t.limits.Cells)
	}
	s.Rows = rows
	return nil
}

// isLaid says whether a row is as wide as the sheet already.
func (t *table) isLaid(cells []Cell) bool {
	return len(cells) == len(t.keep) && t.keep[len(t.keep)-1] == len(t.keep)-1
}
