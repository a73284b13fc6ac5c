package conversation

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/release"
)

// visits reads a connector's households, or everybody's, and when somebody
// there was last talked with.
func visits(ctx context.Context, q db.Querier, initiative, connector string) ([]Visit, error) {
	return db.All(ctx, q, func(row db.Row) (v Visit, err error) {
		err = row.Scan(&v.Household, &v.Code, &v.Area, &v.AreaName, &v.People, &v.Talks, &v.LastTalk)
		return v, err
	}, `select h.id, h.code, coalesce(h.area_id, ''), coalesce(a.name, ''),
			(select count(*) from person p where p.initiative_id = h.initiative_id and p.household_id = h.id and p.erased_at is null),
			count(c.id), max(c.held_on)
		from household h
		left join area a on a.initiative_id = h.initiative_id and a.id = h.area_id
		left join conversation c on c.initiative_id = h.initiative_id and c.household_id = h.id
		where h.initiative_id = $1 and ($2 = '' or h.connector_id = $2) and h.erased_at is null
		group by h.initiative_id, h.id, h.code, h.code_folded, h.area_id, a.name
		order by max(c.held_on) nulls first, h.code_folded, h.id limit $3`, initiative, connector, maxVisits)
}

// mine are the conversations that are a connector's to read: those with people
// they know, and those given to them of people whom nobody knows, or without a
// name.
const mine = `with mine as (
	select c.id, c.held_on, c.answer_by, c.person_id, c.household_id, p.name
	from person p
	join conversation c on c.initiative_id = p.initiative_id and c.person_id = p.id
	where p.initiative_id = $1 and p.connector_id = $2 and c.erased_at is null
	union all
	select c.id, c.held_on, c.answer_by, c.person_id, c.household_id, coalesce(p.name, '')
	from conversation c
	left join person p on p.initiative_id = c.initiative_id and p.id = c.person_id
	where c.initiative_id = $1 and c.reader_id = $2 and c.erased_at is null and p.connector_id is null
)`

// everyones are all conversations, for stewards.
const everyones = `with mine as (
	select c.id, c.held_on, c.answer_by, c.person_id, c.household_id, coalesce(p.name, '') as name
	from conversation c
	left join person p on p.initiative_id = c.initiative_id and p.id = c.person_id
	where c.initiative_id = $1 and c.erased_at is null and $2 = ''
)`

// waiting reads what wants an answer, without a word of it: what comes after
// one that was shown, or from the start when that has been answered since.
func waiting(ctx context.Context, q db.Querier, initiative, connector, after string, limit int) ([]Pending, error) {
	talks := mine
	if connector == "" {
		talks = everyones
	}
	return db.All(ctx, q, func(row db.Row) (w Pending, err error) {
		err = row.Scan(&w.What, &w.ID, &w.Conversation, &w.Urgent, &w.Passed, &w.Kind, &w.Person, &w.Name, &w.Household, &w.HeldOn, &w.AnswerBy)
		return w, err
	}, talks+`, open as (
			select 'need' as what, id, conversation_id, urgent, false as passed, '' as kind from need
			where initiative_id = $1 and step = '' and erased_at is null and visibility <> 'me'
			union all
			select 'support', id, conversation_id, false, false, kind from support
			where initiative_id = $1 and step = '' and erased_at is null
			union all
			select 'advice', id, conversation_id, false, need_id is not null, '' from advice
			where initiative_id = $1 and answered_at is null and erased_at is null
		),
		line as (
			select o.what, o.id, o.conversation_id, o.urgent, o.passed, o.kind,
				m.person_id, m.name, m.household_id, m.held_on, m.answer_by,
				case when o.urgent then '0 ' when o.passed then '2 ' else '1 ' end || m.answer_by || ' ' || m.id || ' ' || o.what || ' ' || o.id as place
			from mine m
			join open o on o.conversation_id = m.id
		)
		select l.what, l.id, l.conversation_id, l.urgent, l.passed, l.kind,
			coalesce(l.person_id, ''), l.name, coalesce(h.code, ''), l.held_on, l.answer_by
		from line l
		left join household h on h.initiative_id = $1 and h.id = l.household_id
		where l.place > coalesce((select max(place) from line where id = $3), '')
		order by l.place limit $4`, initiative, connector, after, limit)
}

