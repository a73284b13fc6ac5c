package hsds

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
)

// builder gathers the rows of a package as they are read.
type builder struct {
	limits Limits
	pack   Package
	at     map[key]int // where a row stands in its table
	rows   int
	said   map[string]int // how often a sentence was said of a table
}

// key is a row by its table and id.
type key struct{ table, id string }

func newBuilder(version Version, limits Limits) *builder {
	return &builder{
		limits: limits, pack: Package{Version: version, Tables: map[string][]Row{}},
		at: map[key]int{}, said: map[string]int{},
	}
}

// source is where in a file something stands.
type source struct {
	table string
	line  int
}

// enough is how often one thing is said of one table.
const enough = 20

// warn notes what was repaired or refused. Arguments come as name, value.
func (b *builder) warn(at source, column, sentence string, args ...any) {
	b.said[at.table+" "+sentence]++
	if b.said[at.table+" "+sentence] > enough {
		return
	}
	m := fault.Message{Key: sentence, Args: map[string]any{"row": at.line, "sheet": at.table, "column": column}}
	for i := 0; i+1 < len(args); i += 2 {
		m.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	b.pack.Warnings = append(b.pack.Warnings, sheet.Warning{Sheet: at.table, Row: at.line, Column: column, Message: m})
}

// add takes a row in, or merges it into the one that has its id. parent is
// what the row stands within, and pointer the column that says so; both may be
// nothing. It gives the id under which the row is kept, "" when it was refused.
func (b *builder) add(at source, fields map[string]any, pointer, parent string) (string, error) {
	if pointer != "" && text(fields[pointer]) == "" {
		fields[pointer] = parent
	}
	b.clean(at, fields)
	if !b.whole(at, fields) {
		return "", nil
	}
	id := text(fields["id"])
	if id == "" {
		id = derived(at.table, fields)
		fields["id"] = id
		b.warn(at, "id", "hsds.id.missing")
	}
	i, have := b.at[key{at.table, id}]
	if have && pointer != "" {
		there := b.pack.Tables[at.table][i].Text(pointer)
		if there != "" && there != text(fields[pointer]) {
			// It stands within two of a kind, and a table has one column for both.
			id = derived(at.table, map[string]any{"id": id, pointer: fields[pointer]})
			fields["id"] = id
			i, have = b.at[key{at.table, id}]
		}
	}
	if have {
		b.merge(at, b.pack.Tables[at.table][i].Fields, fields)
		return id, nil
	}
	if b.rows++; b.rows > b.limits.Rows {
		return "", refuse("hsds.file.rows", "max", b.limits.Rows)
	}
	b.at[key{at.table, id}] = len(b.pack.Tables[at.table])
	b.pack.Tables[at.table] = append(b.pack.Tables[at.table], Row{Line: at.line, Fields: fields})
	return id, nil
}

// merge adds what a second telling of a row knows besides the first. Where they
// disagree the first holds.
func (b *builder) merge(at source, first, second map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(second)) {
		v, said := first[name]
		switch {
		case !said:
			first[name] = second[name]
		case !reflect.DeepEqual(v, second[name]):
			b.warn(at, name, "hsds.id.twice", "value", shorten(text(second["id"])))
		}
	}
}

// needed is what a row is nothing without.
var needed = map[string]string{"organization": "name", "service": "name", "phone": "number"}

func (b *builder) whole(at source, fields map[string]any) bool {
	column := needed[at.table]
	if column == "" || text(fields[column]) != "" {
		return len(fields) > 0
	}
	b.warn(at, column, "hsds.row.refused")
	return false
}

// finish looks at what leads nowhere and gives the package.
func (b *builder) finish() Package {
	b.settleOld()
	for _, name := range b.pack.Names() {
		t := byName[name]
		if t == nil {
			continue
		}
		for _, ref := range t.references() {
			for _, row := range b.pack.Tables[name] {
				id := row.Text(ref.Column)
				if _, have := b.at[key{ref.Table, id}]; id != "" && !have {
					b.warn(source{name, row.Line}, ref.Column, "hsds.reference.nowhere", "value", shorten(id))
				}
			}
		}
	}
	b.more()
	return b.pack
}

// more says how much wasn't said any more.
func (b *builder) more() {
	for _, what := range slices.Sorted(maps.Keys(b.said)) {
		if n := b.said[what] - enough; n > 0 {
			name, _, _ := strings.Cut(what, " ")
			m := fault.Message{Key: "hsds.more", Args: map[string]any{"n": n, "sheet": name}}
			b.pack.Warnings = append(b.pack.Warnings, sheet.Warning{Sheet: name, Message: m})
		}
	}
}

// derived is an id made of what a row says (a UUID of version 8), so that the
// same row gets the same id another time.
func derived(table string, fields map[string]any) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", table)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		fmt.Fprintf(h, "%q=%q\n", name, text(fields[name]))
	}
	sum := h.Sum(nil)
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	d := hex.EncodeToString(sum[:16])
	return d[:8] + "-" + d[8:12] + "-" + d[12:16] + "-" + d[16:20] + "-" + d[20:]
}

func refuse(sentence string, args ...any) error { return fault.New(fault.Invalid, sentence, args...) }

// shorten is a value as it's shown back.
func shorten(value string) string {
	const longest = 60
	if runes := []rune(value); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return value
}
