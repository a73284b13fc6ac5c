package connectorweb

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"commonweal/internal/conversation"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

type talkPage struct {
	page.Base
	conversation.Told
	Neighbours map[string]gift.Suggestions     // by record
	Services   map[string][]organization.Found // by need
	Spoken     map[string]bool                 // organizations of those that somebody speaks for
	Words      map[string]string               // labels of gift terms
	Today      time.Time

	form *page.Form // the one that was refused, and what it is about
	of   string
}

func (p *Pages) talk(w http.ResponseWriter, r *page.Request) error {
	return p.showTalk(w, r, http.StatusOK, r.PathValue("talk"), page.NewForm(), "")
}

// showTalk shows a conversation to its reader; f is the form about one record
// that was refused.
func (p *Pages) showTalk(w http.ResponseWriter, r *page.Request, status int, id string, f *page.Form, of string) error {
	ctx := r.Context()
	told, err := p.Conversations.Open(ctx, r.Who, r.In.ID, id)
	if err != nil {
		return err
	}
	v := talkPage{Base: r.Base("day.talk.title").Neutral("day.tab"), Told: told, Today: today(r), form: f, of: of}
	v.Base = v.Titled(who(v.Base, told.PersonName))
	if v.Neighbours, err = p.Conversations.NeighboursIn(ctx, r.Who, r.In.ID, told); err != nil {
		return err
	}
	if v.Services, err = p.Conversations.Services(ctx, r.Who, r.In.ID, told); err != nil {
		return err
	}
	if v.Spoken, err = p.spoken(ctx, r.In.ID, v.Services); err != nil {
		return err
	}
	if v.Words, err = p.words(ctx, r, told, v.Neighbours); err != nil {
		return err
	}
	return page.Render(w, r, status, talkView(v))
}

// spoken says for which organizations of some services somebody speaks.
func (p *Pages) spoken(ctx context.Context, in string, found map[string][]organization.Found) (map[string]bool, error) {
	var ids []string
	for _, some := range found {
		for _, s := range some {
			ids = append(ids, s.ServiceRecord.Organization)
		}
	}
	return p.Conversations.Organizations.Spoken(ctx, in, ids)
}

// mayCall says whether one of the services about a need can be asked to call:
// only where somebody speaks for it.
func (v talkPage) mayCall(n record) bool {
	return n.Answer.Service != "" && n.Answer.Spoken ||
		slices.ContainsFunc(v.Services[n.ID], func(s organization.Found) bool { return v.Spoken[s.ServiceRecord.Organization] })
}

// silent are the services about a need that nobody speaks for.
func (v talkPage) silent(n record) (some []organization.Found) {
	for _, s := range v.Services[n.ID] {
		if !v.Spoken[s.ServiceRecord.Organization] {
			some = append(some, s)
		}
	}
	return some
}

// numberOf is where a service is called: its own number, or that of a place
// where it is given.
func numberOf(s organization.Found) string {
	numbers := s.Phones
	for _, at := range s.Places {
		numbers = append(numbers, at.Phones...)
	}
	if len(numbers) == 0 {
		return ""
	}
	return numbers[0].Number
}

// words names the gift terms of a page, when it has any.
func (p *Pages) words(ctx context.Context, r *page.Request, told conversation.Told, found map[string]gift.Suggestions) (map[string]string, error) {
	if len(told.Gifts) == 0 && len(found) == 0 {
		return nil, nil //nolint:nilnil // nothing to name
	}
	return p.Gifts.Labels(ctx, r.In.ID, r.Lang)
}

// where leads from a record to its place on its conversation's page.
func (p *Pages) where(what conversation.What) page.Handler {
	return func(w http.ResponseWriter, r *page.Request) error {
		id := r.PathValue("record")
		talk, err := p.Conversations.Where(r.Context(), r.Who, r.In.ID, what, id)
		if err != nil {
			return err
		}
		return page.Redirect(w, r, r.Path("talks", talk)+"#"+anchor(what, id), "")
	}
}

