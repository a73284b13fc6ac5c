package account

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

const passkeyColumns = `credential_id, account_id, credential, name, created_at, used_at`

func scanPasskey(row db.Row) (k Passkey, err error) {
	err = row.Scan(&k.ID, &k.account, &k.kept, &k.Name, &k.CreatedAt, &k.UsedAt)
	return k, err
}

func keyID(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func passkey(ctx context.Context, q db.Querier, id string) (Passkey, error) {
	return db.One(ctx, q, scanPasskey, `select `+passkeyColumns+` from passkey where credential_id = $1`, id)
}

func passkeysOf(ctx context.Context, q db.Querier, account string) ([]Passkey, error) {
	return db.All(ctx, q, scanPasskey, `select `+passkeyColumns+` from passkey
		where account_id = $1 order by created_at desc, credential_id`, account)
}

func insertPasskey(ctx context.Context, q db.Querier, k Passkey) error {
	n, err := db.Changed(ctx, q, `insert into passkey (`+passkeyColumns+`) values ($1, $2, $3, $4, $5, $6)
		on conflict (credential_id) do nothing`, k.ID, k.account, k.kept, k.Name, k.CreatedAt, k.UsedAt)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "account.passkey.known")
	}
	return err
}

// usePasskey keeps the new counter of a passkey, unless another sign-in has
// moved it since it was read.
func usePasskey(ctx context.Context, q db.Querier, before Passkey, after *webauthn.Credential, at time.Time) error {
	kept, err := json.Marshal(after)
	if err != nil {
		return err
	}
	n, err := db.Changed(ctx, q, `update passkey set credential = $3, used_at = $4
		where credential_id = $1 and credential = $2`, before.ID, before.kept, string(kept), db.At(at))
	if err == nil && n == 0 {
		return fault.New(fault.Invalid, "account.passkey.refused")
	}
	return err
}

func namePasskey(ctx context.Context, q db.Querier, account, id, name string) error {
	return found(db.Changed(ctx, q, `update passkey set name = $3 where account_id = $1 and credential_id = $2`, account, id, name))
}

func deletePasskey(ctx context.Context, q db.Querier, account, id string) error {
	return found(db.Changed(ctx, q, `delete from passkey where account_id = $1 and credential_id = $2`, account, id))
}

// waysIn counts the addresses and passkeys that open an account.
func waysIn(ctx context.Context, q db.Querier, account string) (int, error) {
	return db.One(ctx, q, db.Value[int], `select (select count(*) from account_email where account_id = $1)
		+ (select count(*) from passkey where account_id = $1)`, account)
}

// challenge is a passkey question that waits for its answer.
type challenge struct {
	data              string
	madeAt, expiresAt db.Stamp
}

func insertChallenge(ctx context.Context, q db.Querier, tokenHash, account, data string, at time.Time) error {
	return db.Exec(ctx, q, `insert into passkey_challenge (token_hash, account_id, data, made_at, expires_at)
		values ($1, $2, $3, $4, $5)`, tokenHash, account, data, db.At(at), db.At(at.Add(challengeLife)))
}

func takeChallenge(ctx context.Context, q db.Querier, tokenHash string) (challenge, error) {
	return db.One(ctx, q, func(row db.Row) (c challenge, err error) {
		err = row.Scan(&c.data, &c.madeAt, &c.expiresAt)
		return c, err
	}, `delete from passkey_challenge where token_hash = $1 returning data, made_at, expires_at`, tokenHash)
}
