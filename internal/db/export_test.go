package db

import (
	"database/sql/driver"
	"fmt"

	modernc "modernc.org/sqlite"
)

// What tests may set that nobody else should.

// WithMaxPages limits the file, as a full disk would.
func (o Options) WithMaxPages(n int) Options { o.maxPages = n; return o }

// WithMostInGroup lets so many callers share a COMMIT.
func (o Options) WithMostInGroup(n int) Options { o.mostInGroup = n; return o }

// WithSynchronous lowers how sure a COMMIT is.
func (o Options) WithSynchronous(mode string) Options { o.synchronous = mode; return o }

// WithDriver puts wrap between a PostgreSQL writer and its driver.
func (o Options) WithDriver(wrap func(driver.Connector) driver.Connector) Options {
	o.wrap = wrap
	return o
}

// OnCommit has f called at each COMMIT of an SQLite store on which nobody
// writes yet; the COMMIT fails unless f agrees.
func (d *DB) OnCommit(f func() bool) error {
	return d.writer.(*group).conn.Raw(func(c any) error {
		hooks, ok := c.(modernc.HookRegisterer)
		if !ok {
			return fmt.Errorf("%T has no commit hook", c)
		}
		hooks.RegisterCommitHook(func() int32 {
			if f() {
				return 0
			}
			return 1
		})
		return nil
	})
}

// Unprepared reads without keeping statements compiled.
func (d *DB) Unprepared() Querier { return d.readers }
