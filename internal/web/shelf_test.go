package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/web"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// counting is a site whose public pages count how often they are made, and
// whose store counts how often it is asked.
type counting struct {
	*webtest.Site
	made, versions, finds atomic.Int64
	version               atomic.Int64
	clock                 *clock.Fake
}

func newCounting(t *testing.T) *counting {
	t.Helper()
	c := &counting{clock: clock.NewFake(noon)}
	long := strings.Repeat("A gift is something that somebody can do, has lived through, knows or cares about. ", 40)
	handler := func(w http.ResponseWriter, r *page.Request) error {
		c.made.Add(1)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, err := w.Write([]byte(long + string(r.Lang) + r.URL.RawQuery))
		return err
	}
	c.Site = webtest.New(t, webtest.Site{Config: web.Config{
		Routes: []page.Route{
			{Pattern: "GET " + in, Need: access.Anyone, Public: true, Handle: handler, Example: "/i/riverside"},
			{Pattern: "POST " + in + "/said", Need: access.Anyone, Handle: saves},
			{
				Pattern: "GET " + in + "/cookie", Need: access.Anyone, Public: true, Example: "/i/riverside/cookie",
				Handle: func(w http.ResponseWriter, r *page.Request) error { return page.Redirect(w, r, "/", "page.signin") },
			},
		},
		Now: c.clock.Now,
		Initiative: func(context.Context, string) (page.In, error) {
			c.finds.Add(1)
			return webtest.Riverside(), nil
		},
		Version: func(context.Context, string) (string, error) {
			c.versions.Add(1)
			return strconv.FormatInt(c.version.Load(), 10), nil
		},
	}})
	return c
}

func (c *counting) get(t *testing.T, b *webtest.Browser, path string, header ...string) webtest.Answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, webtest.Origin+path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return b.Do(r)
}

func TestAnUnchangedPublicPageCostsALookAtItsVersion(t *testing.T) {
	c := newCounting(t)
	b := c.Visitor(t)
	first := c.get(t, b, "/i/riverside", "Accept-Encoding", "br")
	etag := first.Header.Get("ETag")
	if first.Header.Get("Content-Encoding") != "br" || etag == "" {
		t.Fatalf("first: encoding %q, ETag %q", first.Header.Get("Content-Encoding"), etag)
	}
	c.versions.Store(0)
	c.finds.Store(0)
	again := c.get(t, b, "/i/riverside", "Accept-Encoding", "br")
	if again.Body != first.Body {
		t.Error("the kept page is another one")
	}
	same := c.get(t, b, "/i/riverside", "If-None-Match", etag)
	if same.Status != http.StatusNotModified || same.Body != "" || same.Header.Get("ETag") != etag {
		t.Errorf("with its ETag: %d, %d bytes, ETag %q", same.Status, len(same.Body), same.Header.Get("ETag"))
	}
	if made, versions, finds := c.made.Load(), c.versions.Load(), c.finds.Load(); made != 1 || versions != 2 || finds != 0 {
		t.Errorf("made %d times, %d versions, %d look-ups; want 1, 2, 0", made, versions, finds)
	}
}

func TestANewNameShowsAtOnce(t *testing.T) {
	name, version := "Riverside Reads", "1"
	s := webtest.New(t, webtest.Site{Config: web.Config{
		Routes: []page.Route{{
			Pattern: "GET " + in, Need: access.Anyone, Public: true, Example: "/i/riverside",
			Handle: func(w http.ResponseWriter, r *page.Request) error {
				_, err := w.Write([]byte(r.In.Name))
				return err
			},
		}},
		Initiative: func(context.Context, string) (page.In, error) {
			in := webtest.Riverside()
			in.Name = name
			return in, nil
		},
		Version: func(context.Context, string) (string, error) { return version, nil },
	}})
	b := s.Visitor(t)
	b.Get("/i/riverside")
	name, version = "Riverside Reads Aloud", "2"
	if got := b.Get("/i/riverside").Body; got != name {
		t.Errorf("shows %q, want %q", got, name)
	}
}

