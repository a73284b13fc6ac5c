package casefile

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// describing are keys that describe a reference program and aren't results.
var describing = []string{"published", "r_call", "source", "note", "truth", "nonresponder_truth"}

// comparison walks what is expected. A field that wasn't computed fails.
type comparison struct {
	tol     Tolerance
	skip    map[string]string
	fields  []Field
	skipped []Skipped
}

func (c *comparison) walk(path string, got, want any) {
	if why, ok := c.skip[withoutIndex(path)]; ok {
		c.skipped = append(c.skipped, Skipped{path, why})
		return
	}
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			c.miss(path, got, want)
			return
		}
		c.walkObject(path, g, w)
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			c.miss(path, got, want)
			return
		}
		for i := range w {
			c.walk(fmt.Sprintf("%s[%d]", path, i), g[i], w[i])
		}
	default:
		c.leaf(path, got, want)
	}
}

func (c *comparison) walkObject(path string, got, want map[string]any) {
	keys := make([]string, 0, len(want))
	for k := range want {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		at := k
		if path != "" {
			at = path + "." + k
		}
		if slices.Contains(describing, k) {
			c.skipped = append(c.skipped, Skipped{at, "describes the reference, isn't a result"})
			continue
		}
		g, ok := got[k]
		if !ok && want[k] != nil {
			if why, skip := c.skip[withoutIndex(at)]; skip {
				c.skipped = append(c.skipped, Skipped{at, why})
				continue
			}
			c.miss(at, nil, want[k])
			continue
		}
		c.walk(at, g, want[k])
	}
}

func (c *comparison) miss(path string, got, want any) {
	c.fields = append(c.fields, Field{Path: path, Got: got, Want: want})
}

func (c *comparison) leaf(path string, got, want any) {
	f := Field{Path: path, Got: got, Want: want}
	switch w := want.(type) {
	case float64:
		abs, rel := c.tolerance(path)
		tol := abs + rel*math.Abs(w)
		f.Tol = &tol
		g, ok := got.(float64)
		f.Pass = ok && math.Abs(g-w) <= tol
	case nil:
		f.Pass = got == nil
	default:
		f.Pass = got == want
	}
	c.fields = append(c.fields, f)
}

// tolerance of a path: the longest override that it begins with, else the
// case's. In a list of cases an override holds for each.
func (c *comparison) tolerance(path string) (abs, rel float64) {
	path = withoutIndex(path)
	abs, rel = c.tol.Abs, c.tol.Rel
	longest := -1
	for prefix, v := range c.tol.Fields {
		rest, ok := strings.CutPrefix(path, prefix)
		if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') && len(prefix) > longest {
			abs, rel, longest = v, 0, len(prefix)
		}
	}
	return abs, rel
}

func withoutIndex(path string) string {
	if strings.HasPrefix(path, "[") {
		if _, rest, ok := strings.Cut(path, "]"); ok {
			return strings.TrimPrefix(rest, ".")
		}
	}
	return path
}
