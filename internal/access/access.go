// Package access says who may do what. There is one table of it, in this file;
// every route and every service asks here.
package access

import (
	"slices"

	"commonweal/internal/fault"
)

// Kind is a person's permission in an initiative. It is no rank, and it is not
// the role (client, advisor, co-producer) that a person has in an engagement.
type Kind string

// The kinds of membership.
const (
	Steward   Kind = "steward"   // runs the initiative's house
	Connector Kind = "connector" // holds conversations with neighbours
	Partner   Kind = "partner"   // speaks for an association or institution
	Funder    Kind = "funder"
	Member    Kind = "member" // a resident who takes part
)

// Kinds are all kinds of membership.
func Kinds() []Kind { return []Kind{Steward, Connector, Partner, Funder, Member} }

// Need is what a route or an act asks of whoever wants it. The zero Need is
// invalid, so that a route that doesn't say who may use it fails a test.
type Need int

// The needs, from the widest door to the narrowest.
const (
	_        Need = iota
	Anyone        // visitors too
	SignedIn      // any account
	Belong        // any membership in the initiative
	Converse      // holds conversations, and sees the people they are with
	Curate        // edits the gift vocabulary
	Steer         // the steward's set-up, jobs, outbox, audit
	Operate       // the server's own: makes initiatives and networks, reads none
	Invented      // exists only in the demo, on loopback, on an invented database
)

// String is the need as a route table shows it.
func (n Need) String() string {
	return map[Need]string{
		Anyone: "anyone", SignedIn: "signed in", Belong: "belong", Converse: "converse",
		Curate: "curate", Steer: "steer", Operate: "operate", Invented: "invented",
	}[n]
}

// table is the one table of who may do what in an initiative. A need that is
// not in it doesn't depend on membership.
var table = map[Need][]Kind{
	Belong:   {Steward, Connector, Partner, Funder, Member},
	Converse: {Steward, Connector},
	Curate:   {Steward, Connector},
	Steer:    {Steward},
}

// Membership is one person's permission in one initiative.
type Membership struct {
	Initiative, Person string
	Kind               Kind
}

// Grant is a right on one object, such as "author" of a course.
type Grant struct {
	Initiative, Object, Right string
}

// Actor is whoever makes a request. The zero Actor is a visitor.
type Actor struct {
	Account     string
	Session     string // id of the session row, for "this device"
	Operator    bool
	Memberships []Membership
	Grants      []Grant
	For         string // the organization they speak for, or none
}

// IsSignedIn says whether there is an account behind the request.
func (a Actor) IsSignedIn() bool { return a.Account != "" }

// Person is who the actor is in an initiative, or "".
func (a Actor) Person(initiative string) string {
	for _, m := range a.Memberships {
		if m.Initiative == initiative {
			return m.Person
		}
	}
	return ""
}

// Is says whether the actor has a membership of that kind in the initiative.
func (a Actor) Is(initiative string, k Kind) bool {
	return slices.ContainsFunc(a.Memberships, func(m Membership) bool {
		return m.Initiative == initiative && m.Kind == k
	})
}

// Has says whether the actor has a right on one object.
func (a Actor) Has(initiative, object, right string) bool {
	return slices.Contains(a.Grants, Grant{Initiative: initiative, Object: object, Right: right})
}

// May says whether the actor meets a need in an initiative; initiative is ""
// for what belongs to none.
func (a Actor) May(initiative string, n Need) bool {
	switch n {
	case Anyone, Invented: // whether the invented door exists at all is decided where routes are made
		return true
	case SignedIn:
		return a.IsSignedIn()
	case Operate:
		return a.Operator
	case Belong, Converse, Curate, Steer:
		return slices.ContainsFunc(table[n], func(k Kind) bool { return a.Is(initiative, k) })
	}
	return false
}

// Require is nil when the actor meets the need, and NotFound otherwise: what
// someone may not use doesn't exist for them.
func (a Actor) Require(initiative string, n Need) error {
	if a.May(initiative, n) {
		return nil
	}
	return fault.ErrNotFound
}
