package account

import (
	"context"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/jobs"
)

func TestASessionEndsWhenNobodyUsesIt(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		session := h.session("ana")
		h.now.Advance(idle - time.Second)
		h.wantAccount("after almost a month", session, "ana")
		h.now.Advance(idle - time.Second) // used a month ago, not two
		h.wantAccount("a month after the last use", session, "ana")
		h.now.Advance(idle)
		h.wantVisitor("after a month without use", session)
	})
}

func TestASessionEndsAfterHalfAYearHoweverUsed(t *testing.T) {
	h := one(t)
	h.resident("ana", "ana@example.org")
	session := h.session("ana")
	for range 8 {
		h.now.Advance(20 * 24 * time.Hour)
		h.wantAccount("used each third week", session, "ana")
	}
	h.now.Advance(20*24*time.Hour - time.Second)
	h.wantAccount("on the last day", session, "ana")
	h.now.Advance(time.Second)
	h.wantVisitor("after half a year", session)
}

func TestNoClockRevivesASession(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")

		session := h.session("ana")
		h.now.Advance(year)
		h.wantVisitor("a year ahead", session)
		h.now.Advance(-year)
		h.wantVisitor("back again", session)

		session = h.session("ana")
		h.now.Advance(-year)
		h.wantVisitor("a year before it was made", session)
		h.now.Advance(year)
		h.wantVisitor("and back again", session)

		session = h.session("ana")
		h.must(h.EndAll(h.Context(), h.actor(session)))
		for _, jump := range []time.Duration{-year, year, year} {
			h.now.Advance(jump)
			h.wantVisitor("ended, then the clock jumped", session)
		}

		// Nobody showed this one while the clock was ahead, but the upkeep ran.
		h.now.Advance(-year)
		session = h.session("ana")
		h.now.Advance(year)
		h.must(h.prune(h.Context(), jobs.Work{}))
		h.now.Advance(-year)
		h.wantVisitor("ended by the upkeep", session)

		// A second back and forth is no jump.
		session = h.session("ana")
		h.now.Advance(-time.Second)
		h.wantAccount("a clock set right", session, "ana")
	})
}

func TestNoClockRevivesALink(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		token := h.linkFor("ana@example.org")
		_, err := h.Enter(h.Context(), access.Actor{}, token, "")
		h.must(err)
		for _, jump := range []time.Duration{-year, year, year} {
			h.now.Advance(jump)
			_, err = h.Enter(h.Context(), access.Actor{}, token, "")
			h.wantGone("used, then the clock jumped", err)
		}
		token = h.linkFor("ana@example.org")
		h.now.Advance(-year)
		_, err = h.Enter(h.Context(), access.Actor{}, token, "")
		h.wantGone("a link from a year ahead", err)
	})
}

func TestWhatIsTakenAwayIsGoneInMidSession(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		session := h.session("ana")
		key := access.Membership{Initiative: "elm", Person: "p", Kind: access.Connector}
		h.tx(func(ctx context.Context, q db.Querier) error {
			if err := Be(ctx, q, "elm", "p", "ana"); err != nil {
				return err
			}
			return access.Give(ctx, q, key, "")
		})
		if !h.actor(session).May("elm", access.Converse) {
			h.Fatal("what was given isn't there")
		}
		h.tx(func(ctx context.Context, q db.Querier) error { return access.Remove(ctx, q, key, "") })
		who := h.actor(session)
		if who.May("elm", access.Belong) {
			h.Error("still a connector after it was taken away")
		}
		if !who.IsSignedIn() {
			h.Error("losing one initiative ended the session")
		}
	})
}

func TestKnowingWhoAsksCostsThreeStatements(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		session := h.session("ana")
		counter := dbtest.Count(h.DB)
		cost := func(token string, want int) {
			h.Helper()
			counter.Reset()
			h.actor(token)
			if n := counter.N(); n != want {
				h.Errorf("%d statements, want %d: %q", n, want, counter.Statements())
			}
		}
		cost("", 0)
		cost("guess", 1)
		cost(session, 3)
		h.now.Advance(seenEvery)
		cost(session, 4) // notes the use
		cost(session, 3)
	})
}

func TestDevicesAreListedNamedAndEnded(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.Context()
		h.resident("ana", "ana@example.org")
		h.resident("eve", "eve@example.org")
		phone := h.session("ana")
		h.now.Advance(2 * time.Hour)
		laptop := h.session("ana")
		eve := h.session("eve")
		who, other := h.actor(laptop), h.actor(eve)

		all, err := h.Sessions(ctx, who)
		h.must(err)
		if len(all) != 2 || !all[0].This || all[1].This || all[0].ID != who.Session {
			h.Fatalf("devices = %+v", all)
		}
		h.wantGone("naming another's device", h.Call(ctx, other, all[1].ID, "mine"))
		if err := h.Call(ctx, who, all[1].ID, "  "); fault.Fields(err)[0].Name != "name" {
			h.Errorf("a device without a name: %v", err)
		}
		h.must(h.Call(ctx, who, all[1].ID, " Mum's phone "))
		h.must(h.End(ctx, other, all[1].ID))
		h.wantAccount("a device that another tried to end", phone, "ana")
		if all, err = h.Sessions(ctx, who); err != nil || all[1].Device != "Mum's phone" && all[0].Device != "Mum's phone" {
			h.Errorf("devices = %+v, %v", all, err)
		}

		h.must(h.End(ctx, who, h.actor(phone).Session))
		h.wantVisitor("the phone", phone)
		h.wantAccount("the laptop", laptop, "ana")

		third := h.session("ana")
		h.must(h.EndAll(ctx, who))
		h.wantVisitor("the laptop", laptop)
		h.wantVisitor("the third device", third)
		h.wantAccount("somebody else's", eve, "eve")

		h.must(h.SignOut(ctx, other))
		h.wantVisitor("signed out", eve)
	})
}

func TestVisitorsHaveNoDevices(t *testing.T) {
	h := one(t)
	_, err := h.Sessions(t.Context(), access.Actor{})
	h.wantGone("devices of nobody", err)
	h.wantGone("ending all of nobody", h.EndAll(t.Context(), access.Actor{}))
}

func TestProofHoldsTenMinutes(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		session := h.session("ana")
		proved := func(want bool, when string) {
			h.Helper()
			if ok, err := h.IsProved(h.Context(), h.actor(session)); err != nil || ok != want {
				h.Errorf("%s: proved = %v, %v; want %v", when, ok, err, want)
			}
		}
		h.now.Advance(proofLife)
		proved(true, "after ten minutes")
		h.now.Advance(time.Second)
		proved(false, "after more than ten minutes")
		h.now.Advance(-proofLife - 2*time.Second)
		proved(false, "before it happened")
	})
}
