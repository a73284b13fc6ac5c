package notice

import (
	"context"
	"strings"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/initiative"
)

// hearing reads how somebody who wasn't erased hears.
func hearing(ctx context.Context, q db.Querier, initiative, person string) (Hearing, error) {
	return db.One(ctx, q, func(row db.Row) (h Hearing, err error) {
		err = row.Scan(&h.Channel, &h.Rhythm, &h.Child, &h.Address)
		return h, err
	}, `select coalesce(c.channel, ''), coalesce(c.rhythm, 'daily'), p.age = 'under18', exists (select 1 from contact e
			where e.initiative_id = p.initiative_id and e.person_id = p.id and e.kind = 'email')
		from person p
		left join notice_choice c on c.initiative_id = p.initiative_id and c.person_id = p.id
		where p.initiative_id = $1 and p.id = $2 and p.erased_at is null`, initiative, person)
}

func upsertChoice(ctx context.Context, q db.Querier, initiative string, people []string, p Preferences, at db.Stamp) error {
	args := []any{initiative, string(p.Channel), string(p.Rhythm), at}
	return db.Exec(ctx, q, `insert into notice_choice (initiative_id, person_id, channel, rhythm, chosen_at)
		select initiative_id, id, $2, $3, $4 from person where initiative_id = $1 and id in (`+marks(len(args)+1, len(people))+`)
		on conflict (initiative_id, person_id) do update set
			channel = excluded.channel, rhythm = excluded.rhythm, chosen_at = excluded.chosen_at`, with(people, args...)...)
}

func insertMute(ctx context.Context, q db.Querier, initiative, person string, m Matter, at db.Stamp) error {
	return db.Exec(ctx, q, `insert into notice_mute (initiative_id, person_id, matter, matter_id, muted_at)
		values ($1, $2, $3, $4, $5) on conflict (initiative_id, person_id, matter, matter_id) do nothing`,
		initiative, person, m.Kind, m.ID, at)
}

func unmute(ctx context.Context, q db.Querier, initiative, person string, m Matter) error {
	return db.Exec(ctx, q, `delete from notice_mute
		where initiative_id = $1 and person_id = $2 and matter = $3 and matter_id = $4`, initiative, person, m.Kind, m.ID)
}

func settleMatter(ctx context.Context, q db.Querier, initiative, person string, m Matter, at db.Stamp) error {
	return db.Exec(ctx, q, `update notice set settled_at = $5, way = $6
		where initiative_id = $1 and person_id = $2 and matter = $3 and matter_id = $4 and settled_at is null`,
		initiative, person, m.Kind, m.ID, at, string(byMute))
}

// settlePeople settles all that some people haven't heard.
func settlePeople(ctx context.Context, q db.Querier, initiative string, people []string, by way, at db.Stamp) error {
	return db.Exec(ctx, q, `update notice set settled_at = $2, way = $3
		where initiative_id = $1 and settled_at is null and person_id in (`+marks(4, len(people))+`)`,
		with(people, initiative, at, string(by))...)
}

// settleThrough settles what somebody hasn't heard up to one notice, and says
// how much that was.
func settleThrough(ctx context.Context, q db.Querier, initiative, person, through string, at db.Stamp) (int64, error) {
	return db.Changed(ctx, q, `update notice set settled_at = $4, way = $5
		where initiative_id = $1 and person_id = $2 and settled_at is null and id <= $3`,
		initiative, person, through, at, string(byHand))
}

// initiativesWaiting looks for somebody who waits in every initiative.
func initiativesWaiting(ctx context.Context, q db.Querier) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `select i.id from initiative i
		where exists (select 1 from notice n where n.initiative_id = i.id and n.settled_at is null) order by i.id`)
}

// byMailOnly is who hears by mail, of person p with their choice c.
const byMailOnly = `p.age <> 'under18' and coalesce(c.channel, '') in ('', 'mail') and exists (
	select 1 from contact e where e.initiative_id = p.initiative_id and e.person_id = p.id and e.kind = 'email')`

// withChoice goes after a statement that names their ids w.person_id.
const withChoice = `
	join person p on p.initiative_id = $1 and p.id = w.person_id
	left join notice_choice c on c.initiative_id = p.initiative_id and c.person_id = p.id
	where p.erased_at is null and p.paused_at is null and `

// due reads some of those who are to be written to now. What was told by a
// clock that stood ahead doesn't wait for that day, and a digest of a day that
// hasn't come holds up nobody.
func due(ctx context.Context, q db.Querier, in initiative.Initiative, now time.Time) ([]reader, error) {
	today := in.Today(now)
	return db.All(ctx, q, func(row db.Row) (r reader, err error) {
		err = row.Scan(&r.person, &r.email, &r.langs)
		return r, err
	}, `with w as (
			select distinct person_id from notice
			where initiative_id = $1 and settled_at is null and (told_at <= $2 or told_at > $3))
		select p.id, (select min(e.value) from contact e
			where e.initiative_id = p.initiative_id and e.person_id = p.id and e.kind = 'email'), p.langs
		from w`+withChoice+byMailOnly+` and not exists (
			select 1 from notice_digest d where d.initiative_id = p.initiative_id and d.person_id = p.id
				and d.on_date <= $4 and d.on_date > case when c.rhythm = 'weekly' then $5 else $6 end)
		order by p.id limit $7`,
		in.ID, db.At(now.Add(-gather)), db.At(now.Add(drift)), today, today.Add(-daysOfWeek), today.Add(-daysOfDaily), batch)
}

// listening reads who has something to hear through a connector, of everybody
// or of one connector's, and how many they are in all. Whoever asks needs
// nobody to tell them.
func listening(ctx context.Context, q db.Querier, initiative, connector, self string, limit int) (all []listener, total int, err error) {
	all, err = db.All(ctx, q, func(row db.Row) (l listener, err error) {
		err = row.Scan(&l.person, &l.name, &l.langs, &l.child, &l.channel, &l.through, &total)
		return l, err
	}, `with w as (
			select person_id, min(told_at) as since, max(id) as through from notice
			where initiative_id = $1 and settled_at is null group by person_id)
		select p.id, p.name, p.langs, p.age = 'under18', coalesce(c.channel, ''), w.through, count(*) over ()
		from w`+withChoice+`not (`+byMailOnly+`) and ($2 = '' or p.connector_id = $2) and p.id <> $3
		order by w.since, p.id limit $4`, initiative, connector, self, limit)
	return all, total, err
}

// knows says whether somebody is a connector's to tell; a steward's, for "".
func knows(ctx context.Context, q db.Querier, initiative, connector, person string) (bool, error) {
	return db.One(ctx, q, db.Value[bool], `select exists (select 1 from person
		where initiative_id = $1 and id = $2 and erased_at is null and ($3 = '' or connector_id = $3))`, initiative, person, connector)
}

func insertDigests(ctx context.Context, q db.Querier, initiative string, people []string, on db.Day, at db.Stamp) error {
	values := make([]string, len(people))
	for i := range people {
		values[i] = "($1, " + marks(i+4, 1) + ", $2, $3)"
	}
	return db.Exec(ctx, q, `insert into notice_digest (initiative_id, person_id, on_date, made_at) values `+strings.Join(values, ", "),
		with(people, initiative, on, at)...)
}

// holdMail settles what waits to be mailed, in every initiative.
func holdMail(ctx context.Context, q db.Querier, at time.Time) (int64, error) {
	return db.Changed(ctx, q, `update notice set settled_at = $1, way = $2
		where settled_at is null and exists (select 1 from contact e
			where e.initiative_id = notice.initiative_id and e.person_id = notice.person_id and e.kind = 'email')`,
		db.At(at), string(byRestored))
}
