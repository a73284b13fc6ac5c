package gift_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
)

func TestASpanishWordFindsTheEnglishGift(t *testing.T) {
	run(t, func(h *house) {
		h.gives(h.person("Ada", h.carl), "reading aloud")
		h.gives(h.person("Bea", h.cora), "doing all the voices")
		found, err := h.Search(h.Context(), h.carl, h.in.ID, "leer cuentos", i18n.Spanish)
		h.ok(err)
		if len(found.Terms) == 0 || found.Terms[0].Term != "reading-aloud" || found.Terms[0].Word != "leer cuentos" {
			t.Fatalf("found %+v", found.Terms)
		}
		page, err := h.ByTerm(h.Context(), h.carl, h.in.ID, found.Terms[0].Term, "")
		h.ok(err)
		h.expect("the people whom Carl knows", names(page.People), "Ada")
		if page.Others != 1 {
			t.Errorf("others = %d, want Bea as a number", page.Others)
		}
		page, err = h.ByTerm(h.Context(), h.sue, h.in.ID, "reading-aloud", "")
		h.ok(err)
		h.expect("the people whom a steward sees", names(page.People), "Ada", "Bea")
	})
}

func TestOnlyWhoMaySeesPeople(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl)
		h.gives(ada, "reading aloud to my cat")
		for name, who := range map[string]access.Actor{"a visitor": {}, "a member": actor(h.in.ID, ada, access.Member)} {
			found, err := h.Search(h.Context(), who, h.in.ID, "cat", i18n.English)
			h.ok(err)
			if len(found.People) > 0 || len(found.Terms) == 0 {
				t.Errorf("%s finds %+v", name, found)
			}
			_, err = h.ByTerm(h.Context(), who, h.in.ID, "reading-aloud", "")
			h.must(name+" reads a term's people", err, fault.NotFound)
			_, err = h.Counts(h.Context(), who, h.in.ID)
			h.must(name+" reads true counts", err, fault.NotFound)
			_, err = h.InCommon(h.Context(), who, h.in.ID)
			h.must(name+" reads what people share", err, fault.NotFound)
		}
		for who, want := range map[string][]string{"carl": {"Ada"}, "cora": nil, "sue": {"Ada"}} {
			found, err := h.Search(h.Context(), map[string]access.Actor{"carl": h.carl, "cora": h.cora, "sue": h.sue}[who], h.in.ID, "CAT", i18n.English)
			h.ok(err)
			h.expect(who+" searches own words", names(found.People), want...)
		}
		other, stranger := h.found("Elm", "Eve")
		_, err := h.ByTerm(h.Context(), stranger, h.in.ID, "reading-aloud", "")
		h.must("another initiative's steward", err, fault.NotFound)
		found, err := h.Search(h.Context(), stranger, other.ID, "cat", i18n.English)
		h.ok(err)
		h.expect("another initiative's own search", names(found.People))
	})
}

