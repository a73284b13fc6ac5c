package initiative

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// Founder is who runs the house first, as the rooms below need it.
type Founder struct {
	Account string // the account that becomes this person, or "" when they are still to be invited
	Name    string
	Place   string // name of the first area
	Lang    i18n.Lang
}

// Opener prepares its room in a new initiative, such as its list of gifts, in
// the transaction that makes the initiative.
type Opener func(ctx context.Context, q db.Querier, in Initiative) error

// Service makes, finds and edits initiatives.
type Service struct {
	DB  *db.DB
	IDs *db.IDs
	Now clock.Clock

	// Found writes down the first steward and the first area, which belong to
	// rooms below this one, and says who the steward is.
	Found func(ctx context.Context, q db.Querier, in Initiative, first Founder) (person string, err error)
	// Open runs for each new initiative, in this order.
	Open []Opener
}

// Founded is a new initiative and its first steward.
type Founded struct {
	Initiative
	Steward string // id of a person; without an account until the invitation is used
}

// Create makes an initiative whose first steward is a person still to be
// invited. The operator may. Faults: NotFound, Invalid.
func (s *Service) Create(ctx context.Context, who access.Actor, d Draft) (made Founded, err error) {
	defer fault.Wrap(&err, "initiative.Create")
	if err := who.Require("", access.Operate); err != nil {
		return Founded{}, err
	}
	return s.create(ctx, who, d, "", false)
}

// CreateFirst makes the server's first initiative and its steward out of
// whoever is signed in, in one piece. The operator may, who came in by the link
// printed at first start, so long as there is none: later ones belong to those
// who are invited to them. Faults: NotFound; Invalid; Conflict
// "initiative.first.taken".
func (s *Service) CreateFirst(ctx context.Context, who access.Actor, d Draft) (made Founded, err error) {
	defer fault.Wrap(&err, "initiative.CreateFirst")
	if err := who.Require("", access.Operate); err != nil {
		return Founded{}, err
	}
	return s.create(ctx, who, d, who.Account, true)
}

// IsEmpty says whether the server has no initiative yet. Anyone may know.
func (s *Service) IsEmpty(ctx context.Context) (empty bool, err error) {
	defer fault.Wrap(&err, "initiative.IsEmpty")
	n, err := count(ctx, s.DB.Read())
	return n == 0, err
}

func (s *Service) create(ctx context.Context, who access.Actor, d Draft, account string, first bool) (Founded, error) {
	id := s.IDs.New()
	made := Founded{}
	err := s.DB.Tx(ctx, func(q db.Querier) error {
		if err := s.checkFirst(ctx, q, first); err != nil {
			return err
		}
		var f fault.Form
		in := d.parse(s.Now(), &f)
		in.ID = id
		founder := d.parseFounder(in, &f)
		founder.Account = account
		if err := checkSlug(ctx, q, in, &f); err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		made.Initiative = in
		return s.store(ctx, q, who, &made, founder)
	})
	return made, err
}

func (s *Service) checkFirst(ctx context.Context, q db.Querier, first bool) error {
	if !first {
		return nil
	}
	n, err := count(ctx, q)
	if err != nil {
		return err
	}
	if n > 0 {
		return fault.New(fault.Conflict, "initiative.first.taken")
	}
	return nil
}

func (s *Service) store(ctx context.Context, q db.Querier, who access.Actor, made *Founded, first Founder) (err error) {
	in := made.Initiative
	if err := insert(ctx, q, in, db.At(s.Now())); err != nil {
		return err
	}
	if err := point(ctx, q, in); err != nil {
		return err
	}
	if made.Steward, err = s.Found(ctx, q, in, first); err != nil {
		return err
	}
	for _, open := range s.Open {
		if err := open(ctx, q, in); err != nil {
			return err
		}
	}
	return s.note(ctx, q, who, in.ID, "create initiative")
}

// BySlug finds the initiative at an address, and says whether it has moved to
// another one since. Anyone may. Faults: NotFound.
func (s *Service) BySlug(ctx context.Context, slug string) (in Initiative, moved bool, err error) {
	defer fault.Wrap(&err, "initiative.BySlug")
	in, err = bySlug(ctx, s.DB.Read(), slug)
	return in, in.Slug != slug, err
}

// Get finds an initiative by its id. Anyone may. Faults: NotFound.
func (s *Service) Get(ctx context.Context, id string) (in Initiative, err error) {
	defer fault.Wrap(&err, "initiative.Get %s", id)
	return Get(ctx, s.DB.Read(), id)
}

// List gives every initiative on the server, the oldest first. Anyone may.
func (s *Service) List(ctx context.Context) (all []Initiative, err error) {
	defer fault.Wrap(&err, "initiative.List")
	return list(ctx, s.DB.Read())
}

// Today is the calendar day where an initiative's people live.
func (s *Service) Today(ctx context.Context, id string) (today db.Day, err error) {
	defer fault.Wrap(&err, "initiative.Today in %s", id)
	in, err := Get(ctx, s.DB.Read(), id)
	if err != nil {
		return db.Day{}, err
	}
	return in.Today(s.Now()), nil
}

// Edit changes what the initiative says about itself. A new address leaves the
// old one redirecting. Stewards may. Faults: NotFound, Invalid.
func (s *Service) Edit(ctx context.Context, who access.Actor, id string, d Draft) (in Initiative, err error) {
	defer fault.Wrap(&err, "initiative.Edit %s", id)
	if err := who.Require(id, access.Steer); err != nil {
		return Initiative{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		have, err := Get(ctx, q, id)
		if err != nil {
			return err
		}
		var f fault.Form
		in = d.parse(s.Now(), &f)
		in.ID, in.Invented = id, have.Invented // an invented place stays invented
		if err := checkSlug(ctx, q, in, &f); err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.change(ctx, q, who, in)
	})
	return in, err
}

func (s *Service) change(ctx context.Context, q db.Querier, who access.Actor, in Initiative) error {
	if err := update(ctx, q, in); err != nil {
		return err
	}
	if err := point(ctx, q, in); err != nil {
		return err
	}
	return s.note(ctx, q, who, in.ID, "edit initiative")
}

// checkSlug refuses an address that is, or was, another initiative's.
func checkSlug(ctx context.Context, q db.Querier, in Initiative, f *fault.Form) error {
	owner, err := slugOwner(ctx, q, in.Slug)
	if err != nil {
		return err
	}
	f.Check(owner == "" || owner == in.ID, "slug", "initiative.slug.taken", "slug", in.Slug)
	return nil
}

// note records the act and tells public pages that they have changed: the
// initiative's, and the server's own list of initiatives.
func (s *Service) note(ctx context.Context, q db.Querier, who access.Actor, id, act string) error {
	for _, touched := range [...]string{id, ""} {
		if err := db.Touch(ctx, q, touched); err != nil {
			return err
		}
	}
	return audit.Note(ctx, q, audit.Event{
		Initiative: id, Account: who.Account, Person: who.Person(id), For: who.For, Act: act, Object: id,
	})
}
