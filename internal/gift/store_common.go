package gift

import (
	"context"
	"strings"

	"commonweal/internal/db"
)

// sharing holds of a gift g of a person p who may be asked, unless they were
// brought together with others for it.
const sharing = `g.initiative_id = $1 and g.term_id is not null and ` + seen + ` and ` + mayBeAsked + `
	and not exists (select 1 from gift_gathering_person gp
		join gift_gathering t on t.initiative_id = gp.initiative_id and t.id = gp.gathering_id
		where gp.initiative_id = g.initiative_id and gp.person_id = p.id and t.term_id = g.term_id)`

const fromSharing = ` from gift g
	join person p on p.initiative_id = g.initiative_id and p.id = g.person_id `

// shared is a term that several people share.
type shared struct {
	term   string
	n, own int // people in all, and those whom the actor knows
}

// sharedTerms counts who shares each term with somebody else, the most shared
// first: the terms of everybody, or those of one connector's people.
func sharedTerms(ctx context.Context, q db.Querier, initiative, connector string, limit int) ([]shared, error) {
	return db.All(ctx, q, func(row db.Row) (s shared, err error) {
		err = row.Scan(&s.term, &s.n, &s.own)
		return s, err
	}, `with term as (
			select g.term_id, count(distinct g.person_id) as n,
				count(distinct case when $2 = '' or p.connector_id = $2 then g.person_id end) as own`+fromSharing+`
			where `+sharing+` group by g.term_id
		)
		select term_id, n, own from term where n > 1 and own > 0
		order by n desc, term_id limit $3`, initiative, connector, limit)
}

// sharers reads who shares some terms, the first of each by name: of everybody,
// or of one connector's people.
func sharers(ctx context.Context, q db.Querier, initiative, connector string, terms []string, each int) (map[string][]Holder, error) {
	by := map[string][]Holder{}
	if len(terms) == 0 {
		return by, nil
	}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var term string
		h := Holder{MayBeAsked: true}
		err := row.Scan(&term, &h.Person, &h.Name, &h.Household, &h.Area, &h.Connector)
		by[term] = append(by[term], h)
		return struct{}{}, err
	}, `with sharer as (
			select g.term_id, p.id, row_number() over (partition by g.term_id order by p.name_folded, p.id) as place`+fromSharing+`
			where `+sharing+` and ($2 = '' or p.connector_id = $2) and g.term_id in (`+marks(4, len(terms))+`)
			group by g.term_id, p.name_folded, p.id
		)
		select s.term_id, p.id, p.name, coalesce(h.code, ''), coalesce(p.area_id, ''), coalesce(p.connector_id, '')
		from sharer s
		join person p on p.initiative_id = $1 and p.id = s.id
		left join household h on h.initiative_id = p.initiative_id and h.id = p.household_id
		where s.place <= $3
		order by s.term_id, s.place`, withIDs(terms, initiative, connector, each)...)
	return by, err
}

// everySharer is how many people one gathering can be of: far more than have
// room in one place.
const everySharer = 10000

// sharersOf reads everybody who shares one term and could be brought together.
func sharersOf(ctx context.Context, q db.Querier, initiative, term string) ([]Holder, error) {
	by, err := sharers(ctx, q, initiative, "", []string{term}, everySharer)
	return by[term], err
}

const gatheringColumns = `t.id, t.term_id, coalesce(t.by_person_id, ''), t.title, t.text, t.lang, t.people, t.made_at`

func scanGathering(row db.Row) (t Gathering, err error) {
	err = row.Scan(&t.ID, &t.Term, &t.By, &t.Title, &t.Text, &t.Lang, &t.People, &t.MadeAt)
	return t, err
}

