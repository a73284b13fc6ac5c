package conversation_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
)

func TestEachAnswerBecomesARecordOfItsOwn(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.full())
		if r.ID == "" || len(r.Code) != 14 || r.Reader != "Carl" || r.AnswerBy.String() != "2026-12-21" {
			t.Errorf("receipt %+v", r)
		}
		told := h.open(h.carl, r.ID)
		if told.PersonName != "Ada" || told.HouseholdCode != "Blue door" || told.AreaName != "Oak" || told.Care != "that the quiet ones get asked" {
			t.Errorf("with whom and where: %+v", told)
		}
		if len(told.Needs) != 1 || told.Needs[0].Text != "picture books" || told.Needs[0].Delivery != "after school" ||
			!told.Needs[0].Urgent || told.Needs[0].Visibility != conversation.MyConnector {
			t.Errorf("needs %+v", told.Needs)
		}
		var supports []string
		for _, s := range told.Supports {
			supports = append(supports, string(s.Kind)+" "+s.Text)
		}
		h.expect("supports", supports, "childcare ", "ride ", "something if it isn't on a Friday")
		if len(told.Advice) != 1 || told.Advice[0].Text != "open the hall on Sundays" || told.Advice[0].To != "Elm Street School" {
			t.Errorf("advice %+v", told.Advice)
		}
		var gifts []string
		for _, g := range told.Gifts {
			gifts = append(gifts, fmt.Sprintf("%s %s under %s, teach %v, learn %v", g.Kind, g.Text, g.Term, g.WouldTeach, g.WantToLearn))
			if g.Person != told.Person || g.Conversation != r.ID {
				t.Errorf("a gift is linked to %q and %q", g.Person, g.Conversation)
			}
		}
		h.expect("gifts", gifts,
			"skill good with toddlers under toddlers, teach true, learn false",
			"skill sewing under sewing, teach true, learn false",
			"experience raising twins under raising-twins, teach false, learn false",
			"passion reading under reading, teach false, learn true")
		if len(told.Referrals) != 1 || told.Referrals[0].Name != "Old Tom" || told.Referrals[0].ExpiresOn.String() != "2026-12-21" {
			t.Errorf("who else %+v", told.Referrals)
		}
		rec := h.personOf(told.Person)
		for _, to := range []people.Purpose{people.KeepName, people.KeepNotes, people.BeAsked, people.BeReached} {
			if !people.Agreed(rec.Consents, to) {
				t.Errorf("no consent to %s was kept", to)
			}
		}
		if rec.Connector != h.carl.Person(h.in.ID) || len(rec.Contacts) != 1 || rec.Contacts[0].Kind != people.Email || rec.Consents[0].Wording != people.Wording {
			t.Errorf("person %+v", rec)
		}
	})
}

func (h *house) personOf(id string) people.Record {
	h.Helper()
	s := &people.Service{DB: h.DB, Now: h.Now}
	r, err := s.Get(h.Context(), h.sue, h.in.ID, id)
	h.ok(err)
	return r
}

