package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/place"
)

// talk holds a year of conversations, a few more each month, and answers what
// was asked as neighbours do: most in time, some late, a few not yet.
func (m *maker) talk(ctx context.Context) error {
	for i := range m.size.Talks {
		// The square root spreads more of them towards now.
		left := 1 - float64(i)/float64(m.size.Talks)
		daysAgo := int(float64(m.size.Days) * left * (0.6 + 0.4*left))
		m.at(daysAgo, 9+m.rand.IntN(11))
		where := m.rand.IntN(len(m.areas))
		if err := m.hold(ctx, &m.areas[where]); err != nil {
			return err
		}
		if i%7 == 6 {
			if err := m.answer(ctx); err != nil {
				return err
			}
			if err := m.hear(ctx); err != nil {
				return err
			}
		}
	}
	return m.late(ctx)
}

// late is last night's conversation, at the first connector's last door: it was
// a long one, and nobody has answered yet.
func (m *maker) late(ctx context.Context) error {
	m.at(1, 20)
	a := &m.areas[0]
	d := conversation.Draft{
		Lang: i18n.English, Area: a.ID, Channel: people.Doorstep, Consent: conversation.WithName,
		Name: "Hana W.", Age: people.Adult, Contact: "555-0117", Household: m.door(a),
		Supports: []conversation.SupportKind{conversation.Childcare}, Support: pick(m, m.words.Support[i18n.English]),
		Gifts:    []conversation.GiftDraft{m.offer(i18n.English, gift.Skill)},
		ElseName: pick(m, m.words.Names[i18n.Spanish]), NextHelp: true, NextAdvise: true, NextDo: true,
	}
	need, advice := pick(m, in(d.Lang, m.words.Need)), pick(m, in(d.Lang, m.words.Advice))
	d.Need, d.Delivery, d.Advice, d.AdviceTo = need.Text, need.Delivery, advice.Text, advice.To
	_, err := m.Conversations.Record(ctx, a.connector, m.in.ID, m.key(), d)
	return err
}

// hold is one conversation: at the door, on paper, or somebody alone on a phone.
func (m *maker) hold(ctx context.Context, a *area) error {
	lang := i18n.English
	if m.chance(36) {
		lang = i18n.Spanish
	}
	who, d := a.connector, conversation.Draft{Lang: lang, Area: a.ID, Channel: people.Doorstep, Consent: conversation.WithName}
	switch n := m.rand.IntN(100); {
	case n < 8:
		d.Consent = conversation.JustTalk
	case n < 20:
		who, d.Channel, d.Consent = access.Actor{}, people.Web, conversation.WithoutName
	case n < 28:
		who, d.Channel = access.Actor{}, people.Web
	case n < 45:
		d.Channel = people.Paper
	}
	if d.Consent == conversation.WithName {
		m.introduce(&d, a, who)
	}
	m.say(&d)
	_, err := m.Conversations.Record(ctx, who, m.in.ID, m.key(), d)
	return err
}

// neighbours keeps a number out of those that organizations have, from 40 on:
// what everybody may dial is nobody's own.
func neighbours(number int) int {
	if number >= 40 && number < 60 {
		return number - 20
	}
	return number
}

// introduce says who somebody is, as far as they want.
func (m *maker) introduce(d *conversation.Draft, a *area, who access.Actor) {
	d.Name = pick(m, m.words.Names[d.Lang]) + " " + pick(m, m.words.Initials)
	d.Age = people.Adult
	if m.chance(30) {
		d.Age = people.NotAsked
	}
	switch {
	case m.chance(35):
		d.Contact = fmt.Sprintf("555-01%02d", neighbours(m.rand.IntN(100)))
	case m.chance(15):
		d.Contact = strings.ToLower(strings.NewReplacer(" ", "", ".", "", "é", "e", "ó", "o", "í", "i", "ú", "u", "á", "a", "Ó", "o").Replace(d.Name)) + "@riverside.example"
	}
	if who.IsSignedIn() && m.chance(75) {
		d.Household = m.door(a)
	}
}

// door is a household's code: one met before, or the next door along.
func (m *maker) door(a *area) string {
	if len(a.homes) > 4 && m.chance(20) {
		return pick(m, a.homes)
	}
	var initials strings.Builder
	for _, word := range strings.Fields(a.Name) {
		initials.WriteByte(word[0])
	}
	code := fmt.Sprintf("%s %d", initials.String(), len(a.homes)+1)
	a.homes = append(a.homes, code)
	return code
}