// answer gives a record its next step and goes back to the conversation.
func (p *Pages) answer(what conversation.What) page.Handler {
	return func(w http.ResponseWriter, r *page.Request) error {
		f, err := page.ReadForm(r)
		if err != nil {
			return err
		}
		id := r.PathValue("record")
		talk, err := p.Conversations.Where(r.Context(), r.Who, r.In.ID, what, id)
		if err != nil {
			return err
		}
		if err := p.give(r, f, what, id); err != nil {
			if !f.Refused(err) {
				return err
			}
			for i := range f.Faults {
				f.Faults[i].Name = of(f.Faults[i].Name, id)
			}
			return p.showTalk(w, r, http.StatusUnprocessableEntity, talk, f, id)
		}
		return page.Redirect(w, r, r.Path("talks", talk), "day.answer.sent")
	}
}

func (p *Pages) give(r *page.Request, f *page.Form, what conversation.What, id string) error {
	ctx, text := r.Context(), func(field string) string { return f.Text(of(field, id)) }
	d := conversation.AnswerDraft{
		Step: conversation.Step(text(fieldStep)), Text: text(fieldText), Gift: text(fieldGift), Service: text(fieldService),
		HandOver: text(fieldHandOver) == yes, Asked: people.Channel(text(fieldAsked)),
	}
	switch what {
	case conversation.WhatNeed:
		return p.Conversations.Answer(ctx, r.Who, r.In.ID, id, d)
	case conversation.WhatSupport:
		return p.Conversations.AnswerSupport(ctx, r.Who, r.In.ID, id, d)
	case conversation.WhatAdvice:
		return p.Conversations.AnswerAdvice(ctx, r.Who, r.In.ID, id, text(fieldAnswer), text(fieldChanged))
	case conversation.WhatTalk, conversation.WhatGift:
	}
	return fault.ErrNotFound
}

// The fields of an answer, as the conversation room calls them.
const (
	fieldStep     = "step"
	fieldText     = "text"
	fieldGift     = "gift"
	fieldService  = "service"
	fieldHandOver = "handover"
	fieldAsked    = "asked"
	fieldAnswer   = "answer"
	fieldChanged  = "changed"
)

// yes is the value of a single tick.
const yes = "yes"

// of is a field's name in the form about one record: several such forms stand
// on a page.
func of(field, id string) string {
	if field == "" {
		return ""
	}
	return field + "-" + id
}

// record is something that wants an answer, as the page shows it.
type record struct {
	What     conversation.What
	ID       string
	Title    string // of a support, its kind
	Text     string // their own words, or ""
	Delivery string
	To       string // whom advice is for
	Urgent   bool
	Waits    bool
	Answer   conversation.Answer
	Changed  string
	Thanked  bool
	Helps    bool // would like to help do it
	Passed   bool // a need that was answered as advice: what came of it is open
}

func (v talkPage) needs() (all []record) {
	for _, n := range v.Needs {
		if n.ErasedAt.IsZero() {
			all = append(all, record{
				What: conversation.WhatNeed, ID: n.ID, Text: n.Text, Delivery: n.Delivery, Urgent: n.Urgent,
				Waits: n.Answer.Step == conversation.Waiting, Answer: n.Answer, Thanked: !n.ThankedAt.IsZero(),
			})
		}
	}
	return all
}

func (v talkPage) supports() (all []record) {
	for _, n := range v.Supports {
		if n.ErasedAt.IsZero() {
			all = append(all, record{
				What: conversation.WhatSupport, ID: n.ID, Title: v.T("day.support." + string(n.Kind)), Text: n.Text,
				Waits: n.Answer.Step == conversation.Waiting, Answer: n.Answer,
			})
		}
	}
	return all
}

func (v talkPage) advice() (all []record) {
	for _, a := range v.Told.Advice {
		if a.ErasedAt.IsZero() {
			all = append(all, record{
				What: conversation.WhatAdvice, ID: a.ID, Text: a.Text, To: a.To, Helps: a.WouldHelp,
				Waits: a.AnsweredAt.IsZero(), Changed: a.Changed, Passed: a.Need != "",
				Answer: conversation.Answer{Text: a.Answer, By: a.AnsweredBy, At: a.AnsweredAt},
			})
		}
	}
	return all
}

