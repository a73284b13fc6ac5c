package gift_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/release"
)

// everything is all text that this room's tables hold.
func (h *house) everything() string {
	h.Helper()
	var all strings.Builder
	for _, query := range []string{
		`select coalesce(person_id, '') || ' ' || text || ' ' || text_folded || ' ' || reach || ' ' || times || ' ' || langs from gift`,
		`select person_id from gift_gathering_person`,
		`select coalesce(by_person_id, '') from gift_gathering`,
	} {
		rows, err := db.All(h.Context(), h.DB.Read(), db.Value[string], query)
		h.ok(err)
		all.WriteString(strings.Join(rows, "\n"))
	}
	return all.String()
}

func TestErasingAPersonKeepsTheCounts(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl)
		h.addsDrafts(gift.By{Person: ada, Conversation: "c1"}, gift.Draft{
			Kind: gift.Skill, Text: "sewing zebrafish costumes", Lang: "en", Reach: "zebra street", Times: "zebra o'clock", Langs: "zebrish",
		})
		h.gives(ada, "coser cebras", "reading aloud", "zebra taming")
		hidden := h.gives(ada, "driving a zebra")[0]
		h.ok(h.Confirm(h.Context(), h.carl, h.in.ID, hidden, false))
		h.gives(h.person("Bea", h.cora), "sewing", "reading aloud")
		h.adds(gift.By{Conversation: "c2"}, "sewing", "costura") // one without a name, twice
		_, err := h.BringTogether(h.Context(), h.carl, h.in.ID, "reading-aloud", gift.GatheringDraft{})
		h.ok(err)

		before := h.counts()
		if before["sewing"] != 3 || before["reading-aloud"] != 2 || before["driving"] != 0 {
			t.Fatalf("counts before: %v", before)
		}
		s := &people.Service{DB: h.DB, Now: h.Now, Sources: []people.Source{gift.Source()}}
		h.ok(s.Erase(h.Context(), h.sue, h.in.ID, ada))
		if diff := cmp.Diff(before, h.counts()); diff != "" {
			t.Error(diff)
		}
		left := h.everything()
		for _, word := range []string{"zebra", "cebra", "zebri", ada} {
			if strings.Contains(left, word) {
				t.Errorf("%q is still in the store", word)
			}
		}
		found, err := h.Search(h.Context(), h.sue, h.in.ID, "zebra", i18n.English)
		h.ok(err)
		h.expect("searching for them", names(found.People))
		h.tx(func(q db.Querier) error { return gift.Source().Erase(h.Context(), q, h.in.ID, ada) }) // again, as after a restore
		if diff := cmp.Diff(before, h.counts()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestErasingOneGiftKeepsTheCountToo(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl), access.Member)
		ids := h.gives(ada.Person(h.in.ID), "sewing zebras", "coser")
		before := h.counts()
		h.must("another connector erases", h.Erase(h.Context(), h.cora, h.in.ID, ids[0]), fault.NotFound)
		h.ok(h.Erase(h.Context(), ada, h.in.ID, ids[0]))
		if diff := cmp.Diff(before, h.counts()); diff != "" {
			t.Error(diff)
		}
		if strings.Contains(h.everything(), "zebra") {
			t.Error("its words are still in the store")
		}
		h.must("erasing it again", h.Erase(h.Context(), ada, h.in.ID, ids[0]), fault.NotFound)
		mine, err := h.Mine(h.Context(), ada, h.in.ID)
		h.ok(err)
		if len(mine) != 1 || mine[0].ID != ids[1] {
			t.Errorf("mine: %+v", mine)
		}
		journal, err := people.Erasures(h.Context(), h.DB.Read())
		h.ok(err)
		if len(journal) != 1 || journal[0].Subject != gift.Journalled || journal[0].ID != ids[0] {
			t.Errorf("journal: %+v", journal)
		}
		h.tx(func(q db.Querier) error { return gift.Replays()[gift.Journalled](h.Context(), q, h.in.ID, ids[1]) })
		if diff := cmp.Diff(before, h.counts()); diff != "" {
			t.Error(diff)
		}
	})
}

// A conversation may stay when a gift of it goes, and it knows whose it is.
func TestAnErasedGiftLeadsToNobody(t *testing.T) {
	run(t, func(h *house) {
		gone := h.adds(gift.By{Person: h.person("Ada", h.carl), Conversation: "c1"}, "sewing", "reading aloud")
		gone = append(gone, h.adds(gift.By{Conversation: "c2"}, "sewing", "costura")...) // one without a name, twice
		before := h.counts()
		if before["sewing"] != 2 || before["reading-aloud"] != 1 {
			t.Fatalf("counts before: %v", before)
		}
		for _, id := range gone {
			h.tx(func(q db.Querier) error { return gift.Erase(h.Context(), q, h.in.ID, id) })
			if diff := cmp.Diff(before, h.counts()); diff != "" {
				t.Error(diff)
			}
		}
		left, err := db.One(h.Context(), h.DB.Read(), db.Value[int],
			`select count(*) from gift where erased_at is not null and (person_id is not null or conversation_id is not null)`)
		h.ok(err)
		if left > 0 {
			t.Errorf("%d erased gifts still lead to who shared them", left)
		}
	})
}

