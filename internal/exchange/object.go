package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sync"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// The kinds of object that rows become.
const (
	kindPerson       = "person"
	kindHousehold    = "household"
	kindOrganization = "organization"
	kindConversation = "conversation"
	kindTalk         = "talk"
)

// object is a row of a table with the rows that belong to it. Whatever else
// points at one of them is a link, and what is linked isn't taken back.
type object struct {
	table string
	name  string // the column that people know it by
	parts []reference
	soft  []reference // links without a foreign key
	made  []reference // what is made anew from the object, and goes with it
	// everywhere is a column that means this kind in any table that has it,
	// foreign key or not.
	everywhere string
}

// reference is a column that holds ids of an object.
type reference struct{ table, column string }

var objects = map[string]object{
	kindPerson: {
		table: "person", name: "name", everywhere: "person_id",
		parts: []reference{{"contact", "person_id"}, {"consent", "person_id"}},
		soft:  []reference{{"person", "connector_id"}, {"household", "connector_id"}},
	},
	kindHousehold: {table: "household", name: "code"},
	KindLocation:  {table: "location", name: "name", parts: []reference{{"detail", "owner_id"}}},
	KindService: {
		table: "service", name: "name", parts: []reference{{"detail", "owner_id"}},
		made: []reference{{"service_word", "service_id"}},
	},
	KindServicePlace: {table: "service_place", name: "source_id", parts: []reference{{"detail", "owner_id"}}},
	KindDetail:       {table: "detail", name: "entity"},
	kindOrganization: {
		table: "organization", name: "name", everywhere: "organization_id",
		parts: []reference{{"organization_offer", "organization_id"}, {"detail", "owner_id"}},
		soft:  []reference{{"organization", "parent_id"}},
	},
	kindConversation: {
		table: "conversation", name: "held_on",
		parts: []reference{
			{"need", "conversation_id"}, {"support", "conversation_id"}, {"advice", "conversation_id"}, {"gift", "conversation_id"},
		},
	},
	kindTalk: {table: "talk_count", name: "on_day"},
}

// untold are tables whose rows are no reason to keep something: what was done,
// and our own.
var untold = []string{"audit", "import_row", "import_batch"}

// chored are columns that the house alters by itself, which isn't editing.
var chored = []string{"reminders", "reminded_on", "review_on", "last_asked_at"}

// row is a row of any table, by column.
type row map[string]any

// snapshot is an object as it is at one moment.
type snapshot struct {
	Root  row              `json:"root"`
	Parts map[string][]row `json:"parts,omitempty"` // by table, by id
}

