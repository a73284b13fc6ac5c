// Package page is what every page is made of: the request as a page sees it,
// the row that a route has in the route table, the layout, forms with their
// faults, and the small parts (tags, tables, empty states) that pages share.
//
// Rooms of pages (giftweb, askweb, …) import this package and never web: they
// give web their routes, and web puts its guards around them.
package page

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/i18n"
)

// In is the initiative that a request is in, as pages need it: enough for the
// header, the footer and the dates. The zero In is outside every initiative.
type In struct {
	ID, Slug, Name string
	Purpose, About string               // in the initiative's own words
	Purposes       map[i18n.Lang]string // the purpose in its other languages
	StartedOn      time.Time            // a day
	Langs          []i18n.Lang          // languages offered, the first is the usual one
	Zone           *time.Location       // where its people live; nil is UTC
	HelpPhone      string               // call or text; stands in every footer
	Emergency      string               // the number to call in an emergency
	AnswerDays     int                  // within how many days someone answers
	Invented       bool                 // the place and its people are made up
}

// Request is an HTTP request after the guards: who asks, in which language,
// in which initiative.
type Request struct {
	*http.Request
	Who   access.Actor
	Lang  i18n.Lang
	In    In
	Route Route
	Site  *Site // never nil behind the guards
	Flash *Flash

	Back     string // where a GET shows this page, when this isn't a GET
	Known    bool   // set by a handler of a Guess route: what was typed was right
	SaveData bool   // the visitor's phone asks to save data: no fonts
	Letters  bool   // the visitor chose clearer letters
}

// Site is what is the same for all requests to one server.
type Site struct {
	Now    clock.Clock
	Nav    []NavItem
	Secure bool   // served over https, so cookies are bound to this host
	Build  string // changes with the program, so that caches do
	Base   string // https://example.org, without a slash at its end
}

// Handler makes one answer. It renders or redirects and returns nil, or it
// returns an error, which the guards turn into the right error page; it never
// does both.
type Handler func(w http.ResponseWriter, r *Request) error

// Route is one row of the route table.
type Route struct {
	Pattern string      // as http.ServeMux reads it: "GET /i/{initiative}/gifts"
	Need    access.Need // who may; the zero Need is refused at start
	Handle  Handler
	Example string // a path that works in the demo; every GET has one

	// Public: the page is the same for every visitor until the initiative
	// changes, so it is kept and answered by its ETag. It reads no cookie,
	// carries no once key and shows nothing that depends on who asks.
	Public bool
	// Private: never stored by a browser, with the quick exit, and with a title
	// in the browser that tells nothing.
	Private bool
	// Exit: the quick exit on a page that isn't private but is about needs.
	Exit bool
	// OneClick: a mail program posts here by itself, from wherever it runs and
	// without a form of ours (RFC 8058). What it may is in its address alone:
	// no session is looked at.
	OneClick bool
	// Guess: someone might try many times (a sign-in, a code): the strictest
	// rate limit.
	Guess bool
	// Upload: how many bytes a request may carry, where a file comes in; 0 is
	// what any request may.
	Upload int64
}

// Method is the method of the route's pattern; a pattern without one is "".
func (r Route) Method() string {
	method, _, found := strings.Cut(r.Pattern, " ")
	if !found {
		return ""
	}
	return method
}

// Path is the path of the route's pattern, with its {names}.
func (r Route) Path() string {
	_, path, found := strings.Cut(r.Pattern, " ")
	if !found {
		return r.Pattern
	}
	return path
}

// NavItem is one entry of the navigation. It shows to those who may use the
// route with the same GET pattern.
type NavItem struct {
	Path   string      // "/i/{initiative}/gifts"
	Key    string      // the sentence's key: "nav.gifts"
	Need   access.Need // filled from the route table
	Unless access.Need // hidden from those who meet this need; zero hides from nobody
}

// Path is a path inside the request's initiative, or from the root when there
// is none: r.Path("gifts", id) is /i/elm-street/gifts/ID.
func (r *Request) Path(parts ...string) string { return pathIn(r.In, parts) }

func pathIn(in In, parts []string) string {
	var b strings.Builder
	if in.Slug != "" {
		b.WriteString("/i/")
		b.WriteString(url.PathEscape(in.Slug))
	}
	for _, p := range parts {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(p))
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}

// Local gives next when it is a path on this server, and otherwise fallback: a
// link in a mail must not be able to send someone elsewhere.
func Local(next, fallback string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return fallback
	}
	return next
}
