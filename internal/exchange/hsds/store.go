package hsds

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
)

// some narrows a statement down to rows whose column holds one of some ids. The
// zero some is all rows.
type some struct {
	column string
	ids    []string
}

// where is the condition and the arguments, after those that come first.
func (s some) where(args ...any) (string, []any) {
	if s.column == "" {
		return "", args
	}
	if len(s.ids) == 0 {
		return " and 1 = 0", args
	}
	var b strings.Builder
	b.WriteString(" and " + s.column + " in (")
	for i, id := range s.ids {
		if i > 0 {
			b.WriteString(", ")
		}
		args = append(args, id)
		b.WriteString("$" + strconv.Itoa(len(args)))
	}
	b.WriteString(")")
	return b.String(), args
}

// given are columns as they were given, from JSON.
type given map[string]any

// Scan implements sql.Scanner. Numbers stay as they were written.
func (g *given) Scan(src any) error {
	*g = nil
	said := ""
	switch v := src.(type) {
	case string:
		said = v
	case []byte:
		said = string(v)
	}
	if said == "" {
		return nil
	}
	read := json.NewDecoder(strings.NewReader(said))
	read.UseNumber()
	return read.Decode((*map[string]any)(g))
}

func codes(said string) (all []i18n.Lang) {
	for code := range strings.FieldsSeq(said) {
		all = append(all, i18n.Lang(code))
	}
	return all
}

// linked is the id that another row goes by outside, or what was given for it
// when it isn't here.
func linked(row, given string) string {
	return `case when ` + row + `.id is null then ` + given + ` else coalesce(nullif(` + row + `.source_id, ''), ` + row + `.id) end`
}

type storedOrganization struct {
	organization.Organization
	parent string // what it's called outside
}

// organizations reads them by name; public ones are those that are shown.
func organizations(ctx context.Context, q db.Querier, in string, public bool, s some) ([]storedOrganization, error) {
	where, args := s.where(in, !public)
	return db.All(ctx, q, func(row db.Row) (o storedOrganization, err error) {
		var langs string
		err = row.Scan(&o.ID, &o.Parent, &o.parent, &o.Kind, &o.Name, &o.About, &o.Lang, &o.Email, &o.Website, &o.Area, &langs,
			&o.Members, &o.Status, &o.ReviewOn, &o.Reminders, &o.Source, &o.SourceID, (*given)(&o.Extra), &o.CreatedAt, &o.ChangedAt)
		o.Langs = codes(langs)
		return o, err
	}, `select o.id, coalesce(o.parent_id, ''), coalesce(`+linked("p", "''")+`, ''), o.kind, o.name, o.about, o.lang, o.email, o.website,
			coalesce(o.area_id, ''), o.langs, coalesce(o.members, 0), o.status, o.review_on, o.reminders,
			o.source, o.source_id, o.extra, o.created_at, o.changed_at
		from organization o
		left join organization p on p.initiative_id = o.initiative_id and p.id = o.parent_id
		where o.initiative_id = $1 and ($2 or o.status = 'shown')`+where+` order by o.name_folded, o.id`, args...)
}

// seen is the condition under which everybody sees a service s of an
// organization o, joined from the left.
const seen = `(s.hidden_at is null and (o.id is null or o.status = 'shown'))`

// services reads them by name, with what their organizations are called.
func services(ctx context.Context, q db.Querier, in string, public bool, s some) ([]organization.ServiceRecord, error) {
	where, args := s.where(in, !public)
	return db.All(ctx, q, func(row db.Row) (r organization.ServiceRecord, err error) {
		var langs string
		err = row.Scan(&r.ID, &r.Organization, &r.OrganizationRef, &r.Name, &r.About, &r.Lang, &r.Status, &r.Eligibility, &r.Fees, &r.Apply,
			&r.Email, &r.URL, &langs, &r.Words, &r.ReviewOn, &r.Reminders, &r.HiddenAt, &r.Source, &r.SourceID, (*given)(&r.Extra),
			&r.CreatedAt, &r.ChangedAt)
		r.Langs = codes(langs)
		return r, err
	}, `select s.id, coalesce(s.organization_id, ''), `+linked("o", "s.organization_ref")+`, s.name, s.about, s.lang, s.status, s.eligibility, s.fees, s.apply,
			s.email, s.url, s.langs, s.words, s.review_on, s.reminders, s.hidden_at, s.source, s.source_id, s.extra,
			s.created_at, s.changed_at
		from service s
		left join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		where s.initiative_id = $1 and ($2 or `+seen+`)`+where+` order by s.name_folded, s.id`, args...)
}

// locations reads places, with what their organizations are called.
func locations(ctx context.Context, q db.Querier, in string, public bool, s some) ([]organization.Location, error) {
	where, args := s.where(in, !public)
	return db.All(ctx, q, func(row db.Row) (l organization.Location, err error) {
		var lat, lon sql.NullFloat64
		err = row.Scan(&l.ID, &l.Organization, &l.OrganizationRef, &l.Kind, &l.Name, &l.About, &l.Area, &lat, &lon, &l.Source, &l.SourceID,
			(*given)(&l.Extra), &l.CreatedAt, &l.ChangedAt)
		l.Pinned, l.Lat, l.Lon = lat.Valid && lon.Valid, lat.Float64, lon.Float64
		return l, err
	}, `select l.id, coalesce(l.organization_id, ''), `+linked("o", "l.organization_ref")+`, l.kind, l.name, l.about,
			coalesce(l.area_id, ''), l.lat, l.lon, l.source, l.source_id, l.extra, l.created_at, l.changed_at
		from location l
		left join organization o on o.initiative_id = l.initiative_id and o.id = l.organization_id
		where l.initiative_id = $1 and ($2 or o.id is null or o.status = 'shown')`+where+` order by l.id`, args...)
}

// places reads which service is given where, with what both are called.
func places(ctx context.Context, q db.Querier, in string, public bool, s some) ([]organization.ServicePlace, error) {
	where, args := s.where(in, !public)
	return db.All(ctx, q, func(row db.Row) (p organization.ServicePlace, err error) {
		err = row.Scan(&p.ID, &p.Service, &p.Location, &p.ServiceRef, &p.LocationRef, &p.Source, &p.SourceID, (*given)(&p.Extra),
			&p.CreatedAt, &p.ChangedAt)
		return p, err
	}, `select p.id, coalesce(p.service_id, ''), coalesce(p.location_id, ''), `+linked("s", "p.service_ref")+`, `+linked("l", "p.location_ref")+`,
			p.source, p.source_id, p.extra, p.created_at, p.changed_at
		from service_place p
		left join service s on s.initiative_id = p.initiative_id and s.id = p.service_id
		left join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		left join location l on l.initiative_id = p.initiative_id and l.id = p.location_id
		where p.initiative_id = $1 and ($2 or s.id is not null and `+seen+`)`+where+` order by p.id`, args...)
}

// details reads whatever else is known.
func details(ctx context.Context, q db.Querier, in string, s some) ([]organization.Detail, error) {
	where, args := s.where(in)
	return db.All(ctx, q, func(row db.Row) (d organization.Detail, err error) {
		err = row.Scan(&d.ID, &d.Entity, &d.OwnerEntity, &d.Owner, &d.Source, &d.SourceID, (*given)(&d.Fields), &d.CreatedAt, &d.ChangedAt)
		return d, err
	}, `select d.id, d.entity, d.owner_entity, coalesce(d.owner_id, ''), d.source, d.source_id, d.fields, d.created_at, d.changed_at
		from detail d where d.initiative_id = $1`+where+` order by d.entity, d.id`, args...)
}
