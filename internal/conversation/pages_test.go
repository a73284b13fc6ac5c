package conversation_test

import (
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
)

// helper is somebody who may be asked, whom a connector knows, with a gift.
func (h *house) helper(of access.Actor, name, text string) {
	h.Helper()
	person := h.person(name, of.Person(h.in.ID))
	h.ok((&people.Service{DB: h.DB, Now: h.Now}).Agree(h.Context(), h.sue, h.in.ID, person, people.ConsentDraft{
		Purposes: []people.Purpose{people.BeAsked}, Channel: people.Doorstep,
	}))
	_, err := h.Gifts.Write(h.Context(), of, h.in.ID, person, gift.Draft{Kind: gift.Skill, Text: text, Lang: i18n.English})
	h.ok(err)
}

// A page of one conversation finds the same neighbours as asking for each
// record by itself.
func TestNeighboursForAWholeConversation(t *testing.T) {
	run(t, func(h *house) {
		h.helper(h.carl, "Cat", "good with toddlers")
		h.helper(h.carl, "Dan", "driving")
		h.helper(h.cora, "Eve", "good with toddlers")
		told := h.open(h.carl, h.record(h.carl, h.full()).ID)
		found, err := h.NeighboursIn(h.Context(), h.carl, h.in.ID, told)
		h.ok(err)
		for _, one := range told.Supports {
			alone, err := h.Neighbours(h.Context(), h.carl, h.in.ID, conversation.WhatSupport, one.ID)
			h.ok(err)
			together := found[one.ID]
			if len(alone.People) != len(together.People) || alone.Others != together.Others {
				t.Errorf("%s: %+v alone, %+v together", one.Kind, alone, together)
			}
			if one.Kind == conversation.Childcare && (len(together.People) != 1 || together.People[0].Holder.Name != "Cat" || together.Others != 1) {
				t.Errorf("childcare: %+v", together)
			}
		}
		_, err = h.NeighboursIn(h.Context(), h.cora, h.in.ID, told)
		h.must("another connector", err, fault.NotFound)
	})
}

func TestWhereARecordWasSaidIsItsReadersToKnow(t *testing.T) {
	run(t, func(h *house) {
		told := h.open(h.carl, h.record(h.carl, h.full()).ID)
		for what, id := range map[conversation.What]string{
			conversation.WhatNeed: told.Needs[0].ID, conversation.WhatSupport: told.Supports[0].ID, conversation.WhatAdvice: told.Advice[0].ID,
		} {
			for _, who := range []access.Actor{h.carl, h.sue} {
				if got, err := h.Where(h.Context(), who, h.in.ID, what, id); err != nil || got != told.ID {
					t.Errorf("%s: %s, %v", what, got, err)
				}
			}
			_, err := h.Where(h.Context(), h.cora, h.in.ID, what, id)
			h.must("another connector", err, fault.NotFound)
		}
		r, err := h.Referral(h.Context(), h.carl, h.in.ID, told.Referrals[0].ID)
		if err != nil || r.Name != "Old Tom" {
			t.Errorf("reminder: %+v, %v", r, err)
		}
		_, err = h.Referral(h.Context(), h.sue, h.in.ID, told.Referrals[0].ID)
		h.must("a steward, of a connector's reminder", err, fault.NotFound)
	})
}

func TestLastTalksAreOfTheConnectorsHouseholds(t *testing.T) {
	run(t, func(h *house) {
		told := h.open(h.carl, h.record(h.carl, h.full()).ID)
		for name, c := range map[string]struct {
			who  access.Actor
			want bool
		}{"its connector": {h.carl, true}, "a steward": {h.sue, true}, "another": {h.cora, false}} {
			last, err := h.LastTalks(h.Context(), c.who, h.in.ID, []string{told.Household, "nowhere"})
			h.ok(err)
			if day, known := last[told.Household]; known != c.want || known && !day.Equal(told.HeldOn.Time) {
				t.Errorf("%s: %v", name, last)
			}
		}
	})
}
