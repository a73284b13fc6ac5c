package account

import (
	"context"
	"errors"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Door signs anybody in as anybody. It is for the demo, where everybody is
// invented, and exists only where OpenDoor made it: a server that doesn't call
// OpenDoor has no such way in.
type Door struct {
	s        *Service
	invented func(ctx context.Context) (bool, error)
}

// OpenDoor makes the demo's door. Invented has to find, each time that the door
// is used, that everything in the store is invented.
func OpenDoor(s *Service, invented func(ctx context.Context) (bool, error)) *Door {
	return &Door{s: s, invented: invented}
}

// SignInAs signs in as the account of a person. Faults: NotFound when there is
// no such account, or the store holds anything that isn't invented.
func (d *Door) SignInAs(ctx context.Context, who access.Actor, account, device string) (session string, err error) {
	defer fault.Wrap(&err, "account.SignInAs %s", account)
	if ok, err := d.invented(ctx); err != nil || !ok {
		return "", errors.Join(err, fault.ErrNotFound)
	}
	err = d.s.DB.Tx(ctx, func(q db.Querier) error {
		if err := checkOpen(ctx, q, account); err != nil {
			return err
		}
		session, err = d.s.start(ctx, q, who, account, device)
		return err
	})
	return session, err
}

// Of is the account of a person, or "": whom the door's page can offer.
func (d *Door) Of(ctx context.Context, initiative, person string) (account string, err error) {
	defer fault.Wrap(&err, "account.Door.Of %s in %s", person, initiative)
	return accountOf(ctx, d.s.DB.Read(), initiative, person)
}
