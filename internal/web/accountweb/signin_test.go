package accountweb_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/web"
	"commonweal/internal/web/webtest"
)

func TestSigningInByALinkWithoutJavaScript(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		h.elm(lang)
		b := h.browser(lang)
		b.see("/sign-in").Doc.Has(t, "label[for=email]", b.t("account.signin.email.label"))
		b.faulty(b.send("/sign-in", "email", "sol at example", "next", "/devices"), "email", "account.email.unreadable", "sol at example")
		sent := b.led(b.send("/sign-in", "email", "sol@example.org", "next", "/devices"), "/sign-in/sent").Follow()
		b.want(200, sent).Doc.Has(t, "h1", b.t("account.sent.title"))

		to := h.letter("sol@example.org")
		for range 2 { // a mail scanner, then the person
			asked := b.see(to)
			asked.Doc.Has(t, "main", b.t("account.enter.as", i18n.Args{"address": "s…@example.org"}))
			if len(asked.Header["Set-Cookie"]) > 0 {
				t.Errorf("opening a link sets cookies: %v", asked.Header["Set-Cookie"])
			}
			if got := asked.Doc.Attr("main input[name=next]", "value"); got != "/devices" {
				t.Errorf("next = %q", got)
			}
		}
		path, _, _ := strings.Cut(to, "?")
		b.says(b.led(b.send(path, "next", "/devices"), "/devices").Follow(), "account.enter.done")
		b.see("/devices").Doc.Has(t, "main li", "Firefox, Android")

		used := b.want(404, b.Get(to))
		used.Doc.Has(t, "h1", b.t("account.gone.title"))
		used.Doc.Has(t, "main a[href=/sign-in]", b.t("account.gone.signin.go"))
		b.want(404, b.send(path)).Doc.Has(t, "h1", b.t("account.gone.title"))
	})
}

func TestTheAnswerIsTheSameWhetherThereIsAnAccount(t *testing.T) {
	h := open(t)
	h.elm(i18n.English)
	type answer struct {
		Status, Then int
		Header       http.Header
		Body, After  string
	}
	ask := func(email string) answer {
		b := h.browser(i18n.English)
		a := b.send("/sign-in", "email", email)
		then := a.Follow()
		return answer{a.Status, then.Status, a.Header, a.Body, then.Body}
	}
	for range 7 { // also when the share of an address is used up
		if diff := cmp.Diff(ask("nobody@example.org"), ask("sol@example.org")); diff != "" {
			t.Fatalf("(-unknown +known):\n%s", diff)
		}
	}
}

func TestALinkWorksInAnotherBrowserAndIsLate(t *testing.T) {
	h := open(t)
	h.elm(i18n.English)
	asking, reading := h.browser(i18n.English), h.browser(i18n.Spanish)
	asking.send("/sign-in", "email", "sol@example.org")
	to := h.letter("sol@example.org")
	reading.see(to)
	reading.led(reading.send(to), "/i/elm-street/day")
	reading.see("/devices")
	asking.led(asking.Get("/devices"), "/sign-in?next=%2Fdevices")

	asking.send("/sign-in", "email", "sol@example.org")
	late := h.letter("sol@example.org")
	h.now.Advance(15 * time.Minute)
	asking.want(404, asking.Get(late))
	asking.want(404, asking.send(late))
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	h := open(t)
	h.elm(i18n.English)
	for next, want := range map[string]string{
		"https://evil.example/": "/i/elm-street/day", "//evil.example": "/i/elm-street/day", `/\evil.example`: "/i/elm-street/day",
		"/i/elm-street/gifts?x=1": "/i/elm-street/gifts?x=1",
	} {
		b := h.browser(i18n.English)
		b.send("/sign-in", "email", "sol@example.org", "next", next)
		path, _, _ := strings.Cut(h.letter("sol@example.org"), "?")
		b.led(b.send(path, "next", next), want)
	}
}

func TestTheCookieIsNewAtEachSignInAndOutIsOut(t *testing.T) {
	h := open(t)
	b, _ := h.elm(i18n.English)
	cookie := func(a webtest.Answer) string {
		c := session(a)
		if c == nil {
			t.Fatal("no session cookie")
		}
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie = %+v", c)
		}
		return c.Value
	}
	enter := func() string {
		b.send("/sign-in", "email", "sol@example.org")
		return cookie(b.send(h.letter("sol@example.org")))
	}
	first, second := enter(), enter()
	if first == second {
		t.Fatalf("cookies: %q, then %q", first, second)
	}
	old := h.browser(i18n.English)
	old.Header.Set("Cookie", "__Host-cw="+first)
	old.led(old.Get("/devices"), "/sign-in?next=%2Fdevices")

	out := b.led(b.send("/sign-out"), "/sign-in")
	if c := session(out); c == nil || c.MaxAge >= 0 {
		t.Errorf("signing out leaves the cookie: %+v", c)
	}
	b.says(out.Follow(), "account.out.done")
	b.led(b.Get("/devices"), "/sign-in?next=%2Fdevices")
	b.led(b.send("/sign-out"), "/sign-in") // once more does no harm
	old.Header.Set("Cookie", "__Host-cw="+second)
	old.led(old.Get("/devices"), "/sign-in?next=%2Fdevices")
}

func TestPasskeysStandBehindACurtain(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.browser(lang)
		doc := b.see("/sign-in").Doc
		doc.Has(t, "section[hidden] button", b.t("account.signin.passkey.button"))
		if n := len(doc.All("script")); n != 1 {
			t.Errorf("%d scripts, want the one for passkeys", n)
		}
		b.see("/sign-in/sent").Doc.None(t, "script")

		ask := b.want(200, b.send("/sign-in/passkey/ask"))
		if !strings.Contains(ask.Body, `"rpId":"commonweal.test"`) || ask.Header.Get("Content-Type") != "application/json" {
			t.Errorf("question = %s", ask.Body)
		}
		refused := b.want(422, b.send("/sign-in/passkey", "token", "guess", "answer", "{}", "next", "/devices"))
		refused.Doc.Has(t, ".summary", b.t("account.passkey.refused"))
		if got := refused.Doc.Attr("main input[name=next]", "value"); got != "/devices" {
			t.Errorf("next = %q", got)
		}
	})
}

func TestWherePasskeysCannotWorkThereIsNoButton(t *testing.T) {
	h := open(t, func(h *house, _ *web.Config) { h.accounts.BaseURL = "https://192.0.2.7" })
	h.browser(i18n.English).see("/sign-in").Doc.None(t, "script")
}

func TestAListOfInitiativesForWhoIsInSeveral(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.begin(lang)
		b.see("/me/initiatives").Doc.Has(t, ".empty", b.t("account.mine.none"))
		b.send("/first", "name", "Elm Street", "steward", "Sol", "zone", "America/Chicago", "langs", "en")
		who := h.signedIn(b)
		oak, err := h.initiatives.Create(t.Context(), who, draft("Oak Hill"))
		h.must(err)
		to, _ := h.invite(oak.Initiative, "sol-in-oak", access.Member)
		b.led(b.send(to), "/i/oak-hill")

		b.send("/sign-in", "email", "sol@example.org")
		list := b.want(200, b.led(b.send(h.letter("sol@example.org")), "/me/initiatives").Follow())
		list.Doc.Has(t, "main a[href=/i/elm-street/day]", "Elm Street")
		list.Doc.Has(t, "main a[href=/i/oak-hill]", "Oak Hill")
		list.Doc.Has(t, "main .tag", b.t("access.kind.member.label"))
	})
}
