package page

import (
	"github.com/a-h/templ"

	"commonweal/internal/i18n"
)

// Status says how something goes. It is always a sign and a word, never a
// colour alone.
type Status string

// The statuses.
const (
	Done     Status = "done"   // ✓
	Better   Status = "better" // ↑
	Partly   Status = "partly" // → partly, or behind
	Late     Status = "late"   // !
	TooEarly Status = "early"  // ? too early, or too few, to say
	Plain    Status = "plain"  // a fact, with no judgement in it
)

// Hue says which of the four parts of the work something belongs to. It never
// says how it goes.
type Hue string

// The four parts.
const (
	Purpose      Hue = "indigo" // a clear common purpose
	CoProduction Hue = "clay"   // engagement and co-production
	Trust        Hue = "plum"   // relationships and trust
	Results      Hue = "leaf"   // results and accountability
)

// Table is rows of data. The first column names its row.
type Table struct {
	Caption string // says what the table shows, in words
	Columns []Column
	Rows    [][]Cell
}

// Column is a heading. Numbers stand at the end of their cells.
type Column struct {
	Text   string
	Number bool
}

// Cell is one cell, as text, a link or a status.
type Cell struct {
	Text   string
	Href   string
	Status Status
}

// Crumb is one step of the way to a page.
type Crumb struct{ Text, Href string }

// foreign names the language of a text when the page is in another: text is
// never mixed silently.
func foreign(b Base, lang i18n.Lang) string {
	if lang == "" || lang == b.Lang() {
		return ""
	}
	return b.T("page.written." + string(lang))
}

func (t Table) number(column int) bool {
	return column < len(t.Columns) && t.Columns[column].Number
}

// revealGroup names the group, unless there is none: an empty name is refused
// by validators.
func revealGroup(group string) templ.Attributes {
	if group == "" {
		return nil
	}
	return templ.Attributes{"name": group}
}
