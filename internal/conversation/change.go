package conversation

import (
	"context"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/link"
	"commonweal/internal/mail"
	"commonweal/internal/notice"
	"commonweal/internal/people"
)

// Change is other words for one record. Fields that a kind of record doesn't
// have are left alone.
type Change struct {
	What       What
	ID         string
	Text       string     // text
	Delivery   string     // delivery: of a need
	Urgent     bool       // urgent: of a need
	Visibility Visibility // visibility: of a need; "" is my connector
	To         string     // to: of advice
}

// check gives the change trimmed, or says what is wrong with it.
func (c Change) check() (Change, error) {
	var f fault.Form
	c.Text, c.Delivery, c.To = strings.TrimSpace(c.Text), strings.TrimSpace(c.Delivery), strings.TrimSpace(c.To)
	if c.Visibility == "" {
		c.Visibility = MyConnector
	}
	checkText("text", c.Text, MaxText, &f)
	checkText("delivery", c.Delivery, MaxText, &f)
	checkText("to", c.To, MaxLine, &f)
	f.Check(slices.Contains(Visibilities(), c.Visibility), "visibility", "conversation.visibility.missing")
	f.Check(c.Text != "" || c.What == WhatNeed && c.Delivery != "", "text", "conversation.text.missing")
	return c, f.Err()
}

// Change puts other words to something that the actor said. Faults: NotFound;
// Invalid, with the fields of Change.
func (s *Service) Change(ctx context.Context, who access.Actor, in string, c Change) (err error) {
	defer fault.Wrap(&err, "conversation.Change %s %s in %s", c.What, c.ID, in)
	words, err := s.Gifts.Vocabulary(ctx, in)
	if err != nil {
		return err
	}
	return s.own(ctx, who, in, c.What, c.ID, "change "+string(c.What), func(q db.Querier, conversation string) error {
		return s.change(ctx, q, in, conversation, words, c)
	})
}

// ChangeByCode is Change for whoever has the return code.
func (s *Service) ChangeByCode(ctx context.Context, in, code string, c Change) (err error) {
	defer fault.Wrap(&err, "conversation.ChangeByCode in %s", in)
	words, err := s.Gifts.Vocabulary(ctx, in)
	if err != nil {
		return err
	}
	return s.byCode(ctx, in, code, "change "+string(c.What), c.ID, func(q db.Querier, conversation string) error {
		return s.change(ctx, q, in, conversation, words, c)
	})
}

func (s *Service) change(ctx context.Context, q db.Querier, in, conversation string, words *gift.Vocabulary, c Change) error {
	c, err := c.check()
	if err != nil {
		return err
	}
	switch c.What {
	case WhatTalk:
		return existed(updateCare(ctx, q, in, conversation, c.Text))
	case WhatNeed:
		return existed(updateNeed(ctx, q, in, conversation, c))
	case WhatSupport:
		return existed(updateSupport(ctx, q, in, conversation, c))
	case WhatAdvice:
		return existed(updateAdvice(ctx, q, in, conversation, c))
	case WhatGift:
		here, err := initiative.Get(ctx, q, in)
		if err != nil {
			return err
		}
		return gift.Reword(ctx, q, in, words, conversation, c.ID, c.Text, here.Today(s.Now()))
	}
	return errWhat
}

// Erase takes back one record of the actor's, or with WhatTalk the whole
// conversation. The words go, the counts stay. Faults: NotFound.
func (s *Service) Erase(ctx context.Context, who access.Actor, in string, w What, id string) (err error) {
	defer fault.Wrap(&err, "conversation.Erase %s %s in %s", w, id, in)
	return s.own(ctx, who, in, w, id, "erase "+string(w), func(q db.Querier, conversation string) error {
		return s.erase(ctx, q, in, conversation, w, id)
	})
}

// EraseByCode is Erase for whoever has the return code. With WhatTalk the id
// isn't needed, and the code opens nothing afterwards.
func (s *Service) EraseByCode(ctx context.Context, in, code string, w What, id string) (err error) {
	defer fault.Wrap(&err, "conversation.EraseByCode in %s", in)
	return s.byCode(ctx, in, code, "erase "+string(w), id, func(q db.Querier, conversation string) error {
		return s.erase(ctx, q, in, conversation, w, id)
	})
}

func (s *Service) erase(ctx context.Context, q db.Querier, in, conversation string, w What, id string) error {
	if w == WhatTalk {
		id = conversation
	} else if c, err := of(ctx, q, in, w, id); err != nil {
		return err
	} else if c.ID != conversation {
		return fault.ErrNotFound
	}
	if err := eraseRecord(ctx, q, in, w, id); err != nil {
		return err
	}
	if err := people.Journal(ctx, q, in, string(w), id); err != nil {
		return err
	}
	return scrub(ctx, q)
}

