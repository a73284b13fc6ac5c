package exchange_test

import (
	"testing"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/jobs"
	"commonweal/internal/people"
)

// sings says how many rows of the import's own tables hold a word.
func (h *house) sings(word string) int {
	h.Helper()
	n, err := db.One(h.Context(), h.DB.Read(), db.Value[int], `select
		(select count(*) from import_row where initiative_id = $1 and before || extra || print like $2)
		+ (select count(*) from import_cells where initiative_id = $1 and cells like $2)
		+ (select count(*) from import_batch where initiative_id = $1 and sheets || receipt || problem like $2)`, h.in.ID, "%"+word+"%")
	if err != nil {
		h.Fatal(err)
	}
	return n
}

// forgets erases somebody by name.
func (h *house) forgets(name string) {
	h.Helper()
	l, err := h.people.List(h.Context(), h.sue, h.in.ID, people.Filter{Text: name})
	if err != nil || len(l.People) != 1 {
		h.Fatalf("%s: %+v, %v", name, l.People, err)
	}
	if err := h.people.Erase(h.Context(), h.sue, h.in.ID, l.People[0].ID); err != nil {
		h.Fatal(err)
	}
}

func TestTheErasedStandBesideNobodyAndBeforeNothing(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		h.apply(h.settle(h.upload("homes.csv", "Household code,Neighborhood,Connector,Who lives there,Seen", "EC-1,Elm Court,Cora Lane,Maria Lopez,Maria was crying"), agreed))
		h.apply(h.settle(h.upload("partners.csv", partnerList[0], "Tools,association,June Abara,june@tools.example,,,,"), agreed))
		b := h.apply(h.settle(h.upload("partners.csv", partnerList[0], "Tools,association,Ana Ruiz,ana@tools.example,,,,"), agreed))
		h.tx(func(q db.Querier) error {
			p, err := people.Add(h.Context(), q, h.in.ID, people.New{Person: people.Person{Name: "June Abara"}, Consents: []people.Consent{{
				Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Web,
			}}})
			if err != nil {
				return err
			}
			return db.Exec(h.Context(), q, `insert into spokesperson (initiative_id, id, organization_id, person_id, job, since_at, given_by, ended_by)
				select $1, 'sp', id, $2, '', created_at, '', '' from organization where initiative_id = $1`, h.in.ID, p.ID)
		})
		if h.sings("crying") == 0 || h.sings("june@") == 0 {
			t.Fatal("nothing to forget")
		}
		h.forgets("maria")
		h.forgets("june")
		if n := h.sings("crying"); n != 0 {
			t.Errorf("%d rows tell of the household", n)
		}
		if n := h.sings("june@"); n != 0 {
			t.Errorf("%d rows name whom to ask at an organization", n)
		}
		if u := h.undo(b); u.Restored != 0 || len(u.Kept) != 1 {
			t.Errorf("taken back: %+v", u)
		}
	})
}

func TestAFileThatPartsTheNameOfTheErasedIsForgotten(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		h.apply(h.settle(h.upload("neighbours.csv", contactList...), agreed))
		h.upload("parted.csv", "First name,Last name,Phone", "Maria,Lopez,312 555 0199")
		h.upload("others.csv", "First name,Last name,Phone", "Ben,Otto,312 555 0188")
		h.forgets("maria")
		if n := h.sings("Lopez"); n != 0 {
			t.Errorf("%d rows name the erased", n)
		}
		if h.sings("Otto") == 0 {
			t.Error("a file that names somebody else is gone as well")
		}
	})
}

func TestAFileWhoseJobIsLostIsForgotten(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		b := h.settle(h.upload("neighbours.csv", contactList...), agreed)
		if err := h.Start(h.Context(), h.sue, h.in.ID, b.ID); err != nil {
			t.Fatal(err)
		}
		only := map[string]jobs.Handler{"exchange.tidy": h.Handlers()["exchange.tidy"]}
		tidy := func(after time.Duration) int64 {
			h.now.Advance(after)
			h.tx(func(q db.Querier) error { return jobs.Add(h.Context(), q, jobs.Job{Kind: "exchange.tidy"}) })
			if _, err := (&jobs.Runner{DB: h.DB, IDs: h.IDs, Now: h.now.Now, Log: h.Service.Log, Handle: only}).RunDue(h.Context()); err != nil {
				t.Fatal(err)
			}
			return h.count("import_batch")
		}
		if n := tidy(25 * time.Hour); n != 1 {
			t.Error("forgotten while a job may have it")
		}
		if n := tidy(50 * time.Hour); n != 0 || h.count("import_cells") != 0 {
			t.Errorf("%d files are left, %d of their parts", n, h.count("import_cells"))
		}
	})
}
