package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/initiative"
	"commonweal/internal/place"
)

// Target is what a table may be brought into.
type Target interface {
	Name() string
	// Fields are what its columns may be, in the order in which the wizard
	// offers them.
	Fields() []sheet.Field
	// Needs are fields of which one at least must have a column.
	Needs() []string
	// Questions are asked once of a whole table, given which fields have columns.
	Questions(has func(field string) bool) []Question
	// open reads what is here, and gives what takes rows in.
	open(ctx context.Context, q db.Querier, h *here, answers Answers) (intake, error)
}

// intake takes in the rows of one table: first all are planned, in their
// order, then those that do something are written, many in one statement.
type intake interface {
	plan(r Row) *Planned
	write(ctx context.Context, q db.Querier, some []*Planned) error
}

// printer is an intake of which some rows must leave no print of what they say.
type printer interface{ print(r Row) string }

// Question is asked once of a whole table. Its words are import.ask.NAME, and
// import.ask.NAME.OPTION for each option; without options it is answered by a
// day.
type Question struct {
	Name    string
	Options []string
	Unless  string // not asked when Name's other question was answered so: "agreed=no"
}

// Targets are all targets, in the order in which their tables come in: what is
// pointed at comes before what points at it.
func Targets() []Target { return []Target{households{}, contacts{}, partners{}, conversations{}} }

// target finds one by its name.
func target(name string) (Target, bool) {
	all := Targets()
	i := slices.IndexFunc(all, func(t Target) bool { return t.Name() == name })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// TargetNames are the names of all targets, in the order of the wizard.
func TargetNames() []string {
	return []string{partnersName, contactsName, householdsName, conversationsName}
}

// got is one object that a row became.
type got struct {
	kind, id string
	person   string // whom it tells about
	act      Act    // Add, Change or Same
	side     bool   // came along, such as the household of somebody: what is kept beside isn't about it
}

// here is what rows are held against, whichever their target.
type here struct {
	initiative.Initiative
	today      db.Day
	now        db.Stamp
	account    string // who brings it
	self       string
	areas      map[string]place.Area // by folded name
	areaNames  map[string]string     // by id
	connectors map[string]string     // id by folded name
	words      *gift.Vocabulary
	choices    map[rowKey]Choice
	came       map[string]got // what rows became in earlier batches, by print
}

// rowKey names a row of a batch.
type rowKey struct{ sheet, row int }

// Row is one row of a table on its way in.
type Row struct {
	Sheet, N int
	cells    []string
	columns  *columns
}

// columns say where the fields of a table stand.
type columns struct {
	target  string
	at      map[string]int // column of each field
	headers []string
	beside  []int // columns whose words are kept beside
}

func newColumns(s Sheet) *columns {
	c := &columns{target: s.Target, at: map[string]int{}}
	for i, col := range s.Columns {
		c.headers = append(c.headers, col.Header)
		switch col.Field {
		case Without:
		case Beside:
			c.beside = append(c.beside, i)
		default:
			c.at[col.Field] = i
		}
	}
	return c
}

// text is what stands in the column of a field.
func (r Row) text(field string) string {
	i, ok := r.columns.at[field]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

// beside is what the unmatched columns say, and what fields say that can't be
// read as what they are meant to be.
func (r Row) beside(unread ...string) []Pair {
	var all []Pair
	add := func(i int) {
		if i < len(r.cells) && r.cells[i] != "" {
			all = append(all, Pair{Column: r.columns.headers[i], Text: r.cells[i]})
		}
	}
	for _, i := range r.columns.beside {
		add(i)
	}
	for _, field := range unread {
		if i, ok := r.columns.at[field]; ok {
			add(i)
		}
	}
	return all
}

// print is a short text that is the same whenever the same row comes again,
// wherever it stands in the table.
func (r Row) print() string {
	h := sha256.New()
	put := func(s string) {
		h.Write([]byte(strconv.Itoa(len(s)) + ":" + s)) // a hash takes everything
	}
	put(r.columns.target)
	for i, text := range r.cells {
		if text != "" {
			put(db.Fold(r.columns.headers[i]))
			put(text)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// area finds an area by its name.
func (h *here) area(name string) (place.Area, bool) {
	a, ok := h.areas[db.Fold(name)]
	return a, ok
}

// connector finds a connector by their name.
func (h *here) connector(name string) (string, bool) {
	id, ok := h.connectors[db.Fold(name)]
	return id, ok
}

// refuse plans a row that can't come in.
func refuse(p *Planned, key string, args ...any) *Planned {
	p.Act = Refused
	p.note(key, args...)
	return p
}

// note adds a sentence to what a row will do.
func (p *Planned) note(key string, args ...any) {
	p.Why = append(p.Why, message(key, args...))
}

// faults puts what is wrong with a draft into what a row will do.
func (p *Planned) faults(err error) bool {
	for _, one := range fault.Fields(err) {
		p.Why = append(p.Why, one.Message)
	}
	if err != nil {
		p.Act = Refused
	}
	return err != nil
}

func message(key string, args ...any) fault.Message {
	return fault.Says(fault.New(fault.Invalid, key, args...), key)
}

// shortened is a text as a title shows it.
func shortened(text string) string {
	const most = 60
	text = strings.Join(strings.Fields(text), " ")
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	return string(letters[:most-1]) + "…"
}
