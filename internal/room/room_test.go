package room_test

import (
	"fmt"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/notice"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/room"
)

// house is an initiative with a steward and whoever a test lets in.
type house struct {
	*testing.T
	*room.Service
	db   *db.DB
	now  *clock.Fake
	ids  *db.IDs
	in   initiative.Initiative
	sue  access.Actor
	keys int
}

func run(t *testing.T, test func(h *house)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			now := dbtest.Clock()
			open := dbtest.OpenWith
			if engine == "postgres" {
				open = dbtest.PostgresWith
			}
			d := open(t, db.Options{Now: now.Now})
			ids := db.NewIDs(now.Now, nil)
			h := &house{T: t, db: d, now: now, ids: ids, Service: &room.Service{DB: d, IDs: ids, Now: now.Now}}
			h.tx(func(q db.Querier) error {
				return db.Exec(t.Context(), q, `insert into account (id, lang, operator, created_at) values ('account-sue', 'en', true, $1)`, db.At(now.Now()))
			})
			initiatives := &initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: people.Found}
			made, err := initiatives.CreateFirst(t.Context(), access.Actor{Account: "account-sue", Operator: true}, initiative.Draft{
				Name: "Riverside Reads", Slug: "riverside", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue",
			})
			h.must(err)
			h.in = made.Initiative
			h.sue = h.as(made.Steward, access.Steward)
			test(h)
		})
	}
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	h.must(h.db.Tx(h.Context(), fn))
}

func (h *house) as(person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: h.in.ID, Person: person, Kind: k}}}
}

// comes is somebody with a membership.
func (h *house) comes(name string, k access.Kind) (who access.Actor) {
	h.Helper()
	h.tx(func(q db.Querier) error {
		p, err := people.Add(h.Context(), q, h.in.ID, people.New{
			Person:   people.Person{Name: name, Langs: []i18n.Lang{}},
			Consents: []people.Consent{{Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Web}},
		})
		who = h.as(p.ID, k)
		return err
	})
	return who
}

// speaks makes somebody a spokesperson of a new organization, and gives its id.
func (h *house) speaks(who *access.Actor, kind organization.Kind, name string) string {
	h.Helper()
	var id string
	h.tx(func(q db.Querier) error {
		at := db.At(h.now.Now())
		made, err := organization.Add(h.Context(), q, h.in.ID, []organization.New{{
			Organization: organization.Organization{Kind: kind, Name: name, Lang: i18n.English, Status: organization.Shown},
		}})
		if err != nil {
			return err
		}
		id = made[0].ID
		who.Grants = []access.Grant{{Initiative: h.in.ID, Object: id, Right: organization.Speaks}}
		return db.Exec(h.Context(), q, `insert into spokesperson (initiative_id, id, organization_id, person_id, job, since_at, given_by, ended_by)
			values ($1, $2, $3, $4, '', $5, '', '')`, h.in.ID, h.ids.New(), id, who.Person(h.in.ID), at)
	})
	return id
}

func (h *house) key() string {
	h.keys++
	return strings.Repeat("k", 22+h.keys)
}

func (h *house) room(who access.Actor) string {
	h.Helper()
	id, err := h.Create(h.Context(), who, h.in.ID, h.key(), room.Draft{Title: "Saturday book drive", About: "Books for every child"})
	h.must(err)
	return id
}

func (h *house) say(who access.Actor, id, text string) error {
	h.now.Advance(1e9)
	return h.Say(h.Context(), who, h.in.ID, id, h.key(), text, i18n.English)
}

func (h *house) whole(who access.Actor, id string) room.Whole {
	h.Helper()
	w, err := h.Get(h.Context(), who, h.in.ID, id, "")
	h.must(err)
	return w
}

func (h *house) refuses(err error, k fault.Kind, key string) {
	h.Helper()
	if !fault.Is(err, k) {
		h.Fatalf("got %v, want %v", err, k)
	}
	if key == "" {
		return
	}
	said := fault.Says(err, "").Key
	for _, f := range fault.Fields(err) {
		said += " " + f.Message.Key
	}
	if !strings.Contains(said, key) {
		h.Errorf("it says %q, want %q", said, key)
	}
}

