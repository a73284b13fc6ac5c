// Package web is the front door: it takes a request from a browser, asks who
// it is and whether they may, and hands it to the page that it is for. Pages
// themselves are in the rooms beside it; what they are made of is in page.
package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/fault"
	"commonweal/internal/web/assets"
	"commonweal/internal/web/page"
)

// Config is what the front door needs to know of the house behind it.
type Config struct {
	Routes []page.Route
	Nav    []page.NavItem // see Navigation

	// Initiative finds an initiative by its slug; In.Slug differs from what was
	// asked when the slug is an old one. Faults: NotFound.
	Initiative func(ctx context.Context, slug string) (page.In, error)
	// Version changes whenever what an initiative's public pages show changes;
	// "" is what belongs to no initiative.
	Version func(ctx context.Context, initiative string) (string, error)
	// Actor is who is behind a session token; a token that has ended is a visitor.
	Actor func(ctx context.Context, token string) (access.Actor, error)
	// SignOut ends the actor's session on this device.
	SignOut func(ctx context.Context, who access.Actor) error
	// Health says whether the store can be read and written.
	Health func(ctx context.Context) (read, write error)

	Now    clock.Clock
	Log    *slog.Logger
	Base   string         // https://example.org, as the world calls this server
	Build  string         // changes with the program; "" is a new one at each start
	Demo   bool           // routes that need access.Invented exist
	Behind []netip.Prefix // proxies whose X-Forwarded-For and -Proto are believed
	Limits *Limits        // nil is Usual
	ExitTo string         // where the quick exit leads
}

// exitTo is a page about nothing in particular, light, and in every language.
const exitTo = "https://www.wikipedia.org/"

// bodyLimit is how much a request may carry, unless its route takes files; forms
// may carry less.
const bodyLimit = 10 << 20

// site is the front door at work.
type site struct {
	Config
	page   page.Site
	mux    *http.ServeMux
	cross  *http.CrossOriginProtection
	limits *limits
	places *places
	kept   *shelf
	always http.Header     // what every answer carries
	gets   map[string]bool // paths that a GET shows, as patterns

	uploads map[string]int64 // what routes that take files may carry, by pattern
}

// New makes the handler of the whole site, or says what is wrong with its
// routes.
func New(c Config) (http.Handler, error) {
	if !c.Demo {
		c.Routes = withoutInvented(c.Routes)
	}
	base, err := url.Parse(c.Base)
	if err != nil || base.Host == "" {
		return nil, fault.Because(err, fault.Invalid, "web.base")
	}
	if c.Build == "" {
		c.Build = rand.Text()
	}
	if c.ExitTo == "" {
		c.ExitTo = exitTo
	}
	s := &site{
		Config: c,
		mux:    http.NewServeMux(),
		cross:  http.NewCrossOriginProtection(),
		limits: newLimits(c.Limits),
		places: &places{find: c.Initiative, version: c.Version, known: map[string]place{}},
		kept:   newShelf(shelfBytes),
		always: hardening(base.Scheme == "https"),
		gets:   map[string]bool{},

		uploads: map[string]int64{},
	}
	if err := s.cross.AddTrustedOrigin(base.Scheme + "://" + base.Host); err != nil {
		return nil, err
	}
	if err := Check(s.Routes, c.Nav); err != nil {
		return nil, err
	}
	s.page = page.Site{
		Now: c.Now, Nav: needed(c.Nav, s.Routes), Secure: base.Scheme == "https",
		Build: c.Build, Base: strings.TrimSuffix(c.Base, "/"),
	}
	for _, r := range s.Routes {
		s.mux.HandleFunc(r.Pattern, s.serve(r))
		s.uploads[r.Pattern] = r.Upload
		if r.Method() == http.MethodGet {
			s.gets[r.Path()] = true
		}
	}
	s.mux.HandleFunc(anything, s.unrouted)
	s.mux.HandleFunc("GET "+assets.Prefix, s.asset)
	s.mux.HandleFunc("GET /favicon.ico", s.favicon)
	s.mux.HandleFunc("GET /healthz", s.health)
	s.mux.HandleFunc("POST /leave", s.leave)
	return s, nil
}

// ServeHTTP is the way in and the way out: what every answer carries, one line
// in the log, and an error page when something breaks.
func (s *site) ServeHTTP(out http.ResponseWriter, hr *http.Request) {
	started := s.Now()
	w := newAnswer(out, hr)
	maps.Copy(w.Header(), s.always)
	hr.Body = http.MaxBytesReader(out, hr.Body, s.mayCarry(hr))
	defer func() {
		if broken := recover(); broken != nil {
			s.panicked(w, hr, broken)
		}
		w.finish()
		s.log(hr, w, s.Now().Sub(started))
	}()
	s.mux.ServeHTTP(w, hr)
}

// mayCarry is how much a request may carry. Only one that says it is large, or
// doesn't say, is held against the routes that take files.
func (s *site) mayCarry(hr *http.Request) int64 {
	if hr.ContentLength >= 0 && hr.ContentLength <= bodyLimit {
		return bodyLimit
	}
	_, pattern := s.mux.Handler(hr)
	return max(bodyLimit, s.uploads[pattern])
}

// serve puts the guards around one route.
func (s *site) serve(route page.Route) http.HandlerFunc {
	return func(w http.ResponseWriter, hr *http.Request) {
		r := s.request(hr, route)
		if err := s.guarded(w, r); err != nil {
			s.refuse(w, r, err)
		}
	}
}

func (s *site) request(hr *http.Request, route page.Route) *page.Request {
	return &page.Request{Request: hr, Route: route, Site: &s.page}
}

// log writes one line about a request. It names the route and not the path,
// which may hold a code; it names nobody.
func (s *site) log(hr *http.Request, w *answer, took time.Duration) {
	s.Log.LogAttrs(hr.Context(), slog.LevelInfo, "request",
		slog.String("method", hr.Method), slog.String("route", hr.Pattern),
		slog.Int("status", w.status), slog.Duration("took", took), slog.Int64("bytes", w.sent))
}
