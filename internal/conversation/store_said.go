package conversation

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/gift"
)

// columns goes with scan, and wants conversation as c with its person p joined
// from the left. Whoever knows the person now is the one who reads.
const columns = `c.id, c.initiative_id, coalesce(c.asker_id, ''), coalesce(c.person_id, ''), coalesce(c.household_id, ''),
	coalesce(c.area_id, ''), coalesce(p.connector_id, c.reader_id, ''), c.channel, c.lang, c.held_on, c.recorded_at, c.consent,
	c.care, c.next_help, c.next_advise, c.next_do, c.answer_by, c.erased_at`

const fromConversation = ` from conversation c
	left join person p on p.initiative_id = c.initiative_id and p.id = c.person_id `

func scan(row db.Row) (c Conversation, err error) {
	err = row.Scan(&c.ID, &c.Initiative, &c.Asker, &c.Person, &c.Household,
		&c.Area, &c.Reader, &c.Channel, &c.Lang, &c.HeldOn, &c.RecordedAt, &c.Consent,
		&c.Care, &c.NextHelp, &c.NextAdvise, &c.NextDo, &c.AnswerBy, &c.ErasedAt)
	return c, err
}

// get reads a conversation that wasn't erased.
func get(ctx context.Context, q db.Querier, initiative, id string) (Conversation, error) {
	return db.One(ctx, q, scan, `select `+columns+fromConversation+`
		where c.initiative_id = $1 and c.id = $2 and c.erased_at is null`, initiative, id)
}

// of reads the conversation that a record was said in.
func of(ctx context.Context, q db.Querier, initiative string, w What, id string) (Conversation, error) {
	query, ok := conversationOf[w]
	if !ok {
		return Conversation{}, errWhat
	}
	return db.One(ctx, q, scan, query, initiative, id)
}

// conversationOf finds a conversation by one of its records that wasn't erased.
var conversationOf = map[What]string{
	WhatTalk: `select ` + columns + fromConversation + `
		where c.initiative_id = $1 and c.id = $2 and c.erased_at is null`,
	WhatNeed: `select ` + columns + fromConversation + `
		join need r on r.initiative_id = c.initiative_id and r.conversation_id = c.id
		where c.initiative_id = $1 and r.id = $2 and r.erased_at is null`,
	WhatSupport: `select ` + columns + fromConversation + `
		join support r on r.initiative_id = c.initiative_id and r.conversation_id = c.id
		where c.initiative_id = $1 and r.id = $2 and r.erased_at is null`,
	WhatAdvice: `select ` + columns + fromConversation + `
		join advice r on r.initiative_id = c.initiative_id and r.conversation_id = c.id
		where c.initiative_id = $1 and r.id = $2 and r.erased_at is null`,
	WhatGift: `select ` + columns + fromConversation + `
		join gift r on r.initiative_id = c.initiative_id and r.conversation_id = c.id
		where c.initiative_id = $1 and r.id = $2 and r.erased_at is null`,
}

// ofPerson reads a person's conversations, newest first.
func ofPerson(ctx context.Context, q db.Querier, initiative, person string) ([]Conversation, error) {
	return db.All(ctx, q, scan, `select `+columns+fromConversation+`
		where c.initiative_id = $1 and c.person_id = $2 and c.erased_at is null
		order by c.held_on desc, c.recorded_at desc, c.id`, initiative, person)
}

// withSaid reads everything that was said in some conversations: four
// statements, however many there are.
func withSaid(ctx context.Context, q db.Querier, initiative string, talks []Conversation) ([]Said, error) {
	if len(talks) == 0 {
		return nil, nil
	}
	all := make([]Said, len(talks))
	at := make(map[string]*Said, len(talks))
	ids := make([]string, len(talks))
	for i, c := range talks {
		all[i].Conversation = c
		at[c.ID] = &all[i]
		ids[i] = c.ID
	}
	needs, err := needsIn(ctx, q, initiative, ids)
	if err != nil {
		return nil, err
	}
	for _, n := range needs {
		at[n.Conversation].Needs = append(at[n.Conversation].Needs, n)
	}
	supports, err := supportsIn(ctx, q, initiative, ids)
	if err != nil {
		return nil, err
	}
	for _, s := range supports {
		at[s.Conversation].Supports = append(at[s.Conversation].Supports, s)
	}
	advice, err := adviceIn(ctx, q, initiative, ids)
	if err != nil {
		return nil, err
	}
	for _, a := range advice {
		at[a.Conversation].Advice = append(at[a.Conversation].Advice, a)
	}
	gifts, err := gift.SaidIn(ctx, q, initiative, ids)
	for _, g := range gifts {
		at[g.Conversation].Gifts = append(at[g.Conversation].Gifts, g)
	}
	return all, err
}

