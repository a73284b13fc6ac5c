package conversation

import (
	"context"
	"slices"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/people"
)

// Referral gives one reminder: to the connector whose it is, or to stewards
// where it was given to them. Faults: NotFound.
func (s *Service) Referral(ctx context.Context, who access.Actor, in, id string) (r Referral, err error) {
	defer fault.Wrap(&err, "conversation.Referral %s in %s", id, in)
	v, err := workingView(who, in)
	if err != nil {
		return Referral{}, err
	}
	return referral(ctx, s.DB.Read(), v, id)
}

// Yes is what somebody agreed to whose name another neighbour gave.
type Yes struct {
	Name    string         // name: as they want to be called; "" is the name that was given
	Channel people.Channel // channel: how they said so
	MayAsk  bool           // next: they may be asked to join in
}

// SaidYes turns a reminder into a person whom the actor knows: that neighbour
// was asked and wants to be written down. The connector whose reminder it is
// may; stewards, where it was given to them. Faults: NotFound; Invalid at
// "name" and "channel".
func (s *Service) SaidYes(ctx context.Context, who access.Actor, in, id string, y Yes) (p people.Person, err error) {
	defer fault.Wrap(&err, "conversation.SaidYes to %s in %s", id, in)
	v, err := workingView(who, in)
	if err != nil {
		return people.Person{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		p, err = s.saidYes(ctx, q, v, id, y)
		return err
	})
	return p, err
}

func (s *Service) saidYes(ctx context.Context, q db.Querier, v view, id string, y Yes) (people.Person, error) {
	here, err := initiative.Get(ctx, q, v.initiative)
	if err != nil {
		return people.Person{}, err
	}
	r, err := referral(ctx, q, v, id)
	if err != nil {
		return people.Person{}, err
	}
	if y.Name = strings.TrimSpace(y.Name); y.Name == "" {
		y.Name = r.Name
	}
	var f fault.Form
	checkText(FieldName, y.Name, MaxLine, &f)
	if y.Channel == "" {
		y.Channel = people.Doorstep
	}
	f.Check(slices.Contains(people.Channels(), y.Channel), FieldChannel, "people.channel.missing")
	if err := f.Err(); err != nil {
		return people.Person{}, err
	}
	on := here.Today(s.Now())
	purposes := []people.Purpose{people.KeepName}
	if y.MayAsk {
		purposes = append(purposes, people.BeAsked)
	}
	var given []people.Consent
	for _, to := range purposes {
		given = append(given, people.Consent{Purpose: to, Wording: people.Wording, On: on, GivenBy: people.Self, Channel: y.Channel})
	}
	p, err := people.Add(ctx, q, v.initiative, people.New{
		Person:   people.Person{Name: y.Name, Connector: v.self, MetOn: on, Langs: []i18n.Lang{}},
		Consents: given, By: v.who.Account,
	})
	if err != nil {
		return people.Person{}, err
	}
	if err := deleteReferral(ctx, q, v.initiative, id); err != nil {
		return people.Person{}, err
	}
	if err := scrub(ctx, q); err != nil {
		return people.Person{}, err
	}
	return p, v.note(ctx, q, "create person", p.ID)
}

// ForgetReferral drops a reminder: that neighbour said no, or it is no use. As
// SaidYes. Faults: NotFound.
func (s *Service) ForgetReferral(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "conversation.ForgetReferral %s in %s", id, in)
	v, err := workingView(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if _, err := referral(ctx, q, v, id); err != nil {
			return err
		}
		if err := deleteReferral(ctx, q, in, id); err != nil {
			return err
		}
		return scrub(ctx, q)
	})
}

// dailyTick is the kind of the job that keeps what was promised to end.
const dailyTick = "conversation.daily"

// Chores are the jobs that come again by themselves; see jobs.Every.
func Chores() map[string]time.Duration { return map[string]time.Duration{dailyTick: 24 * time.Hour} }

// Handlers are the kinds of job that this room does.
func (s *Service) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{dailyTick: s.daily}
}

// daily forgets third persons' names and addresses without a name when their
// time is over. The day is UTC's: a name may stay some hours longer where it is
// morning first, and goes where the 30 days are full everywhere.
func (s *Service) daily(ctx context.Context, _ jobs.Work) error {
	return s.DB.Tx(ctx, func(q db.Querier) error {
		n, err := deleteEnded(ctx, q, db.DayOf(s.Now(), time.UTC))
		if err != nil || n == 0 {
			return err
		}
		return scrub(ctx, q)
	})
}
