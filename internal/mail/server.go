package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// patience is how long a mail server may take for one message.
const patience = 30 * time.Second

// Server is the mail server that takes our messages.
type Server struct {
	host           string
	port           int
	user, password string
	wrapped        bool // TLS from the first byte, rather than asked for
	from           netmail.Address
	patience       time.Duration
}

// ParseServer reads smtp://user:password@host:port?from=hello@example.org, or
// smtps:// for TLS from the first byte. smtp:// insists on STARTTLS, except
// towards this very machine. The port may be left out, and so may the user.
// The error never holds the text, which holds a password.
func ParseServer(text string) (*Server, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("the mail server is written smtp://user:password@host:port?from=hello@example.org")
	}
	s := &Server{host: u.Hostname(), user: u.User.Username(), wrapped: u.Scheme == "smtps", port: 587, patience: patience}
	s.password, _ = u.User.Password()
	if s.wrapped {
		s.port = 465
	}
	if p := u.Port(); p != "" {
		if s.port, err = strconv.Atoi(p); err != nil {
			return nil, errors.New("the mail server's port isn't a number")
		}
	}
	from, err := netmail.ParseAddress(u.Query().Get("from"))
	if err != nil {
		return nil, errors.New("the mail server needs ?from=, the address that messages come from")
	}
	s.from = *from
	return s, nil
}

// isHere says whether the server is on this machine.
func (s *Server) isHere() bool {
	ip := net.ParseIP(s.host)
	return s.host == "localhost" || ip != nil && ip.IsLoopback()
}

// send hands one message over. Its error holds no address.
func (s *Server) send(ctx context.Context, l Letter, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	m, err := s.compose(l, now)
	if err != nil {
		return err
	}
	client, err := mail.NewClient(s.host, s.options()...)
	if err != nil {
		return err
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	// A server that hangs is left when the time is up or we are to stop.
	hangUp := context.AfterFunc(ctx, func() { _ = connection.Close() })
	err = client.SendWithSMTPClient(connection, m)
	if hangUp() {
		_ = client.CloseWithSMTPClient(connection) // a goodbye that fails changes nothing
	}
	if err != nil && !m.IsDelivered() {
		return delivery(err)
	}
	return nil
}

func (s *Server) options() []mail.Option {
	o := []mail.Option{mail.WithPort(s.port), mail.WithTimeout(s.patience), mail.WithHELO(domain(s.from.Address))}
	switch {
	case s.wrapped:
		o = append(o, mail.WithSSL())
	case s.isHere():
		o = append(o, mail.WithTLSPolicy(mail.NoTLS))
	default:
		o = append(o, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.user != "" {
		o = append(o, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.user), mail.WithPassword(s.password))
	}
	return o
}

func (s *Server) compose(l Letter, now time.Time) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := m.From(s.from.String()); err != nil {
		return nil, err
	}
	if err := m.To(l.To); err != nil {
		return nil, errors.New("the message's address isn't one") // without the address
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(now)
	m.SetMessageIDWithValue(l.ID + "@" + domain(s.from.Address))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // so that nobody's "I'm away" answers
	m.SetGenHeader("Content-Language", string(l.Lang))
	m.SetBodyString(mail.TypeTextPlain, l.Body)
	return m, nil
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// notTaken is that a server didn't take a message. go-mail's own error names
// the recipient, which belongs in no log.
type notTaken struct {
	code   int // of SMTP, or 0 when there was no answer
	during string
}

func (e *notTaken) Error() string { return fmt.Sprintf("mail server: %d %s", e.code, e.during) }

func delivery(err error) error {
	e, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return &notTaken{during: "no answer"}
	}
	return &notTaken{code: e.ErrorCode(), during: e.Reason.String()}
}

// isRefused says whether trying again is of no use.
func isRefused(err error) bool {
	e, ok := errors.AsType[*notTaken](err)
	return ok && e.code >= 500
}
