package hsds

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"commonweal/internal/db"
	"commonweal/internal/organization"
	"commonweal/internal/place"
)

// writing is what is to be written.
type writing struct {
	organizations []organization.New
	locations     []organization.Location
	services      []organization.ServiceRecord
	places        []organization.ServicePlace
	details       []organization.Detail
}

// write writes it all, some hundreds of rows in a statement, and makes the
// services found by their words.
func (w writing) write(ctx context.Context, q db.Querier, in string) error {
	if _, err := organization.Add(ctx, q, in, w.organizations); err != nil {
		return err
	}
	if err := organization.AddLocations(ctx, q, in, w.locations); err != nil {
		return err
	}
	if err := organization.AddServices(ctx, q, in, w.services); err != nil {
		return err
	}
	if err := organization.AddPlaces(ctx, q, in, w.places); err != nil {
		return err
	}
	if err := organization.AddDetails(ctx, q, in, w.details); err != nil {
		return err
	}
	return organization.Reindex(ctx, q, in)
}

// finder finds the area that a point lies in.
type finder []outlined

type outlined struct {
	area   string
	bounds orb.Bound
	shape  orb.MultiPolygon
}

// finder reads the outlines of an initiative's areas, the smallest first.
func (s *Service) finder(ctx context.Context, in string) (finder, error) {
	all, err := (&place.Service{DB: s.DB}).Boundaries(ctx, in)
	if err != nil {
		return nil, err
	}
	var f finder
	for area, said := range all {
		shape, err := outline(said)
		if err != nil {
			return nil, err
		}
		f = append(f, outlined{area, shape.Bound(), shape})
	}
	slices.SortFunc(f, func(a, b outlined) int {
		return cmp.Or(cmp.Compare(planar.Area(a.shape), planar.Area(b.shape)), cmp.Compare(a.area, b.area))
	})
	return f, nil
}

// outline reads the geometry of an area, as package place keeps it.
func outline(said string) (orb.MultiPolygon, error) {
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal([]byte(said), &g); err != nil {
		return nil, err
	}
	if g.Type == "MultiPolygon" {
		var all orb.MultiPolygon
		return all, json.Unmarshal(g.Coordinates, &all)
	}
	var one orb.Polygon
	err := json.Unmarshal(g.Coordinates, &one)
	return orb.MultiPolygon{one}, err
}

func (f finder) area(lat, lon float64) string {
	at := orb.Point{lon, lat}
	for _, o := range f {
		if o.bounds.Contains(at) && planar.MultiPolygonContains(o.shape, at) {
			return o.area
		}
	}
	return ""
}
