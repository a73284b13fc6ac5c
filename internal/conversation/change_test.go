package conversation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/people"
	"commonweal/internal/release"
)

// zebra is a conversation in which everything has a word that stands nowhere
// else.
func (h *house) zebra() conversation.Draft {
	d := h.full()
	d.Name, d.Contact, d.Need, d.Delivery = "Zebra", "zebra@example.org", "zebra need", "zebra delivery"
	d.Support, d.Advice, d.AdviceTo, d.Care, d.ElseName, d.ElseNote = "zebra help", "zebra advice", "zebra office", "zebra care", "Zebra Tom", "zebra note"
	d.Gifts = []conversation.GiftDraft{{Kind: gift.Skill, Text: "sewing zebras, reading aloud to zebras"}}
	return d
}

// released is what the public would be told.
func (h *house) released() (all []release.Cell) {
	h.Helper()
	for _, s := range []release.Source{conversation.Counts(), gift.Counts()} {
		cells, err := s.Count(h.Context(), h.DB.Read(), h.in.ID)
		h.ok(err)
		all = append(all, cells...)
	}
	return all
}

// version is what public pages are known by.
func (h *house) version() string {
	h.Helper()
	v, err := db.Version(h.Context(), h.DB.Read(), h.in.ID)
	h.ok(err)
	return v
}

func (h *house) asked() []conversation.BlockAsked {
	h.Helper()
	d, err := h.Day(h.Context(), h.sue, h.in.ID)
	h.ok(err)
	return d.Blocks
}

func TestWithTheCodeEverythingCanBeChanged(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(access.Actor{}, conversation.Draft{
			Consent: conversation.WithoutName, Need: "a", Support: "b", Advice: "c", Care: "d", Lang: "en",
			Gifts: []conversation.GiftDraft{{Kind: gift.Skill, Text: "sewing", Teach: true}},
		})
		said := h.byCode(r.Code)
		for _, c := range []conversation.Change{
			{What: conversation.WhatNeed, ID: said.Needs[0].ID, Text: "need 2", Delivery: "by bus", Urgent: true, Visibility: conversation.PublicUnsigned},
			{What: conversation.WhatSupport, ID: said.Supports[0].ID, Text: "help 2"},
			{What: conversation.WhatAdvice, ID: said.Advice[0].ID, Text: "advice 2", To: "the school"},
			{What: conversation.WhatGift, ID: said.Gifts[0].ID, Text: "baking"},
			{What: conversation.WhatTalk, Text: "care 2"},
		} {
			h.ok(h.ChangeByCode(h.Context(), h.in.ID, r.Code, c))
		}
		said = h.byCode(r.Code)
		if n := said.Needs[0]; n.Text != "need 2" || n.Delivery != "by bus" || !n.Urgent || n.Visibility != conversation.PublicUnsigned {
			t.Errorf("need %+v", n)
		}
		if said.Supports[0].Text != "help 2" || said.Advice[0].Text != "advice 2" || said.Advice[0].To != "the school" || said.Care != "care 2" {
			t.Errorf("said %+v", said)
		}
		if g := said.Gifts[0]; g.Text != "baking" || g.Term != "baking" || !g.WouldTeach {
			t.Errorf("gift %+v", g)
		}

		bad := conversation.Change{What: conversation.WhatNeed, ID: said.Needs[0].ID, Text: strings.Repeat("x", 2001), Delivery: "\x00", Visibility: "world"}
		h.expect("a bad change", h.told(h.ChangeByCode(h.Context(), h.in.ID, r.Code, bad)),
			"text conversation.text.long", "delivery conversation.text.unreadable", "visibility conversation.visibility.missing")
		h.expect("no words", h.told(h.ChangeByCode(h.Context(), h.in.ID, r.Code, conversation.Change{What: conversation.WhatAdvice, ID: said.Advice[0].ID})),
			"text conversation.text.missing")
		h.expect("a gift of no words", h.told(h.ChangeByCode(h.Context(), h.in.ID, r.Code,
			conversation.Change{What: conversation.WhatGift, ID: said.Gifts[0].ID, Text: strings.Repeat("x", 300)})), "text gift.text.long")
		h.must("no such kind", h.ChangeByCode(h.Context(), h.in.ID, r.Code, conversation.Change{What: "soul", Text: "x"}), fault.NotFound)
	})
}

