package upkeep_test

import (
	"log/slog"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
	"commonweal/internal/upkeep"
)

// house is a server with two initiatives, the operator's own and one made for
// somebody else.
type house struct {
	*testing.T
	*upkeep.Service
	now           *clock.Fake
	elm, oak      initiative.Founded
	operator, sue access.Actor // sue is the operator's account as elm's steward
}

func open(t *testing.T, d *db.DB, now *clock.Fake) *house {
	t.Helper()
	h := &house{T: t, Service: &upkeep.Service{DB: d}, now: now}
	h.operator = access.Actor{Account: "account-sue", Operator: true}
	h.tx(func(q db.Querier) error {
		return db.Exec(t.Context(), q, `insert into account (id, lang, operator, created_at) values ('account-sue', 'en', true, $1)`, db.At(now.Now()))
	})
	all := &initiative.Service{DB: d, IDs: db.NewIDs(now.Now, nil), Now: now.Now, Found: people.Found}
	var err error
	if h.elm, err = all.CreateFirst(t.Context(), h.operator, draft("Elm", "Sue")); err != nil {
		t.Fatal(err)
	}
	if h.oak, err = all.Create(t.Context(), h.operator, draft("Oak", "Otto")); err != nil {
		t.Fatal(err)
	}
	h.sue = access.Actor{Account: "account-sue", Memberships: []access.Membership{{Initiative: h.elm.ID, Person: h.elm.Steward, Kind: access.Steward}}}
	return h
}

func draft(name, steward string) initiative.Draft {
	return initiative.Draft{Name: name, Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: steward}
}

// in is somebody in elm.
func (h *house) in(k access.Kind) access.Actor {
	return access.Actor{Account: "account-x", Memberships: []access.Membership{{Initiative: h.elm.ID, Person: "x", Kind: k}}}
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	if err := h.DB.Tx(h.Context(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) refused(what string, err error, k fault.Kind) {
	h.Helper()
	if !fault.Is(err, k) {
		h.Errorf("%s: %v, want %v", what, err, k)
	}
}

// claim makes an account the person whom keys invite.
func (h *house) claim(keys account.Invited) account.Invitation {
	h.Helper()
	s := &account.Service{DB: h.DB, IDs: db.NewIDs(h.now.Now, nil), Now: h.now.Now, BaseURL: "https://commonweal.test"}
	inv, _, err := s.Claim(h.Context(), access.Actor{}, keys.Code, "", "en", "phone")
	h.must(err)
	return inv
}

var each = dbtest.RunClocked

var nobody = slog.New(slog.DiscardHandler)
