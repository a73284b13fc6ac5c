package accountweb_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/mail"
	"commonweal/internal/web"
	"commonweal/internal/web/accountweb"
	"commonweal/internal/web/htmlcheck"
	"commonweal/internal/web/webtest"
)

// house is a server with its real store, seen from outside.
type house struct {
	*testing.T
	db          *db.DB
	now         *clock.Fake
	accounts    *account.Service
	initiatives *initiative.Service
	work        *jobs.Runner
	pages       *accountweb.Pages
	site        *webtest.Site
}

func open(t *testing.T, change ...func(*house, *web.Config)) *house {
	t.Helper()
	now := dbtest.Clock()
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	ids, log := db.NewIDs(now.Now, nil), slog.New(slog.DiscardHandler)
	h := &house{T: t, db: d, now: now}
	h.accounts = &account.Service{DB: d, IDs: ids, Now: now.Now, Log: log, BaseURL: webtest.Origin}
	h.initiatives = &initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: found}
	h.work = &jobs.Runner{DB: d, IDs: ids, Now: now.Now, Log: log, Handle: h.accounts.Handlers()}
	h.pages = &accountweb.Pages{Accounts: h.accounts, Initiatives: h.initiatives}
	config := web.Config{Actor: h.accounts.Actor, SignOut: h.accounts.SignOut, Now: now.Now}
	for _, c := range change {
		c(h, &config)
	}
	config.Routes = h.pages.Routes()
	h.site = webtest.New(t, webtest.Site{Config: config})
	return h
}

// found makes the first steward, as the rooms between would.
func found(ctx context.Context, q db.Querier, in initiative.Initiative, first initiative.Founder) (string, error) {
	person := "steward-of-" + in.Slug
	if first.Account != "" {
		if err := account.Be(ctx, q, in.ID, person, first.Account); err != nil {
			return "", err
		}
	}
	return person, access.Give(ctx, q, access.Membership{Initiative: in.ID, Person: person, Kind: access.Steward}, first.Account)
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// browser is one browser; every page that it sees has to be sound.
type browser struct {
	*webtest.Browser
	h     *house
	lang  i18n.Lang
	token string // of its session
}

func (h *house) browser(lang i18n.Lang) *browser {
	h.Helper()
	b := h.site.Visitor(h.T)
	b.Header.Set("Accept-Language", string(lang))
	b.Header.Set("User-Agent", "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0")
	return &browser{Browser: b, h: h, lang: lang}
}

// session is the session cookie that an answer brings, or nil.
func session(a webtest.Answer) *http.Cookie {
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.Name == "__Host-cw" {
			return c
		}
	}
	return nil
}

// signedIn is who is behind a browser.
func (h *house) signedIn(b *browser) access.Actor {
	h.Helper()
	who, err := h.accounts.Actor(h.Context(), b.token)
	h.must(err)
	if !who.IsSignedIn() {
		h.Fatal("nobody is signed in")
	}
	return who
}

func (b *browser) t(key string, args ...i18n.Args) string { return i18n.In(b.lang).T(key, args...) }

// sound looks at an answer, and remembers the session that it may bring.
func (b *browser) sound(a webtest.Answer) webtest.Answer {
	b.h.Helper()
	if c := session(a); c != nil {
		b.token = c.Value
	}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && a.Status/100 != 3 {
		htmlcheck.Sound(b.h.T, a.Body)
		if got := a.Doc.Attr("html", "lang"); got != string(b.lang) {
			b.h.Errorf("the page is in %q, want %q", got, b.lang)
		}
	}
	return a
}

// see asks for a page that has to be there.
func (b *browser) see(path string) webtest.Answer {
	b.h.Helper()
	return b.want(200, b.Get(path))
}

// send posts a form, given as name, value, name, value.
func (b *browser) send(path string, form ...string) webtest.Answer {
	b.h.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		values.Add(form[i], form[i+1])
	}
	return b.sound(b.Post(path, values))
}

func (b *browser) want(status int, a webtest.Answer) webtest.Answer {
	b.h.Helper()
	b.sound(a)
	if a.Status != status {
		b.h.Fatalf("status %d, want %d: %s %s", a.Status, status, a.Header.Get("Location"), a.Doc.Text("main"))
	}
	return a
}

// led fails unless the answer leads to a path, and goes there when it is a page
// of ours.
func (b *browser) led(a webtest.Answer, to string) webtest.Answer {
	b.h.Helper()
	b.want(303, a)
	got, _, _ := strings.Cut(a.Header.Get("Location"), "#")
	if got != to {
		b.h.Fatalf("led to %q, want %q", got, to)
	}
	return a
}

// faulty fails unless the answer is the same form with a fault at a field, and
// what was typed still in it.
func (b *browser) faulty(a webtest.Answer, field, key, typed string, args ...i18n.Args) {
	b.h.Helper()
	b.want(422, a)
	a.Doc.Has(b.h, "#"+field+"-fault", b.t(key, args...))
	a.Doc.Has(b.h, ".summary a[href=#"+field+"]", b.t(key, args...))
	if got := a.Doc.Attr("input[name="+field+"]", "value"); got != typed {
		b.h.Errorf("field %s holds %q, want what was typed: %q", field, got, typed)
	}
}

// says fails unless the page after a redirect says something first.
func (b *browser) says(a webtest.Answer, key string) {
	b.h.Helper()
	b.sound(a).Doc.Has(b.h, ".flash", b.t(key))
}

var ours = regexp.MustCompile(regexp.QuoteMeta(webtest.Origin) + `(/\S+)`)

// letter is the path of the link in the newest mail to somebody, or "".
func (h *house) letter(to string) string {
	h.Helper()
	_, err := h.work.RunDue(h.Context())
	h.must(err)
	all, err := mail.Outbox(h.Context(), h.db.Read(), "")
	h.must(err)
	for _, l := range all {
		if found := ours.FindStringSubmatch(l.Body); l.To == to && found != nil {
			return found[1]
		}
	}
	return ""
}

// begin makes the first account and gives its browser.
func (h *house) begin(lang i18n.Lang) *browser {
	h.Helper()
	to, err := h.accounts.FirstSteward(h.Context())
	h.must(err)
	b := h.browser(lang)
	b.led(b.send(strings.TrimPrefix(to, webtest.Origin), "email", "sol@example.org"), "/first")
	return b
}

// elm makes an initiative and gives its steward's browser.
func (h *house) elm(lang i18n.Lang) (*browser, initiative.Initiative) {
	h.Helper()
	b := h.begin(lang)
	b.led(b.send("/first", "name", "Elm Street", "steward", "Sol", "zone", "America/Chicago", "langs", "en", "langs", "es"), "/i/elm-street")
	in, _, err := h.initiatives.BySlug(h.Context(), "elm-street")
	h.must(err)
	return b, in
}

// invite invites somebody to an initiative and gives the path of the link, and
// the code.
func (h *house) invite(in initiative.Initiative, person string, kind access.Kind) (path, code string) {
	h.Helper()
	h.must(h.db.Tx(h.Context(), func(q db.Querier) error {
		keys, err := account.Invite(h.Context(), q, account.Invitation{Initiative: in.ID, Person: person, Kind: kind})
		path, code = keys.Path, keys.Code
		return err
	}))
	return path, code
}

// each runs a test in every language.
func each(t *testing.T, test func(t *testing.T, lang i18n.Lang)) {
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) { test(t, lang) })
	}
}
