package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/backup"
	"commonweal/internal/db"
	"commonweal/internal/demo"
	"commonweal/internal/exchange"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/room"
	"commonweal/internal/web/htmlcheck"
	"commonweal/internal/web/webtest"
)

// A canary is somebody of whom every field that can be typed begins with
// "canary", so that what is left of them sings.
type canary struct {
	*stage
	t      *testing.T
	owner  *webtest.Browser // their connector
	self   *webtest.Browser
	person string
	path   string // of their page, for their connector
}

// plain are columns that hold ids, times, or one of a few words.
var plain = []string{
	"initiative_id", "id", "person_id", "area_id", "household_id", "connector_id", "recorded_by", "account_id", "asker_id", "reader_id",
	"conversation_id", "need_id", "gift_id", "term_id", "answered_by", "by_person_id", "gathering_id", "organization_id", "object_id",
	"audit_id", "given_by", "ended_by", "credential_id", "address_hash", "token_hash", "hash", "unique_key", "data", "right_name", "object",
	"lang", "langs_spoken", "age", "kind", "purpose", "wording", "channel", "consent", "visibility", "step", "status", "problem", "act", "subject",
	"held_on", "recorded_at", "answer_by", "erased_at", "answered_at", "thanked_at", "changed_at", "expires_on", "on_day", "met_on", "paused_at",
	"created_at", "given_on", "withdrawn_at", "named_at", "review_on", "reminded_on", "last_asked_at", "first_used_at", "hidden_at", "made_at",
	"written_at", "settled_at", "noted_at", "sealed_at", "confirmed_at", "asked_at", "claimed_at", "seen_at", "proved_at", "expires_at",
	"batch_id", "made_by", "in_at", "undone_at", "choice", "print", "after", "kept", // of what came in from files: ids, hashes, one of a few words
	"consent_id", "service_id", "handed_at", "done_at", // of a contact that was handed over
	"room_id", "side", "said_at", "sat_at", "left_at", "opened_at", "closed_at", "since_at", "until_at",
	"entity", "owner_entity", "owner_id", "source", "source_id", // of what a directory says, in its own ids
	"used_at", "given_at", "ended_at", "matter", "matter_id", "told_at", "muted_at", "chosen_at", "rhythm", "way", "on_date",
}

// mute are columns of free text that say nothing of this canary, each with why.
var mute = map[string]string{
	"person.langs":         "ids of languages",
	"gift_gathering.title": "a connector's words, of a gift and not of a person",
	"gift_gathering.text":  "likewise",
	"message.body":         "a letter names nobody and quotes nothing",
	"notice.line":          "the key of a sentence",
	"notice.args":          "arguments of a sentence that quotes nobody",
	"notice.path":          "a page of everybody's own",

	"message.stop_url": "a link to hear less, without a name",
	"room.title":       "what neighbours plan together, of a room and not of a person",
	"room.about":       "likewise",
	"room.opening":     "likewise",

	"import_batch.name":    "what whoever brought a file calls it",
	"import_batch.receipt": "how many rows did what",
	"import_row.before":    "what was there before a change, and a file changes nothing of somebody under 18",

	"conversation_reply.address": "of those alone who said something without a name",
}

