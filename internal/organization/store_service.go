package organization

import (
	"context"
	"database/sql"

	"commonweal/internal/db"
)

// serviceColumns goes with scanService, and wants service as s.
const serviceColumns = `s.id, coalesce(s.organization_id, ''), s.name, s.about, s.lang, s.status, s.eligibility, s.fees, s.apply,
	s.email, s.url, s.langs, s.words, s.review_on, s.reminders, s.hidden_at,
	s.source, s.source_id, s.organization_ref, s.extra, s.created_at, s.changed_at`

func (s *ServiceRecord) fields() []any {
	return []any{
		&s.ID, &s.Organization, &s.Name, &s.About, &s.Lang, &s.Status, &s.Eligibility, &s.Fees, &s.Apply,
		&s.Email, &s.URL, (*langs)(&s.Langs), &s.Words, &s.ReviewOn, &s.Reminders, &s.HiddenAt,
		&s.Source, &s.SourceID, &s.OrganizationRef, (*columnsGiven)(&s.Extra), &s.CreatedAt, &s.ChangedAt,
	}
}

func scanService(row db.Row) (s ServiceRecord, err error) {
	err = row.Scan(s.fields()...)
	return s, err
}

// locationColumns goes with scanLocation, and wants location as l.
const locationColumns = `l.id, coalesce(l.organization_id, ''), l.kind, l.name, l.about, coalesce(l.area_id, ''), l.lat, l.lon,
	l.source, l.source_id, l.organization_ref, l.extra, l.created_at, l.changed_at`

// scanLocation reads a location after the columns that come first.
func scanLocation(row db.Row, first ...any) (l Location, err error) {
	var lat, lon sql.NullFloat64
	err = row.Scan(append(first, &l.ID, &l.Organization, &l.Kind, &l.Name, &l.About, &l.Area, &lat, &lon,
		&l.Source, &l.SourceID, &l.OrganizationRef, (*columnsGiven)(&l.Extra), &l.CreatedAt, &l.ChangedAt)...)
	l.Pinned, l.Lat, l.Lon = lat.Valid && lon.Valid, lat.Float64, lon.Float64
	return l, err
}

func scanDetail(row db.Row) (d Detail, err error) {
	err = row.Scan(&d.ID, &d.Entity, &d.OwnerEntity, &d.Owner, &d.Source, &d.SourceID,
		(*columnsGiven)(&d.Fields), &d.CreatedAt, &d.ChangedAt)
	return d, err
}

const detailColumns = `d.id, d.entity, d.owner_entity, coalesce(d.owner_id, ''), d.source, d.source_id,
	d.fields, d.created_at, d.changed_at`

// servicesOf reads an organization's services by name; all of them, or those
// that everybody sees.
func servicesOf(ctx context.Context, q db.Querier, initiative, organization string, all bool) ([]ServiceRecord, error) {
	return db.All(ctx, q, scanService, `select `+serviceColumns+` from service s
		where s.initiative_id = $1 and s.organization_id = $2 and ($3 or s.hidden_at is null and s.status <> 'defunct')
		order by s.name_folded, s.id`, initiative, organization, all)
}

// placesOf reads where some services are given, by service.
func placesOf(ctx context.Context, q db.Querier, initiative string, services []string) (map[string][]Location, error) {
	byService := map[string][]Location{}
	if len(services) == 0 {
		return byService, nil
	}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var service string
		l, err := scanLocation(row, &service)
		byService[service] = append(byService[service], l)
		return struct{}{}, err
	}, `select p.service_id, `+locationColumns+` from service_place p
		join location l on l.initiative_id = p.initiative_id and l.id = p.location_id
		where p.initiative_id = $1 and p.service_id in (`+marks(2, len(services))+`)
		order by p.service_id, p.id`, withIDs(services, initiative)...)
	return byService, err
}

// locationsOf reads an organization's own places.
func locationsOf(ctx context.Context, q db.Querier, initiative, organization string) ([]Location, error) {
	return db.All(ctx, q, func(row db.Row) (Location, error) { return scanLocation(row) },
		`select `+locationColumns+` from location l where l.initiative_id = $1 and l.organization_id = $2
		order by l.name, l.id`, initiative, organization)
}

// detailsOf reads phones, addresses and hours of some owners.
func detailsOf(ctx context.Context, q db.Querier, initiative string, owners []string) ([]Detail, error) {
	if len(owners) == 0 {
		return nil, nil
	}
	return db.All(ctx, q, scanDetail, `select `+detailColumns+` from detail d
		where d.initiative_id = $1 and d.owner_id in (`+marks(2, len(owners))+`)
			and d.entity in ('phone', 'address', 'schedule')
		order by d.owner_id, d.entity, d.id`, withIDs(owners, initiative)...)
}
