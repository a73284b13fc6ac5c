package main

import (
	"testing"

	"commonweal/internal/exchange"
)

func TestWhatIsLeftOfABatchIsSaidInWords(t *testing.T) {
	for want, k := range map[string]exchange.Kept{
		"a record of a directory (taxonomy term)": {Kind: exchange.KindDetail, Name: "taxonomy_term"},
		"where a service is given":                {Kind: exchange.KindServicePlace, Name: "0f3a"},
		"the place “Main hall”":                   {Kind: exchange.KindLocation, Name: "Main hall"},
		"the organization “City Library”":         {Kind: exchange.KindOrganization, Name: "City Library"},
	} {
		if got := keptAs(k); got != want {
			t.Errorf("%+v: %q, want %q", k, got, want)
		}
	}
}
