package hsds

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// listed is how an entity is listed: its tables, its conditions, its order.
type listed struct{ from, id, source, where, order string }

var lists = map[string]listed{
	"organization": {
		from: "organization o", id: "o.id", source: "o.source_id", where: "o.initiative_id = $1 and o.status = 'shown'",
		order: "o.name_folded, o.id",
	},
	"service": {
		from: "service s left join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id",
		id:   "s.id", source: "s.source_id", where: "s.initiative_id = $1 and " + seen, order: "s.name_folded, s.id",
	},
	"service_at_location": {
		from: `service_place p join service s on s.initiative_id = p.initiative_id and s.id = p.service_id
			left join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
			left join location l on l.initiative_id = p.initiative_id and l.id = p.location_id`,
		id: "p.id", source: "p.source_id", where: "p.initiative_id = $1 and " + seen, order: "s.name_folded, p.id",
	},
	"taxonomy":      {from: "detail d", id: "d.id", source: "d.source_id", where: "d.initiative_id = $1 and d.entity = 'taxonomy'", order: "d.id"},
	"taxonomy_term": {from: "detail d", id: "d.id", source: "d.source_id", where: "d.initiative_id = $1 and d.entity = 'taxonomy_term'", order: "d.id"},
}

// asked is a list with what somebody wants of it.
type asked struct {
	listed
	args []any
}

func (a *asked) arg(v any) string {
	a.args = append(a.args, v)
	return "$" + strconv.Itoa(len(a.args))
}

func (a *asked) and(condition string) { a.where += " and " + condition }

// ref holds where a row goes by an id outside.
func (a *asked) ref(row, id string) string {
	mark := a.arg(id)
	return "(" + row + ".source_id = " + mark + " or " + row + ".source_id = '' and " + row + ".id = " + mark + ")"
}

// holds finds details d with a column that holds a text, as the store writes it.
func (a *asked) holds(column, text string) string {
	quoted, _ := json.Marshal(text) // text always becomes JSON
	return "d.fields like " + a.arg("%"+db.Like(`"`+column+`":`+string(quoted))+"%") + ` escape '\'`
}

// narrow puts a query's wishes into conditions, but for those that matching
// goes through itself.
func (a *asked) narrow(entity string, want Query) {
	isDetail := entity == "taxonomy" || entity == "taxonomy_term"
	for word := range strings.FieldsSeq(db.Fold(want.Search)) {
		like := a.arg("%" + db.Like(word) + "%")
		switch {
		case isDetail:
			a.and("lower(d.fields) like " + like + ` escape '\'`)
		case entity == "organization":
			a.and("o.name_folded like " + like + ` escape '\'`)
		default:
			a.and("(s.name_folded like " + like + ` escape '\' or s.id in (select w.service_id from service_word w
				where w.initiative_id = $1 and w.word = ` + a.arg(word) + "))")
		}
	}
	if want.Organization != "" && !isDetail {
		a.and(a.ref("o", want.Organization))
	}
	if !want.ModifiedAfter.IsZero() {
		row, _, _ := strings.Cut(a.id, ".")
		if row == "p" {
			row = "s"
		}
		a.and(row + ".changed_at >= " + a.arg(db.At(want.ModifiedAfter)))
	}
	if entity == "taxonomy_term" {
		a.terms(want)
	}
}

func (a *asked) terms(want Query) {
	if want.Taxonomy != "" {
		a.and(a.holds("taxonomy_id", want.Taxonomy))
	}
	if want.Parent != "" {
		a.and(a.holds("parent_id", want.Parent))
	}
	if want.TopOnly {
		a.and("d.fields not like " + a.arg(`%"parent\_id":%`) + ` escape '\'`)
	}
}

// matching finds the ids of a page of a list, and how many there are in all.
func (s *Service) matching(ctx context.Context, q db.Querier, in, entity string, want Query) (ids []string, total int, err error) {
	list, known := lists[entity]
	if !known {
		return nil, 0, fault.ErrNotFound
	}
	a := &asked{listed: list, args: []any{in}}
	a.narrow(entity, want)
	near := entity == "service_at_location" && (want.Postcode != "" || want.Proximity > 0)
	byTerm := entity != "taxonomy_term" && entity != "taxonomy" && entity != "organization" && (want.TaxonomyTerm != "" || want.Taxonomy != "")
	if near || byTerm {
		return a.through(ctx, q, in, want, near, byTerm)
	}
	total, err = db.One(ctx, q, db.Value[int], `select count(*) from `+a.from+` where `+a.where, a.args...)
	if err != nil || total == 0 {
		return nil, total, err
	}
	ids, err = db.All(ctx, q, db.Value[string], `select `+a.id+` from `+a.from+` where `+a.where+` order by `+a.order+
		` limit `+a.arg(want.perPage())+` offset `+a.arg((want.page()-1)*want.perPage()), a.args...)
	return ids, total, err
}

