package people

import (
	"context"
	"errors"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// What the journal calls the things that this room erases.
const (
	subjectPerson  = "person"
	subjectConsent = "consent" // withdrawn, and what was kept on the strength of it
)

// Erasure is one line of the journal: ids and a day, nothing else.
type Erasure struct {
	Initiative string   `json:"initiative"`
	Subject    string   `json:"subject"` // "person"; other rooms have their own
	ID         string   `json:"id"`
	At         db.Stamp `json:"at"`
}

// Journal writes an erasure down in the transaction that erases, for rooms
// that erase something by itself; once for each id.
func Journal(ctx context.Context, q db.Querier, in, subject, id string) (err error) {
	defer fault.Wrap(&err, "people.Journal %s %s in %s", subject, id, in)
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	return journal(ctx, q, Erasure{Initiative: in, Subject: subject, ID: id, At: db.At(now)})
}

// Erasures gives the whole journal, oldest first: what is carried over into a
// restored copy. For whoever runs the server.
func Erasures(ctx context.Context, q db.Querier) (all []Erasure, err error) {
	defer fault.Wrap(&err, "people.Erasures")
	return erasures(ctx, q)
}

// ReplayErasures erases again, in a restored copy, what had been erased after
// the copy was made, and says how much that was. What the copy's own journal
// holds is left alone. For whoever runs the server.
func (s *Service) ReplayErasures(ctx context.Context, kept []Erasure) (n int, err error) {
	defer fault.Wrap(&err, "people.ReplayErasures")
	have, err := erasures(ctx, s.DB.Read())
	if err != nil {
		return 0, err
	}
	done := map[Erasure]bool{}
	for _, e := range have {
		done[e.key()] = true
	}
	for _, e := range kept {
		if done[e.key()] {
			continue
		}
		if err := s.DB.Tx(ctx, func(q db.Querier) error { return s.replay(ctx, q, e) }); err != nil {
			return n, err
		}
		done[e.key()] = true
		n++
	}
	return n, nil
}

// Replay erases again, in the transaction that brings an initiative back from
// elsewhere, what had been erased since, and says how much that was. What is of
// other initiatives, or in the journal already, is left alone. For whoever runs
// the server.
func (s *Service) Replay(ctx context.Context, q db.Querier, in string, kept []Erasure) (n int, err error) {
	defer fault.Wrap(&err, "people.Replay in %s", in)
	have, err := erasures(ctx, q)
	if err != nil {
		return 0, err
	}
	done := map[Erasure]bool{}
	for _, e := range have {
		done[e.key()] = true
	}
	for _, e := range kept {
		if e.Initiative != in || done[e.key()] {
			continue
		}
		done[e.key()] = true
		if err := s.replay(ctx, q, e); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// errUnknownSubject is a journal that a later commonweal wrote.
var errUnknownSubject = errors.New("people: the journal holds erasures that this commonweal doesn't know")

// key is an erasure without its day.
func (e Erasure) key() Erasure {
	e.At = db.Stamp{}
	return e
}

// replay erases one thing again. What the copy doesn't know came after it was
// made; the journal keeps it all the same.
func (s *Service) replay(ctx context.Context, q db.Querier, e Erasure) error {
	var err error
	switch again := s.Replays[e.Subject]; {
	case e.Subject == subjectPerson:
		err = s.replayPerson(ctx, q, e)
	case e.Subject == subjectConsent:
		err = s.replayConsent(ctx, q, e)
	case again != nil:
		err = again(ctx, q, e.Initiative, e.ID)
	default:
		err = errUnknownSubject
	}
	if err != nil {
		return err
	}
	if err := ScrubLater(ctx, q); err != nil {
		return err
	}
	return journal(ctx, q, e)
}

func (s *Service) replayPerson(ctx context.Context, q db.Querier, e Erasure) error {
	if _, err := living(ctx, q, e.Initiative, e.ID); err != nil {
		return unlessGone(err)
	}
	return s.erase(ctx, q, e.Initiative, e.ID, e.At)
}

func (s *Service) replayConsent(ctx context.Context, q db.Querier, e Erasure) error {
	person, err := consentOf(ctx, q, e.Initiative, e.ID)
	if err != nil {
		return unlessGone(err)
	}
	// Not as anybody: whoever runs the server replays, and sees nothing of it.
	r, err := view{initiative: e.Initiative, all: true}.record(ctx, q, person)
	if err != nil {
		return unlessGone(err)
	}
	i := slices.IndexFunc(r.Consents, func(c Consent) bool { return c.ID == e.ID })
	if i < 0 || !r.Consents[i].Stands() {
		return nil
	}
	r.Consents[i].WithdrawnAt = e.At
	return s.withdraw(ctx, q, e.Initiative, r, r.Consents[i])
}

func unlessGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
