package gift

import (
	"context"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/release"
)

// columns goes with scan, and wants gift as g.
const columns = `g.id, coalesce(g.person_id, ''), coalesce(g.conversation_id, ''), coalesce(g.term_id, ''),
	g.text, g.lang, g.kind, g.would_teach, g.want_to_learn, g.reach, g.times, g.langs,
	g.named_at, g.review_on, g.reminders, g.last_asked_at, g.first_used_at, g.hidden_at, g.erased_at`

func (g *Gift) fields() []any {
	return []any{
		&g.ID, &g.Person, &g.Conversation, &g.Term,
		&g.Text, &g.Lang, &g.Kind, &g.WouldTeach, &g.WantToLearn, &g.Reach, &g.Times, &g.Langs,
		&g.NamedAt, &g.ReviewOn, &g.Reminders, &g.LastAskedAt, &g.FirstUsedAt, &g.HiddenAt, &g.ErasedAt,
	}
}

func scan(row db.Row) (g Gift, err error) {
	err = row.Scan(g.fields()...)
	return g, err
}

// heldColumns goes with scanHeld, and wants gift as g, person as p and
// household as h, both joined from the left.
const heldColumns = columns + `,
	coalesce(p.id, ''), coalesce(p.name, ''), coalesce(h.code, ''), coalesce(p.area_id, ''), coalesce(p.connector_id, ''),
	p.paused_at is not null, ` + agreed

// agreed says whether a person p agreed to be asked.
const agreed = `exists (select 1 from consent c where c.initiative_id = p.initiative_id and c.person_id = p.id
	and c.purpose = 'asked' and c.withdrawn_at is null)`

// mayBeAsked holds of a person p whom neighbours may be pointed to: they agreed
// to it, don't want to be left alone just now, and aren't a child.
const mayBeAsked = `p.erased_at is null and p.paused_at is null and p.age <> 'under18' and ` + agreed

// seen holds of a gift g that isn't hidden or erased.
const seen = `g.hidden_at is null and g.erased_at is null`

// withHolder joins what heldColumns wants.
const withHolder = ` from gift g
	left join person p on p.initiative_id = g.initiative_id and p.id = g.person_id
	left join household h on h.initiative_id = p.initiative_id and h.id = p.household_id `

func scanHeld(row db.Row) (h Held, err error) {
	o := &h.Holder
	err = row.Scan(append(h.Gift.fields(), &o.Person, &o.Name, &o.Household, &o.Area, &o.Connector, &o.Paused, &o.MayBeAsked)...)
	o.MayBeAsked = o.MayBeAsked && !o.Paused
	return h, err
}

func insert(ctx context.Context, q db.Querier, initiative string, gifts []Gift) error {
	if len(gifts) == 0 {
		return nil
	}
	args := make([]any, 0, len(gifts)*17)
	for _, g := range gifts {
		args = append(args, initiative, g.ID, null(g.Person), null(g.Conversation), null(g.Term),
			g.Text, folded(g.Text), string(g.Lang), string(g.Kind), g.WouldTeach, g.WantToLearn,
			g.Reach, g.Times, g.Langs, g.NamedAt, g.ReviewOn, 0)
	}
	return db.Exec(ctx, q, `insert into gift (initiative_id, id, person_id, conversation_id, term_id,
			text, text_folded, lang, kind, would_teach, want_to_learn,
			reach, times, langs, named_at, review_on, reminders)
		values `+tuples(len(gifts), 17), args...)
}

func update(ctx context.Context, q db.Querier, initiative string, g Gift) error {
	return db.Exec(ctx, q, `update gift set term_id = $3, text = $4, text_folded = $5, lang = $6, kind = $7,
			would_teach = $8, want_to_learn = $9, reach = $10, times = $11, langs = $12,
			review_on = $13, reminders = 0, reminded_on = null, hidden_at = null
		where initiative_id = $1 and id = $2`,
		initiative, g.ID, null(g.Term), g.Text, folded(g.Text), string(g.Lang), string(g.Kind),
		g.WouldTeach, g.WantToLearn, g.Reach, g.Times, g.Langs, g.ReviewOn)
}

// get reads a gift that wasn't erased, with whoever holds it.
func get(ctx context.Context, q db.Querier, initiative, id string) (Held, error) {
	return db.One(ctx, q, scanHeld, `select `+heldColumns+withHolder+`
		where g.initiative_id = $1 and g.id = $2 and g.erased_at is null`, initiative, id)
}

// ofPerson reads what a person offered, newest first.
func ofPerson(ctx context.Context, q db.Querier, initiative, person string) ([]Gift, error) {
	return db.All(ctx, q, scan, `select `+columns+` from gift g
		where g.initiative_id = $1 and g.person_id = $2 and g.erased_at is null
		order by g.named_at desc, g.id`, initiative, person)
}

// saidIn reads what was offered in some conversations.
func saidIn(ctx context.Context, q db.Querier, initiative string, conversations []string) ([]Gift, error) {
	if len(conversations) == 0 {
		return nil, nil
	}
	return db.All(ctx, q, scan, `select `+columns+` from gift g
		where g.initiative_id = $1 and g.erased_at is null and g.conversation_id in (`+marks(2, len(conversations))+`)
		order by g.named_at, g.id`, withIDs(conversations, initiative)...)
}

