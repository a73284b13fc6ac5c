package people

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/place"
)

// Found writes down the first steward of a new initiative and its first area,
// in the transaction that makes it; it is what initiative.Service.Found is
// given. The steward is the founder's account, if there is one, and otherwise
// waits for an invitation.
func Found(ctx context.Context, q db.Querier, in initiative.Initiative, first initiative.Founder) (person string, err error) {
	defer fault.Wrap(&err, "people.Found in %s", in.ID)
	now, area, err := db.Mark(q)
	if err != nil {
		return "", err
	}
	if err := place.Add(ctx, q, in.ID, place.Area{ID: area, Name: first.Place, Kind: place.Wide}, db.At(now)); err != nil {
		return "", err
	}
	p := Person{Name: first.Name, Area: area, MetOn: in.Today(now), Langs: []i18n.Lang{first.Lang}, Age: NotAsked}
	if first.Account == "" {
		return invited(ctx, q, in, p)
	}
	// Whoever founds an initiative under their name agrees to its being kept.
	p, err = Add(ctx, q, in.ID, New{
		Person:   p,
		Consents: []Consent{{Purpose: KeepName, Wording: Wording, On: p.MetOn, GivenBy: Self, Channel: Web}},
		By:       first.Account,
	})
	if err != nil {
		return "", err
	}
	if err := account.Be(ctx, q, in.ID, p.ID, first.Account); err != nil {
		return "", err
	}
	return p.ID, access.Give(ctx, q, access.Membership{Initiative: in.ID, Person: p.ID, Kind: access.Steward}, first.Account)
}

// invited writes down whom the operator named, who hasn't been asked yet: no
// consent is made up for them. They give it when they take up the invitation.
func invited(ctx context.Context, q db.Querier, in initiative.Initiative, p Person) (string, error) {
	now, id, err := db.Mark(q)
	if err != nil {
		return "", err
	}
	p.ID = id
	return id, insertPerson(ctx, q, in.ID, p, now)
}