// candidate is a row that a wish is held against which the store can't answer.
type candidate struct {
	id, service, location string
	spot
}

type spot struct {
	lat, lon float64
	pinned   bool
}

// through goes through all rows that the other wishes leave: which terms a
// service has, and how far a place is, stands in columns that the store keeps
// as they were given.
func (a *asked) through(ctx context.Context, q db.Querier, in string, want Query, near, byTerm bool) ([]string, int, error) {
	fits := func(candidate) bool { return true }
	if near {
		isNear, err := nearby(ctx, q, in, want)
		if err != nil {
			return nil, 0, err
		}
		fits = isNear
	}
	var with map[string]bool
	if byTerm {
		var err error
		if with, err = withTerms(ctx, q, in, want); err != nil {
			return nil, 0, err
		}
	}
	columns := a.id + ", s.id, '', null, null"
	if strings.HasPrefix(a.from, "service_place") {
		columns = a.id + ", s.id, coalesce(l.id, ''), l.lat, l.lon"
	}
	all, err := db.All(ctx, q, func(row db.Row) (c candidate, err error) {
		var lat, lon sql.NullFloat64
		err = row.Scan(&c.id, &c.service, &c.location, &lat, &lon)
		c.spot = spot{lat.Float64, lon.Float64, lat.Valid && lon.Valid}
		return c, err
	}, `select `+columns+` from `+a.from+` where `+a.where+` order by `+a.order, a.args...)
	if err != nil {
		return nil, 0, err
	}
	var ids []string
	for _, c := range all {
		if fits(c) && (!byTerm || with[c.service] || with[c.id]) {
			ids = append(ids, c.id)
		}
	}
	page, total := cut(ids, want)
	return page, total, nil
}

// nearby says which places lie in a postcode, or so near to the middle of its
// places. A postcode that no address here has lies nowhere.
func nearby(ctx context.Context, q db.Querier, in string, want Query) (func(candidate) bool, error) {
	a := &asked{args: []any{in}}
	within := map[string]bool{}
	all, err := db.All(ctx, q, func(row db.Row) (c candidate, err error) {
		var lat, lon sql.NullFloat64
		err = row.Scan(&c.location, &lat, &lon)
		c.spot = spot{lat.Float64, lon.Float64, lat.Valid && lon.Valid}
		return c, err
	}, `select l.id, l.lat, l.lon from detail d join location l on l.initiative_id = d.initiative_id and l.id = d.owner_id
		where d.initiative_id = $1 and d.entity = 'address' and `+a.holds("postal_code", want.Postcode), a.args...)
	if err != nil {
		return nil, err
	}
	spots := make([]spot, len(all))
	for i, c := range all {
		within[c.location], spots[i] = true, c.spot
	}
	lat, lon, known := middle(spots)
	if want.Proximity <= 0 {
		return func(c candidate) bool { return within[c.location] }, nil
	}
	return func(c candidate) bool {
		return known && c.pinned && distance(lat, lon, c.lat, c.lon) <= math.Max(want.Proximity, 0)
	}, nil
}

// withTerms gives what has a term, or any term of a taxonomy, by its id here.
func withTerms(ctx context.Context, q db.Querier, in string, want Query) (map[string]bool, error) {
	terms := []string{want.TaxonomyTerm}
	if want.Taxonomy != "" {
		a := &asked{args: []any{in}}
		found, err := db.All(ctx, q, db.Value[string], `select coalesce(nullif(d.source_id, ''), d.id) from detail d
			where d.initiative_id = $1 and d.entity = 'taxonomy_term' and `+a.holds("taxonomy_id", want.Taxonomy), a.args...)
		if err != nil {
			return nil, err
		}
		if want.TaxonomyTerm == "" {
			terms = found
		} else if !slices.Contains(found, want.TaxonomyTerm) {
			terms = nil
		}
	}
	links, err := details(ctx, q, in, some{column: "d.entity", ids: []string{"attribute"}})
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, t := range terms {
		wanted[t] = true
	}
	with := map[string]bool{}
	for _, d := range links {
		if wanted[d.Text("taxonomy_term_id")] {
			with[d.Owner] = true
		}
	}
	return with, nil
}

// localOf is the id here of what goes by an id outside, if everybody may see it.
func (s *Service) localOf(ctx context.Context, q db.Querier, in, entity, id string) (string, error) {
	list, known := lists[entity]
	if !known || id == "" {
		return "", fault.ErrNotFound
	}
	a := &asked{listed: list, args: []any{in}}
	row, _, _ := strings.Cut(a.id, ".")
	a.and(a.ref(row, id))
	all, err := db.All(ctx, q, db.Value[string], `select `+a.id+` from `+a.from+` where `+a.where+` limit 1`, a.args...)
	if err != nil {
		return "", err
	}
	if len(all) == 0 {
		return "", fault.ErrNotFound
	}
	return all[0], nil
}
