package sheet

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// The edges of a sheet in any program, and how many merged areas are looked at.
const (
	lastRow    = 1_048_576
	mostMerged = 10_000
)

// area is a block of merged cells, by index of column and number of row.
type area struct{ left, top, right, bottom int }

// grid is one sheet being read.
type grid struct {
	*book
	table    raw
	row      int // the number of the row
	column   int // the index of the last cell
	cells    []Cell
	formulas map[int]formulas // by column
}

// formulas are those of one column: how many, and the first one's row.
type formulas struct{ count, first int }

// sheet reads one sheet tag by tag.
func (b *book) sheet(s listed) (raw, error) {
	p, err := b.open(s.part)
	if err != nil {
		return raw{}, err
	}
	defer p.close()
	g := grid{book: b, table: raw{name: s.name}, formulas: map[int]formulas{}}
	err = p.each(func(tag xml.StartElement) error {
		switch tag.Name.Local {
		case "row":
			return g.startRow(tag)
		case "c":
			return g.cell(p, tag)
		case "mergeCell":
			if a, ok := readArea(attr(tag, "ref")); ok && len(g.table.merged) < mostMerged {
				g.table.merged = append(g.table.merged, a)
			}
		}
		return nil
	})
	if err == nil {
		err = g.endRow()
	}
	for column := range b.limits.Columns {
		if f := g.formulas[column]; f.count > 0 {
			b.said.column(s.name, Letter(column), "sheet.column.formulas", "n", f.count, "row", strconv.Itoa(f.first))
		}
	}
	return g.table, err
}

func (g *grid) startRow(tag xml.StartElement) error {
	if err := g.endRow(); err != nil {
		return err
	}
	g.row++
	if n := whole(tag, "r"); n > 0 {
		g.row = n
	}
	if g.row > lastRow {
		return refuse("sheet.file.damaged")
	}
	g.column = -1
	return nil
}

// endRow keeps the row's cells up to the last with something in it.
func (g *grid) endRow() error {
	used := len(g.cells)
	for used > 0 && g.cells[used-1].Kind == Empty {
		used--
	}
	if used == 0 {
		g.cells = g.cells[:0]
		return nil
	}
	row := Row{Number: g.row, Cells: append(make([]Cell, 0, used), g.cells[:used]...)}
	g.cells = g.cells[:0]
	g.table.rows = append(g.table.rows, row)
	return g.take(row.Cells)
}

// cell reads one cell and all that is in it.
func (g *grid) cell(p *part, tag xml.StartElement) error {
	g.column++
	if at, ok := columnOf(attr(tag, "r")); ok {
		g.column = at
	}
	in, err := g.inside(p)
	if err != nil {
		return err
	}
	c := g.value(attr(tag, "t"), whole(tag, "s"), in.value)
	if in.formula {
		f := g.formulas[g.column]
		if f.count++; f.count == 1 {
			f.first = g.row
		}
		g.formulas[g.column] = f
		if !in.counted {
			g.said.row(g.table.name, g.row, Letter(g.column), "sheet.cell.uncounted")
		}
	}
	if c.Kind == Empty {
		return nil
	}
	if g.column >= g.limits.Columns {
		return refuse("sheet.file.columns", "max", g.limits.Columns, "sheet", g.table.name)
	}
	for len(g.cells) <= g.column {
		g.cells = append(g.cells, Cell{Kind: Empty})
	}
	g.cells[g.column] = c
	return nil
}

// content is what stands in a cell's tag.
type content struct {
	value   string
	formula bool
	counted bool // a value stands there, be it an empty one
}

// inside reads up to the end of a cell.
func (g *grid) inside(p *part) (c content, err error) {
	for {
		token, err := p.next()
		if err != nil {
			return c, err
		}
		switch t := token.(type) {
		case nil:
			return c, refuse("sheet.file.damaged")
		case xml.EndElement:
			if t.Name.Local == "c" {
				return c, nil
			}
		case xml.StartElement:
			text, err := p.text("rPh", g.limits.Letters+1)
			if err != nil {
				return c, err
			}
			switch t.Name.Local {
			case "v", "is":
				c.value, c.counted = text, true
			case "f":
				c.formula = true
			}
		}
	}
}

// value makes a cell of its value, by its type and style.
func (g *grid) value(kind string, style int, value string) Cell {
	switch kind {
	case "s":
		at, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || at < 0 || at >= len(g.strings) {
			return Cell{Kind: Empty}
		}
		return g.written(g.table.name, g.row, g.column, g.strings[at])
	case "str", "inlineStr":
		return g.written(g.table.name, g.row, g.column, value)
	case "b":
		return Cell{Text: strconv.FormatBool(isTrue(value)), Kind: Bool}
	case "e":
		g.said.row(g.table.name, g.row, Letter(g.column), "sheet.cell.error", "text", brief(value))
		return Cell{Was: brief(value), Kind: Broken}
	case "d":
		if d, ok := readDay(value); ok {
			if text, ok := d.in(MonthFirst); ok {
				return Cell{Text: text, Kind: Date}
			}
		}
		return g.written(g.table.name, g.row, g.column, value)
	}
	return g.number(style, strings.TrimSpace(value))
}

// number makes a cell of a number: a day when it is shown as one.
func (g *grid) number(style int, value string) Cell {
	if value == "" {
		return Cell{Kind: Empty}
	}
	text, ok := plainly(value)
	if !ok {
		g.said.row(g.table.name, g.row, Letter(g.column), "sheet.cell.endless", "text", brief(value))
		return Cell{Was: brief(value), Kind: Broken}
	}
	if style < 0 || style >= len(g.isDay) || !g.isDay[style] {
		return Cell{Text: text, Kind: Number}
	}
	serial, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return Cell{Text: text, Kind: Number}
	}
	day, ok := serialDay(serial, g.from1904)
	if !ok {
		g.said.row(g.table.name, g.row, Letter(g.column), "sheet.cell.noday", "text", brief(value))
		return Cell{Was: text, Kind: Broken}
	}
	return Cell{Text: day, Was: text, Kind: Date}
}

// columnOf is the index of the column in a reference such as AB12.
func columnOf(ref string) (int, bool) {
	n := 0
	for i := range len(ref) {
		letter := ref[i] &^ 0x20
		if letter < 'A' || letter > 'Z' {
			return n - 1, n > 0
		}
		if n = n*26 + int(letter-'A') + 1; n > 1<<14 {
			return 1<<14 - 1, true
		}
	}
	return n - 1, n > 0
}

// readArea reads a reference such as A1:C2.
func readArea(ref string) (area, bool) {
	from, to, ok := strings.Cut(strings.ToUpper(ref), ":")
	left, ok1 := columnOf(from)
	right, ok2 := columnOf(to)
	top, err1 := strconv.Atoi(strings.TrimLeft(from, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	bottom, err2 := strconv.Atoi(strings.TrimLeft(to, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	a := area{left: left, top: top, right: right, bottom: bottom}
	return a, ok && ok1 && ok2 && err1 == nil && err2 == nil && left <= right && top <= bottom && top > 0
}
