// Package homeweb is what anybody may read: what an initiative is, how it is
// going, what one can do, and what is kept about people. Its pages carry no
// script and depend on nobody who looks at them.
package homeweb

import (
	"context"
	"net/http"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/place"
	"commonweal/internal/release"
	"commonweal/internal/web/page"
)

// Pages are the public pages.
type Pages struct {
	Initiatives *initiative.Service
	Places      *place.Service
	Releases    *release.Service
	// Labels names an initiative's gift terms, by id, in a language.
	Labels func(ctx context.Context, initiative string, lang i18n.Lang) (map[string]string, error)
	// Overdue says of each need that nobody answered in time on which day it
	// was said, the oldest first. No name, no word of it, and no area: with the
	// day, an area would tell the neighbours whose door it was.
	Overdue func(ctx context.Context, initiative string) ([]time.Time, error)
	// Groups counts the associations and the institutions that everybody sees.
	Groups func(ctx context.Context, initiative string) (associations, institutions int, err error)
}

// Subjects of the release that these pages read; the rooms that count are
// wired to the same names.
const (
	GiftCounts = "gift"      // people by gift term
	TalkCounts = "talk"      // conversations by area
	MetCounts  = "gathering" // times that people were brought together
)

// Routes are the public pages' rows of the route table.
func (p *Pages) Routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /{$}", Need: access.Anyone, Public: true, Handle: p.root, Example: "/"},
		{Pattern: "GET /i/{initiative}", Need: access.Anyone, Public: true, Handle: p.home, Example: "/i/riverside"},
		{Pattern: "GET /i/{initiative}/waiting", Need: access.Anyone, Public: true, Handle: p.waiting, Example: "/i/riverside/waiting"},
		{Pattern: "GET /privacy", Need: access.Anyone, Public: true, Handle: p.privacy, Example: "/privacy"},
		{Pattern: "GET /i/{initiative}/privacy", Need: access.Anyone, Public: true, Handle: p.privacy, Example: "/i/riverside/privacy"},
		{Pattern: "GET /accessibility", Need: access.Anyone, Public: true, Handle: p.accessibility, Example: "/accessibility"},
		{Pattern: "GET /i/{initiative}/accessibility", Need: access.Anyone, Public: true, Handle: p.accessibility, Example: "/i/riverside/accessibility"},
	}
}

type rootPage struct {
	page.Base
	All []initiative.Initiative
}

// root lists the initiatives; where there is one, it is the home page.
func (p *Pages) root(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Initiatives.List(r.Context())
	if err != nil {
		return err
	}
	if len(all) == 1 {
		http.Redirect(w, r.Request, "/i/"+all[0].Slug, http.StatusSeeOther)
		return nil
	}
	return page.Render(w, r, http.StatusOK, root(rootPage{r.Base("home.root.title"), all}))
}

type homePage struct {
	page.Base
	Gifts      []chip
	Counted    time.Time
	Talks      release.Count
	GiftTotal  release.Count
	Met        release.Count
	Happenings []place.Happening
	Waiting    int

	Associations, Institutions int
}

// chip is a gift term with the public count of those who have it.
type chip struct{ Label, Path, Count string }

// chips is how many gifts the home page shows: what fits on two phone screens.
const chips = 12

// soon is how many happenings the home page shows.
const soon = 3

func (p *Pages) home(w http.ResponseWriter, r *page.Request) error {
	ctx := r.Context()
	counted, err := p.Releases.Latest(ctx, r.In.ID)
	if err != nil {
		return err
	}
	labels, err := p.Labels(ctx, r.In.ID, r.Lang)
	if err != nil {
		return err
	}
	upcoming, err := p.Places.Upcoming(ctx, r.In.ID)
	if err != nil {
		return err
	}
	waiting, err := p.Overdue(ctx, r.In.ID)
	if err != nil {
		return err
	}
	v := homePage{
		Base: r.Base("home.title").Titled(r.In.Name), Counted: counted.On.Time,
		Talks:      counted.Find(TalkCounts, release.Total),
		GiftTotal:  counted.Find(GiftCounts, release.Total),
		Met:        counted.Find(MetCounts, release.Total),
		Happenings: upcoming[:min(soon, len(upcoming))],
		Waiting:    len(waiting),
	}
	if v.Associations, v.Institutions, err = p.Groups(ctx, r.In.ID); err != nil {
		return err
	}
	for _, c := range counted.Of(GiftCounts) {
		if label := labels[c.Key]; label != "" && shows(c) && len(v.Gifts) < chips {
			v.Gifts = append(v.Gifts, chip{Label: label, Path: r.Path("gifts", c.Key), Count: c.Text()})
		}
	}
	return page.Render(w, r, http.StatusOK, home(v))
}

// shows says whether there is a number to show.
func shows(c release.Count) bool { return !c.Hidden && c.N > 0 }

type waitingPage struct {
	page.Base
	Weeks []week
}

func (p *Pages) waiting(w http.ResponseWriter, r *page.Request) error {
	days, err := p.Overdue(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, waiting(waitingPage{r.Base("home.waiting.title"), byWeek(days)}))
}

type textPage struct {
	page.Base
	Lead     string
	Sections []string // key prefixes with .title and .text
}

func (p *Pages) privacy(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusOK, text(textPage{r.Base("home.privacy.title"), "home.privacy.lead", []string{
		"home.privacy.keep", "home.privacy.who", "home.privacy.yours", "home.privacy.code", "home.privacy.never", "home.privacy.cannot",
	}}))
}

func (p *Pages) accessibility(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusOK, text(textPage{r.Base("home.access.title"), "home.access.lead", []string{
		"home.access.how", "home.access.gaps", "home.access.tell",
	}}))
}

// paragraphs parts a sentence of several lines.
func paragraphs(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }
