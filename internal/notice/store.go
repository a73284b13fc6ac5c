package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// way is how a notice was settled.
type way string

const (
	byMail     way = "mail"
	byHand     way = "hand"
	byMute     way = "muted"
	byNone     way = "none"
	byRestored way = "restored"
)

// atOnce is how many rows one statement adds.
const atOnce = 100

func insert(ctx context.Context, q db.Querier, all []Told) error {
	for some := range slices.Chunk(all, atOnce) {
		if err := insertSome(ctx, q, some); err != nil {
			return err
		}
	}
	return nil
}

// insertSome leaves out whom nobody knows any more, and settles at once what
// somebody doesn't want to hear.
func insertSome(ctx context.Context, q db.Querier, all []Told) error {
	const columns = 11
	var values []string
	var args []any
	for _, t := range all {
		now, id, err := db.Mark(q)
		if err != nil {
			return err
		}
		if t.At.IsZero() {
			t.At = now
		}
		text, err := json.Marshal(t.Line.Args)
		if err != nil {
			return err
		}
		values = append(values, "("+marks(len(args)+1, columns)+")")
		args = append(args, t.Initiative, id, t.Person, t.Matter.Kind, t.Matter.ID, t.Line.Key, string(text), t.Path, string(t.Lang), t.Unique, db.At(t.At))
	}
	return db.Exec(ctx, q, `
		with told (initiative_id, id, person_id, matter, matter_id, line, args, path, lang, unique_key, told_at)
			as (values `+strings.Join(values, ", ")+`)
		insert into notice (initiative_id, id, person_id, matter, matter_id, line, args, path, lang, unique_key, told_at, settled_at, way)
		select t.initiative_id, t.id, t.person_id, t.matter, t.matter_id, t.line, t.args, t.path, t.lang, t.unique_key, t.told_at,
			case when m.person_id is not null or c.channel = 'none' then t.told_at end,
			case when m.person_id is not null then 'muted' when c.channel = 'none' then 'none' else '' end
		from told t
		join person p on p.initiative_id = t.initiative_id and p.id = t.person_id
		left join notice_choice c on c.initiative_id = t.initiative_id and c.person_id = t.person_id
		left join notice_mute m on m.initiative_id = t.initiative_id and m.person_id = t.person_id
			and m.matter = t.matter and m.matter_id = t.matter_id
		where p.erased_at is null
		on conflict (initiative_id, person_id, unique_key) do nothing`, args...)
}

// marks are n parameters, the first of them $first.
func marks(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(all, ", ")
}

// with are the arguments of a statement whose last are ids.
func with(ids []string, args ...any) []any {
	for _, id := range ids {
		args = append(args, id)
	}
	return args
}

func forget(ctx context.Context, q db.Querier, initiative, kind string, ids []string) error {
	for some := range slices.Chunk(ids, atOnce) {
		in := ` where initiative_id = $1 and matter = $2 and matter_id in (` + marks(3, len(some)) + `)`
		if err := db.Exec(ctx, q, `delete from notice`+in, with(some, initiative, kind)...); err != nil {
			return err
		}
		if err := db.Exec(ctx, q, `delete from notice_mute`+in, with(some, initiative, kind)...); err != nil {
			return err
		}
	}
	return nil
}

// news goes with scanNews.
const news = `n.person_id, n.matter, n.matter_id, n.line, n.args, n.path, n.lang, n.told_at`

// someones is news with whose it is.
type someones struct {
	News
	person string
}

func scanNews(row db.Row, more ...any) (n someones, err error) {
	var args string
	var at db.Stamp
	into := []any{&n.person, &n.Kind, &n.ID, &n.Line.Key, &args, &n.Path, &n.Lang, &at}
	if err = row.Scan(append(into, more...)...); err != nil {
		return n, err
	}
	n.At = at.Time
	n.Line.Args, err = readArgs(args)
	return n, err
}

// readArgs reads the arguments of a sentence. A whole number is one again,
// since plurals ask for it.
func readArgs(text string) (i18n.Args, error) {
	var args i18n.Args
	if err := json.Unmarshal([]byte(text), &args); err != nil {
		return nil, fmt.Errorf("the arguments of a notice: %w", err)
	}
	for name, v := range args {
		if f, ok := v.(float64); ok && f == float64(int(f)) {
			args[name] = int(f)
		}
	}
	return args, nil
}

