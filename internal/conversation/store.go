package conversation

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/people"
)

// insertTalk counts a talk of which nothing is kept. Its id is random, so that
// it doesn't tell the hour.
func insertTalk(ctx context.Context, q db.Querier, initiative string, on db.Day, connector string) error {
	return db.Exec(ctx, q, `insert into talk_count (initiative_id, id, on_day, connector_id) values ($1, $2, $3, $4)`,
		initiative, rand.Text(), on, null(connector))
}

func insertConversation(ctx context.Context, q db.Querier, c Conversation, wording string) error {
	return db.Exec(ctx, q, `insert into conversation (initiative_id, id, asker_id, person_id, household_id, area_id, reader_id,
			channel, lang, held_on, recorded_at, consent, wording, care, next_help, next_advise, next_do, answer_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		c.Initiative, c.ID, null(c.Asker), null(c.Person), null(c.Household), null(c.Area), null(c.Reader),
		string(c.Channel), string(c.Lang), c.HeldOn, c.RecordedAt, string(c.Consent), wording, c.Care,
		c.NextHelp, c.NextAdvise, c.NextDo, c.AnswerBy)
}

func insertNeed(ctx context.Context, q db.Querier, initiative string, n Need) error {
	return db.Exec(ctx, q, `insert into need (initiative_id, id, conversation_id, text, delivery, urgent, visibility, step, step_text)
		values ($1, $2, $3, $4, $5, $6, $7, '', '')`,
		initiative, n.ID, n.Conversation, n.Text, n.Delivery, n.Urgent, string(n.Visibility))
}

func insertSupports(ctx context.Context, q db.Querier, initiative string, all []Support) error {
	if len(all) == 0 {
		return nil
	}
	var args []any
	for _, s := range all {
		args = append(args, initiative, s.ID, s.Conversation, string(s.Kind), s.Text, "", "")
	}
	return db.Exec(ctx, q, `insert into support (initiative_id, id, conversation_id, kind, text, step, step_text)
		values `+tuples(len(all), 7), args...)
}

func insertAdvice(ctx context.Context, q db.Querier, initiative string, a Advice) error {
	return db.Exec(ctx, q, `insert into advice (initiative_id, id, conversation_id, need_id, text, to_whom, answer, changed, would_help)
		values ($1, $2, $3, $4, $5, $6, '', '', false)`,
		initiative, a.ID, a.Conversation, null(a.Need), a.Text, a.To)
}

func insertReply(ctx context.Context, q db.Querier, initiative, conversation, address string, expires db.Day) error {
	return db.Exec(ctx, q, `insert into conversation_reply (initiative_id, conversation_id, address, expires_on) values ($1, $2, $3, $4)`,
		initiative, conversation, address, expires)
}

func insertReferral(ctx context.Context, q db.Querier, initiative string, r Referral) error {
	return db.Exec(ctx, q, `insert into referral (initiative_id, id, conversation_id, connector_id, name, note, expires_on)
		values ($1, $2, $3, $4, $5, $6, $7)`,
		initiative, r.ID, r.Conversation, null(r.Connector), r.Name, r.Note, r.ExpiresOn)
}

// person reads somebody who wasn't erased.
func person(ctx context.Context, q db.Querier, initiative, id string) (known, error) {
	return db.One(ctx, q, func(row db.Row) (p known, err error) {
		err = row.Scan(&p.id, &p.name, &p.area, &p.household, &p.connector, &p.age)
		return p, err
	}, `select id, name, coalesce(area_id, ''), coalesce(household_id, ''), coalesce(connector_id, ''), age
		from person where initiative_id = $1 and id = $2 and erased_at is null`, initiative, id)
}

func scanNamed(row db.Row) (n named, err error) {
	err = row.Scan(&n.id, &n.name)
	return n, err
}

// nameOf reads a person's name; an erased one has none left.
func nameOf(ctx context.Context, q db.Querier, initiative, id string) (named, error) {
	return db.One(ctx, q, scanNamed, `select id, name from person where initiative_id = $1 and id = $2`, initiative, id)
}

// connectorOfArea finds who knows the most households of an area and still
// holds conversations; nobody is the zero named.
func connectorOfArea(ctx context.Context, q db.Querier, initiative, area string) (named, error) {
	found, err := db.All(ctx, q, scanNamed, `select c.id, c.name from household h
		join person c on c.initiative_id = h.initiative_id and c.id = h.connector_id and c.erased_at is null
		where h.initiative_id = $1 and h.area_id = $2 and h.erased_at is null and exists (
			select 1 from membership m where m.initiative_id = c.initiative_id and m.person_id = c.id
				and m.kind in ('connector', 'steward') and m.ended_at is null)
		group by c.id, c.name order by count(*) desc, c.id limit 1`, initiative, area)
	if err != nil || len(found) == 0 {
		return named{}, err
	}
	return found[0], nil
}

func areaExists(ctx context.Context, q db.Querier, initiative, area string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int64], `select count(*) from area where initiative_id = $1 and id = $2`, initiative, area)
	return n > 0, err
}

func hasContact(ctx context.Context, q db.Querier, initiative string, c people.Contact) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int64], `select count(*) from contact
		where initiative_id = $1 and person_id = $2 and kind = $3 and value = $4`, initiative, c.Person, string(c.Kind), c.Value)
	return n > 0, err
}

// null is what an empty id is in the store.
func null(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// tuples are the placeholders of several rows: ($1, $2), ($3, $4).
func tuples(rows, width int) string {
	all := make([]string, rows)
	for r := range all {
		all[r] = "(" + marks(r*width+1, width) + ")"
	}
	return strings.Join(all, ", ")
}

// marks are n placeholders from the first: $3, $4.
func marks(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(all, ", ")
}

// withIDs puts ids after the arguments that come first.
func withIDs(ids []string, first ...any) []any {
	for _, id := range ids {
		first = append(first, id)
	}
	return first
}
