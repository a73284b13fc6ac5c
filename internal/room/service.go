package room

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/notice"
	"commonweal/internal/once"
	"commonweal/internal/organization"
)

// Service keeps an initiative's rooms.
type Service struct {
	DB  *db.DB
	IDs *db.IDs
	Now clock.Clock
}

// entriesPage is how much of what was said one page shows.
const entriesPage = 30

// fewestToOpen is how many residents sit in a room before it can be opened:
// with fewer, not even one professional would be a minority.
const fewestToOpen = 2

// viewOf finds out what an actor is here. Whoever speaks for an institution
// comes as a professional, whatever else they are, and so does a funder, and a
// partner who speaks for no association: everybody else is a resident.
func viewOf(ctx context.Context, q db.Querier, who access.Actor, in string) (v view, err error) {
	if err := who.Require(in, access.Belong); err != nil {
		return view{}, err
	}
	v = view{initiative: in, who: who, self: who.Person(in), steers: who.May(in, access.Steer), side: Resident}
	all, err := spokenFor(ctx, q, in, v.self)
	if err != nil {
		return view{}, err
	}
	for _, w := range all {
		if who.Has(in, w.ID, organization.Speaks) { // and isn't only asked to
			v.speaks = append(v.speaks, w)
		}
	}
	if who.Is(in, access.Funder) || who.Is(in, access.Partner) && len(v.speaks) == 0 && !lives(who, in) {
		v.side = Professional
	}
	for _, w := range v.speaks {
		if w.Institution {
			v.side = Professional
		}
	}
	return v, nil
}

// lives says whether somebody is here as a neighbour, too.
func lives(who access.Actor, in string) bool {
	return who.Is(in, access.Member) || who.Is(in, access.Connector) || who.Is(in, access.Steward)
}

// sees says whether the room is there for the actor. To a professional, a room
// that isn't open doesn't exist.
func (v view) sees(r Room) bool { return v.side == Resident || r.IsOpen() }

// List gives the rooms that the actor may come into, the latest first.
// Whoever belongs to the initiative may. Faults: NotFound.
func (s *Service) List(ctx context.Context, who access.Actor, in string) (all []Room, err error) {
	defer fault.Wrap(&err, "room.List in %s", in)
	v, err := viewOf(ctx, s.DB.Read(), who, in)
	if err != nil {
		return nil, err
	}
	return rooms(ctx, s.DB.Read(), in, v.side == Professional)
}

// Side says as what the actor would sit in a room. Whoever belongs may.
// Faults: NotFound.
func (s *Service) Side(ctx context.Context, who access.Actor, in string) (side Side, err error) {
	defer fault.Wrap(&err, "room.Side in %s", in)
	v, err := viewOf(ctx, s.DB.Read(), who, in)
	return v.side, err
}

// Get reads a room, who sits in it and the latest of what was said, or what was
// said before a cursor. A professional reads what was said since the opening.
// Residents may, and professionals when it is open. Faults: NotFound.
func (s *Service) Get(ctx context.Context, who access.Actor, in, id, before string) (w Whole, err error) {
	defer fault.Wrap(&err, "room.Get %s in %s", id, in)
	q := s.DB.Read()
	v, err := viewOf(ctx, q, who, in)
	if err != nil {
		return Whole{}, err
	}
	if w.Room, err = v.room(ctx, q, id); err != nil {
		return Whole{}, err
	}
	if w.Seats, err = seats(ctx, q, in, id); err != nil {
		return Whole{}, err
	}
	since := db.Stamp{}
	if v.side == Professional {
		since = w.OpenedAt
	}
	if w.Entries, err = entries(ctx, q, in, id, before, since, entriesPage+1); err != nil {
		return Whole{}, err
	}
	if len(w.Entries) > entriesPage { // the oldest is one too many
		w.Entries = w.Entries[1:]
		w.Earlier = w.Entries[0].ID
	}
	v.mark(&w)
	return w, nil
}

// mark says what the actor may do in a room.
func (v view) mark(w *Whole) {
	for i := range w.Entries {
		w.Entries[i].Mine = w.Entries[i].Person == v.self
	}
	for _, seat := range w.Seats {
		if seat.Person == v.self {
			w.Mine = seat
		}
	}
	sits := w.Mine.Person != ""
	w.Side, w.Speaks = v.side, v.speaks
	w.MaySit = !sits && !w.IsClosed() && (v.side == Resident || w.takesProfessional())
	w.MaySay = sits && w.mayBeSaid(w.Mine.Side)
	w.MayOpen = v.opens() && !w.IsOpen() && !w.IsClosed()
	w.MayEnd = v.opens() && !w.IsClosed()
}

