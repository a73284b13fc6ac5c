package backup

import (
	"context"
	"time"

	"commonweal/internal/db"
)

// verifiedSetting is the server's own row that says when a backup was last
// restored and compared.
const verifiedSetting = "backup.verified"

func noteVerified(ctx context.Context, q db.Querier, at time.Time) error {
	return db.Exec(ctx, q, `insert into setting (initiative_id, name, value, set_at) values ('', $1, $2, $2)
		on conflict (initiative_id, name) do update set value = excluded.value, set_at = excluded.set_at`,
		verifiedSetting, db.At(at))
}

func verified(ctx context.Context, q db.Querier) (time.Time, error) {
	at, err := db.One(ctx, q, db.Value[db.Stamp], `select value from setting where initiative_id = '' and name = $1`, verifiedSetting)
	return at.Time, err
}
