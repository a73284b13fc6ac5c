// Package hsds reads and writes the Human Services Data Specification, in
// which cities and 211 lines keep their directories of services: version 3.0 as
// JSON and as a tabular data package, and, when read, 3.1, 1.1 and the CSV files
// of Ohana. It brings what it read into an initiative, and gives an initiative's
// services away again.
//
// All forms meet in one flat model: a Package of tables, each with its rows, as
// the tabular package has them. Nothing that was given is lost: a field that no
// standard knows stays with its row, a reference that leads nowhere stays as it
// was given and is warned about. What can't be right, such as a latitude of
// 100, is kept, warned about, and not used.
package hsds

import (
	"maps"
	"slices"

	"commonweal/internal/exchange/sheet"
)

// Version is the form that a file came in.
type Version string

// The versions that are read. Only 3.0 is written.
const (
	V3    Version = "3.0"
	V31   Version = "3.1"
	V11   Version = "1.1"
	Ohana Version = "ohana"
)

// Row is one row of a table. Fields are its columns by name: text, a
// json.Number in the columns that hold numbers, and whatever JSON had in those
// that no standard knows. A column without a value isn't there.
type Row struct {
	Line   int // in its file, as a spreadsheet counts; in JSON the place of its document
	Fields map[string]any
}

// ID is the row's own id, which every row has once it was read.
func (r Row) ID() string { return r.Text("id") }

// Text is a column as text, or "".
func (r Row) Text(column string) string { return text(r.Fields[column]) }

// Package is a whole directory of services.
type Package struct {
	Version  Version
	Tables   map[string][]Row // by the standard's own name: organization, service_at_location, …
	Warnings []sheet.Warning  // what was repaired or refused, and in which row
}

// Names are the tables that have rows: those of the standard first, in its
// order, then others by name.
func (p Package) Names() []string {
	var names, others []string
	for _, t := range standard {
		if len(p.Tables[t.Name]) > 0 {
			names = append(names, t.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Tables)) {
		if _, known := byName[name]; !known && len(p.Tables[name]) > 0 {
			others = append(others, name)
		}
	}
	return append(names, others...)
}

// Rows is how many rows there are in all.
func (p Package) Rows() int {
	n := 0
	for _, rows := range p.Tables {
		n += len(rows)
	}
	return n
}

// Limits are what a file may be at most. They are looked at before anything is
// taken apart.
type Limits struct {
	Bytes int64 // of the file, and of what is packed in it
	Files int   // in a zip
	Rows  int
	Cell  int // bytes of one value
	Depth int // of JSON within JSON
}

// Usual are the limits of an import: the directory of a large county.
var Usual = Limits{Bytes: 48 << 20, Files: 200, Rows: 300_000, Cell: 1 << 20, Depth: 40}
