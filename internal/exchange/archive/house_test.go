package archive_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange/archive"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/initiative"
	"commonweal/internal/link"
	"commonweal/internal/people"
)

// server is a store with the rooms that an archive needs.
type server struct {
	*archive.Service
	t           testing.TB
	d           *db.DB
	initiatives *initiative.Service
}

func on(t testing.TB, d *db.DB, c *clock.Fake) *server {
	t.Helper()
	folk := &people.Service{DB: d, Now: c.Now, Sources: []people.Source{conversation.Source(), gift.Source()}}
	return &server{
		Service:     &archive.Service{DB: d, Now: c.Now, People: folk, Build: "test"},
		t:           t,
		d:           d,
		initiatives: &initiative.Service{DB: d, IDs: db.NewIDs(c.Now, nil), Now: c.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}},
	}
}

// onSQLite is a new server.
func onSQLite(t testing.TB) *server {
	t.Helper()
	c := dbtest.Clock()
	return on(t, dbtest.OpenWith(t, db.Options{Now: c.Now, Log: slog.New(slog.DiscardHandler)}), c)
}

var operator = access.Actor{Account: "operator", Operator: true}

func (s *server) found(name string) initiative.Founded {
	s.t.Helper()
	made, err := s.initiatives.Create(s.t.Context(), operator, initiative.Draft{
		Name: name, Langs: []string{"en", "es"}, Zone: "Europe/Madrid", Steward: "Ana of " + name,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

func (s *server) exec(query string, args ...any) {
	s.t.Helper()
	s.tx(func(q db.Querier) error { return db.Exec(s.t.Context(), q, query, args...) })
}

func (s *server) tx(fn func(q db.Querier) error) {
	s.t.Helper()
	if err := s.d.Tx(s.t.Context(), fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) count(query string, args ...any) (n int) {
	s.t.Helper()
	n, err := db.One(s.t.Context(), s.d.Read(), db.Value[int], query, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// lived is an initiative in which a little of everything was kept. Words that
// no stranger may find begin with its name; those that stewards don't take
// along begin with "private", and what never travels with "canary".
func (s *server) lived(name string) initiative.Founded {
	s.t.Helper()
	made := s.found(name)
	in, at := made.ID, db.At(s.Now())
	s.exec(`insert into person (initiative_id, id, name, name_folded, langs, age, created_at) values ($1, $2, $3, $3, 'es', 'adult', $4)`,
		in, "p-"+name, name+" Rosa", at)
	s.exec(`insert into contact (initiative_id, id, person_id, kind, value, safe, created_at) values ($1, 'c', $2, 'phone', $3, '=1+2', $4)`,
		in, "p-"+name, name+"-555", at)
	s.exec(`insert into consent (initiative_id, id, person_id, purpose, wording, given_on, given_by, giver, channel, recorded_at)
		values ($1, 'y', $2, 'name', '1', '2026-11-20', 'self', '', 'doorstep', $3)`, in, "p-"+name, at)
	s.exec(`insert into conversation (initiative_id, id, channel, lang, held_on, recorded_at, consent, wording, care, next_help, next_advise, next_do, answer_by)
		values ($1, $2, 'paper', 'es', '2026-11-20', $3, 'anon', '1', $4, true, false, false, '2026-12-20')`, in, "t-"+name, at, name+" ñandú 🌳\nsecond line")
	s.exec(`insert into need (initiative_id, id, conversation_id, text, delivery, urgent, visibility, step, step_text)
		values ($1, 'n1', $2, $3, '', true, 'connector', '', ''), ($1, 'n2', $2, 'private need', 'private how', false, 'me', '', '')`,
		in, "t-"+name, name+" shoes")
	s.exec(`insert into conversation_reply (initiative_id, conversation_id, address, expires_on) values ($1, $2, 'private@example.org', '2026-12-31')`, in, "t-"+name)
	s.exec(`insert into referral (initiative_id, id, conversation_id, name, note, expires_on) values ($1, 'r', $2, 'private neighbour', '', '2026-12-31')`, in, "t-"+name)
	for _, data := range [][]byte{[]byte(name + " picture"), {}} {
		s.exec(`insert into file (initiative_id, sha256, media_type, size, data, put_at) values ($1, $2, 'image/png', $3, $4, $5)`,
			in, "of "+string(data), len(data), data, at)
	}
	s.keys(in, name)
	s.tx(func(q db.Querier) error {
		return access.Give(s.t.Context(), q, access.Membership{Initiative: in, Person: made.Steward, Kind: access.Steward}, "")
	})
	if _, err := audit.Seal(s.t.Context(), s.d); err != nil {
		s.t.Fatal(err)
	}
	return made
}

// keys are what opens things, and letters.
func (s *server) keys(in, name string) {
	s.t.Helper()
	ctx, at := s.t.Context(), db.At(s.Now())
	s.tx(func(q db.Querier) error {
		if _, err := link.New(ctx, q, link.Link{Initiative: in, Kind: "canary-link", Subject: "canary-subject"}); err != nil {
			return err
		}
		_, err := link.NewCode(ctx, q, link.Link{Initiative: in, Kind: conversation.CodeKind, Subject: "t-" + name})
		return err
	})
	s.exec(`insert into account (id, lang, operator, created_at) values ($1, 'en', false, $2)`, "canary-"+name, at)
	s.exec(`insert into account_email (address_hash, account_id, address, confirmed_at) values ($1, $1, 'canary@example.org', $2)`, "canary-"+name, at)
	s.exec(`insert into account_person (initiative_id, person_id, account_id, claimed_at) values ($1, $2, $3, $4)`, in, "p-"+name, "canary-"+name, at)
	s.exec(`insert into session (id, token_hash, account_id, device, created_at, seen_at, proved_at, expires_at) values ($1, $1, $1, 'canary', $2, $2, $2, $2)`, "canary-"+name, at)
	s.exec(`insert into passkey (credential_id, account_id, credential, name, created_at) values ($1, $1, 'canary', 'canary', $2)`, "canary-"+name, at)
	s.exec(`insert into invitation (initiative_id, id, person_id, kind, given_by, given_at) values ($1, 'canary', 'canary', 'member', 'canary', $2)`, in, at)
	s.exec(`insert into message (initiative_id, id, person_id, to_address, lang, subject, body, status, problem, unique_key, written_at)
		values ($1, 'canary', '', 'canary@example.org', 'en', 'canary', 'canary', 'queued', '', 'canary', $2)`, in, at)
	s.exec(`insert into once (initiative_id, key_hash, request_hash, answer, done_at) values ($1, 'canary', 'canary', 'canary', $2)`, in, at)
	s.exec(`insert into job (initiative_id, id, kind, payload, unique_key, run_at, set_at, every_seconds, attempts, again, stuck, lease, error, added_at)
		values ($1, 'canary', 'canary', 'canary', 'canary', $2, $2, 0, 0, false, false, '', '', $2)`, in, at)
}

// written is an archive as bytes.
func (s *server) written(in string, copied archive.Copy) []byte {
	s.t.Helper()
	var out bytes.Buffer
	if _, err := archive.Write(s.t.Context(), s.d, in, &out, archive.Options{Copy: copied, MadeAt: s.Now(), Build: "test"}); err != nil {
		s.t.Fatal(err)
	}
	return out.Bytes()
}

func (s *server) read(zipped []byte, how archive.How) (archive.Loaded, error) {
	return s.Import(s.t.Context(), bytes.NewReader(zipped), int64(len(zipped)), how)
}

func (s *server) mustRead(zipped []byte, how archive.How) archive.Loaded {
	s.t.Helper()
	loaded, err := s.read(zipped, how)
	if err != nil {
		s.t.Fatal(err)
	}
	return loaded
}

// whole is everything in the store, by table.
func (s *server) whole() map[string]db.TableDigest {
	s.t.Helper()
	all, err := s.d.Digest(context.WithoutCancel(s.t.Context()))
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func isNotFound(err error) bool { return fault.Is(err, fault.NotFound) }

// openScratch is a file that is gone after the test.
func openScratch(t *testing.T) (*os.File, error) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err == nil {
		t.Cleanup(func() { _ = f.Close() })
	}
	return f, err
}
