package exchange_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"unicode"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange"
	"commonweal/internal/gift"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
	"commonweal/internal/place"
)

// house is an initiative with a steward and a connector, two areas and the
// exchange.
type house struct {
	testing.TB
	*exchange.Service
	in        initiative.Initiative
	now       *clock.Fake
	people    *people.Service
	area      string
	sue, cora access.Actor // a steward and a connector
}

func open(t testing.TB, d *db.DB, now *clock.Fake) *house {
	t.Helper()
	h := &house{TB: t, now: now}
	gifts := &gift.Service{DB: d, Now: now.Now}
	h.Service = &exchange.Service{DB: d, IDs: db.NewIDs(now.Now, nil), Now: now.Now, Log: slog.New(slog.DiscardHandler), Gifts: gifts}
	h.people = &people.Service{DB: d, Now: now.Now, Sources: []people.Source{exchange.Source()}}
	operator := access.Actor{Account: "account-sue", Operator: true}
	h.tx(func(q db.Querier) error {
		return db.Exec(t.Context(), q, `insert into account (id, lang, operator, created_at) values ('account-sue', 'en', true, $1)`, db.At(now.Now()))
	})
	made, err := (&initiative.Service{DB: d, IDs: h.IDs, Now: now.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}).CreateFirst(
		t.Context(), operator, initiative.Draft{Name: "Oak", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue Steward"})
	if err != nil {
		t.Fatal(err)
	}
	h.in = made.Initiative
	h.sue = h.actor(made.Steward, access.Steward)
	h.tx(func(q db.Querier) error {
		h.area = h.IDs.New()
		return place.Add(t.Context(), q, h.in.ID, place.Area{ID: h.area, Name: "Elm Court", Kind: place.Block}, db.At(now.Now()))
	})
	h.cora = h.connector("Cora Lane")
	return h
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	if err := h.DB.Tx(h.Context(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) actor(person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: h.in.ID, Person: person, Kind: k}}}
}

func (h *house) connector(name string) access.Actor {
	h.Helper()
	var p people.Person
	h.tx(func(q db.Querier) (err error) {
		p, err = people.Add(h.Context(), q, h.in.ID, people.New{
			Person: people.Person{Name: name},
			Consents: []people.Consent{{
				Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Web,
			}},
		})
		if err != nil {
			return err
		}
		return access.Give(h.Context(), q, access.Membership{Initiative: h.in.ID, Person: p.ID, Kind: access.Connector}, "")
	})
	return h.actor(p.ID, access.Connector)
}

// upload reads a file whose lines are given.
func (h *house) upload(name string, lines ...string) exchange.Batch {
	h.Helper()
	text := []byte(strings.Join(lines, "\n") + "\n")
	b, err := h.Upload(h.Context(), h.sue, h.in.ID, name, bytes.NewReader(text), int64(len(text)))
	if err != nil {
		h.Fatal(err)
	}
	return b
}

// settle says of every table that it is what it was guessed to be.
func (h *house) settle(b exchange.Batch, answers exchange.Answers) exchange.Batch {
	h.Helper()
	for _, sh := range b.Sheets {
		var err error
		if b, err = h.Map(h.Context(), h.sue, h.in.ID, b.ID, sh.N, exchange.SheetDraft{Target: sh.Target, Answers: answers}); err != nil {
			h.Fatalf("%s: %v", sh.Name, err)
		}
	}
	return b
}

func (h *house) plan(b exchange.Batch) exchange.Plan {
	h.Helper()
	p, err := h.DryRun(h.Context(), h.sue, h.in.ID, b.ID)
	if err != nil {
		h.Fatal(err)
	}
	return p
}

func (h *house) apply(b exchange.Batch) exchange.Batch {
	h.Helper()
	b, err := h.Apply(h.Context(), h.sue, h.in.ID, b.ID, nil)
	if err != nil {
		h.Fatal(err)
	}
	return b
}

func (h *house) undo(b exchange.Batch) exchange.Undone {
	h.Helper()
	u, err := h.Undo(h.Context(), h.sue, h.in.ID, b.ID)
	if err != nil {
		h.Fatal(err)
	}
	return u
}

// agreed is what a steward answers when everybody agreed on paper.
var agreed = exchange.Answers{"agreed": "yes", "how": "paper", "on": "2026-11-01", "said": "name"}

// digests are of every table but those that an import writes whatever it does.
func (h *house) digests() map[string]db.TableDigest {
	h.Helper()
	all, err := h.DB.Digest(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	for _, table := range []string{"audit", "audit_wait", "change", "job", "import_batch", "import_cells", "import_choice", "import_mapping", "import_row"} {
		delete(all, table)
	}
	return all
}

// differ names the tables of which two digests aren't the same.
func differ(a, b map[string]db.TableDigest) (names []string) {
	for name, one := range a {
		if b[name] != one {
			names = append(names, name)
		}
	}
	return names
}

func (h *house) count(table string) int64 {
	h.Helper()
	n, err := db.One(h.Context(), h.DB.Read(), db.Value[int64], `select count(*) from `+table+` where initiative_id = $1`, h.in.ID)
	if err != nil {
		h.Fatal(err)
	}
	return n
}

func run(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) { test(t, open(t, d, c)) })
}

func giftDraft(text string) gift.Draft { return gift.Draft{Kind: gift.Skill, Text: text, Lang: "en"} }

// holdsNot fails when a word stands in any text of a table.
func (h *house) holdsNot(table, word string) {
	h.Helper()
	columns, err := h.DB.Columns(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	for _, c := range columns {
		if c.Table != table || c.Type != "text" {
			continue
		}
		texts, err := db.All(h.Context(), h.DB.Read(), db.Value[string],
			`select `+c.Name+` from `+table+` where `+c.Name+` is not null`)
		if err != nil {
			h.Fatal(err)
		}
		for _, text := range texts {
			for _, part := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
				if part == word {
					h.Errorf("%s.%s holds %q: %s", table, c.Name, word, text)
				}
			}
		}
	}
}
