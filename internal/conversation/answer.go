package conversation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/link"
	"commonweal/internal/mail"
	"commonweal/internal/notice"
	"commonweal/internal/people"
)

// AnswerDraft is what we did with a need, or with what would help somebody.
type AnswerDraft struct {
	Step    Step   // step: neighbour, service, advice, cannot
	Text    string // text: goes to the one who asked
	Gift    string // gift: with neighbour, whose gift, when one was found
	Service string // service: with service, which one, when one was found

	// HandOver says that the one who asked wants the service to call them, and
	// said so by Asked.
	HandOver bool           // handover
	Asked    people.Channel // asked
}

// check gives the draft trimmed, or says what is wrong with it.
func (d AnswerDraft) check(steps []Step) (AnswerDraft, error) {
	var f fault.Form
	d.Text = strings.TrimSpace(d.Text)
	f.Check(slices.Contains(steps, d.Step), "step", "conversation.step.missing")
	f.Check(d.Text != "", "text", "conversation.answer.missing")
	checkText("text", d.Text, MaxText, &f)
	if d.Step != Neighbour {
		d.Gift = ""
	}
	if d.Step != AService {
		d.Service, d.HandOver = "", false
	}
	f.Check(!d.HandOver || d.Service != "", "handover", "conversation.handover.which")
	f.Check(!d.HandOver || slices.Contains(people.Channels(), d.Asked), "asked", "conversation.handover.asked")
	return d, f.Err()
}

// Answer gives a need its next step, which goes back to the one who asked: on
// their page, under their return code, and as a notice, or by mail if they left
// an address without a name; once, however often the same answer is sent. A need that is advice becomes
// advice as well. The need's reader and stewards may. Faults: NotFound;
// Invalid, with the fields of AnswerDraft.
func (s *Service) Answer(ctx context.Context, who access.Actor, in, need string, d AnswerDraft) (err error) {
	defer fault.Wrap(&err, "conversation.Answer to %s in %s", need, in)
	if d, err = d.check(Steps()); err != nil {
		return err
	}
	return s.reply(ctx, who, in, WhatNeed, need, d.told(), func(q db.Querier, v view, c Conversation) (bool, error) {
		have, err := answerOf(ctx, q, c, WhatNeed, need)
		if err != nil {
			return false, err
		}
		isNew := !d.is(have)
		if isNew {
			if err := v.checkGift(ctx, q, d.Gift); err != nil {
				return false, err
			}
			if err := checkService(ctx, q, in, d.Service); err != nil {
				return false, err
			}
			if err := s.set(ctx, q, v, WhatNeed, need, d); err != nil {
				return false, err
			}
		}
		if d.HandOver {
			return isNew, s.handOver(ctx, q, c, handing{need: need, service: d.Service, channel: d.Asked, by: who.Account})
		}
		if !isNew || d.Step != IsAdvice {
			return isNew, nil
		}
		return true, passOn(ctx, q, in, s.IDs.New(), need)
	})
}

// told is what tells one answer from another.
func (d AnswerDraft) told() string { return string(d.Step) + " " + d.Text }

// is says whether that is the answer already.
func (d AnswerDraft) is(have Answer) bool {
	return have.Step == d.Step && have.Text == d.Text && have.Gift == d.Gift && have.Service == d.Service
}

// AnswerSupport says what we did about something that would help: a neighbour
// can, or we can't. As Answer.
func (s *Service) AnswerSupport(ctx context.Context, who access.Actor, in, support string, d AnswerDraft) (err error) {
	defer fault.Wrap(&err, "conversation.AnswerSupport to %s in %s", support, in)
	if d, err = d.check([]Step{Neighbour, Cannot}); err != nil {
		return err
	}
	return s.reply(ctx, who, in, WhatSupport, support, d.told(), func(q db.Querier, v view, c Conversation) (bool, error) {
		have, err := answerOf(ctx, q, c, WhatSupport, support)
		if err != nil || d.is(have) {
			return false, err
		}
		if err := v.checkGift(ctx, q, d.Gift); err != nil {
			return false, err
		}
		return true, s.set(ctx, q, v, WhatSupport, support, d)
	})
}

// AnswerAdvice says what advice answered, and what changed by it; either may
// come first. The advice's reader and stewards may. Faults: NotFound; Invalid
// at "answer" and "changed".
func (s *Service) AnswerAdvice(ctx context.Context, who access.Actor, in, advice, answer, changed string) (err error) {
	defer fault.Wrap(&err, "conversation.AnswerAdvice to %s in %s", advice, in)
	answer, changed = strings.TrimSpace(answer), strings.TrimSpace(changed)
	var f fault.Form
	f.Check(answer+changed != "", "answer", "conversation.answer.missing")
	checkText("answer", answer, MaxText, &f)
	checkText("changed", changed, MaxText, &f)
	if err := f.Err(); err != nil {
		return err
	}
	return s.reply(ctx, who, in, WhatAdvice, advice, answer+"\n"+changed, func(q db.Querier, v view, _ Conversation) (bool, error) {
		n, err := setAdviceAnswer(ctx, q, in, advice, answer, changed, v.self, db.At(s.Now()))
		return n > 0, err
	})
}

