package once

import (
	"context"
	"time"

	"commonweal/internal/db"
)

type row struct {
	initiative, keyHash, requestHash, answer string
}

func get(ctx context.Context, q db.Querier, initiative, keyHash string) (row, error) {
	return db.One(ctx, q, func(r db.Row) (have row, err error) {
		err = r.Scan(&have.requestHash, &have.answer)
		return have, err
	}, `select request_hash, answer from once where initiative_id = $1 and key_hash = $2`, initiative, keyHash)
}

// insert needs no "on conflict": who comes second in SERIALIZABLE, after both
// looked and found nothing, is run again and then finds the first.
func insert(ctx context.Context, q db.Querier, r row) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	return db.Exec(ctx, q, `insert into once (initiative_id, key_hash, request_hash, answer, done_at) values ($1, $2, $3, $4, $5)`,
		r.initiative, r.keyHash, r.requestHash, r.answer, db.At(now))
}

// removeBefore removes old answers of every initiative.
func removeBefore(ctx context.Context, q db.Querier, t time.Time) (int64, error) {
	return db.Changed(ctx, q, `delete from once where done_at < $1`, db.At(t))
}