func TestAnInstitutionFindsNoRoomBeforeItIsOpened(t *testing.T) {
	run(t, func(h *house) {
		ana, ben, liz := h.comes("Ana", access.Member), h.comes("Ben", access.Member), h.comes("Liz", access.Partner)
		library := h.speaks(&liz, organization.Institution, "Library")
		id := h.room(ana)
		h.must(h.say(ana, id, "before the opening"))

		all, err := h.List(h.Context(), liz, h.in.ID)
		if err != nil || len(all) != 0 {
			t.Errorf("an institution lists %v, %v", all, err)
		}
		for what, err := range map[string]error{
			"get":  second(h.Get(h.Context(), liz, h.in.ID, id, "")),
			"sit":  h.Sit(h.Context(), liz, h.in.ID, id, room.SitDraft{For: library, Duty: "the hall"}),
			"say":  h.say(liz, id, "hello"),
			"make": second(h.Create(h.Context(), liz, h.in.ID, h.key(), room.Draft{Title: "Ours"})),
			"open": h.Open(h.Context(), liz, h.in.ID, id, "let us in"),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		h.refuses(h.Open(h.Context(), h.sue, h.in.ID, id, "We need a hall"), fault.Conflict, "room.alone")
		h.must(h.Sit(h.Context(), ben, h.in.ID, id, room.SitDraft{}))
		h.refuses(h.Open(h.Context(), ana, h.in.ID, id, "We need a hall"), fault.NotFound, "")
		h.refuses(h.Open(h.Context(), h.sue, h.in.ID, id, ""), fault.Invalid, "room.opening.missing")
		h.now.Advance(1e9)
		h.must(h.Open(h.Context(), h.sue, h.in.ID, id, "We need a hall"))
		h.must(h.say(ana, id, "after the opening"))

		seen := h.whole(liz, id)
		if len(seen.Entries) != 1 || seen.Entries[0].Text != "after the opening" || seen.Opening != "We need a hall" {
			t.Errorf("an institution reads %+v, opening %q", seen.Entries, seen.Opening)
		}
		if got := h.whole(ben, id); len(got.Entries) != 2 {
			t.Errorf("a neighbour reads %d entries", len(got.Entries))
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestProfessionalsAreFewerAndSayWhatFor(t *testing.T) {
	run(t, func(h *house) {
		ana, ben, cat := h.comes("Ana", access.Member), h.comes("Ben", access.Connector), h.comes("Cat", access.Member)
		liz, doc := h.comes("Liz", access.Partner), h.comes("Doc", access.Member)
		library, clinic := h.speaks(&liz, organization.Institution, "Library"), h.speaks(&doc, organization.Institution, "Clinic")
		id := h.room(ana)
		h.must(h.Sit(h.Context(), ben, h.in.ID, id, room.SitDraft{}))
		h.must(h.Open(h.Context(), h.sue, h.in.ID, id, "We need a hall"))

		sit := func(who access.Actor, d room.SitDraft) error { return h.Sit(h.Context(), who, h.in.ID, id, d) }
		h.refuses(sit(liz, room.SitDraft{For: library}), fault.Invalid, "room.duty.missing")
		h.refuses(sit(liz, room.SitDraft{Duty: "the hall"}), fault.Invalid, "room.for.missing")
		h.refuses(sit(liz, room.SitDraft{For: clinic, Duty: "the hall"}), fault.Invalid, "room.for.unknown")
		h.must(sit(liz, room.SitDraft{For: library, Duty: "the hall"}))
		h.must(sit(liz, room.SitDraft{For: library, Duty: "the hall and chairs"})) // again is no second seat
		// The doctor is a neighbour elsewhere; for the clinic he is a professional.
		h.refuses(sit(doc, room.SitDraft{For: clinic, Duty: "glasses"}), fault.Invalid, "room.full")
		h.must(sit(cat, room.SitDraft{}))
		h.must(sit(doc, room.SitDraft{For: clinic, Duty: "glasses"}))
		w := h.whole(ana, id)
		if w.Residents != 3 || w.Professionals != 2 || !w.InMinority() {
			t.Errorf("%d : %d", w.Residents, w.Professionals)
		}
		h.must(h.say(liz, id, "You can have the hall."))
		h.must(h.Leave(h.Context(), ben, h.in.ID, id))
		h.refuses(h.say(liz, id, "And now me."), fault.Conflict, "room.listen")
		h.must(h.say(ana, id, "Come back!"))
	})
}

func TestAnAssociationSitsWithTheNeighbours(t *testing.T) {
	run(t, func(h *house) {
		ana, pia := h.comes("Ana", access.Member), h.comes("Pia", access.Partner)
		choir := h.speaks(&pia, organization.Association, "Choir")
		id := h.room(ana)
		h.must(h.Sit(h.Context(), pia, h.in.ID, id, room.SitDraft{For: choir}))
		h.must(h.say(pia, id, "We bring forty voices."))
		w := h.whole(ana, id)
		if w.Residents != 2 || w.Professionals != 0 || w.Entries[0].OrganizationName != "Choir" {
			t.Errorf("%+v", w)
		}
	})
}

func TestWhoLeftAnOrganizationSpeaksForThemselves(t *testing.T) {
	run(t, func(h *house) {
		ana, ben := h.comes("Ana", access.Member), h.comes("Ben", access.Member)
		choir := h.speaks(&ben, organization.Association, "Choir")
		id := h.room(ana)
		h.must(h.Sit(h.Context(), ben, h.in.ID, id, room.SitDraft{For: choir}))
		h.must(h.say(ben, id, "The choir sings."))
		h.tx(func(q db.Querier) error {
			return db.Exec(h.Context(), q, `update spokesperson set until_at = $2 where initiative_id = $1`, h.in.ID, db.At(h.now.Now()))
		})
		h.must(h.say(ben, id, "And still does."))
		w := h.whole(ana, id)
		if got := w.Entries; got[0].OrganizationName != "Choir" || got[1].OrganizationName != "" {
			t.Errorf("it was said for %q and %q", got[0].OrganizationName, got[1].OrganizationName)
		}
		for _, seat := range w.Seats {
			if seat.Organization+seat.OrganizationName != "" {
				t.Errorf("who left sits there for %q", seat.OrganizationName)
			}
		}
	})
}

func TestWhoProposesAnAssociationIsNoNeighbourYet(t *testing.T) {
	run(t, func(h *house) {
		ana, pia := h.comes("Ana", access.Member), h.comes("Pia", access.Partner)
		h.speaks(&pia, organization.Association, "Pia and friends")
		id := h.room(ana)
		h.tx(func(q db.Querier) error {
			return db.Exec(h.Context(), q, `update organization set status = 'proposed' where initiative_id = $1`, h.in.ID)
		})
		_, err := h.Get(h.Context(), pia, h.in.ID, id, "")
		h.refuses(err, fault.NotFound, "")
	})
}

func TestWhatIsSaidIsSaidOnceAndCanBeTakenBack(t *testing.T) {
	run(t, func(h *house) {
		ana, ben := h.comes("Ana", access.Member), h.comes("Ben", access.Member)
		id := h.room(ana)
		key := h.key()
		for range 2 {
			h.must(h.Say(h.Context(), ana, h.in.ID, id, key, "Saturday at ten?", i18n.English))
		}
		h.refuses(h.say(ben, id, "I don't sit here"), fault.NotFound, "")
		h.refuses(h.say(ana, id, "  "), fault.Invalid, "room.text.missing")
		said := h.whole(ana, id).Entries
		if len(said) != 1 || !said[0].Mine {
			t.Fatalf("%+v", said)
		}
		h.refuses(h.TakeBack(h.Context(), ben, h.in.ID, id, said[0].ID), fault.NotFound, "")
		h.must(h.TakeBack(h.Context(), ana, h.in.ID, id, said[0].ID))
		if got := h.whole(ben, id).Entries; len(got) != 1 || got[0].Text != "" {
			t.Errorf("%+v", got)
		}
	})
}

func TestWhoSitsThereHearsOfWhatIsSaid(t *testing.T) {
	run(t, func(h *house) {
		ana, ben, cat := h.comes("Ana", access.Member), h.comes("Ben", access.Member), h.comes("Cat", access.Member)
		id := h.room(ana)
		h.must(h.Sit(h.Context(), ben, h.in.ID, id, room.SitDraft{}))
		h.must(h.say(ana, id, "Saturday"))
		h.must(h.say(ana, id, "at ten"))
		notices := &notice.Service{DB: h.db, Now: h.now.Now}
		for who, want := range map[*access.Actor]int{&ana: 0, &ben: 2, &cat: 0} {
			news, err := notices.List(h.Context(), *who, h.in.ID)
			h.must(err)
			n := 0
			for _, one := range news {
				n += one.N
			}
			if n != want {
				t.Errorf("%s hears %d, want %d", who.Account, n, want)
			}
		}
	})
}

func TestALongTalkComesInParts(t *testing.T) {
	run(t, func(h *house) {
		ana := h.comes("Ana", access.Member)
		id := h.room(ana)
		for range 35 {
			h.must(h.say(ana, id, "more"))
		}
		latest := h.whole(ana, id)
		earlier, err := h.Get(h.Context(), ana, h.in.ID, id, latest.Earlier)
		h.must(err)
		if len(latest.Entries) != 30 || len(earlier.Entries) != 5 || earlier.Earlier != "" {
			t.Errorf("%d, then %d and %q", len(latest.Entries), len(earlier.Entries), earlier.Earlier)
		}
	})
}

func TestAnEndedRoomIsRead(t *testing.T) {
	run(t, func(h *house) {
		ana, ben := h.comes("Ana", access.Member), h.comes("Ben", access.Member)
		id := h.room(ana)
		h.must(h.say(ana, id, "Saturday"))
		h.refuses(h.End(h.Context(), ana, h.in.ID, id), fault.NotFound, "")
		h.must(h.End(h.Context(), h.sue, h.in.ID, id))
		h.refuses(h.say(ana, id, "Sunday"), fault.Conflict, "")
		h.refuses(h.Sit(h.Context(), ben, h.in.ID, id, room.SitDraft{}), fault.Conflict, "room.closed")
		if got := h.whole(ben, id); len(got.Entries) != 1 || got.MaySit || got.MaySay {
			t.Errorf("%+v", got)
		}
	})
}

func TestAnotherInitiativesRoomDoesNotExist(t *testing.T) {
	run(t, func(h *house) {
		ana := h.comes("Ana", access.Member)
		id := h.room(ana)
		stranger := access.Actor{Account: "x", Memberships: []access.Membership{{Initiative: "elsewhere", Person: "p", Kind: access.Steward}}}
		for _, err := range []error{
			second(h.List(h.Context(), stranger, h.in.ID)), second(h.Get(h.Context(), stranger, h.in.ID, id, "")),
			h.say(stranger, id, "hello"), h.Open(h.Context(), stranger, h.in.ID, id, "x"),
			second(h.List(h.Context(), access.Actor{}, h.in.ID)),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("got %v", err)
			}
		}
	})
}

func TestWhoIsErasedLeavesNoWord(t *testing.T) {
	run(t, func(h *house) {
		ana, ben := h.comes("Ana", access.Member), h.comes("Ben", access.Member)
		id := h.room(ana)
		h.must(h.Sit(h.Context(), ben, h.in.ID, id, room.SitDraft{Duty: "my van"}))
		h.must(h.say(ben, id, "I have a van"))
		s := room.Source()
		part, err := s.Export(h.Context(), h.db.Read(), h.in.ID, ben.Person(h.in.ID))
		if err != nil || !strings.Contains(fmt.Sprint(part), "I have a van") || !strings.Contains(fmt.Sprint(part), "my van") {
			t.Errorf("the copy is %v, %v", part, err)
		}
		for range 2 {
			h.tx(func(q db.Querier) error { return s.Erase(h.Context(), q, h.in.ID, ben.Person(h.in.ID)) })
		}
		w := h.whole(ana, id)
		if w.Residents != 1 || len(w.Entries) != 1 || w.Entries[0].Text != "" || w.Entries[0].Person != "" {
			t.Errorf("%+v", w)
		}
		h.tx(func(q db.Querier) error { return s.Erase(h.Context(), q, h.in.ID, ana.Person(h.in.ID)) })
		made, err := db.One(h.Context(), h.db.Read(), db.Value[int], `select count(*) from room where initiative_id = $1 and made_by is not null`, h.in.ID)
		if err != nil || made != 0 {
			t.Errorf("%d rooms say who made them, %v", made, err)
		}
	})
}

func TestARoomCostsFewStatements(t *testing.T) {
	run(t, func(h *house) {
		ana := h.comes("Ana", access.Member)
		id := h.room(ana)
		for range 12 {
			h.must(h.Sit(h.Context(), h.comes("N", access.Member), h.in.ID, id, room.SitDraft{}))
			h.must(h.say(ana, id, "more"))
		}
		count := dbtest.Count(h.db)
		h.whole(ana, id)
		if count.N() > 4 {
			t.Errorf("%d statements: %s", count.N(), strings.Join(count.Statements(), "\n"))
		}
	})
}

func TestWhoIsOnlyAskedToSpeakStaysANeighbour(t *testing.T) {
	run(t, func(h *house) {
		ana := h.comes("Ana", access.Member)
		h.speaks(&ana, organization.Institution, "Clinic")
		asked := ana
		asked.Grants = nil // no yes yet
		for who, want := range map[*access.Actor]room.Side{&ana: room.Professional, &asked: room.Resident} {
			if side, err := h.Side(h.Context(), *who, h.in.ID); err != nil || side != want {
				t.Errorf("%s, %v; want %s", side, err, want)
			}
		}
	})
}
