package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Session is one device that is signed in.
type Session struct {
	ID        string
	Device    string // "Firefox on Android", or what its owner called it
	CreatedAt db.Stamp
	SeenAt    db.Stamp
	This      bool // the device that asks

	account   string
	provedAt  db.Stamp
	expiresAt db.Stamp
}

// over says whether a session has ended. One that seems to come from the
// future is over as well: the clock was set back, and how long the session has
// really lasted can't be known any more.
func (s Session) over(now time.Time) bool {
	return !now.Before(s.expiresAt.Time) ||
		!now.Before(s.SeenAt.Add(idle)) ||
		now.Before(s.SeenAt.Add(-clockSlack))
}

// newToken gives 256 random bits as text. crypto/rand never fails.
func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// start opens a session for an account and closes the one that the same
// browser had, so that a token never outlives a sign-in: whoever planted or
// copied the old one is left with nothing.
func (s *Service) start(ctx context.Context, q db.Querier, who access.Actor, account, device string) (token string, err error) {
	if who.Session != "" {
		if err := endSession(ctx, q, who.Account, who.Session); err != nil {
			return "", err
		}
	}
	token, now := newToken(), s.Now()
	return token, insertSession(ctx, q, hashed(token), Session{
		ID: s.IDs.New(), account: account, Device: trimmed(device, longestName),
		CreatedAt: db.At(now), SeenAt: db.At(now), provedAt: db.At(now), expiresAt: db.At(now.Add(absolute)),
	})
}

// Actor is who stands behind a session token. An unknown, ended or expired
// token is a visitor, which is no error. What they may do is looked up each
// time, so that a permission taken away is gone with the next request.
func (s *Service) Actor(ctx context.Context, token string) (who access.Actor, err error) {
	defer fault.Wrap(&err, "account.Actor")
	if token == "" {
		return access.Actor{}, nil
	}
	session, err := sessionByToken(ctx, s.DB.Read(), hashed(token))
	if fault.Is(err, fault.NotFound) {
		return access.Actor{}, nil
	}
	if err != nil {
		return access.Actor{}, err
	}
	now := s.Now()
	if session.over(now) {
		// Ended for good: were the row to stay, a clock set back would revive it.
		return access.Actor{}, s.DB.Tx(ctx, func(q db.Querier) error {
			return endSession(ctx, q, session.account, session.ID)
		})
	}
	who, err = access.Of(ctx, s.DB.Read(), session.account)
	if fault.Is(err, fault.NotFound) { // the account ended between two statements
		return access.Actor{}, nil
	}
	if err != nil {
		return access.Actor{}, err
	}
	who.Session = session.ID
	if now.Sub(session.SeenAt.Time) < seenEvery {
		return who, nil
	}
	return who, s.DB.Tx(ctx, func(q db.Querier) error {
		return touchSession(ctx, q, session.ID, now)
	})
}

// Sessions are the devices on which the account is signed in, the latest used
// first. Any account may see its own.
func (s *Service) Sessions(ctx context.Context, who access.Actor) (all []Session, err error) {
	defer fault.Wrap(&err, "account.Sessions of %s", who.Account)
	if err := who.Require("", access.SignedIn); err != nil {
		return nil, err
	}
	listed, err := sessionsOf(ctx, s.DB.Read(), who.Account)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	for _, session := range listed {
		if session.over(now) {
			continue
		}
		session.This = session.ID == who.Session
		all = append(all, session)
	}
	return all, nil
}

// End signs one of the account's own devices out. Ending one that has ended
// already, or another's, does nothing.
func (s *Service) End(ctx context.Context, who access.Actor, id string) (err error) {
	defer fault.Wrap(&err, "account.End of %s", id)
	if err := who.Require("", access.SignedIn); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error { return endSession(ctx, q, who.Account, id) })
}

// EndAll signs every device of the account out, this one too.
func (s *Service) EndAll(ctx context.Context, who access.Actor) (err error) {
	defer fault.Wrap(&err, "account.EndAll of %s", who.Account)
	if err := who.Require("", access.SignedIn); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error { return endSessions(ctx, q, who.Account) })
}

// SignOut signs this device out.
func (s *Service) SignOut(ctx context.Context, who access.Actor) error {
	return s.End(ctx, who, who.Session)
}

// Call gives one of the account's own devices a name. Faults: NotFound.
func (s *Service) Call(ctx context.Context, who access.Actor, id, name string) (err error) {
	defer fault.Wrap(&err, "account.Call of %s", id)
	if err := who.Require("", access.SignedIn); err != nil {
		return err
	}
	name, err = checkName(name)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error { return nameSession(ctx, q, who.Account, id, name) })
}

// proved is nil when whoever asks has shown who they are within ten minutes:
// what changes how an account is entered asks for that. Faults: Forbidden
// "account.proof.old", whose remedy is to sign in again.
func (s *Service) proved(ctx context.Context, q db.Querier, who access.Actor) error {
	if err := who.Require("", access.SignedIn); err != nil {
		return err
	}
	at, err := provedAt(ctx, q, who.Account, who.Session)
	if err != nil {
		return err
	}
	if since := s.Now().Sub(at.Time); since >= 0 && since <= proofLife {
		return nil
	}
	ways, err := waysIn(ctx, q, who.Account)
	if err != nil {
		return err
	}
	if ways > 0 {
		return fault.New(fault.Forbidden, "account.proof.old")
	}
	return nil // they came by an invitation and have nothing yet to show it with
}

// IsProved says whether the account may change how it is entered, or has to
// show who it is first.
func (s *Service) IsProved(ctx context.Context, who access.Actor) (ok bool, err error) {
	defer fault.Wrap(&err, "account.IsProved of %s", who.Account)
	err = s.proved(ctx, s.DB.Read(), who)
	if fault.Is(err, fault.Forbidden) {
		return false, nil
	}
	return err == nil, err
}
