package initiative_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
)

var operator = access.Actor{Account: "operator", Operator: true}

// service is one over d in which the rooms below write nothing.
func service(d *db.DB) *initiative.Service {
	now := dbtest.Clock().Now
	return &initiative.Service{
		DB: d, IDs: db.NewIDs(now, nil), Now: now,
		Found: func(context.Context, db.Querier, initiative.Initiative, initiative.Founder) (string, error) {
			return "ana", nil
		},
	}
}

func draft() initiative.Draft {
	return initiative.Draft{
		Name: "Árboles y Libros", Langs: []string{"es", "en"}, Zone: "America/Chicago",
		HelpPhone: "555 0100", Emergency: "911", Steward: "Ana",
	}
}

func steward(of string) access.Actor {
	return access.Actor{Account: "a", Memberships: []access.Membership{{Initiative: of, Person: "ana", Kind: access.Steward}}}
}

func create(t *testing.T, s *initiative.Service, d initiative.Draft) initiative.Founded {
	t.Helper()
	made, err := s.Create(t.Context(), operator, d)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestAnInitiativeIsFoundAtItsAddress(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		made := create(t, s, draft())
		got, moved, err := s.BySlug(t.Context(), "arboles-y-libros")
		if err != nil || moved {
			t.Fatalf("BySlug: moved %v, %v", moved, err)
		}
		if got.ID != made.ID || got.Name != "Árboles y Libros" || !slices.Equal(got.Langs, []i18n.Lang{"es", "en"}) {
			t.Errorf("got %+v", got)
		}
		if got.Zone.String() != "America/Chicago" || got.AnswerDays != 30 || got.HelpPhone != "555 0100" {
			t.Errorf("got %+v", got)
		}
		if made.Steward != "ana" {
			t.Errorf("steward = %q", made.Steward)
		}
		if _, _, err := s.BySlug(t.Context(), "nowhere"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown address: %v", err)
		}
	})
}

func TestOldAddressesGoOnLeadingHere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		made := create(t, s, draft())
		change := initiative.DraftOf(made.Initiative)
		change.Slug, change.Name, change.AnswerDays = "libros", "Libros", "7"
		if _, err := s.Edit(t.Context(), steward(made.ID), made.ID, change); err != nil {
			t.Fatal(err)
		}
		got, moved, err := s.BySlug(t.Context(), "arboles-y-libros")
		if err != nil || !moved || got.Slug != "libros" || got.Name != "Libros" || got.AnswerDays != 7 {
			t.Errorf("the old address: %+v, moved %v, %v", got, moved, err)
		}
		other := draft()
		other.Slug = "arboles-y-libros"
		_, err = s.Create(t.Context(), operator, other)
		if f := fault.Fields(err); len(f) != 1 || f[0].Name != "slug" || f[0].Message.Key != "initiative.slug.taken" {
			t.Errorf("somebody else takes the old address: %v", err)
		}
		change.Slug = "arboles-y-libros"
		if _, err := s.Edit(t.Context(), steward(made.ID), made.ID, change); err != nil {
			t.Errorf("back to its own old address: %v", err)
		}
		if got, moved, _ := s.BySlug(t.Context(), "libros"); !moved || got.Slug != "arboles-y-libros" {
			t.Errorf("after going back: %+v, moved %v", got, moved)
		}
	})
}

func TestEveryFaultOfAFormIsToldAtOnce(t *testing.T) {
	s := service(dbtest.Open(t))
	_, err := s.Create(t.Context(), operator, initiative.Draft{
		Name: strings.Repeat("x", 121), Slug: "No Spaces", Langs: []string{"tlh"}, Zone: "Local",
		AnswerDays: "soon", StartedOn: "31/12", HelpPhone: strings.Repeat("5", 41),
	})
	var got []string
	for _, f := range fault.Fields(err) {
		got = append(got, f.Name+" "+f.Message.Key)
		for _, lang := range i18n.Langs() {
			if !i18n.In(lang).Has(f.Message.Key) {
				t.Errorf("%s has no sentence for %s", lang, f.Message.Key)
			}
		}
	}
	want := []string{
		"name initiative.name.long", "slug initiative.slug.unreadable", "langs initiative.langs.unknown",
		"zone initiative.zone.unknown", "help_phone initiative.phone.long", "answer_days initiative.answerdays.unreadable",
		"started_on initiative.startedon.unreadable", "steward initiative.steward.missing",
		"place initiative.name.long",
	}
	if !slices.Equal(got, want) {
		t.Errorf("faults\n got %q\nwant %q", got, want)
	}
}

func TestWhoMayMakeAndChangeAnInitiative(t *testing.T) {
	s := service(dbtest.Open(t))
	made := create(t, s, draft())
	connector := access.Actor{Account: "c", Memberships: []access.Membership{{Initiative: made.ID, Person: "c", Kind: access.Connector}}}
	for name, who := range map[string]access.Actor{
		"a visitor": {}, "a connector": connector, "a steward of another": steward("other"), "the operator": operator,
	} {
		if _, err := s.Edit(t.Context(), who, made.ID, draft()); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s edits: %v", name, err)
		}
		if who.Operator {
			continue
		}
		if _, err := s.Create(t.Context(), who, draft()); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s creates: %v", name, err)
		}
		if _, err := s.CreateFirst(t.Context(), who, draft()); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s creates the first: %v", name, err)
		}
	}
}

