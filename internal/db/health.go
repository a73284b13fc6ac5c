package db

import (
	"context"
	"errors"
	"sync/atomic"

	"commonweal/internal/fault"
)

// health remembers what the last write met.
type health struct{ last atomic.Pointer[error] }

func (h *health) note(err error) {
	switch {
	case err == nil:
		h.last.Store(nil)
	case fault.Is(err, fault.Busy):
		h.last.Store(&err)
	}
}

// Health is nil when the store can be read and the last write was not turned
// away: a full disk or a lost connection shows here until a write succeeds.
func (d *DB) Health(ctx context.Context) error {
	var refused error
	if last := d.health.last.Load(); last != nil {
		refused = *last
	}
	_, err := One(ctx, d.read, Value[int64], `select 1`)
	return errors.Join(refused, err)
}