// TestNothingIsLeftOfSomebodyErased (D6) writes somebody down through the web
// forms with a canary in every field, takes a copy, has them erased, and looks
// for them in the bytes of the store, and in a backup brought back.
func TestNothingIsLeftOfSomebodyErased(t *testing.T) {
	c := &canary{stage: everybody(t).open(t), t: t}
	c.owner, c.self = c.as(owner), c.as(visitor)
	c.isWrittenDown()
	c.talks()
	c.takesUpAnAccount()
	c.isAnswered()
	c.standsInFiles()
	c.joinsIn()
	c.everyFieldSings()
	folder := c.data
	c.isInTheCopy(want(t, c.self.Post("/i/riverside/me/copy", url.Values{}), http.StatusOK).Body)
	if n := songs(t, folder); n == 0 {
		t.Error("the store's bytes don't sing before anything was erased: the search is deaf")
	}
	made := c.backedUp()

	want(t, c.self.Post("/i/riverside/me/forget", url.Values{"sure": {"yes"}}), http.StatusSeeOther)
	c.work()
	c.journal(t)
	if n := songs(t, folder); n > 0 {
		t.Errorf("%d canaries still sing in the bytes of the store", n)
	}
	key := c.keyPath()
	c.leave()
	if n := songs(t, folder); n > 0 {
		t.Errorf("%d canaries still sing in the bytes of the store after it was closed", n)
	}
	back := restored(t, made, key)
	if n := songs(t, back); n > 0 {
		t.Errorf("%d canaries sing in a restored store after the erasures were replayed", n)
	}
}

// send fills in the form of a page that leads to an action, and sends it.
func (c *canary) send(b *webtest.Browser, from, action string, sense url.Values) webtest.Answer {
	c.t.Helper()
	all := forms(landed(b, b.Get(from)))
	i := slices.IndexFunc(all, func(f htmlcheck.Form) bool { return strings.HasSuffix(f.Action, action) })
	if i < 0 {
		c.t.Fatalf("%s has no form to %s", from, action)
	}
	typed := all[i].Typed("canary", noon)
	for name, values := range sense {
		typed[name] = values
	}
	a := b.Post(all[i].Action, typed)
	if a.Status >= http.StatusBadRequest {
		c.t.Fatalf("%s: %d: %s", all[i].Action, a.Status, a.Doc.Text("main .summary")+a.Doc.Text("main"))
	}
	return a
}

func (c *canary) isWrittenDown() {
	c.t.Helper()
	a := c.send(c.owner, "/i/riverside/people/new", "/people/new", url.Values{
		"age": {"under18"}, "given_by": {"parent"}, "langs": {"es"}, "household": {"canary-home"}, "phone": {""},
	})
	c.path = strings.Split(a.Header.Get("Location"), "#")[0]
	c.person = last(c.path)
	home := c.owner.Get(c.path)
	link := ""
	for _, n := range home.Doc.All("main a[href]") {
		if to := attribute(n, "href"); strings.Contains(to, "/households/") {
			link = to
		}
	}
	c.send(c.owner, link+"/edit", "/edit", url.Values{})
}

func (c *canary) talks() {
	c.t.Helper()
	c.send(c.owner, "/i/riverside/talk?person="+c.person, "/talk", url.Values{
		"consent": {"name"}, "sheet_code": {""}, "contact": {""},
	})
}

func (c *canary) takesUpAnAccount() {
	c.t.Helper()
	invited := c.send(c.owner, c.path+"/invite", "/invite", nil)
	code := codeShape.FindString(invited.Body)
	a := c.send(c.self, "/claim", "/claim", url.Values{"code": {code}})
	c.send(c.self, a.Header.Get("Location"), last(a.Header.Get("Location")), nil)
	c.send(c.self, "/i/riverside/me/gift", "/me/gift", nil)
	device := ""
	for _, n := range c.self.Get("/devices").Doc.All("main a[href]") {
		if to := attribute(n, "href"); strings.HasPrefix(to, "/devices/") {
			device = to
		}
	}
	c.send(c.self, device, device, url.Values{"name": {"canary-device"}})
	q := func(q db.Querier) error {
		return db.Exec(c.t.Context(), q, `insert into passkey (credential_id, account_id, credential, name, created_at)
			select 'canary-key', account_id, 'canary-credential', 'canary-phone', $1 from account_person where person_id = $2`, db.At(noon), c.person)
	}
	if err := c.db.Tx(c.t.Context(), q); err != nil {
		c.t.Fatal(err)
	}
	c.work()
	link := "/email/" + (&neighbourhood{house: c.house, t: c.t}).mailed("/email/", "canary@example.org")
	c.send(c.self, link, link, nil)
	c.send(c.self, "/devices", "/devices/email", url.Values{"email": {"canary-later@example.org"}})
}

