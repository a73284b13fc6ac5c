// Package upkeep is the housekeeping of an initiative as its stewards see it,
// and that of the server as its operator does: work that got stuck, letters
// that wait to be passed on, the record of who did what, and who holds a key.
//
// The rooms of the floor keep these things without knowing who may ask. Here
// is where that is known.
package upkeep

import (
	"context"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/backup"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/jobs"
	"commonweal/internal/mail"
)

// Service is what stewards may see of their initiative, and the operator of
// the server. Where a verb takes an initiative, "" is the server's own.
type Service struct{ DB *db.DB }

// may is nil for a steward of the initiative, and of "" for the operator.
func may(who access.Actor, initiative string) error {
	if initiative == "" {
		return who.Require("", access.Operate)
	}
	return who.Require(initiative, access.Steer)
}

// State is how the house runs.
type State struct {
	Stuck    int       // jobs that wait for somebody to try them again
	Letters  int       // letters that wait to be passed on by hand
	Verified time.Time // when a backup was last restored and compared; zero is never
}

// State says how the house runs. Stewards may know, and of the server its
// operator. Faults: NotFound.
func (s *Service) State(ctx context.Context, who access.Actor, in string) (state State, err error) {
	defer fault.Wrap(&err, "upkeep.State of %s", in)
	if err := may(who, in); err != nil {
		return State{}, err
	}
	q := s.DB.Read()
	if state.Stuck, err = jobs.StuckIn(ctx, q, in); err != nil {
		return State{}, err
	}
	if state.Letters, err = mail.CountWaiting(ctx, q, in); err != nil {
		return State{}, err
	}
	state.Verified, err = backup.Verified(ctx, q)
	return state, err
}

// Jobs gives the work that isn't done, what is stuck first. Stewards may see
// it, and the server's own its operator. Faults: NotFound.
func (s *Service) Jobs(ctx context.Context, who access.Actor, in string) (all []jobs.Entry, err error) {
	defer fault.Wrap(&err, "upkeep.Jobs of %s", in)
	if err := may(who, in); err != nil {
		return nil, err
	}
	return jobs.List(ctx, s.DB.Read(), in)
}

// Retry has a job that is stuck tried again. Stewards may, and the operator
// for the server's own. Faults: NotFound, also when it isn't stuck any more.
func (s *Service) Retry(ctx context.Context, who access.Actor, in, job string) (err error) {
	defer fault.Wrap(&err, "upkeep.Retry %s of %s", job, in)
	return s.act(ctx, who, in, "retry job", func(q db.Querier) (string, error) {
		return job, jobs.Retry(ctx, q, in, job)
	})
}

// Letters gives the latest messages, the newest first, without their text; and
// without the address, which some leave only for their answer, unless somebody
// has to pass the message on. Stewards may see them, and the server's own its operator. Faults: NotFound.
func (s *Service) Letters(ctx context.Context, who access.Actor, in string) (all []mail.Letter, err error) {
	defer fault.Wrap(&err, "upkeep.Letters of %s", in)
	if err := may(who, in); err != nil {
		return nil, err
	}
	if all, err = mail.Outbox(ctx, s.DB.Read(), in); err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Body = ""
		if !all[i].Waits() {
			all[i].To = ""
		}
	}
	return all, nil
}

// Letter gives one message with its text, to be passed on by hand. Stewards
// may read it, and the server's own its operator; it is noted, for whom it is
// to. Faults: NotFound, also when it doesn't wait.
func (s *Service) Letter(ctx context.Context, who access.Actor, in, id string) (l mail.Letter, err error) {
	defer fault.Wrap(&err, "upkeep.Letter %s of %s", id, in)
	err = s.act(ctx, who, in, "read letter", func(q db.Querier) (string, error) {
		if l, err = mail.Get(ctx, q, in, id); err != nil {
			return "", err
		}
		if !l.Waits() {
			l = mail.Letter{}
			return "", fault.ErrNotFound
		}
		if l.Person == "" {
			return id, nil
		}
		return l.Person, nil
	})
	return l, err
}

// HandOver notes that a letter was passed on by hand; its text is gone then.
// Stewards may, and the operator for the server's own. Faults: NotFound, also
// when it doesn't wait.
func (s *Service) HandOver(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "upkeep.HandOver %s of %s", id, in)
	return s.act(ctx, who, in, "hand over letter", func(q db.Querier) (string, error) {
		return id, mail.HandOver(ctx, q, in, id)
	})
}

// act does something for who may, and notes it, in one transaction.
func (s *Service) act(ctx context.Context, who access.Actor, in, act string, do func(q db.Querier) (object string, err error)) error {
	if err := may(who, in); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		object, err := do(q)
		if err != nil {
			return err
		}
		return audit.Note(ctx, q, audit.Event{
			Initiative: in, Account: who.Account, Person: who.Person(in), For: who.For, Act: act, Object: object,
		})
	})
}
