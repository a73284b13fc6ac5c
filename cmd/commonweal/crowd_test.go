package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/clock"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/demo"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// The cast: everybody who could ask for a page of Riverside. Each is signed in
// for real, so that what they may is looked up as it is for people.
const (
	visitor   = "visitor"
	expired   = "expired" // whose session has ended
	resident  = "member"
	partner   = "partner"
	funder    = "funder"
	owner     = "owner"     // the connector of whom the examples are
	colleague = "connector" // another connector
	steward   = "steward"
	removed   = "removed"   // was a steward
	elsewhere = "elsewhere" // the steward of Hillside
	operator  = "operator"  // of the server, and nobody in Riverside
)

// cast is everybody, in the order of the matrix.
var cast = []string{visitor, expired, resident, partner, funder, owner, colleague, steward, removed, elsewhere, operator}

// In Hillside there are these besides, in the tests of what is empty.
const (
	newConnector = "new connector"
	newMember    = "new member"
)

// hillside is the other initiative of the server: nothing is in it but its steward.
const hillside = "hillside"

// scene is a store in which the demo and the whole cast are.
type scene struct {
	store  []byte
	tokens map[string]string // of sessions, by who
	in     initiative.Initiative
	word   string // a gift term that Riverside alone has; the usual ones are called the same everywhere
	ids    examples
	told   conversation.Said         // by somebody without a name, and answered
	code   string                    // of what they told
	mine   conversation.Said         // what the first member said
	digest map[string]db.TableDigest // of a store that nobody has touched

	newcomer string // somebody without an account
	invited  string // the code of their invitation
	other    string // session of the first member on another device
}

var (
	sceneOnce sync.Once
	theScene  scene
)

// everybody is the scene, made once for all tests: each opens a copy.
func everybody(t *testing.T) *scene {
	t.Helper()
	sceneOnce.Do(func() {
		path := filepath.Join(t.TempDir(), "scene.db")
		t.Run("scene", func(t *testing.T) { theScene = compose(t, path) })
		store, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		theScene.store = store
	})
	if len(theScene.tokens) == 0 {
		t.Fatal("there is no scene; an earlier test says why")
	}
	return &theScene
}