// say fills in the three asks, some of them, as people do.
func (m *maker) say(d *conversation.Draft) {
	w := &m.words
	if m.chance(62) {
		need := pick(m, in(d.Lang, w.Need))
		d.Need, d.Delivery, d.Urgent = need.Text, need.Delivery, m.chance(8)
		d.NextHelp = m.chance(80)
	}
	if m.chance(14) {
		advice := pick(m, in(d.Lang, w.Advice))
		d.Advice, d.AdviceTo, d.NextAdvise = advice.Text, advice.To, m.chance(60)
	}
	kinds := gift.Kinds()
	m.rand.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	for _, kind := range kinds[:1+m.rand.IntN(3)] {
		d.Gifts = append(d.Gifts, m.offer(d.Lang, kind))
	}
	if m.chance(22) {
		d.Gifts = append(d.Gifts, conversation.GiftDraft{Kind: gift.Skill, Text: pick(m, w.Learn[d.Lang]), Learn: true})
	}
	if m.chance(48) {
		all := conversation.SupportKinds()
		d.Supports = []conversation.SupportKind{pick(m, all)}
	}
	if m.chance(16) {
		d.Support = pick(m, w.Support[d.Lang])
	}
	if m.chance(25) {
		d.Care = pick(m, w.Care[d.Lang])
	}
	d.NextDo = m.chance(64)
	if m.chance(9) {
		d.ElseName = pick(m, w.Names[d.Lang])
	}
}

// offer is one or two gifts of a kind. Reading comes up often: that is what
// this initiative asks about.
func (m *maker) offer(lang i18n.Lang, kind gift.Kind) conversation.GiftDraft {
	some := m.words.Gifts[lang][string(kind)]
	one := some[min(m.rand.IntN(len(some)), m.rand.IntN(len(some)))]
	texts := []string{one}
	if other := pick(m, some); m.chance(30) && other != one {
		texts = append(texts, other)
	}
	return conversation.GiftDraft{Kind: kind, Text: strings.Join(texts, ", "), Teach: kind != gift.Experience && m.chance(18)}
}

