package jobs

import (
	"context"
	"fmt"
	"strings"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// tick is the unique key of the one row of a kind that comes again and again.
const tick = "every"

// atOnce is how many jobs one statement adds.
const atOnce = 100

// row is a job with what its row needs besides.
type row struct {
	Job
	id, payload string
	at          time.Time
}

// insert adds jobs, or asks for those under their keys once more: after the
// run that is going on, or now if they were stuck.
func insert(ctx context.Context, q db.Querier, rows []row) error {
	var values []string
	var args []any
	for _, r := range rows {
		n := len(args)
		values = append(values, fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d, $%d, 0, 0, false, false, '', null, '', $%d)",
			n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+7))
		args = append(args, r.Initiative, r.id, r.Kind, r.payload, r.Unique, db.At(r.RunAt), db.At(r.at))
	}
	return db.Exec(ctx, q, `
		insert into job (initiative_id, id, kind, payload, unique_key, run_at, set_at, every_seconds,
			attempts, again, stuck, lease, leased_until, error, added_at)
		values `+strings.Join(values, ", ")+`
		on conflict (initiative_id, kind, unique_key) do update set
			again = job.lease <> '',
			stuck = false,
			attempts = case when job.stuck then 0 else job.attempts end,
			run_at = case when job.stuck then excluded.run_at else job.run_at end,
			set_at = case when job.stuck then excluded.set_at else job.set_at end
		where job.stuck or job.lease <> ''`, args...)
}

func insertTick(ctx context.Context, q db.Querier, id, kind string, seconds int64, now time.Time) error {
	return db.Exec(ctx, q, `
		insert into job (initiative_id, id, kind, payload, unique_key, run_at, set_at, every_seconds,
			attempts, again, stuck, lease, leased_until, error, added_at)
		values ('', $1, $2, 'null', $3, $4, $4, $5, 0, false, false, '', null, '', $4)
		on conflict (initiative_id, kind, unique_key) do update set
			every_seconds = excluded.every_seconds, run_at = excluded.run_at, set_at = excluded.set_at
		where job.every_seconds <> excluded.every_seconds`,
		id, kind, tick, db.At(now), seconds)
}

// ready is what a job must be to be taken, at $1, by the shift $2. A shift
// never takes what it already holds, even when a clock that jumped says that
// its lease has run out. The kinds begin at $first.
func ready(kinds, first int) string {
	marks := make([]string, kinds)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", first+i)
	}
	return `not stuck and run_at <= $1 and (leased_until is null or leased_until <= $1) and lease <> $2
		and kind in (` + strings.Join(marks, ", ") + `)`
}

// look counts what is ready, and the rows that were written by a clock that
// was ahead of ours by more than clocks usually differ.
func (s *shift) look(ctx context.Context, q db.Querier, now time.Time) (due, ahead int, err error) {
	args := append([]any{db.At(now), s.lease, db.At(now.Add(drift))}, s.kinds...)
	err = q.QueryRowContext(ctx, `select count(*) filter (where `+ready(len(s.kinds), 4)+`),
		count(*) filter (where set_at > $3) from job`, args...).Scan(&due, &ahead)
	return due, ahead, err
}

// claim takes up to n ready jobs under our lease. The outer condition repeats
// the inner one, or PostgreSQL could give a row to two who waited for it.
func (s *shift) claim(ctx context.Context, q db.Querier, n int, now time.Time) ([]Work, error) {
	condition := ready(len(s.kinds), 5)
	args := append([]any{db.At(now), s.lease, db.At(now.Add(leaseTime)), n}, s.kinds...)
	return db.All(ctx, q, s.scan, `
		update job set lease = $2, leased_until = $3, set_at = $1, attempts = attempts + 1, again = false
		where `+condition+` and (initiative_id, id) in (
			select initiative_id, id from job where `+condition+`
			order by run_at, id limit $4 `+s.DB.SkipLocked()+`)
		returning initiative_id, id, kind, payload, attempts, every_seconds, run_at`, args...)
}

func (s *shift) scan(row db.Row) (Work, error) {
	w := Work{lease: s.lease}
	var seconds int64
	var runAt db.Stamp
	err := row.Scan(&w.Initiative, &w.ID, &w.Kind, &w.payload, &w.Attempt, &seconds, &runAt)
	w.every, w.runAt = time.Duration(seconds)*time.Second, runAt.Time
	return w, err
}

// renew keeps what this shift holds from being taken by another.
func (s *shift) renew(ctx context.Context, q db.Querier, now time.Time) error {
	return db.Exec(ctx, q, `update job set leased_until = $1, set_at = $2 where lease = $3`,
		db.At(now.Add(leaseTime)), db.At(now), s.lease)
}

