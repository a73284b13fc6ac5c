package place

import "slices"

// Branch is an area and how deep it lies in the tree.
type Branch struct {
	Area
	Depth int
}

// Tree puts areas in the order in which a list shows them: each one followed
// by those within it, siblings in the order given.
func Tree(areas []Area) []Branch {
	below := make(map[string][]Area, len(areas))
	for _, a := range areas {
		below[a.Parent] = append(below[a.Parent], a)
	}
	tree := make([]Branch, 0, len(areas))
	var walk func(parent string, depth int)
	walk = func(parent string, depth int) {
		for _, a := range below[parent] {
			tree = append(tree, Branch{Area: a, Depth: depth})
			walk(a.ID, depth+1)
		}
	}
	walk("", 0)
	return tree
}

// Within gives the ids of an area and everything inside it.
func Within(areas []Area, id string) []string {
	inside := []string{id}
	for i := 0; i < len(inside); i++ {
		for _, a := range areas {
			if a.Parent == inside[i] && !slices.Contains(inside, a.ID) {
				inside = append(inside, a.ID)
			}
		}
	}
	return inside
}

// above gives the ids of an area and of what it lies in, inmost first; none
// when there is no such area.
func above(areas []Area, id string) []string {
	var up []string
	for id != "" && !slices.Contains(up, id) {
		i := slices.IndexFunc(areas, func(a Area) bool { return a.ID == id })
		if i < 0 {
			return up
		}
		up = append(up, id)
		id = areas[i].Parent
	}
	return up
}

// height is how many levels lie within an area; none for a new one.
func height(areas []Area, id string) int {
	if id == "" {
		return 0
	}
	levels := 0
	for _, inside := range Within(areas, id) {
		levels = max(levels, slices.Index(above(areas, inside), id))
	}
	return levels
}

// apart is how many steps lie between two areas by way of what holds both; a
// large number when nothing does.
func apart(areas []Area, a, b string) int {
	up, other := above(areas, a), above(areas, b)
	for i, id := range up {
		if j := slices.Index(other, id); j >= 0 {
			return i + j
		}
	}
	return 2 * maxLevels
}