// opens says whether the actor may open and close rooms: a steward who isn't
// here for an institution.
func (v view) opens() bool { return v.steers && v.side == Resident }

// mayBeSaid says whether that side writes in the room just now.
func (r Room) mayBeSaid(by Side) bool {
	return !r.IsClosed() && (by == Resident || r.InMinority())
}

// room reads one that is there for the actor.
func (v view) room(ctx context.Context, q db.Querier, id string) (Room, error) {
	r, err := get(ctx, q, v.initiative, id)
	if err == nil && !v.sees(r) {
		err = fault.ErrNotFound
	}
	return r, err
}

// Create makes a room, among residents, and gives its maker the first seat.
// The same key makes one room. Residents may. Faults: NotFound, Invalid,
// Conflict.
func (s *Service) Create(ctx context.Context, who access.Actor, in, key string, d Draft) (id string, err error) {
	defer fault.Wrap(&err, "room.Create in %s", in)
	hash, err := once.Hash([]any{who.Account, d})
	if err != nil {
		return "", err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		v, err := viewOf(ctx, q, who, in)
		if err != nil {
			return err
		}
		if v.side != Resident {
			return fault.ErrNotFound
		}
		here, err := initiative.Get(ctx, q, in)
		if err != nil {
			return err
		}
		var f fault.Form
		r := d.parse(here, &f)
		if err := f.Err(); err != nil {
			return err
		}
		id, _, err = once.Do(ctx, q, once.Key{Initiative: in, Key: key, RequestHash: hash}, func() (string, error) {
			r.ID, r.MadeAt = s.IDs.New(), db.At(s.Now())
			if err := insert(ctx, q, in, r, v.self); err != nil {
				return "", err
			}
			if err := putSeat(ctx, q, in, r.ID, Seat{Person: v.self, Side: Resident, SatAt: r.MadeAt}); err != nil {
				return "", err
			}
			return r.ID, v.note(ctx, q, "", "make room", r.ID)
		})
		return err
	})
	return id, err
}

// Sit gives the actor a seat. A professional says for whom and what for, and
// there must be room for another: residents stay more than half. Sitting where
// one sits already changes what for. Whoever sees the room may. Faults:
// NotFound; Invalid at "for" and "duty"; Conflict in a closed room.
func (s *Service) Sit(ctx context.Context, who access.Actor, in, id string, d SitDraft) (err error) {
	defer fault.Wrap(&err, "room.Sit in %s in %s", id, in)
	return s.inside(ctx, who, in, id, func(q db.Querier, v view, r Room) error {
		if r.IsClosed() {
			return fault.New(fault.Conflict, "room.closed")
		}
		now, err := seatOf(ctx, q, in, id, v.self)
		if err != nil {
			return err
		}
		if now.Side == Professional { // their own seat isn't another
			r.Professionals--
		}
		var f fault.Form
		seat := d.parse(v, r, &f)
		if err := f.Err(); err != nil {
			return err
		}
		if seat.Side == Professional && !r.IsOpen() {
			return fault.ErrNotFound
		}
		seat.SatAt = db.At(s.Now())
		if err := putSeat(ctx, q, in, id, seat); err != nil {
			return err
		}
		return v.note(ctx, q, seat.Organization, "sit in room", id)
	})
}

// Leave gives the actor's seat back; what they said stays. Whoever sits there
// may. Faults: NotFound.
func (s *Service) Leave(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "room.Leave %s in %s", id, in)
	return s.inside(ctx, who, in, id, func(q db.Querier, v view, _ Room) error {
		left, err := endSeat(ctx, q, in, id, v.self, db.At(s.Now()))
		if err != nil || left == 0 {
			return err
		}
		return v.note(ctx, q, "", "leave room", id)
	})
}

// Say writes something into the room, in the language given; the same key
// writes it once. Whoever sits there may, professionals while they are fewer
// than residents. Faults: NotFound; Invalid at "text"; Conflict.
func (s *Service) Say(ctx context.Context, who access.Actor, in, id, key, typed string, lang i18n.Lang) (err error) {
	defer fault.Wrap(&err, "room.Say in %s in %s", id, in)
	hash, err := once.Hash([]any{who.Account, id, typed})
	if err != nil {
		return err
	}
	return s.inside(ctx, who, in, id, func(q db.Querier, v view, r Room) error {
		seat, err := seatOf(ctx, q, in, id, v.self)
		if err != nil {
			return err
		}
		if seat.Person == "" {
			return fault.ErrNotFound
		}
		if !r.mayBeSaid(seat.Side) {
			return fault.New(fault.Conflict, "room.listen")
		}
		var f fault.Form
		e := Entry{Person: v.self, Side: seat.Side, Text: said(typed, &f), Lang: lang}
		if err := f.Err(); err != nil {
			return err
		}
		_, _, err = once.Do(ctx, q, once.Key{Initiative: in, Key: key, RequestHash: hash}, func() (string, error) {
			e.ID, e.SaidAt = s.IDs.New(), db.At(s.Now())
			if err := insertEntry(ctx, q, in, id, e, seat.Organization); err != nil {
				return "", err
			}
			return e.ID, v.tell(ctx, q, r, "room.notice.said", e.ID)
		})
		return err
	})
}

