package notice_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/link"
	"commonweal/internal/mail"
	"commonweal/internal/notice"
	"commonweal/internal/people"
)

const day = 24 * time.Hour

// house is an initiative in Chicago with a steward and two connectors, on a
// Saturday at noon.
type house struct {
	*testing.T
	*notice.Service
	now             *clock.Fake
	in              initiative.Initiative
	sue, carl, cora access.Actor
	operator        access.Actor
	told            int
}

// run tries something in a house on both stores.
func run(t *testing.T, test func(h *house)) {
	t.Helper()
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, now *clock.Fake) { test(newHouse(t, d, now)) })
}

func newHouse(t *testing.T, d *db.DB, now *clock.Fake) *house {
	t.Helper()
	h := &house{T: t, now: now, operator: access.Actor{Account: "operator", Operator: true}}
	h.Service = &notice.Service{
		DB: d, Now: now.Now, Log: slog.New(slog.DiscardHandler), BaseURL: "https://oak.example",
		Open: map[string]notice.Opener{"talk": openTalks},
	}
	h.in, h.sue = h.found("Oak", "Sue")
	h.carl, h.cora = h.member("Carl", access.Connector), h.member("Cora", access.Connector)
	h.at("2026-11-21 12:00")
	return h
}

// openTalks gives a code for each of some talks, as the conversations do.
func openTalks(ctx context.Context, q db.Querier, in string, ids []string) (map[string]notice.Key, error) {
	var all []link.Link
	for _, id := range ids {
		all = append(all, link.Link{Initiative: in, Kind: "talk", Subject: id})
	}
	codes, err := link.NewCodes(ctx, q, all)
	keys := map[string]notice.Key{}
	for i, code := range codes {
		keys[ids[i]] = notice.Key{Path: "/answer", Code: code}
	}
	return keys, err
}

// at moves the clock to a local time.
func (h *house) at(local string) {
	h.Helper()
	to, err := time.ParseInLocation("2006-01-02 15:04", local, h.in.Zone)
	h.ok(err)
	h.now.Advance(to.Sub(h.now.Now()))
}

func (h *house) found(name, steward string) (initiative.Initiative, access.Actor) {
	h.Helper()
	s := &initiative.Service{DB: h.DB, IDs: db.NewIDs(h.Now, nil), Now: h.Now, Found: people.Found}
	made, err := s.Create(h.Context(), h.operator, initiative.Draft{Name: name, Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: steward})
	h.ok(err)
	return made.Initiative, actor(made.ID, made.Steward, access.Steward)
}

func actor(in, person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: in, Person: person, Kind: k}}}
}

func (h *house) member(name string, k access.Kind) access.Actor {
	h.Helper()
	return actor(h.in.ID, h.person(name, access.Actor{}), k)
}

// person writes somebody down, whom a connector knows.
func (h *house) person(name string, knows access.Actor, more ...func(n *people.New)) (id string) {
	h.Helper()
	n := people.New{Person: people.Person{Name: name, Connector: knows.Person(h.in.ID)}}
	n.Consents = []people.Consent{{
		Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Web,
	}}
	for _, change := range more {
		change(&n)
	}
	h.tx(func(q db.Querier) error {
		p, err := people.Add(h.Context(), q, h.in.ID, n)
		id = p.ID
		return err
	})
	return id
}

func withMail(address string) func(*people.New) {
	return func(n *people.New) { n.Contacts = []people.Contact{{Kind: people.Email, Value: address}} }
}

func speaks(lang i18n.Lang) func(*people.New) {
	return func(n *people.New) { n.Langs = []i18n.Lang{lang} }
}

func child(n *people.New) {
	n.Age = people.Under18
	n.Consents[0].GivenBy, n.Consents[0].GiverName = people.Parent, "Rosa"
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	h.ok(h.DB.Tx(h.Context(), fn))
}

// answer is an answer in a talk, as a room tells it.
func (h *house) answer(person, talk string) notice.Told {
	h.told++
	return notice.Told{
		Initiative: h.in.ID, Person: person, Matter: notice.Matter{Kind: "talk", ID: talk},
		Line: fault.Message{Key: "conversation.notice.answer"}, Path: "/me", Unique: fmt.Sprint("answer ", h.told),
	}
}

