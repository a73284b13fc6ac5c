package main

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/demo"
	"commonweal/internal/web/htmlcheck"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

var update = flag.Bool("update", false, "write testdata/matrix.txt anew; then read it, line by line")

const matrixFile = "testdata/matrix.txt"

const matrixHead = `# What every route answers to everybody, as it was asked. TestMatrix compares;
# go test ./cmd/commonweal -run TestMatrix -update writes it anew, and then it is
# read against the table in internal/access/access.go and docs/decisions/0006:
#
#   A visitor who GETs what needs an account is led to sign in ("in"); a visitor's
#   POST gets 401. Whoever is signed in and may not gets 404, as for nothing at all.
#
# In a cell: what Riverside answers, where the example is the first connector's
# ("owner") or the first member's; then what Hillside answers to the same path,
# with the ids of Riverside in it. "·": the path names no initiative.
# A POST has two lines: an empty form, and "+" its form filled in as a page shows it.
`

// deed is one thing to try: a route, or a form of it.
type deed struct {
	page.Route
	path   string // in Riverside
	body   func() url.Values
	filled bool
}

func (d deed) name() string {
	if d.filled {
		return "  +"
	}
	return fmt.Sprintf("%-4s %s", d.Method(), d.Path())
}

// ofRiverside says whether the path names an initiative, and below it an
// object that stands in Riverside alone.
func (d deed) within() (initiative, object bool) {
	rest, in := strings.CutPrefix(d.Path(), "/i/{initiative}")
	return in, in && strings.Contains(rest, "{")
}

// TestMatrix asks for every page and sends every form as everybody, to their
// own initiative and to another.
func TestMatrix(t *testing.T) {
	m := &matrix{scene: everybody(t), t: t}
	m.stage = m.open(t)
	deeds := m.deeds()
	var b strings.Builder
	b.WriteString(matrixHead)
	fmt.Fprintf(&b, "\n%-66s", "")
	for _, who := range cast {
		fmt.Fprintf(&b, " %-9s", who)
	}
	for _, d := range deeds {
		fmt.Fprintf(&b, "\n%-66s", d.name())
		for _, who := range cast {
			fmt.Fprintf(&b, " %-9s", m.cell(d, who))
		}
		m.leave()
	}
	b.WriteString("\n")
	compareFile(t, matrixFile, trimLines(b.String()))
}

func trimLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// compareFile compares with what was reviewed, line by line.
func compareFile(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, have := strings.Split(string(text), "\n"), strings.Split(got, "\n")
	for _, line := range have {
		if !slices.Contains(want, line) {
			t.Errorf("not in %s:\n%s", path, line)
		}
	}
	for _, line := range want {
		if !slices.Contains(have, line) {
			t.Errorf("in %s, and not so any more:\n%s", path, line)
		}
	}
}

type matrix struct {
	*scene
	*stage
	t *testing.T
}

// deeds is everything that can be tried, sorted by path.
func (m *matrix) deeds() (all []deed) {
	seen := m.harvest(m.t)
	routes := slices.SortedFunc(slices.Values(m.routes), func(a, b page.Route) int {
		return cmp.Or(strings.Compare(a.Path(), b.Path()), strings.Compare(a.Method(), b.Method()))
	})
	for _, r := range routes {
		if r.Method() == http.MethodGet {
			all = append(all, deed{Route: r, path: r.Example})
			continue
		}
		f, ok := seen[r.Pattern]
		if !ok {
			if f, ok = unseen(m.stage)[r.Pattern]; !ok {
				m.t.Errorf("%s: no page shows its form; say in unseen what is sent there", r.Pattern)
				continue
			}
		}
		all = append(all,
			deed{Route: r, path: f.Action, body: func() url.Values { return url.Values{} }},
			deed{Route: r, path: f.Action, body: func() url.Values { return m.fresh(r.Pattern, f) }, filled: true})
	}
	return all
}

// fresh is a form filled in, with a key that nothing was sent with yet.
func (m *matrix) fresh(pattern string, f form) url.Values {
	v := f.Typed("matrix", noon)
	if v.Has("once") {
		v.Set("once", rand.Text())
	}
	for name := range v {
		if strings.HasPrefix(name, "sheet_code") {
			v.Set(name, "") // the sheet has none
		}
	}
	for name, value := range m.sense()[pattern] {
		v.Set(name, value)
	}
	return v
}

