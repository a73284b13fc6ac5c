package mail

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/jobs"
)

const here = "initiative-1"

// onSQLite gives a store for what has no SQL of its own to try on both.
func onSQLite(t *testing.T) (*db.DB, *clock.Fake) {
	t.Helper()
	c := dbtest.Clock()
	return dbtest.OpenWith(t, db.Options{Now: c.Now}), c
}

// desk is a store with a courier.
type desk struct {
	*testing.T
	d       *db.DB
	clock   *clock.Fake
	courier *Courier
	runner  *jobs.Runner
}

func newDesk(t *testing.T, d *db.DB, c *clock.Fake, s *Server) *desk {
	courier := &Courier{DB: d, Now: c.Now, Server: s}
	return &desk{T: t, d: d, clock: c, courier: courier, runner: &jobs.Runner{
		DB: d, IDs: db.NewIDs(c.Now, nil), Now: c.Now, Log: slog.New(slog.DiscardHandler),
		Handle: map[string]jobs.Handler{DeliverJob: courier.Deliver},
	}}
}

// hello is a message as a room would send it. Its sentences are this room's
// own: any will do.
func hello() Message {
	return Message{
		Initiative: here, Person: "person-1", To: "rosa@example.org", Lang: i18n.Spanish, Subject: "mail.status.queued",
		Lines: []fault.Message{{Key: "mail.problem.unreachable"}, {Key: "mail.quote", Args: i18n.Args{"text": "¿Quién puede leerme la carta?"}}},
		Link:  "https://example.org/i/elm/answers?lang=es",
	}
}

func (k *desk) try(m Message) error {
	return k.d.Tx(k.Context(), func(q db.Querier) error { return Send(k.Context(), q, m) })
}

func (k *desk) send(m Message) {
	k.Helper()
	if err := k.try(m); err != nil {
		k.Fatal(err)
	}
}

func (k *desk) run(want int) error {
	k.Helper()
	n, err := k.runner.RunDue(k.Context())
	if n != want {
		k.Fatalf("ran %d jobs, error %v; want %d", n, err, want)
	}
	return err
}

func (k *desk) outbox() []Letter {
	k.Helper()
	all, err := Outbox(k.Context(), k.d.Read(), here)
	if err != nil {
		k.Fatal(err)
	}
	return all
}

func (k *desk) jobs() []jobs.Entry {
	k.Helper()
	all, err := jobs.List(k.Context(), k.d.Read(), here)
	if err != nil {
		k.Fatal(err)
	}
	return all
}

func TestWithoutAMailServerMessagesStayInTheOutbox(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		k := newDesk(t, d, c, nil)
		k.send(hello())
		if all := k.outbox(); len(all) != 1 || all[0].Status != Queued {
			t.Fatalf("outbox = %+v", all)
		}
		c.Advance(time.Minute)
		if err := k.run(1); err != nil {
			t.Fatal(err)
		}
		want := []Letter{{
			Initiative: here, ID: k.outbox()[0].ID, Person: "person-1", To: "rosa@example.org", Lang: i18n.Spanish,
			Subject: "En camino",
			Body: "No pudimos conectar con el servidor de correo\n\n«¿Quién puede leerme la carta?»\n\n" +
				"https://example.org/i/elm/answers?lang=es\n\nSi no esperaba este mensaje, puede ignorarlo.\n",
			Status: Local, Written: c.Now().Add(-time.Minute), Settled: c.Now(),
		}}
		if diff := cmp.Diff(want, k.outbox()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestAMessageIsThereOnlyWhenItsTransactionIs(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		k := newDesk(t, d, c, nil)
		sorry := errors.New("sorry")
		err := d.Tx(t.Context(), func(q db.Querier) error { return errors.Join(Send(t.Context(), q, hello()), sorry) })
		if !errors.Is(err, sorry) || len(k.outbox()) != 0 || len(k.jobs()) != 0 {
			t.Errorf("error %v, outbox %+v, jobs %+v", err, k.outbox(), k.jobs())
		}
	})
}

func TestUnderOneKeyOneMessageIsSent(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		k := newDesk(t, d, c, nil)
		m := hello()
		m.Unique = "answer of need-1"
		k.send(m)
		k.send(m)
		if err := k.run(1); err != nil {
			t.Fatal(err)
		}
		for unique, want := range map[string]bool{m.Unique: true, "answer of need-2": false} {
			if got, err := Written(t.Context(), d.Read(), here, unique); err != nil || got != want {
				t.Errorf("written under %q: %v, %v", unique, got, err)
			}
		}
		k.send(m) // also after it went out
		_ = k.run(0)
		if all := k.outbox(); len(all) != 1 {
			t.Errorf("outbox = %+v", all)
		}
		m.Initiative = "initiative-2"
		k.send(m)
		_ = k.run(1)
	})
}

// S12: nothing that a person typed can write a header.
func TestAddressesThatAreNone(t *testing.T) {
	d := dbtest.Open(t)
	for _, to := range []string{
		"", "rosa", "rosa@", "@example.org", "rosa@example.org\r\nBcc: all@example.org", "rosa@example.org\n", "rosa@exa\rmple.org",
		"rosa@example.org, all@example.org", "Rosa <rosa@example.org>", "<rosa@example.org>", " rosa@example.org",
		"\"a\r\nb\"@example.org", "rosa@example.org\x00", strings.Repeat("r", 250) + "@example.org", "rosa@example.org\u2028x",
	} {
		m := hello()
		m.To = to
		err := d.Tx(t.Context(), func(q db.Querier) error { return Send(t.Context(), q, m) })
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v, want invalid", to, err)
		}
	}
	for _, to := range []string{"rosa@example.org", "r.o+s-a@mail.example.org", "niño@example.org", "root@localhost"} {
		if err := CheckAddress(to); err != nil {
			t.Errorf("%q: %v", to, err)
		}
	}
}

