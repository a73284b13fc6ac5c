package people

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// view is what an actor may see of an initiative's people: stewards everyone,
// a connector their own people and households, anybody else themselves.
type view struct {
	who        access.Actor
	initiative string
	self       string // who the actor is here
	all        bool
	converse   bool
}

// viewOf is the view of an actor in an initiative; NotFound for who has none.
func viewOf(who access.Actor, initiative string) (view, error) {
	v := view{
		who: who, initiative: initiative, self: who.Person(initiative),
		all: who.May(initiative, access.Steer), converse: who.May(initiative, access.Converse),
	}
	if v.self == "" {
		return view{}, fault.ErrNotFound
	}
	return v, nil
}

// workingView is viewOf for what only connectors and stewards do.
func workingView(who access.Actor, initiative string) (view, error) {
	if err := who.Require(initiative, access.Converse); err != nil {
		return view{}, err
	}
	return viewOf(who, initiative)
}

// cares says whether the actor is a steward, or the person's connector.
func (v view) cares(connector string) bool {
	return v.all || v.converse && connector == v.self
}

// person reads one that the actor may see.
func (v view) person(ctx context.Context, q db.Querier, id string) (Card, error) {
	c, err := card(ctx, q, v.initiative, id)
	if err == nil && c.ID != v.self && !v.cares(c.Connector) {
		return Card{}, fault.ErrNotFound
	}
	return c, err
}

// theirs is nil for somebody whom the actor cares for: not for themselves,
// unless they do.
func (v view) theirs(ctx context.Context, q db.Querier, id string) error {
	c, err := card(ctx, q, v.initiative, id)
	if err == nil && !v.cares(c.Connector) {
		return fault.ErrNotFound
	}
	return err
}

// household reads one that the actor cares for.
func (v view) household(ctx context.Context, q db.Querier, id string) (HouseholdCard, error) {
	h, err := householdCard(ctx, q, v.initiative, id)
	if err == nil && !v.cares(h.Connector) {
		return HouseholdCard{}, fault.ErrNotFound
	}
	return h, err
}

// note records an act of the actor upon a person or a household.
func (v view) note(ctx context.Context, q db.Querier, act, object string) error {
	return audit.Note(ctx, q, audit.Event{
		Initiative: v.initiative, Account: v.who.Account, Person: v.self, For: v.who.For, Act: act, Object: object,
	})
}
