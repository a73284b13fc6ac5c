package upkeep

import (
	"context"
	"slices"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/fault"
)

// pageSize is how many entries of the record a page has.
const pageSize = 50

// Entry is one act, with the names of those in it. A name is "" for somebody
// erased, for what has none, and for who isn't known here.
type Entry struct {
	audit.Noted
	By string // who did it
	To string // to whom, or to what
}

// Record is a page of who did what.
type Record struct {
	Entries []Entry
	Before  time.Time  // where the next page begins; zero on the last one
	Head    audit.Head // the end of the chain; zero while nothing is sealed
}

// Record tells who did what, the newest first: what is older than before, or
// everything for the zero time. Stewards may see it, and the server's own its
// operator. Faults: NotFound.
func (s *Service) Record(ctx context.Context, who access.Actor, in string, before time.Time) (r Record, err error) {
	defer fault.Wrap(&err, "upkeep.Record of %s", in)
	if err := may(who, in); err != nil {
		return Record{}, err
	}
	q := s.DB.Read()
	noted, err := audit.Latest(ctx, q, in, before, pageSize+1)
	if err != nil {
		return Record{}, err
	}
	noted, r.Before = cut(noted)
	names, err := called(ctx, q, in, idsIn(noted))
	if err != nil {
		return Record{}, err
	}
	for _, n := range noted {
		e := Entry{Noted: n, By: names[n.Person], To: names[n.Object]}
		if e.By == "" {
			e.By = names[n.Account]
		}
		r.Entries = append(r.Entries, e)
	}
	r.Head, err = audit.HeadOf(ctx, q, in)
	return r, err
}

// cut leaves a page of what was read, and says where the next one begins.
// What was noted at one moment stays on one page, since a page begins by time.
func cut(noted []audit.Noted) ([]audit.Noted, time.Time) {
	if len(noted) <= pageSize {
		return noted, time.Time{}
	}
	end := pageSize
	for end > 0 && noted[end-1].At.Equal(noted[pageSize].At) {
		end--
	}
	if end == 0 { // so much at one moment that it doesn't fit
		end = pageSize
	}
	return noted[:end], noted[end-1].At
}

// idsIn are the ids that may have a name.
func idsIn(noted []audit.Noted) (ids []string) {
	for _, n := range noted {
		ids = append(ids, n.Account, n.Person, n.Object)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}
