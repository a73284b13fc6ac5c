package page

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"commonweal/internal/i18n"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keepBuffer is the largest buffer kept for the next page: four times what a
// resident's page weighs before compression.
const keepBuffer = 256 << 10

// statusKey carries the answer's status to the layout, which begins the title
// of a refused form with "Error:".
type statusKey struct{}

// Render makes the whole page before the first byte is sent, so that an error
// half way is an error page and not half a page.
func Render(w http.ResponseWriter, r *Request, status int, c templ.Component) error {
	b, _ := buffers.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() <= keepBuffer {
			b.Reset()
			buffers.Put(b)
		}
	}()
	ctx := context.WithValue(r.Context(), statusKey{}, status)
	if err := c.Render(ctx, b); err != nil {
		return fmt.Errorf("render %s: %w", r.Route.Pattern, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(r.Lang))
	w.WriteHeader(status)
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("send %s: %w", r.Route.Pattern, err)
	}
	return nil
}

// refused says whether the page that is being rendered is a refused form.
func refused(ctx context.Context) bool {
	status, _ := ctx.Value(statusKey{}).(int)
	return status == http.StatusUnprocessableEntity
}

// Flash is what the page after a redirect says first.
type Flash struct {
	Key  string    `json:"k"`
	Args i18n.Args `json:"a,omitempty"`
}

// messageID is where a flash message or an error summary stands. The address
// of every redirect and every form ends with it, so that the browser takes the
// reader there without a script.
const messageID = "message"

// Redirect answers a POST that succeeded: 303 to another page, which begins
// with the message. An empty flashKey says nothing. The message may carry
// numbers and short words, but no name and no answer: it travels in a cookie.
func Redirect(w http.ResponseWriter, r *Request, to, flashKey string, args ...i18n.Args) error {
	if flashKey != "" {
		f := Flash{Key: flashKey}
		if len(args) > 0 {
			f.Args = args[0]
		}
		text, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("flash %s: %w", flashKey, err)
		}
		// Long enough for a slow phone, short enough to be about this visit.
		http.SetCookie(w, r.cookie(flashCookie, base64.RawURLEncoding.EncodeToString(text), 60))
		if !strings.Contains(to, "#") {
			to += "#" + messageID
		}
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
	return nil
}

const (
	sessionCookie = "cw"
	flashCookie   = "cw-flash"
)

// cookie makes a cookie that only this host reads. A browser takes the __Host-
// prefix only over https, so a server on loopback goes without.
func (r *Request) cookie(name, value string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName(r.Site.Secure, name), Value: value, Path: "/", MaxAge: seconds,
		Secure: r.Site.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

func cookieName(secure bool, name string) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// sessionSeconds is how long a browser keeps the session cookie: as long as a
// session can live. The store decides when it ends.
const sessionSeconds = 180 * 24 * 3600

// SetSession signs the browser in with a token from the account room.
func SetSession(w http.ResponseWriter, r *Request, token string) {
	http.SetCookie(w, r.cookie(sessionCookie, token, sessionSeconds))
}

// ClearSession forgets the session on this browser.
func ClearSession(w http.ResponseWriter, r *Request) {
	http.SetCookie(w, r.cookie(sessionCookie, "", -1))
}

// SessionToken is the session token that the browser sent, or "".
func SessionToken(r *Request) string { return readCookie(r.Request, r.Site, sessionCookie) }

func readCookie(r *http.Request, site *Site, name string) string {
	c, err := r.Cookie(cookieName(site.Secure, name))
	if err != nil {
		return ""
	}
	return c.Value
}

// TakeFlash reads the message that a redirect left, and removes it from the
// browser. The guards call it.
func TakeFlash(w http.ResponseWriter, r *Request) *Flash {
	value := readCookie(r.Request, r.Site, flashCookie)
	if value == "" {
		return nil
	}
	http.SetCookie(w, r.cookie(flashCookie, "", -1))
	text, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return nil
	}
	f := new(Flash)
	if json.Unmarshal(text, f) != nil || !i18n.In(r.Lang).Has(f.Key) {
		return nil
	}
	for name, v := range f.Args {
		if n, isNumber := v.(float64); isNumber && n == math.Trunc(n) {
			f.Args[name] = int(n) // JSON has one kind of number; plurals want whole ones
		}
	}
	return f
}

// HasFlash says whether a redirect left a message on the browser.
func HasFlash(r *Request) bool { return readCookie(r.Request, r.Site, flashCookie) != "" }
