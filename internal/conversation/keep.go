package conversation

import (
	"context"
	"time"

	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/link"
	"commonweal/internal/people"
)

const (
	// codeKind is the kind of link that a return code is; its subject is a
	// conversation, or nothing while a printed sheet lies unused.
	codeKind = "conversation"

	// leastDays is how long the reader has at least, however late a sheet is
	// typed in; replyDays how long an address without a name is kept. Both are
	// starting values of our own judgement.
	leastDays = 7
	replyDays = 90

	// referralDays is how long a third person's name is kept.
	referralDays = 30
)

// keeping is one conversation on its way into the store.
type keeping struct {
	view
	checked
	q     db.Querier
	here  initiative.Initiative
	today db.Day
	now   time.Time
	newID func() string
	words *gift.Vocabulary

	id        string
	person    known
	household string
	area      string
	asker     string
	reader    named
}

// known is a person as far as a conversation needs to know them.
type known struct {
	id, name, area, household, connector string
	age                                  people.Age
}

// named is a person by id and name; the zero named is "the stewards".
type named struct{ id, name string }

func (k *keeping) keep(ctx context.Context) (Receipt, error) {
	k.id = k.newID()
	var f fault.Form
	if err := k.checkStored(ctx, k.q, k.initiative, &f); err != nil {
		return Receipt{}, err
	}
	if err := f.Err(); err != nil {
		return Receipt{}, err
	}
	for _, step := range []func(context.Context) error{
		k.findPerson, k.findPlace, k.findReader, k.keepPerson, k.keepTalk, k.keepSaid, k.keepElse,
	} {
		if err := step(ctx); err != nil {
			return Receipt{}, err
		}
	}
	code, err := k.code(ctx)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{ID: k.id, Code: code, AnswerBy: k.answerBy(), Reader: k.reader.name}, k.noteTalk(ctx)
}

// noteTalk notes that a conversation was written down; by nobody when somebody
// who is signed in wrote for themselves and without their name, since stewards
// read the record.
func (k *keeping) noteTalk(ctx context.Context) error {
	if k.Consent == WithoutName && !k.converse {
		return audit.Note(ctx, k.q, audit.Event{Initiative: k.initiative, Act: "record conversation", Object: k.id})
	}
	return k.note(ctx, k.q, "record conversation", k.id)
}

// alone says whether somebody writes for themselves, with nobody asking.
func (k *keeping) alone() bool {
	return k.Channel == people.Web && (!k.converse || k.Person != "" && k.Person == k.self)
}

// findPerson reads somebody already known: the actor themselves, or whom they
// know.
func (k *keeping) findPerson(ctx context.Context) (err error) {
	if !k.alone() {
		k.asker = k.self
	}
	if k.Person == "" {
		return nil
	}
	if k.person, err = person(ctx, k.q, k.initiative, k.Person); err != nil {
		return err
	}
	if k.Person != k.self && !k.all && !(k.converse && k.person.connector == k.self) {
		return fault.ErrNotFound
	}
	if k.person.age != people.Under18 {
		return nil
	}
	var f fault.Form
	f.Check(k.Parent != "", FieldParent, "conversation.parent.missing")
	return f.Err()
}

// findPlace settles household and area: what was chosen, else what is known.
func (k *keeping) findPlace(ctx context.Context) error {
	k.area, k.household = k.Area, k.person.household
	if k.area == "" {
		k.area = k.person.area
	}
	if k.Household == "" {
		return nil
	}
	h, err := people.HouseholdByCode(ctx, k.q, k.initiative, k.self, k.Household, k.area)
	k.household = h.ID
	if k.area == "" {
		k.area = h.Area
	}
	return err
}

// findReader settles who reads and answers: whoever knows the person, else who
// asked, else the connector with the most households in the area, else the
// stewards.
func (k *keeping) findReader(ctx context.Context) (err error) {
	switch {
	case k.person.connector != "":
		k.reader, err = nameOf(ctx, k.q, k.initiative, k.person.connector)
	case k.asker != "":
		k.reader, err = nameOf(ctx, k.q, k.initiative, k.asker)
	case k.area != "":
		k.reader, err = connectorOfArea(ctx, k.q, k.initiative, k.area)
	}
	return err
}

