package notice

import (
	"context"
	"time"

	"commonweal/internal/db"
)

func holdMailIn(ctx context.Context, q db.Querier, initiative string, at time.Time) (int64, error) {
	return db.Changed(ctx, q, `update notice set settled_at = $2, way = $3
		where initiative_id = $1 and settled_at is null and exists (select 1 from contact e
			where e.initiative_id = $1 and e.person_id = notice.person_id and e.kind = 'email')`,
		initiative, db.At(at), string(byRestored))
}
