package account

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/link"
)

// Nobody can find out who has an account: not by what we answer, and, since the
// same statements run, not by how long it takes either.
func TestAskingForALinkIsTheSameForEveryAddress(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		counter := dbtest.Count(h.DB)
		ask := func(email string) []string {
			counter.Reset()
			h.must(h.AskLink(h.Context(), email, i18n.English, "/i/elm"))
			return counter.Statements()
		}
		for range mostAsks + 2 { // and when the share of an address is used up
			if diff := cmp.Diff(ask("nobody@example.org"), ask("ana@example.org")); diff != "" {
				h.Fatalf("statements for a known address (-unknown +known):\n%s", diff)
			}
		}
		h.run()
		for _, l := range h.letters() {
			if l.to != "ana@example.org" {
				h.Errorf("a mail went to %s, who has no account", l.to)
			}
		}
		if n := h.count(`select count(*) from sign_in_ask`); n != 2*mostAsks {
			h.Errorf("%d requests kept, want %d", n, 2*mostAsks)
		}
	})
}

func TestALinkGoesToTheAddressAsItWasConfirmed(t *testing.T) {
	h := one(t)
	h.resident("ana", "Ana.Ruiz@example.org")
	h.must(h.AskLink(h.Context(), " ana.ruiz@EXAMPLE.org", i18n.Spanish, "/i/elm/day?x=1"))
	h.run()
	all := h.letters()
	if len(all) != 1 || all[0].to != "Ana.Ruiz@example.org" {
		t.Fatalf("mail = %+v", all)
	}
	if want := "?next=%2Fi%2Felm%2Fday%3Fx%3D1"; !strings.HasSuffix(h.lastLink(), want) {
		t.Errorf("link = %s, want it to end in %s", h.lastLink(), want)
	}
	if all[0].subject != i18n.In(i18n.Spanish).T("account.mail.subject") || strings.Contains(all[0].subject, "commonweal") {
		t.Errorf("subject = %q", all[0].subject)
	}
}

func TestAnUnreadableAddressIsSaidAtItsField(t *testing.T) {
	h := one(t)
	err := h.AskLink(t.Context(), "ana", i18n.English, "")
	if fields := fault.Fields(err); len(fields) != 1 || fields[0].Name != "email" {
		t.Errorf("err = %v", err)
	}
}

func TestAnAddressGetsFiveLinksInAQuarterOfAnHour(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		h.resident("bo", "bo@example.org")
		ask := func(times int) (sent int) {
			before := len(h.letters())
			for range times {
				h.must(h.AskLink(h.Context(), "ana@example.org", i18n.English, ""))
			}
			h.run()
			return len(h.letters()) - before
		}
		if n := ask(8); n != 5 {
			h.Errorf("%d mails for 8 requests, want 5", n)
		}
		if h.linkFor("bo@example.org"); h.letters()[5].to != "bo@example.org" {
			h.Error("one address used up another's share")
		}
		h.now.Advance(askWindow - time.Minute)
		if n := ask(1); n != 0 {
			h.Errorf("%d mails within the quarter of an hour, want 0", n)
		}
		// Whoever wanted to lock Ana out left her a link that works.
		token := strings.TrimPrefix(h.letterTo("ana@example.org"), "/sign-in/")
		if _, err := h.Enter(h.Context(), access.Actor{}, token, "phone"); err != nil {
			h.Errorf("the last link sent doesn't work: %v", err)
		}
		if n := ask(1); n != 1 {
			h.Error("signing in didn't give the share back")
		}
		h.now.Advance(2 * time.Minute)
		if n := ask(8); n != 4 {
			h.Errorf("%d mails, want 4 more", n)
		}
		h.now.Advance(-year)
		if n := ask(8); n != 5 {
			h.Errorf("%d mails after the clock was set back, want 5", n)
		}
	})
}

// letterTo is the path of the link in the newest mail to somebody.
func (h *house) letterTo(to string) (path string) {
	h.Helper()
	for _, l := range h.letters() {
		if l.to == to {
			path = strings.TrimPrefix(address.FindString(l.body), "https://elm.example")
		}
	}
	return path
}

func TestTheLimitHoldsWhenManyAskAtOnce(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		var all sync.WaitGroup
		for range 24 {
			all.Go(func() {
				if err := h.AskLink(h.Context(), "ana@example.org", i18n.English, ""); err != nil {
					h.Error(err)
				}
			})
		}
		all.Wait()
		h.run()
		if n := len(h.letters()); n != mostAsks {
			h.Errorf("%d mails, want %d", n, mostAsks)
		}
	})
}

