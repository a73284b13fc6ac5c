package chart_test

import (
	"math"
	"strings"
	"testing"

	"commonweal/chart"
)

// square is a ring of an area one hundredth of a degree wide.
func square(lon, lat float64) [][][]chart.Place {
	const d = .01
	return [][][]chart.Place{{{{lon, lat}, {lon + d, lat}, {lon + d, lat + d}, {lon, lat + d}, {lon, lat}}}}
}

func TestNeighboursLieBesideOneAnother(t *testing.T) {
	g := chart.Lay([]chart.Outline{
		{Key: "west", Polygons: square(0, 0)},
		{Key: "east", Polygons: square(.01, 0)},
		{Key: "north", Polygons: square(0, .01)},
	}, 306)
	if len(g.Areas) != 3 || g.Width != 306 {
		t.Fatalf("got %d areas on %d", len(g.Areas), g.Width)
	}
	west, east, north := g.Areas[0], g.Areas[1], g.Areas[2]
	if west.X >= east.X || west.Y != east.Y || north.Y >= west.Y || north.X != west.X {
		t.Errorf("west %+v, east %+v, north %+v", west, east, north)
	}
	if west.Path != "M3 303L153 303L153 153L3 153z" {
		t.Errorf("path = %s", west.Path)
	}
	if west.Room != 150 {
		t.Errorf("a square of 150 has room for %d", west.Room)
	}
}

func TestANorthernPlaceIsNotStretched(t *testing.T) {
	g := chart.Lay([]chart.Outline{{Key: "oslo", Polygons: square(10, 60)}}, 206)
	// At 60° north a degree of longitude is half as long as one of latitude; a
	// map as high as that would be shrinks until it isn't too tall.
	if ratio := float64(g.Height-6) / 200; math.Abs(ratio-1.3) > .02 {
		t.Errorf("%d × %d", g.Width, g.Height)
	}
}

func TestTheNumberStandsInsideAHorseshoe(t *testing.T) {
	u := [][][]chart.Place{{{{0, 0}, {3, 0}, {3, 3}, {2, 3}, {2, 1}, {1, 1}, {1, 3}, {0, 3}, {0, 0}}}}
	g := chart.Lay([]chart.Outline{{Key: "u", Polygons: u}}, 306)
	a := g.Areas[0]
	if a.X > 103 && a.X < 203 && a.Y < 203 {
		t.Errorf("%d, %d is in the gap", a.X, a.Y)
	}
}

func TestBendsThatNobodySeesAreStraightened(t *testing.T) {
	var ring []chart.Place
	for i := range 2000 {
		a := float64(i) / 2000 * 2 * math.Pi
		ring = append(ring, chart.Place{math.Cos(a), math.Sin(a)})
	}
	ring = append(ring, ring[0])
	g := chart.Lay([]chart.Outline{{Key: "o", Polygons: [][][]chart.Place{{ring}}}}, 306)
	if n := strings.Count(g.Areas[0].Path, "L"); n < 12 || n > 80 {
		t.Errorf("a circle of 2,000 bends is drawn with %d lines", n)
	}
}

func TestWhatHasNoBreadthIsLeftOut(t *testing.T) {
	flat := [][][]chart.Place{{{{0, 0}, {1, 0}, {1, 0}, {0, 0}}}}
	if g := chart.Lay([]chart.Outline{{Key: "flat", Polygons: flat}}, 300); len(g.Areas) != 0 {
		t.Errorf("got %+v", g)
	}
	if g := chart.Lay(nil, 300); len(g.Areas) != 0 || g.Width != 0 {
		t.Errorf("got %+v", g)
	}
	g := chart.Lay([]chart.Outline{{Key: "flat", Polygons: flat}, {Key: "one", Polygons: square(0, 0)}}, 300)
	if len(g.Areas) != 1 || g.Areas[0].Key != "one" {
		t.Errorf("got %+v", g.Areas)
	}
}
