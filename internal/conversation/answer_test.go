package conversation_test

import (
	"regexp"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
)

func TestANeedIsReadByItsConnectorAndTheStewards(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.full())
		said := h.byCode(r.Code)
		mia := h.member("Mia", access.Member)
		_, eve := h.found("Elm", "Eve")
		for name, who := range map[string]access.Actor{"a visitor": {}, "a member": mia, "another connector": h.cora, "another initiative's steward": eve} {
			_, err := h.Open(h.Context(), who, h.in.ID, r.ID)
			h.must(name+" reads", err, fault.NotFound)
			err = h.Answer(h.Context(), who, h.in.ID, said.Needs[0].ID, conversation.AnswerDraft{Step: conversation.Cannot, Text: "x"})
			h.must(name+" answers", err, fault.NotFound)
			err = h.AnswerSupport(h.Context(), who, h.in.ID, said.Supports[0].ID, conversation.AnswerDraft{Step: conversation.Cannot, Text: "x"})
			h.must(name+" answers a support", err, fault.NotFound)
			err = h.AnswerAdvice(h.Context(), who, h.in.ID, said.Advice[0].ID, "x", "")
			h.must(name+" answers advice", err, fault.NotFound)
			_, err = h.Neighbours(h.Context(), who, h.in.ID, conversation.WhatNeed, said.Needs[0].ID)
			h.must(name+" looks for neighbours", err, fault.NotFound)
			_, err = h.OfPerson(h.Context(), who, h.in.ID, said.Person)
			h.must(name+" lists her talks", err, fault.NotFound)
		}
		_, err := h.Open(h.Context(), eve, eve.Memberships[0].Initiative, r.ID)
		h.must("by an address of another initiative", err, fault.NotFound)
		h.open(h.carl, r.ID)
		h.open(h.sue, r.ID)
		s := &people.Service{DB: h.DB, Now: h.Now}
		looks, err := s.Looks(h.Context(), h.sue, h.in.ID, said.Person)
		h.ok(err)
		var who []string
		for _, l := range looks {
			who = append(who, l.Who+" "+l.What)
		}
		h.expect("who has looked", who, "Sue read conversation", "Carl read conversation")

		// Whoever knows the person now is who reads.
		h.ok(s.Move(h.Context(), h.sue, h.in.ID, said.Person, h.cora.Person(h.in.ID)))
		h.open(h.cora, r.ID)
		_, err = h.Open(h.Context(), h.carl, h.in.ID, r.ID)
		h.must("the connector who knew her before", err, fault.NotFound)
	})
}

func TestWhatIsKeptForMyselfIsForNobodyElse(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.full())
		need := h.byCode(r.Code).Needs[0]
		h.ok(h.ChangeByCode(h.Context(), h.in.ID, r.Code, conversation.Change{
			What: conversation.WhatNeed, ID: need.ID, Text: "secret", Visibility: conversation.OnlyMe,
		}))
		if told := h.open(h.sue, r.ID); len(told.Needs) != 0 {
			t.Errorf("a steward reads %+v", told.Needs)
		}
		err := h.Answer(h.Context(), h.carl, h.in.ID, need.ID, conversation.AnswerDraft{Step: conversation.Cannot, Text: "x"})
		h.must("answering it", err, fault.NotFound)
		_, err = h.Neighbours(h.Context(), h.carl, h.in.ID, conversation.WhatNeed, need.ID)
		h.must("looking for neighbours for it", err, fault.NotFound)
		d, err := h.Day(h.Context(), h.carl, h.in.ID)
		h.ok(err)
		for _, w := range d.Waiting {
			if w.ID == need.ID {
				t.Error("it waits on the connector's day")
			}
		}
		if got := h.byCode(r.Code); len(got.Needs) != 1 || got.Needs[0].Text != "secret" {
			t.Errorf("its author reads %+v", got.Needs)
		}
	})
}

