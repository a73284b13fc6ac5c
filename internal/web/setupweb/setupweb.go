// Package setupweb is the steward's rooms: what an initiative says of itself,
// its places and what is on, who may do what, and how the house runs. The
// operator's rooms are beside them: which initiatives there are on the server.
package setupweb

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/release"
	"commonweal/internal/upkeep"
	"commonweal/internal/web/page"
)

// Accounts takes an account away from a person; account.Service is it.
type Accounts interface {
	Release(ctx context.Context, who access.Actor, initiative, person string) error
}

// Pages are the rooms of stewards and of the operator.
type Pages struct {
	Initiatives *initiative.Service
	Places      *place.Service
	People      *people.Service
	Permissions *access.Service
	Accounts    Accounts
	Releases    *release.Service
	Upkeep      *upkeep.Service
	Archives    Archives
	// Labels names an initiative's gift terms, by id, in a language.
	Labels func(ctx context.Context, initiative string, lang i18n.Lang) (map[string]string, error)

	// Example is what stands in the examples of routes whose path holds an id.
	Example Example
}

// Example are ids that exist in the demo; an empty one leads nowhere.
type Example struct{ Area, Happening, Person string }

// Routes are the rows of the route table.
func (p *Pages) Routes() []page.Route {
	return slices.Concat(p.ownRoutes(), p.peopleRoutes(), p.houseRoutes(), p.serverRoutes())
}

// ownRoutes are what an initiative says of itself and of its place.
func (p *Pages) ownRoutes() []page.Route {
	area, happening := cmp.Or(p.Example.Area, "example"), cmp.Or(p.Example.Happening, "example")
	return []page.Route{
		steer("GET", "/setup", p.overview, ""),
		steer("GET", "/setup/about", p.about, ""), steer("POST", "/setup/about", p.saveAbout, ""),
		steer("GET", "/setup/places", p.places, ""),
		steer("GET", "/setup/places/new", p.newArea, ""), steer("POST", "/setup/places/new", p.addArea, ""),
		steer("GET", "/setup/places/{area}", p.area, area), steer("POST", "/setup/places/{area}", p.saveArea, ""),

		converse("GET", "/happenings", p.happenings, ""),
		converse("GET", "/happenings/new", p.newHappening, ""), converse("POST", "/happenings/new", p.addHappening, ""),
		converse("GET", "/happenings/{happening}", p.happening, happening), converse("POST", "/happenings/{happening}", p.saveHappening, ""),
		converse("POST", "/happenings/{happening}/remove", p.removeHappening, ""),
	}
}

// peopleRoutes are who may do what.
func (p *Pages) peopleRoutes() []page.Route {
	return []page.Route{
		steer("GET", "/setup/people", p.holders, ""),
		steer("GET", "/setup/people/{person}", p.holder, cmp.Or(p.Example.Person, "example")),
		steer("POST", "/setup/people/{person}/give", p.give, ""),
		steer("POST", "/setup/people/{person}/remove", p.remove, ""),
		steer("POST", "/setup/people/{person}/invite", p.invite, ""),
		steer("POST", "/setup/people/{person}/release", p.release, ""),
	}
}

// houseRoutes are how the house runs.
func (p *Pages) houseRoutes() []page.Route {
	return []page.Route{
		steer("GET", "/setup/jobs", p.jobs, ""), steer("POST", "/setup/jobs/retry", p.retry, ""),
		steer("GET", "/setup/outbox", p.outbox, ""),
		steer("POST", "/setup/outbox/letter", p.letter, ""), steer("POST", "/setup/outbox/handed", p.handed, ""),
		steer("GET", "/setup/record", p.record, ""),
		steer("GET", "/setup/everything", p.everything, ""), steer("POST", "/setup/everything", p.takeEverything, ""),
		steer("GET", "/setup/counts", p.counts, ""), steer("POST", "/setup/counts", p.countAgain, ""),
	}
}

// serverRoutes are the operator's.
func (p *Pages) serverRoutes() []page.Route {
	return []page.Route{
		operate("GET", "/server", p.server),
		operate("GET", "/server/new", p.newInitiative), operate("POST", "/server/new", p.addInitiative),
		operate("POST", "/server/invite", p.inviteFirst),
		operate("GET", "/server/network", p.newNetwork), operate("POST", "/server/network", p.addNetwork),
		operate("POST", "/server/network/join", p.join), operate("POST", "/server/network/leave", p.leave),
		operate("GET", "/server/jobs", p.jobs), operate("POST", "/server/jobs/retry", p.retry),
		operate("GET", "/server/outbox", p.outbox),
		operate("POST", "/server/outbox/letter", p.letter), operate("POST", "/server/outbox/handed", p.handed),
	}
}

func steer(method, path string, h page.Handler, id string) page.Route {
	return inside(access.Steer, method, path, h, id)
}

func converse(method, path string, h page.Handler, id string) page.Route {
	return inside(access.Converse, method, path, h, id)
}

var named = regexp.MustCompile(`\{\w+\}`)

func inside(need access.Need, method, path string, h page.Handler, id string) page.Route {
	r := page.Route{Pattern: method + " /i/{initiative}" + path, Need: need, Private: true, Handle: h}
	if method == http.MethodGet {
		r.Example = "/i/riverside" + named.ReplaceAllString(path, id)
	}
	return r
}

func operate(method, path string, h page.Handler) page.Route {
	r := page.Route{Pattern: method + " " + path, Need: access.Operate, Private: true, Handle: h}
	if method == http.MethodGet {
		r.Example = path
	}
	return r
}

// room is the path of a steward's room, or of the operator's for a page that
// both have.
func room(b interface{ Path(parts ...string) string }, in string, parts ...string) string {
	if in == "" {
		return b.Path(append([]string{"server"}, parts...)...)
	}
	return b.Path(append([]string{"setup"}, parts...)...)
}

// refused says whether err is something that the form's reader can mend; a
// conflict is said of the whole form.
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

// base begins a page; its tab tells no more than that it is about set-up.
func base(r *page.Request, titleKey string) page.Base {
	return r.Base(titleKey).Neutral("setup.tab")
}
