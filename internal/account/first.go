package account

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/link"
)

const first = "first" // kind of link; it has no subject

// FirstSteward gives the link by which the first account is made, to be printed
// where only whoever runs the server reads. It is "" once there is an account;
// asked for again before that, the link given before is void.
func (s *Service) FirstSteward(ctx context.Context) (to string, err error) {
	defer fault.Wrap(&err, "account.FirstSteward")
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		to = ""
		taken, err := anyAccount(ctx, q)
		if err != nil || taken {
			return err
		}
		if err := link.Revoke(ctx, q, "", first, ""); err != nil {
			return err
		}
		token, err := link.New(ctx, q, link.Link{Kind: first, Expires: s.Now().Add(firstLife)})
		to = s.link("/first/" + token)
		return err
	})
	return to, err
}

// LookFirst is nil while the link of the first account is good. It changes
// nothing. Faults: NotFound "link.gone".
func (s *Service) LookFirst(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "account.LookFirst")
	_, err = link.Look(ctx, s.DB.Read(), first, token)
	return err
}

// Begin makes the first account, which operates the server, and signs it in.
// The address isn't confirmed by mail: whoever reads the server's terminal
// could write anything into the store anyway, and there may be no mail yet.
// Faults: NotFound "link.gone"; Invalid at "email".
func (s *Service) Begin(ctx context.Context, token, email string, lang i18n.Lang, device string) (session string, err error) {
	defer fault.Wrap(&err, "account.Begin")
	if err := s.LookFirst(ctx, token); err != nil {
		return "", err
	}
	a, ok := ParseAddress(email)
	if !ok {
		return "", unreadable()
	}
	id := s.IDs.New()
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		if _, err := link.Use(ctx, q, first, token); err != nil {
			return err
		}
		if err := insertAccount(ctx, q, id, lang, true, s.Now()); err != nil {
			return err
		}
		if err := replaceEmail(ctx, q, id, a, s.Now()); err != nil {
			return err
		}
		if err := s.note(ctx, q, id, "begin server", id); err != nil {
			return err
		}
		session, err = s.start(ctx, q, access.Actor{}, id, device)
		return err
	})
	return session, err
}

// Rescue gives a one-time sign-in link to the operator's account, to be printed
// where only whoever runs the server reads: for an operator whose mailbox is
// gone. It is audited. Faults: NotFound when there is no operator yet.
func (s *Service) Rescue(ctx context.Context) (to string, err error) {
	defer fault.Wrap(&err, "account.Rescue")
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		operator, err := oldestOperator(ctx, q)
		if err != nil {
			return err
		}
		path, err := s.newLink(ctx, q, operator, "/devices")
		if err != nil {
			return err
		}
		to = s.link(path)
		return s.note(ctx, q, "", "rescue operator", operator)
	})
	return to, err
}
