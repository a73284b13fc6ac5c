package account

import (
	"context"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/link"
	"commonweal/internal/mail"
)

const confirm = "email" // kind of link; its subject is a wish

// wishLife is how long a link that confirms an address lasts: the mailbox may
// be on another device, at home.
const wishLife = 24 * time.Hour

// Email is an address that an account is reached at.
type Email struct {
	Address     string
	ConfirmedAt db.Stamp

	account string
}

// Emails are the account's own addresses; today there is one, or none.
func (s *Service) Emails(ctx context.Context, who access.Actor) (all []Email, err error) {
	defer fault.Wrap(&err, "account.Emails of %s", who.Account)
	if err := who.Require("", access.SignedIn); err != nil {
		return nil, err
	}
	return emailsOf(ctx, s.DB.Read(), who.Account)
}

// AskEmail has a link mailed to an address that the account wants to be reached
// at from now on. It answers the same whether another account has that address.
// Any account may, within ten minutes of showing who they are. Faults: Forbidden
// "account.proof.old"; Invalid at "email".
func (s *Service) AskEmail(ctx context.Context, who access.Actor, email string, lang i18n.Lang) (err error) {
	defer fault.Wrap(&err, "account.AskEmail of %s", who.Account)
	a, ok := ParseAddress(email)
	if !ok {
		return unreadable()
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if err := s.proved(ctx, q, who); err != nil {
			return err
		}
		return s.askEmail(ctx, q, who.Account, a, lang)
	})
}

// askEmail keeps a wish and mails its link. It counts as a request for a
// sign-in link does, so that nobody's mailbox can be flooded from here.
func (s *Service) askEmail(ctx context.Context, q db.Querier, account string, a Address, lang i18n.Lang) error {
	id, now := s.IDs.New(), s.Now()
	room, err := noteAsk(ctx, q, id, a.hash, now, now.Add(-askWindow), mostAsks)
	if err != nil || !room {
		return err
	}
	if err := insertWish(ctx, q, id, account, a, now); err != nil {
		return err
	}
	token, err := link.New(ctx, q, link.Link{Kind: confirm, Subject: id, Expires: now.Add(wishLife)})
	if err != nil {
		return err
	}
	return mail.Send(ctx, q, mail.Message{
		Person: account, To: a.text, Lang: lang, Subject: subject,
		Lines: []fault.Message{{Key: "account.mail.confirm.why"}, {Key: "account.mail.confirm.until"}},
		Link:  s.link("/email/" + token), Unique: id,
	})
}

// LookEmail says which address a link confirms. It changes nothing. Faults:
// NotFound "link.gone".
func (s *Service) LookEmail(ctx context.Context, token string) (address string, err error) {
	defer fault.Wrap(&err, "account.LookEmail")
	l, err := link.Look(ctx, s.DB.Read(), confirm, token)
	if err != nil {
		return "", err
	}
	w, err := wish(ctx, s.DB.Read(), l.Subject)
	return w.Address, gone(err)
}

// ConfirmEmail makes the address of a link the account's only one, and tells
// the address before it. Only a POST may call it. Faults: NotFound "link.gone";
// Conflict "account.email.taken", which only who reads that mailbox can see.
func (s *Service) ConfirmEmail(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "account.ConfirmEmail")
	return s.DB.Tx(ctx, func(q db.Querier) error {
		l, err := link.Use(ctx, q, confirm, token)
		if err != nil {
			return err
		}
		w, err := wish(ctx, q, l.Subject)
		if err != nil {
			return gone(err)
		}
		before, err := emailsOf(ctx, q, w.account)
		if err != nil {
			return err
		}
		a, _ := ParseAddress(w.Address)
		if err := replaceEmail(ctx, q, w.account, a, s.Now()); err != nil {
			return err
		}
		if err := forgetWishes(ctx, q, w.account); err != nil {
			return err
		}
		if err := s.tellOld(ctx, q, w.account, before, a); err != nil {
			return err
		}
		return s.note(ctx, q, w.account, "change e-mail", w.account)
	})
}

// tellOld tells the address that an account leaves, in case it was somebody
// else's doing.
func (s *Service) tellOld(ctx context.Context, q db.Querier, account string, before []Email, now Address) error {
	if len(before) == 0 || folded(before[0].Address) == folded(now.text) {
		return nil
	}
	lang, err := langOf(ctx, q, account)
	if err != nil {
		return err
	}
	return mail.Send(ctx, q, mail.Message{
		Person: account, To: before[0].Address, Lang: lang, Subject: subject,
		Lines: []fault.Message{{Key: "account.mail.changed.what"}, {Key: "account.mail.changed.else"}},
	})
}

// gone is what people hear of a link whose matter is settled.
func gone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Because(err, fault.NotFound, "link.gone")
	}
	return err
}
