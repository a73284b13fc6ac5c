package doorweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
)

// grid is a form of rows: "need-3" is the need on the third sheet.
func grid(pairs ...string) url.Values {
	return form(append([]string{"once", key, "held_on", "2026-11-14", "lang", "es"}, pairs...)...)
}

func TestTwentySheetsAreTypedInAtOnce(t *testing.T) {
	h := open(t)
	for i, lang := range both {
		b := h.as(h.carl, lang)
		light(t, b.see("entry"))
		rows := grid()
		rows.Set("once", key+string(lang))
		for n := 1; n <= 20; n++ {
			rows.Set(fmt.Sprintf("consent-%d", n), "anon")
			rows.Set(fmt.Sprintf("need-%d", n), fmt.Sprintf("a lift on day %d", n))
			rows.Set(fmt.Sprintf("gift_skill-%d", n), "cooking, mending")
			rows.Add(fmt.Sprintf("support-%d", n), "ride")
			rows.Add(fmt.Sprintf("next-%d", n), "do")
			rows.Set(fmt.Sprintf("area-%d", n), h.area)
		}
		a := b.post(http.StatusOK, "entry", rows)
		a.Doc.Has(t, ".flash", "20")
		if got := len(a.Doc.All(".list strong")); got != 20 {
			t.Errorf("%d codes to pass on, want 20", got)
		}
		b.post(http.StatusOK, "entry", rows) // a double click
		if n := h.rows("conversation"); n != 20*(i+1) {
			t.Errorf("%d conversations, want %d", n, 20*(i+1))
		}
		said, err := h.talks.ByCode(t.Context(), h.in.ID, a.Doc.Text(".list strong"))
		h.must(err)
		if said.Channel != people.Paper || said.HeldOn.String() != "2026-11-14" || said.Lang != "es" || len(said.Gifts) != 2 || len(said.Supports) != 1 || !said.NextDo {
			t.Errorf("kept: %+v", said)
		}
	}
}

func TestEmptyRowsAreNoSheets(t *testing.T) {
	h := open(t)
	for _, lang := range both {
		b := h.as(h.carl, lang)
		b.post(http.StatusUnprocessableEntity, "entry", grid("need-4", "   ", "consent-2", "")).
			Doc.Has(t, ".summary a", b.t("door.entry.none"))
	}
	if n := h.rows("conversation"); n != 0 {
		t.Errorf("%d conversations", n)
	}
}

func TestARowToMendHoldsUpNoOther(t *testing.T) {
	h := open(t)
	codes, err := h.talks.IssueCodes(t.Context(), h.carl, h.in.ID, 1)
	h.must(err)
	for i, lang := range both {
		b := h.as(h.carl, lang)
		rows := grid(
			"consent-1", "name", "name-1", "Ana", "need-1", "a lift",
			"need-2", "a table", "gift_passion-2", "gardens",
			"consent-5", "anon", "need-5", "a bench", "sheet_code-5", "nothing",
			"consent-7", "name", "name-7", "Leo", "parent-7", "Rosa", "gift_skill-7", "drawing",
			"consent-20", "no", "need-20", canary[0],
		)
		rows.Set("once", key+string(lang))
		a := b.post(http.StatusUnprocessableEntity, "entry", rows)
		a.Doc.Has(t, ".summary a", b.t("door.entry.row", i18n.Args{"number": 2, "says": b.t("conversation.consent.missing")}))
		a.Doc.Has(t, ".summary a", b.t("conversation.sheet.unreadable"))
		a.Doc.Has(t, "#consent-2-fault", "2")
		if a.Doc.Attr("#need-2", "value") != "a table" || a.Doc.Attr("#gift_passion-2", "value") != "gardens" || a.Doc.Attr("#sheet_code-5", "value") != "nothing" {
			t.Error("what was typed is gone")
		}
		if got := len(a.Doc.All(".tag.done")); got != 3 {
			t.Errorf("%d rows say that they are saved, want 3", got)
		}
		if n := h.rows("conversation"); n != 4*i+2 {
			t.Errorf("%d conversations, want %d", n, 4*i+2)
		}
		rows.Set("consent-2", "anon")
		rows.Set("sheet_code-5", codes[0])
		if i > 0 {
			rows.Set("sheet_code-5", "")
		}
		a = b.post(http.StatusOK, "entry", rows)
		a.Doc.Has(t, ".flash", "5")
		if n := h.rows("conversation"); n != 4*i+4 {
			t.Errorf("%d conversations, want %d", n, 4*i+4)
		}
		if n := h.rows("talk_count"); n != i+1 {
			t.Errorf("%d talks were counted, want %d", n, i+1)
		}
	}
	if strings.Contains(h.stores(), canary[0]) {
		t.Error("what was said after “No” is in the store")
	}
	all, err := h.people.List(t.Context(), h.carl, h.in.ID, people.Filter{Text: "Leo"})
	h.must(err)
	if len(all.People) != 2 || all.People[0].Age != people.Under18 {
		t.Errorf("Leo is %+v", all.People)
	}
}

func TestARowSavedWithOtherWordsIsSaid(t *testing.T) {
	h := open(t)
	b := h.as(h.carl, i18n.English)
	b.post(http.StatusOK, "entry", grid("consent-1", "anon", "need-1", "a lift"))
	a := b.post(http.StatusUnprocessableEntity, "entry", grid("consent-1", "anon", "need-1", "a table"))
	a.Doc.Has(t, "#sheet_code-1-fault", b.t("once.differs"))
	if n := h.rows("conversation"); n != 1 {
		t.Errorf("%d conversations", n)
	}
}

func TestADayThatAllSheetsShareIsSaidOnce(t *testing.T) {
	h := open(t)
	rows := grid("consent-1", "anon", "need-1", "a lift", "consent-2", "anon", "need-2", "a table")
	rows.Set("held_on", "2027-01-01")
	a := h.as(h.carl, i18n.English).post(http.StatusUnprocessableEntity, "entry", rows)
	if got := len(a.Doc.All(".summary a")); got != 1 {
		t.Errorf("%d faults: %s", got, a.Doc.Text(".summary"))
	}
	if a.Doc.Attr("#held_on", "value") != "2027-01-01" {
		t.Error("what was typed is gone")
	}
}

func TestTheGridIsTypedInByKeyboard(t *testing.T) {
	h := open(t)
	doc := h.as(h.carl, i18n.English).see("entry").Doc
	for _, node := range doc.All("main [tabindex]") {
		for _, a := range node.Attr {
			if a.Key == "tabindex" && a.Val != "-1" && a.Val != "0" {
				t.Errorf("<%s> has tabindex %s", node.Data, a.Val)
			}
		}
	}
	if n := len(doc.All("main fieldset.entry")); n != 20 {
		t.Errorf("%d sheets", n)
	}
	for _, c := range []string{"consent", "name", "area", "need", "gift_skill", "gift_experience", "gift_knowledge", "gift_passion", "support", "next", "sheet_code"} {
		if len(doc.All("#"+c+"-20")) != 1 {
			t.Errorf("the last sheet has no %s", c)
		}
	}
	if a := h.as(access.Actor{}, i18n.English).Get("/i/riverside/entry"); a.Status != http.StatusSeeOther {
		t.Errorf("a visitor sees the grid: %d", a.Status)
	}
}
