package importweb_test

import (
	"bytes"
	"context"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/people"
	"commonweal/internal/web"
	"commonweal/internal/web/importweb"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// house is an initiative with a steward, and the wizard.
type house struct {
	*testing.T
	db    *db.DB
	now   *clock.Fake
	files *exchange.Service
	in    initiative.Founded
	site  *webtest.Site
	sue   access.Actor
}

func open(t *testing.T) *house {
	t.Helper()
	now := dbtest.Clock()
	h := &house{T: t, now: now, db: dbtest.OpenWith(t, db.Options{Now: now.Now})}
	ids := db.NewIDs(now.Now, nil)
	rooms := &initiative.Service{DB: h.db, IDs: ids, Now: now.Now, Found: people.Found, Open: []initiative.Opener{gift.Open}}
	made, err := rooms.Create(t.Context(), access.Actor{Account: "operator", Operator: true}, initiative.Draft{
		Name: "Riverside", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue",
	})
	if err != nil {
		t.Fatal(err)
	}
	h.in = made
	h.sue = access.Actor{Account: "account-sue", Memberships: []access.Membership{{Initiative: made.ID, Person: made.Steward, Kind: access.Steward}}}
	h.files = &exchange.Service{DB: h.db, IDs: ids, Now: now.Now, Log: slog.New(slog.DiscardHandler), Gifts: &gift.Service{DB: h.db, Now: now.Now}}
	h.site = webtest.New(t, webtest.Site{Config: web.Config{
		Routes: (&importweb.Pages{Exchange: h.files}).Routes(), Now: now.Now,
		Version: func(ctx context.Context, in string) (string, error) { return db.Version(ctx, h.db.Read(), in) },
		Initiative: func(ctx context.Context, slug string) (page.In, error) {
			in, _, err := rooms.BySlug(ctx, slug)
			return page.In{ID: in.ID, Slug: in.Slug, Name: in.Name, Langs: in.Langs, Zone: in.Zone, HelpPhone: "555-0100", Emergency: "911", AnswerDays: 7}, err
		},
	}})
	return h
}

// send posts a file as a browser does.
func send(b *webtest.Browser, t *testing.T, name, text string) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, webtest.Origin+"/i/riverside/import", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", webtest.Origin)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}

// work does what waits to be done.
func (h *house) work() {
	h.Helper()
	r := &jobs.Runner{DB: h.db, IDs: db.NewIDs(h.now.Now, nil), Now: h.now.Now, Log: slog.New(slog.DiscardHandler), Handle: h.files.Handlers()}
	if _, err := r.RunDue(h.Context()); err != nil {
		h.Fatal(err)
	}
}

const list = `Full name,Phone,E-mail,Remarks
Ana Ruiz,312 555 0101,ana@example.org,sings
Sue,,,likes tea
,312 555 0199,,
`

func TestTheWizardFromAFileToTakingItBack(t *testing.T) {
	for _, lang := range []string{"en", "es"} {
		t.Run(lang, func(t *testing.T) {
			h := open(t)
			h.T = t
			b := h.site.As(t, h.sue)
			b.Header.Set("Accept-Language", lang)
			get := func(path string) webtest.Answer {
				t.Helper()
				a := b.Get(path)
				if a.Status != http.StatusOK {
					t.Fatalf("%s: %d", path, a.Status)
				}
				a.Sound(t)
				return a
			}
			post := func(path string, form url.Values, status int) webtest.Answer {
				t.Helper()
				a := b.Post(path, form)
				if a.Status != status {
					t.Fatalf("POST %s: %d, want %d\n%s", path, a.Status, status, a.Body)
				}
				return a
			}
			get("/i/riverside/import")
			a := send(b, t, `C:\Users\sue\list.csv`, list)
			if a.Status != http.StatusSeeOther {
				t.Fatalf("upload: %d\n%s", a.Status, a.Body)
			}
			at, _, _ := strings.Cut(a.Header.Get("Location"), "#")
			get(at).Doc.Has(t, "h1", "list.csv")
			get(at+"/tables/0").Doc.Has(t, "label", "Full name")
			get(at + "/tables/0?as=partners")
			get(at + "/tables/0?as=")

			form := url.Values{"target": {"contacts"}, "column_0": {"name"}, "column_1": {"phone"}, "column_2": {"email"}, "column_3": {""}}
			refused := post(at+"/tables/0", form, http.StatusUnprocessableEntity)
			refused.Sound(t)
			form.Set("ask_agreed", "yes")
			form.Set("ask_how", "paper")
			post(at+"/tables/0", form, http.StatusSeeOther)

			plan := get(at + "/plan")
			plan.Doc.Has(t, "legend", "Sue")
			plan.Doc.Has(t, "main form button", map[string]string{"en": "Bring in all but these rows", "es": "Traer todo menos estas filas"}[lang])
			post(at+"/start", url.Values{}, http.StatusSeeOther) // nobody decided: the job gives it back
			h.work()
			get(at).Doc.Has(t, "main", map[string]string{"en": "One row still needs", "es": "Falta su decisión"}[lang])
			post(at+"/plan", url.Values{}, http.StatusUnprocessableEntity).Sound(t)
			post(at+"/plan", url.Values{"row_0_3": {"same"}}, http.StatusSeeOther)
			for _, act := range exchange.Acts() {
				get(at + "/plan?show=" + string(act))
			}
			get(at+"/plan").Doc.Has(t, "main form button", map[string]string{"en": "Bring it in", "es": "Traerlo"}[lang])
			post(at+"/start", url.Values{}, http.StatusSeeOther)
			going := get(at)
			if going.Header.Get("Refresh") == "" {
				t.Error("a page that waits doesn't look again by itself")
			}
			h.work()
			done := get(at)
			done.Doc.Has(t, "main a", map[string]string{"en": "Take it back", "es": "Deshacerlo"}[lang])
			get(at + "/undo")
			post(at+"/undo", url.Values{}, http.StatusSeeOther)
			h.work()
			get(at).Doc.Has(t, "main", "1")
			get("/i/riverside/import").Doc.Has(t, "main li a", "list.csv")
		})
	}
}

func TestWhatIsNoListIsRefusedInPlainWords(t *testing.T) {
	h := open(t)
	b := h.site.As(t, h.sue)
	for name, text := range map[string]string{"empty": "", "headings": "Name,Phone\n", "picture": "\x89PNG\r\n\x1a\n\x00\x00", "page": "%PDF-1.7\n\x00"} {
		a := send(b, t, name+".csv", text)
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, a.Status)
		}
		a.Sound(t)
		a.Doc.Has(t, ".fault", "")
	}
	send(b, t, "empty.csv", "").Doc.Has(t, ".fault", i18n.In(i18n.English).T("sheet.file.empty"))
	large := send(b, t, "large.csv", "Name\n"+strings.Repeat("x\n", exchange.MaxFile/2+1))
	if large.Status != http.StatusUnprocessableEntity || !strings.Contains(large.Body, "50 MB") {
		t.Errorf("too large: %d", large.Status)
	}
	huge := send(b, t, "huge.csv", strings.Repeat("x", exchange.MaxFile+2<<20))
	if huge.Status != http.StatusUnprocessableEntity {
		t.Errorf("past what the route carries: %d", huge.Status)
	}
	if a := b.Post("/i/riverside/import", url.Values{"file": {"x"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("no file at all: %d", a.Status)
	}
}

func TestNobodyElseSeesAFile(t *testing.T) {
	h := open(t)
	a := send(h.site.As(t, h.sue), t, "list.csv", list)
	at, _, _ := strings.Cut(a.Header.Get("Location"), "#")
	carl := access.Actor{Account: "account-carl", Memberships: []access.Membership{{Initiative: h.in.ID, Person: "carl", Kind: access.Connector}}}
	for _, path := range []string{"/i/riverside/import", at, at + "/tables/0", at + "/plan"} {
		if got := h.site.As(t, carl).Get(path); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d for a connector", path, got.Status)
		}
	}
	h.now.Advance(25 * 3600e9)
	h.work()
	r := &jobs.Runner{DB: h.db, IDs: db.NewIDs(h.now.Now, nil), Now: h.now.Now, Log: slog.New(slog.DiscardHandler), Handle: h.files.Handlers()}
	err := h.db.Tx(t.Context(), func(q db.Querier) error {
		for kind, every := range exchange.Chores() {
			if err := jobs.Every(t.Context(), q, kind, every); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := h.site.As(t, h.sue).Get(at); got.Status != http.StatusNotFound {
		t.Errorf("after a day: %d", got.Status)
	}
}

// settled posts what a table is.
func settled(t *testing.T, b *webtest.Browser, at, n string, form url.Values) {
	t.Helper()
	if a := b.Post(at+"/tables/"+n, form); a.Status != http.StatusSeeOther {
		t.Fatalf("table %s: %d\n%s", n, a.Status, a.Body)
	}
}

// sent gives the way to a file that was sent.
func (h *house) sent(b *webtest.Browser, name, text string) (at string) {
	h.Helper()
	a := send(b, h.T, name, text)
	if a.Status != http.StatusSeeOther {
		h.Fatalf("upload: %d\n%s", a.Status, a.Body)
	}
	at, _, _ = strings.Cut(a.Header.Get("Location"), "#")
	return at
}

func TestOneTableHasNoNextOne(t *testing.T) {
	h := open(t)
	b := h.site.As(t, h.sue)
	if a := b.Get(h.sent(b, "list.csv", list)); strings.Contains(a.Body, "Look at the next table") {
		t.Error("there is one table only")
	}
}

func TestOneChoiceForAllComesBeforeTheQuestions(t *testing.T) {
	h := open(t)
	b := h.site.As(t, h.sue)
	at := h.sent(b, "list.csv", list)
	settled(t, b, at, "0", url.Values{
		"target": {"contacts"}, "column_0": {"name"}, "column_1": {"phone"}, "column_2": {"email"}, "column_3": {""},
		"ask_agreed": {"yes"}, "ask_how": {"paper"},
	})
	page := b.Get(at + "/plan").Body
	all, one := strings.Index(page, `name="rest"`), strings.Index(page, `name="row_0_3"`)
	if all < 0 || one < 0 || all > one {
		t.Errorf("the choice for all stands at %d, the first question at %d", all, one)
	}
}

func TestTheOrderOfDaysIsAskedOfDaysThatAreRead(t *testing.T) {
	h := open(t)
	b := h.site.As(t, h.sue)
	at := h.sent(b, "days.csv", "Full name,Date met,Paid on\nAna Ruiz,3/4/2026,3/5/2026\nJo Marín,5/6/2026,4/5/2026\n")
	shown := b.Get(at + "/tables/0")
	shown.Sound(t)
	shown.Doc.Has(t, "input[name=days_1]", "")
	shown.Doc.None(t, "input[name=days_2]")

	form := url.Values{"target": {"contacts"}, "column_0": {"name"}, "column_1": {""}, "column_2": {"met_on"}, "ask_agreed": {"yes"}, "ask_how": {"paper"}}
	refused := b.Post(at+"/tables/0", form)
	if refused.Status != http.StatusUnprocessableEntity {
		t.Fatalf("days that are read now: %d", refused.Status)
	}
	refused.Sound(t)
	refused.Doc.Has(t, "input[name=days_2]", "")
	refused.Doc.None(t, "input[name=days_1]")
	form.Set("days_2", "day")
	settled(t, b, at, "0", form)
}

func TestTheReceiptLeadsToAllThatCameIn(t *testing.T) {
	for name, one := range map[string]struct {
		text  string
		form  url.Values
		leads []string
	}{
		"people": {
			list,
			url.Values{"target": {"contacts"}, "column_0": {"name"}, "column_1": {""}, "column_2": {""}, "column_3": {""}, "ask_agreed": {"yes"}, "ask_how": {"paper"}},
			[]string{"people"},
		},
		"partners": {
			"Organization\nOak Tools\n",
			url.Values{"target": {"partners"}, "column_0": {"organization"}},
			[]string{"organizations", "organizations/invite"},
		},
		"households": {
			"Code\nblue door\n",
			url.Values{"target": {"households"}, "column_0": {"code"}},
			[]string{"households", "people"},
		},
		"conversations": {
			"Day,Need\n2026-11-01,books\n",
			url.Values{"target": {"conversations"}, "column_0": {"held_on"}, "column_1": {"need"}, "ask_said": {"anon"}, "ask_how": {"paper"}},
			[]string{"needs"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			b := h.site.As(t, h.sue)
			at := h.sent(b, name+".csv", one.text)
			settled(t, b, at, "0", one.form)
			b.Post(at+"/start", url.Values{"rest": {"skip"}})
			h.work()
			done := b.Get(at)
			done.Sound(t)
			for _, to := range one.leads {
				done.Doc.Has(t, "main .row a[href=/i/riverside/"+to+"]", "")
			}
			for _, to := range []string{"people", "organizations", "households", "needs"} {
				if !slices.Contains(one.leads, to) {
					done.Doc.None(t, "main .row a[href=/i/riverside/"+to+"]")
				}
			}
		})
	}
}

func TestADirectoryHasWordsInTheListAndOnItsReceipt(t *testing.T) {
	for lang, words := range map[string]string{"en": "A directory of services", "es": "Un directorio de servicios"} {
		h := open(t)
		var made exchange.Batch
		err := h.db.Tx(t.Context(), func(q db.Querier) (err error) {
			counts := exchange.Counts{exchange.Add: 2}
			made, err = h.files.Bring(t.Context(), q, h.sue, h.in.ID, exchange.Batch{
				Name: "county.zip", Sheets: []exchange.Sheet{{Name: "organization", Target: "hsds", Settled: true}},
				Receipt: exchange.Receipt{Sheets: []exchange.SheetReceipt{{Name: "organization", Target: "hsds", Counts: counts}}},
			}, nil, func() error { return nil })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		b := h.site.As(t, h.sue)
		b.Header.Set("Accept-Language", lang)
		b.Get("/i/riverside/import").Doc.Has(t, "main li", words)
		receipt := b.Get("/i/riverside/import/" + made.ID)
		receipt.Sound(t)
		receipt.Doc.Has(t, "main section p", words)
		receipt.Doc.Has(t, "main .row a[href=/i/riverside/organizations]", "")
	}
}
