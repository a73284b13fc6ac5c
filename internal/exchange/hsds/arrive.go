package hsds

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/exchange"
	"commonweal/internal/initiative"
)

// from is what rows say they came from. Ids of the standard are unique all over
// the world, so that one name does for every directory.
const from = "hsds"

// order is that of writing: what is pointed at comes first.
var order = []string{"organization", "location", "service", "service_at_location"}

// arrival is a package on its way in: what each row will do, and the records
// that come of it.
type arrival struct {
	in   initiative.Initiative
	on   db.Day // the initiative's, today
	ids  *db.IDs
	o    Options
	pack Package
	have *stored
	came map[string]bool // prints of rows that came before
	find finder
	plan Plan

	tables []string
	rows   []arriving
	at     map[key]int    // where a row of the package stands among rows
	local  map[key]string // id here of each row outside
	acts   map[object]exchange.Act
	told   *said
	out    writing
}

// arriving is a row with what it will do.
type arriving struct {
	Row
	table int
	key   key
	act   exchange.Act
	print string
	owner object // whom it is counted with
}

// object is what can be taken back as one, by its kind.
type object struct{ kind, id string }

// arrive plans a package, in a handful of statements however long it is.
func (s *Service) arrive(ctx context.Context, q db.Querier, in string, p Package, o Options, find finder) (*arrival, error) {
	if p.Rows() == 0 {
		return nil, refuse("hsds.file.empty")
	}
	here, err := initiative.Get(ctx, q, in)
	if err != nil {
		return nil, err
	}
	now, _, err := db.Mark(q)
	if err != nil {
		return nil, err
	}
	a := &arrival{
		in: here, on: here.Today(now), ids: s.IDs, o: o, pack: identified(p, o.Name), find: find,
		at: map[key]int{}, local: map[key]string{}, acts: map[object]exchange.Act{},
		plan: Plan{Counts: map[string]exchange.Counts{}, Warnings: p.Warnings},
	}
	if a.have, err = loadAll(ctx, q, in, false); err != nil {
		return nil, err
	}
	for k, r := range a.have.here {
		a.local[k] = r.id
	}
	a.tables = slices.Concat(order, slices.DeleteFunc(a.pack.Names(), func(name string) bool { return slices.Contains(order, name) }))
	prints := a.prints()
	if a.came, err = exchange.Came(ctx, q, in, slices.Sorted(maps.Values(prints))); err != nil {
		return nil, err
	}
	a.decide(prints)
	a.settle()
	return a, nil
}

// prints are short texts that are the same whenever a row says the same.
func (a *arrival) prints() map[key]string {
	all := map[key]string{}
	for name, rows := range a.pack.Tables {
		for _, row := range rows {
			h := sha256.New()
			fmt.Fprintf(h, "hsds %s\n", name)
			for _, column := range slices.Sorted(maps.Keys(row.Fields)) {
				fmt.Fprintf(h, "%q=%q\n", column, text(row.Fields[column]))
			}
			all[key{name, row.ID()}] = hex.EncodeToString(h.Sum(nil)[:16])
		}
	}
	return all
}

// decide says of each row whether it's new, says something new, or neither.
// Ids here are given first, so that rows can point at each other.
func (a *arrival) decide(prints map[key]string) {
	for n, name := range a.tables {
		a.plan.Counts[name] = exchange.Counts{}
		for _, row := range a.pack.Tables[name] {
			k := key{name, row.ID()}
			act, differ := a.act(k, row, prints[k])
			if act == exchange.Add {
				a.local[k] = a.ids.New()
			}
			a.at[k] = len(a.rows)
			a.rows = append(a.rows, arriving{Row: row, table: n, key: k, act: act, print: prints[k]})
			a.plan.Counts[name][act]++
			a.plan.Planned = append(a.plan.Planned, Planned{Table: name, Line: row.Line, Act: act, Title: title(row), Fields: differ})
		}
	}
}

func (a *arrival) act(k key, row Row, mark string) (exchange.Act, []string) {
	i, have := a.have.at[k]
	if !have {
		return exchange.Add, nil
	}
	if a.came[mark] {
		return exchange.Same, nil // it came before: what differs was changed here
	}
	was := a.have.Tables[k.table][i]
	var differ []string
	for _, column := range slices.Sorted(maps.Keys(row.Fields)) {
		if row.Text(column) != was.Text(column) {
			differ = append(differ, column)
		}
	}
	if len(differ) == 0 {
		return exchange.Same, nil
	}
	return exchange.Change, differ
}

func title(row Row) string {
	for _, column := range []string{"name", "number", "address_1", "description", "value"} {
		if s := row.Text(column); s != "" {
			return shorten(s)
		}
	}
	return row.ID()
}

// settle makes the records, and says which objects they change.
func (a *arrival) settle() {
	for i := range a.rows {
		r := &a.rows[i]
		own := object{kindOf(r.key.table), a.local[r.key]}
		entity, owner := "", ""
		if r.owner = own; own.kind == exchange.KindDetail {
			if entity, owner = a.owner(r.key); owner != "" && kindOf(entity) != exchange.KindDetail {
				r.owner = object{kindOf(entity), owner}
			}
		}
		if r.act == exchange.Same {
			continue
		}
		a.take(r, entity, owner)
		if r.owner == own {
			a.acts[own] = r.act
		} else if a.acts[r.owner] == "" {
			a.acts[r.owner] = exchange.Change
		}
	}
	a.spreadAreas()
}

// batch is what is kept of the whole.
func (a *arrival) batch() exchange.Batch {
	b := exchange.Batch{Name: a.o.Name}
	for n, name := range a.tables {
		rows := len(a.pack.Tables[name])
		if rows == 0 {
			continue
		}
		b.Sheets = append(b.Sheets, exchange.Sheet{N: n, Name: name, Rows: rows, Target: from, Settled: true})
		b.Receipt.Sheets = append(b.Receipt.Sheets, exchange.SheetReceipt{Name: name, Target: from, Counts: a.plan.Counts[name]})
	}
	return b
}

// pieces are what the rows became. An object that only its details changed has
// a piece of its own.
func (a *arrival) pieces() []exchange.Piece {
	var all []exchange.Piece
	told := map[object]bool{}
	for _, r := range a.rows {
		p := exchange.Piece{Table: r.table, Line: r.Line, Kind: r.owner.kind, ID: r.owner.id, Act: exchange.Same, Print: r.print}
		if own := (object{kindOf(r.key.table), a.local[r.key]}); own == r.owner && a.acts[own] != "" {
			p.Act, told[own] = a.acts[own], true
		}
		if p.Act != exchange.Same || !a.came[r.print] {
			all = append(all, p)
		}
	}
	for _, o := range slices.SortedFunc(maps.Keys(a.acts), compareObjects) {
		if !told[o] {
			all = append(all, exchange.Piece{Kind: o.kind, ID: o.id, Act: a.acts[o]})
		}
	}
	return all
}

func compareObjects(a, b object) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id))
}

// kindOf is the object that a table's rows are taken back as.
func kindOf(table string) string {
	switch table {
	case "organization":
		return exchange.KindOrganization
	case "location":
		return exchange.KindLocation
	case "service":
		return exchange.KindService
	case "service_at_location":
		return exchange.KindServicePlace
	}
	return exchange.KindDetail
}