// isAnswered answers everything that the canary said, in words that sing.
func (c *canary) isAnswered() {
	c.t.Helper()
	talk := ""
	for _, n := range c.owner.Get(c.path).Doc.All("main a[href]") {
		if to := attribute(n, "href"); strings.Contains(to, "/talks/") {
			talk = strings.Split(to, "#")[0]
		}
	}
	for _, f := range forms(c.owner.Get(talk)) {
		if !strings.HasSuffix(f.Action, "/answer") {
			continue
		}
		typed := f.Typed("canary", noon)
		for name := range typed {
			if strings.HasPrefix(name, "gift-") {
				typed.Set(name, "")
			}
		}
		if a := c.owner.Post(f.Action, typed); a.Status >= http.StatusBadRequest {
			c.t.Fatalf("%s: %d: %s", f.Action, a.Status, a.Doc.Text("main"))
		}
	}
	c.work()
}

// standsInFiles has two lists name the canary: one that came in, and one that
// waits.
func (c *canary) standsInFiles() {
	c.t.Helper()
	ctx := c.t.Context()
	in, _, err := c.initiatives.BySlug(ctx, demo.Slug)
	if err != nil {
		c.t.Fatal(err)
	}
	who, err := c.first(ctx, in.ID, access.Steward)
	if err != nil {
		c.t.Fatal(err)
	}
	names, err := people.Names(ctx, c.db.Read(), in.ID, []string{c.person})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, remark := range []string{"canary-came", "canary-waits"} {
		text := "Name,Remarks\n" + names[c.person] + "," + remark + "\n"
		b, err := c.exchanges.Upload(ctx, who, in.ID, "list.csv", strings.NewReader(text), int64(len(text)))
		if err != nil {
			c.t.Fatal(err)
		}
		if b, err = c.exchanges.Map(ctx, who, in.ID, b.ID, 0, exchange.SheetDraft{
			Target: "contacts", Answers: exchange.Answers{"agreed": "yes", "how": "paper"},
		}); err != nil {
			c.t.Fatal(err)
		}
		if err := c.exchanges.Decide(ctx, who, in.ID, b.ID, []exchange.Decision{{Row: 2, Choice: exchange.TheSame}}); err != nil {
			c.t.Fatal(err)
		}
		if remark == "canary-waits" {
			continue
		}
		if _, err := c.exchanges.Apply(ctx, who, in.ID, b.ID, nil); err != nil {
			c.t.Fatal(err)
		}
	}
}

// joinsIn has the canary speak for an association, stand in its entry as whom
// to ask, and plan in a room.
func (c *canary) joinsIn() {
	c.t.Helper()
	ctx := c.t.Context()
	in, _, err := c.initiatives.BySlug(ctx, demo.Slug)
	if err != nil {
		c.t.Fatal(err)
	}
	account, err := c.openDoor().Of(ctx, in.ID, c.person)
	if err != nil {
		c.t.Fatal(err)
	}
	self, err := access.Of(ctx, c.db.Read(), account)
	if err != nil {
		c.t.Fatal(err)
	}
	choir, err := c.organizations.Join(ctx, self, in.ID, organization.Draft{Kind: organization.Association, Name: "Choir", Lang: "en"}, "canary-job")
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.db.Tx(ctx, func(q db.Querier) error {
		return organization.AddDetails(ctx, q, in.ID, []organization.Detail{{
			Entity: organization.EntityContact, OwnerEntity: organization.EntityOrganization, Owner: choir.ID,
			Fields: map[string]any{"name": "canary-contact", "email": "canary@example.org"},
		}})
	}); err != nil {
		c.t.Fatal(err)
	}
	rooms, err := c.planning.List(ctx, self, in.ID)
	if err != nil || len(rooms) == 0 {
		c.t.Fatal("no room", err)
	}
	if err := c.planning.Sit(ctx, self, in.ID, rooms[0].ID, room.SitDraft{Duty: "canary-duty"}); err != nil {
		c.t.Fatal(err)
	}
	if err := c.planning.Say(ctx, self, in.ID, rooms[0].ID, strings.Repeat("k", 30), "canary-said", i18n.English); err != nil {
		c.t.Fatal(err)
	}
}