func TestALinkThatWaitedTooLongIsNotSent(t *testing.T) {
	h := one(t)
	h.resident("ana", "ana@example.org")
	h.must(h.AskLink(t.Context(), "ana@example.org", i18n.English, ""))
	h.now.Advance(linkLife + time.Second)
	h.run()
	if n := len(h.letters()); n != 0 {
		t.Errorf("%d mails for a request of long ago", n)
	}
}

func TestALinkOpensOnceAndAGetOpensNothing(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		token := h.linkFor("ana@example.org")
		counter := dbtest.Count(h.DB)
		for range 3 { // a mail scanner, a preview, the person
			masked, err := h.Look(h.Context(), token)
			if err != nil || masked != "a…@example.org" {
				h.Fatalf("Look = %q, %v", masked, err)
			}
		}
		h.wantOnlyReads("looking", counter.Statements())
		session, err := h.Enter(h.Context(), access.Actor{}, token, "Firefox on Android")
		h.must(err)
		h.wantAccount("after the link", session, "ana")
		_, err = h.Look(h.Context(), token)
		h.wantGone("looking at a used link", err)
		_, err = h.Enter(h.Context(), access.Actor{}, token, "")
		h.wantGone("using a link again", err)
		_, err = h.Enter(h.Context(), access.Actor{}, "guess", "")
		h.wantGone("guessing a link", err)
	})
}

func TestOfManyWhoUseALinkAtOnceOneGetsIn(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		token := h.linkFor("ana@example.org")
		var in atomic.Int32
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, err := h.Enter(h.Context(), access.Actor{}, token, ""); err == nil {
					in.Add(1)
				} else if !fault.Is(err, fault.NotFound) {
					h.Error(err)
				}
			})
		}
		all.Wait()
		if in.Load() != 1 {
			h.Errorf("%d got in by one link", in.Load())
		}
	})
}

func TestALateLinkOpensNothing(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		token := h.linkFor("ana@example.org")
		h.now.Advance(linkLife - time.Second)
		if _, err := h.Look(h.Context(), token); err != nil {
			h.Errorf("in time: %v", err)
		}
		h.now.Advance(time.Second)
		_, err := h.Enter(h.Context(), access.Actor{}, token, "")
		h.wantGone("a late link", err)
	})
}

func TestEverySignInHasANewTokenAndEndsTheOneBefore(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		h.resident("eve", "eve@example.org")
		planted := h.session("eve") // what Eve left in the browser that Ana uses
		session, err := h.Enter(h.Context(), h.actor(planted), h.linkFor("ana@example.org"), "")
		h.must(err)
		if session == planted {
			h.Fatal("the token stayed the same")
		}
		h.wantAccount("Ana's session", session, "ana")
		h.wantVisitor("the planted token", planted)

		again, err := h.Enter(h.Context(), h.actor(session), h.linkFor("ana@example.org"), "")
		h.must(err)
		h.wantVisitor("the token before showing again who she is", session)
		h.wantAccount("the token after", again, "ana")
	})
}

func TestOnlyHashesOfTokensAreKept(t *testing.T) {
	h := one(t)
	h.resident("ana", "ana@example.org")
	session := h.session("ana")
	kept, err := db.All(t.Context(), h.DB.Read(), db.Value[string], `select token_hash from session`)
	h.must(err)
	if len(kept) != 1 || strings.Contains(kept[0], session) || kept[0] != hashed(session) {
		t.Errorf("kept %q for %q", kept, session)
	}
}

func TestAnEndedAccountCannotBeEntered(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		token, session := h.linkFor("ana@example.org"), h.session("ana")
		h.tx(func(ctx context.Context, q db.Querier) error {
			return db.Exec(ctx, q, `update account set ended_at = $1 where id = 'ana'`, db.At(h.now.Now()))
		})
		_, err := h.Enter(h.Context(), access.Actor{}, token, "")
		h.wantGone("a link of an ended account", err)
		h.wantVisitor("a session of an ended account", session)
		h.must(h.AskLink(h.Context(), "ana@example.org", i18n.English, ""))
		h.run()
		if n := len(h.letters()); n != 1 {
			h.Errorf("%d mails, want the one before the end", n)
		}
	})
}

func TestALinkOfAnotherKindDoesNotSignIn(t *testing.T) {
	h := one(t)
	h.resident("ana", "ana@example.org")
	var token string
	h.tx(func(ctx context.Context, q db.Querier) (err error) {
		token, err = link.New(ctx, q, link.Link{Kind: "claim", Subject: "ana", Expires: h.now.Now().Add(time.Hour)})
		return err
	})
	_, err := h.Enter(t.Context(), access.Actor{}, token, "")
	h.wantGone("an invitation used as a sign-in link", err)
}
