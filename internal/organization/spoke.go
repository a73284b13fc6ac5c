package organization

import (
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/people"
)

// Notice is something that a person should hear. It names no one.
type Notice struct {
	Person       string
	Organization string // what it is about
	Line         fault.Message
	Path         string // where to read more, below the initiative
	Unique       string // told under the same key again, it isn't told
}

// Join lets somebody who takes part propose an association, or an institution,
// that they speak for. They see and mend its page at once; a steward shows it.
// Faults: NotFound; Invalid, with the fields of Draft and at "job".
func (s *Service) Join(ctx context.Context, who access.Actor, in string, d Draft, job string) (o Organization, err error) {
	defer fault.Wrap(&err, "organization.Join in %s", in)
	if err := who.Require(in, access.Belong); err != nil {
		return Organization{}, err
	}
	var f fault.Form
	job = line(job, "job", &f)
	if err := f.Err(); err != nil {
		return Organization{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		v := viewOf(who, in)
		if o, err = s.create(ctx, q, v, d, Proposed); err != nil {
			return err
		}
		if _, err := speak(ctx, q, v, o.ID, who.Person(in), job); err != nil {
			return err
		}
		return s.tellStewards(ctx, q, in, o.ID, "organization.notice.proposed", "proposed "+o.ID)
	})
	return o, err
}

// SpokespersonDraft is somebody who is to speak for an organization, as it was
// typed.
type SpokespersonDraft struct {
	Name  string
	Email string         // "" when a code is handed over instead
	Lang  string         // "" is the initiative's first
	Job   string         // what they are there, in words
	Asked people.Channel // how they agreed to be written down and written to
}

// AddSpokesperson lets one more person speak for an organization: somebody
// whose address we know, or somebody new, who agreed to it with whoever writes
// this. A link goes to their address; the code may be said aloud. Whom another
// spokesperson asks by a letter speaks for it, and is named, once they say yes.
// Its spokespersons and stewards may. Faults: NotFound; Invalid at "name", "email",
// "lang", "job" and "asked"; Conflict "organization.spokesperson.already".
func (s *Service) AddSpokesperson(ctx context.Context, who access.Actor, in, organization string, d SpokespersonDraft) (keys account.Invited, err error) {
	defer fault.Wrap(&err, "organization.AddSpokesperson to %s in %s", organization, in)
	err = s.act(ctx, who, in, organization, "add spokesperson", func(q db.Querier, v view, o Organization) error {
		b, err := s.newBatch(ctx, q, v, []Invitation{{organization, d}}, map[string]Organization{o.ID: o})
		if err != nil {
			return err
		}
		done, err := b.invite(ctx, b.all[0])
		if err != nil {
			return err
		}
		if !done.isNew {
			return fault.New(fault.Conflict, "organization.spokesperson.already")
		}
		keys = done.keys
		return b.send(ctx)
	})
	return keys, err
}

// TakeOver makes a steward a spokesperson, as when nobody speaks for an
// organization any more. Stewards may. Faults: NotFound; Conflict
// "organization.spokesperson.already".
func (s *Service) TakeOver(ctx context.Context, who access.Actor, in, organization string) (err error) {
	defer fault.Wrap(&err, "organization.TakeOver of %s in %s", organization, in)
	if err := who.Require(in, access.Steer); err != nil {
		return err
	}
	return s.act(ctx, who, in, organization, "take over organization", func(q db.Querier, v view, _ Organization) error {
		isNew, err := speak(ctx, q, v, organization, who.Person(in), "")
		if err == nil && !isNew {
			err = fault.New(fault.Conflict, "organization.spokesperson.already")
		}
		return err
	})
}

