package conversation

import (
	"context"
	"errors"
	"maps"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/people"
)

// What names a kind of record. WhatTalk is the conversation itself, with what
// somebody cares about.
type What string

// The kinds of record.
const (
	WhatTalk    What = "talk"
	WhatNeed    What = "need"
	WhatSupport What = "support"
	WhatAdvice  What = "advice"
	WhatGift    What = "gift"
)

// errWhat is a kind of record that there isn't: somebody made up an address.
var errWhat = fault.Because(errors.New("conversation: no such kind of record"), fault.NotFound, "error.notfound")

// Mine gives what the actor said, newest first, with the answers. Faults:
// NotFound for who is nobody here.
func (s *Service) Mine(ctx context.Context, who access.Actor, in string) (all []Said, err error) {
	defer fault.Wrap(&err, "conversation.Mine in %s", in)
	v, err := viewOf(who, in)
	if err != nil {
		return nil, err
	}
	q := s.DB.Read()
	talks, err := ofPerson(ctx, q, in, v.self)
	if err != nil {
		return nil, err
	}
	return withNames(ctx, q, in, talks)
}

// Told is a conversation as its reader sees it.
type Told struct {
	Said
	PersonName    string // "" when it was said without a name
	HouseholdCode string
	AreaName      string
	Referrals     []Referral // for the reader alone
}

// Open gives a conversation to its reader: the connector whose it is, and
// stewards. Needs kept for oneself aren't in it. Looking is noted, so that the
// person can see who has. Faults: NotFound.
func (s *Service) Open(ctx context.Context, who access.Actor, in, id string) (t Told, err error) {
	defer fault.Wrap(&err, "conversation.Open %s in %s", id, in)
	v, err := workingView(who, in)
	if err != nil {
		return Told{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		t, err = v.open(ctx, q, id)
		return err
	})
	return t, err
}

func (v view) open(ctx context.Context, q db.Querier, id string) (t Told, err error) {
	c, err := get(ctx, q, v.initiative, id)
	if err != nil {
		return Told{}, err
	}
	if !v.reads(c) {
		return Told{}, fault.ErrNotFound
	}
	all, err := withNames(ctx, q, v.initiative, []Conversation{c})
	if err != nil {
		return Told{}, err
	}
	t.Said = all[0]
	t.Needs = slices.DeleteFunc(t.Needs, func(n Need) bool { return n.Visibility == OnlyMe })
	if t.PersonName, t.HouseholdCode, t.AreaName, err = placed(ctx, q, c); err != nil {
		return Told{}, err
	}
	if t.Referrals, err = referralsIn(ctx, q, v, id); err != nil {
		return Told{}, err
	}
	object := c.Person
	if object == "" {
		object = id
	}
	return t, v.note(ctx, q, "read conversation", object)
}

// Where says in which conversation a record was said: for the conversation's
// reader and stewards. Faults: NotFound.
func (s *Service) Where(ctx context.Context, who access.Actor, in string, w What, id string) (conversation string, err error) {
	defer fault.Wrap(&err, "conversation.Where of %s %s in %s", w, id, in)
	v, err := workingView(who, in)
	if err != nil {
		return "", err
	}
	c, err := of(ctx, s.DB.Read(), in, w, id)
	if err != nil {
		return "", err
	}
	if !v.reads(c) {
		return "", fault.ErrNotFound
	}
	return c.ID, nil
}

// OfPerson lists a person's conversations, newest first, without what was said:
// for their connector and stewards. Faults: NotFound.
func (s *Service) OfPerson(ctx context.Context, who access.Actor, in, id string) (talks []Conversation, err error) {
	defer fault.Wrap(&err, "conversation.OfPerson %s in %s", id, in)
	v, err := workingView(who, in)
	if err != nil {
		return nil, err
	}
	q := s.DB.Read()
	p, err := person(ctx, q, in, id)
	if err != nil {
		return nil, err
	}
	if !v.all && p.connector != v.self {
		return nil, fault.ErrNotFound
	}
	if talks, err = ofPerson(ctx, q, in, id); err != nil {
		return nil, err
	}
	for i := range talks {
		talks[i].Care = ""
	}
	return talks, nil
}

// withNames is withSaid with the names of those who asked, read and answered:
// five statements, however many conversations there are.
func withNames(ctx context.Context, q db.Querier, in string, talks []Conversation) ([]Said, error) {
	all, err := withSaid(ctx, q, in, talks)
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, t := range all {
		ids[t.Asker], ids[t.Reader] = true, true
		for _, n := range t.Needs {
			ids[n.Answer.By] = true
		}
		for _, n := range t.Supports {
			ids[n.Answer.By] = true
		}
		for _, a := range t.Advice {
			ids[a.AnsweredBy] = true
		}
	}
	delete(ids, "")
	if len(ids) == 0 {
		return all, nil
	}
	names, err := people.Names(ctx, q, in, slices.Sorted(maps.Keys(ids)))
	for i := range all {
		all[i].Names = names
	}
	return all, err
}