// keepPerson writes down somebody new, and what they agreed to.
func (k *keeping) keepPerson(ctx context.Context) error {
	if k.Consent != WithName {
		return nil
	}
	if k.person.id == "" {
		p, err := people.Add(ctx, k.q, k.initiative, people.New{
			Person: people.Person{
				Name: k.Name, Area: k.area, Household: k.household, Connector: k.reader.id,
				Langs: []i18n.Lang{k.Lang}, MetOn: k.HeldOn, Age: k.Age,
			},
			Contacts: k.contacts, Consents: k.consents(), By: k.who.Account,
		})
		k.person = known{id: p.ID, name: p.Name}
		return err
	}
	if err := people.AddConsent(ctx, k.q, k.initiative, k.person.id, k.who.Account, k.consents()); err != nil {
		return err
	}
	for _, c := range k.contacts { // one at most
		c.Person = k.person.id
		have, err := hasContact(ctx, k.q, k.initiative, c)
		if err != nil {
			return err
		}
		if !have {
			if err := people.AddContact(ctx, k.q, k.initiative, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// consents are what the form's answers agree to.
func (k *keeping) consents() []people.Consent {
	purposes := []people.Purpose{people.KeepName, people.KeepNotes}
	if k.NextDo {
		purposes = append(purposes, people.BeAsked)
	}
	if len(k.contacts) > 0 {
		purposes = append(purposes, people.BeReached)
	}
	giver := people.Self
	if k.Age == people.Under18 || k.person.age == people.Under18 {
		giver = people.Parent
	} else {
		k.Parent = ""
	}
	all := make([]people.Consent, 0, len(purposes))
	for _, p := range purposes {
		all = append(all, people.Consent{
			Purpose: p, Wording: people.Wording, On: k.HeldOn, GivenBy: giver, GiverName: k.Parent, Channel: k.Channel,
		})
	}
	return all
}

// answerBy is the day by which somebody answers.
func (k *keeping) answerBy() db.Day {
	by, least := k.here.AnswerBy(k.HeldOn), k.today.Add(leastDays)
	if by.Before(least.Time) {
		return least
	}
	return by
}

func (k *keeping) keepTalk(ctx context.Context) error {
	c := Conversation{
		ID: k.id, Initiative: k.initiative, Asker: k.asker, Person: k.person.id, Area: k.area, Reader: k.reader.id,
		Channel: k.Channel, Lang: k.Lang, HeldOn: k.HeldOn, RecordedAt: db.At(k.now), Consent: k.Consent, Care: k.Care,
		NextHelp: k.NextHelp, NextAdvise: k.NextAdvise, NextDo: k.NextDo, AnswerBy: k.answerBy(),
	}
	if k.Consent == WithName {
		c.Household = k.household
	}
	if err := insertConversation(ctx, k.q, c, people.Wording); err != nil {
		return err
	}
	if k.reply == "" {
		return nil
	}
	return insertReply(ctx, k.q, k.initiative, k.id, k.reply, k.today.Add(replyDays))
}

// keepSaid writes down needs, supports, advice and gifts.
func (k *keeping) keepSaid(ctx context.Context) error {
	if k.Need+k.Delivery != "" {
		n := Need{ID: k.newID(), Conversation: k.id, Text: k.Need, Delivery: k.Delivery, Urgent: k.Urgent, Visibility: MyConnector}
		if err := insertNeed(ctx, k.q, k.initiative, n); err != nil {
			return err
		}
	}
	if err := k.keepSupports(ctx); err != nil {
		return err
	}
	if k.Advice != "" {
		a := Advice{ID: k.newID(), Conversation: k.id, Text: k.Advice, To: k.AdviceTo}
		if err := insertAdvice(ctx, k.q, k.initiative, a); err != nil {
			return err
		}
	}
	_, err := gift.Add(ctx, k.q, k.initiative, k.words,
		gift.By{Person: k.person.id, Conversation: k.id, On: k.HeldOn, At: k.moment()}, k.gifts)
	return err
}

func (k *keeping) keepSupports(ctx context.Context) error {
	kinds := k.Supports
	if k.Support != "" {
		kinds = append(kinds[:len(kinds):len(kinds)], Something)
	}
	supports := make([]Support, 0, len(kinds))
	for _, kind := range kinds {
		one := Support{ID: k.newID(), Conversation: k.id, Kind: kind}
		if kind == Something {
			one.Text = k.Support
		}
		supports = append(supports, one)
	}
	return insertSupports(ctx, k.q, k.initiative, supports)
}

// moment is when it was said: now, or for a talk on another day its noon.
func (k *keeping) moment() time.Time {
	if k.HeldOn.Equal(k.today.Time) {
		return k.now
	}
	return k.HeldOn.Time.Add(12 * time.Hour)
}

// keepElse keeps a third person's name for the reader alone, for 30 days from
// the talk. One that came too late isn't kept at all.
func (k *keeping) keepElse(ctx context.Context) error {
	ends := k.HeldOn.Add(referralDays)
	if k.ElseName == "" || !ends.After(k.today.Time) {
		return nil
	}
	return insertReferral(ctx, k.q, k.initiative, Referral{
		ID: k.newID(), Conversation: k.id, Connector: k.reader.id, Name: k.ElseName, Note: k.ElseNote, ExpiresOn: ends,
	})
}

// code gives the return code: that of the printed sheet, or a new one.
func (k *keeping) code(ctx context.Context) (string, error) {
	if k.SheetCode == "" {
		return link.NewCode(ctx, k.q, link.Link{Initiative: k.initiative, Kind: codeKind, Subject: k.id})
	}
	return k.SheetCode, link.BindCode(ctx, k.q, k.initiative, codeKind, k.SheetCode, k.id)
}
