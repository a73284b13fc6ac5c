package gift

import (
	"context"

	"commonweal/internal/db"
)

// counted is a gift as the public counts see it.
type counted struct {
	id, who, term string // who is the person, or without a name the conversation
	hidden        bool   // isn't counted
}

func scanCounted(row db.Row) (c counted, err error) {
	err = row.Scan(&c.id, &c.who, &c.term, &c.hidden)
	return c, err
}

const selectCounted = `select id, coalesce(person_id, conversation_id, id), coalesce(term_id, ''), hidden_at is not null from gift
	where initiative_id = $1 and erased_at is null and `

func countedOfPerson(ctx context.Context, q db.Querier, initiative, person string) ([]counted, error) {
	return db.All(ctx, q, scanCounted, selectCounted+`person_id = $2 order by id`, initiative, person)
}

func countedSaidIn(ctx context.Context, q db.Querier, initiative, conversation string) ([]counted, error) {
	return db.All(ctx, q, scanCounted, selectCounted+`conversation_id = $2 order by id`, initiative, conversation)
}

func countedByID(ctx context.Context, q db.Querier, initiative, id string) ([]counted, error) {
	return db.All(ctx, q, scanCounted, selectCounted+`id = $2`, initiative, id)
}

// erase takes the words, the person and the conversation off some gifts and
// keeps them as counts: one a term for each person, as many as there were. Who
// they were of can't be told from what stays.
func erase(ctx context.Context, q db.Querier, initiative string, gone []counted, at db.Stamp) error {
	if len(gone) == 0 {
		return nil
	}
	kept, err := stillCounted(ctx, q, initiative, gone)
	if err != nil {
		return err
	}
	var keep, drop []string
	for _, g := range gone {
		key := counted{who: g.who, term: g.term}
		if g.hidden || kept[key] {
			drop = append(drop, g.id)
			continue
		}
		kept[key] = true
		keep = append(keep, g.id)
	}
	const empty = `update gift set person_id = null, conversation_id = null, text = '', text_folded = '', lang = '',
		would_teach = false, want_to_learn = false, reach = '', times = '', langs = '', erased_at = $2`
	if err := inChunks(keep, func(some []string) error {
		return db.Exec(ctx, q, empty+` where initiative_id = $1 and id in (`+marks(3, len(some))+`)`, withIDs(some, initiative, at)...)
	}); err != nil {
		return err
	}
	return inChunks(drop, func(some []string) error {
		return db.Exec(ctx, q, empty+`, term_id = null where initiative_id = $1 and id in (`+marks(3, len(some))+`)`, withIDs(some, initiative, at)...)
	})
}

// stillCounted says under which terms somebody of those gifts is counted by a
// gift that stays.
func stillCounted(ctx context.Context, q db.Querier, initiative string, gone []counted) (map[counted]bool, error) {
	leaving := map[string]bool{}
	listed := map[string]bool{}
	var ids []string
	for _, g := range gone {
		leaving[g.id] = true
		if !listed[g.who] {
			listed[g.who] = true
			ids = append(ids, g.who)
		}
	}
	kept := map[counted]bool{}
	err := inChunks(ids, func(some []string) error {
		in := ` in (` + marks(2, len(some)) + `)`
		rows, err := db.All(ctx, q, scanCounted, selectCounted+`hidden_at is null
			and (person_id`+in+` or person_id is null and conversation_id`+in+`)`, withIDs(some, initiative)...)
		for _, g := range rows {
			if !leaving[g.id] {
				kept[counted{who: g.who, term: g.term}] = true
			}
		}
		return err
	})
	return kept, err
}

// forgetGatherings takes a person off the gatherings that they were drafted
// for, or drafted; how many were meant is kept with each.
func forgetGatherings(ctx context.Context, q db.Querier, initiative, person string) error {
	if err := db.Exec(ctx, q, `delete from gift_gathering_person where initiative_id = $1 and person_id = $2`, initiative, person); err != nil {
		return err
	}
	return db.Exec(ctx, q, `update gift_gathering set by_person_id = null where initiative_id = $1 and by_person_id = $2`, initiative, person)
}

func gatheringsOf(ctx context.Context, q db.Querier, initiative, person string) ([]Gathering, error) {
	return db.All(ctx, q, scanGathering, `select `+gatheringColumns+` from gift_gathering_person gp
		join gift_gathering t on t.initiative_id = gp.initiative_id and t.id = gp.gathering_id
		where gp.initiative_id = $1 and gp.person_id = $2 order by t.made_at, t.id`, initiative, person)
}
