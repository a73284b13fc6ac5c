package mail

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/jobs"
)

// post is a mail server of the test's own, on this machine.
type post struct {
	mu    sync.Mutex
	rcpt  error         // what it says to a recipient
	data  error         // what it says to a text, after reading it
	dies  bool          // it takes the text and is gone before it says so
	hangs chan struct{} // it takes the text, says so here, and then says nothing
	user  string        // who signed in
	reset func()        // what it does on RSET

	taken []string // every text that it read and kept
}

// NewSession begins what one client says.
func (p *post) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{post: p, conn: c}, nil }

type session struct {
	*post
	conn *smtp.Conn
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(string, *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rcpt
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.hangs != nil {
		s.hangs <- struct{}{}
		_, err := io.Copy(io.Discard, s.conn.Conn())
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data != nil {
		return s.data
	}
	s.taken = append(s.taken, string(text))
	if s.dies {
		return s.conn.Conn().Close()
	}
	return nil
}

func (s *session) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reset != nil {
		s.reset()
	}
}

func (s *session) Logout() error { return nil }

// AuthMechanisms are the ways to sign in.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth signs in whoever knows the word.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "sésamo" {
			return smtp.ErrAuthFailed
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.user = user
		return nil
	}), nil
}

func (p *post) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

func (p *post) texts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.taken...)
}

// listen gives a place on this machine where nobody else listens.
func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// at gives the server that listens there.
func at(t *testing.T, l net.Listener) *Server {
	t.Helper()
	s, err := ParseServer(fmt.Sprintf("smtp://%s?from=hello@example.org", l.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newPost(t *testing.T) (*post, *Server) {
	t.Helper()
	l := listen(t)
	return serve(t, l, func(*smtp.Server) {}), at(t, l)
}

func serve(t *testing.T, l net.Listener, setUp func(*smtp.Server)) *post {
	t.Helper()
	p := &post{}
	server := smtp.NewServer(p)
	setUp(server)
	server.ErrorLog = log.New(io.Discard, "", 0)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close(); <-ended })
	return p
}

func TestAMessageArrivesAsItWasWritten(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		p, server := newPost(t)
		k := newDesk(t, d, c, server)
		k.send(hello())
		if len(p.texts()) != 0 {
			t.Fatal("whoever clicked the button waited for the mail server")
		}
		if err := k.run(1); err != nil {
			t.Fatal(err)
		}
		all := k.outbox()
		if all[0].Status != Sent || all[0].Body != "" || all[0].To != "" || len(k.jobs()) != 0 {
			t.Errorf("outbox = %+v, jobs %+v", all, k.jobs())
		}
		m, err := netmail.ReadMessage(strings.NewReader(p.texts()[0]))
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"To": "<rosa@example.org>", "From": "<hello@example.org>", "Subject": "En camino",
			"Date": "Sat, 21 Nov 2026 09:00:00 +0000", "Message-Id": "<" + all[0].ID + "@example.org>",
			"Auto-Submitted": "auto-generated", "Content-Language": "es", "Content-Type": "text/plain; charset=UTF-8",
			"User-Agent": "", "X-Mailer": "", "Bcc": "",
		} {
			if got := m.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if n := len(p.texts()); n != 1 {
			t.Errorf("it arrived %d times", n)
		}
	})
}

// F9: a server that is wary of strangers takes it later.
func TestATemporaryRefusalIsTriedAgain(t *testing.T) {
	d, c := onSQLite(t)
	p, server := newPost(t)
	p.set(func() { p.rcpt = &smtp.SMTPError{Code: 451, Message: "greylisted rosa@example.org"} })
	k := newDesk(t, d, c, server)
	k.send(hello())
	err := k.run(1)
	if err == nil || strings.Contains(err.Error(), "rosa") {
		t.Errorf("error = %v, want one that names nobody", err)
	}
	if all := k.jobs(); strings.Contains(all[0].Error, "rosa") || !all[0].RunAt.Equal(c.Now().Add(10*time.Second)) {
		t.Errorf("jobs = %+v", all)
	}
	p.set(func() { p.rcpt, p.data = nil, &smtp.SMTPError{Code: 452, Message: "full"} })
	c.Advance(10 * time.Second)
	if err := k.run(1); err == nil {
		t.Error("no error")
	}
	p.set(func() { p.data = nil })
	c.Advance(59 * time.Second)
	_ = k.run(0)
	c.Advance(time.Second)
	if err := k.run(1); err != nil || k.outbox()[0].Status != Sent || len(p.texts()) != 1 {
		t.Errorf("error %v, outbox %+v, arrived %d times", err, k.outbox(), len(p.texts()))
	}
}

func TestAFinalRefusalIsNotTriedAgain(t *testing.T) {
	d, c := onSQLite(t)
	p, server := newPost(t)
	p.set(func() { p.rcpt = &smtp.SMTPError{Code: 550, Message: "no such user"} })
	k := newDesk(t, d, c, server)
	k.send(hello())
	if err := k.run(1); err != nil {
		t.Fatal(err)
	}
	all := k.outbox()
	if all[0].Status != Failed || all[0].Problem != Refused || all[0].Body == "" || len(k.jobs()) != 0 {
		t.Errorf("outbox = %+v, jobs %+v", all, k.jobs())
	}
}

