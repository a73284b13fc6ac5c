package people

import (
	"context"
	"time"

	"commonweal/internal/db"
)

// HouseholdCard is a household with the names of what it belongs to and how
// many people it has, as lists show it.
type HouseholdCard struct {
	Household
	AreaName      string
	ConnectorName string
	People        int
}

const householdCards = `
	select h.id, h.code, coalesce(h.area_id, ''), coalesce(h.connector_id, ''), h.note, h.erased_at,
		coalesce(a.name, ''), coalesce(c.name, ''),
		(select count(*) from person p where p.initiative_id = h.initiative_id and p.household_id = h.id)
	from household h
	left join area a on a.initiative_id = h.initiative_id and a.id = h.area_id
	left join person c on c.initiative_id = h.initiative_id and c.id = h.connector_id`

func scanHouseholdCard(row db.Row) (h HouseholdCard, err error) {
	err = row.Scan(&h.ID, &h.Code, &h.Area, &h.Connector, &h.Note, &h.ErasedAt,
		&h.AreaName, &h.ConnectorName, &h.People)
	return h, err
}

// householdCard reads a household that hasn't been erased.
func householdCard(ctx context.Context, q db.Querier, initiative, id string) (HouseholdCard, error) {
	return db.One(ctx, q, scanHouseholdCard, householdCards+`
		where h.initiative_id = $1 and h.id = $2 and h.erased_at is null`, initiative, id)
}

func householdByCode(ctx context.Context, q db.Querier, initiative, connector, code string) (Household, error) {
	return db.One(ctx, q, func(row db.Row) (h Household, err error) {
		err = row.Scan(&h.ID, &h.Code, &h.Area, &h.Connector, &h.Note)
		return h, err
	}, `select id, code, coalesce(area_id, ''), coalesce(connector_id, ''), note from household
		where initiative_id = $1 and connector_id is not distinct from nullif($2, '') and code_folded = $3 and erased_at is null
		order by id limit 1`, initiative, connector, db.Fold(code))
}

func insertHousehold(ctx context.Context, q db.Querier, initiative string, h Household, at time.Time) error {
	return db.Exec(ctx, q, `
		insert into household (initiative_id, id, code, code_folded, area_id, connector_id, note, created_at)
		values ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), $7, $8)`,
		initiative, h.ID, h.Code, db.Fold(h.Code), h.Area, h.Connector, h.Note, db.At(at))
}

func updateHousehold(ctx context.Context, q db.Querier, initiative string, h Household) error {
	return db.Exec(ctx, q, `
		update household set code = $3, code_folded = $4, area_id = nullif($5, ''), note = $6
		where initiative_id = $1 and id = $2`,
		initiative, h.ID, h.Code, db.Fold(h.Code), h.Area, h.Note)
}

// clashes gives the codes that a connector would have twice if they took over
// another's household, or all of them with id "".
func clashes(ctx context.Context, q db.Querier, initiative, from, id, to string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `
		select mine.code from household mine
		join household theirs on theirs.initiative_id = mine.initiative_id and theirs.code_folded = mine.code_folded
			and theirs.connector_id = $4 and theirs.erased_at is null
		where mine.initiative_id = $1 and mine.connector_id is not distinct from nullif($2, '')
			and ($3 = '' or mine.id = $3) and mine.erased_at is null
		order by mine.code_folded, mine.id`, initiative, from, id, to)
}

// moveHousehold passes a household, and those of its people who have the same
// connector, to another connector.
func moveHousehold(ctx context.Context, q db.Querier, initiative string, h Household, to string) error {
	if err := db.Exec(ctx, q, `update household set connector_id = $3 where initiative_id = $1 and id = $2`,
		initiative, h.ID, to); err != nil {
		return err
	}
	return db.Exec(ctx, q, `
		update person set connector_id = $4
		where initiative_id = $1 and household_id = $2 and connector_id is not distinct from nullif($3, '')`,
		initiative, h.ID, h.Connector, to)
}

func movePerson(ctx context.Context, q db.Querier, initiative, person, to string) error {
	return db.Exec(ctx, q, `update person set connector_id = $3 where initiative_id = $1 and id = $2`,
		initiative, person, to)
}

// moveAll passes everyone and everything of one connector to another; an empty
// id is "nobody", on either side.
func moveAll(ctx context.Context, q db.Querier, initiative, from, to string) (people, households int64, err error) {
	people, err = db.Changed(ctx, q, `
		update person set connector_id = nullif($3, '')
		where initiative_id = $1 and connector_id is not distinct from nullif($2, '') and erased_at is null and id <> $3`,
		initiative, from, to)
	if err != nil {
		return 0, 0, err
	}
	households, err = db.Changed(ctx, q, `
		update household set connector_id = nullif($3, '')
		where initiative_id = $1 and connector_id is not distinct from nullif($2, '') and erased_at is null`,
		initiative, from, to)
	return people, households, err
}
