package place

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// Limits on what a form may hold, in letters.
const (
	maxName   = 120
	maxSource = 200
	maxTitle  = 160
	maxHomes  = 10_000_000
	maxLevels = 8 // areas within areas; a tree deeper than that is a mistake
)

// Draft is an area as somebody typed it. Numbers and days stay text, so that
// what can't be read comes back as it was typed.
type Draft struct {
	Name, Parent string
	Kind         Kind
	Homes        string // "" when nobody has counted
	HomesSource  string // who counted; wanted with Homes
	HomesOn      string // YYYY-MM-DD; "" is today

	Boundary     []byte // GeoJSON; none keeps the outline there is
	DropBoundary bool
}

// DraftOf is the draft that would leave an area as it is.
func DraftOf(a Area) Draft {
	d := Draft{Name: a.Name, Parent: a.Parent, Kind: a.Kind, HomesSource: a.Homes.Source, HomesOn: a.Homes.On.String()}
	if a.Homes.Counted {
		d.Homes = strconv.Itoa(a.Homes.Count)
	}
	return d
}

// parse reads the draft of area id ("" for a new one) among the areas there
// are, or says everything that is wrong with it.
func (d Draft) parse(id string, have []Area, today db.Day, f *fault.Form) (a Area, boundary string) {
	a = Area{ID: id, Parent: d.Parent, Name: strings.TrimSpace(d.Name), Kind: d.Kind}
	f.Check(a.Name != "", "name", "place.name.missing")
	f.Check(length(a.Name) <= maxName, "name", "place.name.long", "max", maxName)
	f.Check(!taken(a, have), "name", "place.name.taken", "name", a.Name)
	f.Check(slices.Contains(Kinds(), a.Kind), "kind", "place.kind.missing")
	checkParent(a, have, f)
	a.Homes = d.parseHomes(today, f)
	if len(d.Boundary) > 0 && !d.DropBoundary {
		boundary = d.parseBoundary(f)
	}
	return a, boundary
}

func (d Draft) parseHomes(today db.Day, f *fault.Form) Homes {
	typed := strings.TrimSpace(d.Homes)
	if typed == "" {
		return Homes{}
	}
	n, err := strconv.Atoi(typed)
	f.Check(err == nil && n >= 0 && n <= maxHomes, "homes", "place.homes.unreadable", "typed", typed)
	h := Homes{Counted: true, Count: n, Source: strings.TrimSpace(d.HomesSource), On: today}
	f.Check(h.Source != "", "homes_source", "place.homessource.missing")
	f.Check(length(h.Source) <= maxSource, "homes_source", "place.homessource.long", "max", maxSource)
	if on := strings.TrimSpace(d.HomesOn); on != "" {
		h.On, err = db.ParseDay(on)
		f.Check(err == nil && !h.On.After(today.Time), "homes_on", "place.homeson.unreadable", "typed", on)
	}
	return h
}

func (d Draft) parseBoundary(f *fault.Form) string {
	text, err := parseBoundary(d.Boundary)
	switch {
	case errors.Is(err, errBoundaryLarge):
		f.Add("boundary", "place.boundary.large", "max", maxPoints)
	case errors.Is(err, errBoundaryDeep):
		f.Add("boundary", "place.boundary.deep")
	case err != nil:
		f.Add("boundary", "place.boundary.unreadable")
	}
	return text
}

// taken says whether a sibling has the same name already.
func taken(a Area, have []Area) bool {
	return slices.ContainsFunc(have, func(b Area) bool {
		return b.ID != a.ID && b.Parent == a.Parent && db.Fold(b.Name) == db.Fold(a.Name)
	})
}

// checkParent refuses a parent that isn't there, an area within itself, and a
// tree too deep to show.
func checkParent(a Area, have []Area, f *fault.Form) {
	if a.Parent == "" {
		return
	}
	up := above(have, a.Parent)
	if len(up) == 0 {
		f.Add("parent", "place.parent.unknown")
		return
	}
	f.Check(a.ID == "" || !slices.Contains(up, a.ID), "parent", "place.parent.within")
	f.Check(len(up)+height(have, a.ID) < maxLevels, "parent", "place.parent.deep", "max", maxLevels)
}

// HappeningDraft is a happening as somebody typed it.
type HappeningDraft struct {
	Title, Spot string
	Area        string
	On          string // YYYY-MM-DD
	At          string // HH:MM, or ""
	Lang        string // "" is the initiative's first
}

func (d HappeningDraft) parse(have []Area, langs []i18n.Lang, today db.Day, f *fault.Form) Happening {
	h := Happening{
		Title: strings.TrimSpace(d.Title), Spot: strings.TrimSpace(d.Spot), Area: d.Area,
		At: strings.TrimSpace(d.At), Lang: i18n.Lang(d.Lang),
	}
	f.Check(h.Title != "", "title", "place.title.missing")
	f.Check(length(h.Title) <= maxTitle, "title", "place.title.long", "max", maxTitle)
	f.Check(h.Spot != "", "spot", "place.spot.missing")
	f.Check(length(h.Spot) <= maxTitle, "spot", "place.spot.long", "max", maxTitle)
	f.Check(len(above(have, h.Area)) > 0, "area", "place.area.missing")
	on, err := db.ParseDay(strings.TrimSpace(d.On))
	h.On = on
	f.Check(err == nil, "on", "place.on.unreadable", "typed", d.On)
	f.Check(err != nil || !on.Before(today.Time), "on", "place.on.past")
	if h.At != "" {
		_, err := time.Parse(clockLayout, h.At)
		f.Check(err == nil && len(h.At) == len(clockLayout), "at", "place.at.unreadable", "typed", h.At)
	}
	if h.Lang == "" && len(langs) > 0 {
		h.Lang = langs[0]
	}
	f.Check(slices.Contains(langs, h.Lang), "lang", "place.lang.unknown")
	return h
}

// clockLayout is an hour as <input type="time"> sends it.
const clockLayout = "15:04"

func length(s string) int { return utf8.RuneCountInString(s) }
