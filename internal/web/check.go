package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/web/page"
)

// inInitiative begins the path of everything that belongs to one initiative.
const inInitiative = "/i/{initiative}"

// Check says everything that is wrong with a route table and a navigation, or
// nil. A server doesn't start with a table that is wrong.
func Check(routes []page.Route, nav []page.NavItem) error {
	var wrong []error
	seen := map[string]bool{}
	for _, r := range routes {
		for _, fault := range faults(r) {
			wrong = append(wrong, fmt.Errorf("route %q: %s", r.Pattern, fault))
		}
		if seen[r.Pattern] {
			wrong = append(wrong, fmt.Errorf("route %q: stands twice in the table", r.Pattern))
		}
		seen[r.Pattern] = true
	}
	for _, item := range nav {
		if !seen["GET "+item.Path] {
			wrong = append(wrong, fmt.Errorf("navigation %q: no route shows it", item.Path))
		}
	}
	return errors.Join(wrong...)
}

func faults(r page.Route) (all []string) {
	say := func(wrong bool, what string) {
		if wrong {
			all = append(all, what)
		}
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(r.Path(), "/"), "/")
	get := r.Method() == http.MethodGet
	inside := r.Path() == inInitiative || strings.HasPrefix(r.Path(), inInitiative+"/")
	say(r.Need <= 0 || r.Need > access.Invented, "doesn't say who may use it")
	say(r.Method() == "", "has no method")
	say(r.Handle == nil, "has no handler")
	say(strings.HasPrefix(first, "{") && first != "{$}", "doesn't begin with a literal")
	say(get && r.Example == "", "is a GET without an example")
	say(get && !fits(r.Path(), r.Example), "has an example of another path")
	say(r.Public && (r.Need != access.Anyone || !get), "is public, but not a GET for anyone")
	say(r.Public && r.Private, "is public and private")
	say(r.OneClick && (r.Need != access.Anyone || r.Method() != http.MethodPost), "takes one click, but isn't a POST for anyone")
	say(!inside && ofMembership(r.Need), "asks for a membership outside an initiative")
	return all
}

func ofMembership(n access.Need) bool {
	return n == access.Belong || n == access.Converse || n == access.Curate || n == access.Steer
}

// fits says whether a path is one that the pattern takes.
func fits(pattern, path string) bool {
	path, _, _ = strings.Cut(path, "?")
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i, part := range want {
		if strings.HasSuffix(part, "...}") {
			return len(got) > i
		}
		if part == "{$}" {
			return i == len(got)-1 && got[i] == ""
		}
		if i >= len(got) || !strings.HasPrefix(part, "{") && part != got[i] || strings.HasPrefix(part, "{") && got[i] == "" {
			return false
		}
	}
	return len(want) == len(got)
}

// Table is the route table as text, one row a line, sorted by path: pattern,
// need and flags.
func Table(routes []page.Route) string {
	rows := slices.SortedFunc(slices.Values(routes), func(a, b page.Route) int {
		return cmp.Or(strings.Compare(a.Path(), b.Path()), strings.Compare(a.Method(), b.Method()))
	})
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%-6s %-52s %s%s\n", r.Method(), r.Path(), r.Need, flags(r))
	}
	return b.String()
}

func flags(r page.Route) string {
	text := ""
	for _, flag := range []struct {
		on   bool
		name string
	}{{r.Public, "public"}, {r.Private, "private"}, {r.Exit, "exit"}, {r.OneClick, "oneclick"}, {r.Guess, "guess"}} {
		if flag.on {
			text += " " + flag.name
		}
	}
	return text
}

func withoutInvented(routes []page.Route) []page.Route {
	return slices.DeleteFunc(slices.Clone(routes), func(r page.Route) bool { return r.Need == access.Invented })
}
