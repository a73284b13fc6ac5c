package place

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
)

// Limits on a boundary, looked at before it is read: a file may be large, or
// nested to exhaust whoever reads it. A city's outline with every bend is a
// few thousand points.
const (
	maxBoundary = 512 << 10
	maxDepth    = 12
	maxPoints   = 20_000
)

// What can be wrong with a boundary; each has its sentence.
var (
	errBoundaryLarge = errors.New("place: the boundary is too large")
	errBoundaryDeep  = errors.New("place: the boundary is nested too deeply")
	errNoBoundary    = errors.New("place: this is no outline in GeoJSON")
)

// position is longitude and latitude; a height, if any, is dropped.
type (
	position []float64
	ring     []position
	polygon  []ring
)

// geometry is the part of GeoJSON (RFC 7946) that an outline needs.
type geometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Geometry    *geometry       `json:"geometry"` // in a Feature
	Features    []geometry      `json:"features"` // in a FeatureCollection
}

// parseBoundary reads an outline from GeoJSON and gives it back as one plain
// geometry: properties are dropped, since they may say anything about anyone,
// and coordinates are rounded to about ten centimetres.
func parseBoundary(text []byte) (string, error) {
	if len(text) > maxBoundary {
		return "", errBoundaryLarge
	}
	if err := checkDepth(text); err != nil {
		return "", err
	}
	var g geometry
	if err := json.Unmarshal(text, &g); err != nil {
		return "", errNoBoundary
	}
	polygons, err := g.polygons()
	if err != nil {
		return "", err
	}
	if len(polygons) == 0 {
		return "", errNoBoundary
	}
	if err := check(polygons); err != nil {
		return "", err
	}
	return write(polygons)
}

// checkDepth reads token by token, which takes the same memory at any depth.
func checkDepth(text []byte) error {
	tokens := json.NewDecoder(bytes.NewReader(text))
	depth := 0
	for {
		token, err := tokens.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errNoBoundary
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth > maxDepth {
			return errBoundaryDeep
		}
	}
}

func (g *geometry) polygons() ([]polygon, error) {
	switch g.Type {
	case "Polygon":
		var one polygon
		if json.Unmarshal(g.Coordinates, &one) != nil {
			return nil, errNoBoundary
		}
		return []polygon{one}, nil
	case "MultiPolygon":
		var several []polygon
		if json.Unmarshal(g.Coordinates, &several) != nil {
			return nil, errNoBoundary
		}
		return several, nil
	case "Feature":
		if g.Geometry == nil {
			return nil, errNoBoundary
		}
		return g.Geometry.polygons()
	case "FeatureCollection":
		var all []polygon
		for i := range g.Features {
			some, err := g.Features[i].polygons()
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
		return all, nil
	}
	return nil, errNoBoundary
}

// check holds every ring to RFC 7946: closed, four positions at least, on the
// globe. It rounds as it goes.
func check(polygons []polygon) error {
	points := 0
	for _, p := range polygons {
		if len(p) == 0 {
			return errNoBoundary
		}
		for _, r := range p {
			if points += len(r); points > maxPoints {
				return errBoundaryLarge
			}
			if err := r.check(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r ring) check() error {
	if len(r) < 4 {
		return errNoBoundary
	}
	for i, at := range r {
		if len(at) < 2 || math.Abs(at[0]) > 180 || math.Abs(at[1]) > 90 {
			return errNoBoundary
		}
		r[i] = position{round(at[0]), round(at[1])}
	}
	first, last := r[0], r[len(r)-1]
	if first[0] != last[0] || first[1] != last[1] {
		return errNoBoundary
	}
	return nil
}

func round(degrees float64) float64 { return math.Round(degrees*1e6) / 1e6 }

func write(polygons []polygon) (string, error) {
	out := struct {
		Type        string `json:"type"`
		Coordinates any    `json:"coordinates"`
	}{"MultiPolygon", polygons}
	if len(polygons) == 1 {
		out.Type, out.Coordinates = "Polygon", polygons[0]
	}
	text, err := json.Marshal(out)
	return string(text), err
}
