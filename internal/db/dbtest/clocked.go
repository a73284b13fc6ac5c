package dbtest

import (
	"testing"

	"commonweal/internal/clock"
	"commonweal/internal/db"
)

// RunClocked is Run with a store whose clock stands still until the test moves
// it.
func RunClocked(t *testing.T, test func(t *testing.T, d *db.DB, c *clock.Fake)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		c := Clock()
		test(t, OpenWith(t, db.Options{Now: c.Now}), c)
	})
	t.Run("postgres", func(t *testing.T) {
		c := Clock()
		test(t, PostgresWith(t, db.Options{Now: c.Now}), c)
	})
}
