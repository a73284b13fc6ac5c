package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/web"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

func TestWhoMayComeIn(t *testing.T) {
	s := site(t, web.Config{})
	elsewhere := access.Actor{Account: "other", Memberships: []access.Membership{{Initiative: "another", Person: "p", Kind: access.Steward}}}
	who := map[string]*webtest.Browser{
		"visitor": s.Visitor(t), "member": s.As(t, member(access.Member)), "steward": s.As(t, member(access.Steward)),
		"elsewhere": s.As(t, elsewhere), "operator": s.As(t, access.Actor{Account: "op", Operator: true}),
	}
	for _, test := range []struct {
		name, who, method, path string
		want                    int
	}{
		{"a visitor reads what is for anyone", "visitor", "GET", "/i/riverside", 200},
		{"a visitor sends what is for anyone", "visitor", "POST", "/i/riverside/said", 303},
		{"a visitor is asked to sign in", "visitor", "GET", "/i/riverside/mine", 303},
		{"a visitor who sends is never redirected", "visitor", "POST", "/i/riverside/mine", 401},
		{"a member comes in", "member", "GET", "/i/riverside/mine", 200},
		{"a member doesn't know of what stewards do", "member", "GET", "/i/riverside/jobs", 404},
		{"a steward comes in", "steward", "GET", "/i/riverside/jobs", 200},
		{"a steward elsewhere is nobody here", "elsewhere", "GET", "/i/riverside/mine", 404},
		{"an operator reads no initiative", "operator", "GET", "/i/riverside/mine", 404},
		{"there is no such initiative", "visitor", "GET", "/i/atlantis", 404},
		{"there is no such page", "visitor", "GET", "/i/riverside/nothing", 404},
		{"there is no such page at all", "visitor", "GET", "/wp-login.php", 404},
		{"the page has no such method", "visitor", "DELETE", "/i/riverside", 405},
		{"the demo's door isn't there", "visitor", "POST", "/demo", 404},
		{"nothing is fetched by climbing", "visitor", "GET", "/assets/../../etc/passwd", 307},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := who[test.who]
			var got webtest.Answer
			if test.method == "POST" {
				got = b.Post(test.path, url.Values{})
			} else {
				got = b.Do(httptest.NewRequestWithContext(t.Context(), test.method, webtest.Origin+test.path, nil))
			}
			if got.Status != test.want {
				t.Errorf("%s %s = %d, want %d", test.method, test.path, got.Status, test.want)
			}
		})
	}
}

func TestAVisitorComesBackAfterSigningIn(t *testing.T) {
	got := site(t, web.Config{}).Visitor(t).Get("/i/riverside/mine?tab=said")
	if to := got.Header.Get("Location"); to != "/sign-in?next=%2Fi%2Friverside%2Fmine%3Ftab%3Dsaid" {
		t.Errorf("Location = %q", to)
	}
}

func TestTheDemosDoorExistsInTheDemoOnly(t *testing.T) {
	if got := site(t, web.Config{Demo: true}).Visitor(t).Post("/demo", nil).Status; got != http.StatusSeeOther {
		t.Errorf("in the demo = %d, want 303", got)
	}
}

func TestAnOldAddressLeadsToTheNewOne(t *testing.T) {
	s := webtest.New(t, webtest.Site{Config: web.Config{Routes: routes(), Initiative: renamed}})
	got := s.Visitor(t).Get("/i/old-name/said?page=2")
	if got.Status != http.StatusTemporaryRedirect || got.Header.Get("Location") != "/i/riverside/said?page=2" {
		t.Errorf("old address = %d to %q", got.Status, got.Header.Get("Location"))
	}
}

func TestTheLanguageIs(t *testing.T) {
	for _, test := range []struct {
		name, path, accept, cookie, want string
	}{
		{"the one in the address", "/i/riverside/said?lang=es", "en", "en", "es"},
		{"else the one that was chosen before", "/i/riverside/said", "en", "es", "es"},
		{"else what the browser accepts", "/i/riverside/said", "fr, es-MX;q=0.8, en;q=0.5", "", "es"},
		{"else the initiative's first", "/i/riverside/said", "fr", "", "en"},
		{"never one that we don't speak", "/i/riverside/said?lang=xx", "", "yy", "en"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := site(t, web.Config{}).Visitor(t)
			b.Header.Set("Accept-Language", test.accept)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, webtest.Origin+test.path, nil)
			if test.cookie != "" {
				r.AddCookie(&http.Cookie{Name: "lang", Value: test.cookie})
			}
			if got := strings.Fields(b.Do(r).Body)[1]; got != test.want {
				t.Errorf("language = %s, want %s", got, test.want)
			}
		})
	}
}

