package organization

import (
	"context"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/release"
)

// spokeFor reads for whom a person speaks or spoke, with the organization's
// name.
func spokeFor(ctx context.Context, q db.Querier, initiative, person string) ([]Spokesperson, error) {
	return db.All(ctx, q, func(row db.Row) (s Spokesperson, err error) {
		err = row.Scan(&s.ID, &s.Organization, &s.Person, &s.Name, &s.Job, &s.Since, &s.Until)
		return s, err
	}, `select s.id, s.organization_id, s.person_id, o.name, s.job, s.since_at, s.until_at
		from spokesperson s
		join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		where s.initiative_id = $1 and s.person_id = $2 order by s.since_at, s.id`, initiative, person)
}

// forget leaves of a spokesperson that there was one, from when until when.
func forget(ctx context.Context, q db.Querier, initiative, person string, at db.Stamp) error {
	return db.Exec(ctx, q, `update spokesperson set job = '', until_at = coalesce(until_at, $3)
		where initiative_id = $1 and person_id = $2`, initiative, person, at)
}

// knownAs is what a person goes by: their name folded, their addresses.
func knownAs(ctx context.Context, q db.Querier, initiative, person string) (map[string]bool, error) {
	said, err := db.All(ctx, q, db.Value[string], `select name_folded from person where initiative_id = $1 and id = $2
		union all select value from contact where initiative_id = $1 and person_id = $2 and kind = 'email'`, initiative, person)
	known := make(map[string]bool, len(said))
	for _, one := range said {
		if one != "" {
			known[strings.ToLower(one)] = true
		}
	}
	return known, err
}

// contactsBeside reads the contacts of the organizations that a person spoke
// for, and those anywhere that may have an address of theirs.
func contactsBeside(ctx context.Context, q db.Querier, initiative, person string) ([]Detail, error) {
	return db.All(ctx, q, scanDetail, `select `+detailColumns+` from detail d
		where d.initiative_id = $1 and d.entity = 'contact' and (d.owner_id in (
				select s.organization_id from spokesperson s where s.initiative_id = $1 and s.person_id = $2)
			or exists (select 1 from contact c where c.initiative_id = $1 and c.person_id = $2 and c.kind = 'email'
				and lower(d.fields) like '%"' || lower(c.value) || '"%'))
		order by d.id`, initiative, person)
}

func deleteDetails(ctx context.Context, q db.Querier, initiative string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return db.Exec(ctx, q, `delete from detail where initiative_id = $1 and id in (`+marks(2, len(ids))+`)`,
		withIDs(ids, initiative)...)
}

func countByKind(ctx context.Context, q db.Querier, initiative string) ([]release.Cell, error) {
	return db.All(ctx, q, func(row db.Row) (c release.Cell, err error) {
		err = row.Scan(&c.Key, &c.N)
		return c, err
	}, `select kind, count(*) from organization where initiative_id = $1 and status = 'shown'
		group by kind order by kind`, initiative)
}
