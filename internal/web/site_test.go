package web_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/fault"
	"commonweal/internal/web"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

const in = "/i/{initiative}"

// says answers with a line of text and no layout.
func says(text string) page.Handler {
	return func(w http.ResponseWriter, r *page.Request) error {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err := fmt.Fprintf(w, "%s %s %q", text, r.Lang, r.URL.RawQuery)
		return err
	}
}

// fails answers with an error.
func fails(err error) page.Handler {
	return func(http.ResponseWriter, *page.Request) error { return err }
}

// saves answers a POST as a page does: with a message on the next page.
func saves(w http.ResponseWriter, r *page.Request) error {
	if _, err := page.ReadForm(r); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("mine"), "page.signin")
}

// routes are one of each kind.
func routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /{$}", Need: access.Anyone, Public: true, Handle: says("start"), Example: "/"},
		{Pattern: "GET " + in, Need: access.Anyone, Public: true, Handle: says("home"), Example: "/i/riverside"},
		{Pattern: "GET " + in + "/said", Need: access.Anyone, Exit: true, Handle: says("said"), Example: "/i/riverside/said"},
		{Pattern: "POST " + in + "/said", Need: access.Anyone, Handle: saves},
		{Pattern: "GET " + in + "/mine", Need: access.Belong, Private: true, Handle: says("mine"), Example: "/i/riverside/mine"},
		{Pattern: "POST " + in + "/mine", Need: access.Belong, Handle: saves},
		{Pattern: "GET " + in + "/jobs", Need: access.Steer, Private: true, Handle: says("jobs"), Example: "/i/riverside/jobs"},
		{Pattern: "POST /sign-in", Need: access.Anyone, Guess: true, Handle: saves},
		{Pattern: "POST /demo", Need: access.Invented, Handle: saves},
		{Pattern: "GET " + in + "/conflict", Need: access.Anyone, Handle: fails(fault.New(fault.Conflict, "once.other")), Example: "/i/riverside/conflict"},
	}
}

func site(t *testing.T, c web.Config) *webtest.Site {
	t.Helper()
	if c.Routes == nil {
		c.Routes = routes()
	}
	return webtest.New(t, webtest.Site{Config: c})
}

// member belongs to Riverside, as one kind or another.
func member(k access.Kind) access.Actor {
	return access.Actor{Account: "account", Memberships: []access.Membership{{Initiative: "riverside", Person: "person", Kind: k}}}
}

// renamed knows Riverside by its old name too.
func renamed(_ context.Context, slug string) (page.In, error) {
	if slug != "old-name" && slug != "riverside" {
		return page.In{}, fault.ErrNotFound
	}
	return webtest.Riverside(), nil
}
