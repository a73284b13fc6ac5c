package room

import (
	"context"
	"slices"

	"commonweal/internal/db"
)

const roomColumns = `r.id, r.title, r.about, r.lang, r.made_at, r.opened_at, r.opening, r.closed_at,
	(select count(*) from room_seat s where s.initiative_id = r.initiative_id and s.room_id = r.id and s.left_at is null and s.side = 'resident'),
	(select count(*) from room_seat s where s.initiative_id = r.initiative_id and s.room_id = r.id and s.left_at is null and s.side = 'professional')`

func scan(row db.Row) (r Room, err error) {
	err = row.Scan(&r.ID, &r.Title, &r.About, &r.Lang, &r.MadeAt, &r.OpenedAt, &r.Opening, &r.ClosedAt, &r.Residents, &r.Professionals)
	return r, err
}

// mostRooms is how many rooms a list shows: a place has a dozen.
const mostRooms = 100

func rooms(ctx context.Context, q db.Querier, initiative string, openOnly bool) ([]Room, error) {
	return db.All(ctx, q, scan, `select `+roomColumns+` from room r
		where r.initiative_id = $1 and (not $2 or r.opened_at is not null)
		order by r.closed_at nulls first, r.made_at desc, r.id desc limit $3`, initiative, openOnly, mostRooms)
}

func get(ctx context.Context, q db.Querier, initiative, id string) (Room, error) {
	return db.One(ctx, q, scan, `select `+roomColumns+` from room r where r.initiative_id = $1 and r.id = $2`, initiative, id)
}

func insert(ctx context.Context, q db.Querier, initiative string, r Room, by string) error {
	return db.Exec(ctx, q, `insert into room (initiative_id, id, title, about, lang, made_by, made_at, opening)
		values ($1, $2, $3, $4, $5, $6, $7, '')`, initiative, r.ID, r.Title, r.About, string(r.Lang), by, r.MadeAt)
}

func setOpen(ctx context.Context, q db.Querier, initiative, id, opening string, at db.Stamp) error {
	return db.Exec(ctx, q, `update room set opened_at = $3, opening = $4 where initiative_id = $1 and id = $2`,
		initiative, id, at, opening)
}

func setClosed(ctx context.Context, q db.Querier, initiative, id string, at db.Stamp) error {
	return db.Exec(ctx, q, `update room set closed_at = $3 where initiative_id = $1 and id = $2`, initiative, id, at)
}

// seatColumns read a seat with whom it is for, as long as they speak for it.
const seatColumns = `s.person_id, p.name, s.side, coalesce(o.id, ''), coalesce(o.name, ''), s.duty, s.sat_at
	from room_seat s
	join person p on p.initiative_id = s.initiative_id and p.id = s.person_id
	left join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		and exists (select 1 from spokesperson k where k.initiative_id = s.initiative_id
			and k.organization_id = s.organization_id and k.person_id = s.person_id and k.until_at is null)`

func scanSeat(row db.Row) (s Seat, err error) {
	err = row.Scan(&s.Person, &s.Name, &s.Side, &s.Organization, &s.OrganizationName, &s.Duty, &s.SatAt)
	return s, err
}

// seats reads who sits in a room now, in the order in which they came.
func seats(ctx context.Context, q db.Querier, initiative, room string) ([]Seat, error) {
	return db.All(ctx, q, scanSeat, `select `+seatColumns+`
		where s.initiative_id = $1 and s.room_id = $2 and s.left_at is null
		order by s.sat_at, s.person_id`, initiative, room)
}

// seatOf reads somebody's seat; its Person is "" when they have none.
func seatOf(ctx context.Context, q db.Querier, initiative, room, person string) (Seat, error) {
	all, err := db.All(ctx, q, scanSeat, `select `+seatColumns+`
		where s.initiative_id = $1 and s.room_id = $2 and s.person_id = $3 and s.left_at is null`, initiative, room, person)
	if err != nil || len(all) == 0 {
		return Seat{}, err
	}
	return all[0], nil
}

func putSeat(ctx context.Context, q db.Querier, initiative, room string, s Seat) error {
	return db.Exec(ctx, q, `insert into room_seat (initiative_id, room_id, person_id, side, organization_id, duty, sat_at)
		values ($1, $2, $3, $4, nullif($5, ''), $6, $7)
		on conflict (initiative_id, room_id, person_id) do update
		set side = excluded.side, organization_id = excluded.organization_id, duty = excluded.duty, left_at = null`,
		initiative, room, s.Person, string(s.Side), s.Organization, s.Duty, s.SatAt)
}

func endSeat(ctx context.Context, q db.Querier, initiative, room, person string, at db.Stamp) (int64, error) {
	return db.Changed(ctx, q, `update room_seat set left_at = $4
		where initiative_id = $1 and room_id = $2 and person_id = $3 and left_at is null`, initiative, room, person, at)
}

// entries reads the latest of what was said since a moment and before another
// entry, unless that is "", in the order in which it was said.
func entries(ctx context.Context, q db.Querier, initiative, room, before string, since db.Stamp, limit int) ([]Entry, error) {
	all, err := db.All(ctx, q, func(row db.Row) (e Entry, err error) {
		err = row.Scan(&e.ID, &e.Person, &e.Name, &e.Side, &e.OrganizationName, &e.Text, &e.Lang, &e.SaidAt)
		return e, err
	}, `select e.id, coalesce(e.person_id, ''), coalesce(p.name, ''), e.side, coalesce(o.name, ''), e.text, e.lang, e.said_at
		from room_entry e
		left join person p on p.initiative_id = e.initiative_id and p.id = e.person_id
		left join organization o on o.initiative_id = e.initiative_id and o.id = e.organization_id
		where e.initiative_id = $1 and e.room_id = $2 and e.said_at >= coalesce($3, '')
			and ($4 = '' or (e.said_at, e.id) < (select c.said_at, c.id from room_entry c where c.initiative_id = $1 and c.id = $4))
		order by e.said_at desc, e.id desc limit $5`, initiative, room, since, before, limit)
	slices.Reverse(all)
	return all, err
}

func insertEntry(ctx context.Context, q db.Querier, initiative, room string, e Entry, organization string) error {
	return db.Exec(ctx, q, `insert into room_entry (initiative_id, id, room_id, person_id, organization_id, side, text, lang, said_at)
		values ($1, $2, $3, $4, nullif($5, ''), $6, $7, $8, $9)`,
		initiative, e.ID, room, e.Person, organization, string(e.Side), e.Text, string(e.Lang), e.SaidAt)
}

func eraseEntry(ctx context.Context, q db.Querier, initiative, room, id, person string, at db.Stamp) (int64, error) {
	return db.Changed(ctx, q, `update room_entry set text = '', erased_at = $5
		where initiative_id = $1 and room_id = $2 and id = $3 and person_id = $4 and erased_at is null`,
		initiative, room, id, person, at)
}

// spokenFor reads for whom somebody speaks. What they proposed themselves, and
// no steward has shown yet, lets nobody in.
func spokenFor(ctx context.Context, q db.Querier, initiative, person string) ([]Whom, error) {
	return db.All(ctx, q, func(row db.Row) (w Whom, err error) {
		err = row.Scan(&w.ID, &w.Name, &w.Institution)
		return w, err
	}, `select distinct o.id, o.name, o.kind = 'institution' from spokesperson s
		join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		where s.initiative_id = $1 and s.person_id = $2 and s.until_at is null and o.status <> 'proposed'
		order by o.name, o.id`, initiative, person)
}