func TestAChosenLanguageIsKeptAndLeavesTheAddress(t *testing.T) {
	b := site(t, web.Config{}).Visitor(t)
	b.Header.Set("Accept-Language", "en")
	if got := b.Get("/i/riverside/said?lang=es&page=2").Body; got != `said es "page=2"` {
		t.Errorf("with ?lang=es: %s", got)
	}
	if got := b.Get("/i/riverside/said").Body; got != `said es ""` {
		t.Errorf("afterwards: %s", got)
	}
}

func TestTheInitiativesFirstLanguageIsTheFallback(t *testing.T) {
	place := webtest.Riverside()
	place.Langs = []i18n.Lang{i18n.Spanish}
	s := webtest.New(t, webtest.Site{Config: web.Config{Routes: routes()}, In: []page.In{place}})
	if got := s.Visitor(t).Get("/i/riverside/said").Body; got != `said es ""` {
		t.Errorf("a Spanish place without any wish: %s", got)
	}
}

func TestEveryAnswerIsHardened(t *testing.T) {
	s := site(t, web.Config{})
	for _, path := range []string{"/", "/i/riverside/said", "/nothing", "/healthz", "/favicon.ico"} {
		h := s.Visitor(t).Get(path).Header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; " +
				"connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"Strict-Transport-Security":  "max-age=31536000",
			"X-Content-Type-Options":     "nosniff",
			"Referrer-Policy":            "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s = %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestWithoutHTTPSNothingAsksForIt(t *testing.T) {
	s := site(t, web.Config{Base: "http://127.0.0.1:8080"})
	got := s.Visitor(t).Post("/i/riverside/said", nil)
	if got.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS over http would lock people out")
	}
	if c := got.Header.Get("Set-Cookie"); !strings.HasPrefix(c, "cw-flash=") || strings.Contains(c, "Secure") {
		t.Errorf("Set-Cookie = %q, want a plain one", c)
	}
}

func TestCookiesAreBoundToThisHost(t *testing.T) {
	s := site(t, web.Config{})
	for _, c := range []string{
		s.Visitor(t).Post("/i/riverside/said", nil).Header.Get("Set-Cookie"),
		s.Visitor(t).Get("/i/riverside/said?lang=es").Header.Get("Set-Cookie"),
	} {
		for _, want := range []string{"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} {
			if !strings.Contains(c, want) {
				t.Errorf("Set-Cookie = %q, want %s in it", c, want)
			}
		}
		if strings.Contains(c, "Domain") {
			t.Errorf("Set-Cookie = %q is for other hosts as well", c)
		}
	}
}

func TestOnlyPublicPagesMayBeStored(t *testing.T) {
	s := site(t, web.Config{})
	b := s.As(t, member(access.Member))
	for path, want := range map[string]string{
		"/i/riverside/mine": "no-store", "/i/riverside/said": "no-store", "/i/riverside/conflict": "no-store",
		"/i/riverside": "no-store", // public, but they are signed in
	} {
		if got := b.Get(path).Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control = %q, want %q", path, got, want)
		}
	}
	if got := s.Visitor(t).Get("/i/riverside").Header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("for a visitor: Cache-Control = %q", got)
	}
}

func TestAMessageIsSaidOnce(t *testing.T) {
	b := site(t, web.Config{Routes: append(routes(), page.Route{
		Pattern: "GET " + in + "/after", Need: access.Anyone, Example: "/i/riverside/after",
		Handle: func(w http.ResponseWriter, r *page.Request) error {
			if r.Flash != nil {
				_, err := w.Write([]byte(r.Flash.Key))
				return err
			}
			return nil
		},
	})}).Visitor(t)
	to := b.Post("/i/riverside/said", nil).Header.Get("Location")
	if to != "/i/riverside/mine#message" {
		t.Errorf("Location = %q, want the place of the message", to)
	}
	if got := b.Get("/i/riverside/after").Body; got != "page.signin" {
		t.Errorf("first time: %q", got)
	}
	if got := b.Get("/i/riverside/after").Body; got != "" {
		t.Errorf("second time: %q", got)
	}
}

func TestAForgedMessageSaysNothing(t *testing.T) {
	b := site(t, web.Config{}).Visitor(t)
	for _, value := range []string{"%%%", "bm90IGpzb24", "eyJrIjoiPHNjcmlwdD4ifQ"} { // {"k":"<script>"}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, webtest.Origin+"/i/riverside/said", nil)
		r.AddCookie(&http.Cookie{Name: "__Host-cw-flash", Value: value})
		if got := b.Do(r); got.Status != http.StatusOK || strings.Contains(got.Body, "script") {
			t.Errorf("flash %q = %d %q", value, got.Status, got.Body)
		}
	}
}
