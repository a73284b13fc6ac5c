package e2e_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"commonweal/internal/web/htmlcheck"
)

// shown is a page to look at, and as whom.
type shown struct {
	name string // the path of its route
	path string
	who  string
	post url.Values // a form that is refused there, or nil
}

// status is what the page answers.
func (s shown) status() int {
	if s.post != nil {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// unshown are the routes that are no page of the demo, each with why.
var unshown = map[string]string{
	"/i/{initiative}/people/{person}/export":                   "a file",
	"/i/{initiative}/organizations/{organization}/contact.vcf": "a file",
	"/i/{initiative}/organizations/{organization}/hours.ics":   "a file",
	"/i/{initiative}/happenings.ics":                           "a file",
	"/i/{initiative}/places.geojson":                           "a file",
	"/i/{initiative}/speak/{token}":                            "nobody in the demo is asked by letter to speak; orgweb tests it",
	"/i/{initiative}/still/organization/{token}":               "no organization of the demo is old enough to be asked; orgweb tests it",
	"/first":                 "the first steward of a new server sees it",
	"/first/{token}":         "likewise",
	"/devices/passkey/{key}": "needs a phone's own lock; accountweb tests it with one",
}

// directory is where programs read the services: data, which nobody looks at.
const directory = "/i/{initiative}/api/"

var pagesOnce = struct {
	sync.Once
	all []shown
}{}

// pages are all pages of the demo, each as whoever sees the most of it: the
// examples of the route table, and in the place of those that lead nowhere the
// links that people get by mail or from somebody's hand.
func (d *demo) pages(t *testing.T) []shown {
	t.Helper()
	pagesOnce.Do(func() {
		found := d.handed(t)
		for _, r := range d.routes {
			method, pattern, _ := strings.Cut(r.Route, " ")
			if method != http.MethodGet || unshown[pattern] != "" || strings.HasPrefix(pattern, directory) {
				continue
			}
			p := shown{name: pattern, path: r.Path, who: r.of()}
			if path := found[pattern]; path != "" {
				p.path = path
			}
			pagesOnce.all = append(pagesOnce.all, p)
		}
	})
	if len(pagesOnce.all) == 0 {
		t.Fatal("there is no page to look at")
	}
	return slices.Clone(pagesOnce.all)
}

// mayStayEmpty are forms that are taken as they are.
var mayStayEmpty = []string{"/referrals/", "/still/", "/claim/"}

var refusedOnce = struct {
	sync.Once
	all []shown
}{}

// refused are the pages as they come back when their form was sent empty.
func (d *demo) refused(t *testing.T) []shown {
	t.Helper()
	refusedOnce.Do(func() { refusedOnce.all = d.refuse(t) })
	return slices.Clone(refusedOnce.all)
}

func (d *demo) refuse(t *testing.T) (all []shown) {
	t.Helper()
	seen := map[string]bool{}
	for _, p := range d.pages(t) {
		who := d.as(p.who)
		for _, f := range who.get(t, p.path).forms(t) {
			if seen[f.Action] || !f.Asks() || slices.ContainsFunc(mayStayEmpty, func(s string) bool { return strings.Contains(f.Action, s) }) {
				continue
			}
			seen[f.Action] = true
			if a := who.post(t, f.Action, f.Blank()); a.status == http.StatusUnprocessableEntity {
				all = append(all, shown{name: p.name + " refused", path: f.Action, who: p.who, post: f.Blank()})
			}
		}
	}
	return all
}

func (a answer) forms(t *testing.T) []htmlcheck.Form {
	t.Helper()
	if !a.isPage() {
		return nil
	}
	return htmlcheck.Parse(t, a.body).Forms()
}

// handed are addresses that no page shows to those who use them: they come by
// mail, from a connector's hand, or belong to one device.
func (d *demo) handed(t *testing.T) map[string]string {
	t.Helper()
	asks := d.as(steward)
	asks.post(t, "/sign-in", url.Values{"email": {"steward@riverside.example"}})
	member := d.as(resident)
	member.post(t, "/devices/email", url.Values{"email": {"amina@riverside.example"}})
	return map[string]string{
		"/i/{initiative}/still/{token}": d.mailed(t, "/i/riverside/setup", "/i/riverside/still/"),
		"/i/{initiative}/stop/{token}":  d.mailed(t, "/i/riverside/setup", "/i/riverside/stop/"),
		"/sign-in/{token}":              d.mailed(t, "/server", "/sign-in/"),
		"/email/{token}":                d.mailed(t, "/server", "/email/"),
		"/claim/{token}":                d.invitation(t),
		"/devices/{device}":             link(t, member.get(t, "/devices"), "/devices/"),
	}
}

// invitation is the address of an invitation that a connector hands over.
func (d *demo) invitation(t *testing.T) string {
	t.Helper()
	who := d.as(connector)
	for _, r := range d.routes {
		if r.Route != "GET /i/{initiative}/people/{person}/invite" {
			continue
		}
		for _, f := range who.get(t, r.Path).forms(t) {
			if !strings.HasSuffix(f.Action, "/invite") {
				continue
			}
			code := codeShape.FindString(who.post(t, f.Action, f.Sent()).body)
			a := d.as(guest).post(t, "/claim", url.Values{"code": {code}})
			return a.header.Get("Location")
		}
	}
	t.Fatal("nobody can be invited")
	return ""
}

var codeShape = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

// link is where the first link on a page leads that begins so.
func link(t *testing.T, a answer, begins string) string {
	t.Helper()
	for _, n := range htmlcheck.Parse(t, a.body).All("main a[href]") {
		if to := href(n); strings.HasPrefix(to, begins) {
			return to
		}
	}
	t.Fatalf("%s has no link to %s…", a.path, begins)
	return ""
}

func href(n *html.Node) string { return attribute(n, "href") }

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// mailed reads the letters of an outbox until one holds a link that begins so.
// Letters are written by jobs, so it waits for them; each is opened once, for
// whoever sends forms without end is told to slow down.
func (d *demo) mailed(t *testing.T, room, begins string) string {
	t.Helper()
	who := d.as(steward)
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for range 200 {
		for _, f := range who.get(t, room+"/outbox").forms(t) {
			if !strings.HasSuffix(f.Action, "/letter") {
				continue
			}
			key := f.Sent().Encode()
			if d.letters[key] == "" {
				d.letters[key] = who.post(t, f.Action, f.Sent()).body
			}
			_, rest, ok := strings.Cut(d.letters[key], d.base+begins)
			if end := strings.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune(tokenLetters, r) }); ok && end > 0 && rest[end] != '/' {
				return begins + rest[:end]
			}
		}
		<-again.C
	}
	t.Fatalf("no letter in %s/outbox holds a link to %s…", room, begins)
	return ""
}

const tokenLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// TestEveryPageIsThere: what the other tests of this folder look at exists.
func TestEveryPageIsThere(t *testing.T) {
	all := running.pages(t)
	for _, p := range all {
		if a := running.as(p.who).get(t, p.path); a.status != http.StatusOK || !a.isPage() {
			t.Errorf("%s as %s: %s answers %d, %s", p.name, p.who, p.path, a.status, a.header.Get("Content-Type"))
		}
	}
	if len(all) < 80 {
		t.Errorf("%d pages: where are the others?", len(all))
	}
	if bad := running.refused(t); len(bad) < 30 {
		t.Errorf("%d pages of refused forms: where are the others?", len(bad))
	}
}
