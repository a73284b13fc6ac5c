package account

import (
	"context"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// accountOf is the account of a person, or "".
func accountOf(ctx context.Context, q db.Querier, initiative, person string) (string, error) {
	account, err := db.One(ctx, q, db.Value[string], `select account_id from account_person
		where initiative_id = $1 and person_id = $2`, initiative, person)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return account, err
}

// insertPerson makes an account a person. A person who has an account, or an
// account that is a person there, is a Conflict.
func insertPerson(ctx context.Context, q db.Querier, initiative, person, account string, at time.Time) error {
	n, err := db.Changed(ctx, q, `insert into account_person (initiative_id, person_id, account_id, claimed_at)
		select $1, $2, $3, $4 where not exists (select 1 from account_person
			where initiative_id = $1 and (person_id = $2 or account_id = $3))`, initiative, person, account, db.At(at))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "account.claim.another")
	}
	return err
}

func deletePerson(ctx context.Context, q db.Querier, initiative, person string) (int64, error) {
	return db.Changed(ctx, q, `delete from account_person where initiative_id = $1 and person_id = $2`, initiative, person)
}

func insertInvitation(ctx context.Context, q db.Querier, inv Invitation, at time.Time) error {
	return db.Exec(ctx, q, `insert into invitation (initiative_id, id, person_id, kind, given_by, given_at)
		values ($1, $2, $3, $4, $5, $6)`, inv.Initiative, inv.id, inv.Person, string(inv.Kind), inv.By, db.At(at))
}

// openInvitation is an invitation that nobody has taken up.
func openInvitation(ctx context.Context, q db.Querier, initiative, id string) (Invitation, error) {
	return db.One(ctx, q, func(row db.Row) (inv Invitation, err error) {
		err = row.Scan(&inv.Initiative, &inv.id, &inv.Person, &inv.Kind, &inv.By)
		return inv, err
	}, `select initiative_id, id, person_id, kind, given_by from invitation
		where initiative_id = $1 and id = $2 and claimed_at is null`, initiative, id)
}

func closeInvitations(ctx context.Context, q db.Querier, initiative, person string, at time.Time) error {
	return db.Exec(ctx, q, `update invitation set claimed_at = $3
		where initiative_id = $1 and person_id = $2 and claimed_at is null`, initiative, person, db.At(at))
}

// voidInvitations closes those of one kind.
func voidInvitations(ctx context.Context, q db.Querier, initiative, person string, kind access.Kind, at time.Time) error {
	return db.Exec(ctx, q, `update invitation set claimed_at = $4
		where initiative_id = $1 and person_id = $2 and kind = $3 and claimed_at is null`, initiative, person, string(kind), db.At(at))
}

// isNeeded says whether an account is a person anywhere, or runs the server.
func isNeeded(ctx context.Context, q db.Querier, account string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int], `select (select count(initiative_id) from account_person where account_id = $1)
		+ (select count(*) from account where id = $1 and operator)`, account)
	return n > 0, err
}

// endAccount leaves nothing of an account but its id and its dates.
func endAccount(ctx context.Context, q db.Querier, account string, at time.Time) error {
	for _, statement := range [...]string{
		`delete from sign_in_ask where address_hash in (select address_hash from account_email where account_id = $1)`,
		`delete from account_email where account_id = $1`,
		`delete from account_email_wish where account_id = $1`,
		`delete from passkey where account_id = $1`,
		`delete from passkey_challenge where account_id = $1`,
		`delete from session where account_id = $1`,
	} {
		if err := db.Exec(ctx, q, statement, account); err != nil {
			return err
		}
	}
	return db.Exec(ctx, q, `update account set ended_at = $2 where id = $1`, account, db.At(at))
}
