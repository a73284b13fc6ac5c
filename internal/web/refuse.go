package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

// statusGone stands in the log for a request whose browser has gone.
const statusGone = 499

// refusal is an error as a page says it.
type refusal struct {
	status int
	name   string // error.page.{name}
	wait   int    // seconds until it may work, for Retry-After
}

// busySeconds is when to try again after the store was busy or full.
const busySeconds = 30

// of decides how a page says an error. An error that nobody foresaw is our
// fault, and says nothing of itself.
func of(err error) refusal {
	if fast, ok := errors.AsType[tooFast](err); ok {
		return refusal{http.StatusTooManyRequests, "slow", int(math.Ceil(fast.wait.Seconds()))}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return refusal{status: http.StatusRequestEntityTooLarge, name: "toolong"}
	}
	switch {
	case errors.Is(err, errCrossOrigin):
		return refusal{status: http.StatusForbidden, name: "crossorigin"}
	case errors.Is(err, errSignedOut):
		return refusal{status: http.StatusUnauthorized, name: "signin"}
	case errors.Is(err, errMethod):
		return refusal{status: http.StatusMethodNotAllowed, name: "method"}
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return refusal{status: http.StatusUnprocessableEntity, name: "invalid"}
	case fault.NotFound:
		return refusal{status: http.StatusNotFound, name: "notfound"}
	case fault.Forbidden:
		return refusal{status: http.StatusForbidden, name: "forbidden"}
	case fault.Conflict:
		if why, ok := errors.AsType[*fault.Error](err); ok && !strings.HasPrefix(why.Message.Key, "once.") {
			return refusal{status: http.StatusConflict, name: "notnow"} // its own words say why
		}
		return refusal{status: http.StatusConflict, name: "conflict"}
	case fault.Busy:
		return refusal{http.StatusServiceUnavailable, "busy", busySeconds}
	case fault.Internal:
	}
	return refusal{status: http.StatusInternalServerError, name: "internal"}
}

// refuse turns what a guard or a handler returned into an answer, and is the
// one place where it is logged.
func (s *site) refuse(w http.ResponseWriter, r *page.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		w.WriteHeader(statusGone)
		return
	}
	if errors.Is(err, errSignedOut) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		// Only a GET: a phone that sends what it kept would take the sign-in page
		// for a receipt.
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r.Request, "/sign-in?"+url.Values{"next": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
		return
	}
	to := of(err)
	if to.status >= http.StatusInternalServerError {
		level := slog.LevelError
		if to.status == http.StatusServiceUnavailable {
			level = slog.LevelWarn // it passes, or the store has said more already
		}
		s.Log.LogAttrs(r.Context(), level, "refused", slog.String("route", r.Route.Pattern), slog.String("error", err.Error()))
	}
	s.say(w, r, to, sentence(r.Lang, err))
}

// sentence is what the fault itself has to say, or "" when it has nothing
// beyond its kind.
func sentence(lang i18n.Lang, err error) string {
	said, ok := errors.AsType[*fault.Error](err)
	words := i18n.In(lang)
	if !ok || !words.Has(said.Message.Key) || said.Message.Key == "error.notfound" || said.Message.Key == "error.invalid" {
		return ""
	}
	return words.Say(said.Message)
}

// faultPage is the page that says what went wrong and what can be done.
type faultPage struct {
	page.Base
	Lead string
	Try  string // where to try again, when that makes sense
}

func (s *site) say(w http.ResponseWriter, r *page.Request, to refusal, lead string) {
	if sent, ok := w.(*answer); ok && sent.began {
		return // half an answer is out; the connection breaks and says so
	}
	r.Flash = nil
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	if to.wait > 0 {
		h.Set("Retry-After", strconv.Itoa(to.wait))
	}
	key := "error.page." + to.name
	p := faultPage{Base: r.Base(key + ".title").Neutral(key + ".title"), Lead: lead}
	if lead == "" {
		p.Lead = p.T(key+".lead", i18n.Args{"minutes": (to.wait + 59) / 60})
	}
	if r.Method == http.MethodGet && to.wait > 0 {
		p.Try = r.URL.RequestURI()
	}
	if err := page.Render(w, r, to.status, faultView(p)); err != nil {
		s.Log.LogAttrs(r.Context(), slog.LevelError, "error page", slog.String("error", err.Error()))
		http.Error(w, http.StatusText(to.status), to.status)
	}
}

// panicked answers for a handler that broke.
func (s *site) panicked(w *answer, hr *http.Request, broken any) {
	if broken == http.ErrAbortHandler { //nolint:errorlint // net/http panics with this very value
		panic(broken)
	}
	s.Log.LogAttrs(hr.Context(), slog.LevelError, "panic", slog.String("route", hr.Pattern),
		slog.String("what", fmt.Sprintf("%T", broken)), slog.String("stack", string(debug.Stack())))
	r := s.request(hr, page.Route{Pattern: hr.Pattern})
	s.speak(r)
	s.say(w, r, refusal{status: http.StatusInternalServerError, name: "internal"}, "")
}

// anything is the pattern of what no route has.
const anything = "/"

// unrouted answers for a path that no route has, or not with this method. It
// stays in the look of the initiative that the path names, so that help stands
// where it always does.
func (s *site) unrouted(w http.ResponseWriter, hr *http.Request) {
	r := s.request(hr, page.Route{Pattern: anything})
	s.speak(r)
	rest, ok := strings.CutPrefix(hr.URL.Path, "/i/")
	if slug, _, _ := strings.Cut(rest, "/"); ok && slug != "" {
		if in, _, err := s.places.enter(hr.Context(), slug); err == nil {
			r.In = in
		}
	}
	s.prefer(w, r)
	if allowed := s.methods(hr); allowed != "" {
		w.Header().Set("Allow", allowed)
		s.refuse(w, r, errMethod)
		return
	}
	s.refuse(w, r, fault.ErrNotFound)
}

// methods are the methods that a path has, or "" when it has none.
func (s *site) methods(hr *http.Request) string {
	var have []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete} {
		try := hr.Clone(hr.Context())
		try.Method = method
		if _, pattern := s.mux.Handler(try); pattern != anything {
			have = append(have, method)
		}
	}
	return strings.Join(have, ", ")
}
