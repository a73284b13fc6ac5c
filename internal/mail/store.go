package mail

import (
	"context"
	"time"

	"commonweal/internal/db"
)

// insert says whether the message is new under its key.
func insert(ctx context.Context, q db.Querier, m Message, id string, t text, now time.Time) (bool, error) {
	n, err := db.Changed(ctx, q, `
		insert into message (initiative_id, id, person_id, to_address, lang, subject, body, status, problem, unique_key, written_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10)
		on conflict (initiative_id, unique_key) do nothing`,
		m.Initiative, id, m.Person, m.To, string(m.Lang), t.subject, t.body, string(Queued), m.Unique, db.At(now))
	return n > 0, err
}

func exists(ctx context.Context, q db.Querier, initiative, unique string) (bool, error) {
	return db.One(ctx, q, db.Value[bool], `select exists (select 1 from message where initiative_id = $1 and unique_key = $2)`,
		initiative, unique)
}

const columns = `initiative_id, id, person_id, to_address, lang, subject, body, status, problem, written_at, settled_at`

func scan(row db.Row) (l Letter, err error) {
	var written, settled db.Stamp
	err = row.Scan(&l.Initiative, &l.ID, &l.Person, &l.To, &l.Lang, &l.Subject, &l.Body, &l.Status, &l.Problem, &written, &settled)
	l.Written, l.Settled = written.Time, settled.Time
	return l, err
}

func get(ctx context.Context, q db.Querier, initiative, id string) (Letter, error) {
	return db.One(ctx, q, scan, `select `+columns+` from message where initiative_id = $1 and id = $2`, initiative, id)
}

func list(ctx context.Context, q db.Querier, where string, args ...any) ([]Letter, error) {
	return db.All(ctx, q, scan, `select `+columns+` from message `+where, args...)
}

func countWaiting(ctx context.Context, q db.Querier, initiative string) (int, error) {
	return db.One(ctx, q, db.Value[int], `select count(*) from message
		where initiative_id = $1 and status in ('local', 'failed')`, initiative)
}

// settle notes what became of a message. What was sent or handed over needs no
// text and no address here any more; what wasn't can still be passed on by hand.
func settle(ctx context.Context, q db.Querier, l Letter, s Status, p Problem) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	return db.Exec(ctx, q, `update message set status = $3, problem = $4, settled_at = $5,
			body = case when $3 in ('sent', 'handed') then '' else body end,
			to_address = case when $3 in ('sent', 'handed') then '' else to_address end
		where initiative_id = $1 and id = $2`, l.Initiative, l.ID, string(s), string(p), db.At(now))
}

func removePerson(ctx context.Context, q db.Querier, initiative, person string) error {
	return db.Exec(ctx, q, `delete from message where initiative_id = $1 and person_id = $2 and person_id <> ''`, initiative, person)
}

// removeSettled removes old messages of every initiative.
func removeSettled(ctx context.Context, q db.Querier, before time.Time) (int64, error) {
	return db.Changed(ctx, q, `delete from message where settled_at < $1`, db.At(before))
}
