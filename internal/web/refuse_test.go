package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web"
	"commonweal/internal/web/htmlcheck"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// secret stands in an error where no person may read it.
const secret = "ana@example.org lives at 5 Mill Row"

func failing(err error) web.Config {
	return web.Config{Routes: []page.Route{
		{Pattern: "GET " + in + "/fails", Need: access.Anyone, Example: "/i/riverside/fails", Handle: fails(err)},
	}, Log: slog.New(slog.DiscardHandler)}
}

func TestEachFaultHasItsPage(t *testing.T) {
	for _, test := range []struct {
		name   string
		err    error
		status int
		says   map[i18n.Lang]string
	}{
		{"not found", fault.ErrNotFound, 404, map[i18n.Lang]string{"en": "We can’t find that page", "es": "No encontramos esa página"}},
		{"not found, wrapped", fmt.Errorf("%s: %w", secret, fault.ErrNotFound), 404, map[i18n.Lang]string{"en": "We can’t find that page", "es": "No encontramos esa página"}},
		{"forbidden", fault.New(fault.Forbidden, ""), 403, map[i18n.Lang]string{"en": "That isn’t possible here", "es": "Aquí no se puede hacer eso"}},
		{"conflict", fault.New(fault.Conflict, "once.other"), 409, map[i18n.Lang]string{"en": "This was sent before", "es": "Esto ya lo había enviado"}},
		{"not as things stand", fault.New(fault.Conflict, "room.closed"), 409, map[i18n.Lang]string{"en": "That isn’t possible just now", "es": "Ahora mismo no se puede"}},
		{"invalid", fault.New(fault.Invalid, "error.form"), 422, map[i18n.Lang]string{"en": "We couldn’t read that", "es": "No pudimos leerlo"}},
		{"busy", fault.Because(errors.New(secret), fault.Busy, "error.nothing"), 503, map[i18n.Lang]string{"en": "We are very busy just now", "es": "Ahora mismo estamos muy ocupados"}},
		{"unforeseen", errors.New(secret), 500, map[i18n.Lang]string{"en": "Something went wrong on our side", "es": "Algo falló de nuestro lado"}},
		{"too long", fmt.Errorf("read: %w", &http.MaxBytesError{Limit: 1}), 413, map[i18n.Lang]string{"en": "That is too much at once", "es": "Es demasiado de una vez"}},
	} {
		for lang, heading := range test.says {
			t.Run(test.name+" in "+string(lang), func(t *testing.T) {
				b := webtest.New(t, webtest.Site{Config: failing(test.err)}).Visitor(t)
				got := b.Get("/i/riverside/fails?lang=" + string(lang))
				if got.Status != test.status {
					t.Errorf("status = %d, want %d", got.Status, test.status)
				}
				got.Doc.Has(t, "main h1", heading)
				got.Doc.Has(t, "title", heading+" – Riverside Reads")
				got.Doc.Has(t, "footer", "555-0100")
				htmlcheck.Sound(t, got.Body)
				if strings.Contains(got.Body, "Mill Row") {
					t.Error("the page tells what the error is about")
				}
				if got.Header.Get("Cache-Control") != "no-store" {
					t.Errorf("Cache-Control = %q", got.Header.Get("Cache-Control"))
				}
			})
		}
	}
}

func TestAFaultsOwnWordsComeBeforeTheGeneralOnes(t *testing.T) {
	b := webtest.New(t, webtest.Site{Config: failing(fault.New(fault.Invalid, "error.form"))}).Visitor(t)
	b.Get("/i/riverside/fails").Doc.Has(t, ".lead", "Please go back and send it again")
}

func TestBusySaysWhenToComeBackAndOffersIt(t *testing.T) {
	b := webtest.New(t, webtest.Site{Config: failing(fault.New(fault.Busy, ""))}).Visitor(t)
	got := b.Get("/i/riverside/fails")
	if got.Header.Get("Retry-After") != "30" || got.Doc.Attr("main .btn", "href") != "/i/riverside/fails" {
		t.Errorf("Retry-After %q, button to %q", got.Header.Get("Retry-After"), got.Doc.Attr("main .btn", "href"))
	}
}

