package account

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

var steward = access.Actor{Account: "sol", Memberships: []access.Membership{{Initiative: "elm", Person: "sol", Kind: access.Steward}}}

// invite invites a person of elm and gives the link's token and the code.
func (h *house) invite(person string, kind access.Kind) (token, code string) {
	h.Helper()
	keys, err := h.Invite(h.Context(), steward, "elm", person, kind)
	h.must(err)
	token, ok := strings.CutPrefix(keys.Path, "https://elm.example/claim/")
	if !ok {
		h.Fatalf("link = %q", keys.Path)
	}
	return token, keys.Code
}

// claim claims with English and no address.
func (h *house) claim(who access.Actor, token string) (session string, err error) {
	h.Helper()
	_, session, err = h.Claim(h.Context(), who, token, "", i18n.English, "phone")
	return session, err
}

func TestAnInvitationMakesSomebodyThePersonItIsFor(t *testing.T) {
	each(t, func(h *house) {
		token, code := h.invite("ana", access.Connector)
		counter := dbtest.Count(h.DB)
		for _, key := range []string{token, code, strings.ToLower(strings.ReplaceAll(code, "-", " "))} {
			inv, err := h.LookClaim(h.Context(), key)
			if err != nil || inv.Person != "ana" || inv.Kind != access.Connector || inv.Initiative != "elm" {
				h.Fatalf("LookClaim = %+v, %v", inv, err)
			}
		}
		h.wantOnlyReads("looking at an invitation", counter.Statements())

		session, err := h.claim(access.Actor{}, token)
		h.must(err)
		who := h.actor(session)
		if who.Person("elm") != "ana" || !who.Is("elm", access.Connector) || who.May("elm", access.Steer) || who.Operator {
			h.Errorf("who = %+v", who)
		}
		for what, key := range map[string]string{"the link again": token, "the code after the link": code, "a guess": "7K3M-Q0XA-92TD", "nothing": ""} {
			_, err := h.LookClaim(h.Context(), key)
			h.wantGone("looking: "+what, err)
			_, err = h.claim(access.Actor{}, key)
			h.wantGone(what, err)
		}
		if n := h.count(`select count(*) from account`); n != 1 {
			h.Errorf("%d accounts, want 1", n)
		}
	})
}

func TestACodeSaidAloudWorksOnceHoweverItIsTyped(t *testing.T) {
	each(t, func(h *house) {
		token, code := h.invite("ana", "")
		session, err := h.claim(access.Actor{}, " "+strings.ToLower(strings.NewReplacer("-", "", "0", "o", "1", "l").Replace(code)))
		h.must(err)
		if !h.actor(session).Is("elm", access.Member) {
			h.Error("an invitation that names no kind makes a member")
		}
		_, err = h.claim(access.Actor{}, code)
		h.wantGone("the code again", err)
		_, err = h.claim(access.Actor{}, token)
		h.wantGone("the link after the code", err)
	})
}

func TestOneOfManyInvitationsIsEnough(t *testing.T) {
	each(t, func(h *house) {
		first, _ := h.invite("ana", access.Member)
		second, code := h.invite("ana", access.Connector)
		_, err := h.claim(access.Actor{}, second)
		h.must(err)
		_, err = h.claim(access.Actor{}, first)
		h.wantGone("an earlier invitation", err)
		if _, err := h.Invite(h.Context(), steward, "elm", "ana", access.Steward); !fault.Is(err, fault.Conflict) {
			h.Errorf("inviting who is here already: %v", err)
		}
		// Nor does an old one come back when the account is taken away again.
		h.must(h.Release(h.Context(), steward, "elm", "ana"))
		for _, key := range []string{first, second, code} {
			_, err = h.claim(access.Actor{}, key)
			h.wantGone("an invitation from before", err)
		}
	})
}

