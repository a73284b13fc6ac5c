package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"commonweal/internal/web"
	"commonweal/internal/web/assets"
)

func TestAnAssetKeepsForeverUnderItsName(t *testing.T) {
	b := site(t, web.Config{}).Visitor(t)
	b.Header.Set("Accept-Encoding", "gzip, br")
	for name, encoding := range map[string]string{assets.Sheet: "br", "icon.svg": "br", "fraunces-600.woff2": ""} {
		got := b.Get(assets.Path(name))
		if got.Status != http.StatusOK || got.Header.Get("Content-Encoding") != encoding {
			t.Errorf("%s = %d, encoding %q, want 200, %q", name, got.Status, got.Header.Get("Content-Encoding"), encoding)
		}
		if cache := got.Header.Get("Cache-Control"); !strings.Contains(cache, "immutable") {
			t.Errorf("%s: Cache-Control = %q", name, cache)
		}
		if len(got.Header["Set-Cookie"]) > 0 {
			t.Errorf("%s sets a cookie", name)
		}
	}
	gone := b.Get("/assets/app-0000000000.css")
	if gone.Status != http.StatusNotFound || gone.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("an asset that is gone = %d, Cache-Control %q", gone.Status, gone.Header.Get("Cache-Control"))
	}
}

func TestHealthSaysWhatFails(t *testing.T) {
	for _, test := range []struct {
		read, write error
		status      int
		want        string
	}{
		{nil, nil, 200, `{"read":"ok","write":"ok"}`},
		{nil, errors.New("disk full"), 503, `{"read":"ok","write":"failing"}`},
		{errors.New("no file"), errors.New("no file"), 503, `{"read":"failing","write":"failing"}`},
	} {
		s := site(t, web.Config{Health: func(context.Context) (read, write error) { return test.read, test.write }})
		got := s.Visitor(t).Get("/healthz")
		if got.Status != test.status || strings.TrimSpace(got.Body) != test.want || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("healthz = %d %s, want %d %s", got.Status, got.Body, test.status, test.want)
		}
	}
}
