package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

// TestJoinNeverOverfills lets 24 people take one of two places by
// check-then-insert. Under anything weaker than db.Tx more than two get in.
func TestJoinNeverOverfills(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		const people, places = 24, 2
		ids := db.NewIDs(dbtest.Clock().Now, nil)
		errFull := errors.New("full")
		join := func(ctx context.Context) error {
			return d.Tx(ctx, func(q db.Querier) error {
				n, err := db.One(ctx, q, db.Value[int], `select count(*) from erasure where initiative_id = $1`, "oak")
				if err != nil {
					return err
				}
				if n >= places {
					return errFull
				}
				return db.Exec(ctx, q, `insert into erasure (initiative_id, id, subject, subject_id, erased_at) values ($1, $2, 'place', '', '')`, "oak", ids.New())
			})
		}
		start := make(chan struct{})
		var joined, refused, others int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range people {
			all.Go(func() {
				<-start
				err := join(t.Context())
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					joined++
				case errors.Is(err, errFull):
					refused++
				default:
					others++
					t.Log(err)
				}
			})
		}
		close(start)
		all.Wait()
		stored, err := db.One(t.Context(), d.Read(), db.Value[int], `select count(*) from erasure where initiative_id = 'oak'`)
		if err != nil {
			t.Fatal(err)
		}
		if joined != places || stored != places {
			t.Errorf("%d people were told they joined and %d are stored, of %d places (%d refused, %d other answers)", joined, stored, places, refused, others)
		}
	})
}
