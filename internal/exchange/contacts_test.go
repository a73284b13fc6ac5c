package exchange_test

import (
	"slices"
	"testing"

	"commonweal/internal/exchange"
	"commonweal/internal/fault"
	"commonweal/internal/people"
)

var contactList = []string{
	"Full name,Phone,Email,Neighborhood,Household,Notes,Street address",
	`"Lopez, Maria",(312) 555-0101,maria@example.org,elm court,EC-1,sings in the choir,12 Elm`,
	"Jose Lopez,312 555 0101,,Elm Court,EC-1,,",
	"Ana Ruiz,call 312-555-0199 after six,,Mars,,,",
	"María López,+1 312 555 0101,,,,,",
	",312 555 0777,,,,,",
	"Ben Okafor,,ben@example.org,,,,",
}

func acts(p exchange.Plan) (all []exchange.Act) {
	for _, s := range p.Sheets {
		for _, one := range s.Planned {
			all = append(all, one.Act)
		}
	}
	return all
}

func whys(p exchange.Planned) (keys []string) {
	for _, w := range p.Why {
		keys = append(keys, w.Key)
	}
	return keys
}

func TestPeopleComeInAndAreKnownTheSecondTime(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		b := h.upload("neighbours.csv", contactList...)
		if got := b.Sheets[0].Target; got != "contacts" {
			t.Fatalf("guessed %q, want contacts: %+v", got, b.Sheets[0].Columns)
		}
		fields := []string{}
		for _, c := range b.Sheets[0].Columns {
			fields = append(fields, c.Field)
		}
		if want := []string{"name", "phone", "email", "area", "household", exchange.Beside, exchange.Without}; !slices.Equal(fields, want) {
			t.Fatalf("columns %q, want %q", fields, want)
		}
		b = h.settle(b, agreed)
		p := h.plan(b)
		want := []exchange.Act{exchange.Add, exchange.Add, exchange.Add, exchange.Same, exchange.Refused, exchange.Add}
		if got := acts(p); !slices.Equal(got, want) {
			t.Fatalf("acts %v, want %v", got, want)
		}
		if got := whys(p.Sheets[0].Planned[2]); !slices.Equal(got, []string{"import.note.area"}) {
			t.Errorf("Ana: %v", got)
		}
		before := h.digests()
		b = h.apply(b)
		if b.Status != exchange.In || h.count("import_cells") != 0 {
			t.Errorf("status %s, %d parts of the file kept", b.Status, h.count("import_cells"))
		}
		if n := h.count("person"); n != 2+4 {
			t.Errorf("%d people, want 6", n)
		}
		l, err := h.people.List(t.Context(), h.sue, h.in.ID, people.Filter{Text: "maria"})
		if err != nil || len(l.People) != 1 || l.People[0].Name != "Maria Lopez" || l.People[0].HouseholdCode != "EC-1" || l.People[0].AreaName != "Elm Court" {
			t.Fatalf("Maria: %+v, %v", l.People, err)
		}
		r, err := h.people.Get(t.Context(), h.sue, h.in.ID, l.People[0].ID)
		if err != nil || len(r.Contacts) != 2 || !people.Agreed(r.Consents, people.BeReached) || r.Consents[0].On.String() != "2026-11-01" {
			t.Errorf("Maria's record: %+v, %v", r, err)
		}
		beside, err := h.Beside(t.Context(), h.in.ID, l.People[0].ID)
		if err != nil || len(beside) != 1 || beside[0] != (exchange.Pair{Column: "Notes", Text: "sings in the choir"}) {
			t.Errorf("beside Maria: %+v, %v", beside, err)
		}

		after := h.digests()
		again := h.settle(h.upload("neighbours.csv", contactList...), agreed)
		if !again.Sheets[0].Known {
			t.Error("the columns weren't remembered")
		}
		h.apply(again)
		if d := differ(after, h.digests()); len(d) > 0 {
			t.Errorf("the second time changed %v", d)
		}

		u := h.undo(b)
		if len(u.Kept) != 0 {
			t.Errorf("kept %+v", u.Kept)
		}
		if d := differ(before, h.digests()); len(d) > 0 {
			t.Errorf("taking it back left %v", d)
		}
	})
}

func TestNobodyComesInUnasked(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		b := h.upload("list.csv", "Name,Phone,Agreed", "Ana Ruiz,312 555 0101,yes", "Ben Okafor,312 555 0102,", "Cy Dunn,312 555 0103,no")
		_, err := h.Map(t.Context(), h.sue, h.in.ID, b.ID, 0, exchange.SheetDraft{Target: "contacts"})
		if f := fault.Fields(err); len(f) != 2 || f[0].Name != "ask_agreed" || f[1].Name != "ask_how" {
			t.Fatalf("nothing answered: %v", err)
		}
		b = h.settle(b, exchange.Answers{"agreed": "each", "how": "doorstep"})
		p := h.plan(b)
		if got, want := acts(p), []exchange.Act{exchange.Add, exchange.Refused, exchange.Refused}; !slices.Equal(got, want) {
			t.Errorf("acts %v, want %v", got, want)
		}
		if got := whys(p.Sheets[0].Planned[1]); !slices.Equal(got, []string{"import.refused.consent"}) {
			t.Errorf("Ben: %v", got)
		}
	})
}

