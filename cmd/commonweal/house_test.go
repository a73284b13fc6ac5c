package main

import (
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/demo"
	"commonweal/internal/initiative"
	"commonweal/internal/web/webtest"
)

// noon is when tests of the whole house take place.
var noon = time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)

// neighbourhood is the whole house with the invented initiative in it.
type neighbourhood struct {
	*house
	t     *testing.T
	clock *clock.Fake
	in    initiative.Initiative
	site  *webtest.Site
}

// invented builds the house over a new file and fills it.
func invented(t *testing.T, size demo.Size) *neighbourhood {
	t.Helper()
	return inventedIn(t, filepath.Join(t.TempDir(), "demo.db"), size)
}

func inventedIn(t *testing.T, url string, size demo.Size) *neighbourhood {
	t.Helper()
	at := clock.NewFake(noon.AddDate(-2, 0, 0))
	h, err := build(t.Context(), plan{
		url: url, data: t.TempDir(), base: webtest.Origin, now: at.Now,
		log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	if err := demo.Build(t.Context(), h.invention(at), noon, 1, size); err != nil {
		t.Fatal(err)
	}
	in, _, err := h.initiatives.BySlug(t.Context(), demo.Slug)
	if err != nil {
		t.Fatal(err)
	}
	c := h.door(nil)
	c.Actor, c.SignOut = nil, nil // webtest signs in whomever a test wants
	return &neighbourhood{house: h, t: t, clock: at, in: in, site: webtest.New(t, webtest.Site{Config: c})}
}

// who is the n-th who came with a kind of membership.
func (n *neighbourhood) who(kind access.Kind, nth int) access.Actor {
	n.t.Helper()
	people, err := access.With(n.t.Context(), n.db.Read(), n.in.ID, kind)
	if err != nil || nth >= len(people) {
		n.t.Fatalf("the demo has no %s number %d: %v", kind, nth, err)
	}
	account, err := n.openDoor().Of(n.t.Context(), n.in.ID, people[nth])
	if err != nil {
		n.t.Fatal(err)
	}
	who, err := access.Of(n.t.Context(), n.db.Read(), account)
	if err != nil {
		n.t.Fatal(err)
	}
	return who
}

// want fails the test unless an answer has the status.
func want(t *testing.T, a webtest.Answer, status int) webtest.Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status = %d (%s), want %d; the page says: %s", a.Status, a.Header.Get("Location"), status, a.Doc.Text("main"))
	}
	if status != http.StatusSeeOther && a.Header.Get("Content-Type") == "text/html; charset=utf-8" {
		a.Sound(t)
	}
	return a
}

// another makes a second initiative on the same server.
func (n *neighbourhood) another(operator access.Actor) initiative.Initiative {
	n.t.Helper()
	made, err := n.initiatives.Create(n.t.Context(), operator, initiative.Draft{
		Name: "Hillside Eats", Slug: "hillside", Steward: "Olga", Langs: []string{"es", "en"}, Zone: "Europe/Madrid",
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return made.Initiative
}
