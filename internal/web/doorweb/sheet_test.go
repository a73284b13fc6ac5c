package doorweb_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"commonweal/internal/access"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
)

func TestAnybodyPrintsTheSheet(t *testing.T) {
	h := open(t)
	for _, lang := range both {
		b := h.as(access.Actor{}, lang)
		a := b.see("sheet")
		light(t, a)
		a.Doc.Has(t, ".paper.letter", b.t("door.ask.gift")) // the paper of its place
		a.Doc.None(t, ".strip")
		b.see("sheet?paper=a4").Doc.Has(t, ".paper.a4", b.t("door.ask.support"))
	}
}

func TestSheetsComeWithACodeEach(t *testing.T) {
	h := open(t)
	for _, lang := range both {
		b := h.as(h.carl, lang)
		b.see("sheets")
		a := b.post(http.StatusOK, "sheets", form("n", "3", "paper", "a4", "lang", string(lang)))
		light(t, a)
		codes := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindAllString(a.Doc.Text("main"), -1)
		if len(codes) != 6 || codes[0] != codes[1] || codes[2] == codes[4] {
			t.Fatalf("the codes are %v, want each twice", codes)
		}
		b.post(http.StatusOK, "talk", form("once", key+string(lang), "consent", "anon", "channel", "paper", "need", "a lift", "sheet_code", strings.ToLower(codes[0])))
		said, err := h.talks.ByCode(t.Context(), h.in.ID, codes[0])
		h.must(err)
		if len(said.Needs) != 1 {
			t.Errorf("the code opens %+v", said)
		}
	}
	b := h.as(h.carl, i18n.English)
	for _, n := range []string{"", "0", "61", "many"} {
		a := b.post(http.StatusUnprocessableEntity, "sheets", form("n", n, "paper", "a4", "lang", "es"))
		a.Doc.Has(t, ".summary a", "60")
		if a.Doc.Attr("#n", "value") != n {
			t.Errorf("what was typed, %q, is gone", n)
		}
	}
}

// pdfs looks at a PDF as a printer would.
func pdf(t *testing.T, name string, text []byte) (pages int, size, words string) {
	t.Helper()
	for _, tool := range []string{"pdfinfo", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			dbtest.Absent(t, "poppler", "the printed sheets NOT TESTED: "+tool)
		}
	}
	file := filepath.Join(t.TempDir(), name+".pdf")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := exec.CommandContext(t.Context(), "pdfinfo", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(regexp.MustCompile(`Pages:\s+\d+`).FindString(string(info)), "Pages: %d", &pages); err != nil {
		t.Fatalf("%s: %v", info, err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return pages, regexp.MustCompile(`Page size:\s+(.*)`).FindStringSubmatch(string(info))[1], string(out)
}

// sizes are A4 and Letter as pdfinfo names them.
var sizes = map[string]string{"a4": "A4", "letter": "letter"}

func TestASheetIsOnePageOnEitherPaperInEitherLanguage(t *testing.T) {
	d := stand(t)
	for paper, name := range sizes {
		for _, lang := range both {
			words := i18n.In(lang)
			d.visit("sheet?paper=" + paper + "&lang=" + string(lang))
			d.printed(t, fmt.Sprintf("sheet-%s-%s", paper, lang), name, 1, words.T("door.title"), words.T("door.sheet.parent"))

			d.visit("sheets?lang=" + string(lang))
			run[bool](d, `const form = document.querySelector("main form");
			form.elements.n.value = "3"; form.elements.paper.value = "`+paper+`"; form.elements.lang.value = "`+string(lang)+`"; form.submit(); return true;`)
			d.must(chromedp.Do(d.tab, chromedp.WaitReady(chromedp.CSS(".page-break"))))
			d.printed(t, fmt.Sprintf("sheets-%s-%s", paper, lang), name, 3, words.T("door.title"), words.T("door.sheet.parent"), words.T("door.sheet.keep"), "/answer")
		}
	}
}

// printed fails unless the page prints on so many pages of a size, each with
// certain words. COMMONWEAL_TEST_KEEP names a folder in which to keep the PDF.
func (d *doorstep) printed(t *testing.T, file, size string, pages int, words ...string) {
	t.Helper()
	text, err := chromedp.Run(d.tab, chromedp.PrintToPDF(func(p *cdppage.PrintToPDFParams) { p.PreferCSSPageSize = new(true) }))
	d.must(err)
	if dir := os.Getenv("COMMONWEAL_TEST_KEEP"); dir != "" {
		d.must(os.WriteFile(filepath.Join(dir, file+".pdf"), text, 0o600))
	}
	n, got, printed := pdf(t, file, text)
	if n != pages || !strings.Contains(got, size) {
		t.Errorf("%s: %d pages of %s, want %d of %s", file, n, got, pages, size)
	}
	flat := strings.Join(strings.Fields(printed), " ")
	for _, want := range words {
		if c := strings.Count(flat, want); c != pages {
			t.Errorf("%s: %q stands on it %d times, want %d: %s", file, want, c, pages, flat)
		}
	}
	if wide := run[string](d, `return [...document.querySelectorAll(".paper *")].filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map((e) => e.className || e.tagName).join(" ")`); wide != "" {
		t.Errorf("%s: too wide: %s", file, wide)
	}
}