// compose makes the scene and closes its store.
func compose(t *testing.T, path string) scene {
	n := inventedIn(t, path, demo.Size{Talks: 90, Days: 60})
	s := scene{in: n.in, tokens: map[string]string{}}
	grace := n.who(access.Steward, 0)
	for name, who := range map[string]access.Actor{
		resident: n.who(access.Member, 0), owner: n.who(access.Connector, 0), colleague: n.who(access.Connector, 1), expired: n.who(access.Connector, 2),
	} {
		s.tokens[name] = n.signIn(who)
	}
	s.other = n.actor(n.signIn(n.who(access.Member, 0))).Session
	for name, kind := range map[string]access.Kind{
		partner: access.Partner, funder: access.Funder, steward: access.Steward, removed: access.Steward, operator: access.Member,
	} {
		s.tokens[name] = n.join(grace, n.in.ID, name, kind)
	}
	n.end(grace, s.tokens[removed], access.Steward)
	n.end(grace, s.tokens[operator], access.Member)
	n.sql(`update account set operator = true where id = $1`, n.actor(s.tokens[operator]).Account)
	n.sql(`update session set expires_at = $1 where account_id = $2`, db.At(noon.AddDate(0, 0, -1)), n.who(access.Connector, 2).Account)
	n.settleHillside(&s, grace)
	term, err := n.gifts.AddTerm(t.Context(), grace, n.in.ID, gift.TermDraft{
		Kind: gift.Skill, Labels: map[i18n.Lang]string{i18n.English: "Lamplighting", i18n.Spanish: "Encender faroles"},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.word = term.ID
	n.say(&s, grace)
	if s.ids, err = n.examples(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.ids.gifts.Common = s.word
	n.hand(&s, grace)
	n.leaveUndone(grace)
	if s.digest, err = n.db.Digest(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (n *neighbourhood) sql(query string, args ...any) {
	n.t.Helper()
	if err := n.db.Tx(n.t.Context(), func(q db.Querier) error { return db.Exec(n.t.Context(), q, query, args...) }); err != nil {
		n.t.Fatal(err)
	}
}

// signIn signs somebody in on a device of its own, as the demo's door does.
func (n *neighbourhood) signIn(who access.Actor) (token string) {
	n.t.Helper()
	token, err := n.openDoor().SignInAs(n.t.Context(), access.Actor{}, who.Account, "a phone")
	if err != nil {
		n.t.Fatal(err)
	}
	return token
}

func (n *neighbourhood) actor(token string) access.Actor {
	n.t.Helper()
	who, err := n.accounts.Actor(n.t.Context(), token)
	if err != nil {
		n.t.Fatal(err)
	}
	return who
}

// join writes somebody down, invites them and takes up the invitation. It
// gives their session.
func (n *neighbourhood) join(by access.Actor, in, name string, kind access.Kind) string {
	n.t.Helper()
	p, err := n.people.Create(n.t.Context(), by, in, people.Draft{Name: name, Langs: []string{"en"}, Age: people.Adult, Consent: people.ConsentDraft{
		Purposes: []people.Purpose{people.KeepName}, Channel: people.Doorstep,
	}})
	if err != nil {
		n.t.Fatal(err)
	}
	var keys account.Invited
	if keys, err = n.accounts.Invite(n.t.Context(), by, in, p.ID, kind); err != nil {
		n.t.Fatal(err)
	}
	return n.claim(keys)
}

func (n *neighbourhood) claim(keys account.Invited) string {
	n.t.Helper()
	_, session, err := n.accounts.Claim(n.t.Context(), access.Actor{}, last(keys.Path), "", i18n.English, "a phone")
	if err != nil {
		n.t.Fatal(err)
	}
	return session
}

// end takes a membership away.
func (n *neighbourhood) end(by access.Actor, token string, kind access.Kind) {
	n.t.Helper()
	m := access.Membership{Initiative: n.in.ID, Person: n.actor(token).Person(n.in.ID), Kind: kind}
	if err := n.permissions.Remove(n.t.Context(), by, m); err != nil {
		n.t.Fatal(err)
	}
}

// settleHillside makes the other initiative, with its steward, a connector and
// a member.
func (n *neighbourhood) settleHillside(s *scene, by access.Actor) {
	n.t.Helper()
	made, err := n.initiatives.Create(n.t.Context(), by, initiative.Draft{
		Name: "Hillside Eats", Slug: hillside, Steward: "Olga", Langs: []string{"es", "en"}, Zone: "Europe/Madrid",
	})
	if err != nil {
		n.t.Fatal(err)
	}
	var keys account.Invited
	if err := n.db.Tx(n.t.Context(), func(q db.Querier) (err error) {
		keys, err = account.Invite(n.t.Context(), q, account.Invitation{Initiative: made.Initiative.ID, Person: made.Steward, Kind: access.Steward, By: by.Account})
		return err
	}); err != nil {
		n.t.Fatal(err)
	}
	s.tokens[elsewhere] = n.claim(keys)
	olga := n.actor(s.tokens[elsewhere])
	s.tokens[newConnector] = n.join(olga, made.Initiative.ID, newConnector, access.Connector)
	s.tokens[newMember] = n.join(olga, made.Initiative.ID, newMember, access.Member)
}

// say adds conversations, so that there is one of everything: of somebody who
// keeps a code, of two who share what nobody else does, and of each kind of
// thing that waits for the owner's answer.
func (n *neighbourhood) say(s *scene, grace access.Actor) {
	n.t.Helper()
	ctx, mine := n.t.Context(), n.actor(s.tokens[owner])
	everything := conversation.Draft{
		Lang: i18n.English, Channel: people.Doorstep, Consent: conversation.WithName, Age: people.Adult,
		Need: "A ladder", Delivery: "On a Saturday", Supports: []conversation.SupportKind{conversation.Childcare},
		Gifts:  []conversation.GiftDraft{{Kind: gift.Skill, Text: "Lamplighting", Teach: true}},
		Advice: "Open on Sundays", AdviceTo: "The library", Care: "The river", NextHelp: true, NextDo: true,
	}
	for i, name := range []string{"Wick One", "Wick Two"} {
		d := everything
		d.Name, d.Contact, d.Household, d.ElseName = name, "wick@riverside.example", "WK "+name, "Somebody Else"
		if _, err := n.conversations.Record(ctx, mine, n.in.ID, fmt.Sprintf("scene-%032d", i), d); err != nil {
			n.t.Fatal(err)
		}
	}
	everything.Channel, everything.Consent, everything.Age = people.Web, conversation.WithoutName, ""
	everything.Contact = "reply@riverside.example"
	receipt, err := n.conversations.Record(ctx, access.Actor{}, n.in.ID, fmt.Sprintf("scene-%032d", 9), everything)
	if err != nil {
		n.t.Fatal(err)
	}
	s.code = receipt.Code
	if s.told, err = n.conversations.ByCode(ctx, n.in.ID, s.code); err != nil {
		n.t.Fatal(err)
	}
	if err := n.conversations.Answer(ctx, grace, n.in.ID, s.told.Needs[0].ID, conversation.AnswerDraft{Step: conversation.Neighbour, Text: "Mine."}); err != nil {
		n.t.Fatal(err)
	}
	all, err := n.conversations.Mine(ctx, n.actor(s.tokens[resident]), n.in.ID)
	if err != nil || len(all) == 0 {
		n.t.Fatalf("the first member has said nothing: %v", err)
	}
	s.mine = all[0]
}

// leaveUndone adds what stewards and the operator have to look after: work that
// got stuck, an initiative that nobody took up, and a network.
func (n *neighbourhood) leaveUndone(grace access.Actor) {
	n.t.Helper()
	for i, in := range []string{"", n.in.ID} {
		n.sql(`insert into job (initiative_id, id, kind, payload, unique_key, run_at, set_at, every_seconds, attempts, again, stuck, lease, error, added_at)
			values ($1, $2, 'release.publish', 'null', 'stuck', $3, $3, 0, 8, false, true, '', 'full', $3)`, in, fmt.Sprintf("stuck-%d", i), db.At(noon))
	}
	if _, err := n.initiatives.Create(n.t.Context(), grace, initiative.Draft{
		Name: "Nobody's Yet", Slug: "nobodys", Steward: "Olga", Langs: []string{"en"}, Zone: "Europe/Madrid",
	}); err != nil {
		n.t.Fatal(err)
	}
	for _, name := range []string{"Rivers", "Hills"} {
		net, err := n.initiatives.CreateNetwork(n.t.Context(), grace, initiative.NetworkDraft{Name: name, About: "Both banks"})
		if err != nil {
			n.t.Fatal(err)
		}
		if name == "Rivers" {
			if err := n.initiatives.Join(n.t.Context(), grace, net.ID, n.in.ID); err != nil {
				n.t.Fatal(err)
			}
		}
	}
}

// hand makes the links and devices that examples name: those that people get
// by mail or from somebody's hand, so that no page shows them.
func (n *neighbourhood) hand(s *scene, grace access.Actor) {
	n.t.Helper()
	ctx, member := n.t.Context(), n.actor(s.tokens[resident])
	newcomer, err := n.people.Create(ctx, grace, n.in.ID, people.Draft{Name: "Nell", Age: people.Adult, Consent: people.ConsentDraft{
		Purposes: []people.Purpose{people.KeepName}, Channel: people.Doorstep,
	}})
	if err != nil {
		n.t.Fatal(err)
	}
	keys, err := n.accounts.Invite(ctx, grace, n.in.ID, newcomer.ID, access.Member)
	if err != nil {
		n.t.Fatal(err)
	}
	s.newcomer, s.invited, s.ids.account.Claim = newcomer.ID, keys.Code, last(keys.Path)
	s.ids.account.Device = member.Session
	if err := n.people.AddContact(ctx, grace, n.in.ID, member.Person(n.in.ID), people.ContactDraft{Kind: people.Email, Value: "amina@riverside.example"}); err != nil {
		n.t.Fatal(err)
	}
	s.ids.account.Passkey = "a-key"
	n.sql(`insert into passkey (credential_id, account_id, credential, name, created_at) values ($1, $2, '{}', 'My phone', $3)`,
		s.ids.account.Passkey, member.Account, db.At(noon))
	if err := n.accounts.AskLink(ctx, "steward@riverside.example", i18n.English, ""); err != nil {
		n.t.Fatal(err)
	}
	if err := n.accounts.AskEmail(ctx, member, "amina@riverside.example", i18n.English); err != nil {
		n.t.Fatal(err)
	}
	n.sql(`update gift set review_on = '2026-11-01' where person_id in (select person_id from contact where kind = 'email') or person_id = $1`, member.Person(n.in.ID))
	if err := n.gifts.Review(ctx, n.in.ID); err != nil {
		n.t.Fatal(err)
	}
	later := *n.notices
	later.Now = func() time.Time { return noon.Add(2 * time.Hour) }
	if _, err := later.Send(ctx, n.in.ID); err != nil {
		n.t.Fatal(err)
	}
	n.runDue()
	n.askAgain(member)
	for _, need := range []string{s.mine.Needs[0].ID, s.told.Needs[0].ID} {
		n.sql(`update need set step = 'service', service_id = (select min(id) from service where organization_id in
			(select organization_id from spokesperson where person_id = $1)) where id = $2`, member.Person(n.in.ID), need)
	}
	s.ids.account.SignIn = n.mailed("/sign-in/", "steward@riverside.example")
	s.ids.account.Email = n.mailed("/email/", "amina@riverside.example")
	s.ids.gifts.Still = n.mailed("/still/", "amina@riverside.example")
	s.ids.organizations.Still = n.mailed("/still/organization/", "amina@riverside.example")
	if _, err := n.organizations.AddSpokesperson(ctx, member, n.in.ID, s.ids.organizations.Organization,
		organization.SpokespersonDraft{Name: "Asa", Email: "asa@riverside.example", Asked: people.Doorstep}); err != nil {
		n.t.Fatal(err)
	}
	s.ids.organizations.Asked = n.mailed("/speak/", "asa@riverside.example")
	s.ids.notices.Stop = n.mailed("/stop/", "amina@riverside.example")
}

// askAgain has somebody asked whether the organization still holds that they
// speak for.
func (n *neighbourhood) askAgain(who access.Actor) {
	n.t.Helper()
	n.sql(`update organization set review_on = '2026-11-01' where id in (select organization_id from spokesperson where person_id = $1)`, who.Person(n.in.ID))
	if err := n.db.Tx(n.t.Context(), func(q db.Querier) error {
		return jobs.Add(n.t.Context(), q, jobs.Job{Initiative: n.in.ID, Kind: "organization.review"})
	}); err != nil {
		n.t.Fatal(err)
	}
	n.runDue()
}

// runDue does the work that waits.
func (n *neighbourhood) runDue() {
	n.t.Helper()
	r := jobs.Runner{DB: n.db, IDs: n.ids, Now: n.now, Log: n.log, Handle: n.handlers()}
	if _, err := r.RunDue(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
}

// mailed is the token of a link in a letter of the outbox to somebody.
func (n *neighbourhood) mailed(link, to string) string {
	n.t.Helper()
	body, err := db.One(n.t.Context(), n.db.Read(), db.Value[string],
		`select body from message where body like $1 and to_address = $2 order by id limit 1`, "%"+link+"%", to)
	if err != nil {
		n.t.Fatalf("no letter with %s: %v", link, err)
	}
	_, rest, _ := strings.Cut(body, link)
	return strings.Fields(rest)[0]
}

// last is the last part of a path.
func last(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// stage is a copy of the scene, served, that remembers what is written to it.
type stage struct {
	*house
	*scene
	t      *testing.T
	routes []page.Route
	site   *webtest.Site

	mu    sync.Mutex
	wrote []string
}

// open serves a copy of the scene.
func (s *scene) open(t *testing.T) *stage {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, s.store, 0o600); err != nil {
		t.Fatal(err)
	}
	g := raise(t, s, path)
	c := g.demoDoor(s.ids)
	c.Limits = nil
	g.routes = s.riversideOnly(c.Routes)
	g.site = webtest.New(t, webtest.Site{Config: c})
	return g
}

// fresh serves a store in which there is nobody, as serve does.
func fresh(t *testing.T) *stage {
	t.Helper()
	g := raise(t, &scene{}, filepath.Join(t.TempDir(), "fresh.db"))
	c := g.door(nil)
	g.routes = c.Routes
	g.site = webtest.New(t, webtest.Site{Config: c})
	return g
}

func raise(t *testing.T, s *scene, path string) *stage {
	t.Helper()
	g := &stage{scene: s, t: t}
	var err error
	if g.house, err = build(t.Context(), plan{
		url: path, data: filepath.Dir(path), base: webtest.Origin, now: clock.NewFake(noon).Now, watch: g.note,
		log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.leave)
	return g
}

// riversideOnly puts a word that no other initiative has in the place of one
// that all have.
func (s *scene) riversideOnly(routes []page.Route) []page.Route {
	all := slices.Clone(routes)
	for i := range all {
		for _, of := range []string{"/gifts/", "/words/"} {
			all[i].Example = strings.Replace(all[i].Example, of+"reading-aloud", of+s.word, 1)
		}
	}
	return all
}

// leave closes the store, once.
func (g *stage) leave() {
	if g.house == nil {
		return
	}
	if err := g.close(); err != nil {
		g.t.Error(err)
	}
	g.house = nil
}

// note hears of every statement, and keeps those that write.
func (g *stage) note(query string) {
	verb, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(query)), " ")
	if verb != "insert" && verb != "update" && verb != "delete" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wrote = append(g.wrote, query)
}

// writes gives what was written since it was asked last, without what anybody
// may leave behind: a line in the record of who looked.
func (g *stage) writes() (all []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, query := range g.wrote {
		if !strings.HasPrefix(strings.TrimSpace(query), "insert into audit") {
			all = append(all, query)
		}
	}
	g.wrote = nil
	return all
}

// as is a browser of somebody of the cast.
func (g *stage) as(who string) *webtest.Browser {
	b := g.site.Visitor(g.t)
	if token := g.tokens[who]; token != "" {
		b.Header.Set("Cookie", fmt.Sprintf("__Host-cw=%s", token))
	}
	return b
}

// fits is who of the cast sees the most of a route, and no more than it needs.
func fits(n access.Need) string {
	switch n {
	case access.SignedIn, access.Belong:
		return resident
	case access.Converse, access.Curate:
		return owner
	case access.Steer:
		return steward
	case access.Operate:
		return operator
	default:
		return visitor
	}
}