func insertGathering(ctx context.Context, q db.Querier, initiative string, t Gathering, people []string) error {
	if err := db.Exec(ctx, q, `insert into gift_gathering (initiative_id, id, term_id, by_person_id, title, text, lang, people, made_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		initiative, t.ID, t.Term, null(t.By), t.Title, t.Text, string(t.Lang), t.People, t.MadeAt); err != nil {
		return err
	}
	return inChunks(people, func(some []string) error {
		args := make([]any, 0, len(some)*3)
		for _, p := range some {
			args = append(args, initiative, t.ID, p)
		}
		return db.Exec(ctx, q, `insert into gift_gathering_person (initiative_id, gathering_id, person_id) values `+tuples(len(some), 3), args...)
	})
}

// setAskedFor notes that people were asked for what they share.
func setAskedFor(ctx context.Context, q db.Querier, initiative, term string, people []string, at db.Stamp) error {
	return inChunks(people, func(some []string) error {
		return db.Exec(ctx, q, `update gift set last_asked_at = $2
			where initiative_id = $1 and term_id = $3 and erased_at is null and person_id in (`+marks(4, len(some))+`)`,
			withIDs(some, initiative, at, term)...)
	})
}

// invited reads the people of some gatherings, of everybody or of one
// connector.
func invited(ctx context.Context, q db.Querier, initiative, connector string, gatherings []string) (map[string][]Holder, error) {
	if len(gatherings) == 0 {
		return nil, nil
	}
	by := map[string][]Holder{}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var id string
		var h Holder
		err := row.Scan(&id, &h.Person, &h.Name, &h.Household, &h.Area, &h.Connector, &h.Paused, &h.MayBeAsked)
		h.MayBeAsked = h.MayBeAsked && !h.Paused
		by[id] = append(by[id], h)
		return struct{}{}, err
	}, `select gp.gathering_id, p.id, p.name, coalesce(h.code, ''), coalesce(p.area_id, ''), coalesce(p.connector_id, ''),
			p.paused_at is not null, `+agreed+`
		from gift_gathering_person gp
		join person p on p.initiative_id = gp.initiative_id and p.id = gp.person_id
		left join household h on h.initiative_id = p.initiative_id and h.id = p.household_id
		where gp.initiative_id = $1 and p.erased_at is null and ($2 = '' or p.connector_id = $2)
			and gp.gathering_id in (`+marks(3, len(gatherings))+`)
		order by p.name_folded, p.id`, withIDs(gatherings, initiative, connector)...)
	return by, err
}

// gatherings reads the latest that concern an actor: they drafted it, or one of
// their people is meant. Stewards see all. only narrows it to one, unless it is "".
func gatherings(ctx context.Context, q db.Querier, initiative, connector, only string, limit int) ([]Gathering, error) {
	return db.All(ctx, q, scanGathering, `select `+gatheringColumns+` from gift_gathering t
		where t.initiative_id = $1 and ($2 = '' or t.by_person_id = $2 or exists (
			select 1 from gift_gathering_person gp
			join person p on p.initiative_id = gp.initiative_id and p.id = gp.person_id
			where gp.initiative_id = t.initiative_id and gp.gathering_id = t.id and p.connector_id = $2))
			and ($4 = '' or t.id = $4)
		order by t.made_at desc, t.id desc limit $3`, initiative, connector, limit, only)
}

// helpful holds of a gift g and its person p who could help somebody else:
// they may be asked, and don't only want to learn it.
const helpful = seen + ` and ` + mayBeAsked + ` and (g.would_teach or not g.want_to_learn)`

// helpers reads gifts of some terms whose people may be asked, some of each
// term: never of the person who needs them. Of a term, whoever wasn't asked
// lately comes first, then whoever has waited longest.
func helpers(ctx context.Context, q db.Querier, initiative, connector, not string, terms []string, each int) ([]Held, error) {
	return db.All(ctx, q, scanHeld, `with best as (
			select g.id, row_number() over (partition by g.term_id
				order by g.last_asked_at nulls first, g.named_at, g.id) as place
			from gift g
			join person p on p.initiative_id = g.initiative_id and p.id = g.person_id
			where g.initiative_id = $1 and `+helpful+` and ($2 = '' or p.connector_id = $2) and g.person_id <> $3
				and g.term_id in (`+marks(5, len(terms))+`))
		select `+heldColumns+withHolder+`
		join best on best.id = g.id
		where g.initiative_id = $1 and best.place <= $4
		order by g.id`, withIDs(terms, initiative, connector, not, each)...)
}

// countOthers counts for each wish the people who could help and whom other
// connectors know.
func countOthers(ctx context.Context, q db.Querier, initiative, connector, not string, wishes []sought) ([]int, error) {
	counts, into := make([]int, len(wishes)), make([]any, len(wishes))
	columns, args := make([]string, len(wishes)), []any{initiative, connector, not}
	for i, w := range wishes {
		into[i] = &counts[i]
		columns[i] = `count(distinct case when g.term_id in (` + marks(len(args)+1, len(w.terms)) + `) then p.id end)`
		args = withIDs(w.terms, args...)
	}
	terms := termsOf(wishes)
	err := q.QueryRowContext(ctx, `select `+strings.Join(columns, ", ")+` from gift g
		join person p on p.initiative_id = g.initiative_id and p.id = g.person_id
		where g.initiative_id = $1 and `+helpful+` and p.connector_id is distinct from $2 and g.person_id <> $3
			and g.term_id in (`+marks(len(args)+1, len(terms))+`)`, withIDs(terms, args...)...).Scan(into...)
	return counts, err
}

// othersOf counts who shares a term beyond a connector's own people: people
// with a name, and gifts that were said without one.
func othersOf(ctx context.Context, q db.Querier, initiative, term, connector string) (people, unnamed int, err error) {
	err = q.QueryRowContext(ctx, `select
			count(distinct p.id) filter (where $3 <> '' and p.connector_id is distinct from $3),
			count(distinct coalesce(g.conversation_id, g.id)) filter (where g.person_id is null)
		from gift g
		left join person p on p.initiative_id = g.initiative_id and p.id = g.person_id and p.erased_at is null
		where g.initiative_id = $1 and g.term_id = $2 and `+seen, initiative, term, connector).Scan(&people, &unnamed)
	return people, unnamed, err
}
