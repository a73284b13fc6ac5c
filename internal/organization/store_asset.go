package organization

import (
	"context"

	"commonweal/internal/db"
)

// cell is how many shown organizations of a kind an area has.
type cell struct {
	kind Kind
	area string
	n    int
}

func tally(ctx context.Context, q db.Querier, initiative string) ([]cell, error) {
	return db.All(ctx, q, func(row db.Row) (c cell, err error) {
		err = row.Scan(&c.kind, &c.area, &c.n)
		return c, err
	}, `select kind, coalesce(area_id, ''), count(*) from organization
		where initiative_id = $1 and status = 'shown' group by kind, coalesce(area_id, '')
		order by kind, coalesce(area_id, '')`, initiative)
}

func countSites(ctx context.Context, q db.Querier, initiative string) (int, error) {
	return db.One(ctx, q, db.Value[int], `select count(*) from location l
		join organization o on o.initiative_id = l.initiative_id and o.id = l.organization_id
		where l.initiative_id = $1 and l.kind = 'physical' and o.status = 'shown'`, initiative)
}

// offersOfAll reads what some organizations can bring, each one's oldest first.
func offersOfAll(ctx context.Context, q db.Querier, initiative string, organizations []string) ([]Offer, error) {
	return db.All(ctx, q, func(row db.Row) (o Offer, err error) {
		err = row.Scan(&o.ID, &o.Organization, &o.Kind, &o.Text, &o.Lang, &o.CreatedAt)
		return o, err
	}, `select id, organization_id, kind, text, lang, created_at from organization_offer
		where initiative_id = $1 and organization_id in (`+marks(2, len(organizations))+`)
		order by organization_id, created_at, id`, withIDs(organizations, initiative)...)
}

func lent(ctx context.Context, q db.Querier, initiative string, most int) ([]Lending, error) {
	return db.All(ctx, q, func(row db.Row) (l Lending, err error) {
		err = row.Scan(&l.ID, &l.Organization, &l.Kind, &l.Text, &l.Lang, &l.CreatedAt, &l.OrganizationName)
		return l, err
	}, `select f.id, f.organization_id, f.kind, f.text, f.lang, f.created_at, o.name
		from organization_offer f
		join organization o on o.initiative_id = f.initiative_id and o.id = f.organization_id
		where f.initiative_id = $1 and f.kind = 'room' and o.status = 'shown'
		order by f.created_at desc, f.id limit $2`, initiative, most)
}

func sites(ctx context.Context, q db.Querier, initiative, after string, most int) ([]Site, error) {
	return db.All(ctx, q, func(row db.Row) (s Site, err error) {
		s.Location, err = scanLocation(row, &s.OrganizationName, &s.OrganizationKind)
		return s, err
	}, `select o.name, o.kind, `+locationColumns+` from location l
		join organization o on o.initiative_id = l.initiative_id and o.id = l.organization_id
		where l.initiative_id = $1 and o.status = 'shown' and l.id > $2 order by l.id limit $3`, initiative, after, most)
}

func offerings(ctx context.Context, q db.Querier, initiative, area, after string, most int) ([]Offering, error) {
	return db.All(ctx, q, func(row db.Row) (o Offering, err error) {
		err = row.Scan(append(o.fields(), &o.OrganizationName)...)
		return o, err
	}, `select `+serviceColumns+`, coalesce(o.name, '') from service s
		left join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		where s.initiative_id = $1 and s.hidden_at is null and s.status <> 'defunct' and (o.id is null or o.status = 'shown')
			and ($2 = '' or o.area_id = $2 or exists (select 1 from service_place p
				join location l on l.initiative_id = p.initiative_id and l.id = p.location_id
				where p.initiative_id = $1 and p.service_id = s.id and l.area_id = $2))
			and ($3 = '' or (s.name_folded, s.id) > (select a.name_folded, a.id from service a
				where a.initiative_id = $1 and a.id = $3))
		order by s.name_folded, s.id limit $4`, initiative, area, after, most)
}
