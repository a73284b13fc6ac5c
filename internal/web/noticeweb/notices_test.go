package noticeweb_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
	"commonweal/internal/notice"
	"commonweal/internal/web/webtest"
)

const base = "/i/riverside"

func TestWhatIsNew(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.as(h.rosa, lang)
		b.see(base+"/notices").Doc.Has(t, ".empty", b.t("notice.list.none"))
		h.tell(h.rosa, "1", 30)
		h.tell(h.rosa, "2", 1)
		counted := dbtest.Count(h.db)
		a := b.see(base + "/notices")
		if n := counted.N(); n > 2 {
			t.Errorf("%d statements: %s", n, strings.Join(counted.Statements(), "\n"))
		}
		if n := len(a.Doc.All("main .list li")); n != 2 {
			t.Errorf("%d lines, want one a matter", n)
		}
		a.Doc.Has(t, ".list a", b.t("notice.several", i18n.Args{"n": 30, "line": b.t("conversation.notice.answer")}))
		if a.Doc.Attr(".list a", "href") != base+"/me" {
			t.Errorf("leads to %q", a.Doc.Attr(".list a", "href"))
		}
		a = b.done(b.send(base+"/notices/mute", "kind", "talk", "id", "1", "mute", "yes"), "notice.list.nomore")
		a.Doc.Has(t, ".tag", b.t("notice.list.muted"))
		b.done(b.send(base+"/notices/mute", "kind", "talk", "id", "1"), "notice.list.again").Doc.None(t, ".tag")
		b.want(404, b.send(base+"/notices/mute", "kind", "talk", "id", "9", "mute", "yes"))
		h.as(h.ben, lang).want(404, h.as(h.ben, lang).send(base+"/notices/mute", "kind", "talk", "id", "1", "mute", "yes"))
	})
}

func TestHowSomebodyHears(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.as(h.rosa, lang)
		a := b.see(base + "/notices/settings")
		if a.Doc.Attr("input[name=channel][checked]", "value") != "mail" || a.Doc.Attr("input[name=rhythm][checked]", "value") != "daily" {
			t.Error("the form doesn't say how it is now")
		}
		wrong := b.want(422, b.send(base+"/notices/settings", "rhythm", "weekly"))
		wrong.Doc.Has(t, "#channel-fault", b.t("notice.channel.missing"))
		if wrong.Doc.Attr("input[name=rhythm][checked]", "value") != "weekly" {
			t.Error("what was chosen is lost")
		}
		a = b.done(b.send(base+"/notices/settings", "channel", "paper", "rhythm", "weekly"), "notice.settings.saved")
		if a.Doc.Attr("input[name=channel][checked]", "value") != "paper" {
			t.Error("it isn't kept")
		}

		b = h.as(h.ben, lang) // no address
		a = b.see(base + "/notices/settings")
		a.Doc.Has(t, "main a", b.t("notice.settings.address"))
		if len(a.Doc.All("input[value=mail]")) != 0 {
			t.Error("mail is offered to who has no address")
		}
		b.want(422, b.send(base+"/notices/settings", "channel", "mail")).Doc.Has(t, "#channel-fault", b.t("notice.channel.address"))
		b.done(b.send(base+"/notices/settings", "channel", "connector"), "notice.settings.saved")

		b = h.as(h.kit, lang) // under 18
		a = b.see(base + "/notices/settings")
		a.Doc.Has(t, "main p", b.t("notice.settings.child"))
		if n := len(a.Doc.All("input[name=channel]")); n != 2 {
			t.Errorf("%d ways for a child, want two", n)
		}
		b.want(422, b.send(base+"/notices/settings", "channel", "paper")).Doc.Has(t, "#channel-fault", b.t("notice.channel.child"))
	})
}

func TestTheLinkInAMessageWorksWithoutSigningIn(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		h.tell(h.rosa, "1", 3)
		h.tell(h.rosa, "2", 1)
		stop := h.mailed()
		b := h.visitor(lang)
		a := b.see(stop)
		a.Doc.Has(t, "button.btn", b.t("notice.stop.all"))
		if n := len(a.Doc.All(".list li")); n != 2 {
			t.Errorf("%d matters", n)
		}
		b.done(b.send(stop+"/mute", "kind", "talk", "id", "1", "mute", "yes"), "notice.list.nomore").Doc.Has(t, ".tag", b.t("notice.list.muted"))
		b.done(b.send(stop+"/mute", "kind", "talk", "id", "1"), "notice.list.again")
		b.want(404, b.send(stop+"/mute", "kind", "talk", "id", "9", "mute", "yes"))

		b.want(200, b.send(stop, "List-Unsubscribe", "One-Click")).Doc.Has(t, "main h2", b.t("notice.stop.done"))
		b.see(stop).Doc.Has(t, "main h2", b.t("notice.stop.stopped"))
		h.tell(h.rosa, "1", 1)
		before := h.messages()
		h.mailed()
		if n := h.messages(); n != before {
			t.Errorf("%d messages more after she stopped them", n-before)
		}
		b.done(b.send(stop+"/again"), "notice.stop.started").Doc.Has(t, "button.btn", b.t("notice.stop.all"))

		for _, path := range []string{base + "/stop/x", strings.Replace(stop, "riverside", "elsewhere", 1)} {
			b.want(404, b.Get(path)).Doc.Has(t, "h1", b.t("notice.stop.lost"))
			b.want(404, b.send(path, "List-Unsubscribe", "One-Click"))
			b.want(404, b.send(path+"/again"))
			b.want(404, b.send(path+"/mute", "kind", "talk", "id", "1"))
		}
	})
}

