package hsds

import (
	"encoding/json"
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"time"
)

// View is how much a document holds.
type View struct {
	Brief    bool // its own columns and what it has one of, as in a list
	Services bool // an organization with its services
	Public   bool // without columns that no standard knows, and without names of people; see hidden
}

// Docs are the rows of a package as the documents of JSON, one within another.
type Docs struct {
	pack Package
	at   map[key]Row
	back map[pointer][]Row // rows by what they point back at
}

// pointer is a row's way back to what it stands within.
type pointer struct{ table, column, id string }

// Nest makes the documents of a package ready.
func Nest(p Package) *Docs {
	d := &Docs{pack: p, at: map[key]Row{}, back: map[pointer][]Row{}}
	for name, rows := range p.Tables {
		columns := pointers(name)
		for _, row := range rows {
			d.at[key{name, row.ID()}] = row
			for _, c := range columns {
				if id := row.Text(c); id != "" {
					d.back[pointer{name, c, id}] = append(d.back[pointer{name, c, id}], row)
				}
			}
		}
	}
	return d
}

// pointers are the columns by which a table's rows are found in lists.
func pointers(name string) []string {
	switch name {
	case "attribute":
		return []string{"link_id"}
	case "metadata":
		return []string{"resource_id"}
	case "service_area":
		return []string{"service_id", "service_at_location_id"}
	}
	t := byName[name]
	if t == nil {
		return nil
	}
	var all []string
	for _, ref := range t.references() {
		all = append(all, ref.Column)
	}
	return all
}

// member is one key of a document.
type member struct {
	key   string
	value any
}

// Doc is a document of JSON whose keys stand in the standard's order.
type Doc []member

// Document gives one row as a document; false when there is none.
func (d *Docs) Document(table, id string, v View) (Doc, bool) {
	row, ok := d.at[key{table, id}]
	if !ok {
		return nil, false
	}
	return d.document(table, row, "", v), true
}

// document writes a row out. within is the column by which it points back at
// the document that it stands in, which goes without saying.
func (d *Docs) document(name string, row Row, within string, v View) Doc {
	var doc Doc
	t := byName[name]
	inner := v
	inner.Services = false
	for _, c := range t.Columns {
		if c.Name == within || v.Public && hidden[name][c.Name] {
			continue
		}
		if slices.ContainsFunc(one[name], func(s single) bool { return s.Column == c.Name && d.has(s, row) }) {
			continue
		}
		if value, ok := fitting(c, row.Fields[c.Name]); ok {
			doc = append(doc, member{c.Name, value})
		}
	}
	if !v.Public {
		doc = append(doc, strangers(t, row, within)...)
	}
	for _, s := range one[name] {
		if s.Column != within && d.has(s, row) {
			held := d.at[key{s.Table, row.Text(s.Column)}]
			doc = append(doc, member{s.Key, d.document(s.Table, held, "", inner)})
		}
	}
	if !v.Brief {
		doc = append(doc, d.lists(name, row, v)...)
	}
	return doc
}

func (d *Docs) has(s single, row Row) bool {
	_, ok := d.at[key{s.Table, row.Text(s.Column)}]
	return ok
}

// strangers are the columns that no standard knows.
func strangers(t *table, row Row, within string) Doc {
	var doc Doc
	for _, name := range slices.Sorted(maps.Keys(row.Fields)) {
		if _, known := t.byName[name]; !known && name != within {
			doc = append(doc, member{name, row.Fields[name]})
		}
	}
	return doc
}

// lists are the lists within a document.
func (d *Docs) lists(name string, row Row, v View) Doc {
	var doc Doc
	inner := v
	inner.Services = false
	for _, c := range slices.Concat(many[name], everywhere) {
		switch {
		case c.Table == "service" && !v.Services,
			c.Table == "metadata" && (v.Public || name == "metadata"),
			c.Table == "attribute" && slices.Contains([]string{"attribute", "metadata", "taxonomy", "taxonomy_term"}, name):
			continue
		}
		column := link(name, c.Table)
		var docs []Doc
		for _, r := range d.back[pointer{c.Table, column, row.ID()}] {
			if c.Table == "attribute" && !leadsTo(r, name) || v.Public && c.Table == "contact" && name != "organization" {
				continue
			}
			docs = append(docs, d.document(c.Table, r, column, inner))
		}
		if len(docs) > 0 {
			doc = append(doc, member{c.Key, docs})
		}
	}
	return doc
}

// leadsTo says whether an attribute may be about a row of a table: its
// link_entity says so, or names no table at all.
func leadsTo(attribute Row, name string) bool {
	entity := attribute.Text("link_entity")
	return entity == name || byName[entity] == nil
}

// hidden are the columns that name people. What an organization gives as its
// own contact is meant for everybody; whom one asks for at a place, and who
// changed what, isn't. Contacts of services and places, and the history of
// changes, are left out whole.
var hidden = map[string]map[string]bool{
	"address": {"attention": true},
	"service": {"assurer_email": true},
}

// fitting is a value as the schema of JSON wants it; false for none. What its
// column can't hold, such as words where a number belongs, is left out: the
// tabular package has it.
func fitting(c column, v any) (any, bool) {
	s := text(v)
	switch {
	case len(c.Choices) > 0:
		if slices.Contains(c.Choices, s) {
			return s, true
		}
		return c.Choices[0], c.Required
	case s == "":
		return "", c.Required && c.Kind != asID
	}
	switch c.Kind {
	case asNumber:
		n, ok := v.(json.Number)
		return n, ok
	case asEmail:
		a, err := mail.ParseAddress(s)
		return s, err == nil && a.Address == s
	case asURI:
		if u, err := url.Parse(s); err == nil && u.Scheme != "" {
			return s, true
		}
		u, err := url.Parse("https://" + s)
		return "https://" + s, err == nil && u.Host != ""
	case asDateTime:
		_, err := time.Parse(time.RFC3339, s)
		return s, err == nil
	default:
		return s, true
	}
}
