package setupweb_test

import (
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

const setup = "/i/riverside/setup"

func TestTheOverviewSaysWhatIsMissing(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.steward, lang)
		counted := dbtest.Count(h.db)
		a := b.see(setup)
		if n := counted.N(); n > 14 {
			t.Errorf("%d statements:\n%s", n, strings.Join(counted.Statements(), "\n"))
		}
		for _, key := range []string{
			"setup.about.missing.emergency", "setup.places.noblocks", "setup.happenings.nothing", "setup.people.onekey",
			"setup.counts.never", "setup.backup.never", "setup.jobs.fine", "setup.outbox.fine",
		} {
			a.Doc.Has(t, ".tag", b.t(key))
		}
		if cache := a.Header.Get("Cache-Control"); !strings.Contains(cache, "no-store") {
			t.Errorf("Cache-Control %q", cache)
		}
		a.Doc.None(t, "main a[href=/server]")
		a.Doc.Has(t, "main a[href=/i/riverside/import]", b.t("import.title"))
		a.Doc.Has(t, "main a[href=/i/riverside/organizations/invite]", b.t("orgs.invite.title"))

		d := initiative.DraftOf(h.in.Initiative)
		d.Purpose, d.About, d.HelpPhone, d.Emergency = "Books", "We began", "555-0100", "911"
		_, err := h.initiatives.Edit(t.Context(), h.steward, h.in.ID, d)
		h.must(err)
		_, err = h.places.Create(t.Context(), h.steward, h.in.ID, place.Draft{Name: "Mill Row", Kind: place.Block, Homes: "40", HomesSource: "we walked it"})
		h.must(err)
		h.somebody("Otto", access.Steward)
		h.must(h.pages.Releases.CountAgain(t.Context(), h.steward, h.in.ID))
		h.tx(func(q db.Querier) error { // as the backup room notes it
			return db.Exec(t.Context(), q, `insert into setting (initiative_id, name, value, set_at) values ('', 'backup.verified', $1, $1)`, db.At(h.now.Now()))
		})
		a = b.see(setup)
		for _, words := range []string{
			b.t("setup.isset"), b.t("setup.places.all", i18n.Args{"n": 1}), b.t("setup.people.all", i18n.Args{"stewards": 2, "connectors": 1}),
		} {
			a.Doc.Has(t, ".tag.done", words)
		}
		h.now.Advance(48 * time.Hour)
		b.see(setup).Doc.Has(t, ".tag.late", b.t("setup.backup.ask"))
	})
}

func TestWhatTheInitiativeSaysOfItself(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.steward, lang)
		a := b.see(setup + "/about")
		if a.Doc.Attr("#name", "value") != "Riverside" || a.Doc.Attr("select[name=zone] option[selected]", "value") != "America/Chicago" {
			t.Error("the form doesn't hold what is set")
		}
		wrong := b.want(422, b.send(setup+"/about", "name", "", "slug", "Über!", "zone", "Mars/North", "answer_days", "soon", "purpose", "Books"))
		for _, field := range []string{"name", "slug", "zone", "answer_days", "langs"} {
			if wrong.Doc.Text("#"+field+"-fault") == "" {
				t.Errorf("no fault at %s", field)
			}
		}
		wrong.Doc.Has(t, "textarea[name=purpose]", "Books")
		if wrong.Doc.Attr("#answer_days", "value") != "soon" {
			t.Error("what was typed is lost")
		}
		a = b.send(setup+"/about", "name", "Riverside Reads", "slug", "river-reads", "zone", "America/Chicago", "langs", "es", "langs", "en", "answer_days", "7")
		if to := a.Header.Get("Location"); !strings.HasPrefix(to, "/i/river-reads/setup") {
			t.Fatalf("led to %q", to)
		}
		b.done(a, "setup.saved").Doc.Has(t, ".brand", "Riverside Reads")
		in, err := h.initiatives.Get(t.Context(), h.in.ID)
		h.must(err)
		if in.AnswerDays != 7 || in.Langs[0] != "es" || in.StartedOn.IsZero() {
			t.Errorf("kept: %+v", in)
		}
	})
}