// RFC 8058: from anywhere, as either kind of form, with no cookie and no form
// of ours; and whoever is signed in on that machine has nothing to do with it.
func TestAMailProgramPressesTheButton(t *testing.T) {
	h := open(t)
	h.tell(h.rosa, "1", 1)
	stop := h.mailed()
	several := func(text string) (io.Reader, string) {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		h.must(w.WriteField("List-Unsubscribe", text))
		h.must(w.Close())
		return &body, w.FormDataContentType()
	}
	press := func(body io.Reader, kind string) webtest.Answer {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, webtest.Origin+stop, body)
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Origin", "https://mail.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		return h.site.As(t, h.ben).Do(r)
	}
	hears := func(who access.Actor) notice.Channel {
		got, err := h.notices.Hearing(t.Context(), who, h.in.ID)
		h.must(err)
		return got.By()
	}
	const form = "application/x-www-form-urlencoded"
	for name, wrong := range map[string]webtest.Answer{
		"nothing":          press(strings.NewReader(""), form),
		"something else":   press(strings.NewReader("List-Unsubscribe=Maybe"), form),
		"no form":          press(strings.NewReader("List-Unsubscribe=One-Click"), "text/plain"),
		"parts that end":   press(strings.NewReader("--x\r\n"), "multipart/form-data; boundary=x"),
		"parts of nothing": press(several("Maybe")),
	} {
		if wrong.Status != 422 || hears(h.rosa) != notice.Mail {
			t.Errorf("%s: status %d, and she hears by %q", name, wrong.Status, hears(h.rosa))
		}
	}
	for range 2 {
		if a := press(several("One-Click")); a.Status != 200 || hears(h.rosa) != notice.None {
			t.Errorf("in parts: status %d, and she hears by %q", a.Status, hears(h.rosa))
		}
	}
	h.must(h.notices.Choose(t.Context(), h.rosa, h.in.ID, notice.Preferences{Channel: notice.Mail, Rhythm: notice.Daily}))
	if a := press(strings.NewReader("List-Unsubscribe=One-Click"), form); a.Status != 200 || hears(h.rosa) != notice.None {
		t.Errorf("as a form: status %d, and she hears by %q", a.Status, hears(h.rosa))
	}
	if got := hears(h.ben); got != notice.Connector {
		t.Errorf("whose session it was hears by %q", got)
	}
}

func TestTheOtherButtonsAreForOurOwnPages(t *testing.T) {
	h := open(t)
	h.tell(h.rosa, "1", 1)
	stop := h.mailed()
	for _, path := range []string{stop + "/again", stop + "/mute"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, webtest.Origin+path, strings.NewReader("kind=talk&id=1&mute=yes"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if got := h.site.Visitor(t).Do(r).Status; got != http.StatusForbidden {
			t.Errorf("%s from another site: %d", path, got)
		}
	}
}

func TestLetters(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.as(h.carl, lang)
		b.see(base+"/letters").Doc.Has(t, ".empty", b.t("notice.letters.none"))
		h.tell(h.ben, "1", 2)
		h.tell(h.kit, "1", 1)
		h.tell(h.rosa, "1", 1)
		a := b.see(base + "/letters")
		if n := len(a.Doc.All(".paper")); n != 1 {
			t.Fatalf("%d sheets, want Ben's alone", n)
		}
		es := i18n.In(i18n.Spanish) // what Ben speaks
		a.Doc.Has(t, ".paper .name", es.T("notice.sheet.to", i18n.Args{"name": "Ben"}))
		a.Doc.Has(t, ".paper li", es.T("conversation.notice.answer"))
		if a.Doc.Attr(".paper", "lang") != "es" || !strings.Contains(a.Doc.Attr(".paper", "class"), "letter") {
			t.Errorf("the sheet is %q, in %q", a.Doc.Attr(".paper", "class"), a.Doc.Attr(".paper", "lang"))
		}
		if class := b.see(base+"/letters?paper=a4").Doc.Attr(".paper", "class"); !strings.Contains(class, "a4") {
			t.Errorf("the sheet is %q", class)
		}
		a.Doc.Has(t, ".tag", b.t("notice.note.child"))
		through := a.Doc.Attr("input[name=through]", "value")
		a = b.done(b.send(base+"/letters", "person", h.ben.Person(h.in.ID), "through", through), "notice.letters.done")
		a.Doc.None(t, ".paper")
		b.want(404, b.send(base+"/letters", "person", "nobody", "through", through))
		if got := h.as(h.carl, lang).send(base+"/letters", "person", h.kit.Person(h.in.ID), "through", "z", "from", "day").Header.Get("Location"); got != base+"/day#message" {
			t.Errorf("from the day it leads to %q", got)
		}
		h.as(h.ben, lang).want(404, h.as(h.ben, lang).Get(base+"/letters"))
	})
}

func TestLettersCostTheSameHoweverManyThereAre(t *testing.T) {
	h := open(t)
	b := h.as(h.carl, i18n.English)
	h.tell(h.ben, "1", 1)
	counted := dbtest.Count(h.db)
	b.see(base + "/letters")
	one := counted.N()
	h.tell(h.kit, "1", 1)
	for range 30 {
		h.tell(h.ben, "2", 1)
	}
	counted = dbtest.Count(h.db)
	b.see(base + "/letters")
	if n := counted.N(); n != one || n > 4 {
		t.Errorf("%d statements, %d with little", n, one)
	}
}