// settle notes that a job was done: its row goes, or waits for its next time.
// It says whether the lease was still ours.
func settle(ctx context.Context, q db.Querier, w Work, now time.Time) (bool, error) {
	if w.every == 0 {
		n, err := db.Changed(ctx, q, `delete from job where initiative_id = $1 and id = $2 and lease = $3 and not again`,
			w.Initiative, w.ID, w.lease)
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return put(ctx, q, w, outcome{runAt: w.next(now)}, now)
}

// outcome is what becomes of a job that isn't deleted.
type outcome struct {
	runAt    time.Time
	attempts int
	stuck    bool
	error    string
}

// put gives a job back, unless the lease isn't ours any more.
func put(ctx context.Context, q db.Querier, w Work, o outcome, now time.Time) (bool, error) {
	n, err := db.Changed(ctx, q, `
		update job set lease = '', leased_until = null, again = false, run_at = $4, set_at = $5, attempts = $6, stuck = $7, error = $8
		where initiative_id = $1 and id = $2 and lease = $3`,
		w.Initiative, w.ID, w.lease, db.At(o.runAt), db.At(now), o.attempts, o.stuck, o.error)
	return n > 0, err
}

// early is a row whose times were written by a clock that was ahead.
type early struct {
	initiative, id            string
	runAt, setAt, leasedUntil db.Stamp
}

// putRight moves the times of such rows back by as much as their clock was
// ahead, so that no job waits for a year that won't come soon.
func putRight(ctx context.Context, q db.Querier, now time.Time) error {
	rows, err := db.All(ctx, q, func(r db.Row) (e early, err error) {
		err = r.Scan(&e.initiative, &e.id, &e.runAt, &e.setAt, &e.leasedUntil)
		return e, err
	}, `select initiative_id, id, run_at, set_at, leased_until from job where set_at > $1 order by set_at limit 1000`,
		db.At(now.Add(drift)))
	if err != nil || len(rows) == 0 {
		return err
	}
	args := []any{db.At(now)}
	var values []string
	for _, e := range rows {
		ahead := e.setAt.Sub(now)
		if !e.leasedUntil.IsZero() {
			e.leasedUntil = db.At(e.leasedUntil.Add(-ahead))
		}
		n := len(args)
		values = append(values, fmt.Sprintf("($%d, $%d, $%d, $%d)", n+1, n+2, n+3, n+4))
		args = append(args, e.initiative, e.id, db.At(e.runAt.Add(-ahead)), e.leasedUntil)
	}
	return db.Exec(ctx, q, `
		with right_time (initiative_id, id, run_at, leased_until) as (values `+strings.Join(values, ", ")+`)
		update job set set_at = $1, run_at = r.run_at, leased_until = r.leased_until
		from right_time r where job.initiative_id = r.initiative_id and job.id = r.id`, args...)
}

func list(ctx context.Context, q db.Querier, initiative string, now time.Time) ([]Entry, error) {
	return db.All(ctx, q, func(row db.Row) (e Entry, err error) {
		var runAt, added, leasedUntil db.Stamp
		var stuck bool
		err = row.Scan(&e.ID, &e.Kind, &e.Attempts, &stuck, &runAt, &added, &leasedUntil, &e.Error)
		e.RunAt, e.Added = runAt.Time, added.Time
		switch {
		case stuck:
			e.State = Stuck
		case leasedUntil.After(now):
			e.State = Running
		case e.Attempts > 0:
			e.State = Failing
		default:
			e.State = Waiting
		}
		return e, err
	}, `select id, kind, attempts, stuck, run_at, added_at, leased_until, error from job
		where initiative_id = $1 order by stuck desc, run_at, id limit 200`, initiative)
}

func stuckIn(ctx context.Context, q db.Querier, initiative string) (int, error) {
	return db.One(ctx, q, db.Value[int], `select count(*) from job where initiative_id = $1 and stuck`, initiative)
}

func retry(ctx context.Context, q db.Querier, initiative, id string, now time.Time) error {
	n, err := db.Changed(ctx, q, `update job set stuck = false, attempts = 0, run_at = $3, set_at = $3
		where initiative_id = $1 and id = $2 and stuck`, initiative, id, db.At(now))
	if err == nil && n == 0 {
		return fault.ErrNotFound
	}
	return err
}

// stuckAnywhere looks over every initiative: upkeep, for whoever runs the server.
func stuckAnywhere(ctx context.Context, q db.Querier) (int, error) {
	// Upkeep over every initiative.
	return db.One(ctx, q, db.Value[int], `select count(*) from job where stuck`)
}
