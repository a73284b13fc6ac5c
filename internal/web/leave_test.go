package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/web"
	"commonweal/internal/web/htmlcheck"
)

func TestTheQuickExit(t *testing.T) {
	var ended []string
	s := site(t, web.Config{SignOut: func(_ context.Context, who access.Actor) error {
		ended = append(ended, who.Session)
		return nil
	}})
	who := member(access.Member)
	who.Session = "this device"
	b := s.As(t, who)
	if got := b.Get("/i/riverside/mine").Status; got != http.StatusOK {
		t.Fatalf("before = %d", got)
	}
	got := b.Post("/leave", nil)
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Refresh"), "0; url=https://") {
		t.Errorf("leave = %d, Refresh %q", got.Status, got.Header.Get("Refresh"))
	}
	if len(ended) != 1 || ended[0] != "this device" {
		t.Errorf("sessions ended: %q", ended)
	}
	for name, want := range map[string]string{"Clear-Site-Data": `"cache"`, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"} {
		if got := got.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	htmlcheck.Sound(t, got.Body)
	if strings.Contains(got.Body, "Riverside") || strings.Contains(got.Body, "commonweal") {
		t.Errorf("the page in between says where one was: %s", got.Body)
	}
	if got := b.Get("/i/riverside/mine").Status; got != http.StatusSeeOther {
		t.Errorf("Back = %d, want the way to sign in", got)
	}
}

func TestTheQuickExitWorksWhenTheStoreDoesNot(t *testing.T) {
	broken := errors.New("the disk is on fire")
	s := site(t, web.Config{
		Actor: func(context.Context, string) (access.Actor, error) { return access.Actor{}, broken },
	})
	b := s.As(t, member(access.Member))
	got := b.Post("/leave", nil)
	if got.Status != http.StatusOK || got.Header.Get("Refresh") == "" {
		t.Errorf("leave = %d, Refresh %q", got.Status, got.Header.Get("Refresh"))
	}
	if c := got.Header.Get("Set-Cookie"); !strings.Contains(c, "__Host-cw=;") || !strings.Contains(c, "Max-Age=0") {
		t.Errorf("Set-Cookie = %q, want the session gone from this browser", c)
	}
}
