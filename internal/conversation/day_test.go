package conversation_test

import (
	"fmt"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/people"
)

func (h *house) day(who access.Actor) conversation.Day {
	h.Helper()
	d, err := h.Day(h.Context(), who, h.in.ID)
	h.ok(err)
	return d
}

func (h *house) household(who access.Actor, code string) {
	h.Helper()
	h.tx(func(q db.Querier) error {
		_, err := people.HouseholdByCode(h.Context(), q, h.in.ID, who.Person(h.in.ID), code, h.area)
		return err
	})
}

func TestAConnectorsDay(t *testing.T) {
	run(t, func(h *house) {
		h.household(h.carl, "Corner")
		talk := func(code, need string, daysAgo int, urgent bool) {
			d := h.full()
			d.Household, d.Need, d.Urgent, d.HeldOn = code, need, urgent, h.today().Add(-daysAgo)
			d.Supports, d.Support, d.Advice, d.AdviceTo = nil, "", "", ""
			h.record(h.carl, d)
		}
		talk("Blue door", "a", 3, false)
		talk("Red door", "b", 40, false)
		talk("Blue door", "c", 1, true)
		h.record(access.Actor{}, conversation.Draft{Consent: conversation.WithoutName, Need: "alone", Area: h.area})
		h.record(h.cora, conversation.Draft{Consent: conversation.WithoutName, Channel: people.Phoned, Need: "Cora's"})

		d := h.day(h.carl)
		var visits []string
		for _, v := range d.Households {
			visits = append(visits, fmt.Sprintf("%s %s %d talks, %d people, %s", v.Code, v.LastTalk, v.Talks, v.People, v.AreaName))
		}
		h.expect("whom to visit", visits,
			"Corner  0 talks, 0 people, Oak", "Red door 2026-10-12 1 talks, 1 people, Oak", "Blue door 2026-11-20 2 talks, 2 people, Oak")
		var waiting []string
		for _, w := range d.Waiting {
			waiting = append(waiting, fmt.Sprintf("%s %s %s by %s urgent %v", w.What, w.Name, w.Household, w.AnswerBy, w.Urgent))
		}
		h.expect("what waits", waiting,
			"need Ada Blue door by 2026-12-20 urgent true", "need Ada Red door by 2026-11-28 urgent false",
			"need Ada Blue door by 2026-12-18 urgent false", "need   by 2026-12-21 urgent false")
		var left []int
		for _, r := range d.Referrals {
			left = append(left, r.DaysLeft(d.Today))
		}
		if fmt.Sprint(left) != "[27 29]" {
			t.Errorf("names to ask, with days left %v", left)
		}
		if len(d.Blocks) != 1 || d.Blocks[0].Asked != 3 || d.Blocks[0].Homes != 8 || d.Blocks[0].Left() != 5 {
			t.Errorf("blocks %+v: want two households and one talk alone, of eight homes", d.Blocks)
		}
		if d := h.day(h.cora); len(d.Waiting) != 1 || len(d.Households)+len(d.Referrals) != 0 {
			t.Errorf("Cora's day: %+v", d)
		}
		if d := h.day(h.sue); len(d.Waiting) != 5 || len(d.Households) != 3 || len(d.Referrals) != 0 {
			t.Errorf("a steward's day: %d wait, %d households, %d names", len(d.Waiting), len(d.Households), len(d.Referrals))
		}
		h.now.Advance(20 * day)
		if !h.day(h.carl).Waiting[1].Late(h.today()) || h.day(h.carl).Waiting[2].Late(h.today()) {
			t.Error("what is late isn't so called")
		}
		_, err := h.Day(h.Context(), h.member("Mia", access.Member), h.in.ID)
		h.must("a member's day", err, fault.NotFound)
	})
}

// TestADayCostsTheSameHoweverManyThereAre would find a query in a loop.
func TestADayCostsTheSameHoweverManyThereAre(t *testing.T) {
	run(t, func(h *house) {
		ada := h.byCode(h.record(h.carl, h.full()).Code).Person
		reads := map[string]func() error{
			"Day":      func() error { _, err := h.Day(h.Context(), h.carl, h.in.ID); return err },
			"Mine":     func() error { _, err := h.Mine(h.Context(), actor(h.in.ID, ada, access.Member), h.in.ID); return err },
			"OfPerson": func() error { _, err := h.OfPerson(h.Context(), h.carl, h.in.ID, ada); return err },
			"Overdue":  func() error { _, err := h.Overdue(h.Context(), h.in.ID); return err },
			"Shared":   func() error { _, err := h.Shared(h.Context(), h.carl, h.in.ID); return err },
		}
		most := map[string]int{"Day": 10, "Mine": 6, "OfPerson": 2, "Overdue": 2, "Shared": 1}
		for _, size := range []int{0, 15} {
			for i := range size {
				d := h.full()
				d.Household = fmt.Sprint("door ", i)
				h.record(h.carl, d)
				d.Name, d.Household, d.Person = "", "", ada
				h.record(h.carl, d)
			}
			for name, read := range reads {
				c := dbtest.Count(h.DB)
				h.ok(read())
				if c.N() > most[name] {
					t.Errorf("%s runs %d statements, want at most %d", name, c.N(), most[name])
				}
			}
		}
	})
}

func TestTheNameOfAThirdPersonIsOneConnectorsFor30Days(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.full())
		mine := h.day(h.carl).Referrals
		if len(mine) != 1 || mine[0].Name != "Old Tom" || mine[0].Note != "number nine" {
			t.Fatalf("Carl's reminders: %+v", mine)
		}
		for name, who := range map[string]access.Actor{"another connector": h.cora, "a steward": h.sue} {
			if got := h.day(who).Referrals; len(got) > 0 {
				t.Errorf("%s sees %+v", name, got)
			}
			_, err := h.SaidYes(h.Context(), who, h.in.ID, mine[0].ID, conversation.Yes{})
			h.must(name+" says that he said yes", err, fault.NotFound)
			h.must(name+" drops it", h.ForgetReferral(h.Context(), who, h.in.ID, mine[0].ID), fault.NotFound)
		}
		if got := h.open(h.sue, r.ID).Referrals; len(got) > 0 {
			t.Errorf("a steward who opens the conversation sees %+v", got)
		}
		h.now.Advance(29 * day)
		h.runJobs()
		if got := h.day(h.carl).Referrals; len(got) != 1 || got[0].DaysLeft(h.today()) != 1 {
			t.Errorf("on the 29th day: %+v", got)
		}
		h.now.Advance(day)
		h.runJobs()
		h.lacks("Old Tom", "number nine")

		h.record(h.carl, h.full())
		tom, err := h.SaidYes(h.Context(), h.carl, h.in.ID, h.day(h.carl).Referrals[0].ID, conversation.Yes{Name: "Tom", Channel: people.Phoned, MayAsk: true})
		h.ok(err)
		h.lacks("Old Tom", "number nine")
		p := h.personOf(tom.ID)
		if p.Name != "Tom" || p.Connector != h.carl.Person(h.in.ID) || !people.Agreed(p.Consents, people.BeAsked) || !people.Agreed(p.Consents, people.KeepName) {
			t.Errorf("written down as %+v", p)
		}
		h.record(h.carl, h.full())
		h.ok(h.ForgetReferral(h.Context(), h.carl, h.in.ID, h.day(h.carl).Referrals[0].ID))
		h.lacks("Old Tom")
	})
}

func TestANameGivenByAResidentAloneGoesToTheStewardsWhenNobodyKnowsTheArea(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(access.Actor{}, conversation.Draft{Consent: conversation.WithoutName, ElseName: "Old Tom", Area: h.area})
		if r.Reader != "" {
			t.Errorf("read by %q, want the stewards", r.Reader)
		}
		if got := h.day(h.sue).Referrals; len(got) != 1 {
			t.Errorf("the stewards' reminders: %+v", got)
		}
		if got := h.day(h.carl).Referrals; len(got) != 0 {
			t.Errorf("a connector's: %+v", got)
		}
	})
}

func TestGiftsOnADay(t *testing.T) {
	run(t, func(h *house) {
		for _, name := range []string{"Ada", "Bea"} {
			h.record(h.carl, conversation.Draft{
				Consent: conversation.WithName, Channel: people.Doorstep, Name: name, NextDo: true,
				Gifts: []conversation.GiftDraft{{Kind: gift.Skill, Text: "sewing, driving"}},
			})
		}
		_, err := h.Gifts.BringTogether(h.Context(), h.carl, h.in.ID, "sewing", gift.GatheringDraft{})
		h.ok(err)
		h.now.Advance(31 * day)
		d := h.day(h.carl)
		if len(d.NeverAsked) != 2 || d.NeverAsked[0].Text != "driving" || len(d.Gatherings) != 1 || len(d.Gatherings[0].Known) != 2 {
			t.Errorf("never asked %+v, gatherings %+v", d.NeverAsked, d.Gatherings)
		}
		h.now.Advance(160 * day)
		if got := h.day(h.carl).Review; len(got) != 4 {
			t.Errorf("to ask about: %d", len(got))
		}
	})
}

func TestAReadersListEndsWithTheirMembership(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.full())
		left := h.carl
		left.Memberships = []access.Membership{{Initiative: h.in.ID, Person: h.carl.Person(h.in.ID), Kind: access.Member}}
		_, err := h.Open(h.Context(), left, h.in.ID, r.ID)
		h.must("somebody who was a connector", err, fault.NotFound)
	})
}

func TestWhatWaitsIsReadAPageAtATime(t *testing.T) {
	run(t, func(h *house) {
		for range 30 { // a need and some advice each
			d := h.full()
			d.Supports, d.Support, d.ElseName, d.ElseNote = nil, "", "", ""
			h.record(h.carl, d)
		}
		first, more, err := h.Waiting(h.Context(), h.carl, h.in.ID, "")
		h.ok(err)
		second, end, err := h.Waiting(h.Context(), h.carl, h.in.ID, more)
		h.ok(err)
		seen := map[string]bool{}
		for _, w := range append(first, second...) {
			seen[w.ID] = true
		}
		if len(first) != 50 || len(second) != 10 || end != "" || len(seen) != 60 {
			t.Errorf("%d and then %d, %d in all, end %q", len(first), len(second), len(seen), end)
		}
	})
}