func TestSearchBearsWhateverIsTyped(t *testing.T) {
	run(t, func(h *house) {
		h.gives(h.person("Ada", h.carl), "100% wool_work")
		for _, text := range []string{"", "%", "_", `\`, "'; drop table gift", "\x00", "\xff\xfe", "de la", "a b c d e f g h i j k l m n o p"} {
			if _, err := h.Search(h.Context(), h.sue, h.in.ID, text, i18n.English); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
		found, err := h.Search(h.Context(), h.sue, h.in.ID, "100%", i18n.English)
		h.ok(err)
		h.expect("a number in own words", names(found.People), "Ada")
		found, err = h.Search(h.Context(), h.sue, h.in.ID, "10", i18n.English)
		h.ok(err)
		h.expect("a part of a word", names(found.People))
	})
}

func TestAListOfPeopleGoesOnWhereItStopped(t *testing.T) {
	run(t, func(h *house) {
		h.crowd(60, h.carl, "sewing")
		first, err := h.ByTerm(h.Context(), h.carl, h.in.ID, "sewing", "")
		h.ok(err)
		second, err := h.ByTerm(h.Context(), h.carl, h.in.ID, "sewing", first.More)
		h.ok(err)
		all := append(first.People, second.People...)
		if len(first.People) != 50 || second.More != "" || len(all) != 60 || !slices.IsSorted(names(all)) {
			t.Errorf("%d and %d people, more %q", len(first.People), len(second.People), second.More)
		}
		seen := map[string]bool{}
		for _, g := range all {
			seen[g.ID] = true
		}
		if len(seen) != 60 {
			t.Errorf("%d different gifts on two pages", len(seen))
		}
	})
}

// TestPagesCostTheSameHoweverManyThereAre would find a query in a loop.
func TestPagesCostTheSameHoweverManyThereAre(t *testing.T) {
	run(t, func(h *house) {
		reads := map[string]func(ctx context.Context) error{
			"Counts":     func(ctx context.Context) error { _, err := h.Counts(ctx, h.sue, h.in.ID); return err },
			"ByTerm":     func(ctx context.Context) error { _, err := h.ByTerm(ctx, h.carl, h.in.ID, "sewing", ""); return err },
			"Search":     func(ctx context.Context) error { _, err := h.Search(ctx, h.carl, h.in.ID, "coser", "es"); return err },
			"InCommon":   func(ctx context.Context) error { _, err := h.InCommon(ctx, h.carl, h.in.ID); return err },
			"Gatherings": func(ctx context.Context) error { _, err := h.Gatherings(ctx, h.carl, h.in.ID); return err },
			"SuggestFor": func(ctx context.Context) error {
				_, err := h.SuggestFor(ctx, h.carl, h.in.ID, "coser ropa", "es", "")
				return err
			},
			"NeverAsked": func(ctx context.Context) error { _, err := h.NeverAsked(ctx, h.carl, h.in.ID); return err },
			"ToReview":   func(ctx context.Context) error { _, err := h.ToReview(ctx, h.carl, h.in.ID); return err },
		}
		most := map[string]int{
			"Counts": 1, "ByTerm": 3, "Search": 2, "InCommon": 3, "Gatherings": 2, "SuggestFor": 3, "NeverAsked": 1, "ToReview": 2,
		}
		add := func(n int) {
			for i := range n {
				p := h.person(fmt.Sprintf("P%d", i), h.carl)
				h.gives(p, "sewing", "cooking")
			}
		}
		add(3)
		_, err := h.BringTogether(h.Context(), h.carl, h.in.ID, "cooking", gift.GatheringDraft{})
		h.ok(err)
		_, err = h.Vocabulary(h.Context(), h.in.ID) // known from here on
		h.ok(err)
		for _, size := range []int{0, 20} {
			add(size)
			for name, read := range reads {
				n := h.costs(func(ctx context.Context) { h.ok(read(ctx)) })
				if n > most[name] {
					t.Errorf("%s runs %d statements, want at most %d", name, n, most[name])
				}
			}
		}
	})
}

func TestSupportsAreMetByNeighboursFirst(t *testing.T) {
	run(t, func(h *house) {
		me := h.person("Me", h.carl)
		h.gives(me, "good with toddlers")
		h.gives(h.person("Ada", h.carl), "good with toddlers")
		h.gives(h.person("Bea", h.carl), "minding children")
		h.gives(h.person("Cam", h.cora), "cuidar niños")
		h.gives(h.person("Dee", h.carl, notAsked), "babysitting")
		h.gives(h.person("Eli", h.carl, child), "babysitting")
		h.gives(h.person("Flo", h.carl), "software development")
		h.addsDrafts(gift.By{Person: h.person("Gus", h.carl)}, gift.Draft{Kind: gift.Skill, Text: "babysitting", Lang: "en", Learn: true})
		paused := h.person("Hal", h.carl)
		h.gives(paused, "babysitting")
		pause(h, paused)
		h.adds(gift.By{Conversation: "c1"}, "babysitting") // said without a name

		for _, text := range []string{"someone to mind the children", "alguien que cuide a los niños"} {
			got, err := h.SuggestFor(h.Context(), h.carl, h.in.ID, text, i18n.English, me)
			h.ok(err)
			var all []string
			for _, s := range got.People {
				all = append(all, s.Holder.Name+" "+string(s.Match.Fit))
			}
			h.expect(text, all, "Bea synonym", "Ada child")
			if got.Others != 1 {
				t.Errorf("%q: %d others, want Cam", text, got.Others)
			}
		}
		got, err := h.SuggestFor(h.Context(), h.sue, h.in.ID, "childhood", i18n.English, me)
		h.ok(err)
		if len(got.People)+got.Others > 0 {
			t.Errorf("childhood finds %+v", got.People)
		}
	})
}

func TestWhoeverWasAskedLatelyComesLast(t *testing.T) {
	run(t, func(h *house) {
		exact := h.gives(h.person("Ada", h.carl), "driving")[0]
		h.gives(h.person("Bea", h.carl), "I have a van")
		order := func() (all []string) {
			got, err := h.SuggestFor(h.Context(), h.carl, h.in.ID, "a ride", i18n.English, "")
			h.ok(err)
			for _, s := range got.People {
				all = append(all, s.Holder.Name)
			}
			return all
		}
		h.expect("before anybody was asked", order(), "Ada", "Bea")
		h.ok(h.Asked(h.Context(), h.carl, h.in.ID, exact))
		h.expect("after Ada was asked", order(), "Bea", "Ada")
		h.now.Advance(15 * 24 * 60 * 60 * 1e9)
		h.expect("two weeks later", order(), "Ada", "Bea")
	})
}

func TestAmongManyWhoWereAskedLatelyTheUnaskedAreFound(t *testing.T) {
	run(t, func(h *house) {
		h.crowd(130, h.carl, "driving")
		h.tx(func(q db.Querier) error {
			return db.Exec(h.Context(), q, `update gift set last_asked_at = $2 where initiative_id = $1`, h.in.ID, db.At(h.Now()))
		})
		h.gives(h.person("Ada", h.carl), "I have a van")
		got, err := h.SuggestFor(h.Context(), h.carl, h.in.ID, "driving", i18n.English, "")
		h.ok(err)
		if len(got.People) != 12 || got.People[0].Holder.Name != "Ada" {
			t.Errorf("%d suggested, first %q", len(got.People), got.People[0].Holder.Name)
		}
	})
}

func TestGiftsThatNobodyCalledOnAreShownByAge(t *testing.T) {
	run(t, func(h *house) {
		old := h.gives(h.person("Ada", h.carl), "driving", "sewing")
		h.now.Advance(20 * 24 * 60 * 60 * 1e9)
		h.gives(h.person("Bea", h.carl), "cooking")
		h.now.Advance(11 * 24 * 60 * 60 * 1e9)
		list := func(who access.Actor) (ids []string) {
			all, err := h.NeverAsked(h.Context(), who, h.in.ID)
			h.ok(err)
			for _, g := range all {
				ids = append(ids, g.Text)
			}
			return ids
		}
		h.expect("after 31 days", list(h.carl), "driving", "sewing")
		h.expect("of another connector", list(h.cora))
		h.ok(h.Used(h.Context(), h.carl, h.in.ID, old[0]))
		h.expect("once it was used", list(h.carl), "sewing")
		h.must("another connector says it was used", h.Used(h.Context(), h.cora, h.in.ID, old[1]), fault.NotFound)
	})
}

func pause(h *house, person string) {
	h.Helper()
	s := &people.Service{DB: h.DB, Now: h.Now}
	h.ok(s.Pause(h.Context(), h.sue, h.in.ID, person, true))
}
