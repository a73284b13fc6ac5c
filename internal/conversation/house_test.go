package conversation_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/mail"
	"commonweal/internal/notice"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/place"
)

const day = 24 * time.Hour

// house is an initiative with a steward, two connectors and an area of eight
// homes.
type house struct {
	*testing.T
	*conversation.Service
	now             *clock.Fake
	in              initiative.Initiative
	area            string
	sue, carl, cora access.Actor // a steward and two connectors
	keys            int
}

// run tries something in a house on both stores.
func run(t *testing.T, test func(h *house)) {
	t.Helper()
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, now *clock.Fake) {
		h := &house{T: t, now: now}
		log := slog.New(slog.DiscardHandler)
		gifts := &gift.Service{DB: d, Now: now.Now}
		h.Service = &conversation.Service{DB: d, IDs: db.NewIDs(now.Now, nil), Now: now.Now, Log: log, Gifts: gifts, BaseURL: "https://oak.example"}
		h.Organizations = &organization.Service{DB: d, IDs: h.IDs, Now: now.Now, Log: log}
		h.in, h.sue = h.found("Oak", "Sue")
		areas, err := place.Areas(t.Context(), d.Read(), h.in.ID)
		h.ok(err)
		h.area = areas[0].ID
		h.exec(`update area set homes = 8, homes_source = 'we walked it' where initiative_id = $1`, h.in.ID)
		h.carl, h.cora = h.member("Carl", access.Connector), h.member("Cora", access.Connector)
		test(h)
	})
}

func (h *house) found(name, steward string) (initiative.Initiative, access.Actor) {
	h.Helper()
	s := &initiative.Service{DB: h.DB, IDs: h.IDs, Now: h.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}
	made, err := s.Create(h.Context(), access.Actor{Account: "op", Operator: true},
		initiative.Draft{Name: name, Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: steward})
	h.ok(err)
	return made.Initiative, actor(made.ID, made.Steward, access.Steward)
}

func actor(in, person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: in, Person: person, Kind: k}}}
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	h.ok(h.DB.Tx(h.Context(), fn))
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	h.tx(func(q db.Querier) error { return db.Exec(h.Context(), q, query, args...) })
}

// member writes somebody down and gives them a membership.
func (h *house) member(name string, k access.Kind) access.Actor {
	h.Helper()
	id := h.person(name, "")
	h.tx(func(q db.Querier) error {
		return access.Give(h.Context(), q, access.Membership{Initiative: h.in.ID, Person: id, Kind: k}, "")
	})
	return actor(h.in.ID, id, k)
}

func (h *house) person(name, connector string) (id string) {
	h.Helper()
	h.tx(func(q db.Querier) error {
		p, err := people.Add(h.Context(), q, h.in.ID, people.New{
			Person: people.Person{Name: name, Connector: connector},
			Consents: []people.Consent{{
				Purpose: people.KeepName, Wording: people.Wording, On: h.today(), GivenBy: people.Self, Channel: people.Web,
			}},
		})
		id = p.ID
		return err
	})
	return id
}

func (h *house) today() db.Day { return h.in.Today(h.now.Now()) }

// key is a new hidden key of a form.
func (h *house) key() string {
	h.keys++
	return fmt.Sprintf("a-key-of-some-random-form-%d", h.keys)
}

// full is a conversation at the door in which everything was answered.
func (h *house) full() conversation.Draft {
	return conversation.Draft{
		Consent: conversation.WithName, Lang: i18n.English, Channel: people.Doorstep, Area: h.area, Household: "Blue door",
		Name: "Ada", Contact: "ada@example.org", Age: people.Adult,
		Need: "picture books", Delivery: "after school", Urgent: true,
		Gifts: []conversation.GiftDraft{
			{Kind: gift.Skill, Text: "good with toddlers, sewing", Teach: true},
			{Kind: gift.Experience, Text: "raising twins"},
			{Kind: gift.Knowledge},
			{Kind: gift.Passion, Text: "reading", Learn: true},
		},
		Supports: []conversation.SupportKind{conversation.Childcare, conversation.Ride}, Support: "if it isn't on a Friday",
		Advice: "open the hall on Sundays", AdviceTo: "Elm Street School", Care: "that the quiet ones get asked",
		NextHelp: true, NextDo: true, ElseName: "Old Tom", ElseNote: "number nine",
	}
}

