package conversation

import (
	"context"
	"crypto/rand"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
)

// Past is a conversation that was written down elsewhere, on its way in. Whoever
// brings it sets who it was with; see AddAll.
type Past struct {
	checked
	ID        string
	Asker     string // the connector, a person; "" for the stewards
	With      string // the person; "" without a name
	Household string // id; with a name only
	Area      string
}

// Talk is a conversation of which only that it was held may be kept.
type Talk struct {
	ID    string
	On    db.Day
	Asker string // the connector, a person, or ""
}

// CheckPast reads a conversation as it stood in a file, and says everything that
// is wrong with it, as Record does for a steward. Of one with JustTalk nothing
// is left but the day. With a name, Name or Person says whose.
func CheckPast(d Draft, here initiative.Initiative, today db.Day, words *gift.Vocabulary, f *fault.Form) Past {
	v := view{initiative: here.ID, all: true, converse: true}
	if d.Consent == JustTalk {
		c := checked{Draft: d.justTalk()}
		c.checkConsent(v, f)
		c.checkHeld(today, f)
		return Past{checked: c}
	}
	return Past{checked: d.check(here, today, words, v, f)}
}

// Consents are what somebody agreed to who said it with their name.
func (p Past) Consents() []people.Consent {
	if p.Consent != WithName {
		return nil
	}
	k := keeping{checked: p.checked}
	return k.consents()
}

// Contacts are how they can be reached.
func (p Past) Contacts() []people.Contact { return p.contacts }

// Held is the day of the talk.
func (p Past) Held() db.Day { return p.HeldOn }

// IsCount says whether only that there was a talk may be kept.
func (p Past) IsCount() bool { return p.Consent == JustTalk }

// manyTalks is how many conversations go into one statement.
const manyTalks = 60

// AddAll keeps many conversations, some hundreds of rows in one statement, in
// somebody else's transaction; taken as checked, who may is the caller's to
// ask. Ids are set in what was given. Nobody gets a return code: whoever
// brings old conversations in can hand out none.
func AddAll(ctx context.Context, q db.Querier, here initiative.Initiative, words *gift.Vocabulary, all []Past) (err error) {
	defer fault.Wrap(&err, "conversation.AddAll in %s", here.ID)
	for some := range slices.Chunk(all, manyTalks) {
		if err := addSome(ctx, q, here, words, some); err != nil {
			return err
		}
	}
	return nil
}

func addSome(ctx context.Context, q db.Querier, here initiative.Initiative, words *gift.Vocabulary, some []Past) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	today := here.Today(now)
	var talks []Conversation
	var needs []Need
	var supports []Support
	var advice []Advice
	var gifts []gift.Offered
	newID := func() string {
		var id string
		if _, id, err = db.Mark(q); err != nil {
			return ""
		}
		return id
	}
	for i := range some {
		p := &some[i]
		p.ID = newID()
		k := keeping{checked: p.checked, here: here, today: today, now: now}
		talks = append(talks, p.conversation(here.ID, k.answerBy(), db.At(now)))
		if p.Need+p.Delivery != "" {
			needs = append(needs, Need{
				ID: newID(), Conversation: p.ID, Text: p.Need, Delivery: p.Delivery, Urgent: p.Urgent, Visibility: MyConnector,
			})
		}
		if p.Support != "" {
			supports = append(supports, Support{ID: newID(), Conversation: p.ID, Kind: Something, Text: p.Support})
		}
		if p.Advice != "" {
			advice = append(advice, Advice{ID: newID(), Conversation: p.ID, Text: p.Advice, To: p.AdviceTo})
		}
		if len(p.gifts) > 0 {
			gifts = append(gifts, gift.Offered{
				By: gift.By{Person: p.With, Conversation: p.ID, On: p.HeldOn, At: k.moment()}, Gifts: p.gifts,
			})
		}
	}
	if err != nil {
		return err
	}
	if err := insertConversations(ctx, q, talks, people.Wording); err != nil {
		return err
	}
	if err := insertNeeds(ctx, q, here.ID, needs); err != nil {
		return err
	}
	if err := insertSupports(ctx, q, here.ID, supports); err != nil {
		return err
	}
	if err := insertAdvices(ctx, q, here.ID, advice); err != nil {
		return err
	}
	return gift.AddAll(ctx, q, here.ID, words, gifts)
}

// conversation is the row of a past conversation.
func (p Past) conversation(in string, answerBy db.Day, recorded db.Stamp) Conversation {
	c := Conversation{
		ID: p.ID, Initiative: in, Asker: p.Asker, Person: p.With, Area: p.Area, Reader: p.Asker,
		Channel: p.Channel, Lang: p.Lang, HeldOn: p.HeldOn, RecordedAt: recorded, Consent: p.Consent, Care: p.Care,
		NextHelp: p.NextHelp, NextAdvise: p.NextAdvise, NextDo: p.NextDo, AnswerBy: answerBy,
	}
	if p.Consent == WithName {
		c.Household = p.Household
	}
	return c
}

// CountTalks notes talks of which nothing else is kept, in whole statements.
// Ids are set in what was given; they are random, so that none tells the hour.
func CountTalks(ctx context.Context, q db.Querier, initiative string, all []Talk) (err error) {
	defer fault.Wrap(&err, "conversation.CountTalks in %s", initiative)
	for some := range slices.Chunk(all, manyTalks) {
		for i := range some {
			some[i].ID = rand.Text()
		}
		if err := insertTalks(ctx, q, initiative, some); err != nil {
			return err
		}
	}
	return nil
}
