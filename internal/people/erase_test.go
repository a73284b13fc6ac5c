package people_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/jobs"
	"commonweal/internal/people"
)

// canaries are texts that stand nowhere but in what is kept about one person.
var canaries = []string{
	"canary-name", "canary-code", "canary-note", "canary-phone", "canary@example.org", "canary-safe", "canary-parent", "canary-device",
}

// canary writes down somebody of whom every field sings, and signs them in.
func (h *house) canary() people.Person {
	h.Helper()
	consent := parent(people.Purposes()...)
	consent.GiverName = "canary-parent"
	h.tx(func(q db.Querier) error {
		_, err := people.HouseholdByCode(h.Context(), q, h.in.ID, h.carl.Person(h.in.ID), "canary-code", h.area)
		return err
	})
	l, err := h.Households(h.Context(), h.carl, h.in.ID, people.Filter{})
	if err != nil {
		h.Fatal(err)
	}
	if _, err := h.EditHousehold(h.Context(), h.carl, h.in.ID, l.Households[0].ID,
		people.HouseholdDraft{Code: "canary-code", Area: h.area, Note: "canary-note"}); err != nil {
		h.Fatal(err)
	}
	p := h.create(h.carl, people.Draft{
		Name: "canary-name", Area: h.area, Household: "canary-code", Langs: []string{"es"}, MetOn: "2026-11-01",
		Age: people.Under18, Consent: consent,
		Contacts: []people.ContactDraft{
			{Kind: people.Other, Value: "canary-phone", Safe: "canary-safe"}, {Kind: people.Email, Value: "canary@example.org"},
		},
	})
	h.tx(func(q db.Querier) error {
		at := db.At(h.now.Now())
		if err := db.Exec(h.Context(), q, `insert into account (id, lang, operator, created_at) values ('theirs', 'es', false, $1)`, at); err != nil {
			return err
		}
		return account.Be(h.Context(), q, h.in.ID, p.ID, "theirs")
	})
	h.signIn()
	return p
}

// signIn signs the canary's account in on a device, by a link.
func (h *house) signIn() {
	h.Helper()
	h.tx(func(q db.Querier) error {
		at := db.At(h.now.Now())
		return db.Exec(h.Context(), q, `insert into session (id, token_hash, account_id, device, created_at, seen_at, proved_at, expires_at)
			values ('s', 'hash', 'theirs', 'canary-device', $1, $1, $1, $2)`, at, db.At(at.Add(time.Hour)))
	})
}

func TestErasedIsErased(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		p := h.canary()
		people, households := h.count("person"), h.count("household")
		if err := h.Erase(t.Context(), h.carl, h.in.ID, p.ID); err != nil {
			t.Fatal(err)
		}
		for _, text := range canaries {
			if where := find(t, d, text); len(where) > 0 {
				t.Errorf("%q is still in %q", text, where)
			}
		}
		if h.count("person") != people || h.count("household") != households {
			t.Errorf("%d people and %d households, before %d and %d", h.count("person"), h.count("household"), people, households)
		}
		for name, err := range everyVerbOfNobody(h, p.ID) {
			h.must(name, err, fault.NotFound)
		}
		noted, err := audit.Latest(t.Context(), d.Read(), h.in.ID, time.Time{}, 1)
		if err != nil || noted[0].Act != "erase person" || noted[0].Object != p.ID {
			t.Errorf("noted %+v, %v", noted, err)
		}
	})
}

// everyVerbOfNobody is what a steward tries with an erased person.
func everyVerbOfNobody(h *house, person string) map[string]error {
	ctx, in := h.Context(), h.in.ID
	return map[string]error{
		"read":   second(h.Get(ctx, h.sue, in, person)),
		"edit":   second(h.Edit(ctx, h.sue, in, person, draft("x"))),
		"export": second(h.Export(ctx, h.sue, in, person)),
		"looks":  second(h.Looks(ctx, h.sue, in, person)),
		"erase":  h.Erase(ctx, h.sue, in, person),
		"agree":  h.Agree(ctx, h.sue, in, person, yes("asked")),
		"keep":   people.CheckKeep(ctx, h.DB.Read(), in, person),
	}
}

// find says in which tables a text stands.
func find(t *testing.T, d *db.DB, text string) (tables []string) {
	t.Helper()
	columns, err := d.Columns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range columns {
		if c.Type != "text" {
			continue
		}
		n, err := db.One(t.Context(), d.Read(), db.Value[int], fmt.Sprintf(`select count(*) from %s where %s like $1`, c.Table, c.Name), "%"+text+"%")
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			tables = append(tables, c.Table+"."+c.Name)
		}
	}
	return tables
}

