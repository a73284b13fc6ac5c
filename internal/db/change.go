package db

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// window is how long a transaction may take from making its id to COMMIT and
// still be noticed by Version: whoever commits late changes the count.
const window = time.Hour

// keepChanges is how long rows of change are kept, longer than any window.
const keepChanges = 24 * time.Hour

// ours are the Queriers of this package; they know the store's clock and ids.
type ours interface{ store() *DB }

func storeOf(q Querier) (*DB, error) {
	o, ok := q.(ours)
	if !ok {
		return nil, errors.New("db: this Querier is neither from Tx nor from Read")
	}
	return o.store(), nil
}

// Touch notes, in the transaction of q, that what the initiative's public
// pages show has changed. Each transaction inserts a row of its own, so that
// nobody waits for anybody.
func Touch(ctx context.Context, q Querier, initiative string) error {
	d, err := storeOf(q)
	if err != nil {
		return err
	}
	return Exec(ctx, q, `insert into change (initiative_id, id, changed_at) values ($1, $2, $3)`,
		initiative, d.ids.New(), At(d.options.Now()))
}

// Version is a short text that changes with what the initiative's public pages
// show: the latest change, and how many there were in the last hour. A clock
// that once stood ahead leaves changes of the future, which are counted but are
// never the latest.
func Version(ctx context.Context, q Querier, initiative string) (string, error) {
	d, err := storeOf(q)
	if err != nil {
		return "", err
	}
	if _, reads := q.(*reader); !reads || d.versions == nil {
		return d.version(ctx, q, initiative)
	}
	return d.versions.of(ctx, initiative, func() (string, error) { return d.version(ctx, q, initiative) })
}

func (d *DB) version(ctx context.Context, q Querier, initiative string) (string, error) {
	now := d.options.Now()
	var latest string
	var recent int64
	err := q.QueryRowContext(ctx, `select
			coalesce((select id from change where initiative_id = $1 and changed_at <= $2
				order by changed_at desc, id desc limit 1), ''),
			(select count(*) from change where initiative_id = $1 and changed_at >= $3)`,
		initiative, At(now), At(now.Add(-window))).Scan(&latest, &recent)
	return latest + "." + strconv.FormatInt(recent, 36), err
}

// PruneChanges removes changes older than a day, except each initiative's
// latest, and says how many. A job calls it daily.
func PruneChanges(ctx context.Context, q Querier) (int64, error) {
	d, err := storeOf(q)
	if err != nil {
		return 0, err
	}
	now := d.options.Now()
	return Changed(ctx, q, `delete from change where changed_at < $1 and exists (
			select 1 from change later where later.initiative_id = change.initiative_id and later.changed_at <= $2
				and (later.changed_at, later.id) > (change.changed_at, change.id))`,
		At(now.Add(-keepChanges)), At(now))
}