// work does what waits.
func (c *canary) work() {
	c.t.Helper()
	n := &neighbourhood{house: c.house, t: c.t}
	n.runDue()
}

// everyFieldSings is what the test stands on: a column that is added next year
// and that no form above fills fails it.
func (c *canary) everyFieldSings() {
	c.t.Helper()
	columns, err := c.db.Columns(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	tables := map[string]bool{}
	for _, s := range append(slices.Clone(c.people.Sources), people.Own()) {
		for _, table := range s.Tables {
			tables[table] = true
		}
	}
	heard := 0
	for _, column := range columns {
		name := column.Table + "." + column.Name
		if !tables[column.Table] || column.Type != "text" || slices.Contains(plain, column.Name) || mute[name] != "" {
			continue
		}
		n, err := db.One(c.t.Context(), c.db.Read(), db.Value[int],
			fmt.Sprintf(`select count(*) from %s where %s like '%%canary%%'`, column.Table, column.Name))
		if err != nil || n == 0 {
			c.t.Errorf("%s doesn't sing: %v", name, err)
		}
		heard++
	}
	if heard < 25 {
		c.t.Errorf("only %d columns were listened to", heard)
	}
}

// isInTheCopy looks for everything that was typed in the copy that somebody
// takes along. What another person's name is, and what only their connector
// knows, isn't theirs.
func (c *canary) isInTheCopy(text string) {
	c.t.Helper()
	for _, want := range []string{
		"canary-name", "canary-other", "canary-safe", "canary@example.org", "canary-giver", "canary-home", "canary-note",
		"canary-need", "canary-delivery", "canary-advice", "canary-advice-to", "canary-care", "canary-support-text",
		"canary-gift-skill", "canary-gift-passion", "canary-text", "canary-times", "canary-reach", "canary-device", "canary-phone", "canary-later",
		"canary-job", "canary-contact", "canary-duty", "canary-said",
	} {
		if !strings.Contains(text, want) {
			c.t.Errorf("the copy lacks %q", want)
		}
	}
}

func (c *canary) backedUp() string {
	c.t.Helper()
	key, _, err := backup.Key(c.keyPath())
	if err != nil {
		c.t.Fatal(err)
	}
	made, err := c.maker(key).Make(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return made.Path
}

func (c *canary) journal(t *testing.T) {
	t.Helper()
	if err := c.maker(nil).Journal(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// restored brings a backup back into a new folder, as an operator does, and
// lets the server run once.
func restored(t *testing.T, made, key string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	quiet := terminal{in: strings.NewReader(""), out: io.Discard, err: t.Output()}
	to := store{Data: folder}
	if err := (restoreCommand{store: to, File: made, Key: key}).Run(context.WithoutCancel(t.Context()), quiet); err != nil {
		t.Fatal(err)
	}
	h, err := to.open(t.Context(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	n := &neighbourhood{house: h, t: t}
	n.runDue()
	in, _, err := h.initiatives.BySlug(t.Context(), "riverside")
	if err != nil {
		t.Fatal(err)
	}
	if all, err := access.With(t.Context(), h.db.Read(), in.ID, access.Connector); err != nil || len(all) == 0 {
		t.Errorf("the others aren't back: %d connectors, %v", len(all), err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	return folder
}

// songs counts the canaries in the bytes of a folder, but for its backups,
// which nobody reads without the key.
func songs(t *testing.T, folder string) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, path := range files {
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		looked++
		n += bytes.Count(bytes.ToLower(text), []byte("canary"))
	}
	if looked == 0 {
		t.Fatalf("nothing is in %s", folder)
	}
	return n
}