func TestOfManyWhoClaimAtOnceOneIsThePerson(t *testing.T) {
	each(t, func(h *house) {
		token, code := h.invite("ana", access.Member)
		var in atomic.Int32
		var all sync.WaitGroup
		for i := range 12 {
			all.Go(func() {
				if _, err := h.claim(access.Actor{}, []string{token, code}[i%2]); err == nil {
					in.Add(1)
				} else if !fault.Is(err, fault.NotFound) {
					h.Error(err)
				}
			})
		}
		all.Wait()
		if in.Load() != 1 || h.count(`select count(*) from account`) != 1 || h.count(`select count(*) from session`) != 1 {
			h.Errorf("%d became ana", in.Load())
		}
	})
}

func TestAnInvitationJoinsTheAccountThatIsSignedIn(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		session := h.session("ana")
		token, _ := h.invite("ana-in-elm", access.Member)
		fresh, err := h.claim(h.actor(session), token)
		h.must(err)
		if fresh != "" {
			h.Error("a second session for whoever had one")
		}
		if who := h.actor(session); who.Account != "ana" || who.Person("elm") != "ana-in-elm" {
			h.Errorf("who = %+v", who)
		}
		// In one initiative an account is one person.
		token, _ = h.invite("bo-in-elm", access.Steward)
		if _, err = h.claim(h.actor(session), token); !fault.Is(err, fault.Conflict) {
			h.Errorf("a second person: %v", err)
		}
		if h.actor(session).Is("elm", access.Steward) {
			h.Error("the refusal gave the permission all the same")
		}
		if _, err := h.LookClaim(h.Context(), token); err != nil {
			h.Errorf("the refusal used the invitation up: %v", err)
		}
	})
}

func TestALateInvitationIsVoid(t *testing.T) {
	h := one(t)
	token, code := h.invite("ana", access.Member)
	h.now.Advance(claimLife)
	for _, key := range []string{token, code} {
		_, err := h.claim(access.Actor{}, key)
		h.wantGone("late", err)
	}
}

func TestAnAddressGivenWithAClaimIsConfirmedFirst(t *testing.T) {
	each(t, func(h *house) {
		h.resident("bo", "bo@example.org")
		claimWith := func(person, email string) string {
			h.Helper()
			token, _ := h.invite(person, access.Member)
			_, session, err := h.Claim(h.Context(), access.Actor{}, token, email, i18n.English, "")
			h.must(err)
			return session
		}
		session := claimWith("ana", "ana@example.org")
		h.must(h.AskLink(h.Context(), "ana@example.org", i18n.English, ""))
		h.run()
		if n := len(h.letters()); n != 1 {
			h.Fatalf("%d mails, want only the one to confirm", n)
		}
		h.must(h.ConfirmEmail(h.Context(), strings.TrimPrefix(h.lastLink(), "/email/")))
		emails, err := h.Emails(h.Context(), h.actor(session))
		if err != nil || len(emails) != 1 || emails[0].Address != "ana@example.org" {
			h.Errorf("addresses = %+v, %v", emails, err)
		}

		// Somebody else's address gives nothing away and opens nothing.
		thief := claimWith("eve", "bo@example.org")
		if who := h.actor(thief); who.Account == "bo" || who.Person("elm") != "eve" {
			h.Fatalf("who = %+v", who)
		}
		if err := h.ConfirmEmail(h.Context(), strings.TrimPrefix(h.lastLink(), "/email/")); !fault.Is(err, fault.Conflict) {
			h.Errorf("taking an address that is another's: %v", err)
		}

		token, _ := h.invite("cam", access.Member)
		_, _, err = h.Claim(h.Context(), access.Actor{}, token, "cam", i18n.English, "")
		if fields := fault.Fields(err); len(fields) != 1 || fields[0].Name != "email" {
			h.Errorf("an unreadable address: %v", err)
		}
		if _, err := h.LookClaim(h.Context(), token); err != nil {
			h.Errorf("the refusal used the invitation up: %v", err)
		}
	})
}

