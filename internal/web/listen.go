package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// Where says how the world reaches the server. Exactly one of three: Domain
// (we get the certificate), Cert and Key (somebody gives it to us), or neither
// (plain http, for this machine or behind a proxy).
type Where struct {
	Addr    string // "127.0.0.1:8080"; with Domain, ":443" unless told
	Domain  string // gets and renews its certificate by ACME
	Plain   string // with Domain: where http is answered, ":80" unless told
	CertDir string // with Domain: where certificates are kept
	Cert    string // file with the certificate chain
	Key     string // file with its key
	Log     *slog.Logger
	Ready   func(addr string) // called once, when requests are answered
}

// Times that bound what a slow or half-open client can hold. A form of a
// million letters over a bad line takes a minute and a half.
const (
	headerTime = 10 * time.Second
	readTime   = 90 * time.Second
	writeTime  = 90 * time.Second
	idleTime   = 60 * time.Second
	goodbye    = 10 * time.Second // for answers under way when the server stops
	headerSize = 16 << 10
)

// Server makes a server with those bounds.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerSize,
		// A debug line, since any port scanner can make as many as it likes.
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// Listen answers requests until ctx ends, then lets the answers under way
// finish.
func Listen(ctx context.Context, at Where, h http.Handler) error {
	servers, err := at.servers(h)
	if err != nil {
		return err
	}
	var open []net.Listener
	for _, s := range servers {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Addr)
		if err != nil {
			for _, l := range open {
				_ = l.Close() // the first error is the one to tell
			}
			return fmt.Errorf("listen: %w", err)
		}
		if s.TLSConfig != nil {
			l = tls.NewListener(l, s.TLSConfig)
		}
		open = append(open, l)
	}
	failed := make(chan error, len(servers))
	for i, s := range servers {
		go func() { failed <- s.Serve(open[i]) }()
	}
	if at.Ready != nil {
		at.Ready(open[0].Addr().String())
	}
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	return errors.Join(err, stop(servers))
}

func stop(servers []*http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	var all []error
	for _, s := range servers {
		all = append(all, s.Shutdown(ctx))
	}
	return errors.Join(all...)
}

// servers are the one or two servers that Where asks for, with their address
// and their certificate.
func (at Where) servers(h http.Handler) ([]*http.Server, error) {
	main := Server(h, at.Log)
	main.Addr = at.Addr
	if at.Domain != "" {
		manager := &autocert.Manager{
			Prompt:     autocert.AcceptTOS,
			Cache:      autocert.DirCache(at.CertDir),
			HostPolicy: autocert.HostWhitelist(at.Domain),
		}
		main.TLSConfig = secure(manager.GetCertificate, acme.ALPNProto)
		plain := Server(manager.HTTPHandler(toHTTPS(at.Domain)), at.Log)
		main.Addr, plain.Addr = or(at.Addr, ":443"), or(at.Plain, ":80")
		return []*http.Server{main, plain}, nil
	}
	if at.Cert == "" && at.Key == "" {
		return []*http.Server{main}, nil
	}
	pair := &keyPair{cert: at.Cert, key: at.Key, log: at.Log}
	if _, err := pair.get(nil); err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	main.TLSConfig = secure(pair.get)
	return []*http.Server{main}, nil
}

func secure(get func(*tls.ClientHelloInfo) (*tls.Certificate, error), more ...string) *tls.Config {
	return &tls.Config{
		GetCertificate: get,
		MinVersion:     tls.VersionTLS12,
		NextProtos:     append([]string{"h2", "http/1.1"}, more...),
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// toHTTPS sends whoever comes by http to https. It goes to our own name and
// not to the one that was asked for, which anyone may have written.
func toHTTPS(domain string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "https", http.StatusBadRequest) // what was sent has been read along the way already
			return
		}
		http.Redirect(w, r, "https://"+domain+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
}

// keyPair is a certificate in two files, read again when they change, so that
// renewing one needs no restart.
type keyPair struct {
	cert, key string
	log       *slog.Logger

	mu      sync.Mutex
	changed time.Time
	have    *tls.Certificate
}

func (k *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	info, err := os.Stat(k.cert)
	if err == nil && k.have != nil && info.ModTime().Equal(k.changed) {
		return k.have, nil
	}
	if err == nil {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(k.cert, k.key); err == nil {
			k.have, k.changed = &pair, info.ModTime()
			return k.have, nil
		}
	}
	if k.have == nil {
		return nil, err
	}
	// Half a renewal: the old certificate serves until both files are there.
	k.log.Warn("certificate not read again", slog.String("error", err.Error()))
	return k.have, nil
}
