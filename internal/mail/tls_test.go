package mail

import (
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"commonweal/internal/db/dbtest"
)

// trusted gives a certificate for this machine, and whom to trust so as to
// believe it.
func trusted(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates, MinVersion: tls.VersionTLS12},
		&tls.Config{RootCAs: roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

func TestOverTLSWeSignIn(t *testing.T) {
	for _, scheme := range []string{"smtps", "smtp"} {
		t.Run(scheme, func(t *testing.T) {
			theirs, ours := trusted(t)
			l := listen(t)
			address := l.Addr().String()
			if scheme == "smtps" {
				l = tls.NewListener(l, theirs)
			}
			p := serve(t, l, func(s *smtp.Server) { s.TLSConfig = theirs })
			server, err := ParseServer(scheme + "://elm:s%C3%A9samo@" + address + "?from=hello@example.org")
			if err != nil {
				t.Fatal(err)
			}
			server.here = false // as if it were far away

			if err := server.send(t.Context(), letter(), dbtest.Clock().Now()); err == nil {
				t.Error("it believed a certificate that nobody vouches for")
			}
			server.secure = ours
			if err := server.send(t.Context(), letter(), dbtest.Clock().Now()); err != nil || p.user != "elm" || len(p.texts()) != 1 {
				t.Errorf("error %v, signed in as %q, %d messages", err, p.user, len(p.texts()))
			}
			server.password = "wrong"
			if err := server.send(t.Context(), letter(), dbtest.Clock().Now()); err == nil || isRefused(err) || strings.Contains(err.Error(), "wrong") {
				t.Errorf("with a wrong password: %v", err)
			}
		})
	}
}

func TestNothingGoesInTheClearToAnotherMachine(t *testing.T) {
	p, server := newPost(t)
	server.here = false // as if it were far away
	if err := server.send(t.Context(), letter(), dbtest.Clock().Now()); err == nil || len(p.texts()) != 0 {
		t.Errorf("error %v, %d messages", err, len(p.texts()))
	}
}
