package release

import (
	"context"
	"time"

	"commonweal/internal/db"
)

func insert(ctx context.Context, q db.Querier, initiative, id string, at time.Time, on db.Day, counts map[string][]Count) error {
	if err := db.Exec(ctx, q, `insert into release (initiative_id, id, made_at, on_date) values ($1, $2, $3, $4)`,
		initiative, id, db.At(at), on); err != nil {
		return err
	}
	for subject, list := range counts {
		for _, c := range list {
			if err := db.Exec(ctx, q, `insert into release_count (initiative_id, release_id, subject, item, n, hidden)
				values ($1, $2, $3, $4, $5, $6)`, initiative, id, subject, c.Key, c.kept(), c.Hidden); err != nil {
				return err
			}
		}
	}
	return prune(ctx, q, initiative, at)
}

// kept is what the store holds: nothing of a hidden count, so that no backup
// and no careless query can give it back.
func (c Count) kept() int {
	if c.Hidden {
		return 0
	}
	return c.N
}

// keepFor is how long releases stay; a year lets a page say how things were.
const keepFor = 366 * 24 * time.Hour

func prune(ctx context.Context, q db.Querier, initiative string, at time.Time) error {
	before := db.At(at.Add(-keepFor))
	if err := db.Exec(ctx, q, `delete from release_count where initiative_id = $1 and release_id in
		(select id from release where initiative_id = $1 and made_at < $2)`, initiative, before); err != nil {
		return err
	}
	return db.Exec(ctx, q, `delete from release where initiative_id = $1 and made_at < $2`, initiative, before)
}

// lastMade is when the newest release was made; zero before the first one.
func lastMade(ctx context.Context, q db.Querier, initiative string) (db.Stamp, error) {
	return db.One(ctx, q, db.Value[db.Stamp], `select max(made_at) from release where initiative_id = $1`, initiative)
}

func latest(ctx context.Context, q db.Querier, initiative string) (Release, error) {
	r := Release{counts: map[string][]Count{}}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var subject string
		var c Count
		err := row.Scan(&r.On, &subject, &c.Key, &c.N, &c.Hidden)
		r.counts[subject] = append(r.counts[subject], c)
		return struct{}{}, err
	}, `select r.on_date, c.subject, c.item, c.n, c.hidden
		from release_count c join release r on r.initiative_id = c.initiative_id and r.id = c.release_id
		where c.initiative_id = $1 and c.release_id =
			(select id from release where initiative_id = $1 order by made_at desc, id desc limit 1)
		order by c.subject, c.hidden, c.n desc, c.item`, initiative)
	return r, err
}
