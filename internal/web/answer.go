package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// What a page is compressed with on its way out. Kept pages and assets are
// compressed once and better; see shelf.go and assets.
const (
	brotliLevel = 4
	gzipLevel   = 5
	// leastWorth is the size below which compression saves no packet.
	leastWorth = 1000
)

var (
	brotlis = sync.Pool{New: func() any { return brotli.NewWriterLevel(io.Discard, brotliLevel) }}
	gzips   = sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(io.Discard, gzipLevel) // fails for an unknown level only
		return w
	}}
)

// encodings are what a browser can unpack.
type encodings struct{ br, gzip bool }

// answer is the response on its way out: it notes what was sent, for the log,
// and compresses what is text. Nothing is sent before the first byte of the
// body, so that a handler that breaks earlier can still be answered for.
type answer struct {
	http.ResponseWriter
	accepts encodings
	status  int
	sent    int64
	began   bool // the header is out
	packer  packer
}

// packer compresses into the connection.
type packer interface {
	io.WriteCloser
	Reset(to io.Writer)
	Flush() error
}

func newAnswer(w http.ResponseWriter, r *http.Request) *answer {
	return &answer{ResponseWriter: w, accepts: accepted(r.Header.Get("Accept-Encoding"))}
}

// WriteHeader keeps the status until the body begins.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	if !a.began {
		a.begin(len(p))
	}
	if a.packer != nil {
		return a.packer.Write(p)
	}
	return a.out(p)
}

// out writes what goes over the wire.
func (a *answer) out(p []byte) (int, error) {
	n, err := a.ResponseWriter.Write(p)
	a.sent += int64(n)
	return n, err
}

// wire is the answer as the packer sees it.
type wire struct{ a *answer }

func (w wire) Write(p []byte) (int, error) { return w.a.out(p) }

// begin sends the header and decides about compression. Handlers write a page
// in one piece, so the size of the first piece is the size of the page.
func (a *answer) begin(size int) {
	a.began = true
	if a.status == 0 {
		a.status = http.StatusOK
	}
	h := a.Header()
	if isText(h.Get("Content-Type")) && h.Get("Content-Encoding") == "" {
		if h.Get("Vary") == "" {
			h.Set("Vary", "Accept-Encoding")
		}
		if size >= leastWorth {
			a.pack(h)
		}
	}
	a.ResponseWriter.WriteHeader(a.status)
}

func (a *answer) pack(h http.Header) {
	switch {
	case a.accepts.br:
		a.packer, _ = brotlis.Get().(packer)
		h.Set("Content-Encoding", "br")
	case a.accepts.gzip:
		a.packer, _ = gzips.Get().(packer)
		h.Set("Content-Encoding", "gzip")
	default:
		return
	}
	h.Del("Content-Length")
	a.packer.Reset(wire{a})
}

// finish ends the answer: a header without a body still goes out, and what is
// left in the packer.
func (a *answer) finish() {
	if !a.began {
		a.begin(0)
	}
	if a.packer == nil {
		return
	}
	_ = a.packer.Close() // fails when the browser has gone, which is its right
	switch p := a.packer.(type) {
	case *brotli.Writer:
		brotlis.Put(p)
	case *gzip.Writer:
		gzips.Put(p)
	}
	a.packer = nil
}

// Flush sends what there is, for an answer that grows.
func (a *answer) Flush() {
	if !a.began {
		a.begin(leastWorth)
	}
	if a.packer != nil {
		_ = a.packer.Flush() // as in finish
	}
	if f, ok := a.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func isText(kind string) bool {
	kind, _, _ = strings.Cut(kind, ";")
	switch strings.TrimSpace(kind) {
	case "application/json", "application/geo+json", "application/ld+json", "application/manifest+json",
		"application/xml", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(kind, "text/")
}
