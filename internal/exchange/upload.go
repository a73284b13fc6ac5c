package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
)

// MaxFile is how much a file may weigh, in bytes.
const MaxFile = 50 << 20

// MaxRows is how many rows a file may have in all its tables: while they are
// planned they stand in memory together, since a later row may tell more of
// whom an earlier one tells.
const MaxRows = 50_000

const (
	maxLabel = 200 // letters of a file's name
	examples = 3   // of a column
	sample   = 200 // rows that a guess looks at
)

// mapping is which column goes where.
type mapping struct {
	target string
	fields []string // one for each column: a field, Beside or Without
	sure   []bool
	score  float64
}

// Upload reads a file and guesses what its tables are; nothing of it is brought
// in. It waits for a day. Stewards may. Faults: NotFound; Invalid when the file
// can't be read, is larger than MaxFile or MaxRows, or has nothing in it.
func (s *Service) Upload(ctx context.Context, who access.Actor, in, name string, r io.ReaderAt, size int64) (b Batch, err error) {
	defer fault.Wrap(&err, "exchange.Upload in %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return Batch{}, err
	}
	book, err := sheet.Read(ctx, label(name), r, size, sheet.Limits{Bytes: MaxFile})
	if err != nil {
		return Batch{}, err
	}
	book.Sheets = slices.DeleteFunc(book.Sheets, func(s sheet.Sheet) bool { return len(s.Rows) == 0 })
	if len(book.Sheets) == 0 {
		return Batch{}, fault.New(fault.Invalid, "import.file.nothing")
	}
	if rowsIn(book) > MaxRows {
		return Batch{}, fault.New(fault.Invalid, "sheet.file.rows", "max", MaxRows)
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		now, id, err := db.Mark(q)
		if err != nil {
			return err
		}
		b = Batch{ID: id, Name: label(name), By: who.Person(in), Status: Open, MadeAt: db.At(now)}
		if b.Sheets, err = guessAll(ctx, q, in, book); err != nil {
			return err
		}
		if err := insertBatch(ctx, q, in, b); err != nil {
			return err
		}
		for i, one := range book.Sheets { // as many as the workbook has tables, which are few
			if err := insertCells(ctx, q, in, b.ID, i, one.Rows); err != nil {
				return err
			}
		}
		return note(ctx, q, who, in, "read file to import", b.ID)
	})
	return b, err
}

// rowsIn counts the rows of all tables.
func rowsIn(book sheet.Book) (n int) {
	for _, s := range book.Sheets {
		n += len(s.Rows)
	}
	return n
}

// label is a file's name as lists show it: no folders, no signs that can't be
// seen, and never a path on this machine.
func label(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	letters := []rune(name)
	return string(letters[:min(len(letters), maxLabel)])
}

// guessAll says of every table what it seems to be: what it was the last time,
// or what its headings and cells look like.
func guessAll(ctx context.Context, q db.Querier, in string, book sheet.Book) ([]Sheet, error) {
	prints := make([]string, len(book.Sheets))
	for i := range book.Sheets {
		prints[i] = headerPrint(book.Sheets[i].Header())
	}
	known, err := remembered(ctx, q, in, prints)
	if err != nil {
		return nil, err
	}
	all := make([]Sheet, len(book.Sheets))
	for i := range book.Sheets {
		read := &book.Sheets[i]
		one := Sheet{N: i, Name: read.Name, Rows: len(read.Rows), Answers: Answers{}}
		m, again := known[prints[i]]
		if _, exists := target(m.target); !again || !exists && m.target != "" || len(m.fields) != len(read.Columns) {
			m, again = guess(read), false
		}
		one.Known, one.Target = again, m.target
		one.Columns = columnsOf(read, m)
		for _, w := range book.Warnings {
			if w.Sheet == read.Name {
				one.Warnings = append(one.Warnings, w)
			}
		}
		all[i] = one
	}
	return all, nil
}

// headerPrint is a short text that is the same for the same headings.
func headerPrint(header []string) string {
	folded := make([]string, len(header))
	for i, h := range header {
		folded[i] = db.Fold(h)
	}
	sum := sha256.Sum256([]byte(strings.Join(folded, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// guess tries every target and takes the one whose fields fit best. A table
// that fits none is left out until somebody says what it is.
func guess(read *sheet.Sheet) (best mapping) {
	best = guessAs(read, nil)
	for _, t := range Targets() {
		if m := guessAs(read, t); m.score > best.score {
			best = m
		}
	}
	return best
}

// guessAs guesses the columns of one target; nil is none.
func guessAs(read *sheet.Sheet, t Target) mapping {
	m := mapping{fields: make([]string, len(read.Columns)), sure: make([]bool, len(read.Columns))}
	for i, c := range read.Columns {
		if private(c.Header) {
			m.fields[i] = Without
		}
	}
	if t == nil {
		return m
	}
	m.target = t.Name()
	g := sheet.Guess(read.Header(), read.Rows[:min(len(read.Rows), sample)], t.Fields())
	for _, found := range g.Matches {
		if m.fields[found.Column] == Without && found.Confidence < sheet.Sure {
			continue
		}
		m.fields[found.Column] = found.Field
		m.sure[found.Column] = found.Confidence >= sheet.Sure
		m.score += found.Confidence
	}
	if !slices.ContainsFunc(t.Needs(), func(f string) bool { return slices.Contains(m.fields, f) }) {
		m.score = 0
	}
	m.score *= telling(t, m.fields)
	return m
}

// telling weighs a guess by the fields that no other target has: a name and a
// telephone number are found in any list.
func telling(t Target, fields []string) float64 {
	weight := 1.0
	for _, f := range fields {
		if slices.Contains(tells[t.Name()], f) {
			weight += 0.5
		}
		if t.Name() == contactsName && (f == "phone" || f == "email") {
			weight += 0.5 // homes have neither
		}
	}
	return weight
}

var tells = map[string][]string{
	partnersName:      {"organization", "website", "members", "kind", "about", "offers", "contact", "job"},
	contactsName:      {"phone", "email", "first", "last", "safe", "parent", "under18"},
	householdsName:    {"people"},
	conversationsName: {"held_on", "need", "gift", "advice", "care"},
}

// private are headings of what we don't keep of anybody: left out unless
// somebody says otherwise.
var privateWords = []string{
	"address", "street", "direccion", "domicilio", "calle", "birth", "dob", "nacimiento", "ssn", "social security",
	"seguro social", "passport", "pasaporte", "immigration", "diagnos", "password", "contrasena",
}

func private(header string) bool {
	folded := db.Fold(header)
	if strings.Contains(folded, "mail") || strings.Contains(folded, "web") {
		return false // an e-mail address is an address of another kind
	}
	return slices.ContainsFunc(privateWords, func(w string) bool { return strings.Contains(folded, w) })
}

func columnsOf(read *sheet.Sheet, m mapping) []Column {
	all := make([]Column, len(read.Columns))
	for i, c := range read.Columns {
		all[i] = Column{Header: c.Header, Field: m.fields[i], Days: c.Order, Unsure: c.Unsure}
		if i < len(m.sure) {
			all[i].Sure = m.sure[i]
		}
		for _, r := range read.Rows[:min(len(read.Rows), sample)] {
			if i < len(r.Cells) && r.Cells[i].Text != "" && !slices.Contains(all[i].Examples, shortened(r.Cells[i].Text)) {
				all[i].Examples = append(all[i].Examples, shortened(r.Cells[i].Text))
			}
			if len(all[i].Examples) == examples {
				break
			}
		}
	}
	return all
}
