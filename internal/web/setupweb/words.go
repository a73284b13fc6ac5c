package setupweb

import (
	"strconv"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/upkeep"
	"commonweal/internal/web/page"
)

// steerNeed is what the set-up asks of whoever opens it.
const steerNeed = access.Steer

func i18nName(name string) i18n.Args { return i18n.Args{"name": name} }

// upText names the room above: the set-up, or the server.
func upText(b page.Base) string {
	if b.In().ID == "" {
		return b.T("setup.server.title")
	}
	return b.T("setup.title")
}

// WhatLang is the language of what a page asks about; that of the page for a
// name.
func (v surePage) WhatLang() i18n.Lang {
	if v.ReadLang == "" {
		return v.Lang()
	}
	return v.ReadLang
}

func (v areaPage) to() string {
	if v.Area.ID == "" {
		return v.Path("setup", "places", "new")
	}
	return v.Path("setup", "places", v.Area.ID)
}

// outline says what to paste, and that an outline there is stays.
func (v areaPage) outline() string {
	if v.Area.HasBoundary {
		return v.T("setup.places.repaste")
	}
	return v.T("setup.places.paste")
}

func (v happeningPage) to() string {
	if v.ID == "" {
		return v.Path("happenings", "new")
	}
	return v.Path("happenings", v.ID)
}

// nameOf is somebody's name; the erased hold nothing, but a row may outlive a
// name for a moment.
func nameOf(b page.Base, h upkeep.Holder) string {
	if h.Name == "" {
		return b.T("setup.record.gone")
	}
	return h.Name
}

func inviteOptions() (all []page.Option) {
	for _, k := range access.Kinds() {
		all = append(all, page.Option{Value: string(k), Key: "access.kind." + string(k)})
	}
	return all
}

// joinID is the id of the list of initiatives that can join the i-th network.
func joinID(i int) string { return "join-" + strconv.Itoa(i+1) }

// with are those who have a kind of membership.
func with(all []upkeep.Holder, k access.Kind) (those []upkeep.Holder) {
	for _, h := range all {
		if h.Is(k) {
			those = append(those, h)
		}
	}
	return those
}