func TestOnlyStewardsInviteAndRelease(t *testing.T) {
	h := one(t)
	connector := access.Actor{Account: "con", Memberships: []access.Membership{{Initiative: "elm", Person: "con", Kind: access.Connector}}}
	elsewhere := access.Actor{Account: "sol", Memberships: []access.Membership{{Initiative: "oak", Person: "sol", Kind: access.Steward}}}
	for _, who := range []access.Actor{{}, connector, elsewhere, {Account: "op", Operator: true}} {
		_, err := h.Invite(t.Context(), who, "elm", "ana", access.Member)
		h.wantGone("inviting", err)
		h.wantGone("releasing", h.Release(t.Context(), who, "elm", "ana"))
	}
	h.wantGone("releasing who has no account", h.Release(t.Context(), steward, "elm", "ana"))
}

func TestAReleasedAccountMayNothingThereAtOnce(t *testing.T) {
	each(t, func(h *house) {
		token, _ := h.invite("ana", access.Steward)
		session, err := h.claim(access.Actor{}, token)
		h.must(err)
		h.must(h.Release(h.Context(), steward, "elm", "ana"))
		if who := h.actor(session); who.May("elm", access.Belong) || who.Person("elm") != "" {
			h.Errorf("who = %+v", who)
		}
		token, _ = h.invite("ana", access.Steward)
		again, err := h.claim(access.Actor{}, token)
		h.must(err)
		if who := h.actor(again); !who.Is("elm", access.Steward) {
			h.Errorf("invited anew: %+v", who)
		}
		if h.actor(session).May("elm", access.Belong) {
			h.Error("the account before came back with the new one")
		}
	})
}

func TestClaimsAreNoted(t *testing.T) {
	h := one(t)
	token, _ := h.invite("ana", access.Member)
	h.now.Advance(time.Minute)
	session, err := h.claim(access.Actor{}, token)
	h.must(err)
	noted, err := audit.Latest(t.Context(), h.DB.Read(), "elm", time.Time{}, 10)
	h.must(err)
	var claimed, invited bool
	for _, e := range noted {
		claimed = claimed || e.Act == "claim" && e.Object == "ana" && e.Account == h.actor(session).Account
		invited = invited || e.Act == "invite member" && e.Object == "ana" && e.Account == "sol"
	}
	if !claimed || !invited {
		t.Errorf("noted = %+v", noted)
	}
}

func TestErasingEndsAnAccountThatIsNobodyAnyMore(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "canary@example.org")
		session := h.session("ana")
		h.linkFor("canary@example.org")
		pending, _ := h.invite("spare", access.Member)
		h.tx(func(ctx context.Context, q db.Querier) error {
			if err := Be(ctx, q, "elm", "ana-in-elm", "ana"); err != nil {
				return err
			}
			return Be(ctx, q, "oak", "ana-in-oak", "ana")
		})
		var copied any
		h.tx(func(ctx context.Context, q db.Querier) (err error) {
			copied, err = Export(ctx, q, "elm", "ana-in-elm")
			return err
		})
		if out, ok := copied.(exported); !ok || len(out.Emails) != 1 || len(out.Devices) != 1 || len(out.Messages) != 1 {
			h.Errorf("export = %+v", copied)
		}
		erase := func(initiative, person string) {
			h.tx(func(ctx context.Context, q db.Querier) error { return Erase(ctx, q, initiative, person) })
		}
		erase("elm", "ana-in-elm")
		h.wantAccount("still somebody in oak", session, "ana")
		erase("oak", "ana-in-oak")
		h.wantVisitor("nobody any more", session)
		for _, query := range []string{
			`select count(*) from account_email`, `select count(*) from session`, `select count(*) from account_person`,
			`select count(*) from message`, `select count(*) from sign_in_ask`,
			`select count(*) from account where ended_at is null`,
		} {
			if n := h.count(query); n != 0 {
				h.Errorf("%s = %d after the erasure", query, n)
			}
		}
		erase("elm", "spare")
		_, err := h.claim(access.Actor{}, pending)
		h.wantGone("an invitation of an erased person", err)
	})
}
