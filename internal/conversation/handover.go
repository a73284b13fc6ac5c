package conversation

import (
	"cmp"
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/notice"
	"commonweal/internal/organization"
	"commonweal/internal/people"
)

// Services suggests services that could meet what still waits in an opened
// conversation, by the need's id, in three statements. A need that no service
// meets has no entry. The conversation's reader and stewards may. Faults:
// NotFound.
func (s *Service) Services(ctx context.Context, who access.Actor, in string, t Told) (found map[string][]organization.Found, err error) {
	defer fault.Wrap(&err, "conversation.Services for %s in %s", t.ID, in)
	v, err := workingView(who, in)
	if err != nil {
		return nil, err
	}
	if t.Initiative != in || !v.reads(t.Conversation) {
		return nil, fault.ErrNotFound
	}
	const few = 3
	var wants []organization.Want
	var ids []string
	for _, n := range t.Needs {
		if n.Answer.Step == Waiting {
			wants = append(wants, organization.Want{Text: cmp.Or(n.Text, n.Delivery), Lang: t.Lang, Limit: few})
			ids = append(ids, n.ID)
		}
	}
	if len(wants) == 0 {
		return nil, nil //nolint:nilnil // nothing waits, nothing is looked for
	}
	all, err := s.Organizations.FindEach(ctx, in, t.Area, wants)
	found = make(map[string][]organization.Found, len(all))
	for i, some := range all {
		if len(some) > 0 {
			found[ids[i]] = some
		}
	}
	return found, err
}

// checkService refuses a service that isn't there for everybody.
func checkService(ctx context.Context, q db.Querier, in, id string) error {
	if id == "" {
		return nil
	}
	_, err := organization.Offered(ctx, q, in, id)
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	var f fault.Form
	f.Add("service", "conversation.service.unknown")
	return f.Err()
}

// handing is somebody's yes to being called by a service.
type handing struct {
	need, service string
	channel       people.Channel
	by            string // the account that writes it down, or ""
}

// handOver keeps the yes of the one who asked and tells those who speak for the
// service that somebody wants to be called: not who, nor why. They read the
// contact on their page. The same yes is kept once.
func (s *Service) handOver(ctx context.Context, q db.Querier, c Conversation, h handing) error {
	one, err := organization.Offered(ctx, q, c.Initiative, h.service)
	if err != nil {
		return err
	}
	speaking, err := organization.Speaking(ctx, q, c.Initiative, one.Organization)
	if err != nil {
		return err
	}
	reached, err := isReachable(ctx, q, c.Initiative, c.Person)
	if err != nil {
		return err
	}
	var f fault.Form
	f.Check(len(speaking) > 0, "handover", "conversation.handover.nobody")
	f.Check(reached, "handover", "conversation.handover.contact")
	if err := f.Err(); err != nil {
		return err
	}
	if is, err := isHanded(ctx, q, c.Initiative, h); err != nil || is {
		return err
	}
	in, err := initiative.Get(ctx, q, c.Initiative)
	if err != nil {
		return err
	}
	given := []people.Consent{{
		Purpose: people.HandOver, Wording: people.Wording, On: in.Today(s.Now()), GivenBy: people.Self, Channel: h.channel,
	}}
	if err := people.AddConsent(ctx, q, c.Initiative, c.Person, h.by, given); err != nil {
		return err
	}
	id := s.IDs.New()
	if err := insertHandover(ctx, q, c, id, h, one.Organization, db.At(s.Now())); err != nil {
		return err
	}
	var told []notice.Told
	for _, person := range speaking {
		told = append(told, notice.Told{
			Initiative: c.Initiative, Person: person, Matter: notice.Matter{Kind: "handover", ID: one.Organization},
			Line: fault.Message{Key: "conversation.notice.handover"}, Path: "/organizations/" + one.Organization + "/calls",
			Unique: "handover " + id + " " + person,
		})
	}
	return notice.Tell(ctx, q, told...)
}

// HandOver lets the service that answers a need of the actor's call them: they
// say so themselves, on their page. Faults: NotFound; Invalid at "handover"
// when nobody speaks for the service, or there is no way to reach them.
func (s *Service) HandOver(ctx context.Context, who access.Actor, in, need string) (err error) {
	defer fault.Wrap(&err, "conversation.HandOver of %s in %s", need, in)
	return s.own(ctx, who, in, WhatNeed, need, "hand over contact", func(q db.Querier, _ string) error {
		return s.handOverOwn(ctx, q, in, need, who.Account)
	})
}

// HandOverByCode is HandOver for whoever has the return code.
func (s *Service) HandOverByCode(ctx context.Context, in, code, need string) (err error) {
	defer fault.Wrap(&err, "conversation.HandOverByCode in %s", in)
	return s.byCode(ctx, in, code, "hand over contact", need, func(q db.Querier, conversation string) error {
		c, err := of(ctx, q, in, WhatNeed, need)
		if err == nil && c.ID != conversation {
			err = fault.ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.handOverOwn(ctx, q, in, need, "")
	})
}

func (s *Service) handOverOwn(ctx context.Context, q db.Querier, in, need, by string) error {
	c, err := of(ctx, q, in, WhatNeed, need)
	if err != nil {
		return err
	}
	all, err := needsIn(ctx, q, in, []string{c.ID})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(n Need) bool { return n.ID == need && n.Answer.Service != "" })
	if i < 0 {
		return fault.ErrNotFound
	}
	return s.handOver(ctx, q, c, handing{need: need, service: all[i].Answer.Service, channel: people.Web, by: by})
}

// Call is somebody who wants to be called by a service.
type Call struct {
	ID       string
	Service  string // its name
	Person   string // id
	Name     string
	Contacts []people.Contact
	HandedAt db.Stamp
}

// Calls gives who wants to be called by an organization's services, as long as
// their yes stands, the oldest first. Those who speak for it may; looking is
// noted. Faults: NotFound.
func (s *Service) Calls(ctx context.Context, who access.Actor, in, organizationID string) (all []Call, err error) {
	defer fault.Wrap(&err, "conversation.Calls of %s in %s", organizationID, in)
	if !organization.MaySpeak(who, in, organizationID) {
		return nil, fault.ErrNotFound
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		if all, err = calls(ctx, q, in, organizationID); err != nil {
			return err
		}
		for _, c := range all { // few wait at a time, and each may ask who looked at them
			if err := noteCall(ctx, q, who, in, organizationID, "read contact", c.Person); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// Called notes that somebody was called: their contact is handed over no
// longer. Those who speak for the organization may. Faults: NotFound.
func (s *Service) Called(ctx context.Context, who access.Actor, in, organizationID, id string) (err error) {
	defer fault.Wrap(&err, "conversation.Called %s in %s", id, in)
	if !organization.MaySpeak(who, in, organizationID) {
		return fault.ErrNotFound
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if err := existed(setCalled(ctx, q, in, organizationID, id, db.At(s.Now()))); err != nil {
			return err
		}
		return noteCall(ctx, q, who, in, organizationID, "call", id)
	})
}

func noteCall(ctx context.Context, q db.Querier, who access.Actor, in, organizationID, act, object string) error {
	return audit.Note(ctx, q, audit.Event{
		Initiative: in, Account: who.Account, Person: who.Person(in), For: organizationID, Act: act, Object: object,
	})
}
