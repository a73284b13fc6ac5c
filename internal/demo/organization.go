package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"commonweal/internal/organization"
	"commonweal/internal/people"
)

//go:embed organizations.toml
var organizationsFile string

// group is an invented association or institution.
type group struct {
	Kind, Name, Lang, Area, About string
	Members                       int
	Langs                         []string
	Phone, Email                  bool // has one, which the maker invents
	Website                       string
	Mine                          bool // the resident whom one can look around as speaks for it
	Draft                         bool
	Speak                         []string // who speak for it: neighbours without an account
	Offer                         []struct{ Kind, Lang, Text string }
	Place                         []spot
	Hours                         []opening
	Service                       []service
}

type spot struct {
	Name, Street, About string
	At                  [2]float64 // in hundreds of metres
}

type opening struct {
	Days          []string
	Opens, Closes string
}

type service struct {
	opening
	Name, Lang, About, Eligibility, Fees, Apply string
	Langs                                       []string
}

// organize writes down what neighbours and institutions do together already.
func (m *maker) organize(ctx context.Context) error {
	var all struct{ Organization []group }
	if _, err := toml.Decode(organizationsFile, &all); err != nil {
		return fmt.Errorf("demo: organizations.toml: %w", err)
	}
	m.at(min(60, m.size.Days), 10)
	for i, g := range all.Organization {
		if err := m.group(ctx, g, i); err != nil {
			return fmt.Errorf("demo: %s: %w", g.Name, err)
		}
	}
	return nil
}

func (m *maker) group(ctx context.Context, g group, n int) error {
	d := g.draft(m.areaCalled(g.Area), n)
	var o organization.Organization
	var err error
	if g.Mine {
		o, err = m.Organizations.Join(ctx, m.neighbour, m.in.ID, d, "tells stories")
	} else {
		o, err = m.Organizations.Create(ctx, m.steward, m.in.ID, d)
	}
	if err != nil {
		return err
	}
	for _, name := range g.Speak {
		d := organization.SpokespersonDraft{Name: name, Lang: g.Lang, Asked: people.Doorstep}
		if _, err := m.Organizations.AddSpokesperson(ctx, m.steward, m.in.ID, o.ID, d); err != nil {
			return err
		}
	}
	for _, offer := range g.Offer {
		d := organization.OfferDraft{Kind: organization.OfferKind(offer.Kind), Text: offer.Text, Lang: offer.Lang}
		if _, err := m.Organizations.AddOffer(ctx, m.steward, m.in.ID, o.ID, d); err != nil {
			return err
		}
	}
	var places []string
	for _, s := range g.Place {
		lon, lat := degrees(s.At)
		made, err := m.Organizations.AddPlace(ctx, m.steward, m.in.ID, o.ID, organization.PlaceDraft{
			Name: s.Name, Street: s.Street, City: "Riverside", About: s.About, Area: o.Area,
			Lat: fmt.Sprintf("%.6f", lat), Lon: fmt.Sprintf("%.6f", lon),
		})
		if err != nil {
			return err
		}
		places = append(places, made.ID)
	}
	if err := m.open(ctx, o.ID, o.ID, g.Hours...); err != nil {
		return err
	}
	for _, s := range g.Service {
		made, err := m.Organizations.AddService(ctx, m.steward, m.in.ID, o.ID, organization.ServiceDraft{
			Name: s.Name, About: s.About, Lang: s.Lang, Eligibility: s.Eligibility, Fees: s.Fees, Apply: s.Apply,
			Langs: s.Langs, Places: places,
		})
		if err != nil {
			return err
		}
		if err := m.open(ctx, o.ID, made.ID, s.opening); err != nil {
			return err
		}
	}
	if g.Draft {
		return nil
	}
	return m.Organizations.Show(ctx, m.steward, m.in.ID, o.ID, organization.Shown)
}

// draft is a group as a steward types it. Nobody can be reached: numbers
// 555-01xx and names under "example" belong to no one.
func (g group) draft(area string, n int) organization.Draft {
	d := organization.Draft{
		Kind: organization.Kind(g.Kind), Name: g.Name, About: g.About, Lang: g.Lang, Langs: g.Langs, Area: area, Website: g.Website,
	}
	if g.Members > 0 {
		d.Members = fmt.Sprint(g.Members)
	}
	if g.Phone {
		d.Phone = fmt.Sprintf("555-01%02d", 40+n)
	}
	if g.Email {
		word, _, _ := strings.Cut(strings.ToLower(g.Name), " ")
		d.Email = word + "@riverside.example"
	}
	return d
}

// open says when an organization or one of its services is open.
func (m *maker) open(ctx context.Context, organizationID, of string, hours ...opening) error {
	var all []organization.HoursDraft
	for _, h := range hours {
		if len(h.Days) > 0 {
			all = append(all, organization.HoursDraft{Days: h.Days, Opens: h.Opens, Closes: h.Closes})
		}
	}
	if len(all) == 0 {
		return nil
	}
	return m.Organizations.SetHours(ctx, m.steward, m.in.ID, organizationID, of, all)
}

func (m *maker) areaCalled(name string) string {
	i := slices.IndexFunc(m.areas, func(a area) bool { return a.Name == name })
	return m.areas[max(0, i)].ID
}

// degrees puts the invented place on the globe: in the middle of a lake, where
// nobody lives.
func degrees(at [2]float64) (lon, lat float64) {
	const west, south, hundredMetres = -87.2, 42.2, .0009
	return west + at[0]*hundredMetres*1.35, south + at[1]*hundredMetres
}

// outline is a block's as GeoJSON, or nothing for one without corners.
func outline(corners [][2]float64) ([]byte, error) {
	if len(corners) == 0 {
		return nil, nil
	}
	ring := make([][2]float64, 0, len(corners)+1)
	for _, c := range append(corners, corners[0]) {
		lon, lat := degrees(c)
		ring = append(ring, [2]float64{lon, lat})
	}
	return json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}})
}
