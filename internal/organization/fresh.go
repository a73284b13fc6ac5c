package organization

import (
	"context"
	"slices"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/link"
	"commonweal/internal/mail"
)

// Starting values of our own judgement, as those of gifts.
const (
	maxReminders  = 3
	betweenDays   = 14 // days between reminders, and from the last one to hiding
	linkHolds     = 90 * 24 * time.Hour
	reviewBatch   = 200
	stillLink     = "organization.still" // kind of link: its subject is an organization and who speaks for it
	freshTick     = "organization.fresh"
	reviewJob     = "organization.review"
	freshInterval = 24 * time.Hour
)

// Handlers are the kinds of job that this room does.
func (s *Service) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{freshTick: s.tick, reviewJob: s.review}
}

// Chores are the jobs that come again by themselves; see jobs.Every.
func Chores() map[string]time.Duration { return map[string]time.Duration{freshTick: freshInterval} }

// tick gives each initiative its own review, so that one that fails doesn't
// hold up the others.
func (s *Service) tick(ctx context.Context, _ jobs.Work) error {
	return s.DB.Tx(ctx, func(q db.Querier) error {
		ids, err := initiatives(ctx, q)
		if err != nil {
			return err
		}
		all := make([]jobs.Job, 0, len(ids))
		for _, in := range ids {
			all = append(all, jobs.Job{Initiative: in, Kind: reviewJob, Unique: "daily"})
		}
		return jobs.Add(ctx, q, all...)
	})
}

// review asks whether organizations and their services still hold, some at a
// time: whoever speaks for one gets one message about all of it. What was asked
// about three times in vain is hidden, and stewards are told.
func (s *Service) review(ctx context.Context, w jobs.Work) error {
	return s.DB.Tx(ctx, func(q db.Querier) error {
		in, err := initiative.Get(ctx, q, w.Initiative)
		if err != nil {
			return err
		}
		on := in.Today(s.Now())
		all, err := staleThings(ctx, q, in.ID, on, on.Add(-betweenDays), reviewBatch)
		if err != nil || len(all) == 0 {
			return err
		}
		if len(all) == reviewBatch { // more to come, when this one is done
			if err := jobs.Add(ctx, q, jobs.Job{Initiative: in.ID, Kind: reviewJob, Unique: "daily"}); err != nil {
				return err
			}
		}
		remind, gone := split(all)
		if err := setReminded(ctx, q, in.ID, remind, on); err != nil {
			return err
		}
		if err := s.hide(ctx, q, in.ID, gone); err != nil {
			return err
		}
		return s.ask(ctx, q, in, all, on)
	})
}

// split parts what is asked about again from what was asked about in vain.
func split(all []stale) (remind, gone []stale) {
	for _, one := range all {
		if one.reminders < maxReminders {
			remind = append(remind, one)
		} else {
			gone = append(gone, one)
		}
	}
	return remind, gone
}

// hide puts organizations and services out of sight; nothing of them is lost.
func (s *Service) hide(ctx context.Context, q db.Querier, in string, gone []stale) error {
	if len(gone) == 0 {
		return nil
	}
	if err := hideThings(ctx, q, in, gone, db.At(s.Now())); err != nil {
		return err
	}
	services, err := servicesTouched(ctx, q, in, gone)
	if err != nil {
		return err
	}
	if err := Index(ctx, q, in, services); err != nil {
		return err
	}
	if err := db.Touch(ctx, q, in); err != nil {
		return err
	}
	return s.tellStewards(ctx, q, in, gone[0].organization, "organization.notice.hidden", "hidden "+gone[0].id)
}

// ask writes to whoever speaks for the organizations of a batch, once for each
// organization. What came from elsewhere and nobody speaks for is a steward's
// to look at; see ToReview.
func (s *Service) ask(ctx context.Context, q db.Querier, in initiative.Initiative, all []stale, on db.Day) error {
	var organizations []string
	for _, one := range all {
		if one.organization != "" && !slices.Contains(organizations, one.organization) {
			organizations = append(organizations, one.organization)
		}
	}
	who, err := reachable(ctx, q, in.ID, organizations)
	if err != nil || len(who) == 0 {
		return err
	}
	links := make([]link.Link, len(who))
	for i, one := range who {
		links[i] = link.Link{Initiative: in.ID, Kind: stillLink, Subject: one.organization + " " + one.person, Expires: s.Now().Add(linkHolds)}
	}
	tokens, err := link.NewAll(ctx, q, links)
	if err != nil {
		return err
	}
	var letters []mail.Message
	for i, one := range who {
		if mail.CheckAddress(one.email) != nil { // stewards see it all the same
			continue
		}
		letters = append(letters, mail.Message{
			Initiative: in.ID, Person: one.person, To: one.email, Lang: in.Lang(first(one.langs)),
			Subject: "organization.mail.subject",
			Lines: []fault.Message{
				{Key: "organization.mail.still", Args: map[string]any{"initiative": in.Name, "organization": one.name}},
				{Key: "organization.mail.how"},
			},
			Link:   s.BaseURL + "/i/" + in.Slug + "/still/organization/" + tokens[i],
			Unique: "organization.still " + one.organization + " " + one.person + " " + on.String(),
		})
	}
	return mail.Send(ctx, q, letters...)
}

