package initiative_test

import (
	"slices"
	"testing"
	"time"

	"commonweal/internal/initiative"
)

func TestEveryZoneOfferedIsOne(t *testing.T) {
	for _, zone := range initiative.Zones() {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", zone, err)
		}
	}
	if !slices.IsSorted(initiative.Zones()) {
		t.Error("zones aren't in the order in which people look for them")
	}
}
