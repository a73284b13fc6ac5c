package account

import (
	"context"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

func insertAccount(ctx context.Context, q db.Querier, id string, lang i18n.Lang, operator bool, at time.Time) error {
	return db.Exec(ctx, q, `insert into account (id, lang, operator, created_at) values ($1, $2, $3, $4)`,
		id, string(lang), operator, db.At(at))
}

// anyAccount says whether somebody has ever signed in to this server.
func anyAccount(ctx context.Context, q db.Querier) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int], `select count(*) from (select id from account limit 1) one`)
	return n > 0, err
}

func scanEmail(row db.Row) (e Email, err error) {
	err = row.Scan(&e.account, &e.Address, &e.ConfirmedAt)
	return e, err
}

func emailByHash(ctx context.Context, q db.Querier, hash string) (Email, error) {
	return db.One(ctx, q, scanEmail, `select e.account_id, e.address, e.confirmed_at
		from account_email e join account a on a.id = e.account_id
		where e.address_hash = $1 and a.ended_at is null`, hash)
}

func emailsOf(ctx context.Context, q db.Querier, account string) ([]Email, error) {
	return db.All(ctx, q, scanEmail, `select account_id, address, confirmed_at from account_email
		where account_id = $1 order by confirmed_at, address_hash`, account)
}

// replaceEmail makes the address the account's only one. Another account's
// address is a Conflict.
func replaceEmail(ctx context.Context, q db.Querier, account string, a Address, at time.Time) error {
	n, err := db.Changed(ctx, q, `insert into account_email (address_hash, account_id, address, confirmed_at)
		values ($1, $2, $3, $4)
		on conflict (address_hash) do update set address = excluded.address, confirmed_at = excluded.confirmed_at
		where account_email.account_id = excluded.account_id`, a.hash, account, a.text, db.At(at))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "account.email.taken")
	}
	return db.Exec(ctx, q, `delete from account_email where account_id = $1 and address_hash <> $2`, account, a.hash)
}

const sessionColumns = `id, account_id, device, created_at, seen_at, proved_at, expires_at`

func scanSession(row db.Row) (s Session, err error) {
	err = row.Scan(&s.ID, &s.account, &s.Device, &s.CreatedAt, &s.SeenAt, &s.provedAt, &s.expiresAt)
	return s, err
}

func insertSession(ctx context.Context, q db.Querier, tokenHash string, s Session) error {
	return db.Exec(ctx, q, `insert into session (token_hash, `+sessionColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tokenHash, s.ID, s.account, s.Device, s.CreatedAt, s.SeenAt, s.provedAt, s.expiresAt)
}

func sessionByToken(ctx context.Context, q db.Querier, tokenHash string) (Session, error) {
	return db.One(ctx, q, scanSession, `select `+sessionColumns+` from session where token_hash = $1`, tokenHash)
}

func sessionsOf(ctx context.Context, q db.Querier, account string) ([]Session, error) {
	return db.All(ctx, q, scanSession, `select `+sessionColumns+` from session
		where account_id = $1 order by seen_at desc, id`, account)
}

func touchSession(ctx context.Context, q db.Querier, id string, at time.Time) error {
	return db.Exec(ctx, q, `update session set seen_at = $2 where id = $1`, id, db.At(at))
}

func nameSession(ctx context.Context, q db.Querier, account, id, name string) error {
	return found(db.Changed(ctx, q, `update session set device = $3 where account_id = $1 and id = $2`, account, id, name))
}

func provedAt(ctx context.Context, q db.Querier, account, session string) (db.Stamp, error) {
	return db.One(ctx, q, db.Value[db.Stamp], `select proved_at from session where account_id = $1 and id = $2`, account, session)
}

func endSession(ctx context.Context, q db.Querier, account, id string) error {
	return db.Exec(ctx, q, `delete from session where account_id = $1 and id = $2`, account, id)
}

func endSessions(ctx context.Context, q db.Querier, account string) error {
	return db.Exec(ctx, q, `delete from session where account_id = $1`, account)
}

// found turns "no row changed" into NotFound.
func found(n int64, err error) error {
	if err == nil && n == 0 {
		return fault.ErrNotFound
	}
	return err
}

// noteAsk counts a request for a sign-in link unless the address has had its
// share since a moment, and says whether it did. Requests of the future were
// noted by a clock that has been set back.
func noteAsk(ctx context.Context, q db.Querier, id, addressHash string, at, since time.Time, most int) (bool, error) {
	n, err := db.Changed(ctx, q, `insert into sign_in_ask (id, address_hash, asked_at)
		select $1, $2, $3 where (select count(*) from sign_in_ask 
			where address_hash = $2 and asked_at > $4 and asked_at <= $3) < $5`,
		id, addressHash, db.At(at), db.At(since), most)
	return n > 0, err
}

// prune drops what no longer says anything.
func prune(ctx context.Context, q db.Querier, now time.Time) error {
	if err := db.Exec(ctx, q, `delete from sign_in_ask where asked_at <= $1`, db.At(now.Add(-askWindow))); err != nil {
		return err
	}
	if err := db.Exec(ctx, q, `delete from account_email_wish where asked_at <= $1`, db.At(now.Add(-wishLife))); err != nil {
		return err
	}
	if err := db.Exec(ctx, q, `delete from passkey_challenge where expires_at <= $1`, db.At(now)); err != nil {
		return err
	}
	return db.Exec(ctx, q, `delete from session where expires_at <= $1 or seen_at <= $2`, db.At(now), db.At(now.Add(-idle)))
}

// checkOpen is NotFound for an account that has ended.
func checkOpen(ctx context.Context, q db.Querier, account string) error {
	_, err := langOf(ctx, q, account)
	return err
}

func langOf(ctx context.Context, q db.Querier, account string) (i18n.Lang, error) {
	return db.One(ctx, q, db.Value[i18n.Lang], `select lang from account where id = $1 and ended_at is null`, account)
}

func oldestOperator(ctx context.Context, q db.Querier) (string, error) {
	return db.One(ctx, q, db.Value[string], `select id from account
		where operator and ended_at is null order by created_at, id limit 1`)
}

// forgetAsks gives an account's addresses their share of links back.
func forgetAsks(ctx context.Context, q db.Querier, account string) error {
	return db.Exec(ctx, q, `delete from sign_in_ask where address_hash in
		(select address_hash from account_email where account_id = $1)`, account)
}

func insertWish(ctx context.Context, q db.Querier, id, account string, a Address, at time.Time) error {
	return db.Exec(ctx, q, `insert into account_email_wish (id, account_id, address, asked_at)
		values ($1, $2, $3, $4)`, id, account, a.text, db.At(at))
}

func wish(ctx context.Context, q db.Querier, id string) (Email, error) {
	return db.One(ctx, q, scanEmail, `select account_id, address, asked_at from account_email_wish where id = $1`, id)
}

func forgetWishes(ctx context.Context, q db.Querier, account string) error {
	return db.Exec(ctx, q, `delete from account_email_wish where account_id = $1`, account)
}
