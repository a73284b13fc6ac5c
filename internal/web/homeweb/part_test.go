package homeweb

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestWeeksHideTheDay: which day it was would tell the neighbours whose door
// it was; the week doesn't.
func TestWeeksHideTheDay(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	got := byWeek([]time.Time{day(1), day(2), day(8), day(9)}) // Sunday, Monday, Sunday, Monday
	want := []week{
		{From: time.Date(2026, 10, 26, 0, 0, 0, 0, time.UTC), N: 1},
		{From: day(2), N: 2},
		{From: day(9), N: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("weeks (-want +got):\n%s", diff)
	}
	if byWeek(nil) != nil {
		t.Error("nothing waits in no week")
	}
}
