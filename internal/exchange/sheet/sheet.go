// Package sheet reads the tables that people keep in files, CSV and XLSX, as
// they really are: with titles above, notes below, merged cells, dates of
// three kinds and letters of an old encoding. It writes them too.
//
// It knows no store and no initiative. A file is either refused with one fault
// that says what to do, or read with a Warning for each thing that was mended
// or left out, by sheet and row as a person finds them in their own program.
package sheet

import (
	"cmp"

	"commonweal/internal/fault"
)

// Kind is what a cell holds, or what a column or a field is meant to hold.
type Kind uint8

// The kinds. A cell is Empty, Text, Number, Date, Bool or Broken; a column and
// a field may be any of the others too.
const (
	Text   Kind = iota
	Empty       // nothing stands there
	Number      // a number, written plainly in Cell.Text: 1250.5
	Date        // a day, written in Cell.Text as 2026-03-04, or 2026-03-04 15:30
	Bool        // "true" or "false" in Cell.Text
	Broken      // what stood there can't be used: an error of a formula, 1e999
	Email
	Phone
	Choice
)

// Cell is one cell, tidied: no blanks around it, days as ISO days.
type Cell struct {
	Text string // what to use
	Was  string // what stood in the file, when Text isn't just that
	Kind Kind
}

// Row is one row with something in it.
type Row struct {
	Number int    // as the person's own program counts it, from 1
	Cells  []Cell // as many as the sheet has columns
}

// Order is the order of day and month in a column's written days.
type Order uint8

// The orders. MonthFirst reads 3/4/2026 as the 4th of March.
const (
	NoOrder Order = iota
	DayFirst
	MonthFirst
)

// Column is one column: its heading and what was found out about it.
type Column struct {
	Header string // never empty, never twice in a sheet
	Letter string // A, B, … as the person's own program names it
	Kind   Kind   // what most of its cells look like
	Order  Order  // the order that days such as 3/4/2026 were read in
	Unsure bool   // every such day can be read both ways: ask, then Sheet.SetOrder
}

// Sheet is one table.
type Sheet struct {
	Name    string // of the sheet in the workbook, or of the file
	Columns []Column
	Rows    []Row
	Above   []string // titles and remarks above the table
	Below   []string // notes and totals below it
}

// Header is the headings, in order.
func (s *Sheet) Header() []string {
	names := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		names[i] = c.Header
	}
	return names
}

// Book is a file's tables, in the order of the file.
type Book struct {
	Sheets   []Sheet
	Warnings []Warning
}

// Warning is one thing that was mended or left out, and where.
type Warning struct {
	Sheet   string
	Row     int    // 0 when it is about the whole sheet or column
	Column  string // the heading, or empty
	Message fault.Message
}

// Limits are what a file may cost. The zero value of a field means the one of
// DefaultLimits.
type Limits struct {
	Bytes    int64 // of the file
	Unpacked int64 // of a workbook's parts together
	Entries  int   // parts in a workbook, and sheets of it
	Rows     int   // in all sheets together
	Columns  int   // in one sheet
	Cells    int   // in all sheets together
	Letters  int   // bytes of text in one cell
	Text     int   // bytes of text in all cells together
	Line     int   // bytes in one row of a CSV file, and in one piece of a workbook
	// Order reads days such as 3/4/2026 when nothing in the file tells; MonthFirst unless given.
	Order Order
}

// DefaultLimits keep a reading within 256 MB.
func DefaultLimits() Limits {
	return Limits{
		Bytes: 50 << 20, Unpacked: 200 << 20, Entries: 2_000,
		Rows: 200_000, Columns: 256, Cells: 1_500_000,
		Letters: 100_000, Text: 64 << 20, Line: 1 << 20,
		Order: MonthFirst,
	}
}

// orDefault fills in what the caller left open.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		Bytes: cmp.Or(l.Bytes, d.Bytes), Unpacked: cmp.Or(l.Unpacked, d.Unpacked), Entries: cmp.Or(l.Entries, d.Entries),
		Rows: cmp.Or(l.Rows, d.Rows), Columns: cmp.Or(l.Columns, d.Columns), Cells: cmp.Or(l.Cells, d.Cells),
		Letters: cmp.Or(l.Letters, d.Letters), Text: cmp.Or(l.Text, d.Text), Line: cmp.Or(l.Line, d.Line),
		Order: cmp.Or(l.Order, d.Order),
	}
}