func needsIn(ctx context.Context, q db.Querier, initiative string, ids []string) ([]Need, error) {
	return db.All(ctx, q, func(row db.Row) (n Need, err error) {
		a := &n.Answer
		err = row.Scan(&n.ID, &n.Conversation, &n.Text, &n.Delivery, &n.Urgent, &n.Visibility,
			&a.Step, &a.Text, &a.Gift, &a.Service, &a.By, &a.At, &n.ThankedAt, &a.Spoken)
		return n, err
	}, `select id, conversation_id, text, delivery, urgent, visibility,
			step, step_text, coalesce(gift_id, ''), coalesce(service_id, ''), coalesce(answered_by, ''), answered_at, thanked_at,
			exists (select 1 from service s
				join spokesperson p on p.initiative_id = s.initiative_id and p.organization_id = s.organization_id and p.until_at is null
				where s.initiative_id = need.initiative_id and s.id = need.service_id)
		from need where initiative_id = $1 and erased_at is null and conversation_id in (`+marks(2, len(ids))+`)
		order by conversation_id, id`, withIDs(ids, initiative)...)
}

func supportsIn(ctx context.Context, q db.Querier, initiative string, ids []string) ([]Support, error) {
	return db.All(ctx, q, func(row db.Row) (s Support, err error) {
		a := &s.Answer
		err = row.Scan(&s.ID, &s.Conversation, &s.Kind, &s.Text, &a.Step, &a.Text, &a.Gift, &a.By, &a.At)
		return s, err
	}, `select id, conversation_id, kind, text, step, step_text, coalesce(gift_id, ''), coalesce(answered_by, ''), answered_at
		from support where initiative_id = $1 and erased_at is null and conversation_id in (`+marks(2, len(ids))+`)
		order by conversation_id, id`, withIDs(ids, initiative)...)
}

func adviceIn(ctx context.Context, q db.Querier, initiative string, ids []string) ([]Advice, error) {
	return db.All(ctx, q, func(row db.Row) (a Advice, err error) {
		err = row.Scan(&a.ID, &a.Conversation, &a.Need, &a.Text, &a.To,
			&a.Answer, &a.AnsweredBy, &a.AnsweredAt, &a.Changed, &a.ChangedAt, &a.WouldHelp)
		return a, err
	}, `select id, conversation_id, coalesce(need_id, ''), text, to_whom,
			answer, coalesce(answered_by, ''), answered_at, changed, changed_at, would_help
		from advice where initiative_id = $1 and erased_at is null and conversation_id in (`+marks(2, len(ids))+`)
		order by conversation_id, id`, withIDs(ids, initiative)...)
}

// updateNeed and the others change the words of a record of a conversation, and
// say whether there was one.
func updateNeed(ctx context.Context, q db.Querier, initiative, conversation string, c Change) (int64, error) {
	return db.Changed(ctx, q, `update need set text = $4, delivery = $5, urgent = $6, visibility = $7
		where initiative_id = $1 and conversation_id = $2 and id = $3 and erased_at is null`,
		initiative, conversation, c.ID, c.Text, c.Delivery, c.Urgent, string(c.Visibility))
}

func updateSupport(ctx context.Context, q db.Querier, initiative, conversation string, c Change) (int64, error) {
	return db.Changed(ctx, q, `update support set text = $4
		where initiative_id = $1 and conversation_id = $2 and id = $3 and erased_at is null and kind = 'something'`,
		initiative, conversation, c.ID, c.Text)
}

func updateAdvice(ctx context.Context, q db.Querier, initiative, conversation string, c Change) (int64, error) {
	return db.Changed(ctx, q, `update advice set text = $4, to_whom = $5
		where initiative_id = $1 and conversation_id = $2 and id = $3 and erased_at is null`,
		initiative, conversation, c.ID, c.Text, c.To)
}

func updateCare(ctx context.Context, q db.Querier, initiative, conversation, text string) (int64, error) {
	return db.Changed(ctx, q, `update conversation set care = $3
		where initiative_id = $1 and id = $2 and erased_at is null`, initiative, conversation, text)
}

func setThanked(ctx context.Context, q db.Querier, initiative, conversation, need string, at db.Stamp) (int64, error) {
	return db.Changed(ctx, q, `update need set thanked_at = coalesce(thanked_at, $4)
		where initiative_id = $1 and conversation_id = $2 and id = $3 and erased_at is null and step <> ''`,
		initiative, conversation, need, at)
}

func setWouldHelp(ctx context.Context, q db.Querier, initiative, conversation, advice string, yes bool) (int64, error) {
	return db.Changed(ctx, q, `update advice set would_help = $4
		where initiative_id = $1 and conversation_id = $2 and id = $3 and erased_at is null`,
		initiative, conversation, advice, yes)
}
