package account

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/access"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

func TestAnAddressChangesWhenItsLinkIsFollowed(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.Context()
		h.resident("ana", "old@example.org")
		who := h.actor(h.session("ana"))
		h.must(h.AskEmail(ctx, who, "New@example.org", i18n.English))
		token := strings.TrimPrefix(h.lastLink(), "/email/")
		counter := dbtest.Count(h.DB)
		if to, err := h.LookEmail(ctx, token); err != nil || to != "New@example.org" {
			h.Errorf("LookEmail = %q, %v", to, err)
		}
		h.wantOnlyReads("looking", counter.Statements())
		if emails, err := h.Emails(ctx, who); err != nil || emails[0].Address != "old@example.org" {
			h.Errorf("before: %+v, %v", emails, err)
		}
		h.must(h.ConfirmEmail(ctx, token))
		emails, err := h.Emails(ctx, who)
		if err != nil || len(emails) != 1 || emails[0].Address != "New@example.org" {
			h.Errorf("after: %+v, %v", emails, err)
		}
		h.wantGone("the link again", h.ConfirmEmail(ctx, token))
		_, err = h.LookEmail(ctx, token)
		h.wantGone("looking again", err)
		all := h.letters()
		if last := all[len(all)-1]; last.to != "old@example.org" || address.MatchString(last.body) {
			h.Errorf("who left hears of it: %+v", last)
		}
		h.must(h.AskLink(ctx, "old@example.org", i18n.English, ""))
		h.run()
		if len(h.letters()) != len(all) {
			h.Error("the address before still gets links")
		}
	})
}

func TestChangingAnAddressTakesAFreshProof(t *testing.T) {
	h := one(t)
	h.resident("ana", "ana@example.org")
	session := h.session("ana")
	h.now.Advance(proofLife + time.Second)
	if err := h.AskEmail(t.Context(), h.actor(session), "new@example.org", i18n.English); !fault.Is(err, fault.Forbidden) {
		t.Errorf("err = %v, want forbidden", err)
	}
	h.wantGone("a visitor", h.AskEmail(t.Context(), access.Actor{}, "new@example.org", i18n.English))
	if n := len(h.letters()); n != 0 {
		t.Errorf("%d mails", n)
	}
}

func TestAskingForAnAddressTellsNothingOfOthers(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		h.resident("bo", "bo@example.org")
		who := h.actor(h.session("ana"))
		counter := dbtest.Count(h.DB)
		h.must(h.AskEmail(h.Context(), who, "bo@example.org", i18n.English))
		taken := counter.Statements()
		counter.Reset()
		h.must(h.AskEmail(h.Context(), who, "free@example.org", i18n.English))
		if diff := cmp.Diff(taken, counter.Statements()); diff != "" {
			h.Errorf("statements (-taken +free):\n%s", diff)
		}
		all := h.letters()
		if all[0].subject != all[1].subject {
			h.Errorf("subjects differ: %q, %q", all[0].subject, all[1].subject)
		}
	})
}

func TestNobodysMailboxIsFloodedByWishes(t *testing.T) {
	h := one(t)
	h.resident("ana", "ana@example.org")
	who := h.actor(h.session("ana"))
	for range 9 {
		h.must(h.AskEmail(t.Context(), who, "victim@example.org", i18n.English))
	}
	if n := len(h.letters()); n != mostAsks {
		t.Errorf("%d mails to one mailbox, want %d", n, mostAsks)
	}
}

func TestAConfirmingLinkLastsADay(t *testing.T) {
	h := one(t)
	h.resident("ana", "ana@example.org")
	h.must(h.AskEmail(t.Context(), h.actor(h.session("ana")), "new@example.org", i18n.English))
	h.now.Advance(wishLife)
	h.wantGone("late", h.ConfirmEmail(t.Context(), strings.TrimPrefix(h.lastLink(), "/email/")))
}