// lastTalks reads when somebody of some households was last talked with.
func lastTalks(ctx context.Context, q db.Querier, initiative, connector string, households []string) (map[string]db.Day, error) {
	last := make(map[string]db.Day, len(households))
	if len(households) == 0 {
		return last, nil
	}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var id string
		var day db.Day
		err := row.Scan(&id, &day)
		last[id] = day
		return struct{}{}, err
	}, `select h.id, max(c.held_on) from household h
		join conversation c on c.initiative_id = h.initiative_id and c.household_id = h.id
		where h.initiative_id = $1 and ($2 = '' or h.connector_id = $2) and h.id in (`+marks(3, len(households))+`)
		group by h.id`, withIDs(households, initiative, connector)...)
	return last, err
}

// blocks reads how many homes of each area were asked: for a connector where
// they know households, for a steward everywhere. Talks without a household
// count as a home each.
func blocks(ctx context.Context, q db.Querier, initiative, connector string) ([]BlockAsked, error) {
	return db.All(ctx, q, func(row db.Row) (b BlockAsked, err error) {
		err = row.Scan(&b.Area, &b.Name, &b.Counted, &b.Homes, &b.Source, &b.CountedOn, &b.Asked)
		return b, err
	}, `select a.id, a.name, a.homes is not null, coalesce(a.homes, 0), a.homes_source, a.homes_on, count(distinct coalesce(c.household_id, c.id))
		from area a
		left join conversation c on c.initiative_id = a.initiative_id and c.area_id = a.id
		where a.initiative_id = $1 and a.kind <> 'venue' and ($2 = '' or a.id in (
			select h.area_id from household h where h.initiative_id = $1 and h.connector_id = $2 and h.erased_at is null))
		group by a.initiative_id, a.id, a.name, a.name_folded, a.homes, a.homes_source, a.homes_on
		having a.homes is not null or count(c.id) > 0
		order by a.name_folded, a.id`, initiative, connector)
}

// overdue reads on which days needs were said that wait for longer than was
// promised.
func overdue(ctx context.Context, q db.Querier, initiative string, today db.Day) ([]db.Day, error) {
	return db.All(ctx, q, db.Value[db.Day], `select c.held_on from need n
		join conversation c on c.initiative_id = n.initiative_id and c.id = n.conversation_id
		where n.initiative_id = $1 and n.step = '' and n.erased_at is null and n.visibility <> 'me' and c.answer_by < $2
		order by c.held_on, n.id`, initiative, today)
}

// shared reads needs that others may read, and nothing of who said them.
func shared(ctx context.Context, q db.Querier, initiative string, member bool) ([]Shared, error) {
	return db.All(ctx, q, func(row db.Row) (s Shared, err error) {
		err = row.Scan(&s.ID, &s.Text, &s.Delivery, &s.Lang, &s.HeldOn, &s.Answer.Step)
		return s, err
	}, `select n.id, n.text, n.delivery, c.lang, c.held_on, n.step from need n
		join conversation c on c.initiative_id = n.initiative_id and c.id = n.conversation_id
		where n.initiative_id = $1 and n.erased_at is null and (n.visibility = 'public' or $2 and n.visibility = 'initiative')
		order by c.held_on desc, n.id desc limit 50`, initiative, member)
}

// countForRelease counts conversations by area, the erased among them. Those
// that were held nowhere in particular have a line of their own.
func countForRelease(ctx context.Context, q db.Querier, initiative string) ([]release.Cell, error) {
	return db.All(ctx, q, func(row db.Row) (c release.Cell, err error) {
		err = row.Scan(&c.Key, &c.N)
		return c, err
	}, `select coalesce(area_id, '-'), count(*) from conversation
		where initiative_id = $1 group by area_id order by area_id nulls first`, initiative)
}

// placed reads the names of where and with whom a conversation was.
func placed(ctx context.Context, q db.Querier, c Conversation) (person, household, area string, err error) {
	err = q.QueryRowContext(ctx, `select
			coalesce((select name from person where initiative_id = $1 and id = $2), ''),
			coalesce((select code from household where initiative_id = $1 and id = $3), ''),
			coalesce((select name from area where initiative_id = $1 and id = $4), '')`,
		c.Initiative, c.Person, c.Household, c.Area).Scan(&person, &household, &area)
	return person, household, area, err
}