// eraseRecord takes the words off a record, for a first time or again after a
// restore. A second time changes nothing.
func eraseRecord(ctx context.Context, q db.Querier, in string, w What, id string) error {
	switch w {
	case WhatTalk:
		return eraseTalk(ctx, q, in, id)
	case WhatGift:
		return gift.Erase(ctx, q, in, id)
	case WhatNeed:
		return eraseNeed(ctx, q, in, id)
	case WhatSupport, WhatAdvice:
		return eraseOne(ctx, q, in, w, id)
	}
	return errWhat
}

// eraseTalk forgets a whole conversation, with every code and message to it.
func eraseTalk(ctx context.Context, q db.Querier, in, id string) error {
	if err := gift.EraseSaidIn(ctx, q, in, id); err != nil {
		return err
	}
	if err := emptyTalks(ctx, q, in, byID, id); err != nil {
		return err
	}
	if err := mail.Forget(ctx, q, in, id); err != nil { // what went to an address without a name
		return err
	}
	if err := notice.Forget(ctx, q, in, noticed, id); err != nil {
		return err
	}
	return link.Revoke(ctx, q, in, codeKind, id)
}

// Replays erase again, after a restore, what was erased by itself.
func Replays() map[string]func(ctx context.Context, q db.Querier, initiative, id string) error {
	all := map[string]func(ctx context.Context, q db.Querier, initiative, id string) error{}
	for _, w := range []What{WhatTalk, WhatNeed, WhatSupport, WhatAdvice} {
		all[string(w)] = func(ctx context.Context, q db.Querier, initiative, id string) error {
			return eraseRecord(ctx, q, initiative, w, id)
		}
	}
	return all
}

// scrub takes what was erased out of the store's log as well, a little later.
func scrub(ctx context.Context, q db.Querier) error {
	return jobs.Add(ctx, q, jobs.Job{Kind: people.ScrubJob, Unique: people.ScrubJob})
}

// Thank says thank you for the answer to a need of the actor's. Faults:
// NotFound, also while there is no answer.
func (s *Service) Thank(ctx context.Context, who access.Actor, in, need string) (err error) {
	defer fault.Wrap(&err, "conversation.Thank for %s in %s", need, in)
	return s.own(ctx, who, in, WhatNeed, need, "thank", func(q db.Querier, conversation string) error {
		return existed(setThanked(ctx, q, in, conversation, need, db.At(s.Now())))
	})
}

// ThankByCode is Thank for whoever has the return code.
func (s *Service) ThankByCode(ctx context.Context, in, code, need string) (err error) {
	defer fault.Wrap(&err, "conversation.ThankByCode in %s", in)
	return s.byCode(ctx, in, code, "thank", need, func(q db.Querier, conversation string) error {
		return existed(setThanked(ctx, q, in, conversation, need, db.At(s.Now())))
	})
}

// OfferHelp answers "would you like to help do it?" about advice of the
// actor's. Faults: NotFound.
func (s *Service) OfferHelp(ctx context.Context, who access.Actor, in, advice string, yes bool) (err error) {
	defer fault.Wrap(&err, "conversation.OfferHelp with %s in %s", advice, in)
	return s.own(ctx, who, in, WhatAdvice, advice, "offer help", func(q db.Querier, conversation string) error {
		return existed(setWouldHelp(ctx, q, in, conversation, advice, yes))
	})
}

// OfferHelpByCode is OfferHelp for whoever has the return code.
func (s *Service) OfferHelpByCode(ctx context.Context, in, code, advice string, yes bool) (err error) {
	defer fault.Wrap(&err, "conversation.OfferHelpByCode in %s", in)
	return s.byCode(ctx, in, code, "offer help", advice, func(q db.Querier, conversation string) error {
		return existed(setWouldHelp(ctx, q, in, conversation, advice, yes))
	})
}

// own does something with what the actor said themselves, and notes it.
func (s *Service) own(ctx context.Context, who access.Actor, in string, w What, id, act string, do func(q db.Querier, conversation string) error) error {
	v, err := viewOf(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		c, err := of(ctx, q, in, w, id)
		if err != nil {
			return err
		}
		if !v.wrote(c) {
			return fault.ErrNotFound
		}
		if err := do(q, c.ID); err != nil {
			return err
		}
		if err := db.Touch(ctx, q, in); err != nil { // needs can be public
			return err
		}
		return v.note(ctx, q, act, id)
	})
}

// byCode does something with what a return code opens, and notes it: by nobody,
// since nobody's name is known.
func (s *Service) byCode(ctx context.Context, in, code, act, object string, do func(q db.Querier, conversation string) error) error {
	return s.DB.Tx(ctx, func(q db.Querier) error {
		conversation, err := opened(ctx, q, in, code)
		if err != nil {
			return err
		}
		if err := do(q, conversation); err != nil {
			return err
		}
		if err := db.Touch(ctx, q, in); err != nil {
			return err
		}
		if object == "" {
			object = conversation
		}
		return audit.Note(ctx, q, audit.Event{Initiative: in, Act: act, Object: object})
	})
}

// existed turns "no row was changed" into NotFound.
func existed(changed int64, err error) error {
	if err == nil && changed == 0 {
		return fault.ErrNotFound
	}
	return err
}
