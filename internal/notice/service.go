package notice

import (
	"context"
	"log/slog"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Service says what was told, and keeps how people want to hear it.
type Service struct {
	DB      *db.DB
	Now     clock.Clock
	Log     *slog.Logger
	BaseURL string // https://example.org, for links in mail

	// Open are the rooms whose matters can be read without signing in, by kind.
	Open map[string]Opener
}

// Key lets whoever holds it read about one matter without signing in.
type Key struct {
	Path string // below the initiative
	Code string // to type there, or ""
}

// Opener makes a key to each of some matters of one kind, for a message that
// is about to go out, in a number of statements that doesn't grow with theirs.
type Opener func(ctx context.Context, q db.Querier, initiative string, matters []string) (map[string]Key, error)

const (
	shownNews = 50 // how many matters a page shows
	maxMatter = 200
)

// self is who the actor is in an initiative. Whoever is nobody there has no
// notices.
func self(who access.Actor, initiative string) (string, error) {
	if person := who.Person(initiative); person != "" {
		return person, nil
	}
	return "", fault.ErrNotFound
}

func note(ctx context.Context, q db.Querier, who access.Actor, initiative, act, person string) error {
	return audit.Note(ctx, q, audit.Event{
		Initiative: initiative, Account: who.Account, Person: who.Person(initiative), For: who.For, Act: act, Object: person,
	})
}

// List gives what the actor was told, the newest first, one line a matter, the
// latest fifty. Faults: NotFound for whoever is nobody in the initiative.
func (s *Service) List(ctx context.Context, who access.Actor, in string) (all []News, err error) {
	defer fault.Wrap(&err, "notice.List in %s", in)
	person, err := self(who, in)
	if err != nil {
		return nil, err
	}
	return newsOf(ctx, s.DB.Read(), in, person, shownNews)
}

// Mute has the actor hear no more of one matter, or hear of it again. What
// waits in it isn't sent. Faults: NotFound, also for a matter of which they
// were never told.
func (s *Service) Mute(ctx context.Context, who access.Actor, in string, m Matter, mute bool) (err error) {
	defer fault.Wrap(&err, "notice.Mute in %s", in)
	person, err := self(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if err := s.mute(ctx, q, in, person, m, mute); err != nil {
			return err
		}
		return note(ctx, q, who, in, "mute notices", person)
	})
}

func (s *Service) mute(ctx context.Context, q db.Querier, in, person string, m Matter, mute bool) error {
	if len(m.Kind)+len(m.ID) > maxMatter {
		return fault.ErrNotFound
	}
	heard, err := wasTold(ctx, q, in, person, m)
	if err != nil {
		return err
	}
	if !heard {
		return fault.ErrNotFound
	}
	at := db.At(s.Now())
	if !mute {
		return unmute(ctx, q, in, person, m)
	}
	if err := insertMute(ctx, q, in, person, m, at); err != nil {
		return err
	}
	return settleMatter(ctx, q, in, person, m, at)
}

// Hearing says how the actor hears. Faults: NotFound for whoever is nobody in
// the initiative.
func (s *Service) Hearing(ctx context.Context, who access.Actor, in string) (h Hearing, err error) {
	defer fault.Wrap(&err, "notice.Hearing in %s", in)
	person, err := self(who, in)
	if err != nil {
		return Hearing{}, err
	}
	return hearing(ctx, s.DB.Read(), in, person)
}

// Choose keeps how the actor wants to hear. Faults: NotFound; Invalid, at
// "channel" for one that they can't be reached by, and at "rhythm".
func (s *Service) Choose(ctx context.Context, who access.Actor, in string, p Preferences) (err error) {
	defer fault.Wrap(&err, "notice.Choose in %s", in)
	person, err := self(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		h, err := hearing(ctx, q, in, person)
		if err != nil {
			return err
		}
		if err := h.check(p); err != nil {
			return err
		}
		if err := s.choose(ctx, q, in, person, p); err != nil {
			return err
		}
		return note(ctx, q, who, in, "choose notices", person)
	})
}

// check says what is wrong with a choice.
func (h Hearing) check(p Preferences) error {
	var f fault.Form
	switch {
	case slices.Contains(h.Offered(), p.Channel):
	case h.Child && slices.Contains(Channels(), p.Channel):
		f.Add("channel", "notice.channel.child")
	case p.Channel == Mail:
		f.Add("channel", "notice.channel.address")
	default:
		f.Add("channel", "notice.channel.missing")
	}
	f.Check(slices.Contains(Rhythms(), p.Rhythm), "rhythm", "notice.rhythm.missing")
	return f.Err()
}

func (s *Service) choose(ctx context.Context, q db.Querier, in, person string, p Preferences) error {
	at := db.At(s.Now())
	if err := upsertChoice(ctx, q, in, []string{person}, p, at); err != nil || p.Channel != None {
		return err
	}
	return settlePeople(ctx, q, in, []string{person}, byNone, at)
}