// file is a house whose store is a file of which the bytes can be searched.
func file(t *testing.T) (h *house, path string) {
	t.Helper()
	path = dbtest.File(t)
	return open(t, reopen(t, path)), path
}

func reopen(t *testing.T, path string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// runJobs does what waits, among it the scrubbing.
func runJobs(t *testing.T, s *people.Service) {
	t.Helper()
	r := &jobs.Runner{DB: s.DB, IDs: db.NewIDs(s.Now, nil), Now: s.Now, Handle: s.Handlers()}
	if n, err := r.RunDue(t.Context()); err != nil || n == 0 {
		t.Fatalf("%d jobs ran: %v", n, err)
	}
}

// grep counts the canaries in a store's file and the files beside it.
func grep(t *testing.T, path string) (n int) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range canaries {
			n += bytes.Count(b, []byte(text))
		}
	}
	return n
}

func TestErasedTextLeavesTheFileAndARestoredCopy(t *testing.T) {
	h, path := file(t)
	p := h.canary()
	older := filepath.Join(t.TempDir(), "older.db")
	if _, err := h.DB.CopyTo(t.Context(), older); err != nil {
		t.Fatal(err)
	}
	if grep(t, path) == 0 || grep(t, older) == 0 {
		t.Fatal("the canaries were never in the files: this test proves nothing")
	}
	if err := h.Erase(t.Context(), h.actor(p.ID, access.Member), h.in.ID, p.ID); err != nil {
		t.Fatal(err)
	}
	runJobs(t, h.Service)
	if n := grep(t, path); n != 0 {
		t.Errorf("%d canaries in the file after erasing", n)
	}
	journal, err := people.Erasures(t.Context(), h.DB.Read())
	if err != nil || len(journal) != 1 {
		t.Fatalf("journal %+v, %v", journal, err)
	}

	restored := *h.Service
	restored.DB = reopen(t, older)
	for _, want := range []int{1, 0} { // a second time there is nothing left to do
		if n, err := restored.ReplayErasures(t.Context(), journal); err != nil || n != want {
			t.Fatalf("erased again %d, want %d: %v", n, want, err)
		}
	}
	runJobs(t, &restored)
	if n := grep(t, older); n != 0 {
		t.Errorf("%d canaries in the restored copy", n)
	}
	again, err := people.Erasures(t.Context(), restored.DB.Read())
	if err != nil || !slices.Equal(again, journal) {
		t.Errorf("journal of the copy %+v, want %+v; %v", again, journal, err)
	}
}

func TestTheJournalHoldsNoWords(t *testing.T) {
	h := open(t, dbtest.Open(t))
	p := h.canary()
	if err := h.Erase(t.Context(), h.sue, h.in.ID, p.ID); err != nil {
		t.Fatal(err)
	}
	all, err := people.Erasures(t.Context(), h.DB.Read())
	if err != nil || len(all) != 1 || all[0].Subject != "person" || all[0].ID != p.ID || !all[0].At.Equal(h.now.Now()) {
		t.Fatalf("journal %+v, %v", all, err)
	}
	text, err := json.Marshal(all)
	var back []people.Erasure
	if err != nil || json.Unmarshal(text, &back) != nil || !slices.Equal(back, all) {
		t.Errorf("written and read: %s, %v", text, err)
	}
}

func TestReplayCoversWhatOtherRoomsErasedAndWhatWasWithdrawn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		full := draft("Ana")
		full.Consent = yes(people.KeepName, people.BeReached)
		full.Contacts = []people.ContactDraft{{Kind: people.Phone, Value: "555 0100"}}
		ana := h.create(h.carl, full)
		var heard []string
		h.Replays = map[string]func(context.Context, db.Querier, string, string) error{
			"conversation": func(_ context.Context, _ db.Querier, in, id string) error {
				heard = append(heard, in+" "+id)
				return nil
			},
		}
		at := db.At(h.now.Now())
		reach := h.get(h.carl, ana.ID).Consents[1]
		journal := []people.Erasure{
			{Initiative: h.in.ID, Subject: "conversation", ID: "talk", At: at},
			{Initiative: h.in.ID, Subject: "consent", ID: reach.ID, At: at},
			{Initiative: h.in.ID, Subject: "consent", ID: "came-later", At: at},
			{Initiative: h.in.ID, Subject: "person", ID: "came-later", At: at},
		}
		if n, err := h.ReplayErasures(t.Context(), journal); err != nil || n != 4 {
			t.Fatalf("%d erased again, %v", n, err)
		}
		h.expect("other rooms", heard, h.in.ID+" talk")
		if r := h.get(h.carl, ana.ID); len(r.Contacts) != 0 || r.Consents[1].Stands() || r.Name != "Ana" {
			t.Errorf("after the replay %+v", r)
		}
		if n, err := h.ReplayErasures(t.Context(), journal); err != nil || n != 0 {
			t.Errorf("a second time: %d, %v", n, err)
		}
		if _, err := h.ReplayErasures(t.Context(), []people.Erasure{{Subject: "novel", ID: "x", At: at}}); err == nil {
			t.Error("a subject that nobody knows was passed over in silence")
		}
	})
}

