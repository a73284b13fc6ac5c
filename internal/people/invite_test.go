package people_test

import (
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/people"
)

func TestWhoMayInviteWhomToBeWhat(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		rosa := h.create(h.carl, draft("Rosa"))
		invite := func(who access.Actor, kind access.Kind) error {
			keys, err := h.Invite(t.Context(), who, h.in.ID, rosa.ID, kind)
			if err == nil && (keys.Path == "" || keys.Code == "") {
				t.Errorf("%s: %+v", kind, keys)
			}
			return err
		}
		for _, err := range []error{invite(h.carl, access.Member), invite(h.sue, access.Connector)} {
			if err != nil {
				t.Error(err)
			}
		}
		h.must("a connector makes a steward", invite(h.carl, access.Steward), fault.Invalid)
		h.must("a steward makes a king", invite(h.sue, "king"), fault.Invalid)
		h.must("another connector", invite(h.cora, access.Member), fault.NotFound)

		leo := h.create(h.carl, people.Draft{Name: "Leo", Age: people.Under18})
		_, err := h.Invite(t.Context(), h.carl, h.in.ID, leo.ID, access.Member)
		h.must("under 18, without a parent's yes", err, fault.Invalid)
		if err := h.Agree(t.Context(), h.carl, h.in.ID, leo.ID, parent(people.KeepName)); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Invite(t.Context(), h.carl, h.in.ID, leo.ID, access.Member); err != nil {
			t.Error(err)
		}
	})
}

// Whoever takes up Sam's account would be a steward.
func TestAConnectorHandsOutNoStewardsKey(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		sam := h.create(h.carl, draft("Sam"))
		steward := access.Membership{Initiative: h.in.ID, Person: sam.ID, Kind: access.Steward}
		h.tx(func(q db.Querier) error { return access.Give(t.Context(), q, steward, "") })
		_, err := h.Invite(t.Context(), h.carl, h.in.ID, sam.ID, access.Member)
		h.must("a steward's key", err, fault.NotFound)
		if _, err := h.Invite(t.Context(), h.sue, h.in.ID, sam.ID, access.Member); err != nil {
			t.Error(err)
		}
		h.tx(func(q db.Querier) error { return access.Remove(t.Context(), q, steward, "") })
		if _, err := h.Invite(t.Context(), h.carl, h.in.ID, sam.ID, access.Member); err != nil {
			t.Errorf("once they are no steward: %v", err)
		}
	})
}