func TestACodeOpensOneConversationAndNoOther(t *testing.T) {
	run(t, func(h *house) {
		mine, theirs := h.record(access.Actor{}, draftAlone("mine")), h.record(h.carl, h.full())
		other := h.byCode(theirs.Code)
		for what, id := range map[conversation.What]string{
			conversation.WhatNeed: other.Needs[0].ID, conversation.WhatSupport: other.Supports[2].ID,
			conversation.WhatAdvice: other.Advice[0].ID, conversation.WhatGift: other.Gifts[0].ID,
		} {
			err := h.ChangeByCode(h.Context(), h.in.ID, mine.Code, conversation.Change{What: what, ID: id, Text: "x"})
			h.must("changing another's "+string(what), err, fault.NotFound)
			err = h.EraseByCode(h.Context(), h.in.ID, mine.Code, what, id)
			h.must("erasing another's "+string(what), err, fault.NotFound)
		}
		h.must("thanking for another's", h.ThankByCode(h.Context(), h.in.ID, mine.Code, other.Needs[0].ID), fault.NotFound)
		h.must("offering with another's", h.OfferHelpByCode(h.Context(), h.in.ID, mine.Code, other.Advice[0].ID, true), fault.NotFound)
		ada, mia := actor(h.in.ID, other.Person, access.Member), h.member("Mia", access.Member)
		h.must("somebody else's, signed in", h.Erase(h.Context(), mia, h.in.ID, conversation.WhatTalk, theirs.ID), fault.NotFound)
		h.must("her connector erases for her", h.Erase(h.Context(), h.carl, h.in.ID, conversation.WhatNeed, other.Needs[0].ID), fault.NotFound)
		version := h.version()
		h.ok(h.Change(h.Context(), ada, h.in.ID, conversation.Change{What: conversation.WhatNeed, ID: other.Needs[0].ID, Text: "hers"}))
		if h.version() == version {
			t.Error("public pages aren't told")
		}
		if got := h.byCode(theirs.Code).Needs[0].Text; got != "hers" {
			t.Errorf("her own change: %q", got)
		}
		for _, code := range []string{"", "AAAA-AAAA-AAAA", strings.Repeat("A", 10000)} {
			_, err := h.ByCode(h.Context(), h.in.ID, code)
			h.must("a code that isn't", err, fault.NotFound)
		}
	})
}

func draftAlone(need string) conversation.Draft {
	return conversation.Draft{Consent: conversation.WithoutName, Need: need, Lang: "en"}
}

func TestErasingOneRecordLeavesTheRest(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.zebra())
		said := h.byCode(r.Code)
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, said.Needs[0].ID, conversation.AnswerDraft{Step: conversation.IsAdvice, Text: "zebra answer"}))
		before := h.released()
		for _, e := range []struct {
			what conversation.What
			id   string
			gone []string
		}{
			{conversation.WhatNeed, said.Needs[0].ID, []string{"zebra need", "zebra delivery", "zebra answer"}}, // and the advice made of it
			{conversation.WhatSupport, said.Supports[2].ID, []string{"zebra help"}},
			{conversation.WhatAdvice, said.Advice[0].ID, []string{"zebra advice", "zebra office"}},
			{conversation.WhatGift, said.Gifts[0].ID, []string{"sewing zebras"}},
		} {
			h.ok(h.EraseByCode(h.Context(), h.in.ID, r.Code, e.what, e.id))
			h.lacks(e.gone...)
			h.must("erasing it again", h.EraseByCode(h.Context(), h.in.ID, r.Code, e.what, e.id), fault.NotFound)
		}
		said = h.byCode(r.Code)
		if len(said.Needs)+len(said.Advice) != 0 || len(said.Supports) != 2 || len(said.Gifts) != 1 || said.Care != "zebra care" {
			t.Errorf("what is left: %+v", said)
		}
		if diff := cmp.Diff(before, h.released()); diff != "" {
			t.Error(diff)
		}
		journal, err := people.Erasures(h.Context(), h.DB.Read())
		h.ok(err)
		if len(journal) != 4 {
			t.Errorf("journal %+v", journal)
		}
	})
}

