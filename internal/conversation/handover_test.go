package conversation_test

import (
	"fmt"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/organization"
	"commonweal/internal/people"
)

// pantry is a church with a food pantry, and Omar who speaks for it.
func (h *house) pantry() (service, church string, omar access.Actor) {
	h.Helper()
	person := h.person("Omar", "")
	h.tx(func(q db.Querier) error {
		added, err := organization.Add(h.Context(), q, h.in.ID, []organization.New{{Organization: organization.Organization{
			Kind: organization.Association, Name: "Elm Church", Status: organization.Shown,
		}}})
		if err != nil {
			return err
		}
		church = added[0].ID
		services := []organization.ServiceRecord{{Organization: church, Name: "Books for every child", About: "Picture books", Lang: "en"}}
		if err := organization.AddServices(h.Context(), q, h.in.ID, services); err != nil {
			return err
		}
		service = services[0].ID
		right := access.Grant{Initiative: h.in.ID, Object: church, Right: organization.Speaks}
		if err := access.Entrust(h.Context(), q, person, right, ""); err != nil {
			return err
		}
		return organization.Index(h.Context(), q, h.in.ID, []string{service})
	})
	h.exec(`insert into spokesperson (initiative_id, id, organization_id, person_id, job, since_at, given_by, ended_by)
		values ($1, 'sp', $2, $3, '', $4, '', '')`, h.in.ID, church, person, db.At(h.now.Now()))
	omar = actor(h.in.ID, person, access.Partner)
	omar.Grants = []access.Grant{{Initiative: h.in.ID, Object: church, Right: organization.Speaks}}
	return service, church, omar
}

func (h *house) calls(who access.Actor, church string) []conversation.Call {
	h.Helper()
	all, err := h.Calls(h.Context(), who, h.in.ID, church)
	h.ok(err)
	return all
}

func TestAServiceIsSuggestedAndTheAnswerComesBack(t *testing.T) {
	run(t, func(h *house) {
		service, church, omar := h.pantry()
		r := h.record(h.carl, h.full())
		told := h.open(h.carl, r.ID)
		found, err := h.Services(h.Context(), h.carl, h.in.ID, told)
		h.ok(err)
		need := told.Needs[0].ID
		if len(found[need]) != 1 || found[need][0].ServiceRecord.ID != service {
			t.Fatalf("suggested for %q: %+v", told.Needs[0].Text, found)
		}
		_, err = h.Services(h.Context(), h.cora, h.in.ID, told)
		h.must("another connector looks", err, fault.NotFound)

		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, need, conversation.AnswerDraft{Step: conversation.AService, Text: "Elm Church gives books", Service: service}))
		a := h.byCode(r.Code).Needs[0].Answer
		if a.Step != conversation.AService || a.Service != service || !a.Spoken || a.Text != "Elm Church gives books" {
			t.Errorf("the answer under the code: %+v", a)
		}
		if got := h.calls(omar, church); len(got) != 0 {
			t.Errorf("handed over without a yes: %+v", got)
		}
	})
}

func TestAContactIsHandedOverOnlyWithAYes(t *testing.T) {
	run(t, func(h *house) {
		service, church, omar := h.pantry()
		r := h.record(h.carl, h.full())
		said := h.byCode(r.Code)
		need := said.Needs[0].ID
		d := conversation.AnswerDraft{Step: conversation.AService, Text: "They will call", Service: service, HandOver: true}
		h.expect("without saying how", h.told(h.Answer(h.Context(), h.carl, h.in.ID, need, d)), "asked conversation.handover.asked")
		d.Service, d.Asked = "", people.Phoned
		h.expect("without which", h.told(h.Answer(h.Context(), h.carl, h.in.ID, need, d)), "handover conversation.handover.which")
		d.Service = "nothing"
		h.expect("what isn't there", h.told(h.Answer(h.Context(), h.carl, h.in.ID, need, d)), "service conversation.service.unknown")

		d.Service = service
		for range 2 {
			h.ok(h.Answer(h.Context(), h.carl, h.in.ID, need, d))
		}
		if n := h.number(`select count(*) from consent where initiative_id = $1 and purpose = 'handover' and channel = 'phone'`, h.in.ID); n != 1 {
			t.Errorf("%d yeses are kept", n)
		}
		got := h.calls(omar, church)
		if len(got) != 1 || got[0].Service != "Books for every child" || got[0].Person != said.Person || len(got[0].Contacts) == 0 {
			t.Fatalf("to call: %+v", got)
		}
		if n := h.number(`select count(*) from notice where initiative_id = $1 and person_id = $2 and line like '%handover%'`, h.in.ID, omar.Person(h.in.ID)); n != 1 {
			t.Errorf("told %d times", n)
		}
		for name, who := range map[string]access.Actor{"a steward": h.sue, "a connector": h.carl, "a partner of another": actor(h.in.ID, omar.Person(h.in.ID), access.Partner)} {
			_, err := h.Calls(h.Context(), who, h.in.ID, church)
			h.must(name+" reads", err, fault.NotFound)
		}
		if n := h.number(`select count(*) from audit where initiative_id = $1 and act = 'read contact' and object_id = $2 and organization_id = $3`, h.in.ID, said.Person, church); n != 1 {
			t.Errorf("looking was noted %d times", n)
		}
		h.ok(h.Called(h.Context(), omar, h.in.ID, church, got[0].ID))
		h.must("a second time", h.Called(h.Context(), omar, h.in.ID, church, got[0].ID), fault.NotFound)
		if got := h.calls(omar, church); len(got) != 0 {
			t.Errorf("still to call: %+v", got)
		}
	})
}

