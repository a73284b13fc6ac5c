// Package webtest asks a site as a browser does, without a network: it keeps
// cookies, posts forms and reads what comes back. Tests of pages use it.
package webtest

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web"
	"commonweal/internal/web/assets"
	"commonweal/internal/web/htmlcheck"
	"commonweal/internal/web/page"
)

// Origin is what the site under test is called.
const Origin = "https://commonweal.test"

// Riverside is an initiative for tests that need one and don't care which.
func Riverside() page.In {
	return page.In{
		ID: "riverside", Slug: "riverside", Name: "Riverside Reads",
		Purpose:   "Every young child in Riverside has books at home.",
		Langs:     []i18n.Lang{i18n.English, i18n.Spanish},
		HelpPhone: "555-0100", Emergency: "911", AnswerDays: 7,
	}
}

// Site is a site under test.
type Site struct {
	Config  web.Config // what is left empty is filled with what a test rarely cares about
	In      []page.In  // the initiatives; Riverside when there are none
	Handler http.Handler

	actors map[string]access.Actor // by session token
}

// New makes the site. What Config leaves out is: the initiatives in In, a
// version that never changes, a clock that stands at noon on 21 November 2026,
// no rate limits, and the log of the test.
func New(t testing.TB, s Site) *Site {
	t.Helper()
	s.actors = map[string]access.Actor{}
	if len(s.In) == 0 {
		s.In = []page.In{Riverside()}
	}
	c := &s.Config
	if c.Initiative == nil {
		c.Initiative = s.initiative
	}
	if c.Version == nil {
		c.Version = func(context.Context, string) (string, error) { return "1", nil }
	}
	if c.Actor == nil {
		c.Actor = func(_ context.Context, token string) (access.Actor, error) { return s.actors[token], nil }
	}
	if c.SignOut == nil {
		c.SignOut = func(_ context.Context, who access.Actor) error {
			delete(s.actors, who.Session)
			return nil
		}
	}
	if c.Health == nil {
		c.Health = func(context.Context) (read, write error) { return nil, nil }
	}
	if c.Now == nil {
		c.Now = func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	if c.Base == "" {
		c.Base = Origin
	}
	if c.Limits == nil {
		c.Limits = Unlimited()
	}
	h, err := web.New(*c)
	if err != nil {
		t.Fatalf("web.New: %v", err)
	}
	s.Handler = h
	return &s
}

// Unlimited are rate limits that no test meets.
func Unlimited() *web.Limits {
	none := web.Limit{Burst: 1 << 30, Every: time.Nanosecond}
	return &web.Limits{Reads: none, Posts: none, Writes: none, Guesses: none, AllWrites: none, AllGuesses: none}
}

func (s *Site) initiative(_ context.Context, slug string) (page.In, error) {
	for _, in := range s.In {
		if in.Slug == slug {
			return in, nil
		}
	}
	return page.In{}, fault.ErrNotFound
}

// Browser is one browser on the site.
type Browser struct {
	Header http.Header // sent with every request, such as Accept-Language

	t    testing.TB
	site *Site
	jar  http.CookieJar
}

// Visitor is a browser of somebody who hasn't signed in.
func (s *Site) Visitor(t testing.TB) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatalf("cookie jar: %v", err)
	}
	return &Browser{Header: http.Header{}, t: t, site: s, jar: jar}
}

// As is a browser of somebody who has.
func (s *Site) As(t testing.TB, who access.Actor) *Browser {
	t.Helper()
	b := s.Visitor(t)
	token := rand.Text()
	if who.Session == "" {
		who.Session = token
	}
	s.actors[token] = who
	b.jar.SetCookies(b.url("/"), []*http.Cookie{{Name: b.sessionName(), Value: token, Path: "/", Secure: true}})
	return b
}

func (b *Browser) sessionName() string {
	if strings.HasPrefix(b.site.Config.Base, "https:") {
		return "__Host-cw"
	}
	return "cw"
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
	Doc    htmlcheck.Doc

	browser *Browser
	at      string
}

func (b *Browser) url(path string) *url.URL {
	u, err := url.Parse(b.site.Config.Base + path)
	if err != nil {
		b.t.Fatalf("path %q: %v", path, err)
	}
	return u
}

// Get asks for a page.
func (b *Browser) Get(path string) Answer {
	b.t.Helper()
	return b.Do(httptest.NewRequestWithContext(b.t.Context(), http.MethodGet, b.url(path).String(), nil))
}

// Post sends a form, as a page of the site does.
func (b *Browser) Post(path string, form url.Values) Answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, b.url(path).String(), strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.site.Config.Base)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}

// Do sends a request with the browser's cookies and headers.
func (b *Browser) Do(r *http.Request) Answer {
	b.t.Helper()
	for name, values := range b.Header {
		r.Header[name] = values
	}
	for _, c := range b.jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.site.Handler.ServeHTTP(w, r)
	got := w.Result()
	defer got.Body.Close() //nolint:errcheck // it is in memory
	b.jar.SetCookies(r.URL, got.Cookies())
	body, err := io.ReadAll(got.Body)
	if err != nil {
		b.t.Fatalf("read: %v", err)
	}
	a := Answer{Status: got.StatusCode, Header: got.Header, Body: string(body), browser: b, at: r.URL.RequestURI()}
	if strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") && got.Header.Get("Content-Encoding") == "" {
		a.Doc = htmlcheck.Parse(b.t, a.Body)
	}
	return a
}

var (
	classNames = regexp.MustCompile(`\.([a-zA-Z][\w-]*)`)
	ruled      = sync.OnceValue(func() map[string]bool {
		known := map[string]bool{"plain": true} // a tag that is nothing more
		for _, m := range classNames.FindAllSubmatch(assets.All()[assets.Sheet].Plain, -1) {
			known[string(m[1])] = true
		}
		return known
	})
)

// Sound reports what is wrong with a page whatever it is about: what
// htmlcheck.Sound does, and a class without a rule, which is a look that
// somebody thought was there.
func (a Answer) Sound(t testing.TB) {
	t.Helper()
	htmlcheck.Sound(t, a.Body)
	for _, n := range a.Doc.All("[class]") {
		for _, attr := range n.Attr {
			if attr.Key != "class" {
				continue
			}
			for class := range strings.FieldsSeq(attr.Val) {
				if !ruled()[class] {
					t.Errorf("class %q of <%s> has no rule in the stylesheet", class, n.Data)
				}
			}
		}
	}
}

// Follow goes where a redirect leads; an answer that is none fails the test.
func (a Answer) Follow() Answer {
	t := a.browser.t
	t.Helper()
	to, err := a.browser.url(a.at).Parse(a.Header.Get("Location"))
	if err != nil || a.Status/100 != 3 {
		t.Fatalf("%s answered %d and leads nowhere: %v", a.at, a.Status, err)
	}
	return a.browser.Get(to.RequestURI())
}