func TestErasingAConversationKeepsTheCounts(t *testing.T) {
	run(t, func(h *house) {
		anon := h.zebra()
		anon.Consent = conversation.WithoutName
		for name, d := range map[string]conversation.Draft{"with a name": h.zebra(), "without": anon} {
			r := h.record(h.carl, d)
			need := h.byCode(r.Code).Needs[0].ID
			h.ok(h.Answer(h.Context(), h.carl, h.in.ID, need, conversation.AnswerDraft{Step: conversation.Neighbour, Text: "zebra answer"}))
			before, asked, version := h.released(), h.asked(), h.version()
			h.ok(h.EraseByCode(h.Context(), h.in.ID, r.Code, conversation.WhatTalk, ""))
			if h.version() == version {
				t.Error("public pages aren't told")
			}
			if n := h.number(`select count(*) from link where subject_id = $1`, r.ID); n != 0 {
				t.Errorf("%d codes still lead to nothing", n)
			}
			_, err := h.ByCode(h.Context(), h.in.ID, r.Code)
			h.must(name+": the code", err, fault.NotFound)
			_, err = h.Open(h.Context(), h.carl, h.in.ID, r.ID)
			h.must(name+": its reader", err, fault.NotFound)
			h.lacks("zebra need", "zebra delivery", "zebra help", "zebra advice", "zebra office", "zebra care", "zebra tom", "zebra note", "sewing zebras", "zebra answer")
			if name == "without" {
				h.lacks("zebra@example.org")
			} else if h.count("contact") != 1 {
				t.Error("the person went as well, whom nobody erased")
			}
			if diff := cmp.Diff(before, h.released()); diff != "" {
				t.Error(name, diff)
			}
			if diff := cmp.Diff(asked, h.asked()); diff != "" {
				t.Error(name, diff)
			}
			for subject, again := range conversation.Replays() { // as after a restore
				h.tx(func(q db.Querier) error { return again(h.Context(), q, h.in.ID, r.ID) })
				if diff := cmp.Diff(before, h.released()); diff != "" {
					t.Error(subject, diff)
				}
			}
			if name == "with a name" {
				h.exec(`delete from contact`)
				h.exec(`delete from message`)
			}
		}
	})
}

func TestErasingAPersonKeepsTheCounts(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.zebra())
		h.record(h.carl, h.full())
		person := h.byCode(r.Code).Person
		again := conversation.Draft{
			Consent: conversation.WithName, Channel: people.Doorstep, Person: person, Area: h.area, Need: "more zebras",
			Gifts: []conversation.GiftDraft{{Kind: gift.Passion, Text: "sewing more zebras"}},
		}
		h.record(h.carl, again)
		before, asked := h.released(), h.asked()
		s := &people.Service{DB: h.DB, Now: h.Now, Sources: []people.Source{conversation.Source(), gift.Source()}}
		h.ok(s.Erase(h.Context(), h.carl, h.in.ID, person))
		h.lacks("zebra")
		if diff := cmp.Diff(before, h.released()); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(asked, h.asked()); diff != "" {
			t.Error(diff)
		}
		_, err := h.ByCode(h.Context(), h.in.ID, r.Code)
		h.must("the code", err, fault.NotFound)
	})
}

func TestACopyHoldsWhatAPersonSaid(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.zebra())
		said := h.byCode(r.Code)
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, said.Needs[0].ID, conversation.AnswerDraft{Step: conversation.Cannot, Text: "not yet"}))
		h.record(h.carl, h.full())
		var part any
		h.tx(func(q db.Querier) (err error) {
			part, err = conversation.Source().Export(h.Context(), q, h.in.ID, said.Person)
			return err
		})
		text, err := json.Marshal(part)
		h.ok(err)
		for _, want := range []string{"zebra need", "zebra delivery", "zebra help", "zebra advice", "zebra office", "zebra care", "not yet", `"childcare"`, `["help","do"]`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s isn't in %s", want, text)
			}
		}
		for _, never := range []string{"Zebra Tom", "picture books"} {
			if strings.Contains(string(text), never) {
				t.Errorf("%s is in it", never)
			}
		}
	})
}