const square = `{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]}`

func TestPlaces(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.steward, lang)
		b.see(setup+"/places").Doc.Has(t, "h2", "Riverside")
		b.see(setup + "/places/new")
		top := h.areas()[0].ID
		wrong := b.want(422, b.send(setup+"/places/new", "name", "Mill Row", "homes", "many", "homes_on", "2027-01-01", "boundary", "{}", "parent", top))
		for _, field := range []string{"kind", "homes", "homes_source", "homes_on", "boundary"} {
			if wrong.Doc.Text("#"+field+"-fault") == "" {
				t.Errorf("no fault at %s", field)
			}
		}
		wrong.Doc.Has(t, "textarea[name=boundary]", "{}")
		if wrong.Doc.Attr("option[selected]", "value") != top {
			t.Error("the place chosen is lost")
		}
		b.done(b.send(setup+"/places/new", "name", "Mill Row", "kind", "block", "parent", top, "homes", "40", "homes_source", "census 2020", "boundary", square), "setup.saved")
		a := b.see(setup + "/places")
		a.Doc.Has(t, ".list p", b.t("setup.places.within", i18n.Args{"name": "Riverside"}))
		a.Doc.Has(t, ".list p", b.t("setup.places.outlined"))
		a.Doc.Has(t, ".list p", "census 2020")
		block := h.areas()[0]
		if block.Name != "Mill Row" {
			block = h.areas()[1]
		}
		path := setup + "/places/" + block.ID
		form := b.see(path)
		if form.Doc.Attr("#homes", "value") != "40" || form.Doc.Text("textarea[name=boundary]") != "" {
			t.Error("the form doesn't hold what is kept")
		}
		b.want(422, b.send(path, "name", "", "kind", "block")).Doc.Has(t, "h1", "Mill Row")
		b.done(b.send(path, "name", "Mill Lane", "kind", "block", "parent", top, "drop", "yes"), "setup.saved")
		for _, at := range h.areas() {
			if at.ID == block.ID && (at.Name != "Mill Lane" || at.HasBoundary || at.Homes.Counted) {
				t.Errorf("kept: %+v", at)
			}
		}
		b.want(404, b.Get(setup+"/places/none"))
		b.want(404, b.send(setup+"/places/none", "name", "x", "kind", "block"))
	})
}

func TestAConnectorAnnouncesWhatIsOn(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.connector, lang)
		const list = "/i/riverside/happenings"
		b.see(list).Doc.Has(t, ".empty", b.t("setup.happenings.none"))
		b.see(list + "/new")
		area := h.areas()[0].ID
		wrong := b.want(422, b.send(list+"/new", "title", "Soup", "on", "2020-01-01", "at", "25:00", "lang", "fr"))
		for _, field := range []string{"spot", "area", "on", "at", "lang"} {
			if wrong.Doc.Text("#"+field+"-fault") == "" {
				t.Errorf("no fault at %s", field)
			}
		}
		if wrong.Doc.Attr("#title", "value") != "Soup" || wrong.Doc.Attr("#at", "value") != "25:00" {
			t.Error("what was typed is lost")
		}
		b.done(b.send(list+"/new", "title", "Soup", "spot", "the yard", "area", area, "on", "2026-11-28", "at", "18:00", "lang", "es"), "setup.happenings.announced")
		b.see(list).Doc.Has(t, ".do", "the yard")
		all, err := h.places.Upcoming(t.Context(), h.in.ID)
		h.must(err)
		path := list + "/" + all[0].ID
		if got := b.see(path).Doc.Attr("#title", "value"); got != "Soup" {
			t.Errorf("the form holds %q", got)
		}
		b.want(422, b.send(path, "title", ""))
		b.done(b.send(path, "title", "Bread", "spot", "the yard", "area", area, "on", "2026-11-29", "lang", "en"), "setup.saved")
		b.want(200, b.send(path+"/remove")).Doc.Has(t, ".quote", "Bread")
		b.done(b.send(path+"/remove", "sure", "yes"), "setup.happenings.gone").Doc.None(t, ".do")
		b.want(404, b.Get(path))
	})
}