func TestAMessageThatCantBeSaidIsAnError(t *testing.T) {
	d := dbtest.Open(t)
	for name, spoil := range map[string]func(*Message){
		"a subject that isn't there":       func(m *Message) { m.Subject = "no.such.key" },
		"a subject with words of a person": func(m *Message) { m.Subject = "mail.quote" },
		"a line that isn't there":          func(m *Message) { m.Lines = []fault.Message{{Key: "no.such.key"}} },
		"a link to nowhere":                func(m *Message) { m.Link = "/i/elm" },
		"a link that is a program":         func(m *Message) { m.Link = "javascript:alert(1)" },
		"a link with a line in it":         func(m *Message) { m.Link = "https://example.org/\r\nx" },
	} {
		m := hello()
		spoil(&m)
		if err := d.Tx(t.Context(), func(q db.Querier) error { return Send(t.Context(), q, m) }); err == nil || fault.KindOf(err) != fault.Internal {
			t.Errorf("%s: %v, want an internal error", name, err)
		}
	}
}

func TestWordsOfPeopleCantSteerAMailProgram(t *testing.T) {
	m := hello()
	m.Lines = []fault.Message{{Key: "mail.quote", Args: i18n.Args{"text": "one\r\ntwo\x1b[2J\x00\rthree\tfour"}}}
	text, err := m.write()
	if err != nil || !strings.HasPrefix(text.body, "«one\ntwo[2Jthree\tfour»\n\n") {
		t.Errorf("%q, %v", text.body, err)
	}
}

func TestWhatIsKeptOfAPersonIsExportedAndForgotten(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		k := newDesk(t, d, c, nil)
		k.send(hello())
		other := hello()
		other.Person, other.To = "person-2", "ana@example.org"
		k.send(other)
		nobody := hello()
		nobody.Person = ""
		k.send(nobody)
		all, err := About(t.Context(), d.Read(), here, "person-1")
		if err != nil || len(all) != 1 || all[0].To != "rosa@example.org" {
			t.Fatalf("about = %+v, %v", all, err)
		}
		if out, err := Export(t.Context(), d.Read(), here, "person-1"); err != nil || len(out.([]exported)) != 1 {
			t.Errorf("export = %+v, %v", out, err)
		}
		for _, person := range []string{"person-1", ""} {
			if err := d.Tx(t.Context(), func(q db.Querier) error { return Forget(t.Context(), q, here, person) }); err != nil {
				t.Fatal(err)
			}
		}
		if got := k.outbox(); len(got) != 2 {
			t.Errorf("outbox = %+v", got)
		}
		if err := k.run(3); err != nil { // the forgotten one's job finds nothing to do
			t.Errorf("delivering: %v", err)
		}
	})
}

func TestMessagesGoNinetyDaysAfterTheyWereSettled(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		k := newDesk(t, d, c, nil)
		prune := func() (n int64) {
			if err := d.Tx(t.Context(), func(q db.Querier) (err error) { n, err = Prune(t.Context(), q); return err }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		k.send(hello())
		if err := k.run(1); err != nil {
			t.Fatal(err)
		}
		k.send(hello()) // waits for ever: it isn't settled
		c.Advance(90 * 24 * time.Hour)
		if n := prune(); n != 0 {
			t.Errorf("pruned %d on the day", n)
		}
		c.Advance(time.Second)
		if n := prune(); n != 1 || len(k.outbox()) != 1 {
			t.Errorf("pruned %d, left %+v", n, k.outbox())
		}
	})
}

func TestParseServer(t *testing.T) {
	s, err := ParseServer("smtps://ana:se%40cret@mail.example.org?from=Elm%20Street%20%3Chello@example.org%3E")
	if err != nil || s.host != "mail.example.org" || s.port != 465 || s.user != "ana" || s.password != "se@cret" ||
		!s.wrapped || s.from.Address != "hello@example.org" || s.from.Name != "Elm Street" {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := ParseServer("smtp://[::1]:2525?from=a@b.c"); err != nil || s.port != 2525 || !s.here || s.wrapped || s.user != "" {
		t.Errorf("%+v, %v", s, err)
	}
	for _, bad := range []string{
		"", "mail.example.org", "http://mail.example.org?from=a@b.c", "smtp://?from=a@b.c", "smtp://u:hunter2@mail.example.org",
		"smtp://u:hunter2@mail.example.org:smtp?from=a@b.c", "smtp://u:hunter2@mail.example.org?from=nobody", "smtp://u:hunter2@%zz",
	} {
		_, err := ParseServer(bad)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestOnlyThisMachineMayBeSpokenToInTheClear(t *testing.T) {
	for text, want := range map[string]bool{
		"smtp://127.0.0.1?from=a@b.c": true, "smtp://localhost?from=a@b.c": true, "smtp://[::1]?from=a@b.c": true,
		"smtp://mail.example.org?from=a@b.c": false, "smtp://10.0.0.1?from=a@b.c": false, "smtp://localhost.example.org?from=a@b.c": false,
	} {
		s, err := ParseServer(text)
		if err != nil || s.here != want {
			t.Errorf("%s: %v, %v", text, s.here, err)
		}
	}
}
