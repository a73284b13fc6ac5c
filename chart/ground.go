package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Place is a position on the globe: longitude and latitude in degrees.
type Place = [2]float64

// Outline is the shape of one area: polygons of rings, the first ring of each
// around it and the others around its holes.
type Outline struct {
	Key      string
	Polygons [][][]Place
}

// Ground is a map: areas as they lie beside one another, to one scale.
type Ground struct {
	Width, Height int
	Areas         []GroundArea
}

// GroundArea is one area of a map. X and Y lie inside it, where a number can
// stand; Room is how wide it is there.
type GroundArea struct {
	Key        string
	Path       string // the d of an SVG path
	X, Y, Room int
}

// edge is the empty border of a map, so that no line is cut in half.
const edge = 3

// Lay draws outlines on a map as wide as told, in the order given; what has no
// outline, or one without any breadth, is left out. Bends smaller than one unit
// are straightened, so that a city's outline weighs what can be seen of it.
func Lay(outlines []Outline, width int) Ground {
	from, to, ok := bounds(outlines)
	if !ok {
		return Ground{}
	}
	// A degree of longitude is shorter the farther north: as long as the cosine
	// says in the middle of the map.
	squeeze := math.Cos((from[1] + to[1]) / 2 * math.Pi / 180)
	scale := float64(width-2*edge) / max((to[0]-from[0])*squeeze, (to[1]-from[1])/tall)
	g := Ground{
		Width:  width,
		Height: int(math.Ceil((to[1]-from[1])*scale)) + 2*edge,
	}
	left := (float64(width) - (to[0]-from[0])*squeeze*scale) / 2
	for _, o := range outlines {
		var lines [][]point
		for _, polygon := range o.Polygons {
			for _, ring := range polygon {
				flat := make([]point, len(ring))
				for i, p := range ring {
					flat[i] = point{left + (p[0]-from[0])*squeeze*scale, edge + (to[1]-p[1])*scale}
				}
				if flat = straighten(flat); len(flat) > 3 {
					lines = append(lines, flat)
				}
			}
		}
		if len(lines) > 0 {
			g.Areas = append(g.Areas, drawn(o.Key, lines))
		}
	}
	return g
}

// tall is how many times its width a map may be high: a long valley shrinks
// instead of filling three screens.
const tall = 1.3

type point struct{ x, y float64 }

// bounds are the south-western and the north-eastern corner of everything.
func bounds(outlines []Outline) (from, to Place, ok bool) {
	from, to = Place{math.Inf(1), math.Inf(1)}, Place{math.Inf(-1), math.Inf(-1)}
	for _, o := range outlines {
		for _, polygon := range o.Polygons {
			for _, ring := range polygon {
				for _, p := range ring {
					from = Place{min(from[0], p[0]), min(from[1], p[1])}
					to = Place{max(to[0], p[0]), max(to[1], p[1])}
				}
			}
		}
	}
	return from, to, from[0] < to[0] && from[1] < to[1]
}

// straighten leaves out the points of a ring that lie within half a unit of
// the line between those that stay (Douglas and Peucker).
func straighten(ring []point) []point {
	if len(ring) < 4 {
		return nil
	}
	// A ring ends where it begins, so it is parted where it is farthest away.
	far := 0
	for i, p := range ring {
		if math.Hypot(p.x-ring[0].x, p.y-ring[0].y) > math.Hypot(ring[far].x-ring[0].x, ring[far].y-ring[0].y) {
			far = i
		}
	}
	keep := make([]bool, len(ring))
	keep[0], keep[far], keep[len(ring)-1] = true, true, true
	spans := [][2]int{{0, far}, {far, len(ring) - 1}}
	for len(spans) > 0 {
		span := spans[len(spans)-1]
		spans = spans[:len(spans)-1]
		at, off := -1, 0.5
		for i := span[0] + 1; i < span[1]; i++ {
			if d := distance(ring[i], ring[span[0]], ring[span[1]]); d > off {
				at, off = i, d
			}
		}
		if at >= 0 {
			keep[at] = true
			spans = append(spans, [2]int{span[0], at}, [2]int{at, span[1]})
		}
	}
	var out []point
	for i, p := range ring {
		if keep[i] {
			out = append(out, p)
		}
	}
	return out
}

// distance is how far a point is from the line through two others.
func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	length := math.Hypot(dx, dy)
	if length == 0 {
		return math.Hypot(p.x-a.x, p.y-a.y)
	}
	return math.Abs(dx*(a.y-p.y)-dy*(a.x-p.x)) / length
}

func drawn(key string, rings [][]point) GroundArea {
	a := GroundArea{Key: key}
	var path strings.Builder
	top, bottom := math.Inf(1), math.Inf(-1)
	for _, ring := range rings {
		for i, p := range ring[:len(ring)-1] {
			command := "L"
			if i == 0 {
				command = "M"
			}
			fmt.Fprintf(&path, "%s%.0f %.0f", command, p.x, p.y)
			top, bottom = min(top, p.y), max(bottom, p.y)
		}
		path.WriteByte('z')
	}
	a.Path = path.String()
	// Where a number stands: in the widest place of some lines across, those
	// nearer to the middle first.
	best := 0.0
	for _, part := range [...]float64{.5, .42, .58, .34, .66, .25, .75} {
		y := top + (bottom-top)*part
		if x, wide := widest(rings, y); wide > best*1.25 {
			best = wide
			a.X, a.Y, a.Room = int(math.Round(x)), int(math.Round(y)), int(wide)
		}
	}
	return a
}

// widest is the middle and the width of the widest stretch inside the rings
// along a line across.
func widest(rings [][]point, y float64) (x, wide float64) {
	var cuts []float64
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a.y <= y) != (b.y <= y) {
				cuts = append(cuts, a.x+(y-a.y)/(b.y-a.y)*(b.x-a.x))
			}
		}
	}
	slices.Sort(cuts)
	for i := 1; i < len(cuts); i += 2 {
		if cuts[i]-cuts[i-1] > wide {
			x, wide = (cuts[i]+cuts[i-1])/2, cuts[i]-cuts[i-1]
		}
	}
	return x, wide
}

// ViewBox is the viewBox of the map's SVG.
func (g Ground) ViewBox() string { return fmt.Sprintf("0 0 %d %d", g.Width, g.Height) }
