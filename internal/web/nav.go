package web

import (
	"net/http"

	"commonweal/internal/access"
	"commonweal/internal/web/page"
)

// Navigation is what stands in the header, in its order. Each entry shows to
// those who may use its route: a visitor sees three, a steward all of them.
func Navigation() []page.NavItem {
	return []page.NavItem{
		{Path: inInitiative, Key: "nav.home"},
		{Path: inInitiative + "/gifts", Key: "nav.gifts"},
		{Path: inInitiative + "/organizations", Key: "nav.organizations"},
		{Path: inInitiative + "/share", Key: "nav.share", Unless: access.Converse},
		{Path: inInitiative + "/rooms", Key: "nav.rooms"},
		{Path: inInitiative + "/me", Key: "nav.me"},
		{Path: inInitiative + "/day", Key: "nav.day"},
		{Path: inInitiative + "/talk", Key: "nav.talk"},
		{Path: inInitiative + "/setup", Key: "nav.setup"},
	}
}

// needed gives each entry the need of its route.
func needed(nav []page.NavItem, routes []page.Route) []page.NavItem {
	needs := make(map[string]access.Need, len(routes))
	for _, r := range routes {
		if r.Method() == http.MethodGet {
			needs[r.Path()] = r.Need
		}
	}
	out := make([]page.NavItem, len(nav))
	for i, item := range nav {
		item.Need = needs[item.Path]
		out[i] = item
	}
	return out
}
