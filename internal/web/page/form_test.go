package page_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

func request(t *testing.T, kind, body string) *page.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/said", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return &page.Request{Request: r, Lang: i18n.English, Site: &page.Site{}}
}

const urlencoded = "application/x-www-form-urlencoded"

func TestReadFormKeepsWhatWasTyped(t *testing.T) {
	f, err := page.ReadForm(request(t, urlencoded+"; charset=utf-8", "name=++Jos%65%CC%81+&gift=a%0D%0Ab&kind=x&kind=y&once=key&count=+12+&on=2026-11-28&bad=twelve&day=28%2F11"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"name": "José", "gift": "a\nb", "missing": ""} {
		if got := f.Text(name); got != want {
			t.Errorf("Text(%s) = %q, want %q", name, got, want)
		}
	}
	if raw := f.Raw.Get("name"); raw != "  Jose\u0301 " {
		t.Errorf("Raw = %q, want it as it was typed", raw)
	}
	if f.Key() != "key" || !f.Ticked("kind", "y") || f.Ticked("kind", "z") || len(f.Ticks("kind")) != 2 {
		t.Errorf("key %q, ticks %q", f.Key(), f.Ticks("kind"))
	}
	if n, ok := f.Number("count"); n != 12 || !ok {
		t.Errorf("Number = %d, %v", n, ok)
	}
	if _, ok := f.Number("bad"); ok {
		t.Error("twelve was read as a number")
	}
	if n, ok := f.Number("missing"); n != 0 || !ok {
		t.Errorf("an empty number = %d, %v", n, ok)
	}
	if day, ok := f.Day("on"); !ok || !day.Equal(time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("Day = %v, %v", day, ok)
	}
	if _, ok := f.Day("day"); ok {
		t.Error("28/11 was read as a day")
	}
	if day, ok := f.Day("missing"); !day.IsZero() || !ok {
		t.Errorf("an empty day = %v, %v", day, ok)
	}
}

func TestReadFormRefuses(t *testing.T) {
	for name, r := range map[string]*page.Request{
		"a NUL":                      request(t, urlencoded, "name=a%00b"),
		"a NUL in a name":            request(t, urlencoded, "na%00me=a"),
		"what isn't UTF-8":           request(t, urlencoded, "name=%ff%fe"),
		"another kind of form":       request(t, "multipart/form-data; boundary=x", "--x--"),
		"JSON":                       request(t, "application/json", "{}"),
		"no kind":                    request(t, "", "a=b"),
		"a broken escape":            request(t, urlencoded, "name=%zz"),
		"a kind that can't be read;": request(t, "a/b; c", "a=b"),
	} {
		if _, err := page.ReadForm(r); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
	_, err := page.ReadForm(request(t, urlencoded, "need="+strings.Repeat("x", page.FormLimit)))
	if _, big := errors.AsType[*http.MaxBytesError](err); !big {
		t.Errorf("a form over the limit: %v", err)
	}
	if _, err := page.ReadForm(request(t, urlencoded, "need="+strings.Repeat("x", page.FormLimit-5))); err != nil {
		t.Errorf("a form at the limit: %v", err)
	}
}

func TestRefusedTakesWhatIsAboutTheForm(t *testing.T) {
	f := page.NewForm()
	if f.Refused(nil) || f.Refused(errors.New("disk")) || f.Refused(fault.ErrNotFound) {
		t.Error("what isn't about the form was taken for it")
	}
	var wrong fault.Form
	wrong.Add("name", "person.name.missing")
	wrong.Add("on", "day.unreadable")
	if !f.Refused(wrong.Err()) || len(f.Faults) != 2 {
		t.Errorf("faults = %v", f.Faults)
	}
	if m, bad := f.Fault("on"); !bad || m.Key != "day.unreadable" {
		t.Errorf("Fault(on) = %v, %v", m, bad)
	}
	if _, bad := f.Fault("area"); bad {
		t.Error("a field that is right has a fault")
	}
	if !f.Refused(fault.New(fault.Invalid, "code.unknown")) || len(f.Faults) != 1 || f.Faults[0].Name != "" {
		t.Errorf("a fault of the whole form = %v", f.Faults)
	}
}

func TestEachNewFormHasItsOwnKey(t *testing.T) {
	a, b := page.NewForm(), page.NewForm()
	if a.Key() == b.Key() || len(a.Key()) < 26 {
		t.Errorf("keys %q and %q", a.Key(), b.Key())
	}
}

func TestLocalKeepsPeopleHere(t *testing.T) {
	for next, want := range map[string]string{
		"/i/riverside/mine?tab=said": "/i/riverside/mine?tab=said", "/": "/", "/a#b": "/a#b",
		"https://evil.example/": "/me", "//evil.example": "/me", "/\\evil.example": "/me", "\\\\evil.example": "/me",
		"javascript:alert(1)": "/me", "mine": "/me", "": "/me", "/\t/evil.example": "/me", "/%09/evil": "/%09/evil", "///evil.example": "/me",
		"http:/evil": "/me", "/a\r\nSet-Cookie: x": "/me",
	} {
		if got := page.Local(next, "/me"); got != want {
			t.Errorf("Local(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestPathsAreEscaped(t *testing.T) {
	r := request(t, urlencoded, "")
	if got := r.Path("privacy"); got != "/privacy" {
		t.Errorf("outside an initiative = %s", got)
	}
	if got := r.Path(); got != "/" {
		t.Errorf("the root = %s", got)
	}
	r.In.Slug = "elm"
	if got := r.Path("gifts", "a/b?c"); got != "/i/elm/gifts/a%2Fb%3Fc" {
		t.Errorf("inside = %s", got)
	}
	if got := r.Path(); got != "/i/elm" {
		t.Errorf("its home = %s", got)
	}
}

func TestDatesAreWrittenWherePeopleLive(t *testing.T) {
	r := request(t, urlencoded, "")
	r.Lang, r.In.Zone = i18n.Spanish, time.FixedZone("west", -8*3600)
	b := r.Base("nav.home")
	moment := time.Date(2026, 11, 28, 3, 5, 0, 0, time.UTC)
	if got := b.Date(moment) + " " + b.Clock(moment); !strings.Contains(got, " 27 ") || !strings.HasSuffix(got, "19:05") {
		t.Errorf("the moment = %s, want the 27th at 19:05", got)
	}
	if got := b.Day(time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)); !strings.Contains(got, " 28 ") {
		t.Errorf("the day = %s, want the 28th", got)
	}
	if b.Day(time.Time{}) != "" || b.Date(time.Time{}) != "" {
		t.Error("no day has a date")
	}
}
