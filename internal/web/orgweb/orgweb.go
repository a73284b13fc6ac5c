// Package orgweb is the pages about associations and institutions: what each
// can bring, the services that neighbours may turn to, and all that a place
// has. Whoever speaks for an organization mends its page here.
package orgweb

import (
	"cmp"
	"context"
	"net/http"
	"regexp"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/exchange"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/place"
	"commonweal/internal/release"
	"commonweal/internal/web/page"
)

// Pages are the pages about organizations.
type Pages struct {
	Organizations *organization.Service
	Places        *place.Service
	Releases      *release.Service
	Conversations *conversation.Service
	Exchange      *exchange.Service

	// Example is what stands in the examples of routes whose path holds an id.
	Example Example
}

// Example are ids that exist in the demo; an empty one leads nowhere.
type Example struct{ Organization, Offer, Service, Place, Still, Asked string }

// Routes are the rows of the route table.
func (p *Pages) Routes() []page.Route {
	return slices.Concat(p.publicRoutes(), p.ownRoutes())
}

// publicRoutes are what anybody may read.
func (p *Pages) publicRoutes() []page.Route {
	organization, service := p.Example.Organization, p.Example.Service
	return []page.Route{
		open("/organizations", p.list),
		read("/organizations/new", p.ask),
		read("/organizations/{organization}", p.one, organization),
		read("/organizations/{organization}/contact.vcf", p.card, organization),
		read("/organizations/{organization}/hours.ics", p.hoursFile, organization),
		read("/services", p.services),
		read("/services/{service}", p.service, service),
		open("/assets", p.assets),
		open("/sites", p.sites),
		open("/places.geojson", p.geojson),
		open("/happenings.ics", p.on),
	}
}

// ownRoutes are for those who speak for an organization, and for stewards. The
// room decides who that is.
func (p *Pages) ownRoutes() []page.Route {
	const one = "/organizations/{organization}"
	organization, offer := p.Example.Organization, p.Example.Offer
	service, place := p.Example.Service, p.Example.Place
	return []page.Route{
		mine("GET", "/organizations/new/group", p.joinForm), mine("POST", "/organizations/new/group", p.join),
		mine("GET", one+"/edit", p.edit, organization), mine("POST", one+"/edit", p.save),
		mine("POST", one+"/show", p.show), mine("POST", one+"/hide", p.hide),
		mine("GET", one+"/offers", p.newOffer, organization), mine("POST", one+"/offers", p.addOffer),
		mine("GET", one+"/offers/{offer}", p.offer, organization, offer), mine("POST", one+"/offers/{offer}", p.saveOffer),
		mine("GET", one+"/services", p.newService, organization), mine("POST", one+"/services", p.addService),
		mine("GET", one+"/services/{service}", p.editService, organization, service), mine("POST", one+"/services/{service}", p.saveService),
		mine("GET", one+"/places", p.newPlace, organization), mine("POST", one+"/places", p.addPlace),
		mine("GET", one+"/places/{place}", p.place, organization, place), mine("POST", one+"/places/{place}", p.savePlace),
		mine("GET", one+"/speakers", p.speakers, organization), mine("POST", one+"/speakers", p.addSpeaker),
		mine("POST", one+"/leave", p.leave),
		mine("GET", one+"/calls", p.calls, organization), mine("POST", one+"/calls", p.called),
		mine("POST", one+"/still", p.confirm),
		linked("GET", "/still/organization/{token}", p.still, p.Example.Still), linked("POST", "/still/organization/{token}", p.answer),
		linked("GET", "/speak/{token}", p.asked, p.Example.Asked), linked("POST", "/speak/{token}", p.takeUp),
		steer("POST", one+"/takeover", p.takeOver),
		steer("GET", "/organizations/invite", p.partners), steer("POST", "/organizations/invite", p.invite),
		mine("GET", one+"/hours", p.openHours, organization), mine("POST", one+"/hours", p.saveHours),
	}
}

var named = regexp.MustCompile(`\{\w+\}`)

// example is a path that works in the demo: each {name} is the next id, or one
// that leads nowhere.
func example(path string, ids []string) string {
	next := 0
	return "/i/riverside" + named.ReplaceAllStringFunc(path, func(string) string {
		next++
		if next > len(ids) {
			return "example"
		}
		return cmp.Or(ids[next-1], "example")
	})
}

// open is a page that is the same for everybody who isn't signed in.
func open(path string, h page.Handler) page.Route {
	r := read(path, h)
	r.Public = true
	return r
}

// read is a page that anybody may ask for.
func read(path string, h page.Handler, ids ...string) page.Route {
	return page.Route{Pattern: "GET /i/{initiative}" + path, Need: access.Anyone, Handle: h, Example: example(path, ids)}
}

// linked is a page for whoever holds the link in a letter.
func linked(method, path string, h page.Handler, ids ...string) page.Route {
	return inside(access.Anyone, method, path, h, ids)
}

// mine is a page for those who take part.
func mine(method, path string, h page.Handler, ids ...string) page.Route {
	return inside(access.Belong, method, path, h, ids)
}

func steer(method, path string, h page.Handler, ids ...string) page.Route {
	return inside(access.Steer, method, path, h, ids)
}

func inside(need access.Need, method, path string, h page.Handler, ids []string) page.Route {
	r := page.Route{Pattern: method + " /i/{initiative}" + path, Need: need, Private: true, Handle: h}
	if method == http.MethodGet {
		r.Example = example(path, ids)
	}
	return r
}

// areas are the places of an initiative, with their names.
type areas struct {
	All   []place.Area
	Names map[string]string
}

func (p *Pages) areas(ctx context.Context, in string) (a areas, err error) {
	if a.All, err = p.Places.List(ctx, in); err != nil {
		return a, err
	}
	a.Names = make(map[string]string, len(a.All))
	for _, one := range a.All {
		a.Names[one.ID] = one.Name
	}
	return a, nil
}

// options are the areas to pick from, after a first choice.
func (a areas) options(first string) []page.Option {
	all := []page.Option{{Label: first}}
	for _, branch := range place.Tree(a.All) {
		all = append(all, page.Option{Value: branch.ID, Label: branch.Name})
	}
	return all
}

// written are the languages that an initiative writes in.
func written(b page.Base) (all []page.Option) {
	for _, l := range b.In().Langs {
		all = append(all, page.Option{Value: string(l), Label: b.Language(l)})
	}
	return all
}

// foreign marks words in another language than the page's.
func foreign(b page.Base, lang i18n.Lang) string {
	if lang == "" || lang == b.Lang() {
		return ""
	}
	return b.T("page.written." + string(lang))
}