// TestAResidentAloneInSpanish is the main job: no account, no e-mail.
func TestAResidentAloneInSpanish(t *testing.T) {
	run(t, func(h *house) {
		h.record(h.carl, h.full()) // Ada, good with toddlers; Carl knows a household in the area
		r := h.record(access.Actor{}, conversation.Draft{
			Consent: conversation.WithName, Lang: i18n.Spanish, Area: h.area, Name: "Luz",
			Need: "cuentos para mi niña", Gifts: []conversation.GiftDraft{{Kind: gift.Skill, Text: "leer cuentos"}},
			Supports: []conversation.SupportKind{conversation.Childcare}, NextDo: true,
		})
		if r.Reader != "Carl" {
			t.Errorf("read by %q, want the connector of the area", r.Reader)
		}
		found, err := h.Gifts.Search(h.Context(), h.carl, h.in.ID, "reading aloud", i18n.English)
		h.ok(err)
		page, err := h.Gifts.ByTerm(h.Context(), h.carl, h.in.ID, found.Terms[0].Term, "")
		h.ok(err)
		if len(page.People) != 1 || page.People[0].Holder.Name != "Luz" || page.People[0].Text != "leer cuentos" {
			t.Errorf("by its English term: %+v", page.People)
		}
		told := h.open(h.carl, r.ID)
		helpers, err := h.Neighbours(h.Context(), h.carl, h.in.ID, conversation.WhatSupport, told.Supports[0].ID)
		h.ok(err)
		if len(helpers.People) != 1 || helpers.People[0].Holder.Name != "Ada" || helpers.People[0].Text != "good with toddlers" {
			t.Errorf("who could mind the children: %+v", helpers)
		}
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, told.Needs[0].ID, conversation.AnswerDraft{
			Step: conversation.Neighbour, Text: "Una vecina lee los jueves", Gift: page.People[0].ID,
		}))
		said := h.byCode(strings.ToLower(strings.ReplaceAll(r.Code, "-", " ")))
		if said.Needs[0].Answer.Text != "Una vecina lee los jueves" || said.Names[said.Needs[0].Answer.By] != "Carl" {
			t.Errorf("the code shows %+v", said.Needs)
		}
	})
}

func TestNoJustTalkKeepsOnlyACount(t *testing.T) {
	run(t, func(h *house) {
		d := h.full()
		d.Consent = conversation.JustTalk
		for _, text := range []*string{&d.Name, &d.Contact, &d.Household, &d.Need, &d.Delivery, &d.Support, &d.Advice, &d.AdviceTo, &d.Care, &d.ElseName, &d.ElseNote, &d.Parent} {
			*text = "zebra" + *text
		}
		for i := range d.Gifts {
			d.Gifts[i].Text = "zebra"
		}
		key := h.key()
		for range 2 {
			r, err := h.Record(h.Context(), h.carl, h.in.ID, key, d)
			h.ok(err)
			if r != (conversation.Receipt{}) {
				t.Errorf("a receipt for nothing: %+v", r)
			}
		}
		d.Need = "zebra, but otherwise" // the same form, sent again with other answers, is the same talk
		_, err := h.Record(h.Context(), h.carl, h.in.ID, key, d)
		h.ok(err)
		h.lacks("zebra", "toddlers, sewing", "Blue door", "Old Tom")
		if n := h.count("talk_count"); n != 1 {
			t.Errorf("%d talks counted, want 1", n)
		}
		for _, table := range []string{"conversation", "need", "advice", "support", "gift", "referral", "household", "contact", "conversation_reply"} {
			if n := h.count(table); n != 0 {
				t.Errorf("%d rows in %s", n, table)
			}
		}
		// The control: the same answers with a yes are found by the same search.
		d.Consent = conversation.WithoutName
		d.Contact = ""
		h.record(h.carl, d)
		if !strings.Contains(h.everything(), "zebra") {
			t.Error("the search for words finds nothing even where they were kept")
		}
		_, err = h.Record(h.Context(), access.Actor{}, h.in.ID, h.key(), conversation.Draft{Consent: conversation.JustTalk})
		h.expect("a visitor who counts talks", h.told(err), "consent conversation.consent.missing")
	})
}

func TestWithoutMyNameKeepsNothingThatTellsWho(t *testing.T) {
	run(t, func(h *house) {
		d := h.full()
		d.Consent = conversation.WithoutName
		d.Name, d.Household, d.Contact, d.Parent = "Zebra Smith", "zebra door", "zebra@example.org", "zebra mum"
		d.Person = h.person("Yes", h.carl.Person(h.in.ID))
		r := h.record(h.carl, d)
		told := h.open(h.carl, r.ID)
		if told.Person != "" || told.PersonName != "" || told.Household != "" || len(told.Gifts) != 4 || told.Gifts[0].Person != "" {
			t.Errorf("kept %+v", told)
		}
		h.lacks("zebra smith", "zebra door", "zebra mum")
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, told.Needs[0].ID, conversation.AnswerDraft{Step: conversation.Cannot, Text: "Sorry"}))
		if got := h.letters("zebra@example.org"); len(got) != 1 {
			t.Errorf("the address that was left got %q", got)
		}
		d.Contact = "555 0100"
		_, err := h.Record(h.Context(), h.carl, h.in.ID, h.key(), d)
		h.expect("a telephone without a name", h.told(err), "contact conversation.contact.anon")
		h.now.Advance(91 * day)
		h.runJobs()
		if n := h.count("conversation_reply"); n != 0 {
			t.Error("the address is kept after 90 days")
		}
	})
}