func TestTheRecordInWords(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.steward, lang)
		b.see(setup+"/record").Doc.Has(t, ".sure", b.t("setup.record.unsealed"))
		for range 60 {
			h.now.Advance(time.Minute)
			h.tx(func(q db.Querier) error {
				return audit.Note(t.Context(), q, audit.Event{
					Initiative: h.in.ID, Account: h.connector.Account, Person: h.connector.Person(h.in.ID), Act: "read person", Object: h.rosa.Person(h.in.ID),
				})
			})
		}
		_, err := audit.Seal(t.Context(), h.db)
		h.must(err)
		counted := dbtest.Count(h.db)
		a := b.see(setup + "/record")
		if n := counted.N(); n > 6 {
			t.Errorf("%d statements:\n%s", n, strings.Join(counted.Statements(), "\n"))
		}
		a.Doc.Has(t, ".list li", b.t("setup.act.read_person", i18n.Args{"by": "Carl", "to": "Rosa"}))
		if len(a.Doc.All(".list li")) != 50 {
			t.Errorf("%d entries on a page", len(a.Doc.All(".list li")))
		}
		if !strings.Contains(a.Doc.Text(".sure"), ":"+h.in.ID) {
			t.Error("no head to copy")
		}
		next := a.Doc.Attr(".more a", "href")
		a = b.see(next)
		a.Doc.Has(t, ".list li", b.t("setup.act.create_initiative", i18n.Args{"by": "Sue"}))
		a.Doc.Has(t, ".list li", b.t("setup.act.give_kind", i18n.Args{"by": b.t("setup.record.nobody"), "to": "Carl", "kind": b.t("access.kind.connector.label")}))
		a.Doc.None(t, ".more a")
		b.see(setup + "/record?before=yesterday") // what can't be read is the newest
	})
}

func TestWhatThePublicReads(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.steward, lang)
		b.see(setup+"/counts").Doc.Has(t, ".empty", b.t("setup.counts.none"))
		a := b.done(b.send(setup+"/counts"), "setup.counts.done")
		a.Doc.Has(t, "th", "Riverside")
		a.Doc.Has(t, "td", "40")
		a.Doc.Has(t, "td", "*")
		b.want(422, b.send(setup+"/counts")).Doc.Has(t, ".summary", b.t("release.again.soon"))
	})
}

// TestWhoFindsTheseRooms asks for every route as whoever has no business there.
func TestWhoFindsTheseRooms(t *testing.T) {
	h := open(t)
	elsewhere := access.Actor{Account: "account-x", Memberships: []access.Membership{{Initiative: "elsewhere", Person: "x", Kind: access.Steward}}}
	for _, r := range h.pages.Routes() {
		for name, who := range map[string]access.Actor{
			"a member": h.rosa, "a connector": h.connector, "a steward elsewhere": elsewhere, "the operator": h.operator, "the steward": h.steward,
		} {
			a := ask(h.site.As(t, who), r)
			if who.May(h.in.ID, r.Need) {
				continue
			}
			if a.Status != 404 {
				t.Errorf("%s: %s is %d", name, r.Pattern, a.Status)
			}
		}
		if a := ask(h.site.Visitor(t), r); a.Status != 401 && !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
			t.Errorf("a visitor: %s is %d", r.Pattern, a.Status)
		}
		if !r.Private {
			t.Errorf("%s isn't private", r.Pattern)
		}
	}
}

func ask(b *webtest.Browser, r page.Route) webtest.Answer {
	path := strings.NewReplacer("{initiative}", "riverside", "{area}", "none", "{happening}", "none", "{person}", "none").Replace(r.Path())
	if r.Method() == "GET" {
		return b.Get(path)
	}
	return b.Post(path, nil)
}