func TestAKeptPageIsMadeAgainWhen(t *testing.T) {
	for name, change := range map[string]func(c *counting) []string{
		"the initiative changes":        func(c *counting) []string { c.version.Add(1); return nil },
		"the day changes":               func(c *counting) []string { c.clock.Advance(13 * time.Hour); return nil },
		"the language is another":       func(*counting) []string { return []string{"Accept-Language", "es"} },
		"the phone saves data":          func(*counting) []string { return []string{"Save-Data", "on"} },
		"the letters are clearer":       func(*counting) []string { return []string{"Cookie", "letters=clear"} },
		"the language was chosen":       func(*counting) []string { return []string{"Cookie", "lang=es"} },
		"they are signed in":            func(*counting) []string { return []string{"Cookie", "__Host-cw=token"} },
		"a message waits to be said":    func(*counting) []string { return []string{"Cookie", "__Host-cw-flash=eyJrIjoicGFnZS5zaWduaW4ifQ"} },
		"the browser unpacks no brotli": func(*counting) []string { return []string{"Accept-Encoding", "gzip"} },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounting(t)
			first := c.get(t, c.Visitor(t), "/i/riverside", "Accept-Encoding", "br")
			header := append([]string{"Accept-Encoding", "br", "If-None-Match", first.Header.Get("ETag")}, change(c)...)
			if name == "the browser unpacks no brotli" {
				header = []string{"Accept-Encoding", "gzip"}
			}
			got := c.get(t, c.Visitor(t), "/i/riverside", header...)
			if got.Status != http.StatusOK || c.made.Load() != 2 {
				t.Errorf("status %d, made %d times; want 200, 2", got.Status, c.made.Load())
			}
		})
	}
}

func TestWhatIsForOneVisitorIsNeverKept(t *testing.T) {
	c := newCounting(t)
	b := c.As(t, member(access.Member))
	for range 2 {
		if got := c.get(t, b, "/i/riverside"); got.Header.Get("ETag") != "" || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("signed in: ETag %q, Cache-Control %q", got.Header.Get("ETag"), got.Header.Get("Cache-Control"))
		}
	}
	visitor := c.Visitor(t)
	visitor.Post("/i/riverside/said", nil)
	if got := c.get(t, visitor, "/i/riverside"); got.Header.Get("ETag") != "" || !strings.Contains(got.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("with a message: ETag %q, Set-Cookie %q", got.Header.Get("ETag"), got.Header.Get("Set-Cookie"))
	}
	if c.made.Load() != 3 {
		t.Errorf("made %d times, want 3: none may come from the shelf", c.made.Load())
	}
}

func TestAPublicPageThatSetsACookieIsAMistake(t *testing.T) {
	c := newCounting(t)
	if got := c.get(t, c.Visitor(t), "/i/riverside/cookie"); got.Status != http.StatusInternalServerError {
		t.Errorf("status = %d, want 500", got.Status)
	}
}

func TestAChosenLanguageIsKeptWithAKeptPageToo(t *testing.T) {
	c := newCounting(t)
	b := c.Visitor(t)
	c.get(t, c.Visitor(t), "/i/riverside", "Accept-Language", "es")
	got := c.get(t, b, "/i/riverside?lang=es")
	if c.made.Load() != 1 {
		t.Errorf("made %d times, want the kept Spanish page", c.made.Load())
	}
	if !strings.Contains(got.Header.Get("Set-Cookie"), "lang=es") {
		t.Errorf("Set-Cookie = %q", got.Header.Get("Set-Cookie"))
	}
}

func TestTheShelfIsBounded(t *testing.T) {
	c := newCounting(t)
	b := c.Visitor(t)
	for i := range 20_000 {
		c.get(t, b, "/i/riverside?page="+strconv.Itoa(i))
	}
	if got := c.Kept(); got > 16<<20 || got == 0 {
		t.Errorf("the shelf holds %d bytes", got)
	}
	c.made.Store(0)
	c.get(t, b, "/i/riverside?page=19999")
	c.get(t, b, "/i/riverside?page=0")
	if c.made.Load() != 1 {
		t.Errorf("made %d again, want the one asked for longest ago", c.made.Load())
	}
	c.get(t, b, "/i/riverside?"+strings.Repeat("x", 300))
	c.get(t, b, "/i/riverside?"+strings.Repeat("x", 300))
	if c.made.Load() != 3 {
		t.Errorf("made %d times, want a page with a long query made each time", c.made.Load())
	}
}

func (c *counting) Kept() int { return web.Kept(c.Handler) }

// Many readers while the initiative changes: nobody ever gets what was true
// before they asked.
func TestNobodyGetsAnOldPage(t *testing.T) {
	var version atomic.Int64
	now := func(context.Context, string) (string, error) { return strconv.FormatInt(version.Load(), 10), nil }
	s := webtest.New(t, webtest.Site{Config: web.Config{
		Version: now,
		Routes: []page.Route{{
			Pattern: "GET " + in, Need: access.Anyone, Public: true, Example: "/i/riverside",
			Handle: func(w http.ResponseWriter, _ *page.Request) error {
				_, err := w.Write([]byte(strconv.FormatInt(version.Load(), 10)))
				return err
			},
		}},
	}})
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for range 300 {
				before := version.Load()
				w := httptest.NewRecorder()
				s.Handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, webtest.Origin+"/i/riverside", nil))
				if got, err := strconv.ParseInt(w.Body.String(), 10, 64); err != nil || got < before {
					t.Errorf("got %q after %d, %v", w.Body.String(), before, err)
				}
			}
		})
	}
	for range 2000 {
		version.Add(1)
	}
	readers.Wait()
}
