package mail

import (
	"context"
	"crypto/tls"
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
	here           bool // on this machine, where nobody else listens in
	from           netmail.Address
	patience       time.Duration
	secure         *tls.Config // nil trusts whom the system trusts
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
	ip := net.ParseIP(s.host)
	s.here = s.host == "localhost" || ip != nil && ip.IsLoopback()
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

// send hands one message over. Its error holds no address.
func (s *Server) send(ctx context.Context, l Letter, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	m, err := s.compose(l, now)
	if err != nil {
		return err
	}
	client, err := mail.NewClient(s.host, append(s.options(), mail.WithDialContextFunc(s.dial(ctx)))...)
	if err != nil {
		return err
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	err = client.SendWithSMTPClient(connection, m)
	_ = client.CloseWithSMTPClient(connection) // a goodbye that fails changes nothing
	if err != nil && !m.IsDelivered() {
		return delivery(err)
	}
	return nil
}

// dial connects, and hangs up when ctx is done: go-mail looks at a context only
// while it connects, and a server may fall silent at any word.
func (s *Server) dial(ctx context.Context) mail.DialContextFunc {
	var dialer interface {
		DialContext(ctx context.Context, network, address string) (net.Conn, error)
	} = &net.Dialer{}
	if s.wrapped {
		dialer = &tls.Dialer{Config: s.secure}
	}
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		line, err := dialer.DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { _ = line.Close() })
		return line, nil
	}
}

func (s *Server) options() []mail.Option {
	o := []mail.Option{mail.WithPort(s.port), mail.WithTimeout(s.patience), mail.WithHELO(domain(s.from.Address))}
	if s.secure != nil {
		o = append(o, mail.WithTLSConfig(s.secure))
	}
	switch {
	case s.wrapped:
		o = append(o, mail.WithTLSPolicy(mail.TLSOpportunistic)) // dial has seen to it
	case s.here:
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
	if l.Stop != "" {
		m.SetGenHeader("List-Unsubscribe", "<"+l.Stop+">")
		m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(mail.TypeTextPlain, l.Body)
	return m, nil
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// deliveryError is that a server didn't take a message. go-mail's own error names
// the recipient, which belongs in no log.
type deliveryError struct {
	code   int // of SMTP, or 0 when there was no answer
	during string
}

func (e *deliveryError) Error() string { return fmt.Sprintf("mail server: %d %s", e.code, e.during) }

func delivery(err error) error {
	e, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return &deliveryError{during: "no answer"}
	}
	return &deliveryError{code: e.ErrorCode(), during: e.Reason.String()}
}

// isRefused says whether trying again is of no use.
func isRefused(err error) bool {
	e, ok := errors.AsType[*deliveryError](err)
	return ok && e.code >= 500
}
