package account

import (
	"context"
	"encoding/json"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Passkey is a key on a phone or computer that signs its owner in.
type Passkey struct {
	ID        string // base64url, as browsers write it
	Name      string
	CreatedAt db.Stamp
	UsedAt    db.Stamp // zero until it was used

	account string
	kept    string // the JSON as it stands in the store
}

// PasskeysWork says whether browsers would make passkeys for this server's
// address: it takes a name rather than a number, and HTTPS away from localhost.
func (s *Service) PasskeysWork() bool {
	u, err := url.Parse(s.BaseURL)
	if err != nil || s.host() == "" || net.ParseIP(s.host()) != nil {
		return false
	}
	return u.Scheme == "https" || s.host() == "localhost"
}

// BeginRegister asks this browser for a new passkey. Any account may, within
// ten minutes of showing who they are. Faults: Forbidden "account.proof.old".
func (s *Service) BeginRegister(ctx context.Context, who access.Actor) (ask Question, err error) {
	defer fault.Wrap(&err, "account.BeginRegister of %s", who.Account)
	if err := s.proved(ctx, s.DB.Read(), who); err != nil {
		return ask, err
	}
	rp, err := s.relyingParty()
	if err != nil {
		return ask, err
	}
	h, err := s.holder(ctx, s.DB.Read(), who.Account)
	if err != nil {
		return ask, err
	}
	options, state, err := rp.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return ask, err
	}
	return s.ask(ctx, who.Account, options, state)
}

// FinishRegister keeps the passkey that the browser made, under a name.
// Faults: Forbidden "account.proof.old"; Invalid at "name"; Invalid
// "account.passkey.refused" when the answer is late, spent or not to our
// question; Conflict "account.passkey.known".
func (s *Service) FinishRegister(ctx context.Context, who access.Actor, token, name string, answer []byte) (err error) {
	defer fault.Wrap(&err, "account.FinishRegister of %s", who.Account)
	if err := s.proved(ctx, s.DB.Read(), who); err != nil {
		return err
	}
	if name, err = checkName(name); err != nil {
		return err
	}
	state, err := s.asked(ctx, token)
	if err != nil {
		return err
	}
	rp, err := s.relyingParty()
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return refused(err)
	}
	made, err := rp.CreateCredential(holder{account: who.Account}, state, parsed)
	if err != nil {
		return refused(err)
	}
	kept, err := json.Marshal(made)
	if err != nil {
		return err
	}
	key := Passkey{ID: keyID(made.ID), Name: name, CreatedAt: db.At(s.Now()), account: who.Account, kept: string(kept)}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if err := insertPasskey(ctx, q, key); err != nil {
			return err
		}
		return s.note(ctx, q, who.Account, "add passkey", who.Account)
	})
}

// BeginLogin asks whoever is there for a passkey of this server.
func (s *Service) BeginLogin(ctx context.Context) (ask Question, err error) {
	defer fault.Wrap(&err, "account.BeginLogin")
	rp, err := s.relyingParty()
	if err != nil {
		return ask, err
	}
	options, state, err := rp.BeginDiscoverableLogin()
	if err != nil {
		return ask, err
	}
	return s.ask(ctx, "", options, state)
}

// FinishLogin signs in whoever holds the passkey that answered. Whoever was
// signed in on this browser is signed out. Faults: Invalid
// "account.passkey.refused".
func (s *Service) FinishLogin(ctx context.Context, who access.Actor, token, device string, answer []byte) (session string, err error) {
	defer fault.Wrap(&err, "account.FinishLogin")
	state, err := s.asked(ctx, token)
	if err != nil {
		return "", err
	}
	rp, err := s.relyingParty()
	if err != nil {
		return "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return "", refused(err)
	}
	copied := false
	var key Passkey
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		var used *webauthn.Credential
		if key, used, err = s.validate(ctx, q, rp, state, parsed); err != nil {
			return err
		}
		if copied = used.Authenticator.CloneWarning; copied { // its counter went back
			return fault.New(fault.Invalid, "account.passkey.refused")
		}
		if err := usePasskey(ctx, q, key, used, s.Now()); err != nil {
			return err
		}
		session, err = s.start(ctx, q, who, key.account, device)
		return err
	})
	if copied {
		s.Log.WarnContext(ctx, "refused a passkey: somebody has a copy of it", "account", key.account)
	}
	return session, err
}

// validate finds the passkey that answered, as it is kept and as it is after
// this use.
func (s *Service) validate(ctx context.Context, q db.Querier, rp *webauthn.WebAuthn, state webauthn.SessionData,
	parsed *protocol.ParsedCredentialAssertionData,
) (kept Passkey, used *webauthn.Credential, err error) {
	if kept, err = passkey(ctx, q, keyID(parsed.RawID)); err != nil {
		return kept, nil, refusedIfNone(err)
	}
	h, err := s.holder(ctx, q, kept.account)
	if err != nil {
		return kept, nil, err
	}
	_, used, err = rp.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return h, nil }, state, parsed)
	if err != nil {
		return kept, nil, refused(err)
	}
	return kept, used, nil
}

// Passkeys are the account's own, the newest first.
func (s *Service) Passkeys(ctx context.Context, who access.Actor) (all []Passkey, err error) {
	defer fault.Wrap(&err, "account.Passkeys of %s", who.Account)
	if err := who.Require("", access.SignedIn); err != nil {
		return nil, err
	}
	return passkeysOf(ctx, s.DB.Read(), who.Account)
}

// RenamePasskey calls one of the account's own passkeys something else.
// Faults: NotFound; Invalid at "name".
func (s *Service) RenamePasskey(ctx context.Context, who access.Actor, id, name string) (err error) {
	defer fault.Wrap(&err, "account.RenamePasskey of %s", who.Account)
	if err := who.Require("", access.SignedIn); err != nil {
		return err
	}
	if name, err = checkName(name); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error { return namePasskey(ctx, q, who.Account, id, name) })
}

// RemovePasskey forgets one of the account's own passkeys. Faults: Forbidden
// "account.proof.old"; NotFound; Conflict "account.passkey.last" when nothing
// else would open the account.
func (s *Service) RemovePasskey(ctx context.Context, who access.Actor, id string) (err error) {
	defer fault.Wrap(&err, "account.RemovePasskey of %s", who.Account)
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if err := s.proved(ctx, q, who); err != nil {
			return err
		}
		if err := deletePasskey(ctx, q, who.Account, id); err != nil {
			return err
		}
		left, err := waysIn(ctx, q, who.Account)
		if err != nil {
			return err
		}
		if left == 0 {
			return fault.New(fault.Conflict, "account.passkey.last")
		}
		return s.note(ctx, q, who.Account, "remove passkey", who.Account)
	})
}

// note writes down that an account changed how it is entered.
func (s *Service) note(ctx context.Context, q db.Querier, account, act, object string) error {
	return audit.Note(ctx, q, audit.Event{Account: account, Act: act, Object: object})
}
