package link

import (
	"context"
	"fmt"
	"strings"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

const columns = `initiative_id, kind, subject_id, expires_at`

// alive is what a link must be to open anything. One that was made by a clock
// far ahead of ours would live too long, unless it has no expiry at all.
const alive = `hash = $1 and kind = $2 and (expires_at is null or expires_at > $3 and made_at <= $4)`

// atOnce is how many links one statement adds.
const atOnce = 100

func insert(ctx context.Context, q db.Querier, keys []key, now time.Time) error {
	args := []any{db.At(now)}
	var values []string
	for _, k := range keys {
		n := len(args)
		values = append(values, fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $1, $%d)", n+1, n+2, n+3, n+4, n+5, n+6))
		args = append(args, k.hash, k.Initiative, k.Kind, k.Subject, k.reusable, stamp(k.Expires))
	}
	return db.Exec(ctx, q, `insert into link (hash, initiative_id, kind, subject_id, reusable, made_at, expires_at)
		values `+strings.Join(values, ", "), args...)
}

func get(ctx context.Context, q db.Querier, kind, hash string, now time.Time) (Link, error) {
	return one(ctx, q, `select `+columns+` from link where `+alive, kind, hash, now)
}

func take(ctx context.Context, q db.Querier, kind, hash string, now time.Time) (Link, error) {
	return one(ctx, q, `delete from link where `+alive+` and not reusable returning `+columns, kind, hash, now)
}

func one(ctx context.Context, q db.Querier, query, kind, hash string, now time.Time) (Link, error) {
	l, err := db.One(ctx, q, scan, query, hash, kind, db.At(now), db.At(now.Add(drift)))
	if fault.Is(err, fault.NotFound) {
		return Link{}, errGone
	}
	return l, err
}

func bind(ctx context.Context, q db.Querier, hash, subject string) error {
	return db.Exec(ctx, q, `update link set subject_id = $2, expires_at = null where hash = $1`, hash, subject)
}

func remove(ctx context.Context, q db.Querier, initiative, kind, subject string) error {
	return db.Exec(ctx, q, `delete from link where initiative_id = $1 and kind = $2 and subject_id = $3`, initiative, kind, subject)
}

func removeExpired(ctx context.Context, q db.Querier, now time.Time) (int64, error) {
	return db.Changed(ctx, q, `delete from link where expires_at <= $1`, db.At(now))
}

func scan(row db.Row) (l Link, err error) {
	var expires db.Stamp
	err = row.Scan(&l.Initiative, &l.Kind, &l.Subject, &expires)
	l.Expires = expires.Time
	return l, err
}

// stamp keeps "never" as NULL.
func stamp(t time.Time) db.Stamp {
	if t.IsZero() {
		return db.Stamp{}
	}
	return db.At(t)
}
