package roomweb_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/room"
	"commonweal/internal/web"
	"commonweal/internal/web/page"
	"commonweal/internal/web/roomweb"
	"commonweal/internal/web/webtest"
)

// house is an initiative with a steward, two neighbours and a librarian.
type house struct {
	*testing.T
	db   *db.DB
	now  *clock.Fake
	ids  *db.IDs
	site *webtest.Site
	in   initiative.Initiative
	n    int

	sue, ana, ben, liz access.Actor
	library            string
}

func open(t *testing.T) *house {
	t.Helper()
	now := dbtest.Clock()
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	h := &house{T: t, db: d, now: now, ids: db.NewIDs(now.Now, nil)}
	h.tx(func(q db.Querier) error {
		return db.Exec(t.Context(), q, `insert into account (id, lang, operator, created_at) values ('account-sue', 'en', true, $1)`, db.At(now.Now()))
	})
	initiatives := &initiative.Service{DB: d, IDs: h.ids, Now: now.Now, Found: people.Found}
	made, err := initiatives.CreateFirst(t.Context(), access.Actor{Account: "account-sue", Operator: true}, initiative.Draft{
		Name: "Riverside Reads", Slug: "riverside", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue",
	})
	h.must(err)
	h.in = made.Initiative
	h.sue = h.as(made.Steward, access.Steward)
	h.ana, h.ben, h.liz = h.comes("Ana", access.Member), h.comes("Ben", access.Member), h.comes("Liz", access.Partner)
	h.tx(func(q db.Querier) error {
		made, err := organization.Add(t.Context(), q, h.in.ID, []organization.New{{
			Organization: organization.Organization{Kind: organization.Institution, Name: "Library", Lang: i18n.English, Status: organization.Shown},
		}})
		if err != nil {
			return err
		}
		h.library = made[0].ID
		h.liz.Grants = []access.Grant{{Initiative: h.in.ID, Object: h.library, Right: organization.Speaks}}
		return db.Exec(t.Context(), q, `insert into spokesperson (initiative_id, id, organization_id, person_id, job, since_at, given_by, ended_by)
			values ($1, 'liz', $2, $3, '', $4, '', '')`, h.in.ID, h.library, h.liz.Person(h.in.ID), db.At(now.Now()))
	})
	pages := &roomweb.Pages{Rooms: &room.Service{DB: d, IDs: h.ids, Now: now.Now}}
	h.site = webtest.New(t, webtest.Site{
		Config: web.Config{Routes: pages.Routes(), Now: now.Now},
		In:     []page.In{{ID: h.in.ID, Slug: "riverside", Name: h.in.Name, Langs: h.in.Langs, Zone: h.in.Zone}},
	})
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) tx(fn func(q db.Querier) error) {
	h.Helper()
	h.must(h.db.Tx(h.Context(), fn))
}

func (h *house) as(person string, k access.Kind) access.Actor {
	return access.Actor{Account: "account-" + person, Memberships: []access.Membership{{Initiative: h.in.ID, Person: person, Kind: k}}}
}

func (h *house) comes(name string, k access.Kind) (who access.Actor) {
	h.Helper()
	h.tx(func(q db.Querier) error {
		p, err := people.Add(h.Context(), q, h.in.ID, people.New{
			Person:   people.Person{Name: name, Langs: []i18n.Lang{}},
			Consents: []people.Consent{{Purpose: people.KeepName, Wording: people.Wording, On: h.in.Today(h.now.Now()), GivenBy: people.Self, Channel: people.Web}},
		})
		who = h.as(p.ID, k)
		return err
	})
	return who
}

var takeBack = regexp.MustCompile(`/i/riverside/rooms/[^"]*/take-back`)

const rooms = "/i/riverside/rooms"

