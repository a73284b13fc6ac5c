package account

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/jobs"
)

// house is a server whose doors a test tries.
type house struct {
	testing.TB
	*Service
	now  *clock.Fake
	work *jobs.Runner
}

// each runs a test in a fresh house on SQLite and on PostgreSQL.
func each(t *testing.T, test func(h *house)) {
	t.Helper()
	for engine, open := range map[string]func(testing.TB, db.Options) *db.DB{"sqlite": dbtest.OpenWith, "postgres": dbtest.PostgresWith} {
		t.Run(engine, func(t *testing.T) {
			now := dbtest.Clock()
			test(newHouse(t, open(t, db.Options{Now: now.Now}), now))
		})
	}
}

// one runs a test in a fresh house on SQLite, where the engine can't matter.
func one(t testing.TB) *house {
	t.Helper()
	now := dbtest.Clock()
	return newHouse(t, dbtest.OpenWith(t, db.Options{Now: now.Now}), now)
}

func newHouse(t testing.TB, d *db.DB, now *clock.Fake) *house {
	ids := db.NewIDs(now.Now, nil)
	s := &Service{DB: d, IDs: ids, Now: now.Now, Log: slog.New(slog.DiscardHandler), BaseURL: "https://elm.example/"}
	return &house{TB: t, Service: s, now: now, work: &jobs.Runner{
		DB: d, IDs: ids, Now: now.Now, Log: s.Log, Handle: s.Handlers(),
	}}
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) tx(fn func(ctx context.Context, q db.Querier) error) {
	h.Helper()
	h.must(h.DB.Tx(h.Context(), func(q db.Querier) error { return fn(h.Context(), q) }))
}

// resident makes an account that has an address.
func (h *house) resident(id, address string) {
	h.Helper()
	a, ok := ParseAddress(address)
	if !ok {
		h.Fatalf("no address: %q", address)
	}
	h.tx(func(ctx context.Context, q db.Querier) error {
		if err := insertAccount(ctx, q, id, i18n.English, false, h.now.Now()); err != nil {
			return err
		}
		return replaceEmail(ctx, q, id, a, h.now.Now())
	})
}

// session signs an account in without any link.
func (h *house) session(account string) (token string) {
	h.Helper()
	h.tx(func(ctx context.Context, q db.Querier) (err error) {
		token, err = h.start(ctx, q, access.Actor{}, account, "test")
		return err
	})
	return token
}

func (h *house) actor(token string) access.Actor {
	h.Helper()
	who, err := h.Actor(h.Context(), token)
	h.must(err)
	return who
}

// run does the jobs that are due.
func (h *house) run() {
	h.Helper()
	_, err := h.work.RunDue(h.Context())
	h.must(err)
}

type letter struct{ to, subject, body string }

// letters are the mails written so far, the oldest first.
func (h *house) letters() []letter {
	h.Helper()
	all, err := db.All(h.Context(), h.DB.Read(), func(row db.Row) (l letter, err error) {
		err = row.Scan(&l.to, &l.subject, &l.body)
		return l, err
	}, `select to_address, subject, body from message order by written_at, id`)
	h.must(err)
	return all
}

var address = regexp.MustCompile(`https://elm\.example/\S+`)

// lastLink is the path of the link in the newest mail.
func (h *house) lastLink() string {
	h.Helper()
	all := h.letters()
	if len(all) == 0 {
		h.Fatal("no mail was written")
	}
	found := address.FindString(all[len(all)-1].body)
	if found == "" {
		h.Fatalf("no link in %q", all[len(all)-1].body)
	}
	return strings.TrimPrefix(found, "https://elm.example")
}

// linkFor asks for a sign-in link and gives the token in the mail.
func (h *house) linkFor(address string) (token string) {
	h.Helper()
	h.must(h.AskLink(h.Context(), address, i18n.English, ""))
	h.run()
	return strings.TrimPrefix(h.lastLink(), "/sign-in/")
}

// wantOnlyReads fails when one of the statements writes.
func (h *house) wantOnlyReads(what string, statements []string) {
	h.Helper()
	for _, s := range statements {
		if !strings.HasPrefix(strings.TrimSpace(s), "select") {
			h.Errorf("%s wrote: %s", what, s)
		}
	}
}

// count is a number in the store.
func (h *house) count(query string, args ...any) (n int) {
	h.Helper()
	n, err := db.One(h.Context(), h.DB.Read(), db.Value[int], query, args...)
	h.must(err)
	return n
}

func (h *house) wantGone(what string, err error) {
	h.Helper()
	if !fault.Is(err, fault.NotFound) {
		h.Errorf("%s: %v, want not found", what, err)
	}
}

func (h *house) wantVisitor(what, token string) {
	h.Helper()
	if who := h.actor(token); who.IsSignedIn() {
		h.Errorf("%s: signed in as %s", what, who.Account)
	}
}

func (h *house) wantAccount(what, token, account string) {
	h.Helper()
	if who := h.actor(token); who.Account != account {
		h.Errorf("%s: account %q, want %q", what, who.Account, account)
	}
}

const year = 365 * 24 * time.Hour
