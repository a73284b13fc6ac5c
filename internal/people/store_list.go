package people

import (
	"context"
	"strconv"
	"strings"

	"commonweal/internal/db"
)

// narrowing is the end of a list's statement: conditions with their arguments,
// then order and limit.
type narrowing struct {
	sql  strings.Builder
	args []any
}

// and adds a condition, in which each ? stands for arg.
func (n *narrowing) and(condition string, arg any) {
	n.args = append(n.args, arg)
	n.sql.WriteString("\n\t\tand " + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(n.args))))
}

// within are the ids of an area and everything inside it.
const within = `in (
		with recursive inside (id) as (
			select ? union
			select a.id from area a join inside on a.initiative_id = $1 and a.parent_id = inside.id)
		select id from inside)`

// listPeople gives what a filter asks for of what a view shows, and one more.
func listPeople(ctx context.Context, q db.Querier, v view, f Filter) ([]Card, error) {
	n := narrowing{args: []any{v.initiative}}
	n.sql.WriteString("\n\twhere p.initiative_id = $1 and p.erased_at is null")
	switch connector := v.connectorAsked(f); connector {
	case "":
	case NoConnector:
		n.sql.WriteString(" and p.connector_id is null")
	default:
		n.and("p.connector_id = ?", connector)
	}
	if f.Household != "" {
		n.and("p.household_id = ?", f.Household)
	}
	if f.Area != "" {
		n.and("p.area_id "+within, f.Area)
	}
	for word := range strings.FieldsSeq(db.Fold(f.Text)) {
		n.and(`' ' || p.name_folded like ? escape '\'`, "% "+db.Like(word)+"%")
	}
	if f.After != "" {
		n.and("(p.name_folded, p.id) > (select name_folded, id from person where initiative_id = $1 and id = ?)", f.After)
	}
	n.args = append(n.args, f.size()+1)
	n.sql.WriteString("\n\torder by p.name_folded, p.id limit $" + strconv.Itoa(len(n.args)))
	return db.All(ctx, q, scanCard, cards+n.sql.String(), n.args...)
}

// listHouseholds is listPeople for households, by code.
func listHouseholds(ctx context.Context, q db.Querier, v view, f Filter) ([]HouseholdCard, error) {
	n := narrowing{args: []any{v.initiative}}
	n.sql.WriteString("\n\twhere h.initiative_id = $1 and h.erased_at is null")
	switch connector := v.connectorAsked(f); connector {
	case "":
	case NoConnector:
		n.sql.WriteString(" and h.connector_id is null")
	default:
		n.and("h.connector_id = ?", connector)
	}
	if f.Area != "" {
		n.and("h.area_id "+within, f.Area)
	}
	for word := range strings.FieldsSeq(db.Fold(f.Text)) {
		n.and(`' ' || h.code_folded like ? escape '\'`, "% "+db.Like(word)+"%")
	}
	if f.After != "" {
		n.and("(h.code_folded, h.id) > (select code_folded, id from household where initiative_id = $1 and id = ?)", f.After)
	}
	n.args = append(n.args, f.size()+1)
	n.sql.WriteString("\n\torder by h.code_folded, h.id limit $" + strconv.Itoa(len(n.args)))
	return db.All(ctx, q, scanHouseholdCard, householdCards+n.sql.String(), n.args...)
}

// names gives the names of people by id; the erased have none.
func names(ctx context.Context, q db.Querier, initiative string, ids []string) (map[string]string, error) {
	if len(ids) == 0 {
		return nil, nil //nolint:nilnil // no ids, no names
	}
	args := []any{initiative}
	for _, id := range ids {
		args = append(args, id)
	}
	type named struct{ id, name string }
	all, err := db.All(ctx, q, func(row db.Row) (n named, err error) {
		err = row.Scan(&n.id, &n.name)
		return n, err
	}, `select id, name from person where initiative_id = $1 and id in (`+marks(2, len(ids))+`)`, args...)
	byID := make(map[string]string, len(all))
	for _, n := range all {
		byID[n.id] = n.name
	}
	return byID, err
}
