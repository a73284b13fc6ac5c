package release_test

import (
	"context"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/release"
)

func TestStewardsCountAgainOnceAnHour(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		readers := 20
		s := &release.Service{
			DB: d, IDs: db.NewIDs(now.Now, nil), Now: now.Now,
			Today: func(context.Context, string) (db.Day, error) { return db.DayOf(now.Now(), time.UTC), nil },
			Sources: []release.Source{{Name: "gift", Count: func(context.Context, db.Querier, string) ([]release.Cell, error) {
				return []release.Cell{{Key: "reading", N: readers}}, nil
			}}},
		}
		if err := d.Tx(t.Context(), func(q db.Querier) error {
			return db.Exec(t.Context(), q, `insert into initiative (id, name, purpose, purposes, about, langs, zone, help_phone, emergency, answer_days, started_on, invented, created_at)
				values ('elm', 'Elm', '', '{}', '', 'en', 'UTC', '', '', 30, '2026-11-01', false, $1)`, db.At(now.Now()))
		}); err != nil {
			t.Fatal(err)
		}
		as := func(k access.Kind) access.Actor {
			return access.Actor{Account: "a", Memberships: []access.Membership{{Initiative: "elm", Person: "p", Kind: k}}}
		}
		if err := s.CountAgain(t.Context(), as(access.Connector), "elm"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a connector: %v", err)
		}
		if err := s.CountAgain(t.Context(), as(access.Steward), "elm"); err != nil {
			t.Fatal(err)
		}
		readers = 40
		now.Advance(59 * time.Minute)
		if err := s.CountAgain(t.Context(), as(access.Steward), "elm"); !fault.Is(err, fault.Conflict) {
			t.Errorf("within the hour: %v", err)
		}
		shown(t, s, 20)
		now.Advance(time.Minute)
		if err := s.CountAgain(t.Context(), as(access.Steward), "elm"); err != nil {
			t.Fatal(err)
		}
		shown(t, s, 40)
	})
}

func shown(t *testing.T, s *release.Service, want int) {
	t.Helper()
	r, err := s.Latest(t.Context(), "elm")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Find("gift", "reading"); got.N != want || got.Hidden {
		t.Errorf("the public reads %+v, want %d", got, want)
	}
}