// sense is what makes sense in fields that don't take just any words.
func (m *matrix) sense() map[string]map[string]string {
	river := "POST /i/{initiative}"
	return map[string]map[string]string{
		"POST /claim":                                              {"code": m.invited},
		river + "/answer":                                          {"code": m.code},
		river + "/me/about":                                        {"langs": "en"},
		river + "/me/contact":                                      {"kind": "other"},
		river + "/people/{person}/contacts":                        {"kind": "other"},
		river + "/organizations/new/group":                         {"langs": "en", "email": "", "website": "", "members": ""},
		river + "/organizations/{organization}/edit":               {"langs": "en", "email": "", "website": "", "members": ""},
		river + "/organizations/{organization}/services":           {"langs": "en", "email": "", "url": ""},
		river + "/organizations/{organization}/services/{service}": {"langs": "en", "email": "", "url": ""},
		river + "/organizations/{organization}/places":             {"lat": "", "lon": ""},
		river + "/organizations/{organization}/places/{place}":     {"lat": "", "lon": ""},
		river + "/setup/places/new":                                {"homes": "7", "boundary": ""},
		river + "/setup/places/{area}":                             {"boundary": ""},
	}
}

// cell is what somebody gets.
func (m *matrix) cell(d deed, who string) string {
	own := m.try(d, who, d.path)
	initiative, _ := d.within()
	if !initiative {
		return own + " ·"
	}
	other := m.try(d, who, strings.Replace(d.path, "/i/"+demo.Slug, "/i/"+hillside, 1))
	m.judge(d, who, own, other)
	return own + " " + other
}

// judge holds whatever nobody may write into the matrix.
func (m *matrix) judge(d deed, who, own, other string) {
	_, object := d.within()
	nobody := who == visitor || who == expired
	if needs := ofMembership(d.Need); needs {
		for place, got := range map[string]string{"Riverside": own, "Hillside": other} {
			foreign := who == removed || who == operator || who == elsewhere && place == "Riverside" || who != elsewhere && place == "Hillside"
			if !nobody && foreign && got != "404" {
				m.t.Errorf("%s of %s as %s, who is nobody there: %s, want 404", d.name(), place, who, got)
			}
			if nobody && got != refusedVisitor(d.Method()) {
				m.t.Errorf("%s of %s as %s: %s, want %s", d.name(), place, who, got, refusedVisitor(d.Method()))
			}
		}
	}
	unread := d.Method() == http.MethodPost && other == "422" // before anything is looked for
	if object && !(nobody && ofMembership(d.Need)) && other != "404" && !unread {
		m.t.Errorf("%s as %s: Hillside answers %s about an object of Riverside, want 404", d.name(), who, other)
	}
}

func refusedVisitor(method string) string {
	if method == http.MethodGet {
		return "in"
	}
	return "401"
}

func ofMembership(n access.Need) bool {
	return n == access.Belong || n == access.Converse || n == access.Curate || n == access.Steer
}

// try asks once, and puts everything back as it was.
func (m *matrix) try(d deed, who, path string) string {
	if m.house == nil {
		m.stage = m.open(m.t)
	}
	m.writes()
	var a webtest.Answer
	if d.Method() == http.MethodGet {
		a = m.as(who).Get(path)
	} else {
		b := m.as(who)
		b.Header.Set("Idempotency-Key", rand.Text()) // as the doorstep's script does
		a = b.Post(path, d.body())
	}
	wrote := m.writes()
	if who == expired {
		wrote = slices.DeleteFunc(wrote, func(q string) bool { return strings.Contains(q, "delete from session") })
	}
	if len(wrote) == 0 {
		return class(a)
	}
	switch {
	case d.Method() == http.MethodGet:
		m.t.Errorf("%s as %s: a GET wrote: %s", d.name(), who, wrote[0])
	case a.Status >= http.StatusBadRequest:
		m.untouched(d, who)
	case strings.HasPrefix(path, "/i/"+hillside):
		m.riversideUntouched(d, who)
	}
	m.leave()
	return class(a)
}

