package access

import (
	"context"
	"slices"

	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Of loads what an account may do on this server, in two statements. It asks
// for each request anew, so that what was taken away is gone at once. Faults:
// NotFound when there is no such account, or it has ended.
func Of(ctx context.Context, q db.Querier, account string) (who Actor, err error) {
	defer fault.Wrap(&err, "access.Of %s", account)
	held, err := db.All(ctx, q, func(row db.Row) (m Membership, err error) {
		err = row.Scan(&who.Operator, &m.Initiative, &m.Person, &m.Kind)
		return m, err
	}, `select a.operator, coalesce(m.initiative_id, ''), coalesce(m.person_id, ''), coalesce(m.kind, '')
		from account a
		left join account_person p on p.account_id = a.id
		left join membership m on m.initiative_id = p.initiative_id and m.person_id = p.person_id and m.ended_at is null
		where a.id = $1 and a.ended_at is null
		order by m.initiative_id nulls last, m.given_at, m.id`, account)
	if err != nil {
		return Actor{}, err
	}
	if len(held) == 0 {
		return Actor{}, fault.ErrNotFound
	}
	who.Account = account
	who.Memberships = slices.DeleteFunc(held, func(m Membership) bool { return m.Kind == "" })
	who.Grants, err = db.All(ctx, q, func(row db.Row) (g Grant, err error) {
		err = row.Scan(&g.Initiative, &g.Object, &g.Right)
		return g, err
	}, `select g.initiative_id, g.object, g.right_name
		from account_person p
		join access_grant g on g.initiative_id = p.initiative_id and g.person_id = p.person_id
		where p.account_id = $1 and g.ended_at is null
		order by g.initiative_id, g.given_at, g.id`, account)
	return who, err
}

// Give gives a person a membership, in the transaction of whoever has asked
// whether this may be; by is the account that gives it, or "" for the server's
// set-up. Giving what the person has already changes nothing.
func Give(ctx context.Context, q db.Querier, m Membership, by string) (err error) {
	defer fault.Wrap(&err, "access.Give %s in %s", m.Kind, m.Initiative)
	now, id, err := db.Mark(q)
	if err != nil {
		return err
	}
	n, err := db.Changed(ctx, q, `insert into membership (initiative_id, id, person_id, kind, given_by, given_at, ended_by)
		select $1, $2, $3, $4, $5, $6, '' where not exists (select 1 from membership
			where initiative_id = $1 and person_id = $3 and kind = $4 and ended_at is null)`,
		m.Initiative, id, m.Person, string(m.Kind), by, db.At(now))
	if err != nil || n == 0 {
		return err
	}
	return note(ctx, q, m.Initiative, by, "give "+string(m.Kind), m.Person)
}

// Remove ends a person's membership, with the next request they make; the row
// stays as history. Removing what the person doesn't have changes nothing.
func Remove(ctx context.Context, q db.Querier, m Membership, by string) (err error) {
	defer fault.Wrap(&err, "access.Remove %s in %s", m.Kind, m.Initiative)
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	n, err := db.Changed(ctx, q, `update membership set ended_at = $4, ended_by = $5
		where initiative_id = $1 and person_id = $2 and kind = $3 and ended_at is null`,
		m.Initiative, m.Person, string(m.Kind), db.At(now), by)
	if err != nil || n == 0 {
		return err
	}
	return note(ctx, q, m.Initiative, by, "remove "+string(m.Kind), m.Person)
}

// Entrust gives a person a right on one object, as Give gives a membership.
func Entrust(ctx context.Context, q db.Querier, person string, g Grant, by string) (err error) {
	defer fault.Wrap(&err, "access.Entrust %s in %s", g.Right, g.Initiative)
	now, id, err := db.Mark(q)
	if err != nil {
		return err
	}
	n, err := db.Changed(ctx, q, `insert into access_grant
			(initiative_id, id, person_id, object, right_name, given_by, given_at, ended_by)
		select $1, $2, $3, $4, $5, $6, $7, '' where not exists (select 1 from access_grant
			where initiative_id = $1 and person_id = $3 and object = $4 and right_name = $5 and ended_at is null)`,
		g.Initiative, id, person, g.Object, g.Right, by, db.At(now))
	if err != nil || n == 0 {
		return err
	}
	return note(ctx, q, g.Initiative, by, "entrust "+g.Right+" to "+person, g.Object)
}

// Withdraw ends a person's right on one object, as Remove ends a membership.
func Withdraw(ctx context.Context, q db.Querier, person string, g Grant, by string) (err error) {
	defer fault.Wrap(&err, "access.Withdraw %s in %s", g.Right, g.Initiative)
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	n, err := db.Changed(ctx, q, `update access_grant set ended_at = $5, ended_by = $6
		where initiative_id = $1 and person_id = $2 and object = $3 and right_name = $4 and ended_at is null`,
		g.Initiative, person, g.Object, g.Right, db.At(now), by)
	if err != nil || n == 0 {
		return err
	}
	return note(ctx, q, g.Initiative, by, "withdraw "+g.Right+" from "+person, g.Object)
}

func note(ctx context.Context, q db.Querier, initiative, by, act, object string) error {
	return audit.Note(ctx, q, audit.Event{Initiative: initiative, Account: by, Act: act, Object: object})
}

// Held is one membership as its history tells it.
type Held struct {
	Person  string
	Kind    Kind
	GivenBy string // account, or ""
	GivenAt db.Stamp
	EndedBy string
	EndedAt db.Stamp // zero while it holds
}

func scanHeld(row db.Row) (h Held, err error) {
	err = row.Scan(&h.Person, &h.Kind, &h.GivenBy, &h.GivenAt, &h.EndedBy, &h.EndedAt)
	return h, err
}

const heldColumns = `person_id, kind, given_by, given_at, ended_by, ended_at`

// With gives who has a kind of membership in an initiative, the longest first.
// Who may know is the caller's to ask.
func With(ctx context.Context, q db.Querier, initiative string, k Kind) (people []string, err error) {
	defer fault.Wrap(&err, "access.With %s in %s", k, initiative)
	return db.All(ctx, q, db.Value[string], `select person_id from membership
		where initiative_id = $1 and kind = $2 and ended_at is null order by given_at, id`, initiative, string(k))
}

// Holding gives every membership that holds in an initiative. Who may know is
// the caller's to ask.
func Holding(ctx context.Context, q db.Querier, initiative string) (all []Held, err error) {
	defer fault.Wrap(&err, "access.Holding in %s", initiative)
	return db.All(ctx, q, scanHeld, `select `+heldColumns+` from membership
		where initiative_id = $1 and ended_at is null order by kind, given_at, id`, initiative)
}

// History gives every membership that a person has or had. Who may know is the
// caller's to ask.
func History(ctx context.Context, q db.Querier, initiative, person string) (all []Held, err error) {
	defer fault.Wrap(&err, "access.History of %s in %s", person, initiative)
	return db.All(ctx, q, scanHeld, `select `+heldColumns+` from membership
		where initiative_id = $1 and person_id = $2 order by given_at, id`, initiative, person)
}

// entrusted gives every right on an object that a person has or had.
func entrusted(ctx context.Context, q db.Querier, initiative, person string) ([]exportedGrant, error) {
	return db.All(ctx, q, func(row db.Row) (g exportedGrant, err error) {
		var given, ended db.Stamp
		err = row.Scan(&g.Object, &g.Right, &given, &ended)
		g.GivenAt, g.EndedAt = given.Time, ended.Time
		return g, err
	}, `select object, right_name, given_at, ended_at from access_grant
		where initiative_id = $1 and person_id = $2 order by given_at, id`, initiative, person)
}

// endAll ends whatever a person still has in an initiative.
func endAll(ctx context.Context, q db.Querier, initiative, person string) error {
	at, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	now := db.At(at)
	if err := db.Exec(ctx, q, `update membership set ended_at = $3
		where initiative_id = $1 and person_id = $2 and ended_at is null`, initiative, person, now); err != nil {
		return err
	}
	return db.Exec(ctx, q, `update access_grant set ended_at = $3
		where initiative_id = $1 and person_id = $2 and ended_at is null`, initiative, person, now)
}
