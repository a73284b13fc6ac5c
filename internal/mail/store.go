package mail

import (
	"context"
	"fmt"
	"strings"
	"time"

	"commonweal/internal/db"
)

// atOnce is how many messages one statement queues.
const atOnce = 100

// row is a message with what its row needs besides.
type row struct {
	Message
	id   string
	text text
	at   time.Time
}

// insert gives the messages that are new under their keys.
func insert(ctx context.Context, q db.Querier, rows []row) (isNew []Letter, err error) {
	args := []any{string(Queued)}
	var values []string
	for _, r := range rows {
		n := len(args)
		values = append(values, fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d, $1, '', $%d, $%d)",
			n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+8, n+9, n+10))
		args = append(args, r.Initiative, r.id, r.Person, r.To, string(r.Lang), r.text.subject, r.text.body, r.text.stop, r.Unique, db.At(r.at))
	}
	return db.All(ctx, q, scan, `
		insert into message (initiative_id, id, person_id, to_address, lang, subject, body, stop_url, status, problem, unique_key, written_at)
		values `+strings.Join(values, ", ")+`
		on conflict (initiative_id, unique_key) do nothing
		returning `+columns, args...)
}

func exists(ctx context.Context, q db.Querier, initiative, unique string) (bool, error) {
	return db.One(ctx, q, db.Value[bool], `select exists (select 1 from message where initiative_id = $1 and unique_key = $2)`,
		initiative, unique)
}

const columns = `initiative_id, id, person_id, to_address, lang, subject, body, stop_url, status, problem, written_at, settled_at`

func scan(row db.Row) (l Letter, err error) {
	var written, settled db.Stamp
	err = row.Scan(&l.Initiative, &l.ID, &l.Person, &l.To, &l.Lang, &l.Subject, &l.Body, &l.Stop, &l.Status, &l.Problem, &written, &settled)
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
			stop_url = case when $3 in ('sent', 'handed') then '' else stop_url end,
			to_address = case when $3 in ('sent', 'handed') then '' else to_address end
		where initiative_id = $1 and id = $2`, l.Initiative, l.ID, string(s), string(p), db.At(now))
}

func removePerson(ctx context.Context, q db.Querier, initiative, person string) error {
	return db.Exec(ctx, q, `delete from message where initiative_id = $1 and person_id = $2 and person_id <> ''`, initiative, person)
}

// holdQueued puts what waits into the outbox of every initiative.
func holdQueued(ctx context.Context, q db.Querier, at time.Time) (int64, error) {
	return db.Changed(ctx, q, `update message set status = $1, settled_at = $2 where status = $3`, string(Local), db.At(at), string(Queued))
}

// removeSettled removes old messages of every initiative.
func removeSettled(ctx context.Context, q db.Querier, before time.Time) (int64, error) {
	return db.Changed(ctx, q, `delete from message where settled_at < $1`, db.At(before))
}