func TestEveryFaultIsSaidAtOnce(t *testing.T) {
	run(t, func(h *house) {
		long := strings.Repeat("x", 2001)
		tomorrow := h.today().Add(1)
		for _, test := range []struct {
			name string
			who  access.Actor
			d    conversation.Draft
			want []string
		}{
			{"nothing at all", access.Actor{}, conversation.Draft{}, []string{
				"consent conversation.consent.missing", "name conversation.name.missing", "need conversation.empty",
			}},
			{"a visitor who plays connector", access.Actor{}, conversation.Draft{
				Consent: conversation.WithName, Name: "Ada", Channel: people.Doorstep, Household: "Blue", Need: "x",
			}, []string{"channel conversation.channel.missing", "household conversation.household.unknown"}},
			{"all of it wrong", h.carl, conversation.Draft{
				Consent: conversation.WithName, Channel: "pigeon", HeldOn: tomorrow, Lang: "english", Area: "nowhere",
				Name: strings.Repeat("x", 201), Age: "old", Contact: "a@b@c", Need: long, Delivery: "a\x00b", Support: long, Advice: long,
				AdviceTo: strings.Repeat("x", 201), Care: "\xff", ElseNote: "who?", SheetCode: "7K3M",
				Supports: []conversation.SupportKind{"gold"},
				Gifts:    []conversation.GiftDraft{{Kind: gift.Skill, Text: strings.Repeat("x", 201)}, {Kind: gift.Passion, Text: long}},
			}, []string{
				"channel conversation.channel.missing", "held_on conversation.day.future", "lang conversation.lang.unknown",
				"age people.age.unknown", "contact people.email.unreadable", "name conversation.text.long",
				"need conversation.text.long", "delivery conversation.text.unreadable", "support_text conversation.text.long",
				"advice conversation.text.long", "advice_to conversation.text.long", "care conversation.text.unreadable",
				"else_name conversation.else.missing", "gift_skill gift.text.long", "gift_passion conversation.text.long",
				"support conversation.support.unknown", "sheet_code conversation.sheet.unreadable", "area people.area.unknown",
			}},
			{"a day that can't be read", h.carl, conversation.Draft{Consent: conversation.WithoutName, HeldUnread: true, Need: "x"}, []string{"held_on conversation.day.unreadable"}},
			{"a day of another decade", h.carl, conversation.Draft{Consent: conversation.WithoutName, HeldOn: h.today().Add(-4000), Need: "x"}, []string{"held_on conversation.day.old"}},
			{"wrong by itself and by what is stored", h.carl, conversation.Draft{Area: "nowhere", SheetCode: "0000 0000 0000", Need: "x"}, []string{
				"consent conversation.consent.missing", "name conversation.name.missing",
				"area people.area.unknown", "sheet_code conversation.sheet.unknown",
			}},
			{"an area of nowhere", h.carl, conversation.Draft{Consent: conversation.WithoutName, Area: "nowhere", Need: "x"}, []string{"area people.area.unknown"}},
			{"a child alone", access.Actor{}, conversation.Draft{Consent: conversation.WithName, Name: "Kit", Age: people.Under18, Need: "x"}, []string{"parent conversation.parent.missing"}},
			{"a child without a name", access.Actor{}, conversation.Draft{Consent: conversation.WithoutName, Age: people.Under18, Need: "x"}, []string{"parent conversation.parent.missing"}},
			{"21 gifts", access.Actor{}, conversation.Draft{Consent: conversation.WithoutName, Gifts: []conversation.GiftDraft{
				{Kind: gift.Skill, Text: numbered(15)}, {Kind: gift.Passion, Text: numbered(6)},
			}}, []string{"gift_passion conversation.gifts.toomuch"}},
		} {
			t.Run(test.name, func(t *testing.T) {
				_, err := h.Record(h.Context(), test.who, h.in.ID, h.key(), test.d)
				h.expect(test.name, h.told(err), test.want...)
			})
		}
		if n := h.count("conversation"); n != 0 {
			t.Errorf("%d conversations kept", n)
		}
	})
}

