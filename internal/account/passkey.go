package account

import (
	"context"
	"encoding/json"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// challengeLife is how long somebody may take to look for their finger.
const challengeLife = 5 * time.Minute

// Passkey is a key on a phone or computer that signs its owner in.
type Passkey struct {
	ID        string // base64url, as browsers write it
	Name      string
	CreatedAt db.Stamp
	UsedAt    db.Stamp // zero until it was used

	account string
	kept    string // the JSON as it stands in the store
}

// Question is what a browser is asked about a passkey.
type Question struct {
	Token   string          // comes back with the answer, once
	Options json.RawMessage // as navigator.credentials wants them
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

// relyingParty is this server as WebAuthn sees it. A passkey alone opens the
// door, so it has to check its holder (finger, face, PIN), and has to be found
// without typing an address first.
func (s *Service) relyingParty() (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{
		RPID:                  s.host(),
		RPDisplayName:         s.host(),
		RPOrigins:             []string{strings.TrimSuffix(s.BaseURL, "/")},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: protocol.ResidentKeyRequired(),
			ResidentKey:        protocol.ResidentKeyRequirementRequired,
			UserVerification:   protocol.VerificationRequired,
		},
	})
}

// holder is an account as WebAuthn sees it; its handle is the account's id.
type holder struct {
	account, name string
	keys          []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.account) }
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// holder loads an account with its passkeys. Its name is what a phone shows in
// its list of keys: the address that links go to, else this server's name.
func (s *Service) holder(ctx context.Context, q db.Querier, account string) (holder, error) {
	h := holder{account: account, name: s.host()}
	kept, err := passkeysOf(ctx, q, account)
	if err != nil {
		return h, err
	}
	for _, k := range kept {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(k.kept), &c); err != nil {
			return h, err
		}
		h.keys = append(h.keys, c)
	}
	emails, err := emailsOf(ctx, q, account)
	if err == nil && len(emails) > 0 {
		h.name = emails[0].Address
	}
	return h, err
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
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		before, err := passkey(ctx, q, keyID(parsed.RawID))
		if err != nil {
			return refusedIfNone(err)
		}
		h, err := s.holder(ctx, q, before.account)
		if err != nil {
			return err
		}
		_, used, err := rp.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return h, nil }, state, parsed)
		if err != nil {
			return refused(err)
		}
		if used.Authenticator.CloneWarning { // its counter went back: somebody has a copy
			return fault.New(fault.Invalid, "account.passkey.refused")
		}
		after, err := json.Marshal(used)
		if err != nil {
			return err
		}
		if err := usePasskey(ctx, q, before, string(after), s.Now()); err != nil {
			return err
		}
		session, err = s.start(ctx, q, who, before.account, device)
		return err
	})
	return session, err
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

// ask keeps the state of a ceremony until its one answer comes.
func (s *Service) ask(ctx context.Context, account string, options any, state *webauthn.SessionData) (Question, error) {
	data, err := json.Marshal(state)
	if err != nil {
		return Question{}, err
	}
	shown, err := json.Marshal(options)
	if err != nil {
		return Question{}, err
	}
	ask := Question{Token: newToken(), Options: shown}
	return ask, s.DB.Tx(ctx, func(q db.Querier) error {
		return insertChallenge(ctx, q, hashed(ask.Token), account, string(data), s.Now())
	})
}

// asked uses up the question that a token stands for. It is a transaction of
// its own, so that an answer that is refused has spent its question. Whom it was
// put to is in the state, and checked with the answer.
func (s *Service) asked(ctx context.Context, token string) (state webauthn.SessionData, err error) {
	var c challenge
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		c, err = takeChallenge(ctx, q, hashed(token))
		return err
	})
	if err != nil {
		return state, refusedIfNone(err)
	}
	now := s.Now()
	if !now.Before(c.expiresAt.Time) || now.Before(c.madeAt.Add(-clockSlack)) {
		return state, fault.New(fault.Invalid, "account.passkey.refused")
	}
	return state, json.Unmarshal([]byte(c.data), &state)
}

// note writes down that an account changed how it is entered.
func (s *Service) note(ctx context.Context, q db.Querier, account, act, object string) error {
	return audit.Note(ctx, q, audit.Event{Account: account, Act: act, Object: object})
}

// refused is a passkey's answer that we don't take; why is for the log.
func refused(why error) error {
	return fault.Because(why, fault.Invalid, "account.passkey.refused")
}

// refusedIfNone is refused for what the store doesn't have. A store that failed
// stays what it is.
func refusedIfNone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return refused(err)
	}
	return err
}
