package organization

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/place"
)

// Speaks is the right on an organization that its spokespersons have.
const Speaks = "spokesperson"

// Service is what may be done with organizations: by whoever speaks for them,
// and by stewards.
type Service struct {
	DB      *db.DB
	IDs     *db.IDs
	Now     clock.Clock
	Log     *slog.Logger
	BaseURL string // https://example.org, for links in mail

	// Tell notes what people should hear, in the transaction in which it
	// happens; the room of notices stands below this one. Nil tells nobody.
	Tell func(ctx context.Context, q db.Querier, initiative string, all []Notice) error
}

// How many rows a page of a list has.
const pageSize = 50

// Filter narrows a list of organizations.
type Filter struct {
	Kind   Kind   // "" is both
	Status Status // "" is whatever the actor may see
	Area   string // and everything within it
	Text   string // beginnings of words of the name
	After  string // id of the last one seen
	Limit  int    // 0 is 50, at most 200

	areas []string
}

func (f Filter) size() int {
	if f.Limit <= 0 {
		return pageSize
	}
	return min(f.Limit, 4*pageSize)
}

// Listing is one page of organizations.
type Listing struct {
	Organizations []Organization
	More          string // what to give as After for the next page; "" on the last
}

// view is what an actor may see and do with an initiative's organizations.
type view struct {
	who        access.Actor
	initiative string
	steers     bool
}

func viewOf(who access.Actor, in string) view {
	return view{who: who, initiative: in, steers: who.May(in, access.Steer)}
}

// speaks says whether the actor is a spokesperson of an organization.
func (v view) speaks(organization string) bool { return MaySpeak(v.who, v.initiative, organization) }

// MaySpeak says whether an actor speaks for an organization: as long as they
// belong to the initiative. Whoever was sent away from it speaks for nobody.
func MaySpeak(who access.Actor, in, organization string) bool {
	return who.May(in, access.Belong) && who.Has(in, organization, Speaks)
}

// edits says whether the actor may change an organization.
func (v view) edits(organization string) bool { return v.steers || v.speaks(organization) }

// sees says whether an organization is there for the actor.
func (v view) sees(o Organization) bool { return o.IsShown() || v.edits(o.ID) }

// mine are the organizations that the actor speaks for.
func (v view) mine() (ids []string) {
	for _, g := range v.who.Grants {
		if g.Initiative == v.initiative && g.Right == Speaks && v.speaks(g.Object) {
			ids = append(ids, g.Object)
		}
	}
	return ids
}

// note records an act upon an organization, and for which one it was done.
func (v view) note(ctx context.Context, q db.Querier, act, organization string) error {
	e := audit.Event{
		Initiative: v.initiative, Account: v.who.Account, Person: v.who.Person(v.initiative),
		For: v.who.For, Act: act, Object: organization,
	}
	if v.speaks(organization) {
		e.For = organization
	}
	return audit.Note(ctx, q, e)
}

// List gives organizations by name, a page at a time. Anyone may; those that
// aren't shown are given to their spokespersons and to stewards.
func (s *Service) List(ctx context.Context, who access.Actor, in string, f Filter) (l Listing, err error) {
	defer fault.Wrap(&err, "organization.List in %s", in)
	v, q := viewOf(who, in), s.DB.Read()
	if f.Area != "" {
		areas, err := place.Areas(ctx, q, in)
		if err != nil {
			return Listing{}, err
		}
		f.areas = place.Within(areas, f.Area)
	}
	l.Organizations, err = list(ctx, q, in, f, v.steers, v.mine())
	if n := f.size(); len(l.Organizations) > n {
		l.Organizations = l.Organizations[:n]
		l.More = l.Organizations[n-1].ID
	}
	return l, err
}

// Get reads an organization with all that belongs to it. Anyone may, once it is
// shown; the names of its spokespersons are for themselves, connectors and
// stewards. Faults: NotFound.
func (s *Service) Get(ctx context.Context, who access.Actor, in, id string) (r Record, err error) {
	defer fault.Wrap(&err, "organization.Get %s in %s", id, in)
	v, q := viewOf(who, in), s.DB.Read()
	if r.Organization, err = v.get(ctx, q, id); err != nil {
		return Record{}, err
	}
	r.MayEdit, r.MaySteer, r.MaySpeak = v.edits(id), v.steers, v.speaks(id)
	if r.Offers, err = offersOf(ctx, q, in, id); err != nil {
		return Record{}, err
	}
	if r.Spokespersons, err = spokespersons(ctx, q, in, id); err != nil {
		return Record{}, err
	}
	r.Unspoken = len(speaking(r.Spokespersons)) == 0
	v.shade(r.Spokespersons)
	if !r.MayEdit && !who.May(in, access.Converse) {
		for i := range r.Spokespersons {
			r.Spokespersons[i].Person, r.Spokespersons[i].Name = "", ""
		}
	}
	if r.Parent != "" {
		if up, err := v.get(ctx, q, r.Parent); err == nil {
			r.ParentName = up.Name
		} else if !fault.Is(err, fault.NotFound) {
			return Record{}, err
		}
	}
	return r, s.fill(ctx, q, in, &r)
}

// fill reads services, places, phones and hours of a record.
func (s *Service) fill(ctx context.Context, q db.Querier, in string, r *Record) error {
	on, err := today(ctx, q, in, s.Now())
	if err != nil {
		return err
	}
	r.StillTrue = r.ReviewOn.After(on.Time)
	services, err := servicesOf(ctx, q, in, r.ID, r.MayEdit)
	if err != nil {
		return err
	}
	owners := []string{r.ID}
	for _, one := range services {
		owners = append(owners, one.ID)
	}
	places, err := placesOf(ctx, q, in, owners[1:])
	if err != nil {
		return err
	}
	own, err := locationsOf(ctx, q, in, r.ID)
	if err != nil {
		return err
	}
	for _, l := range own {
		owners = append(owners, l.ID)
	}
	for _, some := range places {
		for _, l := range some {
			owners = append(owners, l.ID)
		}
	}
	slices.Sort(owners)
	details, err := detailsOf(ctx, q, in, slices.Compact(owners))
	if err != nil {
		return err
	}
	k := keep(details)
	r.Phones, r.Hours = k.phones[r.ID], k.hours[r.ID]
	for _, l := range own {
		r.Places = append(r.Places, k.place(l))
	}
	for _, one := range services {
		r.Services = append(r.Services, k.entry(one, r.Name, places[one.ID]))
	}
	return nil
}

// get reads an organization that the actor may see.
func (v view) get(ctx context.Context, q db.Querier, id string) (Organization, error) {
	o, err := get(ctx, q, v.initiative, id)
	if err == nil && !v.sees(o) {
		return Organization{}, fault.ErrNotFound
	}
	return o, err
}

// today is the calendar day where an initiative's people live.
func today(ctx context.Context, q db.Querier, in string, now time.Time) (db.Day, error) {
	here, err := initiative.Get(ctx, q, in)
	if err != nil {
		return db.Day{}, err
	}
	return here.Today(now), nil
}
