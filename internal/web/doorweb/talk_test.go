package doorweb_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"commonweal/internal/access"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/web/webtest"
)

var both = []i18n.Lang{i18n.English, i18n.Spanish}

// light fails when a page weighs more than it may.
func light(t *testing.T, a webtest.Answer) {
	t.Helper()
	var out strings.Builder
	w := brotli.NewWriterLevel(&out, 5)
	if _, err := w.Write([]byte(a.Body)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes compressed", out.Len())
	if out.Len() > 8<<10 {
		t.Errorf("the page weighs %d bytes", out.Len())
	}
}

func TestTheFormIsWholeInBothLanguages(t *testing.T) {
	h := open(t)
	for _, lang := range both {
		b := h.as(h.carl, lang)
		a := b.see("talk")
		light(t, a)
		for _, key := range []string{
			"door.consent.label", "door.ask.need", "door.ask.gift", "door.ask.support", "asks.them.next.label", "door.say.need", "door.contact.label",
		} {
			if !strings.Contains(a.Doc.Text("main"), b.t(key)) {
				t.Errorf("%s: the form lacks %q", lang, b.t(key))
			}
		}
		a.Doc.Has(t, "#doorstep form option", "Mill Row")
		if got := a.Doc.Attr("#held_on", "value"); got != "2026-11-21" {
			t.Errorf("the talk is of %q", got)
		}
		if got := a.Doc.Attr("#phone", "data-send"); got != "/i/riverside/talk/send" {
			t.Errorf("the phone sends to %q", got)
		}
	}
}

func TestWhatAPhoneKeepsNamesNobody(t *testing.T) {
	h := open(t)
	h.person("Rosa Canary", h.carl)
	for _, lang := range both {
		b := h.as(h.carl, i18n.English)
		b.lang = lang
		a := b.see("talk/form?in=" + string(lang))
		for _, name := range []string{"Canary", "Carl", "Sue", h.carl.Account, h.carl.Person(h.in.ID)} {
			if strings.Contains(a.Body, name) {
				t.Errorf("the form for a phone holds %q", name)
			}
		}
		if got := a.Doc.Attr("a.lang", "href"); !strings.HasPrefix(got, "/i/riverside/talk?lang=") {
			t.Errorf("the other language is at %q", got)
		}
	}
}

func TestAConversationIsSavedWithoutAScript(t *testing.T) {
	h := open(t)
	for i, lang := range both {
		b := h.as(h.carl, lang)
		send := form("once", key+string(lang), "consent", "name", "name", "Rosa", "age", "notasked", "channel", "doorstep",
			"held_on", "2026-11-20", "lang", "es", "area", h.area, "household", "B-07",
			"need", "alguien que lea con los niños", "gift_skill", "leer cuentos, cocinar", "teach_skill", "yes",
			"support", "childcare", "next", "do", "contact", "555-0199", "else_name", "Marta")
		a := b.post(http.StatusOK, "talk", send)
		code := a.Doc.Text(".code strong")
		if len(code) != 14 {
			t.Fatalf("the code is %q", code)
		}
		a.Doc.Has(t, ".flash", "Carl")
		if again := b.post(http.StatusOK, "talk", send).Doc.Text(".code strong"); again != code {
			t.Errorf("sent twice it gives %q, then %q", code, again)
		}
		if got := h.rows("conversation"); got != i+1 {
			t.Errorf("%d conversations, want %d", got, i+1)
		}
		said, err := h.talks.ByCode(t.Context(), h.in.ID, code)
		h.must(err)
		if len(said.Needs) != 1 || len(said.Gifts) != 2 || len(said.Supports) != 1 || !said.NextDo ||
			said.HeldOn.String() != "2026-11-20" || said.Lang != "es" || said.Channel != people.Doorstep || said.Asker != h.carl.Person(h.in.ID) {
			t.Errorf("kept: %+v", said)
		}
	}
}

func TestWhatIsMissingIsSaidAndNothingTypedIsLost(t *testing.T) {
	h := open(t)
	for _, lang := range both {
		b := h.as(h.carl, lang)
		a := b.post(http.StatusUnprocessableEntity, "talk", form("once", key, "name", "Rosa", "need", "a lift", "age", "under18", "held_on", "2027-01-01"))
		a.Doc.Has(t, ".summary a", b.t("conversation.consent.missing"))
		a.Doc.Has(t, ".summary a", b.t("conversation.day.future"))
		a.Doc.Has(t, ".summary a", b.t("conversation.parent.missing"))
		if a.Doc.Text("#need") != "a lift" || a.Doc.Attr("#name", "value") != "Rosa" {
			t.Error("what was typed is gone")
		}
	}
	if n := h.rows("conversation"); n != 0 {
		t.Errorf("%d conversations were kept", n)
	}
}

func TestATalkWithSomebodyKnown(t *testing.T) {
	h := open(t)
	rosa := h.person("Rosa", h.carl)
	b := h.as(h.carl, i18n.English)
	a := b.see("talk?person=" + rosa)
	a.Doc.Has(t, "#doorstep", "Rosa")
	if got := a.Doc.Attr(`[name=person]`, "value"); got != rosa {
		t.Errorf("the form is for %q", got)
	}
	b.want(http.StatusUnprocessableEntity, b.Post("/i/riverside/talk", form("once", key, "person", rosa))).Doc.Has(t, "#doorstep", "Rosa")
	b.post(http.StatusOK, "talk", form("once", key, "person", rosa, "consent", "name", "channel", "doorstep", "need", "a lift"))
	if got := h.talksOf(h.carl, rosa); len(got) != 1 {
		t.Errorf("Rosa has %d conversations", len(got))
	}
	if a := h.as(h.cora, i18n.English).Get("/i/riverside/talk?person=" + rosa); a.Status != http.StatusNotFound {
		t.Errorf("another connector opens Rosa's form: %d", a.Status)
	}
	if a := h.as(h.cora, i18n.English).Post("/i/riverside/talk", form("once", key+"cora", "person", rosa, "consent", "name", "channel", "doorstep", "need", "x")); a.Status != http.StatusNotFound {
		t.Errorf("another connector writes about Rosa: %d", a.Status)
	}
}

func TestATalkInAHousehold(t *testing.T) {
	h := open(t)
	home, err := h.people.CreateHousehold(t.Context(), h.carl, h.in.ID, people.HouseholdDraft{Code: "B-07", Area: h.area})
	h.must(err)
	rosa := h.person("Rosa", h.carl, func(n *people.New) { n.Household = home.ID })
	b := h.as(h.carl, i18n.Spanish)
	a := b.see("talk?household=" + home.ID)
	a.Doc.Has(t, "#doorstep label", "Rosa")
	if got := a.Doc.Attr("#household", "value"); got != "B-07" {
		t.Errorf("the household is %q", got)
	}
	a = b.post(http.StatusUnprocessableEntity, "talk", form("once", key, "with", home.ID, "person", rosa, "household", "B-07"))
	a.Doc.Has(t, "#doorstep label", "Rosa")
	b.post(http.StatusOK, "talk", form("once", key, "with", home.ID, "person", "", "name", "Luis", "household", "B-07", "consent", "name", "channel", "doorstep"))
	got, err := h.people.GetHousehold(t.Context(), h.carl, h.in.ID, home.ID)
	h.must(err)
	if len(got.Members) != 2 {
		t.Errorf("%d live in the household", len(got.Members))
	}
	if a := h.as(h.sue, i18n.English).see("talk?household=" + home.ID); a.Doc.Attr("#household", "value") != "" {
		t.Error("a steward would make a second household of the same code")
	}
	if a := h.as(h.cora, i18n.English).Get("/i/riverside/talk?household=" + home.ID); a.Status != http.StatusNotFound {
		t.Errorf("another connector opens the household: %d", a.Status)
	}
}

// canary are words that must be nowhere after "No. Just talk".
var canary = []string{"kanarienvogel", "Zaunkoenig", "Rotkehlchen"}

func noTalk() url.Values {
	return form("once", key, "consent", "no", "channel", "doorstep", "held_on", "2026-11-21",
		"need", canary[0], "gift_skill", canary[1], "name", canary[2], "contact", canary[0]+"@example.org", "else_name", canary[1], "advice", canary[2])
}

// stores are the store's files as they lie on the disk.
func (h *house) stores() string {
	h.Helper()
	all := ""
	for _, end := range []string{"", "-wal"} {
		text, err := os.ReadFile(h.file + end)
		if err != nil && end == "" {
			h.Fatal(err)
		}
		all += string(text)
	}
	return all
}

func TestAfterNoNothingIsKeptButACount(t *testing.T) {
	h := open(t)
	b := h.as(h.carl, i18n.English)
	a := b.post(http.StatusSeeOther, "talk", noTalk())
	b.want(http.StatusOK, a.Follow()).Doc.Has(t, ".flash", b.t("door.saved.talk"))
	sent := b.sendAs(key+"2", noTalk())
	if sent.Status != http.StatusOK || !strings.Contains(sent.Body, `"id":"`+key+`2"`) {
		t.Fatalf("%d %s", sent.Status, sent.Body)
	}
	for _, table := range []string{"conversation", "need", "gift", "referral"} {
		if n := h.rows(table); n != 0 {
			t.Errorf("%s has %d rows", table, n)
		}
	}
	if n := h.rows("talk_count"); n != 2 {
		t.Errorf("%d talks were counted", n)
	}
	store := h.stores()
	for _, word := range canary {
		if strings.Contains(store, word) {
			t.Errorf("%q is in the store", word)
		}
	}
	b.sendAs(key+"3", form("consent", "name", "channel", "doorstep", "name", "Rosa", "need", "a control that must be found"))
	if !strings.Contains(h.stores(), "a control that must be found") {
		t.Error("the search finds nothing at all")
	}
}

// sendAs sends as a phone does.
func (b *browser) sendAs(id string, v url.Values) webtest.Answer {
	b.h.Helper()
	r := httptest.NewRequestWithContext(b.h.Context(), http.MethodPost, webtest.Origin+"/i/riverside/talk/send", strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", webtest.Origin)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Idempotency-Key", id)
	return b.Do(r)
}

func TestAPhoneSends(t *testing.T) {
	h := open(t)
	b := h.as(h.carl, i18n.Spanish)
	by := b.see("talk").Doc.Attr("[name=by]", "value")
	talk := form("consent", "anon", "channel", "doorstep", "by", by, "need", "una bicicleta", "held_on", "2026-11-14")
	first := b.sendAs(key, talk)
	if first.Status != http.StatusOK || !strings.Contains(first.Body, `"id":"`+key+`"`) || !strings.Contains(first.Body, `"code":"`) || !strings.Contains(first.Body, "Carl") {
		t.Fatalf("%d %s", first.Status, first.Body)
	}
	if again := b.sendAs(key, talk); again.Body != first.Body {
		t.Errorf("sent again: %s", again.Body)
	}
	if n := h.rows("conversation"); n != 1 {
		t.Errorf("%d conversations", n)
	}
	other := form("consent", "anon", "channel", "doorstep", "by", by, "need", "otra cosa")
	for name, c := range map[string]struct {
		who    access.Actor
		id     string
		form   url.Values
		status int
		says   string
	}{
		"another talk under the same id":  {h.carl, key, other, http.StatusConflict, ""},
		"without an id":                   {h.carl, "", other, http.StatusUnprocessableEntity, `"fields"`},
		"with a fault":                    {h.carl, key + "x", form("by", by, "channel", "doorstep"), http.StatusUnprocessableEntity, `"name":"consent"`},
		"signed out":                      {access.Actor{}, key + "x", other, http.StatusUnauthorized, ""},
		"somebody who holds no talks":     {h.actor("somebody", access.Member), key + "x", other, http.StatusNotFound, ""},
		"a connector of another place":    {access.Actor{Account: "x", Memberships: []access.Membership{{Initiative: "else", Person: "x", Kind: access.Connector}}}, key + "x", other, http.StatusNotFound, ""},
		"another connector on this phone": {h.cora, key + "x", other, http.StatusForbidden, ""},
	} {
		a := h.as(c.who, i18n.English).sendAs(c.id, c.form)
		if a.Status != c.status || !strings.Contains(a.Body, c.says) || a.Header.Get("Location") != "" {
			t.Errorf("%s: %d %s %.200s", name, a.Status, a.Header.Get("Location"), a.Body)
		}
		if strings.Contains(a.Body, key) {
			t.Errorf("%s: the answer looks like a receipt", name)
		}
	}
	if n := h.rows("conversation"); n != 1 {
		t.Errorf("%d conversations", n)
	}
}

func TestWhoMayHoldConversations(t *testing.T) {
	h := open(t)
	for _, path := range []string{"talk", "talk/form", "sheets", "entry"} {
		if a := h.as(access.Actor{}, i18n.English).Get("/i/riverside/" + path); a.Status != http.StatusSeeOther {
			t.Errorf("a visitor opens %s: %d", path, a.Status)
		}
		if a := h.as(h.actor("somebody", access.Member), i18n.English).Get("/i/riverside/" + path); a.Status != http.StatusNotFound {
			t.Errorf("a member opens %s: %d", path, a.Status)
		}
	}
	for _, path := range []string{"talk", "talk/send", "sheets", "entry"} {
		if a := h.as(access.Actor{}, i18n.English).Post("/i/riverside/"+path, form("n", "3", "consent", "anon", "need", "x")); a.Status != http.StatusUnauthorized {
			t.Errorf("a visitor sends to %s: %d", path, a.Status)
		}
	}
}

func TestAPageCostsFewStatements(t *testing.T) {
	h := counted(t)
	rosa := h.person("Rosa", h.carl)
	for path, most := range map[string]int{"talk": 1, "talk?person=" + rosa: 6, "sheet": 0, "sheets": 0, "entry": 1} {
		b, counter := h.as(h.carl, i18n.English), dbtest.Count(h.db)
		b.see(path)
		if counter.N() > most {
			t.Errorf("%s runs %d statements, more than %d: %q", path, counter.N(), most, counter.Statements())
		}
	}
}
