package conversation_test

import (
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/conversation"
	"commonweal/internal/gift"
	"commonweal/internal/people"
)

// The stewards read who did what: without a name has to be so there too.
func TestWhoWritesWithoutTheirNameIsInNoRecord(t *testing.T) {
	run(t, func(h *house) {
		mia := h.member("Mia", access.Member)
		r := h.record(mia, conversation.Draft{Consent: conversation.WithoutName, Need: "somebody to talk to"})
		noted, err := audit.Latest(t.Context(), h.DB.Read(), h.in.ID, h.now.Now().Add(day), 100)
		h.ok(err)
		found := false
		for _, n := range noted {
			if n.Object != r.ID {
				continue
			}
			found = true
			if n.Account != "" || n.Person != "" {
				t.Errorf("the record says who wrote it: %+v", n)
			}
		}
		if !found {
			t.Error("the conversation isn't in the record at all")
		}
		if n := h.number(`select count(*) from audit where initiative_id = $1 and person_id = $2`, h.in.ID, mia.Person(h.in.ID)); n != 0 {
			t.Errorf("%d notes about who wrote", n)
		}
	})
}

func TestAnAddressWithoutANameGoesWithTheLastAnswer(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(access.Actor{}, conversation.Draft{
			Consent: conversation.WithoutName, Contact: "nobody@example.org", Area: h.area, Need: "a lamp", Support: "a ride at night",
		})
		said := h.byCode(r.Code)
		h.ok(h.Answer(t.Context(), h.sue, h.in.ID, said.Needs[0].ID, conversation.AnswerDraft{Step: conversation.Cannot, Text: "no lamps left"}))
		if n := h.count("conversation_reply"); n != 1 {
			t.Fatalf("%d addresses while something still waits, want 1", n)
		}
		h.ok(h.AnswerSupport(t.Context(), h.sue, h.in.ID, said.Supports[0].ID, conversation.AnswerDraft{Step: conversation.Cannot, Text: "nobody drives"}))
		if n := h.count("conversation_reply"); n != 0 {
			t.Errorf("%d addresses after the last answer, want none", n)
		}
		if n := len(h.letters("nobody@example.org")); n != 2 {
			t.Errorf("%d letters, want one an answer", n)
		}
	})
}

// Codes are tried where guessing is limited, and nowhere else.
func TestAVisitorTriesNoCodesOfSheets(t *testing.T) {
	run(t, func(h *house) {
		codes, err := h.IssueCodes(t.Context(), h.carl, h.in.ID, 1)
		h.ok(err)
		for _, code := range []string{codes[0], "0000-0000-0000"} {
			r := h.record(access.Actor{}, conversation.Draft{
				Consent: conversation.WithoutName, SheetCode: code,
				Gifts: []conversation.GiftDraft{{Kind: gift.Skill, Text: "sewing"}},
			})
			if r.Code == code {
				t.Errorf("a visitor used up a sheet's code")
			}
		}
		_, err = h.ByCode(t.Context(), h.in.ID, codes[0])
		if err == nil {
			t.Error("the sheet's code opens what a visitor wrote")
		}
	})
}

func TestWhatSomebodyKeepsToThemselvesIsInTheirOwnCopyAlone(t *testing.T) {
	run(t, func(h *house) {
		r := h.record(h.carl, h.full())
		said := h.byCode(r.Code)
		h.ok(h.ChangeByCode(t.Context(), h.in.ID, r.Code, conversation.Change{
			What: conversation.WhatNeed, ID: said.Needs[0].ID, Text: "a safe place", Visibility: conversation.OnlyMe,
		}))
		s := &people.Service{DB: h.DB, Now: h.Now, Sources: []people.Source{conversation.Source()}}
		for name, c := range map[string]struct {
			who  access.Actor
			want bool
		}{"themselves": {actor(h.in.ID, said.Person, access.Member), true}, "their connector": {h.carl, false}, "a steward": {h.sue, false}} {
			made, err := s.Export(t.Context(), c.who, h.in.ID, said.Person)
			h.ok(err)
			text, err := made.JSON()
			h.ok(err)
			if got := strings.Contains(string(text), "a safe place"); got != c.want {
				t.Errorf("%s: the need is in the copy: %v, want %v", name, got, c.want)
			}
		}
	})
}
