package notice

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
)

// Note is what a connector should tell somebody, or bring them on paper.
type Note struct {
	Person, Name string
	Lang         i18n.Lang // to write to them in
	Child        bool
	Paper        bool // a sheet may be brought; the others hear by word of mouth alone
	News         []News
	Through      string // the last that is in it: what comes later is told later
}

// Notes gives what the actor should tell those of their people who hear
// nothing by mail, and to how many in all; who has waited longest comes first.
// Connectors see their own people, stewards everybody. Faults: NotFound.
func (s *Service) Notes(ctx context.Context, who access.Actor, in string, limit int) (all []Note, total int, err error) {
	defer fault.Wrap(&err, "notice.Notes in %s", in)
	connector, err := narrowed(who, in)
	if err != nil {
		return nil, 0, err
	}
	q := s.DB.Read()
	here, err := initiative.Get(ctx, q, in)
	if err != nil {
		return nil, 0, err
	}
	listeners, total, err := listening(ctx, q, in, connector, who.Person(in), limit)
	if err != nil || len(listeners) == 0 {
		return nil, 0, err
	}
	var ids []string
	for _, l := range listeners {
		ids = append(ids, l.person)
	}
	news, err := waitingNews(ctx, q, in, ids)
	if err != nil {
		return nil, 0, err
	}
	for _, l := range listeners {
		all = append(all, Note{
			Person: l.person, Name: l.name, Child: l.child, Paper: !l.child && l.channel != Connector, Through: l.through,
			News: news[l.person], Lang: langOf(here, l.langs, news[l.person]),
		})
	}
	return all, total, nil
}

// HandOver notes that somebody was told, or has their letter: all that waited
// up to the one that was the last. Once more changes nothing. Their connector
// and stewards may. Faults: NotFound.
func (s *Service) HandOver(ctx context.Context, who access.Actor, in, person, through string) (err error) {
	defer fault.Wrap(&err, "notice.HandOver to %s in %s", person, in)
	connector, err := narrowed(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		theirs, err := knows(ctx, q, in, connector, person)
		if err != nil {
			return err
		}
		if !theirs {
			return fault.ErrNotFound
		}
		n, err := settleThrough(ctx, q, in, person, through, db.At(s.Now()))
		if err != nil || n == 0 {
			return err
		}
		return note(ctx, q, who, in, "hand over notices", person)
	})
}

// narrowed is whose people an actor sees: "" for a steward, who sees all.
func narrowed(who access.Actor, in string) (connector string, err error) {
	if err := who.Require(in, access.Converse); err != nil {
		return "", err
	}
	if who.May(in, access.Steer) {
		return "", nil
	}
	return self(who, in)
}

// listener is somebody who hears through a connector.
type listener struct {
	person, name, langs, through string
	child                        bool
	channel                      Channel // as they chose
}
