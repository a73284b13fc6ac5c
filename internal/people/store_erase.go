package people

import (
	"context"
	"time"

	"commonweal/internal/db"
)

func deleteConsents(ctx context.Context, q db.Querier, initiative, person string) error {
	return db.Exec(ctx, q, `delete from consent where initiative_id = $1 and person_id = $2`, initiative, person)
}

// emptyPerson leaves id, area and the moment; an erased person is of no
// household.
func emptyPerson(ctx context.Context, q db.Querier, initiative, person string, at time.Time) error {
	return db.Exec(ctx, q, `
		update person set name = '', name_folded = '', household_id = null, connector_id = null,
			langs = '', met_on = null, age = 'notasked', paused_at = null, erased_at = $3
		where initiative_id = $1 and id = $2`, initiative, person, db.At(at))
}

func dropNote(ctx context.Context, q db.Querier, initiative, household string) error {
	return db.Exec(ctx, q, `update household set note = '' where initiative_id = $1 and id = $2`, initiative, household)
}

// emptyHousehold leaves id, area and the moment of a household in which nobody
// is left.
func emptyHousehold(ctx context.Context, q db.Querier, initiative, household string, at time.Time) error {
	return db.Exec(ctx, q, `
		update household set code = '', code_folded = '', connector_id = null, note = '', erased_at = $3
		where initiative_id = $1 and id = $2 and not exists (
			select 1 from person p
			where p.initiative_id = household.initiative_id and p.household_id = household.id)`,
		initiative, household, db.At(at))
}

// consentOf says who gave a consent.
func consentOf(ctx context.Context, q db.Querier, initiative, consent string) (string, error) {
	return db.One(ctx, q, db.Value[string],
		`select person_id from consent where initiative_id = $1 and id = $2`, initiative, consent)
}

// journal keeps one row for each thing erased: its id is the thing's.
func journal(ctx context.Context, q db.Querier, e Erasure) error {
	return db.Exec(ctx, q, `
		insert into erasure (initiative_id, id, subject, subject_id, erased_at) values ($1, $2, $3, $4, $5)
		on conflict (initiative_id, id) do nothing`,
		e.Initiative, e.Subject+" "+e.ID, e.Subject, e.ID, e.At)
}

// erasures reads the journal of every initiative.
func erasures(ctx context.Context, q db.Querier) ([]Erasure, error) {
	return db.All(ctx, q, func(row db.Row) (e Erasure, err error) {
		err = row.Scan(&e.Initiative, &e.Subject, &e.ID, &e.At)
		return e, err
	}, `select initiative_id, subject, subject_id, erased_at from erasure order by erased_at, initiative_id, id`)
}