func (h *house) record(who access.Actor, d conversation.Draft) conversation.Receipt {
	h.Helper()
	r, err := h.Record(h.Context(), who, h.in.ID, h.key(), d)
	h.ok(err)
	return r
}

func (h *house) open(who access.Actor, id string) conversation.Told {
	h.Helper()
	t, err := h.Open(h.Context(), who, h.in.ID, id)
	h.ok(err)
	return t
}

func (h *house) byCode(code string) conversation.Said {
	h.Helper()
	s, err := h.ByCode(h.Context(), h.in.ID, code)
	h.ok(err)
	return s
}

// letters are the messages to an address, oldest first.
func (h *house) letters(to string) (all []string) {
	h.Helper()
	box, err := mail.Outbox(h.Context(), h.DB.Read(), h.in.ID)
	h.ok(err)
	for _, l := range box {
		if l.To == to {
			all = append(all, l.Subject+"\n"+l.Body)
		}
	}
	slices.Reverse(all)
	return all
}

// later is the next day, when the day's messages have gone out.
func (h *house) later() {
	h.Helper()
	notices := &notice.Service{DB: h.DB, Now: h.Now, Log: slog.New(slog.DiscardHandler), BaseURL: "https://oak.example", Open: conversation.Openers()}
	h.now.Advance(day - h.now.Now().Sub(h.now.Now().Truncate(day)) + 18*time.Hour) // noon in Chicago
	_, err := notices.Send(h.Context(), h.in.ID)
	h.ok(err)
}

// runJobs does the daily round.
func (h *house) runJobs() {
	h.Helper()
	handle := h.Handlers()
	handle[people.ScrubJob] = func(ctx context.Context, _ jobs.Work) error { return h.DB.Scrub(ctx) }
	for kind, every := range conversation.Chores() {
		h.tx(func(q db.Querier) error { return jobs.Every(h.Context(), q, kind, every) })
	}
	r := &jobs.Runner{DB: h.DB, IDs: h.IDs, Now: h.Now, Log: slog.New(slog.DiscardHandler), Handle: handle}
	_, err := r.RunDue(h.Context())
	h.ok(err)
}

func (h *house) count(table string) int {
	h.Helper()
	return h.number(`select count(*) from `+table+` where initiative_id = $1`, h.in.ID)
}

func (h *house) number(query string, args ...any) int {
	h.Helper()
	n, err := db.One(h.Context(), h.DB.Read(), db.Value[int], query, args...)
	h.ok(err)
	return n
}

// everything is all text of all tables, for whoever looks for what shouldn't be
// there.
func (h *house) everything() string {
	h.Helper()
	columns, err := h.DB.Columns(h.Context())
	h.ok(err)
	var all strings.Builder
	for _, c := range columns {
		rows, err := db.All(h.Context(), h.DB.Read(), db.Value[string],
			fmt.Sprintf(`select coalesce(cast(%s as text), '') from %s`, c.Name, c.Table))
		h.ok(err)
		all.WriteString(strings.Join(rows, "\n"))
	}
	return all.String()
}

// lacks fails for each word that is still somewhere in the store.
func (h *house) lacks(words ...string) {
	h.Helper()
	all := strings.ToLower(h.everything())
	for _, w := range words {
		if strings.Contains(all, strings.ToLower(w)) {
			h.Errorf("%q is in the store", w)
		}
	}
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) must(what string, err error, k fault.Kind) {
	h.Helper()
	if !fault.Is(err, k) {
		h.Errorf("%s: %v, want %v", what, err, k)
	}
}

func (h *house) expect(what string, got []string, want ...string) {
	h.Helper()
	if !slices.Equal(got, want) {
		h.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// told gives the fields at fault, and fails for one without words.
func (h *house) told(err error) (all []string) {
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
