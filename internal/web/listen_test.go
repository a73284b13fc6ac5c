package web_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"commonweal/internal/web"
)

var quiet = slog.New(slog.DiscardHandler)

// listening starts a server and stops it with the test. It gives its address.
func listening(t *testing.T, at web.Where, h http.Handler) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, done := make(chan string, 1), make(chan error, 1)
	at.Log, at.Ready = quiet, func(addr string) { ready <- addr }
	go func() { done <- web.Listen(ctx, at, h) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Listen = %v", err)
		}
	})
	select {
	case addr := <-ready:
		return addr
	case err := <-done:
		done <- nil
		t.Fatalf("Listen = %v", err)
		return ""
	}
}

var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "hello over %s", r.Proto) })

// writeCertificate makes a certificate for this machine and puts it in a directory.
func writeCertificate(t *testing.T, dir, name string) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(parsed)
	return cert, key, pool
}

func getOver(t *testing.T, url string, pool *x509.CertPool) (body, name string, err error) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true, DisableKeepAlives: true}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.Do(r)
	if err != nil {
		return "", "", err
	}
	defer got.Body.Close() //nolint:errcheck // read below
	text, err := bufio.NewReader(got.Body).ReadString(0)
	if text == "" {
		return "", "", err
	}
	if got.TLS != nil {
		name = got.TLS.PeerCertificates[0].Subject.CommonName
	}
	return text, name, nil
}

func TestListenWithACertificateThatIsRenewed(t *testing.T) {
	dir := t.TempDir()
	cert, key, pool := writeCertificate(t, dir, "first")
	addr := listening(t, web.Where{Addr: "127.0.0.1:0", Cert: cert, Key: key}, hello)
	body, name, err := getOver(t, "https://"+addr+"/", pool)
	if err != nil || body != "hello over HTTP/2.0" || name != "first" {
		t.Fatalf("over https: %q from %q, %v", body, name, err)
	}
	if err := os.WriteFile(cert, []byte("half a renewal"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, name, err = getOver(t, "https://"+addr+"/", pool); err != nil || name != "first" {
		t.Errorf("half way through a renewal: %q, %v", name, err)
	}
	_, _, pool = writeCertificate(t, dir, "second")
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(cert, later, later); err != nil {
		t.Fatal(err)
	}
	if _, name, err = getOver(t, "https://"+addr+"/", pool); err != nil || name != "second" {
		t.Errorf("after a renewal: %q, %v", name, err)
	}
}

func TestListenSaysWhatIsMissing(t *testing.T) {
	for name, at := range map[string]web.Where{
		"no such certificate": {Addr: "127.0.0.1:0", Cert: "missing.pem", Key: "missing.pem"},
		"a key alone":         {Addr: "127.0.0.1:0", Key: "missing.pem"},
		"an address in use":   {Addr: listening(t, web.Where{Addr: "127.0.0.1:0"}, hello)},
	} {
		at.Log = quiet
		if err := web.Listen(t.Context(), at, hello); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestWithADomainHTTPLeadsToHTTPS(t *testing.T) {
	plain := freeAddr(t)
	listening(t, web.Where{Addr: "127.0.0.1:0", Plain: plain, Domain: "commonweal.test", CertDir: t.TempDir()}, hello)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, test := range []struct {
		method, want string
		status       int
	}{{http.MethodGet, "https://commonweal.test/i/riverside?lang=es", 301}, {http.MethodPost, "", 400}} {
		r, err := http.NewRequestWithContext(t.Context(), test.method, "http://"+plain+"/i/riverside?lang=es", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "evil.example"
		got, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = got.Body.Close()
		if got.StatusCode != test.status || got.Header.Get("Location") != test.want {
			t.Errorf("%s = %d to %q, want %d to %q", test.method, got.StatusCode, got.Header.Get("Location"), test.status, test.want)
		}
	}
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // only its number is wanted
	return l.Addr().String()
}

func dial(t *testing.T, addr, text string) net.Conn {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := c.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAHugeHeaderIsRefused(t *testing.T) {
	addr := listening(t, web.Where{Addr: "127.0.0.1:0"}, hello)
	c := dial(t, addr, "GET / HTTP/1.1\r\nHost: a\r\nX-Long: "+strings.Repeat("x", 40<<10))
	answer, err := bufio.NewReader(c).ReadString('\n')
	if err != nil || !strings.HasPrefix(answer, "HTTP/1.1 431") {
		t.Errorf("answer = %q, %v, want 431", answer, err)
	}
}

// Half-open clients, and clients that send a letter and wait, hold little, and
// not for ever.
func TestSlowClientsHoldLittle(t *testing.T) {
	addr := listening(t, web.Where{Addr: "127.0.0.1:0"}, hello)
	const clients = 300
	before := heap()
	for range clients {
		dial(t, addr, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")
	}
	if body, _, err := getOver(t, "http://"+addr+"/", nil); err != nil || body == "" {
		t.Errorf("others are no longer answered: %q, %v", body, err)
	}
	if grown := heap() - before; grown > clients*64<<10 {
		t.Errorf("%d slow clients hold %d KB", clients, grown>>10)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse) //nolint:gosec // far below 2^63
}

func TestASlowClientIsSentAwayInTheEnd(t *testing.T) {
	s := web.Server(hello, quiet)
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Fatalf("a bound is missing: %+v", s)
	}
	s.ReadHeaderTimeout = 30 * time.Millisecond // the same bound, in a time that a test can wait for
	server := httptest.NewUnstartedServer(hello)
	server.Config = s
	server.Start()
	defer server.Close()
	c := dial(t, server.Listener.Addr().String(), "GET / HTTP/1.1\r\nX-Slow: ")
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		t.Errorf("read %d bytes, %v: want the connection closed", n, err)
	}
}