func numbered(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("thing %d", i))
	}
	return strings.Join(all, ", ")
}

func TestChildrenTakePartThroughAParent(t *testing.T) {
	run(t, func(h *house) {
		d := h.full()
		d.Name, d.Age, d.Parent = "Kit", people.Under18, "Rosa"
		told := h.open(h.carl, h.record(h.carl, d).ID)
		r := h.personOf(told.Person)
		if len(r.Consents) != 4 {
			t.Fatalf("consents %+v", r.Consents)
		}
		for _, c := range r.Consents {
			if c.GivenBy != people.Parent || c.GiverName != "Rosa" {
				t.Errorf("consent to %s given by %s %q", c.Purpose, c.GivenBy, c.GiverName)
			}
		}
		again := conversation.Draft{Consent: conversation.WithName, Channel: people.Doorstep, Person: told.Person, Need: "paper"}
		_, err := h.Record(h.Context(), h.carl, h.in.ID, h.key(), again)
		h.expect("again, without asking a parent", h.told(err), "parent conversation.parent.missing")
		again.Parent = "Rosa"
		h.record(h.carl, again)
	})
}

func TestSendingTwiceIsSendingOnce(t *testing.T) {
	run(t, func(h *house) {
		key, d := h.key(), h.full()
		first, err := h.Record(h.Context(), h.carl, h.in.ID, key, d)
		h.ok(err)
		h.now.Advance(2 * day) // the phone was without signal
		second, err := h.Record(h.Context(), h.carl, h.in.ID, key, d)
		h.ok(err)
		if first != second {
			t.Errorf("receipts %+v and %+v", first, second)
		}
		d.Need = "something else"
		_, err = h.Record(h.Context(), h.carl, h.in.ID, key, d)
		h.must("the same key for another talk", err, fault.Conflict)
		_, err = h.Record(h.Context(), h.carl, h.in.ID, "short", d)
		h.must("no proper key", err, fault.Invalid)
		if n := h.count("conversation"); n != 1 {
			t.Errorf("%d conversations", n)
		}
	})
}

func TestTheSameFormFromManyHandsIsOneTalk(t *testing.T) {
	run(t, func(h *house) {
		key, d := h.key(), h.full()
		var wait sync.WaitGroup
		receipts := make([]conversation.Receipt, 8)
		for i := range receipts {
			wait.Go(func() {
				var err error
				if receipts[i], err = h.Record(h.Context(), h.carl, h.in.ID, key, d); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, r := range receipts {
			if r != receipts[0] {
				t.Errorf("another receipt: %+v, %+v", r, receipts[0])
			}
		}
		if talks, needs := h.count("conversation"), h.count("need"); talks != 1 || needs != 1 {
			t.Errorf("%d talks and %d needs", talks, needs)
		}
	})
}

func TestWhoMayRecordWithWhom(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl.Person(h.in.ID))
		mia := h.member("Mia", access.Member)
		_, eve := h.found("Elm", "Eve")
		d := conversation.Draft{Consent: conversation.WithName, Person: ada, Need: "books"}
		for name, who := range map[string]access.Actor{"a visitor": {}, "a member": mia, "another connector": h.cora, "another steward": eve} {
			_, err := h.Record(h.Context(), who, h.in.ID, h.key(), d)
			h.must(name, err, fault.NotFound)
		}
		for _, who := range []access.Actor{h.carl, h.sue, actor(h.in.ID, ada, access.Member)} {
			r := h.record(who, d)
			if told := h.open(h.carl, r.ID); told.Person != ada || told.Reader != h.carl.Person(h.in.ID) {
				t.Errorf("with %q, read by %q: want Ada's, read by Carl", told.Person, told.Reader)
			}
		}
		own := h.open(h.sue, h.record(mia, conversation.Draft{Consent: conversation.WithName, Need: "tea"}).ID)
		if own.Person != mia.Person(h.in.ID) || own.Asker != "" {
			t.Errorf("somebody signed in, alone: %+v", own.Conversation)
		}
		_, err := h.Record(h.Context(), access.Actor{}, "nowhere", h.key(), conversation.Draft{Consent: conversation.WithoutName, Need: "x"})
		h.must("an unknown initiative", err, fault.NotFound)
	})
}

