package accountweb_test

import (
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
)

func draft(name string) initiative.Draft {
	return initiative.Draft{Name: name, Steward: "Somebody", Zone: "America/Chicago", Langs: []string{"en"}}
}

// another signs the first steward in on one more device.
func (h *house) another(lang i18n.Lang, agent string) *browser {
	h.Helper()
	b := h.browser(lang)
	b.Header.Set("User-Agent", agent)
	b.send("/sign-in", "email", "sol@example.org")
	b.want(303, b.send(h.letter("sol@example.org")))
	return b
}

func TestDevicesAreSeenNamedAndSignedOut(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		phone, _ := h.elm(lang)
		h.now.Advance(time.Hour)
		laptop := h.another(lang, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
		list := phone.see("/devices")
		list.Doc.Has(t, "main li .tag", phone.t("account.devices.this"))
		list.Doc.Has(t, "main li", "Firefox, Android")
		list.Doc.Has(t, "main li", "Chrome, Linux")
		list.Doc.Has(t, "title", phone.t("page.private"))
		id := h.signedIn(laptop).Session

		phone.see("/devices/"+id).Doc.Has(t, "h1", phone.t("account.device.title"))
		phone.faulty(phone.send("/devices/"+id, "name", ""), "name", "account.name.missing", "")
		long := "A very long name indeed, that no phone on any table anywhere has ever had"
		phone.faulty(phone.send("/devices/"+id, "name", long), "name", "account.name.long", long, i18n.Args{"max": 60})
		phone.says(phone.led(phone.send("/devices/"+id, "name", "The library’s"), "/devices").Follow(), "account.devices.named")
		phone.see("/devices").Doc.Has(t, "main li", "The library’s")
		phone.want(404, phone.Get("/devices/guess"))
		phone.want(404, phone.send("/devices/guess", "name", "x"))

		phone.says(phone.led(phone.send("/devices/end", "device", id), "/devices").Follow(), "account.devices.ended")
		laptop.led(laptop.Get("/devices"), "/sign-in?next=%2Fdevices")

		laptop = h.another(lang, "")
		laptop.see("/devices").Doc.Has(t, "main li", laptop.t("account.devices.unnamed"))
		ended := phone.led(phone.send("/devices/end-all"), "/sign-in")
		if c := session(ended); c == nil || c.MaxAge >= 0 {
			t.Errorf("ending all leaves the cookie: %+v", c)
		}
		phone.says(ended.Follow(), "account.devices.endedall")
		for _, b := range []*browser{phone, laptop} {
			b.led(b.Get("/devices"), "/sign-in?next=%2Fdevices")
		}
	})
}

func TestAnothersDeviceIsNotFoundAndNotEnded(t *testing.T) {
	h := open(t)
	sol, in := h.elm(i18n.English)
	eve := h.browser(i18n.English)
	to, _ := h.invite(in, "eve", access.Member)
	eve.send(to)
	id := h.signedIn(sol).Session
	eve.want(404, eve.Get("/devices/"+id))
	eve.want(404, eve.send("/devices/"+id, "name", "mine"))
	eve.send("/devices/end", "device", id)
	sol.see("/devices")
}

func TestVisitorsOfDevicesSignInFirst(t *testing.T) {
	h := open(t)
	h.elm(i18n.English)
	b := h.browser(i18n.English)
	b.led(b.Get("/devices"), "/sign-in?next=%2Fdevices")
	for _, path := range []string{"/devices/end", "/devices/end-all", "/devices/email", "/devices/passkey", "/devices/passkey/ask"} {
		b.want(401, b.send(path))
	}
}

func TestAnAddressIsChangedByItsLink(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b, _ := h.elm(lang)
		b.see("/devices").Doc.Has(t, "h2", b.t("account.ways.email.change"))
		b.faulty(b.send("/devices/email", "email", "sol@"), "email", "account.email.unreadable", "sol@")
		b.says(b.led(b.send("/devices/email", "email", "new@example.org"), "/devices").Follow(), "account.devices.asked")
		to := h.letter("new@example.org")
		b.see(to).Doc.Has(t, "main", b.t("account.confirm.lead", i18n.Args{"address": "new@example.org"}))
		b.see("/devices").Doc.Has(t, "main", "sol@example.org")
		b.says(b.led(b.send(to), "/devices").Follow(), "account.confirm.done")
		b.see("/devices").Doc.Has(t, "main", "new@example.org")
		b.want(404, b.Get(to)).Doc.Has(t, "h1", b.t("account.gone.title"))
		b.want(404, b.send(to))
	})
}

func TestAnAddressOfAnotherIsRefusedOnlyToWhoReadsIt(t *testing.T) {
	h := open(t)
	_, in := h.elm(i18n.English)
	eve := h.browser(i18n.English)
	to, _ := h.invite(in, "eve", access.Member)
	eve.led(eve.send(to, "email", "sol@example.org"), "/i/elm-street")
	eve.see("/devices") // which says the welcome
	to = h.letter("sol@example.org")
	eve.want(422, eve.send(to)).Doc.Has(t, ".summary", eve.t("account.email.taken"))
}

func TestAfterTenMinutesOneSignsInAgain(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b, _ := h.elm(lang)
		h.now.Advance(11 * time.Minute)
		doc := b.see("/devices").Doc
		doc.None(t, "main input[name=email]")
		doc.None(t, "script")
		doc.Has(t, "main a", b.t("account.ways.again"))
		b.says(b.led(b.send("/devices/email", "email", "new@example.org"), "/sign-in?next=%2Fdevices").Follow(), "account.proof.old")
		b.want(403, b.send("/devices/passkey/ask"))
		b.led(b.send("/devices/passkey", "name", "x", "token", "t", "answer", "{}"), "/sign-in?next=%2Fdevices")
		if to := h.letter("new@example.org"); to != "" {
			t.Errorf("a link went out: %s", to)
		}
	})
}

func TestAPasskeyThatWasNotMadeIsSaid(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b, _ := h.elm(lang)
		doc := b.see("/devices").Doc
		if got := doc.Attr("section[hidden] input[name=name]", "value"); got != "Firefox, Android" {
			t.Errorf("the name offered is %q", got)
		}
		b.want(200, b.send("/devices/passkey/ask"))
		b.want(422, b.send("/devices/passkey", "name", "Phone", "token", "guess", "answer", "{}")).Doc.Has(t, ".summary", b.t("account.passkey.refused"))
		b.faulty(b.send("/devices/passkey", "name", "", "token", "guess", "answer", "{}"), "name", "account.name.missing", "")
		b.want(404, b.Get("/devices/passkey/guess"))
		b.want(404, b.send("/devices/passkey/guess", "name", "x"))
		b.want(404, b.send("/devices/passkey/guess/remove"))
	})
}
