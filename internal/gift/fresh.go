package gift

import (
	"context"
	"slices"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/link"
	"commonweal/internal/notice"
)

// Starting values of our own judgement.
const (
	maxReminders  = 3
	betweenDays   = 14 // days between reminders, and from the last one to hiding
	hiddenShown   = 30 * 24 * time.Hour
	linkHolds     = 90 * 24 * time.Hour
	reviewBatch   = 200
	stillLink     = "gift.still" // kind of link: its subject is a person
	freshTick     = "gift.fresh"
	reviewJob     = "gift.review"
	freshInterval = 24 * time.Hour
)

// Handlers are the kinds of job that this room does.
func (s *Service) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{
		freshTick: s.tick,
		reviewJob: func(ctx context.Context, w jobs.Work) error { return s.Review(ctx, w.Initiative) },
	}
}

// Chores are the jobs that come again by themselves; see jobs.Every.
func Chores() map[string]time.Duration { return map[string]time.Duration{freshTick: freshInterval} }

// tick gives each initiative its own review, so that one that fails doesn't
// hold up the others.
func (s *Service) tick(ctx context.Context, _ jobs.Work) error {
	return s.DB.Tx(ctx, func(q db.Querier) error {
		all, err := initiatives(ctx, q)
		if err != nil {
			return err
		}
		for _, in := range all {
			if err := jobs.Add(ctx, q, jobs.Job{Initiative: in, Kind: reviewJob, Unique: "daily"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Review asks whether gifts still hold, some of them at a time: whoever has an
// e-mail gets one notice for all of theirs, the others are shown to their
// connector. A gift that was asked about three times in vain is hidden. A job
// calls it daily.
func (s *Service) Review(ctx context.Context, initiativeID string) (err error) {
	defer fault.Wrap(&err, "gift.Review in %s", initiativeID)
	return s.DB.Tx(ctx, func(q db.Querier) error {
		in, err := initiative.Get(ctx, q, initiativeID)
		if err != nil {
			return err
		}
		now := s.Now()
		on := in.Today(now)
		all, err := staleGifts(ctx, q, in.ID, on, on.Add(-betweenDays), reviewBatch)
		if err != nil || len(all) == 0 {
			return err
		}
		if len(all) == reviewBatch { // more to come, when this one is done
			if err := jobs.Add(ctx, q, jobs.Job{Initiative: in.ID, Kind: reviewJob, Unique: "daily"}); err != nil {
				return err
			}
		}
		var remind, gone []string
		for _, g := range all {
			if g.reminders < maxReminders {
				remind = append(remind, g.gift)
			} else {
				gone = append(gone, g.gift)
			}
		}
		if err := setReminded(ctx, q, in.ID, remind, on); err != nil {
			return err
		}
		if err := hide(ctx, q, in.ID, gone, db.At(now)); err != nil {
			return err
		}
		return s.tell(ctx, q, in, all, on)
	})
}

// noticed is what the notices call what somebody shares. The matter's id is the
// person's.
const noticed = "gift"

// tell asks each person of a batch who can be written to, once, whether their
// gifts still hold, or says that they are hidden now. The others are on their
// connector's list. No notice names a gift: who else reads it isn't known.
func (s *Service) tell(ctx context.Context, q db.Querier, in initiative.Initiative, all []stale, on db.Day) error {
	var told []notice.Told
	for len(all) > 0 {
		of := slices.IndexFunc(all, func(g stale) bool { return g.person != all[0].person })
		if of < 0 {
			of = len(all)
		}
		theirs := all[:of]
		all = all[of:]
		if to := theirs[0]; to.email {
			told = append(told, notice.Told{
				Initiative: in.ID, Person: to.person, Matter: notice.Matter{Kind: noticed, ID: to.person},
				Line: fault.Message{Key: question(theirs)}, Path: "/me", Lang: to.lang,
				Unique: "gift.still " + on.String() + " " + to.gift,
			})
		}
	}
	return notice.Tell(ctx, q, told...)
}

// question is what somebody is asked, or told when all of theirs are hidden.
func question(theirs []stale) (key string) {
	if slices.ContainsFunc(theirs, func(g stale) bool { return g.reminders < maxReminders }) {
		return "gift.notice.still"
	}
	return "gift.notice.hidden"
}

// Openers make the links under which whoever has no account says whether their
// gifts still hold.
func Openers() map[string]notice.Opener { return map[string]notice.Opener{noticed: openers} }

func openers(ctx context.Context, q db.Querier, initiative string, people []string) (map[string]notice.Key, error) {
	now, _, err := db.Mark(q)
	if err != nil {
		return nil, err
	}
	var all []link.Link
	for _, person := range people {
		all = append(all, link.Link{Initiative: initiative, Kind: stillLink, Subject: person, Expires: now.Add(linkHolds)})
	}
	tokens, err := link.NewAll(ctx, q, all)
	if err != nil {
		return nil, err
	}
	keys := make(map[string]notice.Key, len(tokens))
	for i, token := range tokens {
		keys[people[i]] = notice.Key{Path: "/still/" + token}
	}
	return keys, nil
}

// Reminder is what a "still true?" link opens.
type Reminder struct {
	Initiative string
	Gifts      []Gift // those that wait, the hidden ones too
}

// Due says what a "still true?" link asks about, and changes nothing: mail
// programs open links by themselves. Anyone who holds the link may. Faults:
// NotFound.
func (s *Service) Due(ctx context.Context, token string) (r Reminder, err error) {
	defer fault.Wrap(&err, "gift.Due")
	q := s.DB.Read()
	l, err := link.Look(ctx, q, stillLink, token)
	if err != nil {
		return Reminder{}, err
	}
	return s.due(ctx, q, l)
}

func (s *Service) due(ctx context.Context, q db.Querier, l link.Link) (Reminder, error) {
	on, err := today(ctx, q, l.Initiative, s.Now())
	if err != nil {
		return Reminder{}, err
	}
	r := Reminder{Initiative: l.Initiative}
	r.Gifts, err = waitingFor(ctx, q, l.Initiative, l.Subject, on)
	return r, err
}

// StillTrue takes the answer to a "still true?" link and uses the link up:
// those ticked hold for another half a year, the others are hidden, and nothing
// is lost. Anyone who holds the link may. Faults: NotFound.
func (s *Service) StillTrue(ctx context.Context, token string, ticked []string) (err error) {
	defer fault.Wrap(&err, "gift.StillTrue")
	return s.DB.Tx(ctx, func(q db.Querier) error {
		l, err := link.Use(ctx, q, stillLink, token)
		if err != nil {
			return err
		}
		r, err := s.due(ctx, q, l)
		if err != nil {
			return err
		}
		var keep, drop []string
		for _, g := range r.Gifts {
			if slices.Contains(ticked, g.ID) {
				keep = append(keep, g.ID)
			} else if !g.Hidden() {
				drop = append(drop, g.ID)
			}
		}
		on, err := today(ctx, q, l.Initiative, s.Now())
		if err != nil {
			return err
		}
		if err := renew(ctx, q, l.Initiative, keep, reviewOn(on)); err != nil {
			return err
		}
		return hide(ctx, q, l.Initiative, drop, db.At(s.Now()))
	})
}

// Confirm says that a gift still holds, or that it doesn't and is to be
// hidden. Whoever offered it, their connector and stewards may. Faults:
// NotFound.
func (s *Service) Confirm(ctx context.Context, who access.Actor, in, id string, holds bool) (err error) {
	defer fault.Wrap(&err, "gift.Confirm %s in %s", id, in)
	if !holds {
		return s.act(ctx, who, in, id, "hide gift", func(q db.Querier, _ Held) error {
			return hide(ctx, q, in, []string{id}, db.At(s.Now()))
		})
	}
	return s.act(ctx, who, in, id, "confirm gift", func(q db.Querier, _ Held) error {
		on, err := today(ctx, q, in, s.Now())
		if err != nil {
			return err
		}
		return renew(ctx, q, in, []string{id}, reviewOn(on))
	})
}

// ToReview gives the gifts that wait for "is it still so?", those hidden in the
// last 30 days first: of the people whom the actor knows. Connectors and
// stewards may. Faults: NotFound.
func (s *Service) ToReview(ctx context.Context, who access.Actor, in string) (all []Held, err error) {
	defer fault.Wrap(&err, "gift.ToReview in %s", in)
	v, err := workingView(who, in)
	if err != nil {
		return nil, err
	}
	on, err := today(ctx, s.DB.Read(), in, s.Now())
	if err != nil {
		return nil, err
	}
	return toReview(ctx, s.DB.Read(), in, v.connector(), on, db.At(s.Now().Add(-hiddenShown)), pageSize)
}
