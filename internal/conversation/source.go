package conversation

import (
	"context"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
	"commonweal/internal/link"
	"commonweal/internal/notice"
	"commonweal/internal/people"
	"commonweal/internal/release"
)

// Source is what this room keeps about a person.
func Source() people.Source {
	return people.Source{
		Name:   "conversation",
		Tables: []string{"conversation", "need", "support", "advice", "conversation_reply", "referral", "talk_count", "handover"},
		Said:   true,
		Erase:  eraseOf,

		Export: export, ExportToOthers: exportToOthers,
	}
}

// talkPart is one conversation in a person's copy. Who answered stands there by
// id; the third person's name that somebody gave is the connector's reminder
// and in nobody's copy.
type talkPart struct {
	HeldOn   string        `json:"held_on"`
	Channel  string        `json:"channel"`
	Lang     i18n.Lang     `json:"lang"`
	Care     string        `json:"cares_about,omitzero"`
	Next     []string      `json:"next,omitzero"`
	AnswerBy string        `json:"answer_by"`
	Needs    []needPart    `json:"needs,omitzero"`
	Supports []supportPart `json:"supports,omitzero"`
	Advice   []advicePart  `json:"advice,omitzero"`
}

type needPart struct {
	Text       string       `json:"text"`
	Delivery   string       `json:"delivery,omitzero"`
	Urgent     bool         `json:"urgent"`
	Visibility Visibility   `json:"visibility"`
	Answer     answerPart   `json:"answer,omitzero"`
	Handed     []handedPart `json:"contact_given_to,omitzero"`
}

// handedPart is a service that was let call them about a need.
type handedPart struct {
	Service string `json:"service"`
	On      string `json:"on"`

	need string
}

type supportPart struct {
	Kind   SupportKind `json:"kind"`
	Text   string      `json:"text,omitzero"`
	Answer answerPart  `json:"answer,omitzero"`
}

type advicePart struct {
	Text      string `json:"text"`
	To        string `json:"to,omitzero"`
	Answer    string `json:"answer,omitzero"`
	Changed   string `json:"changed,omitzero"`
	WouldHelp bool   `json:"would_help"`
}

type answerPart struct {
	Step Step   `json:"step"`
	Text string `json:"text"`
	On   string `json:"on"`
}

func export(ctx context.Context, q db.Querier, initiative, person string) (any, error) {
	return exported(ctx, q, initiative, person, func(Need) bool { return true })
}

// exportToOthers leaves out the needs that somebody keeps to themselves.
func exportToOthers(ctx context.Context, q db.Querier, initiative, person string) (any, error) {
	return exported(ctx, q, initiative, person, func(n Need) bool { return n.Visibility != OnlyMe })
}

func exported(ctx context.Context, q db.Querier, initiative, person string, shown func(Need) bool) (any, error) {
	talks, err := ofPerson(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	all, err := withSaid(ctx, q, initiative, talks)
	if err != nil {
		return nil, err
	}
	handed, err := handedOf(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	parts := []talkPart{}
	for _, t := range all {
		t.Needs = slices.DeleteFunc(t.Needs, func(n Need) bool { return !shown(n) })
		parts = append(parts, t.part(handed))
	}
	return parts, nil
}

func (t Said) part(handed []handedPart) talkPart {
	p := talkPart{HeldOn: t.HeldOn.String(), Channel: string(t.Channel), Lang: t.Lang, Care: t.Care, AnswerBy: t.AnswerBy.String()}
	for _, next := range [...]struct {
		yes  bool
		name string
	}{{t.NextHelp, "help"}, {t.NextAdvise, "advise"}, {t.NextDo, "do"}} {
		if next.yes {
			p.Next = append(p.Next, next.name)
		}
	}
	for _, n := range t.Needs {
		of := slices.DeleteFunc(slices.Clone(handed), func(h handedPart) bool { return h.need != n.ID })
		p.Needs = append(p.Needs, needPart{n.Text, n.Delivery, n.Urgent, n.Visibility, n.Answer.part(), of})
	}
	for _, n := range t.Supports {
		p.Supports = append(p.Supports, supportPart{n.Kind, n.Text, n.Answer.part()})
	}
	for _, a := range t.Advice {
		p.Advice = append(p.Advice, advicePart{a.Text, a.To, a.Answer, a.Changed, a.WouldHelp})
	}
	return p
}

func (a Answer) part() answerPart {
	if a.Step == Waiting {
		return answerPart{}
	}
	return answerPart{a.Step, a.Text, a.At.Format("2006-01-02")}
}

// eraseOf forgets what a person said. Public counts are the same before and
// after. What they were to read as a connector is the stewards' from then on,
// who see everything.
func eraseOf(ctx context.Context, q db.Querier, initiative, person string) error {
	ids, err := talksOf(ctx, q, initiative, person)
	if err != nil {
		return err
	}
	for _, id := range ids { // a person has few, and each has its own codes
		if err := link.Revoke(ctx, q, initiative, codeKind, id); err != nil {
			return err
		}
	}
	if err := notice.Forget(ctx, q, initiative, noticed, ids...); err != nil {
		return err
	}
	return emptyTalks(ctx, q, initiative, byPerson, person)
}

// Counts counts conversations by area, for the public release.
func Counts() release.Source {
	return release.Source{Name: "talk", Count: countForRelease}
}