// digest is a short text that differs whenever somebody has edited the object.
// Of nothing it is "".
func (s snapshot) digest() string {
	if s.Root == nil {
		return ""
	}
	// Maps of text, numbers and truths always become JSON, with their keys in order.
	text, _ := json.Marshal(s.without(chored))
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// without leaves columns out.
func (s snapshot) without(columns []string) snapshot {
	drop := func(r row) row {
		kept := make(row, len(r))
		for name, v := range r {
			if !slices.Contains(columns, name) {
				kept[name] = v
			}
		}
		return kept
	}
	out := snapshot{Root: drop(s.Root), Parts: make(map[string][]row, len(s.Parts))}
	for table, rows := range s.Parts {
		for _, r := range rows {
			out.Parts[table] = append(out.Parts[table], drop(r))
		}
	}
	return out
}

// schemaTables describes the store's tables, by name.
type schemaTables map[string]db.Table

// schema is the description of the tables, read once: they don't change while
// the program runs.
type schema struct {
	mu     sync.Mutex
	tables schemaTables
}

func (s *schema) of(ctx context.Context, d *db.DB) (schemaTables, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tables != nil {
		return s.tables, nil
	}
	all, err := d.Tables(ctx)
	if err != nil {
		return nil, err
	}
	tables := schemaTables{}
	for _, t := range all {
		tables[t.Name] = t
	}
	s.tables = tables
	return tables, nil
}

// links are all columns by which rows elsewhere point at rows of an object:
// foreign keys as the store describes them, and those that it doesn't know.
func (t schemaTables) links(o object) (all []link) {
	mine := map[string]string{o.table: "id"} // owner column by table
	for _, p := range o.parts {
		mine[p.table] = p.column
	}
	add := func(l link) {
		if slices.Contains(untold, l.from.table) || slices.Contains(o.made, l.from) || slices.Contains(all, l) {
			return
		}
		all = append(all, l)
	}
	for name, table := range t {
		for _, key := range table.Refers {
			if _, ours := mine[key.Table]; !ours || !slices.Contains(key.To, "id") {
				continue
			}
			column := key.Columns[slices.Index(key.To, "id")]
			if mine[name] == column && key.Table == o.table {
				continue // a part points at its own root
			}
			add(link{from: reference{name, column}, to: key.Table, owner: mine[name]})
		}
		_, part := mine[name]
		if o.everywhere != "" && !part && table.Has(o.everywhere) && table.Has("initiative_id") {
			add(link{from: reference{name, o.everywhere}, to: o.table})
		}
	}
	for _, r := range o.soft {
		add(link{from: r, to: o.table, owner: mine[r.table]})
	}
	slices.SortFunc(all, func(a, b link) int { return compareLinks(a, b) })
	return all
}

// link is a column of one table that points at a table of an object. With an
// owner column, rows that the same object owns are no link.
type link struct {
	from  reference
	to    string
	owner string
}

func compareLinks(a, b link) int {
	return slices.Compare([]string{a.from.table, a.from.column, a.to}, []string{b.from.table, b.from.column, b.to})
}

// look reads some objects with the rows that belong to them, by id.
func (t schemaTables) look(ctx context.Context, q db.Querier, in string, o object, ids []string) (byID map[string]snapshot, err error) {
	defer fault.Wrap(&err, "exchange.look at %s in %s", o.table, in)
	byID = make(map[string]snapshot, len(ids))
	for some := range slices.Chunk(ids, chunk) {
		roots, err := rowsOf(ctx, q, t[o.table], in, "id", some)
		if err != nil {
			return nil, err
		}
		for _, r := range roots {
			byID[r.text("id")] = snapshot{Root: r, Parts: map[string][]row{}}
		}
		for _, p := range o.parts {
			found, err := rowsOf(ctx, q, t[p.table], in, p.column, some)
			if err != nil {
				return nil, err
			}
			for _, r := range found {
				if s, ok := byID[r.text(p.column)]; ok {
					s.Parts[p.table] = append(s.Parts[p.table], r)
				}
			}
		}
	}
	return byID, nil
}

func (r row) text(column string) string {
	text, _ := r[column].(string)
	return text
}

// linked says which of some objects something else points at.
func (t schemaTables) linked(ctx context.Context, q db.Querier, in string, o object, seen map[string]snapshot) (map[string]bool, error) {
	owners := map[string]map[string]string{} // table → id of a row → object
	for id, s := range seen {
		put(owners, o.table, id, id)
		for table, rows := range s.Parts {
			for _, r := range rows {
				put(owners, table, r.text("id"), id)
			}
		}
	}
	linked := map[string]bool{}
	for _, l := range t.links(o) {
		for some := range slices.Chunk(keys(owners[l.to]), chunk) {
			found, err := pointing(ctx, q, l, in, some)
			if err != nil {
				return nil, err
			}
			for _, f := range found {
				if owner := owners[l.to][f.at]; f.owner == "" || owners[l.from.table][f.owner] != owner && f.owner != owner {
					linked[owner] = true
				}
			}
		}
	}
	return linked, nil
}

func put(owners map[string]map[string]string, table, id, object string) {
	if owners[table] == nil {
		owners[table] = map[string]string{}
	}
	owners[table][id] = object
}

func keys(m map[string]string) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
