package file

import (
	"context"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

func insert(ctx context.Context, q db.Querier, initiative string, c Content, now time.Time) error {
	return db.Exec(ctx, q, `insert into file (initiative_id, sha256, media_type, size, data, put_at)
		values ($1, $2, $3, $4, $5, $6) on conflict (initiative_id, sha256) do nothing`,
		initiative, c.SHA256, c.MediaType, c.Size, c.data, db.At(now))
}

func get(ctx context.Context, q db.Querier, initiative, sha256 string) (File, []byte, error) {
	var data []byte
	f, err := db.One(ctx, q, func(row db.Row) (f File, err error) {
		var put db.Stamp
		err = row.Scan(&f.SHA256, &f.MediaType, &f.Size, &put, &data)
		f.Put = put.Time
		return f, err
	}, `select sha256, media_type, size, put_at, data from file where initiative_id = $1 and sha256 = $2`, initiative, sha256)
	return f, data, err
}

func remove(ctx context.Context, q db.Querier, initiative, sha256 string) error {
	n, err := db.Changed(ctx, q, `delete from file where initiative_id = $1 and sha256 = $2`, initiative, sha256)
	if err == nil && n == 0 {
		return fault.ErrNotFound
	}
	return err
}
