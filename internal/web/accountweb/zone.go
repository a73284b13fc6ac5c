package accountweb

import (
	"commonweal/internal/initiative"
	"commonweal/internal/web/page"
)

// zoneOptions are the zones as answers, after one that says to choose.
func zoneOptions() []page.Option {
	all := []page.Option{{Key: "account.found.zone"}}
	for _, zone := range initiative.Zones() {
		all = append(all, page.Option{Value: zone, Label: zone})
	}
	return all
}
