package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
	"commonweal/internal/web/webtest"
)

// personal are texts of the store that belong to people.
func (g *stage) personal(t *testing.T, query string) []string {
	t.Helper()
	all, err := db.All(t.Context(), g.db.Read(), db.Value[string], query)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatalf("nothing found by %s: the test would look for nothing", query)
	}
	return all
}

// secrets are what no guest may read, each with where it was found. Words of
// which a page may well be full, such as a first name, aren't among them.
func (g *stage) secrets(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for what, query := range map[string]string{
		"a way to reach somebody":    `select value from contact`,
		"an account's address":       `select address from account_email`,
		"where an answer is sent":    `select address from conversation_reply`,
		"a need":                     `select text from need where text <> '' and visibility <> 'public'`,
		"how somebody wants help":    `select delivery from need where delivery <> ''`,
		"what would help":            `select text from support where text <> ''`,
		"an answer to a need":        `select step_text from need where step_text <> '' and visibility <> 'public'`,
		"advice":                     `select text from advice where text <> ''`,
		"what somebody cares about":  `select care from conversation where care <> ''`,
		"a person's name":            `select name from person where name like '% %'`,
		"somebody who was mentioned": `select name from referral where name like '% %'`,
		"a household":                `select code from household where length(code) > 6`,
	} {
		for _, text := range g.personal(t, query) {
			all[text] = what
		}
	}
	return all
}

// whereToReach finds a phone number or an address that isn't the initiative's.
var whereToReach = regexp.MustCompile(`555-01(?:[1-9]\d|0[1-9])|[\w.]+@[\w-]+\.\w+`)

// published are the contacts that organizations give to everybody.
func (g *stage) published(t *testing.T) (all []string) {
	t.Helper()
	for _, text := range g.personal(t, `select email from organization where status = 'shown' and email <> ''
		union all select fields from detail where entity = 'phone'`) {
		all = append(all, whereToReach.FindAllString(text, -1)...)
	}
	return all
}

// TestAGuestReadsNothingOfAnybody follows every link that a guest can follow,
// in each language, and reads every page.
func TestAGuestReadsNothingOfAnybody(t *testing.T) {
	g := everybody(t).open(t)
	secrets := g.secrets(t)
	if len(secrets) < 50 {
		t.Fatalf("only %d secrets: the demo says too little", len(secrets))
	}
	published := g.published(t)
	for _, lang := range langs {
		t.Run(string(lang), func(t *testing.T) {
			pages := g.crawl(t, lang, visitor)
			if len(pages) < 40 {
				t.Errorf("a guest reached %d pages: %v", len(pages), pages)
			}
			for path, a := range pages {
				text := words(a.Doc)
				for secret, what := range secrets {
					if strings.Contains(text, secret) {
						t.Errorf("%s shows %s: %q", path, what, secret)
					}
				}
				for _, own := range published {
					text = strings.ReplaceAll(text, own, "")
				}
				if found := whereToReach.FindString(text); found != "" {
					t.Errorf("%s shows %q", path, found)
				}
			}
		})
	}
	// The control: somebody who may does read them.
	for what, path := range map[string]string{"a need": "/i/riverside/talks/" + g.scene.ids.connector.Talk, "a person's name": "/i/riverside/people"} {
		text, found := words(g.as(owner).Get(path).Doc), false
		for secret, of := range secrets {
			found = found || of == what && strings.Contains(text, secret)
		}
		if !found {
			t.Errorf("%s shows its connector nothing that a guest may not read", path)
		}
	}
}

// most is where a crawl ends at the latest; a page that makes new links for
// ever would never end.
const most = 1000

// crawl follows links from the root and the demo's home, and gives every page
// by its path.
func (g *stage) crawl(t *testing.T, lang i18n.Lang, who string) map[string]webtest.Answer {
	t.Helper()
	pages, next := map[string]webtest.Answer{}, []string{"/", "/i/riverside"}
	seen := map[string]bool{}
	for len(next) > 0 && len(seen) < most {
		path := next[0]
		next = next[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		b := g.reader(lang, who)
		a := b.Get(path)
		if a.Status == http.StatusSeeOther {
			next = append(next, local(path, a.Header.Get("Location")))
			continue
		}
		if !isPage(a) {
			continue
		}
		if a.Status >= http.StatusBadRequest {
			t.Errorf("a link leads to %s, which answers %d", path, a.Status)
		}
		pages[path] = a
		for _, n := range a.Doc.All("a[href]") {
			if to := local(path, attribute(n, "href")); to != "" {
				next = append(next, to)
			}
		}
	}
	if len(seen) >= most {
		t.Errorf("the crawl didn't end after %d addresses", most)
	}
	return pages
}

// local is where a link on a page leads, or "" when that is elsewhere or only
// the same page in other letters.
func local(from, to string) string {
	base, _ := url.Parse(webtest.Origin + from)
	u, err := base.Parse(to)
	if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || strings.HasPrefix(u.Path, "/assets/") {
		return ""
	}
	q := u.Query()
	if q.Has("lang") || q.Has("letters") {
		return ""
	}
	return u.RequestURI()
}
