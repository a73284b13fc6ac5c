// Package place is where an initiative's people live and meet: areas, the
// blocks within them, the venues, how many homes there are and who counted
// them, and what is on near somebody. People are counted in places, never
// pinned to them.
package place

import "commonweal/internal/db"

// Kind is how large a place is, in words that people use.
type Kind string

// The kinds of area.
const (
	Wide  Kind = "area"  // a neighbourhood, a village, a part of town
	Block Kind = "block" // what one connector walks
	Venue Kind = "venue" // where people meet
)

// Kinds are all kinds of area, widest first.
func Kinds() []Kind { return []Kind{Wide, Block, Venue} }

// Area is a place within an initiative's place.
type Area struct {
	ID, Parent  string // Parent is "" at the top
	Name        string
	Kind        Kind
	Homes       Homes
	HasBoundary bool // the outline itself is read by Boundaries, since it may be long
}

// Homes is an estimate of how many homes an area has. Without one, nobody
// pretends to know who hasn't been asked.
type Homes struct {
	Counted bool // false: nobody has counted
	Count   int
	Source  string // who counted, such as "census 2020" or "we walked it"
	On      db.Day
}
