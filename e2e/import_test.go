package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"commonweal/internal/exchange/sheet/sheettest"
	"commonweal/internal/i18n"
)

// TestAMessyWorkbookComesInAndGoes: on a phone and without JavaScript a steward
// brings in a workbook as a neighbourhood keeps it, invites its partners a page
// at a time, and takes it back. One partner sees its page before any visitor.
func TestAMessyWorkbookComesInAndGoes(t *testing.T) {
	en := i18n.In(i18n.English)
	own := another(t)
	w := open(t, look{at: own, who: steward})
	w.withoutScripts()
	batch := bringsIn(w)

	w.press(`main a[href$="/organizations/invite"]`)
	w.noSideways("whom to invite")
	invites(w, 40)

	page := seesItFirst(w)

	w.visit(batch)
	w.press(`main a[href$="/undo"]`)
	w.press(`main form[action$="/undo"] button.btn`)
	w.anew()
	w.until("it is taken back", func() bool { return strings.Contains(w.text("main"), en.T("import.undone.again")) })
	w.noSideways("taken back")
	w.says(en.T("import.undone.kept"))
	if w.doc().All(`main .list a[href=`+page+`]`) == nil {
		t.Errorf("what stayed is listed without %s: %s", page, w.text("main"))
	}
	if a := own.as(guest).get(t, page); a.status != http.StatusOK {
		t.Errorf("the page that a partner has shown answers %d after the list was taken back", a.status)
	}
}

// link is where the first link of the page leads that goes into a room, or "".
func (w *window) link(room string) string {
	w.Helper()
	return linkIn(slices.Values(w.doc().All("main a[href]")), room)
}

// bringsIn goes through the wizard and gives the path of what came in.
func bringsIn(w *window) (batch string) {
	w.Helper()
	en := i18n.In(i18n.English)
	file, err := sheettest.Workbook()
	w.must(err)
	path := filepath.Join(w.TempDir(), "Mill Row 2026 (Rosa, final).xlsx")
	w.must(os.WriteFile(path, file, 0o600))

	w.visit("/i/riverside/import")
	w.choose("#file", path)
	w.press(send)
	w.press(`main a.btn[href*="/tables/"]`)
	for _, answers := range [][]string{
		{`input[name=ask_agreed][value=yes]`, `input[name=ask_how][value=paper]`},
		{`input[name=ask_agreed][value=yes]`, `input[name=ask_how][value=paper]`},
		{`input[name=ask_said][value=each]`, `input[name=ask_how][value=doorstep]`},
	} {
		w.noSideways("a table")
		w.press(`main form[method=post][action*="/tables/"] button.btn`) // too early
		w.node(`main .summary`)
		for _, one := range answers {
			w.tap(one)
		}
		w.press(`main form[method=post][action*="/tables/"] button.btn`)
	}

	w.says(en.T("import.decide.title"))
	w.noSideways("what will happen")
	w.further("#rest", 1) // each of them is the same one
	w.press(`main form[action*="/plan"] button.btn`)
	w.press(`main form[action$="/start"] button.btn`)
	w.anew()
	w.until("it has come in", func() bool { return w.link("/undo") != "" })
	w.noSideways("the receipt")
	for _, sheet := range []string{sheettest.PartnersSheet, sheettest.HouseholdsSheet, sheettest.ConversationsSheet} {
		w.says(sheet)
	}
	return strings.TrimSuffix(w.link("/undo"), "/undo")
}

// invites invites at least so many partners, a page of them in one press.
func invites(w *window, least int) {
	w.Helper()
	for n := 0; n < least; {
		w.press(`main a[href*="tick=all"]`)
		w.tap(`input[name=asked][value=phone]`)
		w.press(`main form[method=post][action*="/organizations/invite"] button.btn`)
		some, err := strconv.Atoi(regexp.MustCompile(`\d+`).FindString(w.text("#message")))
		if err != nil {
			w.Fatalf("nobody is invited: %s", w.text("main"))
		}
		n += some
	}
}

// seesItFirst has a partner come by the link in a letter: nobody else sees its
// page until it is shown. It gives the page's path.
func seesItFirst(w *window) string {
	w.Helper()
	link := w.at.mailed(w.T, "/i/riverside/setup", "/claim/")
	partner := open(w.T, look{at: w.at})
	partner.withoutScripts()
	partner.visit(link)
	partner.press(send)
	partner.says(i18n.In(i18n.English).T("orgs.draft.title"))
	var show string
	for _, f := range partner.doc().Forms() {
		if strings.HasSuffix(f.Action, "/show") {
			show = f.Action
		}
	}
	page := strings.TrimSuffix(show, "/show")
	visitor := w.at.as(guest)
	if a := visitor.get(w.T, page); a.status != http.StatusNotFound {
		w.Errorf("a visitor sees the page before it is shown: %d", a.status)
	}
	partner.press(`main form[action^="` + show + `"] button`)
	if a := visitor.get(w.T, page); a.status != http.StatusOK {
		w.Errorf("a visitor sees the page, now that it is shown: %d", a.status)
	}
	return page
}