func TestAYesThatIsTakenBackEndsIt(t *testing.T) {
	run(t, func(h *house) {
		service, church, omar := h.pantry()
		r := h.record(h.carl, h.full())
		said := h.byCode(r.Code)
		need := said.Needs[0].ID
		h.must("before the answer", h.HandOverByCode(h.Context(), h.in.ID, r.Code, need), fault.NotFound)
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, need, conversation.AnswerDraft{Step: conversation.AService, Text: "Elm Church", Service: service}))
		ada := actor(h.in.ID, said.Person, access.Member)
		h.must("for another", h.HandOver(h.Context(), h.cora, h.in.ID, need), fault.NotFound)
		h.ok(h.HandOver(h.Context(), ada, h.in.ID, need))
		h.ok(h.HandOverByCode(h.Context(), h.in.ID, r.Code, need))
		if got := h.calls(omar, church); len(got) != 1 {
			t.Fatalf("to call: %+v", got)
		}
		copied, err := conversation.Source().Export(h.Context(), h.DB.Read(), h.in.ID, said.Person)
		h.ok(err)
		if text := fmt.Sprintf("%+v", copied); !strings.Contains(text, "Books for every child") {
			t.Errorf("her copy doesn't say who was given her contact: %s", text)
		}
		h.exec(`update consent set withdrawn_at = $2 where initiative_id = $1 and purpose = 'handover'`, h.in.ID, db.At(h.now.Now()))
		if got := h.calls(omar, church); len(got) != 0 {
			t.Errorf("after it was taken back: %+v", got)
		}
		h.tx(func(q db.Querier) error { return conversation.Source().Erase(h.Context(), q, h.in.ID, said.Person) })
		if n := h.count("handover"); n != 0 {
			t.Errorf("%d rows are left of the erased", n)
		}
	})
}

func TestAnotherAnswerTakesTheContactBack(t *testing.T) {
	run(t, func(h *house) {
		service, church, omar := h.pantry()
		r := h.record(h.carl, h.full())
		need := h.byCode(r.Code).Needs[0].ID
		d := conversation.AnswerDraft{Step: conversation.AService, Text: "They will call", Service: service, HandOver: true, Asked: people.Phoned}
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, need, d))
		if got := h.calls(omar, church); len(got) != 1 {
			t.Fatalf("to call: %+v", got)
		}
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, need, conversation.AnswerDraft{Step: conversation.Cannot, Text: "It was the wrong one, sorry"}))
		if got := h.calls(omar, church); len(got) != 0 {
			t.Errorf("after another answer: %+v", got)
		}
	})
}

func TestAServiceThatNobodySpeaksForIsHandedNobody(t *testing.T) {
	run(t, func(h *house) {
		service, _, _ := h.pantry()
		h.exec(`update spokesperson set until_at = $2 where initiative_id = $1`, h.in.ID, db.At(h.now.Now()))
		r := h.record(h.carl, h.full())
		need := h.byCode(r.Code).Needs[0].ID
		d := conversation.AnswerDraft{Step: conversation.AService, Text: "They will call", Service: service, HandOver: true, Asked: people.Phoned}
		h.expect("nobody to hand it to", h.told(h.Answer(h.Context(), h.carl, h.in.ID, need, d)), "handover conversation.handover.nobody")
		if h.byCode(r.Code).Needs[0].Answer.Step != conversation.Waiting {
			t.Error("answered all the same")
		}
		d.HandOver = false
		h.ok(h.Answer(h.Context(), h.carl, h.in.ID, need, d))
		if h.byCode(r.Code).Needs[0].Answer.Spoken {
			t.Error("a call is offered from where nobody calls")
		}
	})
}
