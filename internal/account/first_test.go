package account

import (
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

func (h *house) firstToken() string {
	h.Helper()
	to, err := h.FirstSteward(h.Context())
	h.must(err)
	token, ok := strings.CutPrefix(to, "https://elm.example/first/")
	if !ok {
		h.Fatalf("link = %q", to)
	}
	return token
}

func TestTheFirstAccountComesByThePrintedLinkAlone(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.Context()
		old, token := h.firstToken(), h.firstToken()
		h.wantGone("a link printed before", h.LookFirst(ctx, old))
		counter := dbtest.Count(h.DB)
		h.must(h.LookFirst(ctx, token))
		h.wantOnlyReads("looking at the link", counter.Statements())

		_, err := h.Begin(ctx, token, "sol", i18n.English, "")
		if fields := fault.Fields(err); len(fields) != 1 || fields[0].Name != "email" {
			h.Errorf("an unreadable address: %v", err)
		}
		session, err := h.Begin(ctx, token, "sol@example.org", i18n.Spanish, "laptop")
		h.must(err)
		if who := h.actor(session); !who.Operator || !who.May("", access.Operate) || len(who.Memberships) != 0 {
			h.Errorf("who = %+v", who)
		}
		_, err = h.Begin(ctx, token, "eve@example.org", i18n.English, "")
		h.wantGone("the link again", err)
		if to, err := h.FirstSteward(ctx); err != nil || to != "" {
			h.Errorf("a link is printed although there is an account: %q, %v", to, err)
		}
		h.wantAccount("by mail", func() string {
			s, err := h.Enter(ctx, access.Actor{}, h.linkFor("sol@example.org"), "")
			h.must(err)
			return s
		}(), h.actor(session).Account)
	})
}

func TestTheFirstLinkIsVoidAfterAWeek(t *testing.T) {
	h := one(t)
	token := h.firstToken()
	h.now.Advance(firstLife)
	_, err := h.Begin(t.Context(), token, "sol@example.org", i18n.English, "")
	h.wantGone("late", err)
}

func TestAnOperatorWithoutMailboxGetsInFromTheTerminal(t *testing.T) {
	h := one(t)
	_, err := h.Rescue(t.Context())
	h.wantGone("rescuing nobody", err)
	session, err := h.Begin(t.Context(), h.firstToken(), "sol@example.org", i18n.English, "")
	h.must(err)
	to, err := h.Rescue(t.Context())
	h.must(err)
	token, _, _ := strings.Cut(strings.TrimPrefix(to, "https://elm.example/sign-in/"), "?")
	rescued, err := h.Enter(t.Context(), access.Actor{}, token, "")
	h.must(err)
	h.wantAccount("rescued", rescued, h.actor(session).Account)
	if n := h.count(`select count(*) from audit where act = 'rescue operator'`); n != 1 {
		t.Errorf("%d notes of the rescue", n)
	}
}