func TestAnAnswerReachesWhoAskedOnce(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.full())
		need := h.byCode(r.Code).Needs[0].ID
		a := conversation.AnswerDraft{Step: conversation.Neighbour, Text: "A neighbour brings books"}
		version := h.version()
		for range 3 {
			h.ok(h.Answer(h.Context(), h.carl, h.in.ID, need, a))
		}
		if h.version() == version {
			t.Error("the public list of what waits isn't told")
		}
		if n := h.number(`select count(*) from audit where initiative_id = $1 and act = 'answer need'`, h.in.ID); n != 1 {
			t.Errorf("noted %d times", n)
		}
		if n := len(h.letters("ada@example.org")); n != 0 {
			t.Fatalf("%d messages at once: they are gathered", n)
		}
		h.later()
		h.later()
		got := h.letters("ada@example.org")
		if len(got) != 1 {
			t.Fatalf("%d messages, want one", len(got))
		}
		if strings.Contains(got[0], "books") || !strings.Contains(got[0], "https://oak.example/i/oak/answer") {
			t.Errorf("the message says %q", got[0])
		}
		code := regexp.MustCompile(`\w{4}-\w{4}-\w{4}`).FindString(got[0])
		if said := h.byCode(code); said.ID != r.ID || said.Needs[0].Answer.Text != a.Text {
			t.Errorf("the code in the message shows %+v", said)
		}
		a.Text = "The neighbour is ill, another one comes"
		h.ok(h.Answer(h.Context(), h.sue, h.in.ID, need, a))
		h.later()
		if n := len(h.letters("ada@example.org")); n != 2 {
			t.Errorf("%d messages after another answer, want two", n)
		}
		ada := actor(h.in.ID, h.byCode(r.Code).Person, access.Member)
		mine, err := h.Mine(h.Context(), ada, h.in.ID)
		h.ok(err)
		if len(mine) != 1 || mine[0].Needs[0].Answer.Text != a.Text || mine[0].Names[mine[0].Needs[0].Answer.By] != "Sue" || mine[0].Names[mine[0].Reader] != "Carl" {
			t.Errorf("her page shows %+v", mine)
		}
		h.ok(h.Thank(h.Context(), ada, h.in.ID, need))
		if h.open(h.carl, r.ID).Needs[0].ThankedAt.IsZero() {
			t.Error("the thanks didn't arrive")
		}
	})
}

func TestAnswersSayWhatIsWrong(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.full())
		said := h.byCode(r.Code)
		need, support, advice := said.Needs[0].ID, said.Supports[0].ID, said.Advice[0].ID
		answer := func(d conversation.AnswerDraft) []string {
			return h.told(h.Answer(h.Context(), h.carl, h.in.ID, need, d))
		}
		h.expect("nothing", answer(conversation.AnswerDraft{}), "step conversation.step.missing", "text conversation.answer.missing")
		h.expect("long", answer(conversation.AnswerDraft{Step: "miracle", Text: strings.Repeat("x", 2001)}),
			"step conversation.step.missing", "text conversation.text.long")
		h.expect("a gift that isn't", answer(conversation.AnswerDraft{Step: conversation.Neighbour, Text: "x", Gift: "nothing"}), "gift conversation.gift.unknown")
		h.expect("a support as advice", h.told(h.AnswerSupport(h.Context(), h.carl, h.in.ID, support,
			conversation.AnswerDraft{Step: conversation.IsAdvice, Text: "x"})), "step conversation.step.missing")
		h.expect("advice without words", h.told(h.AnswerAdvice(h.Context(), h.carl, h.in.ID, advice, " ", "")), "answer conversation.answer.missing")
		h.must("a need that isn't", h.Answer(h.Context(), h.carl, h.in.ID, support, conversation.AnswerDraft{Step: conversation.Cannot, Text: "x"}), fault.NotFound)
		h.must("thanks before the answer", h.ThankByCode(h.Context(), h.in.ID, r.Code, need), fault.NotFound)
	})
}

func TestOnlyWhoAgreedIsPointedTo(t *testing.T) {
	run(t, func(h *house) {
		need := h.byCode(h.record(h.carl, h.full()).Code).Needs[0].ID
		giver := func(who access.Actor, name string, asked bool) string {
			r := h.record(who, conversation.Draft{
				Consent: conversation.WithName, Channel: people.Doorstep, Name: name, NextDo: asked,
				Gifts: []conversation.GiftDraft{{Kind: gift.Passion, Text: "picture books"}},
			})
			return h.byCode(r.Code).Gifts[0].ID
		}
		point := func(to string) error {
			return h.Answer(h.Context(), h.carl, h.in.ID, need, conversation.AnswerDraft{Step: conversation.Neighbour, Text: "to " + to, Gift: to})
		}
		h.expect("somebody who didn't agree", h.told(point(giver(h.carl, "Bea", false))), "gift conversation.gift.unknown")
		h.expect("somebody whom another connector knows", h.told(point(giver(h.cora, "Cam", true))), "gift conversation.gift.unknown")
		h.ok(point(giver(h.carl, "Dee", true)))
		got, err := h.Neighbours(h.Context(), h.carl, h.in.ID, conversation.WhatNeed, need)
		h.ok(err)
		if len(got.People) != 1 || got.People[0].Holder.Name != "Dee" || got.Others != 1 {
			t.Errorf("suggested: %+v", got)
		}
	})
}

