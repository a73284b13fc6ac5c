package organization

import (
	"context"
	"slices"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/link"
)

const (
	askedLink  = "organization.asked" // kind of link: its subject is an organization and who is to speak for it
	askedHolds = 30 * 24 * time.Hour
)

// Asked is an organization that asks somebody to speak for it.
type Asked struct {
	Initiative   string
	Organization Organization

	person string
	by     string // the account that asked
}

// LookAsked says which organization asks whoever holds a letter's link to speak
// for it, and changes nothing: mail programs open links by themselves. Anyone
// who holds the link may. Faults: NotFound.
func (s *Service) LookAsked(ctx context.Context, token string) (a Asked, err error) {
	defer fault.Wrap(&err, "organization.LookAsked")
	q := s.DB.Read()
	l, err := link.Look(ctx, q, askedLink, token)
	if err != nil {
		return Asked{}, err
	}
	return asked(ctx, q, l)
}

func asked(ctx context.Context, q db.Querier, l link.Link) (a Asked, err error) {
	id, person, _ := strings.Cut(l.Subject, " ")
	all, err := spokespersons(ctx, q, l.Initiative, id)
	if err != nil {
		return Asked{}, err
	}
	at := slices.IndexFunc(all, func(s Spokesperson) bool { return s.Person == person && s.Asked })
	if at < 0 {
		return Asked{}, fault.ErrNotFound
	}
	a = Asked{Initiative: l.Initiative, person: person, by: all[at].by}
	a.Organization, err = get(ctx, q, l.Initiative, id)
	return a, err
}

// TakeUp says yes to speaking for an organization and uses the link up: from
// then on they may change its page. The path leads whoever has no account to one,
// and is "" for others. Whoever LookAsked answers may. Faults: NotFound.
func (s *Service) TakeUp(ctx context.Context, token string) (path string, err error) {
	defer fault.Wrap(&err, "organization.TakeUp")
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		path = ""
		l, err := link.Use(ctx, q, askedLink, token)
		if err != nil {
			return err
		}
		a, err := asked(ctx, q, l)
		if err != nil {
			return err
		}
		id := a.Organization.ID
		if err := entrust(ctx, q, l.Initiative, id, a.person, a.by); err != nil {
			return err
		}
		keys, err := account.Invite(ctx, q, account.Invitation{Initiative: l.Initiative, Person: a.person, Kind: access.Partner, By: a.by})
		if err != nil && !fault.Is(err, fault.Conflict) { // who has an account needs none
			return err
		}
		path = keys.Path
		return audit.Note(ctx, q, audit.Event{Initiative: l.Initiative, Person: a.person, For: id, Act: "take up organization", Object: id})
	})
	return path, err
}

// shade leaves, of somebody who was asked by letter and hasn't said yes, only
// that somebody was asked: the address may be known here under a name that
// whoever typed it doesn't know.
func (v view) shade(all []Spokesperson) {
	for i, one := range all {
		if one.Asked && !v.who.May(v.initiative, access.Converse) && one.Person != v.who.Person(v.initiative) {
			all[i].Person, all[i].Name = "", ""
		}
	}
}

// speaking are those of some who speak already.
func speaking(all []Spokesperson) (some []Spokesperson) {
	for _, one := range all {
		if !one.Asked {
			some = append(some, one)
		}
	}
	return some
}
