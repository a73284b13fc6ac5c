package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/web"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// What a browser says of where a form came from, and whether we believe it.
func TestAFormFromAnotherSiteIsRefused(t *testing.T) {
	b := site(t, web.Config{}).As(t, member(access.Member))
	for _, test := range []struct {
		name, site, origin string
		want               int
	}{
		{"our own form", "same-origin", webtest.Origin, 303},
		{"our own form in an old browser", "", webtest.Origin, 303},
		{"another site", "cross-site", "https://elsewhere.example", 403},
		{"another site in an old browser", "", "https://elsewhere.example", 403},
		{"a subdomain of ours", "same-site", "https://blog.commonweal.test", 403},
		{"a subdomain in an old browser", "", "https://blog.commonweal.test", 403},
		{"a sandboxed frame", "cross-site", "null", 403},
		{"a sandboxed frame in an old browser", "", "null", 403},
		{"a mismatch", "cross-site", "https://elsewhere.example/" + webtest.Origin, 403},
		{"http under our name", "cross-site", "http://commonweal.test", 403},
		{"no word at all: a program, which has no cookies of a person", "", "", 303},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, webtest.Origin+"/i/riverside/mine", strings.NewReader("a=b"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if test.site != "" {
				r.Header.Set("Sec-Fetch-Site", test.site)
			}
			if test.origin != "" {
				r.Header.Set("Origin", test.origin)
			}
			got := b.Do(r)
			if got.Status != test.want {
				t.Errorf("status = %d, want %d", got.Status, test.want)
			}
			if test.want == http.StatusForbidden {
				got.Doc.Has(t, "h1", "another site")
			}
		})
	}
}

func TestTheQuickExitCantBePressedFromAnotherSite(t *testing.T) {
	s := site(t, web.Config{})
	b := s.As(t, member(access.Member))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, webtest.Origin+"/leave", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if got := b.Do(r).Status; got != http.StatusForbidden {
		t.Errorf("status = %d, want 403", got)
	}
	if got := b.Get("/i/riverside/mine").Status; got != http.StatusOK {
		t.Errorf("afterwards = %d, want to be signed in still", got)
	}
}

// A mail program presses the button of RFC 8058 by itself: from another site,
// with no form of ours, at an address that may be old by now.
func TestAMailProgramMayPressOneButton(t *testing.T) {
	var signedIn bool
	table := append(routes(), page.Route{
		Pattern: "POST " + in + "/stop", Need: access.Anyone, OneClick: true,
		Handle: func(w http.ResponseWriter, r *page.Request) error {
			signedIn = r.Who.IsSignedIn()
			return says("stopped")(w, r)
		},
	})
	b := site(t, web.Config{Routes: table, Initiative: renamed}).As(t, member(access.Member))
	for _, slug := range []string{"riverside", "old-name"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, webtest.Origin+"/i/"+slug+"/stop", strings.NewReader("List-Unsubscribe=One-Click"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://mail.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if got := b.Do(r); got.Status != http.StatusOK || signedIn {
			t.Errorf("%s: status %d, and a session was looked at: %v", slug, got.Status, signedIn)
		}
	}
}
