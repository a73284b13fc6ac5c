package db_test

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

var uuid7 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestIDsAreVersion7OfTheInjectedClock(t *testing.T) {
	clock := dbtest.Clock()
	for _, random := range []byte{0x00, 0xff, 0x5a} {
		id := db.NewIDs(clock.Now, bytes.NewReader(bytes.Repeat([]byte{random}, 10))).New()
		if !uuid7.MatchString(id) {
			t.Errorf("%s isn't a UUID of version 7, variant 10 (RFC 9562)", id)
		}
		ms, err := strconv.ParseInt(strings.ReplaceAll(id[:13], "-", ""), 16, 64)
		if err != nil || ms != clock.Now().UnixMilli() {
			t.Errorf("%s tells %d ms (%v), the clock %d", id, ms, err, clock.Now().UnixMilli())
		}
	}
}

func TestIDsIncreaseThoughTheClockStepsBack(t *testing.T) {
	clock := dbtest.Clock()
	ids := db.NewIDs(clock.Now, nil)
	steps := []time.Duration{0, 0, time.Millisecond, -time.Hour, 0, -365 * 24 * time.Hour, time.Second, 366 * 24 * time.Hour, 0}
	last := ids.New()
	for round := range 5000 { // more in one millisecond than the counter can hold
		clock.Advance(steps[min(round, len(steps)-1)])
		next := ids.New()
		if next <= last {
			t.Fatalf("round %d: %s after %s", round, next, last)
		}
		last = next
	}
}

func TestIDsAreUniqueWithinAndAcrossProcesses(t *testing.T) {
	clock := dbtest.Clock() // the same moment everywhere
	processes := []*db.IDs{db.NewIDs(clock.Now, nil), db.NewIDs(clock.Now, nil)}
	const callers, each = 8, 500
	all := make([][]string, callers)
	var wait sync.WaitGroup
	for c := range callers {
		wait.Go(func() {
			for range each {
				all[c] = append(all[c], processes[c%len(processes)].New())
			}
		})
	}
	wait.Wait()
	ids := slices.Concat(all...)
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != callers*each {
		t.Errorf("%d different ids of %d", n, callers*each)
	}
}
