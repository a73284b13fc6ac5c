package accountweb

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // as the program has it
)

func TestEveryZoneOfferedIsOne(t *testing.T) {
	for _, zone := range zones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", zone, err)
		}
	}
	if !slices.IsSorted(zones) {
		t.Error("zones aren't in the order in which people look for them")
	}
}
