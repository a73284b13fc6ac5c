package gift

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/release"
)

// Source is what this room keeps about a person. The list of terms and its
// history hold no one: see Impersonal.
func Source() people.Source {
	return people.Source{
		Name:   "gift",
		Tables: []string{"gift", "gift_gathering", "gift_gathering_person"},
		Said:   true,
		Export: export,
		Erase:  eraseOf,
	}
}

// Impersonal are this room's tables that hold nobody, and why.
func Impersonal() map[string]string {
	return map[string]string{
		"gift_term":      "the group's list of plain words",
		"gift_word":      "how those words are said in each language",
		"gift_term_edit": "what those words were before; who changed them stands in the audit",
	}
}

// part is this room's part of a person's copy.
type part struct {
	Gifts      []giftPart      `json:"gifts"`
	Gatherings []gatheringPart `json:"brought_together"`
}

type giftPart struct {
	Text        string    `json:"text"`
	Lang        i18n.Lang `json:"lang"`
	Kind        Kind      `json:"kind"`
	Term        string    `json:"term,omitzero"`
	WouldTeach  bool      `json:"would_teach"`
	WantToLearn bool      `json:"want_to_learn"`
	Reach       string    `json:"reach,omitzero"`
	Times       string    `json:"times,omitzero"`
	Langs       string    `json:"languages,omitzero"`
	NamedAt     string    `json:"named_at"`
	ReviewOn    string    `json:"review_on"`
	LastAskedAt string    `json:"last_asked_at,omitzero"`
	FirstUsedAt string    `json:"first_used_at,omitzero"`
	HiddenAt    string    `json:"hidden_at,omitzero"`
}

type gatheringPart struct {
	Term   string `json:"term"`
	Title  string `json:"title"`
	MadeAt string `json:"made_at"`
}

func export(ctx context.Context, q db.Querier, initiative, person string) (any, error) {
	gifts, err := ofPerson(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	gatherings, err := gatheringsOf(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	p := part{Gifts: []giftPart{}, Gatherings: []gatheringPart{}}
	for _, g := range gifts {
		p.Gifts = append(p.Gifts, giftPart{
			Text: g.Text, Lang: g.Lang, Kind: g.Kind, Term: g.Term, WouldTeach: g.WouldTeach, WantToLearn: g.WantToLearn,
			Reach: g.Reach, Times: g.Times, Langs: g.Langs, NamedAt: text(g.NamedAt), ReviewOn: g.ReviewOn.String(),
			LastAskedAt: text(g.LastAskedAt), FirstUsedAt: text(g.FirstUsedAt), HiddenAt: text(g.HiddenAt),
		})
	}
	for _, t := range gatherings {
		p.Gatherings = append(p.Gatherings, gatheringPart{Term: t.Term, Title: t.Title, MadeAt: text(t.MadeAt)})
	}
	return p, nil
}

// text is a moment as a copy has it, or nothing.
func text(s db.Stamp) string {
	if s.IsZero() {
		return ""
	}
	return s.Format("2006-01-02T15:04:05Z07:00")
}

// eraseOf forgets a person. Public counts are the same before and after.
func eraseOf(ctx context.Context, q db.Querier, initiative, person string) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	gone, err := countedOfPerson(ctx, q, initiative, person)
	if err != nil {
		return err
	}
	if err := erase(ctx, q, initiative, gone, db.At(now)); err != nil {
		return err
	}
	return forgetGatherings(ctx, q, initiative, person)
}

// Erase takes the words off one gift, in the transaction of whoever knows that
// this may be; the count is kept. A second time changes nothing.
func Erase(ctx context.Context, q db.Querier, initiative, id string) error {
	gone, err := countedByID(ctx, q, initiative, id)
	if err != nil {
		return err
	}
	return eraseNow(ctx, q, initiative, gone)
}

// EraseSaidIn is Erase for everything offered in a conversation.
func EraseSaidIn(ctx context.Context, q db.Querier, initiative, conversation string) error {
	gone, err := countedSaidIn(ctx, q, initiative, conversation)
	if err != nil {
		return err
	}
	return eraseNow(ctx, q, initiative, gone)
}

func eraseNow(ctx context.Context, q db.Querier, initiative string, gone []counted) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	return erase(ctx, q, initiative, gone, db.At(now))
}

// Journalled is what the journal of erasures calls one gift.
const Journalled = "gift"

// Replays erase again, after a restore, the gifts that were erased one by one.
func Replays() map[string]func(ctx context.Context, q db.Querier, initiative, id string) error {
	return map[string]func(ctx context.Context, q db.Querier, initiative, id string) error{Journalled: Erase}
}

// Counts counts people by what they share, for the public release.
func Counts() release.Source { return release.Source{Name: "gift", Count: countForRelease} }

// GatheringCounts counts how often people were brought together, by what they
// share, for the public release.
func GatheringCounts() release.Source {
	return release.Source{Name: "gathering", Count: countGatherings}
}