// answer has each connector answer what has waited a few days: most of it.
func (m *maker) answer(ctx context.Context) error {
	var done []string
	for _, a := range m.areas {
		person := a.connector.Person(m.in.ID)
		if slices.Contains(done, person) {
			continue
		}
		done = append(done, person)
		day, err := m.Conversations.Day(ctx, a.connector, m.in.ID)
		if err != nil {
			return err
		}
		for _, w := range day.Waiting {
			if day.Today.Sub(w.HeldOn.Time).Hours() < 72 || !m.chance(70) {
				continue
			}
			if err := m.reply(ctx, a.connector, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// hear lets people hear what was answered: some by mail, and most of the others
// from their connector.
func (m *maker) hear(ctx context.Context) error {
	if _, err := m.Notices.Send(ctx, m.in.ID); err != nil {
		return err
	}
	var done []string
	for _, a := range m.areas {
		person := a.connector.Person(m.in.ID)
		if slices.Contains(done, person) {
			continue
		}
		done = append(done, person)
		const oneWalk = 50
		notes, _, err := m.Notices.Notes(ctx, a.connector, m.in.ID, oneWalk)
		if err != nil {
			return err
		}
		for _, n := range notes[:len(notes)-len(notes)/3] { // some weren't at home
			if err := m.Notices.HandOver(ctx, a.connector, m.in.ID, n.Person, n.Through); err != nil {
				return err
			}
		}
	}
	return nil
}

// reply answers one need, or something that would help, in words of the
// language it was said in.
func (m *maker) reply(ctx context.Context, who access.Actor, w conversation.Pending) error {
	told, err := m.Conversations.Open(ctx, who, m.in.ID, w.Conversation)
	if err != nil {
		return err
	}
	answers := in(told.Lang, m.words.Answer)
	if w.What == conversation.WhatSupport {
		answers = in(told.Lang, m.words.Helped)
	}
	a := answers[min(m.rand.IntN(len(answers)), m.rand.IntN(len(answers)))]
	d := conversation.AnswerDraft{Step: conversation.Step(a.Step), Text: a.Text}
	switch w.What {
	case conversation.WhatSupport:
		return m.Conversations.AnswerSupport(ctx, who, m.in.ID, w.ID, d)
	case conversation.WhatAdvice:
		heard := pick(m, in(told.Lang, m.words.Heard))
		return m.Conversations.AnswerAdvice(ctx, who, m.in.ID, w.ID, heard.Text, heard.To)
	default:
		if d.Step == conversation.AService {
			if d, err = m.serve(ctx, who, told, w.ID, d, answers[0]); err != nil {
				return err
			}
		}
		return m.Conversations.Answer(ctx, who, m.in.ID, w.ID, d)
	}
}

// serve points to a service that could meet a need; where there is none, a
// neighbour can.
func (m *maker) serve(ctx context.Context, who access.Actor, told conversation.Told, need string, d conversation.AnswerDraft, otherwise said) (conversation.AnswerDraft, error) {
	found, err := m.Conversations.Services(ctx, who, m.in.ID, told)
	if err != nil {
		return d, err
	}
	if len(found[need]) == 0 {
		return conversation.AnswerDraft{Step: conversation.Step(otherwise.Step), Text: otherwise.Text}, nil
	}
	d.Service = found[need][0].ServiceRecord.ID
	return d, nil
}

// confide is the conversation of the neighbour whom one can look around as:
// what she needed was answered, what she offered was found.
func (m *maker) confide(ctx context.Context) error {
	m.at(30, 17)
	_, err := m.Conversations.Record(ctx, m.areas[0].connector, m.in.ID, m.key(), conversation.Draft{
		Consent: conversation.WithName, Person: m.resident, Channel: people.Doorstep, Lang: i18n.English, Area: m.areas[0].ID,
		Need: "Story time on a Saturday. Weekday mornings I'm at work.", NextHelp: true, NextDo: true,
		Gifts: []conversation.GiftDraft{
			{Kind: gift.Skill, Text: "storytelling, cooking for a crowd", Teach: true},
			{Kind: gift.Knowledge, Text: "Arabic"},
		},
		Supports: []conversation.SupportKind{conversation.Company},
		Advice:   "Ask the grandparents. We have the time and the stories.",
	})
	if err != nil {
		return err
	}
	m.at(26, 18)
	day, err := m.Conversations.Day(ctx, m.areas[0].connector, m.in.ID)
	if err != nil {
		return err
	}
	for _, w := range day.Waiting {
		if w.Person == m.resident {
			if err := m.reply(ctx, m.areas[0].connector, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish brings some together who share a gift, announces what is on, and
// releases the counts.
func (m *maker) finish(ctx context.Context) error {
	m.at(20, 19)
	common, err := m.Gifts.InCommon(ctx, m.steward, m.in.ID)
	if err != nil {
		return err
	}
	for _, c := range common[:min(2, len(common))] {
		d := gift.DraftGathering(c.Term, c.Known+c.Others, i18n.English)
		if _, err := m.Gifts.BringTogether(ctx, m.steward, m.in.ID, c.Term.ID, d); err != nil {
			return err
		}
	}
	m.at(1, 15)
	if err := m.Gifts.Review(ctx, m.in.ID); err != nil {
		return err
	}
	m.at(1, 19)
	if _, err := m.Notices.Send(ctx, m.in.ID); err != nil {
		return err
	}
	m.at(0, m.now.Hour())
	for _, h := range m.words.Happening {
		if err := m.announce(ctx, h.Title, h.Where, h.Area, h.Lang, h.InDays); err != nil {
			return err
		}
	}
	return m.Releases.Publish(ctx, m.in.ID)
}

func (m *maker) announce(ctx context.Context, title, spot, where string, lang i18n.Lang, inDays int) error {
	i := slices.IndexFunc(m.areas, func(a area) bool { return a.Name == where })
	_, err := m.Places.CreateHappening(ctx, m.steward, m.in.ID, place.HappeningDraft{
		Title: title, Spot: spot, Area: m.areas[max(0, i)].ID, Lang: string(lang),
		On: m.now.AddDate(0, 0, inDays).Format("2006-01-02"), At: "18:30",
	})
	return err
}