// set stores an answer. The neighbour whose gift it points to was called on.
func (s *Service) set(ctx context.Context, q db.Querier, v view, w What, id string, d AnswerDraft) error {
	if err := setAnswer(ctx, q, v.initiative, w, id, d, v.self, db.At(s.Now())); err != nil || d.Gift == "" {
		return err
	}
	return gift.CalledOn(ctx, q, v.initiative, d.Gift, s.Now())
}

// checkGift refuses a gift that the actor can't have chosen.
func (v view) checkGift(ctx context.Context, q db.Querier, id string) error {
	if id == "" {
		return nil
	}
	ok, err := mayPoint(ctx, q, v.initiative, id, v.connector())
	if err != nil {
		return err
	}
	var f fault.Form
	f.Check(ok, "gift", "conversation.gift.unknown")
	return f.Err()
}

// answerOf reads what we did so far. A need that its author keeps to themselves
// isn't there for anybody else.
func answerOf(ctx context.Context, q db.Querier, c Conversation, w What, id string) (Answer, error) {
	if w == WhatSupport {
		n, err := supportIn(ctx, q, c, id)
		return n.Answer, err
	}
	n, err := needIn(ctx, q, c, id)
	return n.Answer, err
}

// needIn reads one need of a conversation for its reader.
func needIn(ctx context.Context, q db.Querier, c Conversation, id string) (Need, error) {
	all, err := needsIn(ctx, q, c.Initiative, []string{c.ID})
	i := slices.IndexFunc(all, func(n Need) bool { return n.ID == id && n.Visibility != OnlyMe })
	if err == nil && i < 0 {
		err = fault.ErrNotFound
	}
	if err != nil {
		return Need{}, err
	}
	return all[i], nil
}

// supportIn reads one support of a conversation.
func supportIn(ctx context.Context, q db.Querier, c Conversation, id string) (Support, error) {
	all, err := supportsIn(ctx, q, c.Initiative, []string{c.ID})
	i := slices.IndexFunc(all, func(n Support) bool { return n.ID == id })
	if err == nil && i < 0 {
		err = fault.ErrNotFound
	}
	if err != nil {
		return Support{}, err
	}
	return all[i], nil
}

// reply stores an answer and tells the one who asked, if it says anything new.
func (s *Service) reply(ctx context.Context, who access.Actor, in string, w What, id, said string,
	store func(q db.Querier, v view, c Conversation) (isNew bool, err error),
) error {
	v, err := workingView(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		c, err := of(ctx, q, in, w, id)
		if err != nil {
			return err
		}
		if !v.reads(c) {
			return fault.ErrNotFound
		}
		isNew, err := store(q, v, c)
		if err != nil || !isNew {
			return err
		}
		if err := db.Touch(ctx, q, in); err != nil { // the public list of what waits
			return err
		}
		if err := s.tell(ctx, q, c, w, id, said); err != nil {
			return err
		}
		if err := forgetReply(ctx, q, c); err != nil {
			return err
		}
		return v.note(ctx, q, "answer "+string(w), id)
	})
}

// mailHolds is how long the code in a mail opens the answer.
const mailHolds = 90 * 24 * time.Hour

// noticed is what the notices call a conversation.
const noticed = "conversation"

// tell lets the one who asked hear that there is an answer: not what it is
// about, since nobody knows who else reads their mail. The same answer is told
// once.
func (s *Service) tell(ctx context.Context, q db.Querier, c Conversation, w What, id, said string) error {
	sum := sha256.Sum256([]byte(said))
	unique := "answer " + string(w) + " " + id + " " + hex.EncodeToString(sum[:8])
	if c.Person == "" {
		return s.reach(ctx, q, c, unique)
	}
	return notice.Tell(ctx, q, notice.Told{
		Initiative: c.Initiative, Person: c.Person, Matter: notice.Matter{Kind: noticed, ID: c.ID},
		Line: fault.Message{Key: "conversation.notice.answer"}, Path: "/me", Lang: c.Lang, Unique: unique,
	})
}

// Openers make the codes that a digest gives to whoever has no account.
func Openers() map[string]notice.Opener { return map[string]notice.Opener{noticed: openers} }

func openers(ctx context.Context, q db.Querier, initiative string, conversations []string) (map[string]notice.Key, error) {
	now, _, err := db.Mark(q)
	if err != nil {
		return nil, err
	}
	var all []link.Link
	for _, id := range conversations {
		all = append(all, link.Link{Initiative: initiative, Kind: codeKind, Subject: id, Expires: now.Add(mailHolds)})
	}
	codes, err := link.NewCodes(ctx, q, all)
	if err != nil {
		return nil, err
	}
	keys := make(map[string]notice.Key, len(codes))
	for i, code := range codes {
		keys[conversations[i]] = notice.Key{Path: "/answer", Code: code}
	}
	return keys, nil
}

