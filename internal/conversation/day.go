package conversation

import (
	"context"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/initiative"
)

// Day is what a connector sees in the morning.
type Day struct {
	Today      db.Day
	Households []Visit   // whom nobody has talked with first, then longest ago
	Waiting    []Pending // the urgent first, then the soonest to be answered; what was passed on last
	Referrals  []Referral
	Blocks     []BlockAsked
	Review     []gift.Held      // gifts to ask about, and those hidden lately
	NeverAsked []gift.Held      // gifts that nobody has called on for a month
	Gatherings []gift.Gathering // whom to ask to meet
}

// Visit is a household that the connector knows.
type Visit struct {
	Household, Code string
	Area            string // id
	AreaName        string
	People          int
	LastTalk        db.Day // zero: never
	Talks           int
}

// Pending is something that wants an answer. What it says isn't in the list:
// opening the conversation shows it, and is noted.
type Pending struct {
	What         What
	ID           string
	Conversation string
	Person       string // "" when it was said without a name
	Name         string
	Household    string // code
	Urgent       bool
	Passed       bool        // advice that a need was answered as: they were told, and what came of it is open
	Kind         SupportKind // of a support
	HeldOn       db.Day
	AnswerBy     db.Day
}

// Late says whether the day by which somebody answers is over, and nobody has.
func (w Pending) Late(today db.Day) bool { return !w.Passed && w.AnswerBy.Before(today.Time) }

// BlockAsked is how many homes of an area were asked.
type BlockAsked struct {
	Area    string // id
	Name    string
	Counted bool // somebody has counted its homes

	Homes     int
	Source    string // who counted them
	CountedOn db.Day
	Asked     int // households, and talks without one
}

// Left is how many homes haven't been asked, as far as anybody knows.
func (b BlockAsked) Left() int { return max(0, b.Homes-b.Asked) }

// DaysLeft is how long a reminder is still kept.
func (r Referral) DaysLeft(today db.Day) int {
	return max(0, int(r.ExpiresOn.Sub(today.Time)/(24*time.Hour)))
}

// How much of each list a day shows.
const (
	maxVisits   = 100
	maxWaiting  = 100
	waitingPage = 50
)

// Day gives a connector's day, or a steward's, who sees everybody's. A fixed
// number of statements, however many households there are. Faults: NotFound.
func (s *Service) Day(ctx context.Context, who access.Actor, in string) (d Day, err error) {
	defer fault.Wrap(&err, "conversation.Day in %s", in)
	v, err := workingView(who, in)
	if err != nil {
		return Day{}, err
	}
	q := s.DB.Read()
	here, err := initiative.Get(ctx, q, in)
	if err != nil {
		return Day{}, err
	}
	d.Today = here.Today(s.Now())
	if d.Households, err = visits(ctx, q, in, v.connector()); err != nil {
		return Day{}, err
	}
	if d.Waiting, err = waiting(ctx, q, in, v.connector(), "", maxWaiting); err != nil {
		return Day{}, err
	}
	if d.Referrals, err = referrals(ctx, q, v, d.Today); err != nil {
		return Day{}, err
	}
	if d.Blocks, err = blocks(ctx, q, in, v.connector()); err != nil {
		return Day{}, err
	}
	if d.Review, err = s.Gifts.ToReview(ctx, who, in); err != nil {
		return Day{}, err
	}
	if d.NeverAsked, err = s.Gifts.NeverAsked(ctx, who, in); err != nil {
		return Day{}, err
	}
	d.Gatherings, err = s.Gifts.Gatherings(ctx, who, in)
	return d, err
}

// Waiting gives what wants an answer a page at a time, in the order of Day:
// what comes after the one shown last, whose id is after. The id to go on with
// is "" at the end. Connectors and stewards may. Faults: NotFound.
func (s *Service) Waiting(ctx context.Context, who access.Actor, in, after string) (page []Pending, more string, err error) {
	defer fault.Wrap(&err, "conversation.Waiting in %s", in)
	v, err := workingView(who, in)
	if err != nil {
		return nil, "", err
	}
	if page, err = waiting(ctx, s.DB.Read(), in, v.connector(), after, waitingPage+1); err != nil {
		return nil, "", err
	}
	if len(page) > waitingPage {
		page = page[:waitingPage]
		more = page[waitingPage-1].ID
	}
	return page, more, nil
}

// LastTalks says when somebody of each household was last talked with; those
// that are missing were never. Of households that aren't the actor's it says
// nothing. Connectors and stewards may. Faults: NotFound.
func (s *Service) LastTalks(ctx context.Context, who access.Actor, in string, households []string) (last map[string]db.Day, err error) {
	defer fault.Wrap(&err, "conversation.LastTalks in %s", in)
	v, err := workingView(who, in)
	if err != nil {
		return nil, err
	}
	return lastTalks(ctx, s.DB.Read(), in, v.connector(), households)
}

// Overdue says of each need that nobody answered in time on which day it was
// said, the oldest first: no name, no word of it, no area. Anyone may know.
func (s *Service) Overdue(ctx context.Context, in string) (days []time.Time, err error) {
	defer fault.Wrap(&err, "conversation.Overdue in %s", in)
	q := s.DB.Read()
	here, err := initiative.Get(ctx, q, in)
	if err != nil {
		return nil, err
	}
	all, err := overdue(ctx, q, in, here.Today(s.Now()))
	for _, day := range all {
		days = append(days, day.Time)
	}
	return days, err
}

// Shared is a need that whoever said it wants others to read: never beside a
// name.
type Shared struct {
	ID       string
	Text     string
	Delivery string
	Lang     string
	HeldOn   db.Day
	Answer   Answer
}

// Shared gives the needs that may be read by people like the actor, the latest
// first: everybody the public ones, members of the initiative those shared in
// it.
func (s *Service) Shared(ctx context.Context, who access.Actor, in string) (all []Shared, err error) {
	defer fault.Wrap(&err, "conversation.Shared in %s", in)
	return shared(ctx, s.DB.Read(), in, who.May(in, access.Belong))
}