func TestALateSheetStillHasTimeForAnAnswer(t *testing.T) {
	run(t, func(h *house) {
		d := h.full()
		d.HeldOn, d.Channel = h.today().Add(-60), people.Paper
		r := h.record(h.carl, d)
		if r.AnswerBy.String() != "2026-11-28" {
			t.Errorf("answer by %s, want a week from now", r.AnswerBy)
		}
		told := h.open(h.carl, r.ID)
		if len(told.Referrals) != 0 {
			t.Error("a third person's name was kept beyond 30 days")
		}
		if g := told.Gifts[0]; g.NamedAt.Format("2006-01-02") != "2026-09-22" || g.ReviewOn.String() != "2027-03-22" {
			t.Errorf("a gift was named at %s, to be asked about on %s", g.NamedAt, g.ReviewOn)
		}
	})
}

func TestPrintedCodes(t *testing.T) {
	run(t, func(h *house) {
		mia := h.member("Mia", access.Member)
		_, err := h.IssueCodes(h.Context(), mia, h.in.ID, 3)
		h.must("a member prints sheets", err, fault.NotFound)
		_, err = h.IssueCodes(h.Context(), h.carl, h.in.ID, 61)
		h.expect("too many", h.told(err), "n conversation.codes.number")
		codes, err := h.IssueCodes(h.Context(), h.carl, h.in.ID, 20)
		h.ok(err)
		_, err = h.ByCode(h.Context(), h.in.ID, codes[0])
		if !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "conversation.sheet.waiting") {
			t.Errorf("a sheet that lies about: %v", err)
		}
		d := h.full()
		d.SheetCode = strings.ToLower(codes[0])
		r := h.record(h.carl, d)
		if r.Code != codes[0] || h.byCode(codes[0]).ID != r.ID {
			t.Errorf("receipt %+v, want the code of the sheet", r)
		}
		other, _ := h.found("Elm", "Eve")
		for _, code := range codes[:2] { // one used, one not
			_, err = h.ByCode(h.Context(), other.ID, code)
			if !fault.Is(err, fault.NotFound) || strings.Contains(err.Error(), "waiting") {
				t.Errorf("a code in another initiative: %v", err)
			}
		}
		h.now.Advance(400 * day)
		if h.byCode(codes[0]).ID != r.ID {
			t.Error("the code of a sheet ran out although it was used")
		}
		d.SheetCode = codes[0]
		_, err = h.Record(h.Context(), h.carl, h.in.ID, h.key(), d)
		h.expect("the same sheet for another talk", h.told(err), "sheet_code conversation.sheet.used")
		d.SheetCode = "0000-0000-0000"
		_, err = h.Record(h.Context(), h.carl, h.in.ID, h.key(), d)
		h.expect("a code that was never printed", h.told(err), "sheet_code conversation.sheet.unknown")
		if n := h.count("conversation"); n != 1 {
			t.Errorf("%d conversations", n)
		}
	})
}

// TestRecordingCostsNoMoreForMoreAnswers would find a query in a loop.
func TestRecordingCostsNoMoreForMoreAnswers(t *testing.T) {
	run(t, func(h *house) {
		h.record(h.carl, h.full()) // the household is there from now on
		cost := func(gifts int) int {
			d := h.full()
			d.Gifts = []conversation.GiftDraft{{Kind: gift.Skill, Text: numbered(gifts)}}
			c := dbtest.Count(h.DB)
			h.record(h.carl, d)
			return c.N()
		}
		few, many := cost(1), cost(20)
		if few != many || many > 24 {
			t.Errorf("%d statements with one gift, %d with twenty", few, many)
		}
	})
}
