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

func contactDetails(ctx context.Context, q db.Querier, initiative string, owners []string) ([]Detail, error) {
	return db.All(ctx, q, scanDetail, `select `+detailColumns+` from detail d
		where d.initiative_id = $1 and d.owner_id in (`+marks(2, len(owners))+`) and d.entity = 'contact'
		order by d.owner_id, d.id`, withIDs(owners, initiative)...)
}