// TakeBack takes the words off an entry of the actor's own. Faults: NotFound.
func (s *Service) TakeBack(ctx context.Context, who access.Actor, in, id, entry string) (err error) {
	defer fault.Wrap(&err, "room.TakeBack %s in %s", entry, in)
	return s.inside(ctx, who, in, id, func(q db.Querier, v view, _ Room) error {
		n, err := eraseEntry(ctx, q, in, id, entry, v.self, db.At(s.Now()))
		if err == nil && n == 0 {
			err = fault.ErrNotFound
		}
		return err
	})
}

// Open lets institutions come in, with what residents want them to know first;
// what was said before stays among residents. It can't be undone: what
// somebody has read, they have read. Stewards may who aren't there for an
// institution. Faults: NotFound; Invalid at "opening"; Conflict with too few
// residents, or in a closed room.
func (s *Service) Open(ctx context.Context, who access.Actor, in, id, opening string) (err error) {
	defer fault.Wrap(&err, "room.Open %s in %s", id, in)
	return s.inside(ctx, who, in, id, func(q db.Querier, v view, r Room) error {
		var f fault.Form
		f.Check(opening != "", "opening", "room.opening.missing")
		short(opening, "opening", MaxText, &f)
		switch {
		case !v.opens():
			return fault.ErrNotFound
		case r.IsClosed():
			return fault.New(fault.Conflict, "room.closed")
		case r.Residents < fewestToOpen:
			return fault.New(fault.Conflict, "room.alone", "fewest", fewestToOpen)
		case f.Err() != nil || r.IsOpen():
			return f.Err()
		}
		if err := setOpen(ctx, q, in, id, opening, db.At(s.Now())); err != nil {
			return err
		}
		if err := v.tell(ctx, q, r, "room.notice.open", id); err != nil {
			return err
		}
		return v.note(ctx, q, "", "open room", id)
	})
}

// End closes a room: it stays for reading. Stewards may. Faults: NotFound.
func (s *Service) End(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "room.End %s in %s", id, in)
	return s.inside(ctx, who, in, id, func(q db.Querier, v view, r Room) error {
		if !v.opens() {
			return fault.ErrNotFound
		}
		if r.IsClosed() {
			return nil
		}
		if err := setClosed(ctx, q, in, id, db.At(s.Now())); err != nil {
			return err
		}
		return v.note(ctx, q, "", "close room", id)
	})
}

// inside runs something in a room that is there for the actor.
func (s *Service) inside(ctx context.Context, who access.Actor, in, id string, do func(q db.Querier, v view, r Room) error) error {
	return s.DB.Tx(ctx, func(q db.Querier) error {
		v, err := viewOf(ctx, q, who, in)
		if err != nil {
			return err
		}
		r, err := v.room(ctx, q, id)
		if err != nil {
			return err
		}
		return do(q, v, r)
	})
}

// noticed is what the notices call a room.
const noticed = "room"

// tell has everybody else who sits in a room hear of something.
func (v view) tell(ctx context.Context, q db.Querier, r Room, line, unique string) error {
	sitters, err := seats(ctx, q, v.initiative, r.ID)
	if err != nil {
		return err
	}
	var all []notice.Told
	for _, seat := range sitters {
		if seat.Person != v.self {
			all = append(all, notice.Told{
				Initiative: v.initiative, Person: seat.Person, Matter: notice.Matter{Kind: noticed, ID: r.ID},
				Line: fault.Message{Key: line}, Path: "/rooms/" + r.ID, Lang: r.Lang, Unique: "room " + unique,
			})
		}
	}
	return notice.Tell(ctx, q, all...)
}

// note records an act, by whom and for which organization.
func (v view) note(ctx context.Context, q db.Querier, organization, act, room string) error {
	return audit.Note(ctx, q, audit.Event{
		Initiative: v.initiative, Account: v.who.Account, Person: v.self, For: organization, Act: act, Object: room,
	})
}