func TestAServerThatIsAwayForHoursLeavesItToTheStewards(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		l := listen(t)
		server := at(t, l)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		k := newDesk(t, d, c, server)
		k.send(hello())
		for range jobs.MaxAttempts {
			if err := k.run(1); err == nil {
				t.Fatal("no error")
			}
			c.Advance(2 * time.Hour)
		}
		all, stuck := k.outbox(), k.jobs()
		if all[0].Status != Failed || all[0].Problem != Unreachable || stuck[0].State != jobs.Stuck {
			t.Fatalf("outbox = %+v, jobs %+v", all, stuck)
		}
		p, mended := newPost(t)
		k.courier.Server = mended
		if err := d.Tx(t.Context(), func(q db.Querier) error { return jobs.Retry(t.Context(), q, here, stuck[0].ID) }); err != nil {
			t.Fatal(err)
		}
		if err := k.run(1); err != nil || k.outbox()[0].Status != Sent || k.outbox()[0].Problem != None || len(p.texts()) != 1 {
			t.Errorf("error %v, outbox = %+v", err, k.outbox())
		}
	})
}

// F9: nobody can know whether a text was taken when the server died before it
// said so. It is sent again, as the same message.
func TestAServerThatDiesAfterTheTextGetsItAgainAsTheSameMessage(t *testing.T) {
	d, c := onSQLite(t)
	p, server := newPost(t)
	p.set(func() { p.dies = true })
	k := newDesk(t, d, c, server)
	k.send(hello())
	if err := k.run(1); err == nil || k.outbox()[0].Status != Queued {
		t.Fatalf("error %v, outbox %+v", err, k.outbox())
	}
	p.set(func() { p.dies = false })
	c.Advance(10 * time.Second)
	if err := k.run(1); err != nil {
		t.Fatal(err)
	}
	texts := p.texts()
	if len(texts) != 2 || messageID(t, texts[0]) != messageID(t, texts[1]) || messageID(t, texts[0]) == "" {
		t.Errorf("arrived: %q", texts)
	}
}

func messageID(t *testing.T, text string) string {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header.Get("Message-Id")
}

// F9: what a server does after it said "taken" makes no second message.
func TestAServerThatDiesAfterItSaidTakenGetsItOnce(t *testing.T) {
	d, c := onSQLite(t)
	p, server := newPost(t)
	k := newDesk(t, d, c, server)
	k.send(hello())
	p.set(func() { p.reset = func() { panic("the server falls over") } })
	if err := k.run(1); err != nil {
		t.Fatal(err)
	}
	c.Advance(time.Hour)
	_ = k.run(0)
	if len(p.texts()) != 1 || k.outbox()[0].Status != Sent {
		t.Errorf("arrived %d times, outbox %+v", len(p.texts()), k.outbox())
	}
}

func TestAJobThatIsDoneTwiceSendsOnce(t *testing.T) {
	d, c := onSQLite(t)
	p, server := newPost(t)
	k := newDesk(t, d, c, server)
	k.send(hello())
	for range 2 {
		if err := k.run(1); err != nil {
			t.Fatal(err)
		}
		again := jobs.Job{Initiative: here, Kind: DeliverJob, Payload: k.outbox()[0].ID}
		if err := d.Tx(t.Context(), func(q db.Querier) error { return jobs.Add(t.Context(), q, again) }); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.texts()); n != 1 {
		t.Errorf("it arrived %d times", n)
	}
}

// silent takes connections and never says a word.
func silent(t *testing.T) (s *Server, came <-chan struct{}) {
	t.Helper()
	l, c := listen(t), make(chan struct{}, 10)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var open []net.Conn
		for {
			conn, err := l.Accept()
			if err != nil {
				for _, conn := range open {
					_ = conn.Close()
				}
				return
			}
			open = append(open, conn)
			c <- struct{}{}
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-ended })
	return at(t, l), c
}

// F9: a server that hangs.
func TestAServerThatHangsIsLeftWhenItsTimeIsUp(t *testing.T) {
	d, c := onSQLite(t)
	server, _ := silent(t)
	server.patience = 20 * time.Millisecond
	k := newDesk(t, d, c, server)
	k.send(hello())
	if err := k.run(1); err == nil || k.outbox()[0].Status != Queued || k.jobs()[0].State != jobs.Failing {
		t.Errorf("error %v, outbox %+v, jobs %+v", err, k.outbox(), k.jobs())
	}
}

func TestAServerThatHangsIsLeftWhenWeStop(t *testing.T) {
	mute, came := silent(t) // both with all their patience of half a minute
	p, slow := newPost(t)
	hangs := make(chan struct{}, 1)
	p.hangs = hangs
	for name, c := range map[string]struct {
		server *Server
		hangs  <-chan struct{}
	}{"before its first word": {mute, came}, "after the text": {slow, hangs}} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			sent := make(chan error, 1)
			go func() { sent <- c.server.send(ctx, letter(), dbtest.Clock().Now()) }()
			<-c.hangs
			cancel()
			select {
			case err := <-sent:
				if err == nil {
					t.Error("no error")
				}
			case <-time.After(patience / 2):
				t.Error("it waits for the server")
			}
		})
	}
}

func letter() Letter { return Letter{ID: "1", To: "rosa@example.org", Subject: "x", Body: "y"} }
