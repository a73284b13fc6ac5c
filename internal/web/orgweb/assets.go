package orgweb

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"commonweal/chart"
	"commonweal/evidence"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/place"
	"commonweal/internal/release"
	"commonweal/internal/web/page"
)

// Subjects of the release that this page reads; the rooms that count are wired
// to the same names.
const (
	giftCounts = "gift" // people by gift term
	talkCounts = "talk" // conversations by area
)

// How much of what is lent and of what is on the page shows.
const (
	someLent = 6
	someOn   = 4
)

type assetsPage struct {
	page.Base
	areas
	Counted    time.Time
	Gifts      release.Count
	Tally      organization.Tally
	Venues     int
	Lent       []organization.Lending
	Happenings []place.Happening
	Ground     chart.Ground
	Talks      map[string]release.Count // by area
	most       int
}

// mapWidth is how wide the map's drawing is: its numbers stay readable on a
// phone.
const mapWidth = 340

// assets is everything that is known of what a place has: neighbours' gifts,
// associations, institutions, places, what is given and shared, stories.
func (p *Pages) assets(w http.ResponseWriter, r *page.Request) error {
	ctx, in := r.Context(), r.In.ID
	v := assetsPage{Base: r.Base("orgs.assets.title"), Talks: map[string]release.Count{}}
	counted, err := p.Releases.Latest(ctx, in)
	if err != nil {
		return err
	}
	v.Counted, v.Gifts = counted.On.Time, counted.Find(giftCounts, release.Total)
	if v.areas, err = p.areas(ctx, in); err != nil {
		return err
	}
	if v.Tally, err = p.Organizations.Tally(ctx, in); err != nil {
		return err
	}
	if v.Lent, err = p.Organizations.Lent(ctx, in, someLent); err != nil {
		return err
	}
	on, err := p.Places.Upcoming(ctx, in)
	if err != nil {
		return err
	}
	v.Happenings = on[:min(someOn, len(on))]
	for _, c := range counted.Of(talkCounts) {
		v.Talks[c.Key] = c
		v.most = max(v.most, c.N)
	}
	outlines, err := p.outlines(r, v.areas.All)
	if err != nil {
		return err
	}
	v.Ground = chart.Lay(outlines, mapWidth)
	for _, a := range v.areas.All {
		if a.Kind == place.Venue {
			v.Venues++
		}
	}
	return page.Render(w, r, http.StatusOK, assetsView(v))
}

// outlines are the blocks that have an outline; a wider area is drawn where
// none of its blocks has one.
func (p *Pages) outlines(r *page.Request, all []place.Area) ([]chart.Outline, error) {
	byArea, err := p.Places.Boundaries(r.Context(), r.In.ID)
	if err != nil {
		return nil, err
	}
	var drawn []chart.Outline
	for _, a := range all {
		text, outlined := byArea[a.ID]
		if !outlined || a.Kind == place.Venue || holds(all, byArea, a.ID) {
			continue
		}
		polygons, err := polygons(text)
		if err != nil {
			return nil, err
		}
		drawn = append(drawn, chart.Outline{Key: a.ID, Polygons: polygons})
	}
	return drawn, nil
}

// holds says whether an outline lies within an area.
func holds(all []place.Area, outlined map[string]string, id string) bool {
	for _, inside := range place.Within(all, id)[1:] {
		if _, ok := outlined[inside]; ok {
			return true
		}
	}
	return false
}

// polygons reads a boundary as the place room keeps it.
func polygons(text string) ([][][]chart.Place, error) {
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		return nil, err
	}
	if g.Type == "Polygon" {
		one := make([][][]chart.Place, 1)
		return one, json.Unmarshal(g.Coordinates, &one[0])
	}
	var several [][][]chart.Place
	return several, json.Unmarshal(g.Coordinates, &several)
}

// shows says whether there is a number to show.
func shows(c release.Count) bool { return !c.Hidden && c.N > 0 }

// level is how dark an area is drawn: 1 to 4 by its count, 0 without one.
func (v assetsPage) level(id string) string {
	c := v.Talks[id]
	if !shows(c) {
		return "ground-0"
	}
	return "ground-" + strconv.Itoa(1+(c.N*4-1)/max(v.most, 1))
}

// roomy says whether a number has room in an area.
func roomy(a chart.GroundArea) bool { return a.Room >= 22 }

// told says how many talks there were in an area, for its tooltip and for
// those who hear the picture.
func (v assetsPage) told(id string) string {
	c, args := v.Talks[id], i18n.Args{"area": v.Names[id]}
	switch {
	case c.Hidden:
		return v.T("orgs.map.small", args)
	case c.N == 0:
		return v.T("orgs.map.none", args)
	}
	args["talks"] = c.N
	return v.T("orgs.map.about", args)
}

// table is the map in rows.
func (v assetsPage) table() page.Table {
	t := page.Table{Caption: v.T("orgs.map.caption"), Columns: []page.Column{
		{Text: v.T("orgs.map.area")}, {Text: v.T("orgs.map.talks"), Number: true}, {Text: v.T("orgs.map.organizations"), Number: true},
	}}
	for _, branch := range place.Tree(v.areas.All) {
		if branch.Kind == place.Venue {
			continue
		}
		c, n := v.Talks[branch.ID], v.Tally.Areas[branch.ID]
		if c.N == 0 && !c.Hidden && n == 0 {
			continue
		}
		t.Rows = append(t.Rows, []page.Cell{
			{Text: branch.Name, Href: v.near(branch.ID, n)}, {Text: v.count(c)}, {Text: v.Number(n)},
		})
	}
	return t
}

func (v assetsPage) count(c release.Count) string {
	if c.N == 0 && !c.Hidden {
		return "–"
	}
	return c.Text()
}

// near leads to the organizations of an area, when there are any.
func (v assetsPage) near(area string, n int) string {
	if n == 0 {
		return ""
	}
	return v.Path("organizations") + "?area=" + area
}

// legend says what the numbers are, and when they were counted.
func (v assetsPage) legend() string {
	return v.T("orgs.map.legend", i18n.Args{"mark": evidence.HiddenMark})
}

// story is how an initiative tells of its own beginning.
func (v assetsPage) story() (text string, lang i18n.Lang) {
	if langs := v.In().Langs; len(langs) > 0 {
		lang = langs[0]
	}
	return v.In().About, lang
}
