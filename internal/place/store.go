package place

import (
	"context"

	"commonweal/internal/db"
)

// Areas gives every area of an initiative, by name. There are few: a place has
// dozens, not thousands. Anyone may know them.
func Areas(ctx context.Context, q db.Querier, initiative string) ([]Area, error) {
	return db.All(ctx, q, scanArea, `
		select id, coalesce(parent_id, ''), name, kind, homes is not null, coalesce(homes, 0), homes_source, homes_on, boundary <> ''
		from area where initiative_id = $1
		order by name_folded, id`, initiative)
}

func scanArea(row db.Row) (a Area, err error) {
	err = row.Scan(&a.ID, &a.Parent, &a.Name, &a.Kind,
		&a.Homes.Counted, &a.Homes.Count, &a.Homes.Source, &a.Homes.On, &a.HasBoundary)
	return a, err
}

// homes is what goes into the column: NULL when nobody has counted.
func (a Area) homes() any {
	if !a.Homes.Counted {
		return nil
	}
	return a.Homes.Count
}

func insertArea(ctx context.Context, q db.Querier, initiative string, a Area, boundary string, at db.Stamp) error {
	return db.Exec(ctx, q, `
		insert into area (initiative_id, id, parent_id, name, name_folded, kind,
			homes, homes_source, homes_on, boundary, created_at)
		values ($1, $2, nullif($3, ''), $4, $5, $6, $7, $8, $9, $10, $11)`,
		initiative, a.ID, a.Parent, a.Name, db.Fold(a.Name), string(a.Kind),
		a.homes(), a.Homes.Source, a.Homes.On, boundary, at)
}

func updateArea(ctx context.Context, q db.Querier, initiative string, a Area) error {
	return db.Exec(ctx, q, `
		update area set parent_id = nullif($3, ''), name = $4, name_folded = $5, kind = $6,
			homes = $7, homes_source = $8, homes_on = $9
		where initiative_id = $1 and id = $2`,
		initiative, a.ID, a.Parent, a.Name, db.Fold(a.Name), string(a.Kind),
		a.homes(), a.Homes.Source, a.Homes.On)
}

func setBoundary(ctx context.Context, q db.Querier, initiative, id, boundary string) error {
	return db.Exec(ctx, q, `update area set boundary = $3 where initiative_id = $1 and id = $2`,
		initiative, id, boundary)
}

// outline is an area's boundary.
type outline struct{ area, geometry string }

func outlines(ctx context.Context, q db.Querier, initiative string) ([]outline, error) {
	return db.All(ctx, q, func(row db.Row) (o outline, err error) {
		err = row.Scan(&o.area, &o.geometry)
		return o, err
	}, `select id, boundary from area where initiative_id = $1 and boundary <> ''`, initiative)
}

func insertHappening(ctx context.Context, q db.Querier, initiative string, h Happening, at db.Stamp) error {
	return db.Exec(ctx, q, `
		insert into happening (initiative_id, id, area_id, title, spot, on_date, at_time, lang, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		initiative, h.ID, h.Area, h.Title, h.Spot, h.On, h.At, string(h.Lang), at)
}

func updateHappening(ctx context.Context, q db.Querier, initiative string, h Happening) (int64, error) {
	return db.Changed(ctx, q, `
		update happening set area_id = $3, title = $4, spot = $5, on_date = $6, at_time = $7, lang = $8
		where initiative_id = $1 and id = $2`,
		initiative, h.ID, h.Area, h.Title, h.Spot, h.On, h.At, string(h.Lang))
}

func deleteHappening(ctx context.Context, q db.Querier, initiative, id string) (int64, error) {
	return db.Changed(ctx, q, `delete from happening where initiative_id = $1 and id = $2`, initiative, id)
}

const happeningColumns = `id, area_id, title, spot, on_date, at_time, lang`

func scanHappening(row db.Row) (h Happening, err error) {
	err = row.Scan(&h.ID, &h.Area, &h.Title, &h.Spot, &h.On, &h.At, &h.Lang)
	return h, err
}

func happening(ctx context.Context, q db.Querier, initiative, id string) (Happening, error) {
	return db.One(ctx, q, scanHappening, `
		select `+happeningColumns+` from happening where initiative_id = $1 and id = $2`, initiative, id)
}

// upcoming gives what hasn't begun yet, the soonest first. What has no hour
// counts for its whole day.
func upcoming(ctx context.Context, q db.Querier, initiative string, today db.Day, clock string, limit int) ([]Happening, error) {
	return db.All(ctx, q, scanHappening, `
		select `+happeningColumns+` from happening
		where initiative_id = $1 and (on_date > $2 or (on_date = $2 and (at_time = '' or at_time >= $3)))
		order by on_date, at_time, id
		limit $4`, initiative, today, clock, limit)
}
