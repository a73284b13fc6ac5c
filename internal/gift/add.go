package gift

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/jobs"
	"commonweal/internal/people"
)

// fresh is how long a gift is taken to hold before we ask again, in months: a
// starting value of our own judgement.
const fresh = 6

// reviewOn is the day from which we ask whether a gift still holds.
func reviewOn(named db.Day) db.Day { return db.Day{Time: named.AddDate(0, fresh, 0)} }

// By is who offered some gifts, where, and when.
type By struct {
	Person       string // "" when it was said without a name
	Conversation string
	On           db.Day    // the day it was said
	At           time.Time // the moment, as near as it is known
}

// Add writes gifts down in the transaction of whoever knows that this may be,
// each under the word of the list that fits its own words best. Drafts are
// taken as checked; see Check. The list is that of Service.Vocabulary.
func Add(ctx context.Context, q db.Querier, initiative string, v *Vocabulary, by By, drafts []Draft) (gifts []Gift, err error) {
	defer fault.Wrap(&err, "gift.Add in %s", initiative)
	if len(drafts) == 0 {
		return nil, nil
	}
	if v.version == 0 { // an initiative older than its list
		if err := seed(ctx, q, initiative); err != nil {
			return nil, err
		}
	}
	for _, d := range drafts {
		_, id, err := db.Mark(q)
		if err != nil {
			return nil, err
		}
		g := d.gift(v)
		g.ID, g.Person, g.Conversation = id, by.Person, by.Conversation
		g.NamedAt, g.ReviewOn = db.At(by.At), reviewOn(by.On)
		gifts = append(gifts, g)
	}
	return gifts, insert(ctx, q, initiative, gifts)
}

// gift is what a draft says, under the term chosen or the one that fits best.
func (d Draft) gift(v *Vocabulary) Gift {
	g := Gift{
		Text: d.Text, Lang: d.Lang, Kind: d.Kind, WouldTeach: d.Teach, WantToLearn: d.Learn,
		Reach: d.Reach, Times: d.Times, Langs: d.Langs,
	}
	if t, ok := v.Term(d.Term); ok {
		g.Term = t.ID
	} else if m, ok := v.Best(d.Text, d.Lang); ok {
		g.Term = m.Term
	}
	return g
}

// Check gives the draft with its texts trimmed, or says what is wrong with it,
// at the fields text, kind, term, reach, times and langs.
func (d Draft) Check(v *Vocabulary, f *fault.Form) Draft {
	for _, field := range [...]struct {
		name string
		text *string
	}{{"text", &d.Text}, {"reach", &d.Reach}, {"times", &d.Times}, {"langs", &d.Langs}} {
		*field.text = strings.TrimSpace(*field.text)
		CheckText(*field.text, field.name, f)
	}
	f.Check(d.Text != "", "text", "gift.text.missing")
	f.Check(d.Kind.Known(), "kind", "gift.kind.missing")
	_, known := v.Term(d.Term)
	f.Check(d.Term == "" || known, "term", "gift.term.unknown")
	return d
}

// CheckText says at a field what is wrong with the words of one gift.
func CheckText(text, field string, f *fault.Form) {
	checkLong(text, field, MaxText, f)
}

func checkLong(text, field string, limit int, f *fault.Form) {
	f.Check(utf8.RuneCountInString(text) <= limit, field, "gift.text.long", "max", limit)
	f.Check(utf8.ValidString(text) && !strings.ContainsRune(text, 0), field, "gift.text.unreadable")
}

// Mine gives what the actor offered, hidden gifts too. Faults: NotFound.
func (s *Service) Mine(ctx context.Context, who access.Actor, initiative string) (gifts []Gift, err error) {
	defer fault.Wrap(&err, "gift.Mine in %s", initiative)
	v, err := viewOf(who, initiative)
	if err != nil {
		return nil, err
	}
	return ofPerson(ctx, s.DB.Read(), initiative, v.self)
}

// Of gives what a person offered: for themselves, their connector and
// stewards. Faults: NotFound.
func (s *Service) Of(ctx context.Context, who access.Actor, initiative, person string) (gifts []Gift, err error) {
	defer fault.Wrap(&err, "gift.Of %s in %s", person, initiative)
	v, err := viewOf(who, initiative)
	if err != nil {
		return nil, err
	}
	if err := v.knows(ctx, s.DB.Read(), person); err != nil {
		return nil, err
	}
	return ofPerson(ctx, s.DB.Read(), initiative, person)
}

// knows is NotFound unless the person is the actor, or somebody they know.
func (v view) knows(ctx context.Context, q db.Querier, person string) error {
	if person == v.self {
		return nil
	}
	connector, err := connectorOf(ctx, q, v.initiative, person)
	if err != nil {
		return err
	}
	if !v.all && !(v.converse && connector == v.self) {
		return fault.ErrNotFound
	}
	return nil
}

