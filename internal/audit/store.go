package audit

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"commonweal/internal/db"
)

func insert(ctx context.Context, q db.Querier, n Noted) error {
	if err := db.Exec(ctx, q, `
		insert into audit (initiative_id, id, noted_at, account_id, person_id, organization_id, act, object_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		n.Initiative, n.ID, db.At(n.At), n.Account, n.Person, n.For, n.Act, n.Object); err != nil {
		return err
	}
	return db.Exec(ctx, q, `insert into audit_wait (initiative_id, audit_id) values ($1, $2)`, n.Initiative, n.ID)
}

func list(ctx context.Context, q db.Querier, where string, args ...any) ([]Noted, error) {
	return db.All(ctx, q, func(row db.Row) (n Noted, err error) {
		var at db.Stamp
		err = row.Scan(&n.Initiative, &n.ID, &at, &n.Account, &n.Person, &n.For, &n.Act, &n.Object)
		n.At = at.Time
		return n, err
	}, `select initiative_id, id, noted_at, account_id, person_id, organization_id, act, object_id from audit `+where, args...)
}

// unsealed is a note that waits, with the end of its chain.
type unsealed struct {
	note note
	end  seal
}

// waiting gives up to n notes to seal, in the order of the key, which is about
// that of time: any order will do, as long as it is kept from then on.
func waiting(ctx context.Context, q db.Querier, n int) ([]unsealed, error) {
	return db.All(ctx, q, func(row db.Row) (u unsealed, err error) {
		var end string
		err = row.Scan(&u.note.initiative, &u.note.id, &u.note.notedAt, &u.note.account, &u.note.person,
			&u.note.organization, &u.note.act, &u.note.object, &u.end.seq, &end)
		u.end.hash, _ = parseHash(end) // one that can't be read is Verify's to tell
		return u, err
	}, `select a.initiative_id, a.id, a.noted_at, a.account_id, a.person_id, a.organization_id, a.act, a.object_id,
			coalesce((select max(s.seq) from audit_seal s where s.initiative_id = w.initiative_id), 0),
			coalesce((select s.hash from audit_seal s where s.initiative_id = w.initiative_id order by s.seq desc limit 1), '')
		from audit_wait w join audit a on a.initiative_id = w.initiative_id and a.id = w.audit_id
		order by w.initiative_id, w.audit_id limit $1`, n)
}

func insertSeals(ctx context.Context, q db.Querier, seals []seal) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	args := []any{db.At(now)}
	values := make([]string, 0, len(seals))
	for _, s := range seals {
		n := len(args)
		values = append(values, fmt.Sprintf("($%d, $%d, $%d, $%d, $1)", n+1, n+2, n+3, n+4))
		args = append(args, s.initiative, s.seq, s.note, hex.EncodeToString(s.hash[:]))
	}
	return db.Exec(ctx, q, `insert into audit_seal (initiative_id, seq, audit_id, hash, sealed_at) values `+
		strings.Join(values, ", "), args...)
}

// stopWaiting takes from the queue what was sealed, up to the last.
func stopWaiting(ctx context.Context, q db.Querier, last seal) error {
	return db.Exec(ctx, q, `delete from audit_wait where (initiative_id, audit_id) <= ($1, $2) and exists (
		select 1 from audit_seal s where s.initiative_id = audit_wait.initiative_id and s.audit_id = audit_wait.audit_id)`,
		last.initiative, last.note)
}

func heads(ctx context.Context, q db.Querier) ([]Head, error) {
	return db.All(ctx, q, func(row db.Row) (h Head, err error) {
		err = row.Scan(&h.Initiative, &h.Seq, &h.Hash)
		return h, err
	}, `with ends as (select initiative_id, max(seq) as seq from audit_seal group by initiative_id)
		select s.initiative_id, s.seq, s.hash from audit_seal s
		join ends e on e.initiative_id = s.initiative_id and e.seq = s.seq order by s.initiative_id`)
}

func headOf(ctx context.Context, q db.Querier, initiative string) (Head, error) {
	return db.One(ctx, q, func(row db.Row) (h Head, err error) {
		err = row.Scan(&h.Initiative, &h.Seq, &h.Hash)
		return h, err
	}, `select initiative_id, seq, hash from audit_seal where initiative_id = $1 order by seq desc limit 1`, initiative)
}

// eachSeal gives every seal, chain by chain, without holding them all.
func eachSeal(ctx context.Context, q db.Querier, give func(sealed)) error {
	rows, err := q.QueryContext(ctx, `select s.initiative_id, s.seq, s.hash, s.audit_id, a.id is null,
			coalesce(a.noted_at, ''), coalesce(a.account_id, ''), coalesce(a.person_id, ''),
			coalesce(a.organization_id, ''), coalesce(a.act, ''), coalesce(a.object_id, '')
		from audit_seal s left join audit a on a.initiative_id = s.initiative_id and a.id = s.audit_id
		order by s.initiative_id, s.seq`)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err below says what went wrong
	for rows.Next() {
		var s sealed
		if err := rows.Scan(&s.head.Initiative, &s.head.Seq, &s.head.Hash, &s.id, &s.gone,
			&s.note.notedAt, &s.note.account, &s.note.person, &s.note.organization, &s.note.act, &s.note.object); err != nil {
			return err
		}
		s.note.initiative, s.note.id = s.head.Initiative, s.id
		give(s)
	}
	return rows.Err()
}

const notSealed = ` from audit a where not exists (
	select 1 from audit_seal s where s.initiative_id = a.initiative_id and s.audit_id = a.id)`

func countUnsealed(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, db.Value[int64], `select count(*)`+notSealed)
}

func strays(ctx context.Context, q db.Querier) ([]Break, error) {
	return db.All(ctx, q, func(row db.Row) (b Break, err error) {
		err = row.Scan(&b.Initiative, &b.Note)
		return b, err
	}, `select a.initiative_id, a.id`+notSealed+` and not exists (
		select 1 from audit_wait w where w.initiative_id = a.initiative_id and w.audit_id = a.id)
		order by a.initiative_id, a.id limit $1`, maxBreaks)
}
