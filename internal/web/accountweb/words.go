package accountweb

import (
	"commonweal/internal/account"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

// called is what a device is called, also one that said nothing of itself.
func called(b page.Base, name string) string {
	if name == "" {
		return b.T("account.devices.unnamed")
	}
	return name
}

// used says when a passkey was last used.
func used(b page.Base, k account.Passkey) string {
	if k.UsedAt.IsZero() {
		return b.T("account.ways.unused", i18n.Args{"day": b.Date(k.CreatedAt.Time)})
	}
	return b.T("account.devices.seen", i18n.Args{"day": b.Date(k.UsedAt.Time)})
}

func emailTitle(v devicesPage) string {
	if v.Address == "" {
		return v.T("account.ways.email.add")
	}
	return v.T("account.ways.email.change")
}
