package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"commonweal/internal/access"
	"commonweal/internal/web"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

var long = strings.Repeat("Neighbors share what they can do. ", 100)

// sends answers with a body of a kind, in one piece.
func sends(kind, body string) page.Handler {
	return func(w http.ResponseWriter, _ *page.Request) error {
		w.Header().Set("Content-Type", kind)
		_, err := io.WriteString(w, body)
		return err
	}
}

func TestTextIsCompressed(t *testing.T) {
	s := site(t, web.Config{Routes: []page.Route{
		{Pattern: "GET /long", Need: access.Anyone, Handle: sends("text/html; charset=utf-8", long), Example: "/long"},
		{Pattern: "GET /short", Need: access.Anyone, Handle: sends("text/html", "short"), Example: "/short"},
		{Pattern: "GET /zip", Need: access.Anyone, Handle: sends("application/zip", long), Example: "/zip"},
		{Pattern: "GET /json", Need: access.Anyone, Handle: sends("application/json", long), Example: "/json"},
	}})
	for _, test := range []struct{ path, accept, encoding, want string }{
		{"/long", "gzip, deflate, br", "br", long},
		{"/long", "gzip, deflate", "gzip", long},
		{"/long", "br;q=0, gzip;q=0.5", "gzip", long},
		{"/long", "br;q=nonsense", "", long},
		{"/long", "", "", long},
		{"/json", "BR", "br", long},
		{"/short", "br", "", "short"},
		{"/zip", "br", "", long},
	} {
		b := s.Visitor(t)
		b.Header.Set("Accept-Encoding", test.accept)
		got := b.Get(test.path)
		if encoding := got.Header.Get("Content-Encoding"); encoding != test.encoding {
			t.Errorf("%s for %q: encoding %q, want %q", test.path, test.accept, encoding, test.encoding)
			continue
		}
		if unpacked(t, got) != test.want {
			t.Errorf("%s for %q: another body", test.path, test.accept)
		}
		if test.path != "/zip" && !strings.Contains(got.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s: Vary = %q", test.path, got.Header.Get("Vary"))
		}
	}
}

func unpacked(t *testing.T, a webtest.Answer) string {
	t.Helper()
	var r io.Reader = strings.NewReader(a.Body)
	switch a.Header.Get("Content-Encoding") {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAnAnswerThatGrowsIsSentAsItGrows(t *testing.T) {
	seen := make(chan string, 1)
	s := site(t, web.Config{Routes: []page.Route{{
		Pattern: "GET /grows", Need: access.Anyone, Example: "/grows",
		Handle: func(w http.ResponseWriter, _ *page.Request) error {
			w.Header().Set("Content-Type", "text/csv; charset=utf-8")
			if _, err := io.WriteString(w, long); err != nil {
				return err
			}
			if err := http.NewResponseController(w).Flush(); err != nil {
				return err
			}
			seen <- "half"
			_, err := io.WriteString(w, "end")
			return err
		},
	}}})
	b := s.Visitor(t)
	b.Header.Set("Accept-Encoding", "br")
	got := b.Get("/grows")
	if <-seen; unpacked(t, got) != long+"end" {
		t.Errorf("body has %d letters, want %d", len(unpacked(t, got)), len(long)+3)
	}
}

func TestHEADHasTheHeadOfGET(t *testing.T) {
	s := site(t, web.Config{})
	server := httptest.NewServer(s.Handler)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, server.URL+"/i/riverside", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close() //nolint:errcheck // it is empty
	var body bytes.Buffer
	if _, err := body.ReadFrom(got.Body); err != nil || body.Len() != 0 || got.Header.Get("ETag") == "" {
		t.Errorf("HEAD: %d bytes, ETag %q, %v", body.Len(), got.Header.Get("ETag"), err)
	}
}