// Leave ends that somebody speaks for an organization: they themselves, and
// stewards, may say so; the organization goes on with the others. The last one
// has to hand over to the stewards, who are told. Faults: NotFound; Conflict
// "organization.spokesperson.last".
func (s *Service) Leave(ctx context.Context, who access.Actor, in, organization, person string, handOver bool) (err error) {
	defer fault.Wrap(&err, "organization.Leave %s in %s", organization, in)
	if v := viewOf(who, in); !v.steers && person != who.Person(in) {
		return fault.ErrNotFound
	}
	return s.act(ctx, who, in, organization, "leave organization", func(q db.Querier, v view, _ Organization) error {
		have, err := spokespersons(ctx, q, in, organization)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(have, func(s Spokesperson) bool { return s.Person == person }) {
			return fault.ErrNotFound
		}
		last := len(speaking(have)) == 1 && slices.ContainsFunc(have, func(s Spokesperson) bool { return s.Person == person && !s.Asked })
		if last && !handOver {
			return fault.New(fault.Conflict, "organization.spokesperson.last")
		}
		if err := v.hush(ctx, q, organization, person, db.At(s.Now())); err != nil {
			return err
		}
		if !last {
			return nil
		}
		return s.tellStewards(ctx, q, in, organization, "organization.notice.unspoken", "unspoken "+organization+" "+speaking(have)[0].ID)
	})
}

// hush takes from a person what let them speak for an organization. Who was a
// partner for its sake alone is none any more.
func (v view) hush(ctx context.Context, q db.Querier, organization, person string, at db.Stamp) error {
	if err := endSpeaking(ctx, q, v.initiative, organization, person, v.who.Account, at); err != nil {
		return err
	}
	g := access.Grant{Initiative: v.initiative, Object: organization, Right: Speaks}
	if err := access.Withdraw(ctx, q, person, g, v.who.Account); err != nil {
		return err
	}
	others, err := spokeFor(ctx, q, v.initiative, person)
	if err != nil || slices.ContainsFunc(others, func(s Spokesperson) bool { return s.Until.IsZero() }) {
		return err
	}
	// A letter that wasn't opened yet would let them in as a partner again.
	if err := account.Uninvite(ctx, q, v.initiative, person, access.Partner); err != nil {
		return err
	}
	return access.Remove(ctx, q, access.Membership{Initiative: v.initiative, Person: person, Kind: access.Partner}, v.who.Account)
}

// speak lets a person speak for an organization, at once.
func speak(ctx context.Context, q db.Querier, v view, organization, person, job string) (isNew bool, err error) {
	isNew, err = insertSpokesperson(ctx, q, v.initiative, organization, person, job, v.who.Account)
	if err != nil {
		return false, err
	}
	if !isNew {
		who, err := Speaking(ctx, q, v.initiative, organization)
		if err != nil || slices.Contains(who, person) {
			return false, err
		}
	}
	return true, entrust(ctx, q, v.initiative, organization, person, v.who.Account)
}

// entrust gives a spokesperson the right that goes with it. Whoever has no
// membership becomes a partner; a neighbour who speaks for an association stays
// one.
func entrust(ctx context.Context, q db.Querier, in, organization, person, by string) error {
	all, err := access.History(ctx, q, in, person)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(h access.Held) bool { return h.EndedAt.IsZero() }) {
		m := access.Membership{Initiative: in, Person: person, Kind: access.Partner}
		if err := access.Give(ctx, q, m, by); err != nil {
			return err
		}
	}
	return access.Entrust(ctx, q, person, access.Grant{Initiative: in, Object: organization, Right: Speaks}, by)
}

// tellStewards tells every steward something about an organization.
func (s *Service) tellStewards(ctx context.Context, q db.Querier, in, organization, key, unique string) error {
	if s.Tell == nil {
		return nil
	}
	stewards, err := access.With(ctx, q, in, access.Steward)
	if err != nil {
		return err
	}
	var all []Notice
	for _, person := range stewards {
		all = append(all, Notice{
			Person: person, Organization: organization, Line: fault.Message{Key: key},
			Path: pathOf(organization), Unique: unique + " " + person,
		})
	}
	return s.Tell(ctx, q, in, all)
}

// pathOf is the page of an organization, below the initiative.
func pathOf(organization string) string { return "/organizations/" + organization }
