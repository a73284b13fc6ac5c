package web_test

import (
	"net/http"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/web"
	"commonweal/internal/web/page"
)

func nothing(http.ResponseWriter, *page.Request) error { return nil }

func TestCheckRefusesARouteThat(t *testing.T) {
	good := page.Route{Pattern: "GET /i/{initiative}/gifts", Need: access.Anyone, Handle: nothing, Example: "/i/riverside/gifts"}
	with := func(change func(*page.Route)) []page.Route {
		r := good
		change(&r)
		return []page.Route{r}
	}
	for name, test := range map[string]struct {
		routes []page.Route
		want   string
	}{
		"doesn't say who may use it":    {with(func(r *page.Route) { r.Need = 0 }), "doesn't say who"},
		"has a need nobody knows":       {with(func(r *page.Route) { r.Need = 99 }), "doesn't say who"},
		"has no method":                 {with(func(r *page.Route) { r.Pattern = "/i/{initiative}/gifts" }), "no method"},
		"has no handler":                {with(func(r *page.Route) { r.Handle = nil }), "no handler"},
		"begins with a name":            {with(func(r *page.Route) { r.Pattern, r.Example = "GET /{kind}/new", "/gift/new" }), "literal"},
		"is a GET without an example":   {with(func(r *page.Route) { r.Example = "" }), "without an example"},
		"has another path's example":    {with(func(r *page.Route) { r.Example = "/i/riverside/people" }), "another path"},
		"is public for members":         {with(func(r *page.Route) { r.Public, r.Need = true, access.Belong }), "public"},
		"is public and posts":           {with(func(r *page.Route) { r.Public, r.Pattern = true, "POST /i/{initiative}/gifts" }), "public"},
		"is public and private":         {with(func(r *page.Route) { r.Public, r.Private = true, true }), "public and private"},
		"takes one click as a page":     {with(func(r *page.Route) { r.OneClick = true }), "one click"},
		"takes members' one click":      {with(func(r *page.Route) { r.OneClick, r.Need, r.Pattern = true, access.Belong, "POST /i/{initiative}/gifts" }), "one click"},
		"asks members outside":          {with(func(r *page.Route) { r.Need, r.Pattern, r.Example = access.Steer, "GET /jobs", "/jobs" }), "outside an initiative"},
		"hides behind a like beginning": {with(func(r *page.Route) { r.Need, r.Pattern, r.Example = access.Steer, "GET /i/{initiativex}", "/i/a" }), "outside an initiative"},
		"stands twice":                  {[]page.Route{good, good}, "twice"},
	} {
		t.Run(name, func(t *testing.T) {
			err := web.Check(test.routes, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Check = %v, want one that says %q", err, test.want)
			}
		})
	}
	if err := web.Check([]page.Route{good}, nil); err != nil {
		t.Errorf("Check of a good route = %v", err)
	}
	if err := web.Check([]page.Route{good}, web.Navigation()); err == nil || !strings.Contains(err.Error(), "no route shows it") {
		t.Errorf("Check of a navigation to nowhere = %v", err)
	}
}

func TestCheckTakesEveryShapeOfPattern(t *testing.T) {
	for pattern, example := range map[string]string{
		"GET /{$}":                             "/",
		"GET /i/{initiative}":                  "/i/riverside",
		"GET /i/{initiative}/people/{person}":  "/i/riverside/people/0190?tab=said",
		"GET /files/{path...}":                 "/files/a/b/c",
		"GET /i/{initiative}/people/{person}/": "/i/riverside/people/0190/",
	} {
		if err := web.Check([]page.Route{{Pattern: pattern, Need: access.Anyone, Handle: nothing, Example: example}}, nil); err != nil {
			t.Errorf("Check(%s) = %v", pattern, err)
		}
	}
}

func TestTableIsSortedAndSaysWhoMay(t *testing.T) {
	got := web.Table([]page.Route{
		{Pattern: "POST /sign-in", Need: access.Anyone, Guess: true},
		{Pattern: "GET /sign-in", Need: access.Anyone, Private: true},
		{Pattern: "GET /devices", Need: access.SignedIn, Private: true},
	})
	lines := strings.Split(strings.TrimSpace(got), "\n")
	want := [][]string{{"GET", "/devices", "signed", "in", "private"}, {"GET", "/sign-in", "anyone", "private"}, {"POST", "/sign-in", "anyone", "guess"}}
	for i, line := range lines {
		if strings.Join(strings.Fields(line), " ") != strings.Join(want[i], " ") {
			t.Errorf("line %d = %q, want %q", i, line, want[i])
		}
	}
}