// tell tells it.
func (h *house) tell(all ...notice.Told) {
	h.Helper()
	h.tx(func(q db.Querier) error { return notice.Tell(h.Context(), q, all...) })
}

// runJobs does the round that comes every ten minutes, and all that comes of it.
func (h *house) runJobs() {
	h.Helper()
	r := &jobs.Runner{DB: h.DB, IDs: db.NewIDs(h.Now, nil), Now: h.Now, Log: slog.New(slog.DiscardHandler), Handle: h.Handlers()}
	for kind, every := range notice.Chores() {
		h.tx(func(q db.Querier) error { return jobs.Every(h.Context(), q, kind, every) })
	}
	_, err := r.RunDue(h.Context())
	h.ok(err)
}

// tick lets ten minutes pass, and does the round.
func (h *house) tick() {
	h.Helper()
	h.now.Advance(10 * time.Minute)
	h.runJobs()
}

// letters are the messages to an address, oldest first.
func (h *house) letters(to string) (all []mail.Letter) {
	h.Helper()
	out, err := mail.Outbox(h.Context(), h.DB.Read(), h.in.ID)
	h.ok(err)
	for _, l := range out {
		if l.To == to {
			all = append(all, l)
		}
	}
	slices.Reverse(all)
	return all
}

// stop is the token in a message.
func (h *house) stop(l mail.Letter) string {
	h.Helper()
	token, ok := strings.CutPrefix(l.Stop, "https://oak.example/i/oak/stop/")
	if !ok || !strings.Contains(l.Body, l.Stop) {
		h.Fatalf("no link to stop: %q in %q", l.Stop, l.Body)
	}
	return token
}

func (h *house) must(what string, err error, k fault.Kind) {
	h.Helper()
	if !fault.Is(err, k) {
		h.Errorf("%s: %v, want %v", what, err, k)
	}
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// faults gives the fields at fault, and fails for one without words.
func (h *house) faults(err error) (all []string) {
	h.Helper()
	for _, f := range fault.Fields(err) {
		all = append(all, f.Name+" "+f.Message.Key)
		for _, lang := range i18n.Langs() {
			if !i18n.In(lang).Has(f.Message.Key) {
				h.Errorf("%s has no sentence for %s", lang, f.Message.Key)
			}
		}
	}
	return all
}

// digest is the whole store, as one text.
func (h *house) digest() string {
	h.Helper()
	tables, err := h.DB.Digest(h.Context())
	h.ok(err)
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		all.WriteString(name + " " + tables[name].Sum + "\n")
	}
	return all.String()
}

func (h *house) number(query string, args ...any) int {
	h.Helper()
	n, err := db.One(h.Context(), h.DB.Read(), db.Value[int], query, args...)
	h.ok(err)
	return n
}

// crowd writes many people with an address down at once.
func (h *house) crowd(n int) {
	h.Helper()
	on := db.At(h.now.Now())
	const some = 500
	h.tx(func(q db.Querier) error {
		for first := 0; first < n; first += some {
			var people, contacts []string
			for i := first; i < first+some; i++ {
				people = append(people, fmt.Sprintf(`($1, 'p%05d', 'N', 'n', '', 'adult', $2)`, i))
				contacts = append(contacts, fmt.Sprintf(`($1, 'c%05d', 'p%05d', 'email', 'p%05d@example.org', '', $2)`, i, i, i))
			}
			if err := db.Exec(h.Context(), q, `insert into person (initiative_id, id, name, name_folded, langs, age, created_at) values `+
				strings.Join(people, ", "), h.in.ID, on); err != nil {
				return err
			}
			if err := db.Exec(h.Context(), q, `insert into contact (initiative_id, id, person_id, kind, value, safe, created_at) values `+
				strings.Join(contacts, ", "), h.in.ID, on); err != nil {
				return err
			}
		}
		return nil
	})
}