func (h *house) post(who access.Actor, path string, pairs ...string) webtest.Answer {
	h.n++
	h.now.Advance(1e9)
	form := url.Values{"once": {strings.Repeat("k", 22+h.n)}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return h.site.As(h.T, who).Post(path, form)
}

// did is a post that worked, and where it led.
func (h *house) did(who access.Actor, path string, pairs ...string) string {
	h.Helper()
	a := h.post(who, path, pairs...)
	if a.Status != http.StatusSeeOther {
		h.Fatalf("%s: %d %s", path, a.Status, a.Doc.Text("main"))
	}
	to, _, _ := strings.Cut(a.Header.Get("Location"), "#")
	return to
}

func TestNeighboursPlanAndThenOpenTheRoom(t *testing.T) {
	h := open(t)
	empty := h.site.As(t, h.ana).Get(rooms)
	empty.Sound(t)
	empty.Doc.Has(t, ".empty", "No room yet")

	id := h.did(h.ana, rooms+"/new", "title", "Saturday book drive", "about", "A book for every child", "lang", "en")
	alone := h.post(h.sue, id+"/open", "opening", "We need the hall on Saturday.")
	alone.Doc.Has(t, "main", "Ask one more neighbour to come in")
	alone.Doc.Has(t, "textarea", "We need the hall on Saturday.")
	if alone.Status != http.StatusUnprocessableEntity {
		t.Errorf("opened with one neighbour: %d", alone.Status)
	}
	h.did(h.ben, id+"/sit", "duty", "I have a van")
	h.did(h.ben, id, "text", "Ten o'clock?")
	if a := h.site.As(t, h.liz).Get(id); a.Status != http.StatusNotFound {
		t.Errorf("the librarian is answered %d", a.Status)
	}
	h.did(h.sue, id+"/open", "opening", "We need the hall on Saturday.")
	h.did(h.ana, id, "text", "Thank you for coming.")

	seen := h.site.As(t, h.liz).Get(id)
	seen.Sound(t)
	seen.Doc.Has(t, "h2", "2 neighbours : 0 professionals")
	seen.Doc.Has(t, "main", "We need the hall on Saturday.")
	if strings.Contains(seen.Body, "Ten o'clock?") {
		t.Error("the librarian reads what was said among neighbours")
	}
	refused := h.post(h.liz, id+"/sit", "for", h.library)
	if refused.Status != http.StatusUnprocessableEntity {
		t.Errorf("no word of what for: %d", refused.Status)
	}
	refused.Sound(t)
	h.did(h.liz, id+"/sit", "for", h.library, "duty", "I can lend the hall")
	room := h.site.As(t, h.ben).Get(id)
	room.Doc.Has(t, "h2", "2 neighbours : 1 professional")
	room.Doc.Has(t, "main", "Liz (Library)")
	room.Doc.Has(t, "main", "Ten o'clock?")
}

func TestEveryPageIsSoundInBothLanguages(t *testing.T) {
	h := open(t)
	id := h.did(h.ana, rooms+"/new", "title", "Libros", "lang", "es")
	h.did(h.ana, id, "text", "Hola\nvecinos")
	h.did(h.ben, id+"/sit")
	for _, lang := range []string{"en", "es"} {
		for _, path := range []string{"", "/new"} {
			b := h.site.As(t, h.ana)
			b.Header.Set("Accept-Language", lang)
			b.Get(rooms + path).Sound(t)
		}
		for _, who := range []access.Actor{h.ana, h.sue} {
			b := h.site.As(t, who)
			b.Header.Set("Accept-Language", lang)
			b.Get(id).Sound(t)
			b.Get(id + "/sit").Sound(t)
		}
		b := h.site.As(t, h.sue)
		b.Header.Set("Accept-Language", lang)
		b.Get(id + "/open").Sound(t)
		b.Get(id + "/end").Sound(t)
	}
	for _, a := range []webtest.Answer{
		h.post(h.ana, rooms+"/new", "title", "", "about", "kept"), h.post(h.ana, id, "text", " "), h.post(h.sue, id+"/open", "opening", ""),
	} {
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%d, want 422", a.Status)
		}
		a.Sound(t)
	}
}

func TestWhatIsWrittenIsTakenBackAndTheRoomLeftAndEnded(t *testing.T) {
	h := open(t)
	id := h.did(h.ana, rooms+"/new", "title", "Saturday", "lang", "en")
	h.did(h.ana, id, "text", "A mistake")
	page := h.site.As(t, h.ana).Get(id)
	back := takeBack.FindString(page.Body)
	h.did(h.ana, back)
	if got := h.site.As(t, h.ana).Get(id); strings.Contains(got.Body, "A mistake") {
		t.Error("the words are still there")
	}
	h.did(h.ben, id+"/sit")
	h.did(h.ben, id+"/leave")
	h.did(h.sue, id+"/end")
	h.site.As(t, h.ana).Get(id).Doc.Has(t, "main", "This room has ended")
	if a := h.post(h.ana, id, "text", "More"); a.Status != http.StatusConflict {
		t.Errorf("an ended room answers %d", a.Status)
	}
	if a := h.post(h.ana, id+"/end"); a.Status != http.StatusNotFound {
		t.Errorf("a neighbour ends a room: %d", a.Status)
	}
}
