package db

import "time"

// Mark gives what a new row needs: the time by the clock of the store that q
// belongs to, and an id. So functions that write in another room's transaction
// need nothing but ctx and q.
func Mark(q Querier) (now time.Time, id string, err error) {
	d, err := storeOf(q)
	if err != nil {
		return time.Time{}, "", err
	}
	return d.options.Now(), d.ids.New(), nil
}
