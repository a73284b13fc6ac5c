// Package release is what the public is told of people in numbers: counted
// once a day, with small numbers hidden once, and kept as it was said.
//
// Pages, files and pictures read the latest release and never count for
// themselves, so that nobody learns what one neighbour said by reloading a
// page before and after a visit. See docs/decisions/0002.
package release

import (
	"context"
	"slices"
	"time"

	"commonweal/evidence"
	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Cell is one true count, before anything is hidden.
type Cell struct {
	Key string // what is counted: the id of a term, an area
	N   int
}

// Source counts one subject of an initiative; a room above exports one for
// each breakdown of people that its pages show.
type Source struct {
	Name  string
	Count func(ctx context.Context, q db.Querier, initiative string) ([]Cell, error)
}

// Count is one count as the public may read it.
type Count struct {
	Key    string
	N      int // rounded; meaningless when Hidden
	Hidden bool
}

// Text is the count as it stands on a page: "*" when it is hidden.
func (c Count) Text() string { return evidence.Cell{Count: c.N, Hidden: c.Hidden}.String() }

// Total is the key under which a subject's sum is kept.
const Total = ""

// Release is everything that was said on one day.
type Release struct {
	On     db.Day // zero when nothing was counted yet
	counts map[string][]Count
}

// Of gives the counts of a subject, largest first and the hidden last, without
// the total.
func (r Release) Of(subject string) []Count {
	return slices.DeleteFunc(slices.Clone(r.counts[subject]), func(c Count) bool { return c.Key == Total })
}

// Find gives one count of a subject; what was not counted is zero.
func (r Release) Find(subject, key string) Count {
	for _, c := range r.counts[subject] {
		if c.Key == key {
			return c
		}
	}
	return Count{Key: key}
}

// Service makes and reads releases.
type Service struct {
	DB      *db.DB
	IDs     *db.IDs
	Now     clock.Clock
	Sources []Source
	// Today is the initiative's own day, which is not always UTC's.
	Today func(ctx context.Context, initiative string) (db.Day, error)
}

// Publish counts every subject of an initiative and releases what may be shown.
func (s *Service) Publish(ctx context.Context, initiative string) (err error) {
	defer fault.Wrap(&err, "release.Publish in %s", initiative)
	on, err := s.Today(ctx, initiative)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error { return s.publish(ctx, q, initiative, on) })
}

func (s *Service) publish(ctx context.Context, q db.Querier, initiative string, on db.Day) error {
	counts := make(map[string][]Count, len(s.Sources))
	for _, source := range s.Sources {
		cells, err := source.Count(ctx, q, initiative)
		if err != nil {
			return err
		}
		if counts[source.Name], err = suppressed(cells); err != nil {
			return err
		}
	}
	if err := insert(ctx, q, initiative, s.IDs.New(), s.Now(), on, counts); err != nil {
		return err
	}
	return db.Touch(ctx, q, initiative)
}

// again is how long after a release the next one may be asked for. Each release
// tells a little more about who came in between, so they stay far apart.
const again = time.Hour

// CountAgain counts now and not at the end of the day. Stewards may, an hour
// after the last time at the earliest. Faults: NotFound; Conflict
// "release.again.soon".
func (s *Service) CountAgain(ctx context.Context, who access.Actor, initiative string) (err error) {
	defer fault.Wrap(&err, "release.CountAgain in %s", initiative)
	if err := who.Require(initiative, access.Steer); err != nil {
		return err
	}
	on, err := s.Today(ctx, initiative)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		last, err := lastMade(ctx, q, initiative)
		if err != nil {
			return err
		}
		if s.Now().Before(last.Add(again)) {
			return fault.New(fault.Conflict, "release.again.soon")
		}
		if err := s.publish(ctx, q, initiative, on); err != nil {
			return err
		}
		return audit.Note(ctx, q, audit.Event{
			Initiative: initiative, Account: who.Account, Person: who.Person(initiative), For: who.For,
			Act: "count again", Object: initiative,
		})
	})
}

// Latest is the newest release of an initiative; before the first one it is
// empty, with a zero day.
func (s *Service) Latest(ctx context.Context, initiative string) (r Release, err error) {
	defer fault.Wrap(&err, "release.Latest in %s", initiative)
	return latest(ctx, s.DB.Read(), initiative)
}

// suppressed is the one place where counts of people become public ones.
func suppressed(cells []Cell) ([]Count, error) {
	if len(cells) == 0 {
		return nil, nil
	}
	counts := make([]int, len(cells))
	for i, c := range cells {
		counts[i] = c.N
	}
	shown, total, err := evidence.Counts(counts, evidence.Rule{})
	if err != nil {
		return nil, err
	}
	out := make([]Count, 0, len(cells)+1)
	for i, c := range shown {
		out = append(out, Count{Key: cells[i].Key, N: c.Count, Hidden: c.Hidden})
	}
	return append(out, Count{Key: Total, N: total.Count, Hidden: total.Hidden}), nil
}
