package web

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"

	"commonweal/internal/web/page"
)

// shelfBytes is how much the kept pages may weigh together: a thousand pages
// in two languages, compressed.
const shelfBytes = 16 << 20

// longestQuery is the longest query of a page that is kept; nobody asks a
// longer one but to fill the shelf.
const longestQuery = 200

// errCookieInPublic is a handler's mistake: a cookie for one visitor would be
// kept for all.
var errCookieInPublic = errors.New("web: a public page sets a cookie")

// shelf keeps finished public pages, compressed, until what they show changes
// or the shelf is full. The page that nobody asked for longest goes first.
type shelf struct {
	most int

	mu    sync.Mutex
	bytes int
	pages map[string]*list.Element
	order *list.List // of *kept; the last asked for in front
}

// kept is one page as it is sent.
type kept struct {
	key, etag string
	header    http.Header
	body      []byte
}

func newShelf(most int) *shelf {
	return &shelf{most: most, pages: map[string]*list.Element{}, order: list.New()}
}

func (s *shelf) get(key, etag string) *kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.pages[key]
	if e == nil {
		return nil
	}
	k, _ := e.Value.(*kept)
	if k.etag != etag {
		return nil
	}
	s.order.MoveToFront(e)
	return k
}

func (s *shelf) put(k *kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.pages[k.key]; old != nil {
		s.remove(old)
	}
	s.pages[k.key] = s.order.PushFront(k)
	s.bytes += k.weight()
	for s.bytes > s.most {
		s.remove(s.order.Back())
	}
}

func (s *shelf) remove(e *list.Element) {
	k, _ := s.order.Remove(e).(*kept)
	delete(s.pages, k.key)
	s.bytes -= k.weight()
}

// weight is about what a page costs in memory.
func (k *kept) weight() int { return len(k.body) + len(k.key) + len(k.etag) + 1024 }

// public answers with a page that is the same for everyone: not at all when
// the browser has it, from the shelf when it is there, and by the handler
// otherwise.
func (s *site) public(w http.ResponseWriter, r *page.Request, version string) error {
	accepts := accepted(r.Header.Get("Accept-Encoding"))
	etag := s.etag(r, version)
	h := w.Header()
	h.Set("ETag", etag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept-Encoding, Accept-Language, Cookie, Save-Data")
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	key := shelfKey(r, accepts)
	k := s.kept.get(key, etag)
	if k == nil {
		made := &recorder{header: http.Header{}}
		if err := r.Route.Handle(made, r); err != nil {
			return err
		}
		if len(made.header["Set-Cookie"]) > 0 {
			return errCookieInPublic
		}
		k = &kept{key: key, etag: etag, header: made.header, body: made.body.Bytes()}
		if made.status != http.StatusOK {
			h.Del("ETag")
			return send(w, k, made.status)
		}
		if err := k.compress(accepts); err != nil {
			return err
		}
		if len(r.URL.RawQuery) <= longestQuery {
			s.kept.put(k)
		}
	}
	return send(w, k, http.StatusOK)
}

func send(w http.ResponseWriter, k *kept, status int) error {
	h := w.Header()
	for name, values := range k.header {
		h[name] = values
	}
	h.Set("Content-Length", strconv.Itoa(len(k.body)))
	w.WriteHeader(status)
	_, err := w.Write(k.body)
	return err
}

// etag names what a public page shows: the initiative's version, the program,
// the language and the letters, and the day, since pages say what comes next.
func (s *site) etag(r *page.Request, version string) string {
	now := s.Now()
	if r.In.Zone != nil {
		now = now.In(r.In.Zone)
	}
	return `W/"` + strings.Join([]string{version, s.Build, now.Format("0102"), wishes(r)}, ".") + `"`
}

func wishes(r *page.Request) string {
	text := string(r.Lang)
	if r.SaveData {
		text += "-s"
	}
	if r.Letters {
		text += "-l"
	}
	return text
}

func shelfKey(r *page.Request, accepts encodings) string {
	encoding := ""
	switch {
	case accepts.br:
		encoding = "br"
	case accepts.gzip:
		encoding = "gz"
	}
	return strings.Join([]string{encoding, wishes(r), r.URL.Path, r.URL.RawQuery}, " ")
}

// Levels for pages that are kept: they are made once and sent many times.
const (
	keptBrotli = 5
	keptGzip   = gzip.BestCompression
)

func (k *kept) compress(accepts encodings) error {
	if len(k.body) < leastWorth || !accepts.br && !accepts.gzip {
		return nil
	}
	var out bytes.Buffer
	var packer io.WriteCloser
	name := "br"
	if accepts.br {
		packer = brotli.NewWriterLevel(&out, keptBrotli)
	} else {
		name = "gzip"
		w, err := gzip.NewWriterLevel(&out, keptGzip)
		if err != nil {
			return err
		}
		packer = w
	}
	if _, err := packer.Write(k.body); err != nil {
		return err
	}
	if err := packer.Close(); err != nil {
		return err
	}
	k.body = bytes.Clone(out.Bytes())
	k.header.Set("Content-Encoding", name)
	return nil
}

// recorder takes a page down instead of sending it.
type recorder struct {
	header http.Header
	body   bytes.Buffer
	status int
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.body.Write(p)
}