func TestAnErrorIsLoggedOnceAndWithoutThePath(t *testing.T) {
	var log bytes.Buffer
	c := failing(errors.New("store: closed"))
	c.Log = slog.New(slog.NewTextHandler(&log, nil))
	webtest.New(t, webtest.Site{Config: c}).Visitor(t).Get("/i/riverside/fails?code=7KQM")
	if n := strings.Count(log.String(), "store: closed"); n != 1 {
		t.Errorf("logged %d times:\n%s", n, log.String())
	}
	for _, want := range []string{`route="GET /i/{initiative}/fails"`, "status=500", "method=GET", "took="} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %s in:\n%s", want, log.String())
		}
	}
	for _, private := range []string{"7KQM", "riverside", "192.0.2.1"} {
		if strings.Contains(log.String(), private) {
			t.Errorf("the log holds %s:\n%s", private, log.String())
		}
	}
}

func TestAHandlerThatBreaksIsAnsweredFor(t *testing.T) {
	var log bytes.Buffer
	s := webtest.New(t, webtest.Site{Config: web.Config{Log: slog.New(slog.NewTextHandler(&log, nil)), Routes: []page.Route{
		{Pattern: "GET /breaks", Need: access.Anyone, Example: "/breaks", Handle: func(http.ResponseWriter, *page.Request) error { panic(secret) }},
	}}})
	got := s.Visitor(t).Get("/breaks")
	if got.Status != http.StatusInternalServerError {
		t.Errorf("status = %d", got.Status)
	}
	got.Doc.Has(t, "h1", "Something went wrong on our side")
	if strings.Contains(got.Body, "Mill Row") || strings.Contains(log.String(), "Mill Row") {
		t.Error("what broke is told to a person or to the log")
	}
	if !strings.Contains(log.String(), "refuse_test.go") {
		t.Errorf("the log doesn't say where it broke:\n%s", log.String())
	}
}

// Half a page under 200 would look like a whole one.
func TestAPageThatBreaksHalfWayIsAnErrorPage(t *testing.T) {
	s := webtest.New(t, webtest.Site{Config: web.Config{Log: slog.New(slog.DiscardHandler), Routes: []page.Route{
		{Pattern: "GET /breaks", Need: access.Anyone, Example: "/breaks", Handle: func(w http.ResponseWriter, r *page.Request) error {
			return page.Render(w, r, http.StatusOK, page.PostForm(r.Base("nav.home"), page.NewForm(), "/x"))
		}, Public: true},
	}}})
	got := s.Visitor(t).Get("/breaks")
	if got.Status != http.StatusInternalServerError || strings.Contains(got.Body, "<form method") {
		t.Errorf("a once key on a public page = %d", got.Status)
	}
}

func TestNobodyIsAnsweredWhoHasGone(t *testing.T) {
	s := webtest.New(t, webtest.Site{Config: failing(context.Canceled)})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, webtest.Origin+"/i/riverside/fails", nil))
	if w.Body.Len() != 0 {
		t.Errorf("wrote %d bytes", w.Body.Len())
	}
}

func TestAWrongMethodSaysWhichAreRight(t *testing.T) {
	s := site(t, web.Config{})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, webtest.Origin+"/i/riverside/said", nil)
	got := s.Visitor(t).Do(r)
	if got.Status != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("PUT = %d, Allow %q", got.Status, got.Header.Get("Allow"))
	}
	got.Doc.Has(t, "h1", "That page works in another way")
}

func TestALostPageKeepsTheLookOfItsInitiative(t *testing.T) {
	b := site(t, web.Config{}).Visitor(t)
	b.Get("/i/riverside/lost").Doc.Has(t, ".brand", "Riverside Reads")
	b.Get("/lost").Doc.Has(t, ".brand", "commonweal")
}

func TestTooLargeABodyIsRefused(t *testing.T) {
	b := site(t, web.Config{}).Visitor(t)
	got := b.Post("/i/riverside/said", url.Values{"need": {strings.Repeat("x", page.FormLimit)}})
	if got.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("status = %d, want 413", got.Status)
	}
}