// formOf is the form about a record: as it was typed if it was refused, with
// the answer so far if there is one.
func (v talkPage) formOf(n record) *page.Form {
	if v.of == n.ID {
		return v.form
	}
	f := page.NewForm()
	f.Set(of(fieldStep, n.ID), string(n.Answer.Step)).Set(of(fieldText, n.ID), n.Answer.Text).Set(of(fieldGift, n.ID), n.Answer.Gift)
	f.Set(of(fieldService, n.ID), n.Answer.Service)
	return f.Set(of(fieldAnswer, n.ID), n.Answer.Text).Set(of(fieldChanged, n.ID), n.Changed)
}

// steps are what can happen next with a record.
func (n record) steps() (all []page.Option) {
	for _, step := range conversation.Steps() {
		if n.What == conversation.WhatNeed || step != conversation.IsAdvice && step != conversation.AService {
			all = append(all, page.Option{Value: string(step), Key: "day.step." + string(step)})
		}
	}
	return all
}

// whose offers the neighbours who could, and somebody else.
func (v talkPage) whose(n record) []page.Option {
	all := []page.Option{{Value: "", Label: v.T("day.gift.nobody")}}
	for _, s := range v.Neighbours[n.ID].People {
		all = append(all, page.Option{Value: s.ID, Label: s.Holder.Name + " – " + s.Text})
	}
	return all
}

// which offers the services that could, and one that isn't in the list.
func (v talkPage) which(n record) []page.Option {
	var all []page.Option
	for _, s := range v.Services[n.ID] {
		said := []string{s.OrganizationName}
		for _, why := range s.Why {
			said = append(said, v.Say(why))
		}
		if s.Eligibility != "" {
			said = append(said, v.T("day.service.for", i18n.Args{"whom": s.Eligibility}))
		}
		all = append(all, page.Option{Value: s.ServiceRecord.ID, Label: s.ServiceRecord.Name, Hint: strings.Join(said, " · ")})
	}
	return append(all, page.Option{Value: "", Label: v.T("day.service.else")})
}

// channels are the ways in which somebody says yes.
func channels(b page.Base) []page.Option {
	all := []page.Option{{Label: b.T("people.channel.missing")}}
	for _, c := range people.Channels() {
		all = append(all, page.Option{Value: string(c), Label: b.T("people.channel." + string(c))})
	}
	return all
}

// goesTo says to whom an answer goes back, and in which language it was asked.
func (v talkPage) goesTo() string {
	lang := v.T("day.lang." + string(v.Told.Lang))
	if v.PersonName == "" {
		return v.T("day.answer.unnamed", i18n.Args{"lang": lang})
	}
	return v.T("day.answer.named", i18n.Args{"name": v.PersonName, "lang": lang})
}

// because says which word led to a neighbour.
func (v talkPage) because(s gift.Suggestion) string {
	return v.T(s.Match.Fit.SentenceKey(), i18n.Args{"word": s.Match.Word, "term": v.Words[s.Match.Term]})
}

// nexts are what should happen next, as they ticked it.
func (v talkPage) nexts() (keys []string) {
	for _, n := range [...]struct {
		ticked bool
		key    string
	}{{v.NextHelp, "day.next.help"}, {v.NextAdvise, "day.next.advise"}, {v.NextDo, "day.next.join"}} {
		if n.ticked {
			keys = append(keys, n.key)
		}
	}
	return keys
}

// waits says whether somebody still waits for a first answer.
func (v talkPage) waits() bool {
	open := func(n record) bool { return n.Waits && !n.Passed }
	return slices.ContainsFunc(v.needs(), open) || slices.ContainsFunc(v.supports(), open) || slices.ContainsFunc(v.advice(), open)
}

// late says whether the day by which somebody answers is over.
func (v talkPage) late() bool { return v.AnswerBy.Before(v.Today) }

// today is the calendar day where the initiative's people live.
func today(r *page.Request) time.Time {
	now := r.Site.Now()
	if r.In.Zone != nil {
		now = now.In(r.In.Zone)
	}
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// plural is how the path calls records of a kind.
var plural = map[conversation.What]string{
	conversation.WhatNeed: "needs", conversation.WhatSupport: "supports", conversation.WhatAdvice: "advice",
}

// by names who answered; whoever was erased since has no name.
func (v talkPage) by(person string) string {
	if name := v.Names[person]; name != "" {
		return name
	}
	return v.T("day.talk.somebody")
}
