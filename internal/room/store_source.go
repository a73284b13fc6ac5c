package room

import (
	"context"

	"commonweal/internal/db"
)

const seatParts = `select r.title, s.side, coalesce(o.name, ''), s.duty, s.sat_at from room_seat s
	join room r on r.initiative_id = s.initiative_id and r.id = s.room_id
	left join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
	where s.initiative_id = $1 and s.person_id = $2 order by s.sat_at, s.room_id`

func scanSeatPart(row db.Row) (p seatPart, err error) {
	var at db.Stamp
	err = row.Scan(&p.Room, &p.Side, &p.Organization, &p.Duty, &at)
	p.Since = clockOf(at)
	return p, err
}

const entryParts = `select r.title, e.text, e.said_at from room_entry e
	join room r on r.initiative_id = e.initiative_id and r.id = e.room_id
	where e.initiative_id = $1 and e.person_id = $2 and e.erased_at is null order by e.said_at, e.id`

func scanEntryPart(row db.Row) (p entryPart, err error) {
	var at db.Stamp
	err = row.Scan(&p.Room, &p.Text, &at)
	p.At = clockOf(at)
	return p, err
}

// eraseOf takes somebody's words and what they sat there for off the rooms;
// how many sat there holds until now.
func eraseOf(ctx context.Context, q db.Querier, initiative, person string) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	for _, change := range []string{
		`update room_entry set text = '', erased_at = coalesce(erased_at, $3) where initiative_id = $1 and person_id = $2`,
		`update room_seat set duty = '', left_at = coalesce(left_at, $3) where initiative_id = $1 and person_id = $2`,
	} {
		if err := db.Exec(ctx, q, change, initiative, person, db.At(now)); err != nil {
			return err
		}
	}
	if err := db.Exec(ctx, q, `update room set made_by = null where initiative_id = $1 and made_by = $2`, initiative, person); err != nil {
		return err
	}
	return db.Exec(ctx, q, `update room_entry set person_id = null where initiative_id = $1 and person_id = $2`, initiative, person)
}
