package organization

import (
	"context"

	"commonweal/internal/db"
)

// unspoken reads the organizations that nobody speaks for and that aren't
// shown.
func unspoken(ctx context.Context, q db.Querier, initiative string, most int) ([]Organization, error) {
	return db.All(ctx, q, scan, `select `+columns+` from organization o
		where o.initiative_id = $1 and o.status = 'draft' and not exists (select 1 from spokesperson s
			where s.initiative_id = $1 and s.organization_id = o.id and s.until_at is null)
		order by o.name_folded, o.id limit $2`, initiative, most)
}

// awaited reads who is to speak and has no account, or hasn't said yes.
func awaited(ctx context.Context, q db.Querier, initiative string, most int) ([]Awaited, error) {
	return db.All(ctx, q, func(row db.Row) (a Awaited, err error) {
		err = row.Scan(&a.Organization, &a.OrganizationName, &a.Name, &a.Since)
		return a, err
	}, `select o.id, o.name, p.name, s.since_at from spokesperson s
		join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		join person p on p.initiative_id = s.initiative_id and p.id = s.person_id
		where s.initiative_id = $1 and s.until_at is null and p.erased_at is null and (not `+held+` or not exists (
			select 1 from account_person a where a.initiative_id = s.initiative_id and a.person_id = s.person_id))
		order by s.since_at desc, s.id limit $2`, initiative, most)
}

func contactDetails(ctx context.Context, q db.Querier, initiative string, owners []string) ([]Detail, error) {
	return db.All(ctx, q, scanDetail, `select `+detailColumns+` from detail d
		where d.initiative_id = $1 and d.owner_id in (`+marks(2, len(owners))+`) and d.entity = 'contact'
		order by d.owner_id, d.id`, withIDs(owners, initiative)...)
}
