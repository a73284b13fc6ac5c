package people

import (
	"context"

	"commonweal/internal/db"
)

func insertPeople(ctx context.Context, q db.Querier, initiative string, all []New) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	args := make([]any, 0, 11*len(all))
	for _, n := range all {
		args = append(args, initiative, n.ID, n.Name, db.Fold(n.Name), null(n.Area), null(n.Household), null(n.Connector),
			joinLangs(n.Langs), n.MetOn, string(n.Age), db.At(now))
	}
	return db.Exec(ctx, q, `insert into person (initiative_id, id, name, name_folded, area_id, household_id, connector_id,
			langs, met_on, age, created_at)
		values `+tuples(len(all), 11), args...)
}

func insertHouseholds(ctx context.Context, q db.Querier, initiative string, all []Household) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	args := make([]any, 0, 8*len(all))
	for _, h := range all {
		args = append(args, initiative, h.ID, h.Code, db.Fold(h.Code), null(h.Area), null(h.Connector), h.Note, db.At(now))
	}
	return db.Exec(ctx, q, `insert into household (initiative_id, id, code, code_folded, area_id, connector_id, note, created_at)
		values `+tuples(len(all), 8), args...)
}

// fillPeople sets what is empty in some people's rows.
func fillPeople(ctx context.Context, q db.Querier, initiative string, some []More) error {
	args := []any{initiative}
	n := 0
	for _, m := range some {
		if m.Area+m.Household+m.Connector != "" {
			args = append(args, m.Person, m.Area, m.Household, m.Connector)
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return db.Exec(ctx, q, `with more (id, area, household, connector) as (values `+tuplesFrom(2, n, 4)+`)
		update person set
			area_id = coalesce(person.area_id, nullif(more.area, '')),
			household_id = coalesce(person.household_id, nullif(more.household, '')),
			connector_id = coalesce(person.connector_id, nullif(more.connector, ''))
		from more where person.initiative_id = $1 and person.id = more.id`, args...)
}

// fillHouseholds sets what is empty in some households' rows.
func fillHouseholds(ctx context.Context, q db.Querier, initiative string, some []Household) error {
	args := []any{initiative}
	for _, h := range some {
		args = append(args, h.ID, h.Area, h.Note)
	}
	return db.Exec(ctx, q, `with more (id, area, note) as (values `+tuplesFrom(2, len(some), 3)+`)
		update household set
			area_id = coalesce(household.area_id, nullif(more.area, '')),
			note = case when household.note = '' then more.note else household.note end
		from more where household.initiative_id = $1 and household.id = more.id`, args...)
}

// null is what an empty id is in the store.
func null(id string) any {
	if id == "" {
		return nil
	}
	return id
}