func TestSessionsEndWithTheLastPersonOfAnAccount(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		for _, elsewhere := range []bool{false, true} {
			t.Run(fmt.Sprintf("a person elsewhere: %v", elsewhere), func(t *testing.T) {
				h := open(t, dbtest.Open(t))
				p := h.canary()
				if elsewhere {
					h.tx(func(q db.Querier) error { return account.Be(t.Context(), q, "another", "p", "theirs") })
				}
				if err := h.Erase(t.Context(), h.sue, h.in.ID, p.ID); err != nil {
					t.Fatal(err)
				}
				n, err := db.One(t.Context(), h.DB.Read(), db.Value[int], `select count(*) from session where account_id = 'theirs'`)
				if err != nil || (n == 1) != elsewhere {
					t.Errorf("%d sessions, %v", n, err)
				}
			})
		}
	})
}

func TestTheLastStewardStays(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		sue := h.sue.Person(h.in.ID)
		h.must("the only steward", h.Erase(t.Context(), h.sue, h.in.ID, sue), fault.Conflict)
		h.get(h.sue, sue)
		h.tx(func(q db.Querier) error {
			return access.Give(t.Context(), q, access.Membership{Initiative: h.in.ID, Person: h.carl.Person(h.in.ID), Kind: access.Steward}, "")
		})
		if err := h.Erase(t.Context(), h.sue, h.in.ID, sue); err != nil {
			t.Errorf("one of two: %v", err)
		}
		if left, err := access.With(t.Context(), d.Read(), h.in.ID, access.Steward); err != nil || len(left) != 1 {
			t.Errorf("stewards left: %v, %v", left, err)
		}
	})
}

func TestWhomAnErasedConnectorKnewIsNobodys(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.household(h.carl, "blue door")
		ana := h.create(h.carl, draft("Ana"))
		if err := h.Erase(t.Context(), h.sue, h.in.ID, h.carl.Person(h.in.ID)); err != nil {
			t.Fatal(err)
		}
		if r := h.get(h.sue, ana.ID); r.Connector != "" || r.Name != "Ana" {
			t.Errorf("got %+v", r)
		}
		h.expect("nobody's households", h.codes(h.sue, people.Filter{Connector: people.NoConnector}), "blue door")
	})
}

func TestAHouseholdGoesWithItsLastPerson(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		blue := h.household(h.carl, "blue door")
		one := draft("Ana")
		one.Household = "blue door"
		ana, ben := h.create(h.carl, one), h.create(h.carl, one)
		if err := h.Erase(t.Context(), h.carl, h.in.ID, ana.ID); err != nil {
			t.Fatal(err)
		}
		r, err := h.GetHousehold(t.Context(), h.carl, h.in.ID, blue.ID)
		if err != nil || r.Code != "blue door" || r.Note != "" || r.People != 1 {
			t.Errorf("with one left: %+v, %v", r.HouseholdCard, err)
		}
		if err := h.Erase(t.Context(), h.carl, h.in.ID, ben.ID); err != nil {
			t.Fatal(err)
		}
		h.must("with nobody left", second(h.GetHousehold(t.Context(), h.carl, h.in.ID, blue.ID)), fault.NotFound)
		if n := h.count("household"); n != 1 {
			t.Errorf("%d households are counted", n)
		}
	})
}

func TestWhatOneRoomCannotEraseNobodyErases(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		p := h.canary()
		stuck := errors.New("stuck")
		h.Sources = append(h.Sources, people.Source{Name: "gifts", Erase: func(context.Context, db.Querier, string, string) error { return stuck }})
		if err := h.Erase(t.Context(), h.sue, h.in.ID, p.ID); !errors.Is(err, stuck) {
			t.Fatalf("erase: %v", err)
		}
		if r := h.get(h.sue, p.ID); r.Name != "canary-name" || len(r.Contacts) != 2 {
			t.Errorf("half erased: %+v", r)
		}
		if n := h.count("erasure"); n != 0 {
			t.Errorf("%d lines in the journal", n)
		}
	})
}