func TestACopyHoldsWhatAPersonOffered(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl)
		h.addsDrafts(gift.By{Person: ada}, gift.Draft{Kind: gift.Passion, Text: "reading aloud", Lang: "en", Teach: true, Times: "Tuesdays"})
		h.gives(h.person("Bea", h.carl), "reading aloud")
		_, err := h.BringTogether(h.Context(), h.carl, h.in.ID, "reading-aloud", gift.GatheringDraft{Title: "Meet?"})
		h.ok(err)
		var part any
		h.tx(func(q db.Querier) (err error) {
			part, err = gift.Source().Export(h.Context(), q, h.in.ID, ada)
			return err
		})
		text, err := json.Marshal(part)
		h.ok(err)
		for _, want := range []string{`"reading aloud"`, `"passion"`, `"would_teach":true`, `"Tuesdays"`, `"Meet?"`, `"2027-05-21"`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s isn't in %s", want, text)
			}
		}
		if strings.Contains(string(text), "Bea") {
			t.Error("somebody else is in it")
		}
	})
}

func TestOnesOwnGifts(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl), access.Member)
		bea := actor(h.in.ID, h.person("Bea", h.cora), access.Member)
		me := ada.Person(h.in.ID)
		_, err := h.Write(h.Context(), ada, h.in.ID, me, gift.Draft{Kind: "rank", Text: strings.Repeat("x", 201), Term: "nothing", Times: "a\x00"})
		h.expect("a bad gift", h.told(err), "text gift.text.long", "times gift.text.unreadable", "kind gift.kind.missing", "term gift.term.unknown")
		_, err = h.Write(h.Context(), ada, h.in.ID, me, gift.Draft{Kind: gift.Skill, Text: " "})
		h.expect("no words", h.told(err), "text gift.text.missing")
		g, err := h.Write(h.Context(), ada, h.in.ID, me, gift.Draft{Kind: gift.Skill, Text: " coser ", Lang: "es"})
		h.ok(err)
		if g.Term != "sewing" || g.Text != "coser" || g.ReviewOn.String() != "2027-05-21" {
			t.Errorf("written: %+v", g)
		}
		for name, who := range map[string]access.Actor{"a visitor": {}, "another member": bea, "another connector": h.cora} {
			_, err := h.Write(h.Context(), who, h.in.ID, me, gift.Draft{Kind: gift.Skill, Text: "x"})
			h.must(name+" writes for her", err, fault.NotFound)
			_, err = h.Change(h.Context(), who, h.in.ID, g.ID, gift.Draft{Kind: gift.Skill, Text: "x"})
			h.must(name+" changes hers", err, fault.NotFound)
			_, err = h.Of(h.Context(), who, h.in.ID, me)
			h.must(name+" reads hers", err, fault.NotFound)
		}
		h.ok(h.Asked(h.Context(), h.carl, h.in.ID, g.ID))
		changed, err := h.Change(h.Context(), h.carl, h.in.ID, g.ID, gift.Draft{Kind: gift.Passion, Text: "hornear", Teach: true})
		h.ok(err)
		mine, err := h.Mine(h.Context(), ada, h.in.ID)
		h.ok(err)
		if len(mine) != 1 || mine[0] != changed || mine[0].Term != "baking" || mine[0].Lang != "es" || mine[0].LastAskedAt.IsZero() || !mine[0].WouldTeach {
			t.Errorf("changed: %+v\nmine: %+v", changed, mine)
		}
		kid := h.person("Kit", h.carl, child)
		_, err = h.Write(h.Context(), h.carl, h.in.ID, kid, gift.Draft{Kind: gift.Skill, Text: "drawing"})
		h.ok(err) // a parent has agreed
	})
}

func TestEveryTableOfTheRoomIsAccountedFor(t *testing.T) {
	run(t, func(h *house) {
		columns, err := h.DB.Columns(h.Context())
		h.ok(err)
		named := slices.Collect(maps.Keys(gift.Impersonal()))
		named = append(named, gift.Source().Tables...)
		var there []string
		for _, c := range columns {
			if strings.HasPrefix(c.Table, "gift") && !slices.Contains(there, c.Table) {
				there = append(there, c.Table)
			}
		}
		slices.Sort(named)
		slices.Sort(there)
		h.expect("tables named", named, there...)
	})
}

func TestTheReleaseIsToldOfGatherings(t *testing.T) {
	run(t, func(h *house) {
		h.gives(h.person("Ada", h.carl), "sewing")
		h.gives(h.person("Bea", h.carl), "sewing")
		_, err := h.BringTogether(h.Context(), h.carl, h.in.ID, "sewing", gift.GatheringDraft{})
		h.ok(err)
		cells, err := gift.GatheringCounts().Count(h.Context(), h.DB.Read(), h.in.ID)
		h.ok(err)
		if diff := cmp.Diff([]release.Cell{{Key: "sewing", N: 1}}, cells); diff != "" {
			t.Error(diff)
		}
	})
}
