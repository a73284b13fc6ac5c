package dbtest

import (
	"slices"
	"sync"

	"commonweal/internal/db"
)

// Counter counts the statements that a store ran, so that a test can say "this
// page costs three" and notice a query in a loop.
type Counter struct {
	mu  sync.Mutex
	ran []string
}

var counters sync.Map // *db.DB → *Counter

// Count gives the counter of a store that this package opened, from zero.
func Count(d *db.DB) *Counter {
	c, ok := counters.Load(d)
	if !ok {
		return &Counter{}
	}
	counter := c.(*Counter) //nolint:forcetypeassert // only open stores here
	counter.Reset()
	return counter
}

func (c *Counter) note(query string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ran = append(c.ran, query)
}

// N is how many statements ran since the last Reset.
func (c *Counter) N() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ran)
}

// Statements are the statements that ran, in order, for a failing test to show.
func (c *Counter) Statements() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.ran)
}

// Reset begins to count from zero.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ran = nil
}