// countByTerm counts for those who may see people: how many gifts, and of how
// many people as far as that is known.
func countByTerm(ctx context.Context, q db.Querier, initiative string) ([]TermCount, error) {
	return db.All(ctx, q, func(row db.Row) (c TermCount, err error) {
		err = row.Scan(&c.Term, &c.Gifts, &c.People)
		return c, err
	}, `select g.term_id, count(*), count(distinct coalesce(g.person_id, g.conversation_id, g.id))
		from gift g where g.initiative_id = $1 and g.term_id is not null and `+seen+`
		group by g.term_id order by 3 desc, g.term_id`, initiative)
}

// countForRelease counts people by what they share, the erased among them: one
// row of theirs a term was kept for it.
func countForRelease(ctx context.Context, q db.Querier, initiative string) ([]release.Cell, error) {
	return db.All(ctx, q, scanCell, `select g.term_id, count(distinct coalesce(g.person_id, g.conversation_id, g.id))
		from gift g where g.initiative_id = $1 and g.term_id is not null and g.hidden_at is null
		group by g.term_id order by g.term_id`, initiative)
}

func countGatherings(ctx context.Context, q db.Querier, initiative string) ([]release.Cell, error) {
	return db.All(ctx, q, scanCell, `select term_id, count(*) from gift_gathering
		where initiative_id = $1 group by term_id order by term_id`, initiative)
}

func scanCell(row db.Row) (c release.Cell, err error) {
	err = row.Scan(&c.Key, &c.N)
	return c, err
}

// byTerm reads gifts of a term by the name of who holds them, of everybody or
// of one connector's people, from after a gift on.
func byTerm(ctx context.Context, q db.Querier, initiative, term, connector, after string, limit int) ([]Held, error) {
	return db.All(ctx, q, scanHeld, `select `+heldColumns+withHolder+`
		where g.initiative_id = $1 and g.term_id = $2 and g.person_id is not null and `+seen+` and p.erased_at is null
			and ($3 = '' or p.connector_id = $3)
			and ($4 = '' or (p.name_folded, g.id) > (
				select p2.name_folded, g2.id from gift g2
				join person p2 on p2.initiative_id = g2.initiative_id and p2.id = g2.person_id
				where g2.initiative_id = $1 and g2.id = $4))
		order by p.name_folded, g.id limit $5`, initiative, term, connector, after, limit)
}

// searchSaid reads gifts whose own words contain every one of some words, and
// those that are kept under one of some terms.
func searchSaid(ctx context.Context, q db.Querier, initiative, connector string, words, terms []string, limit int) ([]Held, error) {
	args := []any{initiative, connector, limit}
	like := make([]string, 0, len(words))
	for _, w := range words {
		args = append(args, "% "+db.Like(w)+" %")
		like = append(like, `g.text_folded like `+marks(len(args), 1)+` escape '\'`)
	}
	where := ` and (` + strings.Join(like, " and ")
	if len(terms) > 0 {
		where += ` or g.term_id in (` + marks(len(args)+1, len(terms)) + `)`
		args = withIDs(terms, args...)
	}
	where += `)`
	return db.All(ctx, q, scanHeld, `select `+heldColumns+withHolder+`
		where g.initiative_id = $1 and g.person_id is not null and `+seen+` and p.erased_at is null
			and ($2 = '' or p.connector_id = $2)`+where+`
		order by p.name_folded, g.id limit $3`, args...)
}

// neverAsked reads the gifts of people that nobody has called on, oldest first.
func neverAsked(ctx context.Context, q db.Querier, initiative, connector string, before db.Stamp, limit int) ([]Held, error) {
	return db.All(ctx, q, scanHeld, `select `+heldColumns+withHolder+`
		where g.initiative_id = $1 and ($2 = '' or p.connector_id = $2) and `+seen+` and `+mayBeAsked+`
			and g.last_asked_at is null and g.first_used_at is null and g.named_at < $3
		order by g.named_at, g.id limit $4`, initiative, connector, before, limit)
}

// setAsked notes that somebody was asked for a gift.
func setAsked(ctx context.Context, q db.Querier, initiative string, ids []string, at db.Stamp) error {
	return inChunks(ids, func(some []string) error {
		return db.Exec(ctx, q, `update gift set last_asked_at = $2 where initiative_id = $1 and id in (`+marks(3, len(some))+`)`,
			withIDs(some, initiative, at)...)
	})
}

// setUsed notes that a gift was used, if it is the first time.
func setUsed(ctx context.Context, q db.Querier, initiative, id string, at db.Stamp) error {
	return db.Exec(ctx, q, `update gift set first_used_at = coalesce(first_used_at, $3), last_asked_at = coalesce(last_asked_at, $3)
		where initiative_id = $1 and id = $2`, initiative, id, at)
}

// withIDs puts ids after the arguments that come first.
func withIDs(ids []string, first ...any) []any {
	for _, id := range ids {
		first = append(first, id)
	}
	return first
}

// chunk is how many ids go into one statement.
const chunk = 500

// inChunks runs a statement over many ids, some hundreds at a time.
func inChunks(ids []string, run func(some []string) error) error {
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		if err := run(ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// connectorOf says who knows a person who wasn't erased, or "".
func connectorOf(ctx context.Context, q db.Querier, initiative, person string) (string, error) {
	return db.One(ctx, q, db.Value[string], `select coalesce(connector_id, '') from person
		where initiative_id = $1 and id = $2 and erased_at is null`, initiative, person)
}