// untouched holds a refused form to having left everything as it was.
func (m *matrix) untouched(d deed, who string) {
	now, err := m.db.Digest(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	for _, floor := range []string{"audit", "audit_wait", "session"} {
		delete(now, floor)
	}
	for table, digest := range now {
		if digest != m.digest[table] {
			m.t.Errorf("%s as %s was refused, and changed the table %s", d.name(), who, table)
		}
	}
}

// riversideUntouched holds what is sent to Hillside to changing nothing of
// Riverside.
func (m *matrix) riversideUntouched(d deed, who string) {
	got, want := m.rows(m.stage), m.rows(m.open(m.t))
	for _, table := range slices.Sorted(maps.Keys(want)) {
		if got[table] != want[table] {
			m.t.Errorf("%s as %s, sent to Hillside, changed the table %s of Riverside", d.name(), who, table)
		}
	}
}

// rows is a digest of Riverside's rows in each table.
func (m *matrix) rows(g *stage) map[string]string {
	columns, err := g.db.Columns(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	tables := map[string][]string{}
	for _, c := range columns {
		tables[c.Table] = append(tables[c.Table], "quote("+c.Name+")")
	}
	all := map[string]string{}
	for table, names := range tables {
		if table == "session" || !slices.Contains(names, "quote(initiative_id)") {
			continue
		}
		lines, err := db.All(m.t.Context(), g.db.Read(), db.Value[string],
			`select `+strings.Join(names, " || '|' || ")+` from `+table+` where initiative_id = $1 order by 1`, m.in.ID)
		if err != nil {
			m.t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
		all[table] = hex.EncodeToString(sum[:8])
	}
	return all
}

// class is an answer in a word.
func class(a webtest.Answer) string {
	if a.Status == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), "/sign-in?") {
		return "in"
	}
	return strconv.Itoa(a.Status)
}

// unseen are the forms that no page shows before something was asked, or that
// only a script sends.
func unseen(g *stage) map[string]form {
	mine, told := g.mine.Needs[0].ID, g.told.Needs[0].ID
	river := "/i/" + demo.Slug
	all := map[string]form{}
	add := func(path, action string, fields ...string) {
		f := form{Form: htmlcheck.Form{Action: action}}
		for i := 0; i < len(fields); i += 2 {
			f.Controls = append(f.Controls, htmlcheck.Control{Name: fields[i], Value: fields[i+1], Kind: "hidden", On: true})
		}
		all["POST "+path] = f
	}
	for path, more := range map[string][]string{
		"/change": {"text", "Other words", "visibility", "connector"}, "/erase": {"sure", "yes"}, "/edit": nil, "/thank": nil,
	} {
		add("/i/{initiative}/me"+path, river+"/me"+path, append([]string{"what", "need", "id", mine}, more...)...)
		add("/i/{initiative}/answer"+path, river+"/answer"+path, append([]string{"code", g.code, "what", "need", "id", told}, more...)...)
	}
	add("/i/{initiative}/me/help", river+"/me/help", "id", g.mine.Advice[0].ID, "yes", "yes")
	add("/i/{initiative}/answer/help", river+"/answer/help", "code", g.code, "id", g.told.Advice[0].ID, "yes", "yes")
	add("/i/{initiative}/me/call", river+"/me/call", "what", "need", "id", mine)
	add("/i/{initiative}/answer/call", river+"/answer/call", "code", g.code, "what", "need", "id", told)
	one, own := "/i/{initiative}/organizations/{organization}", river+"/organizations/"+g.scene.ids.organizations.Organization
	add(one+"/calls", own+"/calls", "call", "nobody")
	add(one+"/show", own+"/show")
	add(one+"/takeover", own+"/takeover")
	add("/i/{initiative}/talk/send", river+"/talk/send", "consent", "anon", "need", "A ladder")
	add("/i/{initiative}/me/gift/change", river+"/me/gift/change", "id", g.mine.Gifts[0].ID, "kind", "skill", "text", "Other words")
	setup := "/i/{initiative}/setup"
	add(setup+"/people/{person}/invite", river+"/setup/people/"+g.newcomer+"/invite", "kind", "member")
	add(setup+"/outbox/handed", river+"/setup/outbox/handed", "id", g.letter(g.in.ID))
	add("/server/outbox/handed", "/server/outbox/handed", "id", g.letter(""))
	add("/devices/end", "/devices/end", "device", g.other)
	add("/sign-in/passkey/ask", "/sign-in/passkey/ask")
	add("/devices/passkey/ask", "/devices/passkey/ask")
	add("/i/{initiative}/stop/{token}/again", river+"/stop/"+g.scene.ids.notices.Stop+"/again")
	add("/first", "/first", "name", "A second house")
	add("/first/{token}", "/first/nothing", "email", "first@example.org")
	return all
}

// letter is one that waits in the outbox of an initiative.
func (g *stage) letter(in string) string {
	g.t.Helper()
	id, err := db.One(g.t.Context(), g.db.Read(), db.Value[string], `select id from message where initiative_id = $1 and status = 'local' order by id limit 1`, in)
	if err != nil {
		g.t.Fatal(err)
	}
	return id
}

// TestServeHasNoWayInAsAnybody: the demo's way in isn't refused in serve; it is
// nowhere.
func TestServeHasNoWayInAsAnybody(t *testing.T) {
	g := everybody(t).open(t)
	for _, r := range g.house.routes() {
		if r.Need == access.Invented {
			t.Errorf("serve has the route %s", r.Pattern)
		}
	}
	c := g.door(nil)
	served := webtest.New(t, webtest.Site{Config: c})
	want(t, served.Visitor(t).Get("/demo"), http.StatusNotFound)
	want(t, served.Visitor(t).Post("/demo", url.Values{"account": {"x"}}), http.StatusNotFound)
	want(t, g.as(visitor).Get("/demo"), http.StatusOK)
}