func TestLikeRowsTakeADecision(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		h.apply(h.settle(h.upload("one.csv", "Name,Phone", "Maria Lopez,312 555 0101"), agreed))
		list := []string{"Name,Phone,Remark", "Maria Lopes,312 555 0101,", "Maria Lopez,312 555 0999,likes bread", "Ann Lee,,"}
		b := h.settle(h.upload("two.csv", list...), agreed)
		p := h.plan(b)
		if got, want := acts(p), []exchange.Act{exchange.Alike, exchange.Alike, exchange.Add}; !slices.Equal(got, want) {
			t.Fatalf("acts %v, want %v", got, want)
		}
		like := p.Sheets[0].Planned[0].Like
		if like == nil || like.Name != "Maria Lopez" || like.Score < 60 || len(like.Why) != 2 {
			t.Errorf("like %+v", like)
		}
		if _, err := h.Apply(t.Context(), h.sue, h.in.ID, b.ID, nil); !fault.Is(err, fault.Conflict) {
			t.Fatalf("undecided rows came in: %v", err)
		}
		if n := h.count("person"); n != 3 {
			t.Fatalf("%d people after a refusal, want 3", n)
		}
		err := h.Decide(t.Context(), h.sue, h.in.ID, b.ID, []exchange.Decision{
			{Sheet: 0, Row: 2, Choice: exchange.LeaveIt}, {Sheet: 0, Row: 3, Choice: exchange.TheSame},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := acts(h.plan(b)), []exchange.Act{exchange.Skip, exchange.Change, exchange.Add}; !slices.Equal(got, want) {
			t.Fatalf("decided: %v, want %v", got, want)
		}
		h.apply(b)
		if n := h.count("person"); n != 4 {
			t.Errorf("%d people, want 4", n)
		}
		again := h.settle(h.upload("two.csv", list...), agreed)
		if got, want := acts(h.plan(again)), []exchange.Act{exchange.Alike, exchange.Same, exchange.Same}; !slices.Equal(got, want) {
			t.Errorf("the second time: %v, want %v", got, want)
		}
	})
}

func TestWhatWasEditedOrLinkedSinceStays(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		h.apply(h.settle(h.upload("zero.csv", "Name,Phone,Email", "Eve Old,312 555 0001,"), agreed))
		b := h.settle(h.upload("one.csv", "Name,Phone,Email", "Ann Edited,312 555 0101,", "Lia Linked,312 555 0102,", "Gus Gone,312 555 0103,",
			"Eve Old,312 555 0001,eve@example.org"), agreed)
		before := h.digests()
		h.apply(b)
		find := func(name string) string {
			l, err := h.people.List(t.Context(), h.sue, h.in.ID, people.Filter{Text: name})
			if err != nil || len(l.People) != 1 {
				t.Fatalf("%s: %+v, %v", name, l, err)
			}
			return l.People[0].ID
		}
		if err := h.people.AddContact(t.Context(), h.sue, h.in.ID, find("ann"), people.ContactDraft{Kind: people.Email, Value: "ann@example.org"}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Gifts.Write(t.Context(), h.sue, h.in.ID, find("lia"), giftDraft("bakes bread")); err != nil {
			t.Fatal(err)
		}
		u := h.undo(b)
		if u.Removed != 1 || u.Restored != 1 || len(u.Kept) != 2 {
			t.Fatalf("undone %+v", u)
		}
		kept := map[string]string{}
		for _, k := range u.Kept {
			kept[k.Name] = k.Why.Key
		}
		if kept["Ann Edited"] != "import.kept.edited" || kept["Lia Linked"] != "import.kept.linked" {
			t.Errorf("kept %v", kept)
		}
		listed, err := h.Kept(t.Context(), h.sue, h.in.ID, b.ID)
		if err != nil || len(listed) != 2 {
			t.Errorf("listed %+v, %v", listed, err)
		}
		if n := h.count("person"); n != 5 {
			t.Errorf("%d people, want 5: Sue, Cora, Eve, Ann, Lia", n)
		}
		r, err := h.people.Get(t.Context(), h.sue, h.in.ID, find("eve"))
		if err != nil || len(r.Contacts) != 1 || len(r.Consents) != 2 {
			t.Errorf("Eve isn't as she was: %+v, %v", r, err)
		}
		if before["household"] != h.digests()["household"] {
			t.Error("households changed")
		}
		if _, err := h.Undo(t.Context(), h.sue, h.in.ID, b.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("undone twice: %v", err)
		}
	})
}