// Write adds one gift of a person: for themselves, their connector and
// stewards. Faults: NotFound; Invalid, with the fields of Check.
func (s *Service) Write(ctx context.Context, who access.Actor, in, person string, d Draft) (g Gift, err error) {
	defer fault.Wrap(&err, "gift.Write for %s in %s", person, in)
	v, err := viewOf(who, in)
	if err != nil {
		return Gift{}, err
	}
	words, err := s.Vocabulary(ctx, in)
	if err != nil {
		return Gift{}, err
	}
	var f fault.Form
	d = d.Check(words, &f)
	if err := f.Err(); err != nil {
		return Gift{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		if err := v.knows(ctx, q, person); err != nil {
			return err
		}
		if err := people.CheckKeep(ctx, q, in, person); err != nil {
			return err
		}
		on, err := today(ctx, q, in, s.Now())
		if err != nil {
			return err
		}
		gifts, err := Add(ctx, q, in, words, By{Person: person, On: on, At: s.Now()}, []Draft{d})
		if err != nil {
			return err
		}
		g = gifts[0]
		return v.note(ctx, q, "write gift", g.ID)
	})
	return g, err
}

// Change puts other words, or another term, to a gift; so it is fresh again.
// Whoever offered it, their connector and stewards may. Faults: NotFound;
// Invalid, with the fields of Check.
func (s *Service) Change(ctx context.Context, who access.Actor, in, id string, d Draft) (g Gift, err error) {
	defer fault.Wrap(&err, "gift.Change %s in %s", id, in)
	words, err := s.Vocabulary(ctx, in)
	if err != nil {
		return Gift{}, err
	}
	var f fault.Form
	d = d.Check(words, &f)
	if err := f.Err(); err != nil {
		return Gift{}, err
	}
	err = s.act(ctx, who, in, id, "change gift", func(q db.Querier, have Held) error {
		on, err := today(ctx, q, in, s.Now())
		if err != nil {
			return err
		}
		g = d.changed(words, have.Gift, on)
		return update(ctx, q, in, g)
	})
	return g, err
}

// changed is a gift with a draft's words. A language that isn't said stays.
func (d Draft) changed(v *Vocabulary, have Gift, on db.Day) Gift {
	if d.Lang == "" {
		d.Lang = have.Lang
	}
	g := d.gift(v)
	g.ID, g.Person, g.Conversation = have.ID, have.Person, have.Conversation
	g.NamedAt, g.ReviewOn = have.NamedAt, reviewOn(on)
	g.LastAskedAt, g.FirstUsedAt = have.LastAskedAt, have.FirstUsedAt
	return g
}

// Reword puts other words to a gift of a conversation, in the transaction of
// whoever knows that this may be. Faults: NotFound; Invalid at "text".
func Reword(ctx context.Context, q db.Querier, in string, v *Vocabulary, conversation, id, text string, on db.Day) (err error) {
	defer fault.Wrap(&err, "gift.Reword %s in %s", id, in)
	have, err := get(ctx, q, in, id)
	if err != nil {
		return err
	}
	if have.Conversation != conversation {
		return fault.ErrNotFound
	}
	g := have.Gift
	d := Draft{
		Kind: g.Kind, Text: text, Lang: g.Lang, Teach: g.WouldTeach, Learn: g.WantToLearn,
		Reach: g.Reach, Times: g.Times, Langs: g.Langs,
	}
	var f fault.Form
	d = d.Check(v, &f)
	if err := f.Err(); err != nil {
		return err
	}
	return update(ctx, q, in, d.changed(v, g, on))
}

// SaidIn reads what was offered in some conversations, in one statement, for
// whoever knows that this may be.
func SaidIn(ctx context.Context, q db.Querier, initiative string, conversations []string) (gifts []Gift, err error) {
	defer fault.Wrap(&err, "gift.SaidIn in %s", initiative)
	return saidIn(ctx, q, initiative, conversations)
}

// Erase takes a gift back: its words go, the count stays. Whoever offered it,
// their connector and stewards may. Faults: NotFound.
func (s *Service) Erase(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "gift.Erase %s in %s", id, in)
	return s.act(ctx, who, in, id, "erase gift", func(q db.Querier, _ Held) error {
		if err := Erase(ctx, q, in, id); err != nil {
			return err
		}
		if err := people.Journal(ctx, q, in, Journalled, id); err != nil {
			return err
		}
		return jobs.Add(ctx, q, jobs.Job{Kind: people.ScrubJob, Unique: people.ScrubJob})
	})
}

// Asked notes that somebody was asked for a gift; Used that it was put to use.
// Their connector and stewards may. Faults: NotFound.
func (s *Service) Asked(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "gift.Asked %s in %s", id, in)
	return s.act(ctx, who, in, id, "ask for gift", func(q db.Querier, _ Held) error {
		return setAsked(ctx, q, in, []string{id}, db.At(s.Now()))
	})
}

// CalledOn is Asked in the transaction of whoever knows that this may be, and
// points a neighbour's gift out to somebody.
func CalledOn(ctx context.Context, q db.Querier, initiative, id string, at time.Time) (err error) {
	defer fault.Wrap(&err, "gift.CalledOn %s in %s", id, initiative)
	return setAsked(ctx, q, initiative, []string{id}, db.At(at))
}

// Used notes that a gift was put to use; see Asked.
func (s *Service) Used(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "gift.Used %s in %s", id, in)
	return s.act(ctx, who, in, id, "use gift", func(q db.Querier, _ Held) error {
		return setUsed(ctx, q, in, id, db.At(s.Now()))
	})
}

// act does something with a gift that the actor may change, and notes it.
func (s *Service) act(ctx context.Context, who access.Actor, in, id, act string, do func(q db.Querier, have Held) error) error {
	v, err := viewOf(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		have, err := v.gift(ctx, q, id)
		if err != nil {
			return err
		}
		if err := do(q, have); err != nil {
			return err
		}
		return v.note(ctx, q, act, id)
	})
}