func first(all []i18n.Lang) i18n.Lang {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// Review is what a "still true?" link asks about: an organization, if its day
// has come, and those of its services whose day has.
type Review struct {
	Initiative   string
	Organization Organization
	Itself       bool // the organization is asked about
	Services     []ServiceRecord

	person string // who was asked
}

// Due says what a "still true?" link asks about, and changes nothing: mail
// programs open links by themselves. Anyone who holds the link may, as long as
// whom it was sent to speaks for the organization. Faults: NotFound.
func (s *Service) Due(ctx context.Context, token string) (r Review, err error) {
	defer fault.Wrap(&err, "organization.Due")
	q := s.DB.Read()
	l, err := link.Look(ctx, q, stillLink, token)
	if err != nil {
		return Review{}, err
	}
	return s.due(ctx, q, l)
}

func (s *Service) due(ctx context.Context, q db.Querier, l link.Link) (r Review, err error) {
	on, err := today(ctx, q, l.Initiative, s.Now())
	if err != nil {
		return Review{}, err
	}
	id, person, _ := strings.Cut(l.Subject, " ")
	who, err := Speaking(ctx, q, l.Initiative, id)
	if err != nil {
		return Review{}, err
	}
	if !slices.Contains(who, person) {
		return Review{}, fault.ErrNotFound
	}
	r.Initiative, r.person = l.Initiative, person
	if r.Organization, err = get(ctx, q, l.Initiative, id); err != nil {
		return Review{}, err
	}
	r.Itself = !r.Organization.ReviewOn.After(on.Time)
	all, err := servicesOf(ctx, q, l.Initiative, id, true)
	r.Services = slices.DeleteFunc(all, func(s ServiceRecord) bool { return s.Status == Defunct || s.ReviewOn.After(on.Time) })
	return r, err
}

// StillTrue takes the answer to a "still true?" link and uses the link up: the
// ids ticked hold for another half a year, the others are hidden, and nothing is
// lost. Whoever Due answers may. Faults: NotFound.
func (s *Service) StillTrue(ctx context.Context, token string, ticked []string) (err error) {
	defer fault.Wrap(&err, "organization.StillTrue")
	return s.DB.Tx(ctx, func(q db.Querier) error {
		l, err := link.Use(ctx, q, stillLink, token)
		if err != nil {
			return err
		}
		r, err := s.due(ctx, q, l)
		if err != nil {
			return err
		}
		if err := s.answer(ctx, q, l.Initiative, r.things(), ticked); err != nil {
			return err
		}
		id := r.Organization.ID
		return audit.Note(ctx, q, audit.Event{Initiative: l.Initiative, Person: r.person, For: id, Act: "confirm organization", Object: id})
	})
}

// things are what a review asks about.
func (r Review) things() (all []stale) {
	if r.Itself {
		all = append(all, stale{id: r.Organization.ID, organization: r.Organization.ID, itself: true})
	}
	for _, one := range r.Services {
		all = append(all, stale{id: one.ID, organization: one.Organization})
	}
	return all
}

// answer renews what is said to hold and hides the rest.
func (s *Service) answer(ctx context.Context, q db.Querier, in string, asked []stale, ticked []string) error {
	var holds, gone []stale
	for _, one := range asked {
		if slices.Contains(ticked, one.id) {
			holds = append(holds, one)
		} else {
			gone = append(gone, one)
		}
	}
	on, err := today(ctx, q, in, s.Now())
	if err != nil {
		return err
	}
	if err := renew(ctx, q, in, holds, reviewOn(on)); err != nil {
		return err
	}
	if err := hideThings(ctx, q, in, gone, db.At(s.Now())); err != nil {
		return err
	}
	services, err := servicesTouched(ctx, q, in, asked)
	if err != nil {
		return err
	}
	if err := Index(ctx, q, in, services); err != nil {
		return err
	}
	return db.Touch(ctx, q, in)
}

// Confirm says that an organization, or one of its services, still holds, or
// that it doesn't and is to be hidden; id is its own or the service's. Its
// spokespersons and stewards may. Faults: NotFound.
func (s *Service) Confirm(ctx context.Context, who access.Actor, in, organization, id string, holds bool) (err error) {
	defer fault.Wrap(&err, "organization.Confirm %s in %s", id, in)
	return s.act(ctx, who, in, organization, "confirm organization", func(q db.Querier, _ view, _ Organization) error {
		entity, err := ownedBy(ctx, q, in, organization, id)
		if err != nil {
			return err
		}
		if entity == EntityLocation {
			return fault.ErrNotFound
		}
		var ticked []string
		if holds {
			ticked = []string{id}
		}
		return s.answer(ctx, q, in, []stale{{id: id, organization: organization, itself: entity == EntityOrganization}}, ticked)
	})
}

// Waiting is something that waits for "is it still so?".
type Waiting struct {
	ID           string // of the organization, or of the service
	Organization string
	Name         string
	IsService    bool
	ReviewOn     db.Day
	Hidden       bool
}

// ToReview gives what waits for "is it still so?", the longest first, fifty at
// most. Stewards may. Faults: NotFound.
func (s *Service) ToReview(ctx context.Context, who access.Actor, in string) (all []Waiting, err error) {
	defer fault.Wrap(&err, "organization.ToReview in %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return nil, err
	}
	on, err := today(ctx, s.DB.Read(), in, s.Now())
	if err != nil {
		return nil, err
	}
	return toReview(ctx, s.DB.Read(), in, on, pageSize)
}