func TestThereIsOneFirstInitiative(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		var founders sync.Map
		s.Found = func(_ context.Context, _ db.Querier, in initiative.Initiative, first initiative.Founder) (string, error) {
			founders.Store(in.ID, first)
			return "ana", nil
		}
		const racers = 6
		errs := make([]error, racers)
		made := make([]initiative.Founded, racers)
		var all sync.WaitGroup
		for i := range racers {
			all.Go(func() {
				one := draft()
				one.Slug = "first-" + string(rune('a'+i))
				made[i], errs[i] = s.CreateFirst(t.Context(), operator, one)
			})
		}
		all.Wait()
		won := 0
		for i, err := range errs {
			switch {
			case err == nil:
				won++
				first, _ := founders.Load(made[i].ID)
				if got, want := first, (initiative.Founder{Account: "operator", Name: "Ana", Place: "Árboles y Libros", Lang: "es"}); got != want {
					t.Errorf("founder = %+v, want %+v", got, want)
				}
			case !fault.Is(err, fault.Conflict):
				t.Errorf("a racer: %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d first initiatives", won)
		}
		if empty, err := s.IsEmpty(t.Context()); empty || err != nil {
			t.Errorf("IsEmpty = %v, %v", empty, err)
		}
	})
}

func TestARoomThatCannotOpenLeavesNothingBehind(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		refused := errors.New("no words")
		s.Open = []initiative.Opener{func(context.Context, db.Querier, initiative.Initiative) error { return refused }}
		if _, err := s.Create(t.Context(), operator, draft()); !errors.Is(err, refused) {
			t.Fatalf("Create: %v", err)
		}
		if empty, err := s.IsEmpty(t.Context()); !empty || err != nil {
			t.Errorf("IsEmpty = %v, %v", empty, err)
		}
	})
}

func TestTodayIsWherePeopleLive(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	in := initiative.Initiative{Zone: chicago, AnswerDays: 3}
	late := time.Date(2026, time.March, 1, 5, 59, 0, 0, time.UTC) // a minute to midnight in Chicago
	if got := in.Today(late).String(); got != "2026-02-28" {
		t.Errorf("today = %s", got)
	}
	if got := in.AnswerBy(in.Today(late)).String(); got != "2026-03-03" {
		t.Errorf("answer by %s", got)
	}
}

func TestAnInitiativeOffersALanguageItHas(t *testing.T) {
	both := initiative.Initiative{Langs: []i18n.Lang{i18n.Spanish, i18n.English}}
	if got := both.Lang(i18n.English); got != i18n.English {
		t.Errorf("offered and wanted: %s", got)
	}
	spanish := initiative.Initiative{Langs: []i18n.Lang{i18n.Spanish}}
	if got := spanish.Lang(i18n.English); got != i18n.Spanish {
		t.Errorf("wanted and not offered: %s", got)
	}
}

func TestEditsAreNotedAndSeen(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		made := create(t, s, draft())
		before, err := db.Version(t.Context(), d.Read(), made.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Edit(t.Context(), steward(made.ID), made.ID, initiative.DraftOf(made.Initiative)); err != nil {
			t.Fatal(err)
		}
		after, err := db.Version(t.Context(), d.Read(), made.ID)
		if err != nil || after == before {
			t.Errorf("version %s, before %s: %v", after, before, err)
		}
		noted, err := audit.Latest(t.Context(), d.Read(), made.ID, time.Time{}, 10)
		if err != nil || len(noted) != 2 || noted[0].Act != "edit initiative" || noted[0].Person != "ana" {
			t.Errorf("noted %+v, %v", noted, err)
		}
	})
}

func TestInventedStaysInvented(t *testing.T) {
	s := service(dbtest.Open(t))
	invented := draft()
	invented.Invented = true
	made := create(t, s, invented)
	got, err := s.Edit(t.Context(), steward(made.ID), made.ID, draft())
	if err != nil || !got.Invented {
		t.Errorf("after an edit: invented %v, %v", got.Invented, err)
	}
}

func TestNetworks(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		one, two := create(t, s, draft()), func() initiative.Founded {
			other := draft()
			other.Name = "Two"
			return create(t, s, other)
		}()
		n, err := s.CreateNetwork(t.Context(), operator, initiative.NetworkDraft{Name: " Valley "})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{one.ID, two.ID, one.ID} {
			if err := s.Join(t.Context(), operator, n.ID, id); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Join(t.Context(), steward(one.ID), n.ID, one.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a steward joins: %v", err)
		}
		if err := s.Join(t.Context(), operator, "no-network", one.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("into a network that isn't: %v", err)
		}
		counter := dbtest.Count(d)
		all, err := s.Networks(t.Context())
		if err != nil || len(all) != 1 || all[0].Name != "Valley" || len(all[0].Initiatives) != 2 {
			t.Fatalf("networks %+v, %v", all, err)
		}
		if counter.N() != 2 {
			t.Errorf("%d statements: %q", counter.N(), counter.Statements())
		}
		if err := s.Leave(t.Context(), steward(two.ID), n.ID, two.ID); err != nil {
			t.Errorf("a steward leaves: %v", err)
		}
		if err := s.Leave(t.Context(), steward(two.ID), n.ID, one.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a steward of another makes it leave: %v", err)
		}
		if all, _ = s.Networks(t.Context()); !slices.Equal(all[0].Initiatives, []string{one.ID}) {
			t.Errorf("after leaving: %+v", all)
		}
	})
}

func TestFindingAnInitiativeIsOneStatement(t *testing.T) {
	d := dbtest.Open(t)
	s := service(d)
	create(t, s, draft())
	counter := dbtest.Count(d)
	if _, _, err := s.BySlug(t.Context(), "arboles-y-libros"); err != nil {
		t.Fatal(err)
	}
	if counter.N() != 1 {
		t.Errorf("%d statements: %q", counter.N(), counter.Statements())
	}
}