// newsOf reads what somebody was told, heard or not, the newest first.
func newsOf(ctx context.Context, q db.Querier, initiative, person string, limit int) ([]News, error) {
	return db.All(ctx, q, func(row db.Row) (News, error) {
		var count int
		var muted bool
		n, err := scanNews(row, &count, &muted)
		n.N, n.Muted = count, muted
		return n.News, err
	}, `select `+news+`, n.events, m.person_id is not null
		from (select one.*,
				count(*) over (partition by matter, matter_id) as events,
				row_number() over (partition by matter, matter_id order by told_at desc, id desc) as place
			from notice one where initiative_id = $1 and person_id = $2) n
		left join notice_mute m on m.initiative_id = n.initiative_id and m.person_id = n.person_id
			and m.matter = n.matter and m.matter_id = n.matter_id
		where n.initiative_id = $1 and n.place = 1
		order by n.told_at desc, n.id desc limit $3`, initiative, person, limit)
}

// waitingNews reads what some people haven't heard, by person, the newest
// first.
func waitingNews(ctx context.Context, q db.Querier, initiative string, people []string) (map[string][]News, error) {
	byPerson := map[string][]News{}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var count int
		n, err := scanNews(row, &count)
		n.N = count
		byPerson[n.person] = append(byPerson[n.person], n.News)
		return struct{}{}, err
	}, `select `+news+`, n.events
		from (select one.*,
				count(*) over (partition by person_id, matter, matter_id) as events,
				row_number() over (partition by person_id, matter, matter_id order by told_at desc, id desc) as place
			from notice one where initiative_id = $1 and settled_at is null and person_id in (`+marks(2, len(people))+`)) n
		where n.initiative_id = $1 and n.place = 1
		order by n.told_at desc, n.id desc`, with(people, initiative)...)
	return byPerson, err
}

func wasTold(ctx context.Context, q db.Querier, initiative, person string, m Matter) (bool, error) {
	return db.One(ctx, q, db.Value[bool], `select exists (select 1 from notice
		where initiative_id = $1 and person_id = $2 and matter = $3 and matter_id = $4)`, initiative, person, m.Kind, m.ID)
}

// told is one notice, for somebody's copy.
type told struct {
	News
	settled time.Time
	way     string
}

func toldTo(ctx context.Context, q db.Querier, initiative, person string) ([]told, error) {
	return db.All(ctx, q, func(row db.Row) (t told, err error) {
		var settled db.Stamp
		n, err := scanNews(row, &settled, &t.way, &t.Muted)
		muted := t.Muted
		t.News, t.settled = n.News, settled.Time
		t.Muted = muted
		return t, err
	}, `select `+news+`, n.settled_at, n.way, exists (select 1 from notice_mute m where m.initiative_id = n.initiative_id
			and m.person_id = n.person_id and m.matter = n.matter and m.matter_id = n.matter_id)
		from notice n where n.initiative_id = $1 and n.person_id = $2 order by n.told_at, n.id`, initiative, person)
}

func digestDays(ctx context.Context, q db.Querier, initiative, person string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `select on_date from notice_digest
		where initiative_id = $1 and person_id = $2 order by on_date`, initiative, person)
}

func erasePerson(ctx context.Context, q db.Querier, initiative, person string) error {
	for _, statement := range []string{
		`delete from notice where initiative_id = $1 and person_id = $2`,
		`delete from notice_choice where initiative_id = $1 and person_id = $2`,
		`delete from notice_mute where initiative_id = $1 and person_id = $2`,
		`delete from notice_digest where initiative_id = $1 and person_id = $2`,
	} {
		if err := db.Exec(ctx, q, statement, initiative, person); err != nil {
			return err
		}
	}
	return nil
}

// removeOld removes what was settled before a day, in every initiative.
func removeOld(ctx context.Context, q db.Querier, before time.Time) (int64, error) {
	n, err := db.Changed(ctx, q, `delete from notice where settled_at < $1`, db.At(before))
	if err != nil {
		return 0, err
	}
	// Old digests of every initiative.
	m, err := db.Changed(ctx, q, `delete from notice_digest where made_at < $1`, db.At(before))
	return n + m, err
}
