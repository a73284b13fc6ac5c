package account

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// challengeLife is how long somebody may take to look for their finger.
const challengeLife = 5 * time.Minute

// Question is what a browser is asked about a passkey.
type Question struct {
	Token   string          // comes back with the answer, once
	Options json.RawMessage // as navigator.credentials wants them
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
