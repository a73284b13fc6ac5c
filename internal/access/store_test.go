package access

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
)

// settle puts an account into the store and makes it a person of initiatives.
func settle(t *testing.T, d *db.DB, account string, operator bool, persons map[string]string) {
	t.Helper()
	err := d.Tx(t.Context(), func(q db.Querier) error {
		now, _, err := db.Mark(q)
		if err != nil {
			return err
		}
		if err := db.Exec(t.Context(), q, `insert into account (id, lang, operator, created_at) values ($1, 'en', $2, $3)`,
			account, operator, db.At(now)); err != nil {
			return err
		}
		for initiative, person := range persons {
			if err := db.Exec(t.Context(), q, `insert into account_person (initiative_id, person_id, account_id, claimed_at)
				values ($1, $2, $3, $4)`, initiative, person, account, db.At(now)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func tx(t *testing.T, d *db.DB, fn func(ctx context.Context, q db.Querier) error) {
	t.Helper()
	if err := d.Tx(t.Context(), func(q db.Querier) error { return fn(t.Context(), q) }); err != nil {
		t.Fatal(err)
	}
}

func of(t *testing.T, d *db.DB, account string) Actor {
	t.Helper()
	who, err := Of(t.Context(), d.Read(), account)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

func TestAnAccountMayWhatItsPersonsMay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		settle(t, d, "ana", false, map[string]string{"elm": "ana-in-elm", "oak": "ana-in-oak"})
		settle(t, d, "bo", true, nil)
		tx(t, d, func(ctx context.Context, q db.Querier) error {
			for _, m := range []Membership{
				{"elm", "ana-in-elm", Steward},
				{"elm", "ana-in-elm", Connector},
				{"oak", "ana-in-oak", Member},
				{"elm", "ana-in-oak", Funder}, // somebody of another initiative with the same id is nobody here
				{"ash", "ana-in-elm", Steward},
			} {
				if err := Give(ctx, q, m, "bo"); err != nil {
					return err
				}
			}
			return Entrust(ctx, q, "ana-in-elm", Grant{"elm", "course-1", "author"}, "bo")
		})
		counter := dbtest.Count(d)
		got := of(t, d, "ana")
		if n := counter.N(); n > 2 {
			t.Errorf("%d statements to know what somebody may, want at most 2: %q", n, counter.Statements())
		}
		want := Actor{
			Account:     "ana",
			Memberships: []Membership{{"elm", "ana-in-elm", Steward}, {"elm", "ana-in-elm", Connector}, {"oak", "ana-in-oak", Member}},
			Grants:      []Grant{{"elm", "course-1", "author"}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("actor (-want +got):\n%s", diff)
		}
		if bo := of(t, d, "bo"); !bo.Operator || len(bo.Memberships) > 0 || bo.May("elm", Belong) {
			t.Errorf("the operator reads initiatives: %+v", bo)
		}
		if _, err := Of(t.Context(), d.Read(), "nobody"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an account that isn't there: %v", err)
		}
	})
}

func TestWhatIsRemovedIsGoneAtOnceAndItsHistoryStays(t *testing.T) {
	now := dbtest.Clock()
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	settle(t, d, "ana", false, map[string]string{"elm": "p"})
	author := Grant{"elm", "course-1", "author"}
	connector := Membership{"elm", "p", Connector}
	for range 2 { // given twice, and taken twice, is once
		tx(t, d, func(ctx context.Context, q db.Querier) error {
			if err := Give(ctx, q, connector, "s"); err != nil {
				return err
			}
			return Entrust(ctx, q, "p", author, "s")
		})
	}
	if who := of(t, d, "ana"); !who.May("elm", Converse) || !who.Has("elm", "course-1", "author") || len(who.Memberships) != 1 || len(who.Grants) != 1 {
		t.Fatalf("given: %+v", who)
	}
	now.Advance(time.Hour)
	for range 2 {
		tx(t, d, func(ctx context.Context, q db.Querier) error {
			if err := Remove(ctx, q, connector, "s2"); err != nil {
				return err
			}
			return Withdraw(ctx, q, "p", author, "s2")
		})
	}
	if who := of(t, d, "ana"); who.May("elm", Belong) || who.Has("elm", "course-1", "author") || who.Person("elm") != "" {
		t.Errorf("removed: %+v", who)
	}
	now.Advance(time.Hour)
	tx(t, d, func(ctx context.Context, q db.Querier) error { return Give(ctx, q, connector, "s") })
	if !of(t, d, "ana").May("elm", Converse) {
		t.Error("what was taken away can't be given again")
	}
	history, err := History(t.Context(), d.Read(), "elm", "p")
	if err != nil {
		t.Fatal(err)
	}
	start := dbtest.Clock().Now()
	want := []Held{
		{Person: "p", Kind: Connector, GivenBy: "s", GivenAt: db.At(start), EndedBy: "s2", EndedAt: db.At(start.Add(time.Hour))},
		{Person: "p", Kind: Connector, GivenBy: "s", GivenAt: db.At(start.Add(2 * time.Hour))},
	}
	if diff := cmp.Diff(want, history); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	noted, err := audit.Latest(t.Context(), d.Read(), "elm", time.Time{}, 20)
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, e := range noted {
		acts = append(acts, e.Account+" "+e.Act+" "+e.Object)
	}
	slices.Sort(acts)
	if diff := cmp.Diff([]string{
		"s entrust author to p course-1", "s give connector p", "s give connector p",
		"s2 remove connector p", "s2 withdraw author from p course-1",
	}, acts); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

func TestStewardsGiveAndTakeButNotTheLastKey(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := &Service{DB: d}
		settle(t, d, "sol", false, map[string]string{"elm": "sol"})
		settle(t, d, "ana", false, map[string]string{"elm": "ana"})
		tx(t, d, func(ctx context.Context, q db.Querier) error {
			return Give(ctx, q, Membership{"elm", "sol", Steward}, "")
		})
		sol, ana := of(t, d, "sol"), of(t, d, "ana")

		if err := s.Give(t.Context(), sol, Membership{"elm", "ana", Connector}); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{
			"a connector gives":             s.Give(t.Context(), of(t, d, "ana"), Membership{"elm", "ana", Steward}),
			"a connector takes":             s.Remove(t.Context(), of(t, d, "ana"), Membership{"elm", "sol", Steward}),
			"a visitor gives":               s.Give(t.Context(), Actor{}, Membership{"elm", "ana", Steward}),
			"a steward gives elsewhere":     s.Give(t.Context(), sol, Membership{"oak", "ana", Member}),
			"a steward takes elsewhere":     s.Remove(t.Context(), sol, Membership{"oak", "ana", Member}),
			"somebody without rights gives": s.Give(t.Context(), ana, Membership{"elm", "ana", Steward}),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v, want not found", name, err)
			}
		}
		if err := s.Give(t.Context(), sol, Membership{"elm", "ana", "mayor"}); fault.Fields(err)[0].Name != "kind" {
			t.Errorf("an unknown kind: %v", err)
		}
		if err := s.Remove(t.Context(), sol, Membership{"elm", "sol", Steward}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the last steward left: %v", err)
		}
		if !of(t, d, "sol").May("elm", Steer) {
			t.Error("the refusal took the key all the same")
		}
		if err := s.Give(t.Context(), sol, Membership{"elm", "ana", Steward}); err != nil {
			t.Fatal(err)
		}
		if err := s.Remove(t.Context(), sol, Membership{"elm", "sol", Steward}); err != nil {
			t.Errorf("one of two stewards left: %v", err)
		}
		holding, err := s.Holding(t.Context(), of(t, d, "ana"), "elm")
		if err != nil || len(holding) != 2 {
			t.Errorf("holding = %+v, %v", holding, err)
		}
	})
}

func TestTwoStewardsWhoRemoveEachOtherLeaveOne(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := &Service{DB: d}
		tx(t, d, func(ctx context.Context, q db.Querier) error {
			for _, person := range []string{"a", "b"} {
				if err := Give(ctx, q, Membership{"elm", person, Steward}, ""); err != nil {
					return err
				}
			}
			return nil
		})
		var all sync.WaitGroup
		for person, other := range map[string]string{"a": "b", "b": "a"} {
			who := Actor{Account: person, Memberships: []Membership{{"elm", person, Steward}}}
			all.Go(func() {
				if err := s.Remove(t.Context(), who, Membership{"elm", other, Steward}); err != nil && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if left, err := With(t.Context(), d.Read(), "elm", Steward); err != nil || len(left) != 1 {
			t.Errorf("stewards left: %v, %v; want one", left, err)
		}
	})
}

func TestErasedPeopleMayNothingAndTakeTheirHistoryAlong(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		settle(t, d, "ana", false, map[string]string{"elm": "ana"})
		tx(t, d, func(ctx context.Context, q db.Querier) error {
			if err := Give(ctx, q, Membership{"elm", "ana", Member}, ""); err != nil {
				return err
			}
			if err := Give(ctx, q, Membership{"elm", "bo", Member}, ""); err != nil {
				return err
			}
			return Entrust(ctx, q, "ana", Grant{"elm", "course-1", "author"}, "")
		})
		tx(t, d, func(ctx context.Context, q db.Querier) error { return Erase(ctx, q, "elm", "ana") })
		if who := of(t, d, "ana"); len(who.Memberships)+len(who.Grants) > 0 {
			t.Errorf("an erased person may still: %+v", who)
		}
		if left, err := With(t.Context(), d.Read(), "elm", Member); err != nil || !slices.Equal(left, []string{"bo"}) {
			t.Errorf("members left: %v, %v; want bo alone", left, err)
		}
		kept, err := History(t.Context(), d.Read(), "elm", "ana")
		if err != nil || len(kept) != 1 || kept[0].EndedAt.IsZero() {
			t.Errorf("history = %+v, %v", kept, err)
		}
	})
}
