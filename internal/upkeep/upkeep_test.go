package upkeep_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/jobs"
	"commonweal/internal/mail"
)

// TestWhoMay asks every verb as everyone: what somebody may not use isn't there.
func TestWhoMay(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		h := open(t, d, now)
		ctx := t.Context()
		verbs := map[string]func(who access.Actor, in string) error{
			"State":    func(who access.Actor, in string) error { _, err := h.State(ctx, who, in); return err },
			"Jobs":     func(who access.Actor, in string) error { _, err := h.Jobs(ctx, who, in); return err },
			"Letters":  func(who access.Actor, in string) error { _, err := h.Letters(ctx, who, in); return err },
			"Record":   func(who access.Actor, in string) error { _, err := h.Record(ctx, who, in, time.Time{}); return err },
			"Holders":  func(who access.Actor, in string) error { _, err := h.Holders(ctx, who, in); return err },
			"Letter":   func(who access.Actor, in string) error { _, err := h.Letter(ctx, who, in, "none"); return err },
			"HandOver": func(who access.Actor, in string) error { return h.HandOver(ctx, who, in, "none") },
			"Retry":    func(who access.Actor, in string) error { return h.Retry(ctx, who, in, "none") },
		}
		for name, verb := range verbs {
			for who, actor := range map[string]access.Actor{
				"a visitor": {}, "a connector": h.in(access.Connector), "a member": h.in(access.Member), "the operator": h.operator,
			} {
				h.refused(name+" as "+who, verb(actor, h.elm.ID), fault.NotFound)
			}
			h.refused(name+" in another initiative", verb(h.sue, h.oak.ID), fault.NotFound)
			h.refused(name+" of the server as a steward", verb(h.sue, ""), fault.NotFound)
		}
		for _, name := range []string{"State", "Jobs", "Letters", "Record", "Holders"} {
			if err := verbs[name](h.sue, h.elm.ID); err != nil {
				t.Errorf("%s as the steward: %v", name, err)
			}
			if err := verbs[name](h.operator, ""); err != nil && name != "Holders" {
				t.Errorf("%s of the server as its operator: %v", name, err)
			}
		}
	})
}

// letters sends two messages, of which one waits here.
func (h *house) letters() {
	h.Helper()
	h.tx(func(q db.Querier) error {
		for _, to := range []string{"ana@example.org", "ben@example.org"} {
			err := mail.Send(h.Context(), q, mail.Message{
				Initiative: h.elm.ID, Person: h.elm.Steward, To: to, Lang: "en", Subject: "account.mail.subject",
				Lines: []fault.Message{{Key: "mail.quote", Args: map[string]any{"text": "hello"}}},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	courier := &mail.Courier{DB: h.DB, Now: h.now.Now}
	runner := &jobs.Runner{DB: h.DB, IDs: db.NewIDs(h.now.Now, nil), Now: h.now.Now, Log: nobody, Handle: map[string]jobs.Handler{mail.DeliverJob: courier.Deliver}}
	_, err := runner.RunDue(h.Context())
	h.must(err)
}

func TestALetterIsReadAndPassedOn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		h := open(t, d, now)
		h.letters()
		all, err := h.Letters(t.Context(), h.sue, h.elm.ID)
		h.must(err)
		if len(all) != 2 || all[0].Body != "" || !all[0].Waits() {
			t.Fatalf("letters = %+v, want two that wait, without their text", all)
		}
		l, err := h.Letter(t.Context(), h.sue, h.elm.ID, all[0].ID)
		h.must(err)
		if !strings.Contains(l.Body, "hello") {
			t.Errorf("the letter says %q", l.Body)
		}
		looks, err := audit.ByObject(t.Context(), d.Read(), h.elm.ID, h.elm.Steward)
		h.must(err)
		if len(looks) != 1 || looks[0].Act != "read letter" || looks[0].Person != h.elm.Steward {
			t.Errorf("who looked: %+v", looks)
		}
		h.must(h.HandOver(t.Context(), h.sue, h.elm.ID, l.ID))
		h.refused("twice", h.HandOver(t.Context(), h.sue, h.elm.ID, l.ID), fault.NotFound)
		_, err = h.Letter(t.Context(), h.sue, h.elm.ID, l.ID)
		h.refused("what was handed over", err, fault.NotFound)
		if l, err = mail.Get(t.Context(), d.Read(), h.elm.ID, l.ID); err != nil || l.Status != mail.Handed || l.Body != "" || l.To != "" {
			t.Errorf("handed over, it is kept as %+v, %v", l, err)
		}
		state, err := h.State(t.Context(), h.sue, h.elm.ID)
		h.must(err)
		if state.Letters != 1 {
			t.Errorf("%d letters wait, want the other one", state.Letters)
		}
	})
}

func TestAStuckJobIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		h := open(t, d, now)
		h.tx(func(q db.Querier) error {
			return jobs.Add(t.Context(), q, jobs.Job{Initiative: h.elm.ID, Kind: "break"})
		})
		broken := func(context.Context, jobs.Work) error { return errors.New("broken") }
		runner := &jobs.Runner{DB: d, IDs: db.NewIDs(now.Now, nil), Now: now.Now, Log: nobody, Handle: map[string]jobs.Handler{"break": broken}}
		for range jobs.MaxAttempts {
			if _, err := runner.RunDue(t.Context()); err == nil {
				t.Fatal("the job went well")
			}
			now.Advance(time.Hour)
		}
		state, err := h.State(t.Context(), h.sue, h.elm.ID)
		h.must(err)
		all, err := h.Jobs(t.Context(), h.sue, h.elm.ID)
		h.must(err)
		if state.Stuck != 1 || len(all) != 1 || all[0].State != jobs.Stuck {
			t.Fatalf("%d stuck; jobs = %+v", state.Stuck, all)
		}
		h.refused("another initiative's", h.Retry(t.Context(), h.operator, "", all[0].ID), fault.NotFound)
		h.must(h.Retry(t.Context(), h.sue, h.elm.ID, all[0].ID))
		if state, err = h.State(t.Context(), h.sue, h.elm.ID); err != nil || state.Stuck != 0 {
			t.Errorf("after trying again %d are stuck: %v", state.Stuck, err)
		}
		r, err := h.Record(t.Context(), h.sue, h.elm.ID, time.Time{})
		h.must(err)
		if r.Entries[0].Act != "retry job" || r.Entries[0].By != "Sue" {
			t.Errorf("the record says %+v", r.Entries[0])
		}
	})
}

func TestTheRecordHasNamesAndPages(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		h := open(t, d, now)
		for i := range 130 {
			if i%3 != 0 { // some are noted at the same moment
				now.Advance(time.Second)
			}
			h.tx(func(q db.Querier) error {
				return audit.Note(t.Context(), q, audit.Event{Initiative: h.elm.ID, Account: "account-sue", Act: "read person", Object: h.elm.Steward})
			})
		}
		r, err := h.Record(t.Context(), h.sue, h.elm.ID, time.Time{})
		h.must(err)
		if e := r.Entries[0]; e.By != "Sue" || e.To != "Sue" {
			t.Errorf("an account is called %q, a person %q", e.By, e.To)
		}
		if r.Head.Seq != 0 {
			t.Errorf("a head of nothing sealed: %v", r.Head)
		}
		seen, pages := map[string]int{}, 0
		for before := (time.Time{}); pages == 0 || !before.IsZero(); before = r.Before {
			r, err = h.Record(t.Context(), h.sue, h.elm.ID, before)
			h.must(err)
			for _, e := range r.Entries {
				seen[e.ID]++
			}
			if pages++; pages > 9 {
				t.Fatal("the pages don't end")
			}
		}
		const founding = 2 // "give steward", "create initiative"
		if len(seen) != 130+founding || pages != 3 {
			t.Errorf("%d entries on %d pages, want %d on 3", len(seen), pages, 130+founding)
		}
		for id, times := range seen {
			if times != 1 {
				t.Errorf("%s stands there %d times", id, times)
			}
		}
		sealed, err := audit.Seal(t.Context(), d)
		h.must(err)
		if r, err = h.Record(t.Context(), h.sue, h.elm.ID, time.Time{}); err != nil || r.Head.Seq != 132 || sealed < 132 {
			t.Errorf("the head is %v of %d: %v", r.Head, sealed, err)
		}
	})
}

func TestWhoHoldsAKey(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		h := open(t, d, now)
		h.tx(func(q db.Querier) error {
			return access.Give(t.Context(), q, access.Membership{Initiative: h.elm.ID, Person: h.elm.Steward, Kind: access.Connector}, "")
		})
		all, err := h.Holders(t.Context(), h.sue, h.elm.ID)
		h.must(err)
		if len(all) != 1 || all[0].Name != "Sue" || !all[0].HasAccount || !all[0].Is(access.Connector) || !all[0].Is(access.Steward) {
			t.Errorf("holders = %+v", all)
		}
		one, err := h.Holder(t.Context(), h.sue, h.elm.ID, h.elm.Steward)
		h.must(err)
		slicesSame(t, one.Kinds, access.Connector, access.Steward)
		_, err = h.Holder(t.Context(), h.sue, h.elm.ID, h.oak.Steward)
		h.refused("somebody of another initiative", err, fault.NotFound)
		_, err = h.Holder(t.Context(), h.in(access.Connector), h.elm.ID, h.elm.Steward)
		h.refused("a connector", err, fault.NotFound)
	})
}

func slicesSame(t *testing.T, got []access.Kind, want ...access.Kind) {
	t.Helper()
	have := map[access.Kind]bool{}
	for _, k := range got {
		have[k] = true
	}
	wanted := map[access.Kind]bool{}
	for _, k := range want {
		wanted[k] = true
	}
	if diff := cmp.Diff(wanted, have); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

func TestTheFirstStewardIsInvitedUntilSomebodyCame(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		h := open(t, d, now)
		if ids, err := h.Unclaimed(t.Context(), h.operator); err != nil || len(ids) != 1 || ids[0] != h.oak.ID {
			t.Fatalf("unclaimed = %v, %v; want oak", ids, err)
		}
		_, err := h.Unclaimed(t.Context(), h.sue)
		h.refused("a steward", err, fault.NotFound)
		_, err = h.InviteFirst(t.Context(), h.sue, h.oak.ID)
		h.refused("a steward of another initiative", err, fault.NotFound)
		_, err = h.InviteFirst(t.Context(), h.operator, h.elm.ID)
		h.refused("a house where somebody lives", err, fault.Conflict)
		_, err = h.InviteFirst(t.Context(), h.operator, "none")
		h.refused("no initiative", err, fault.NotFound)

		_, err = h.InviteFirst(t.Context(), h.operator, h.oak.ID)
		h.must(err)
		again, err := h.InviteFirst(t.Context(), h.operator, h.oak.ID)
		h.must(err)
		if inv := h.claim(again); inv.Person != h.oak.Steward || inv.Kind != access.Steward {
			t.Errorf("claimed %+v", inv)
		}
		_, err = h.InviteFirst(t.Context(), h.operator, h.oak.ID)
		h.refused("once somebody came", err, fault.Conflict)
		if ids, err := h.Unclaimed(t.Context(), h.operator); err != nil || len(ids) != 0 {
			t.Errorf("unclaimed = %v, %v", ids, err)
		}
	})
}

// Some left their address for the answer alone, and without a name.
func TestAnAddressIsShownOnlyToPassALetterOn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		h := open(t, d, now)
		err := d.Tx(t.Context(), func(q db.Querier) error {
			return mail.Send(t.Context(), q, mail.Message{
				Initiative: h.elm.ID, Person: "a conversation", To: "nobody@example.org", Lang: "en", Subject: "account.mail.subject",
			})
		})
		h.must(err)
		all, err := h.Letters(t.Context(), h.sue, h.elm.ID)
		h.must(err)
		if len(all) != 1 || all[0].Status != mail.Queued || all[0].To != "" {
			t.Fatalf("letters = %+v, want one on its way, without its address", all)
		}
		_, err = h.Letter(t.Context(), h.sue, h.elm.ID, all[0].ID)
		h.refused("a letter on its way", err, fault.NotFound)
	})
}