func TestANeedThatIsAdviceIsPassedOn(t *testing.T) {
	run(t, func(h *house) {
		d := h.full()
		d.Advice, d.AdviceTo = "", ""
		r := h.record(h.carl, d)
		need := h.byCode(r.Code).Needs[0].ID
		a := conversation.AnswerDraft{Step: conversation.IsAdvice, Text: "You are right. We pass it on."}
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, need, a))
		a.Text = "You are right. We passed it on."
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, need, a))
		said := h.byCode(r.Code)
		if len(said.Advice) != 1 || said.Advice[0].Need != need || said.Advice[0].Text != "picture books" {
			t.Fatalf("advice %+v", said.Advice)
		}
		advice := said.Advice[0].ID
		h.ok(h.AnswerAdvice(h.Context(), h.carl, h.in.ID, advice, "The library will think about it", ""))
		h.now.Advance(10 * day)
		for range 2 {
			h.ok(h.AnswerAdvice(h.Context(), h.carl, h.in.ID, advice, "The library will think about it", "They bought forty"))
		}
		if n := h.number(`select count(*) from audit where initiative_id = $1 and act = 'answer advice'`, h.in.ID); n != 2 {
			t.Errorf("noted %d times", n)
		}
		h.ok(h.OfferHelpByCode(h.Context(), h.in.ID, r.Code, advice, true))
		got := h.open(h.carl, r.ID).Advice[0]
		if got.Answer != "The library will think about it" || got.Changed != "They bought forty" || !got.WouldHelp ||
			got.ChangedAt.Sub(got.AnsweredAt.Time) != 10*day {
			t.Errorf("advice %+v", got)
		}
		h.later()
		if got := h.letters("ada@example.org"); len(got) != 1 || !strings.Contains(got[0], "4 new") {
			t.Errorf("four answers in one conversation are told as %q", got)
		}
	})
}

func TestOverdueNeedsArePublicWithoutAName(t *testing.T) {
	run(t, func(h *house) {
		late := h.record(h.carl, h.full())
		answered := h.record(h.carl, h.full())
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, h.byCode(answered.Code).Needs[0].ID, conversation.AnswerDraft{Step: conversation.Cannot, Text: "x"}))
		days := func() int {
			all, err := h.Overdue(h.Context(), h.in.ID)
			h.ok(err)
			for _, d := range all {
				if d.Format("2006-01-02") != "2026-11-21" {
					t.Errorf("waits since %s", d)
				}
			}
			return len(all)
		}
		h.now.Advance(30 * day)
		if n := days(); n != 0 {
			t.Errorf("%d overdue on the last day", n)
		}
		h.now.Advance(day)
		if n := days(); n != 1 {
			t.Errorf("%d overdue a day later", n)
		}
		h.ok(h.EraseByCode(h.Context(), h.in.ID, late.Code, conversation.WhatNeed, h.byCode(late.Code).Needs[0].ID))
		if n := days(); n != 0 {
			t.Errorf("%d overdue after it was taken back", n)
		}
	})
}

func TestNeedsAreSharedAsFarAsTheirAuthorsWant(t *testing.T) {
	run(t, func(h *house) {
		for _, v := range conversation.Visibilities() {
			r := h.record(h.carl, h.full())
			h.ok(h.ChangeByCode(h.Context(), h.in.ID, r.Code, conversation.Change{
				What: conversation.WhatNeed, ID: h.byCode(r.Code).Needs[0].ID, Text: "for " + string(v), Visibility: v,
			}))
		}
		_, eve := h.found("Elm", "Eve")
		for name, test := range map[string]struct {
			who  access.Actor
			want []string
		}{
			"a visitor":              {access.Actor{}, []string{"for public"}},
			"another initiative's":   {eve, []string{"for public"}},
			"a member":               {h.member("Mia", access.Member), []string{"for public", "for initiative"}},
			"a connector, as others": {h.cora, []string{"for public", "for initiative"}},
		} {
			all, err := h.Shared(h.Context(), test.who, h.in.ID)
			h.ok(err)
			var got []string
			for _, n := range all {
				got = append(got, n.Text)
			}
			h.expect(name, got, test.want...)
		}
	})
}

func TestMailIsInTheLanguageOfTheTalk(t *testing.T) {
	run(t, func(h *house) {
		d := h.full()
		for lang, want := range map[i18n.Lang]struct{ direct, digest string }{
			"es": {"Hay una respuesta", "Hay novedades"}, "en": {"There is an answer", "There is something new"}, "ar": {"There is an answer", "There is something new"},
		} {
			for _, consent := range []conversation.Consent{conversation.WithoutName, conversation.WithName} {
				d.Lang, d.Contact, d.Consent = lang, string(lang)+string(consent)+"@example.org", consent
				r := h.record(h.carl, d)
				h.ok(h.Answer(h.Context(), h.carl, h.in.ID, h.byCode(r.Code).Needs[0].ID, conversation.AnswerDraft{Step: conversation.Cannot, Text: "x"}))
				first := want.direct
				if consent == conversation.WithName {
					h.later()
					first = want.digest
				}
				if got := h.letters(d.Contact); len(got) != 1 || !strings.HasPrefix(got[0], first) {
					t.Errorf("%s, %s: %q", lang, consent, got)
				}
			}
		}
	})
}