// reach writes to the address that somebody left without a name, if they did,
// with a code to read the answer.
func (s *Service) reach(ctx context.Context, q db.Querier, c Conversation, unique string) error {
	to, err := addressOf(ctx, q, c)
	if err != nil || to == "" {
		return err
	}
	in, err := initiative.Get(ctx, q, c.Initiative)
	if err != nil {
		return err
	}
	code, err := link.NewCode(ctx, q, link.Link{
		Initiative: c.Initiative, Kind: codeKind, Subject: c.ID, Expires: s.Now().Add(mailHolds),
	})
	if err != nil {
		return err
	}
	lang := c.Lang
	if !i18n.Known(lang) {
		lang = in.Lang("")
	}
	err = mail.Send(ctx, q, mail.Message{
		Initiative: c.Initiative, Person: c.ID, To: to, Lang: lang, // forgotten with its conversation
		Subject: "conversation.mail.subject",
		Lines: []fault.Message{
			{Key: "conversation.mail.answer", Args: map[string]any{"initiative": in.Name}},
			{Key: "conversation.mail.code", Args: map[string]any{"code": code}},
		},
		Link:   s.BaseURL + "/i/" + in.Slug + "/answer",
		Unique: unique,
	})
	if fault.Is(err, fault.Invalid) { // the return code opens the answer all the same
		s.Log.Warn("no mail: the address can't be one", "initiative", c.Initiative, "conversation", c.ID)
		return nil
	}
	return err
}

// Neighbours suggests who could meet a need or a support, best first: people
// whose gifts fit its words, who agreed to be asked. A support's own kinds are
// looked for by what they mean. The record's reader and stewards may. Faults:
// NotFound.
func (s *Service) Neighbours(ctx context.Context, who access.Actor, in string, w What, id string) (found gift.Suggestions, err error) {
	defer fault.Wrap(&err, "conversation.Neighbours for %s in %s", id, in)
	v, err := workingView(who, in)
	if err != nil {
		return gift.Suggestions{}, err
	}
	q := s.DB.Read()
	c, err := of(ctx, q, in, w, id)
	if err != nil {
		return gift.Suggestions{}, err
	}
	if !v.reads(c) {
		return gift.Suggestions{}, fault.ErrNotFound
	}
	wish, err := wanted(ctx, q, c, w, id)
	if err != nil {
		return gift.Suggestions{}, err
	}
	return s.Gifts.SuggestFor(ctx, who, in, wish.Text, wish.Lang, c.Person)
}

// NeighboursIn is Neighbours for everything in an opened conversation that
// still waits, by the record's id, in no more statements than for one. What
// nobody meets has no entry. Faults: NotFound.
func (s *Service) NeighboursIn(ctx context.Context, who access.Actor, in string, t Told) (found map[string]gift.Suggestions, err error) {
	defer fault.Wrap(&err, "conversation.NeighboursIn %s in %s", t.ID, in)
	v, err := workingView(who, in)
	if err != nil {
		return nil, err
	}
	if t.Initiative != in || !v.reads(t.Conversation) {
		return nil, fault.ErrNotFound
	}
	var wishes []gift.Wish
	for _, n := range t.Supports { // what keeps somebody from sharing their gifts comes first
		if n.Answer.Step == Waiting {
			wishes = append(wishes, n.wish(t.Lang))
		}
	}
	for _, n := range t.Needs {
		if n.Answer.Step == Waiting {
			wishes = append(wishes, n.wish(t.Lang))
		}
	}
	return s.Gifts.SuggestForEach(ctx, who, in, wishes, t.Person)
}

// wanted is the text to look for neighbours with, and its language.
func wanted(ctx context.Context, q db.Querier, c Conversation, w What, id string) (gift.Wish, error) {
	switch w {
	case WhatNeed:
		n, err := needIn(ctx, q, c, id)
		return n.wish(c.Lang), err
	case WhatSupport:
		n, err := supportIn(ctx, q, c, id)
		return n.wish(c.Lang), err
	case WhatTalk, WhatAdvice, WhatGift:
	}
	return gift.Wish{}, errWhat
}

func (n Need) wish(lang i18n.Lang) gift.Wish {
	return gift.Wish{ID: n.ID, Text: n.Text + "\n" + n.Delivery, Lang: lang}
}

func (n Support) wish(lang i18n.Lang) gift.Wish {
	if n.Kind == Something {
		return gift.Wish{ID: n.ID, Text: n.Text, Lang: lang}
	}
	return gift.Wish{ID: n.ID, Text: meanings[n.Kind], Lang: i18n.English}
}

// meanings are the kinds of support in words of our own list of gifts, which
// finds them whatever a group calls them.
var meanings = map[SupportKind]string{
	Company:      "someone to do it with",
	Childcare:    "mind the children",
	Ride:         "a ride",
	Place:        "a place to meet",
	Interpreting: "interpreting",
}
