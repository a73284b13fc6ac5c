// Package peopleweb is the pages about the people whom an initiative knows and
// their households: found by name, written down with what they agreed to, and
// theirs to take along or to have erased.
//
// A connector sees their own people, a steward everybody; whoever opens a
// person's page is noted, and the person can see who has.
package peopleweb

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/exchange"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
)

// Pages are the pages about people and households.
type Pages struct {
	People        *people.Service
	Places        *place.Service
	Gifts         *gift.Service
	Conversations *conversation.Service

	// Similar finds people who are like somebody about to be written down; nil
	// looks for nobody.
	Similar func(ctx context.Context, who access.Actor, in string, t exchange.Typed) ([]exchange.Like, error)

	// Beside gives what a list said of somebody that has no place of its own
	// here; nil knows of no lists.
	Beside func(ctx context.Context, in, person string) ([]exchange.Pair, error)

	// Example is what stands in the examples of routes whose path holds an id.
	Example IDs
}

// IDs are ids of records that exist in the demo and that its connector may
// see; an empty one leads to "not found".
type IDs struct{ Person, Consent, Household string }

// Routes are the rows of the route table.
func (p *Pages) Routes() []page.Route {
	someone, home := p.Example.Person, p.Example.Household
	return slices.Concat([]page.Route{
		get("/people", p.list, ""),
		get("/people/new", p.new, ""),
		post("/people/new", p.create),
		get("/people/{person}", p.person, someone),
		get("/people/{person}/edit", p.edit, someone),
		post("/people/{person}/edit", p.save),
		get("/people/{person}/export", p.export, someone),
		post("/people/{person}/gifts/{gift}", p.gift),
		post("/people/{person}/pause", p.pause),
	}, p.agreedRoutes(someone), []page.Route{
		get("/people/{person}/move", p.moving, someone),
		post("/people/{person}/move", p.move),
		get("/people/{person}/invite", p.inviting, someone),
		post("/people/{person}/invite", p.invite),
		get("/people/{person}/erase", p.erasing, someone),
		post("/people/{person}/erase", p.erase),

		get("/households", p.households, ""),
		get("/households/new", p.newHousehold, ""),
		post("/households/new", p.createHousehold),
		get("/households/{household}", p.household, home),
		get("/households/{household}/edit", p.editHousehold, home),
		post("/households/{household}/edit", p.saveHousehold),
		get("/households/{household}/move", p.movingHousehold, home),
		post("/households/{household}/move", p.moveHousehold),
	})
}

// agreedRoutes are how a person can be reached and what they agreed to.
func (p *Pages) agreedRoutes(someone string) []page.Route {
	taking := get("/people/{person}/withdraw", p.withdrawing, someone)
	taking.Example += "?consent=" + cmp.Or(p.Example.Consent, "example")
	return []page.Route{
		get("/people/{person}/contacts", p.contact, someone),
		post("/people/{person}/contacts", p.addContact),
		post("/people/{person}/contacts/{contact}/remove", p.removeContact),
		get("/people/{person}/consents", p.consent, someone),
		post("/people/{person}/consents", p.agree),
		taking,
		post("/people/{person}/withdraw", p.withdraw),
	}
}

var named = regexp.MustCompile(`\{\w+\}`)

// get is a page for those who hold conversations. A path with an {id} has an
// example of it, or one that leads nowhere.
func get(path string, h page.Handler, id string) page.Route {
	return page.Route{
		Pattern: "GET /i/{initiative}" + path, Need: access.Converse, Private: true, Handle: h,
		Example: "/i/riverside" + named.ReplaceAllString(path, cmp.Or(id, "example")),
	}
}

func post(path string, h page.Handler) page.Route {
	return page.Route{Pattern: "POST /i/{initiative}" + path, Need: access.Converse, Private: true, Handle: h}
}

// refused says whether err is something that the form's reader can mend. A
// conflict shows above the form as well.
func refused(f *page.Form, err error) bool {
	if f.Refused(err) {
		return true
	}
	why, ok := errors.AsType[*fault.Error](err)
	if !ok || why.Kind != fault.Conflict {
		return false
	}
	f.Faults = []fault.Field{{Message: why.Message}}
	return true
}

// base begins a page, with a tab that tells nothing.
func base(r *page.Request, key string) page.Base { return r.Base(key).Neutral("peoplepage.tab") }

// isSteward says whether who asks sees everybody.
func isSteward(r *page.Request) bool { return r.Who.May(r.In.ID, access.Steer) }

// choices are what forms and filters choose from.
type choices struct {
	Areas      []page.Option
	Connectors []page.Option // for stewards alone
}

// choices reads the places and, for a steward, the connectors; none says what
// stands first in each list.
func (p *Pages) choices(ctx context.Context, r *page.Request, noArea string, noConnector ...page.Option) (c choices, err error) {
	areas, err := p.Places.List(ctx, r.In.ID)
	if err != nil {
		return choices{}, err
	}
	b := r.Base(noArea)
	c.Areas = []page.Option{{Value: "", Label: b.Title()}}
	for _, branch := range place.Tree(areas) {
		if branch.Kind != place.Venue {
			c.Areas = append(c.Areas, page.Option{Value: branch.ID, Label: branch.Name})
		}
	}
	if !isSteward(r) {
		return c, nil
	}
	c.Connectors, err = p.connectors(ctx, r, noConnector...)
	return c, err
}

// connectors are those who hold conversations, after what stands first.
func (p *Pages) connectors(ctx context.Context, r *page.Request, first ...page.Option) ([]page.Option, error) {
	all, err := p.People.Connectors(ctx, r.Who, r.In.ID)
	for _, one := range all {
		first = append(first, page.Option{Value: one.ID, Label: one.Name})
	}
	return first, err
}
