package place_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/place"
)

// house is an initiative with a fake clock, at nine in the morning in UTC.
type house struct {
	*place.Service
	in     initiative.Initiative
	now    *clock.Fake
	steers access.Actor
	talks  access.Actor
}

func open(t *testing.T, d *db.DB) house {
	t.Helper()
	now := dbtest.Clock()
	ids := db.NewIDs(now.Now, nil)
	made, err := (&initiative.Service{
		DB: d, IDs: ids, Now: now.Now,
		Found: func(context.Context, db.Querier, initiative.Initiative, initiative.Founder) (string, error) {
			return "s", nil
		},
	}).Create(t.Context(), access.Actor{Operator: true}, initiative.Draft{
		Name: "Oak", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue",
	})
	if err != nil {
		t.Fatal(err)
	}
	as := func(person string, k access.Kind) access.Actor {
		return access.Actor{Account: person, Memberships: []access.Membership{{Initiative: made.ID, Person: person, Kind: k}}}
	}
	return house{
		Service: &place.Service{DB: d, IDs: ids, Now: now.Now}, in: made.Initiative, now: now,
		steers: as("s", access.Steward), talks: as("c", access.Connector),
	}
}

func (h house) area(t *testing.T, name, parent string) place.Area {
	t.Helper()
	a, err := h.Create(t.Context(), h.steers, h.in.ID, place.Draft{Name: name, Parent: parent, Kind: place.Block})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func faults(err error) (all []string) {
	for _, f := range fault.Fields(err) {
		all = append(all, f.Name+" "+f.Message.Key)
	}
	return all
}

func spoken(t *testing.T, err error) {
	t.Helper()
	for _, f := range fault.Fields(err) {
		for _, lang := range i18n.Langs() {
			if !i18n.In(lang).Has(f.Message.Key) {
				t.Errorf("%s has no sentence for %s", lang, f.Message.Key)
			}
		}
	}
}

func TestAnAreaKeepsWhoCountedItsHomes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		a, err := h.Create(t.Context(), h.steers, h.in.ID, place.Draft{
			Name: "Maple Street", Kind: place.Block, Homes: "120", HomesSource: "we walked it", HomesOn: "2026-10-01",
			Boundary: []byte(`{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,0]]]}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		h.area(t, "Elm Street", "")
		got, err := h.List(t.Context(), h.in.ID)
		if err != nil || len(got) != 2 || got[0].Name != "Elm Street" || got[1] != a {
			t.Fatalf("got %+v, %v; made %+v", got, err, a)
		}
		if got[0].Homes.Counted || !got[1].HasBoundary || got[1].Homes.Count != 120 || got[1].Homes.On.String() != "2026-10-01" {
			t.Errorf("got %+v", got)
		}
		outlines, err := h.Boundaries(t.Context(), h.in.ID)
		if err != nil || len(outlines) != 1 || !strings.Contains(outlines[a.ID], "Polygon") {
			t.Errorf("outlines %v, %v", outlines, err)
		}
	})
}

func TestEditingKeepsTheOutlineUnlessItIsDropped(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		draft := place.Draft{Name: "Oak", Kind: place.Wide, Boundary: []byte(`{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,0]]]}`)}
		a, err := h.Create(t.Context(), h.steers, h.in.ID, draft)
		if err != nil {
			t.Fatal(err)
		}
		edit := place.DraftOf(a)
		edit.Name, edit.Homes, edit.HomesSource = "Oak Hill", "40", "census"
		b, err := h.Edit(t.Context(), h.steers, h.in.ID, a.ID, edit)
		if err != nil || !b.HasBoundary || b.Homes.On.String() != "2026-11-21" {
			t.Fatalf("after an edit %+v, %v", b, err)
		}
		if outlines, err := h.Boundaries(t.Context(), h.in.ID); err != nil || outlines[a.ID] == "" {
			t.Errorf("outlines %v, %v", outlines, err)
		}
		edit = place.DraftOf(b)
		edit.DropBoundary = true
		if b, err = h.Edit(t.Context(), h.steers, h.in.ID, a.ID, edit); err != nil || b.HasBoundary {
			t.Errorf("dropped: %+v, %v", b, err)
		}
		if got, _ := h.List(t.Context(), h.in.ID); got[0] != b {
			t.Errorf("stored %+v, want %+v", got[0], b)
		}
	})
}

func TestEveryFaultOfAnAreaIsToldAtOnce(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.area(t, "Maple", "")
	_, err := h.Create(t.Context(), h.steers, h.in.ID, place.Draft{
		Name: strings.Repeat("x", 121), Parent: "nowhere", Kind: "galaxy", Homes: "some", HomesOn: "2027-01-01", Boundary: []byte("{"),
	})
	spoken(t, err)
	want := []string{
		"name place.name.long", "kind place.kind.missing", "parent place.parent.unknown", "homes place.homes.unreadable",
		"homes_source place.homessource.missing", "homes_on place.homeson.unreadable", "boundary place.boundary.unreadable",
	}
	if got := faults(err); !slices.Equal(got, want) {
		t.Errorf("faults\n got %q\nwant %q", got, want)
	}
}

func TestSiblingsHaveDifferentNames(t *testing.T) {
	h := open(t, dbtest.Open(t))
	maple := h.area(t, "Maple", "")
	_, err := h.Create(t.Context(), h.steers, h.in.ID, place.Draft{Name: " MÁPLE ", Kind: place.Block})
	spoken(t, err)
	if got := faults(err); !slices.Equal(got, []string{"name place.name.taken"}) {
		t.Errorf("a second Maple: %q", got)
	}
	h.area(t, "Maple", maple.ID)
}

func TestAnAreaNeverLiesWithinItself(t *testing.T) {
	h := open(t, dbtest.Open(t))
	top := h.area(t, "0", "")
	inside := h.area(t, "1", top.ID)
	deepest := inside
	for _, name := range []string{"2", "3", "4", "5", "6", "7"} {
		deepest = h.area(t, name, deepest.ID)
	}
	_, err := h.Create(t.Context(), h.steers, h.in.ID, place.Draft{Name: "8", Kind: place.Block, Parent: deepest.ID})
	if got := faults(err); !slices.Equal(got, []string{"parent place.parent.deep"}) {
		t.Errorf("a ninth level: %q", got)
	}
	for _, parent := range []string{top.ID, inside.ID} {
		edit := place.DraftOf(top)
		edit.Parent = parent
		_, err := h.Edit(t.Context(), h.steers, h.in.ID, top.ID, edit)
		if got := faults(err); !slices.Equal(got, []string{"parent place.parent.within"}) {
			t.Errorf("into %s: %q", parent, got)
		}
	}
	beside := h.area(t, "beside", "")
	edit := place.DraftOf(top)
	edit.Parent = beside.ID
	_, err = h.Edit(t.Context(), h.steers, h.in.ID, top.ID, edit)
	if got := faults(err); !slices.Equal(got, []string{"parent place.parent.deep"}) {
		t.Errorf("eight levels under a ninth: %q", got)
	}
}

func TestStewardsAloneChangeAreas(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		a := h.area(t, "Maple", "")
		for name, who := range map[string]access.Actor{"a visitor": {}, "a connector": h.talks} {
			if _, err := h.Create(t.Context(), who, h.in.ID, place.Draft{Name: "x", Kind: place.Block}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s creates: %v", name, err)
			}
			if _, err := h.Edit(t.Context(), who, h.in.ID, a.ID, place.DraftOf(a)); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s edits: %v", name, err)
			}
		}
		other := access.Actor{Memberships: []access.Membership{{Initiative: "other", Person: "x", Kind: access.Steward}}}
		if _, err := h.Edit(t.Context(), other, "other", a.ID, place.DraftOf(a)); !fault.Is(err, fault.NotFound) {
			t.Errorf("through another initiative: %v", err)
		}
		if _, err := h.Edit(t.Context(), h.steers, h.in.ID, "no-area", place.DraftOf(a)); !fault.Is(err, fault.NotFound) {
			t.Errorf("an area that isn't: %v", err)
		}
		noted, err := audit.Latest(t.Context(), d.Read(), h.in.ID, time.Time{}, 1)
		if err != nil || noted[0].Act != "create area" || noted[0].Object != a.ID || noted[0].Person != "s" {
			t.Errorf("noted %+v, %v", noted, err)
		}
	})
}

func (h house) happening(t *testing.T, title, area, on, at string) place.Happening {
	t.Helper()
	made, err := h.CreateHappening(t.Context(), h.talks, h.in.ID, place.HappeningDraft{Title: title, Spot: "the yard", Area: area, On: on, At: at})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (h house) next(t *testing.T, area string) string {
	t.Helper()
	next, found, err := place.Next(t.Context(), h.DB.Read(), h.in, area, h.now.Now())
	if err != nil || found != (next.Title != "") {
		t.Fatal(next, found, err)
	}
	return next.Title
}

func TestOneThingHappeningNear(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		village := h.area(t, "Village", "")
		maple, elm := h.area(t, "Maple", village.ID), h.area(t, "Elm", village.ID)
		if got := h.next(t, maple.ID); got != "" {
			t.Errorf("nothing is on, got %s", got)
		}
		h.happening(t, "soup", village.ID, "2026-11-21", "02:00") // before three in Chicago, when it is nine in UTC
		h.happening(t, "swap", elm.ID, "2026-11-22", "10:00")
		h.happening(t, "walk", maple.ID, "2026-12-24", "")
		h.happening(t, "dance", village.ID, "2026-11-21", "03:00")
		for area, want := range map[string]string{"": "dance", maple.ID: "walk", elm.ID: "swap", village.ID: "dance"} {
			if got := h.next(t, area); got != want {
				t.Errorf("near %q: %s, want %s", area, got, want)
			}
		}
		all, err := h.Upcoming(t.Context(), h.in.ID)
		if err != nil || len(all) != 3 || all[0].Title != "dance" || all[2].Title != "walk" {
			t.Errorf("upcoming %+v, %v", all, err)
		}
		h.now.Advance(40 * 24 * time.Hour)
		if got := h.next(t, maple.ID); got != "" {
			t.Errorf("everything is over, got %s", got)
		}
	})
}

func TestNextIsTwoStatementsAtAnyNumber(t *testing.T) {
	d := dbtest.Open(t)
	h := open(t, d)
	a := h.area(t, "Maple", "")
	for range 5 {
		h.happening(t, "walk", a.ID, "2026-12-24", "")
	}
	counter := dbtest.Count(d)
	h.next(t, a.ID)
	if counter.N() != 2 {
		t.Errorf("%d statements: %q", counter.N(), counter.Statements())
	}
}

func TestEveryFaultOfAHappeningIsToldAtOnce(t *testing.T) {
	h := open(t, dbtest.Open(t))
	a := h.area(t, "Maple", "")
	_, err := h.CreateHappening(t.Context(), h.talks, h.in.ID, place.HappeningDraft{Area: "nowhere", On: "tomorrow", At: "9", Lang: "fr"})
	spoken(t, err)
	want := []string{
		"title place.title.missing", "spot place.spot.missing", "area place.area.missing",
		"on place.on.unreadable", "at place.at.unreadable", "lang place.lang.unknown",
	}
	if got := faults(err); !slices.Equal(got, want) {
		t.Errorf("faults\n got %q\nwant %q", got, want)
	}
	_, err = h.CreateHappening(t.Context(), h.talks, h.in.ID, place.HappeningDraft{Title: "x", Spot: "y", Area: a.ID, On: "2026-11-20"})
	spoken(t, err)
	if got := faults(err); !slices.Equal(got, []string{"on place.on.past"}) {
		t.Errorf("yesterday: %q", got)
	}
}

func TestAHappeningIsEditedAndTakenBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		a := h.area(t, "Maple", "")
		made := h.happening(t, "walk", a.ID, "2026-12-24", "")
		draft := place.HappeningDraft{Title: "run", Spot: "park", Area: a.ID, On: "2026-12-25", At: "08:30", Lang: "es"}
		for name, who := range map[string]access.Actor{"a visitor": {}, "a member": {Memberships: []access.Membership{{Initiative: h.in.ID, Person: "m", Kind: access.Member}}}} {
			if _, err := h.EditHappening(t.Context(), who, h.in.ID, made.ID, draft); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s edits: %v", name, err)
			}
			if err := h.RemoveHappening(t.Context(), who, h.in.ID, made.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s removes: %v", name, err)
			}
		}
		if _, err := h.EditHappening(t.Context(), h.talks, h.in.ID, made.ID, draft); err != nil {
			t.Fatal(err)
		}
		got, err := h.GetHappening(t.Context(), h.in.ID, made.ID)
		if err != nil || got.Title != "run" || got.At != "08:30" || got.Lang != i18n.Spanish {
			t.Errorf("got %+v, %v", got, err)
		}
		if err := h.RemoveHappening(t.Context(), h.talks, h.in.ID, made.ID); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{
			"get":    second(h.GetHappening(t.Context(), h.in.ID, made.ID)),
			"edit":   second(h.EditHappening(t.Context(), h.talks, h.in.ID, made.ID, draft)),
			"remove": h.RemoveHappening(t.Context(), h.talks, h.in.ID, made.ID),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s what was taken back: %v", name, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }
