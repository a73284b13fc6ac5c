package mineweb

import (
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
)

// spoken are languages that people may tick, in their own words, which are the
// same whoever reads them: the pages' own, then those spoken most around the
// places that asked for commonweal.
var spoken = []struct {
	lang i18n.Lang
	name string
}{
	{"en", "English"},
	{"es", "Español"},
	{"ar", "العربية"},
	{"zh", "中文"},
	{"fr", "Français"},
	{"hi", "हिन्दी"},
	{"ht", "Kreyòl ayisyen"},
	{"ko", "한국어"},
	{"pt", "Português"},
	{"ru", "Русский"},
	{"so", "Soomaali"},
	{"tl", "Tagalog"},
	{"uk", "Українська"},
	{"vi", "Tiếng Việt"},
}

// called is a language in its own words, or its code.
func called(lang i18n.Lang) string {
	for _, s := range spoken {
		if s.lang == lang {
			return s.name
		}
	}
	return string(lang)
}

func langNames(langs []i18n.Lang) string {
	names := make([]string, len(langs))
	for i, l := range langs {
		names[i] = called(l)
	}
	return strings.Join(names, ", ")
}

// langOptions are the languages to tick, with those that somebody has already.
func langOptions(has []i18n.Lang) (all []page.Option) {
	for _, s := range spoken {
		all = append(all, page.Option{Value: string(s.lang), Label: s.name})
	}
	for _, l := range has {
		if called(l) == string(l) {
			all = append(all, page.Option{Value: string(l), Label: string(l)})
		}
	}
	return all
}

func codes(langs []i18n.Lang) []string {
	all := make([]string, len(langs))
	for i, l := range langs {
		all[i] = string(l)
	}
	return all
}

func areaOptions(b page.Base, areas []place.Area) []page.Option {
	all := []page.Option{{Label: b.T("mine.about.nowhere")}}
	for _, branch := range place.Tree(areas) {
		if branch.Kind != place.Venue {
			all = append(all, page.Option{Value: branch.ID, Label: branch.Name})
		}
	}
	return all
}

func kindOptions(b page.Base) (all []page.Option) {
	for _, k := range gift.Kinds() {
		all = append(all, page.Option{Value: string(k), Label: b.T("mine.gift.kind." + string(k))})
	}
	return all
}

func contactOptions(b page.Base) (all []page.Option) {
	for _, k := range people.ContactKinds() {
		all = append(all, page.Option{Value: string(k), Label: b.T(k.Key())})
	}
	return all
}

// kinds are what somebody may do here.
func kinds(b page.Base) (all []access.Kind) {
	for _, m := range b.Who().Memberships {
		if m.Initiative == b.In().ID {
			all = append(all, m.Kind)
		}
	}
	return all
}

// looked says who looked, and at what.
func looked(b page.Base, l people.Look) string {
	name, key := l.Who, "mine.look."+strings.TrimPrefix(l.What, audit.Looking)
	switch {
	case name == "" && l.What == audit.LookedAtAll:
		key = "mine.look.copied" // the server's own copy, or by whom nobody can say any more
	case name == "":
		name = b.T("mine.looks.gone")
	}
	if !b.Has(key) {
		key = "mine.look.page"
	}
	return b.T(key, i18n.Args{"name": name})
}

// shownLooks is how many looks stand open; the others are behind a press.
const shownLooks = 5

func fewLooks(all []people.Look) []people.Look  { return all[:min(shownLooks, len(all))] }
func moreLooks(all []people.Look) []people.Look { return all[min(shownLooks, len(all)):] }

// standing are the yeses that hold, each once, however often it was said.
func standing(r people.Record) (all []people.Consent) {
	for _, to := range people.Purposes() {
		i := slices.IndexFunc(r.Consents, func(c people.Consent) bool { return c.Purpose == to && c.Stands() })
		if i >= 0 {
			all = append(all, r.Consents[i])
		}
	}
	return all
}

// open are the purposes that somebody can still say yes to. Under 18 that is a
// parent's to do, who isn't signed in here.
func open(r people.Record) (all []people.Purpose) {
	if r.Age == people.Under18 {
		return nil
	}
	for _, to := range people.Purposes() {
		if !people.Agreed(r.Consents, to) {
			all = append(all, to)
		}
	}
	return all
}

// agreed says when and how somebody said yes.
func agreed(b page.Base, c people.Consent) string {
	args := i18n.Args{"day": b.Day(c.On.Time), "how": b.T("mine.yes.by." + string(c.Channel)), "name": c.GiverName}
	if c.GivenBy == people.Parent {
		return b.T("mine.yes.parent", args)
	}
	return b.T("mine.yes.self", args)
}

// reader is who answers somebody: their connector by name, and the stewards.
func reader(b page.Base, r people.Record) string {
	if r.ConnectorName == "" {
		return b.T("mine.sees.stewards")
	}
	return b.T("mine.sees.connector", i18n.Args{"name": r.ConnectorName})
}

// opened says whether any of some fields is filled or faulty, so that what
// hides them stands open.
func opened(f *page.Form, names ...string) bool {
	for _, name := range names {
		if _, bad := f.Fault(name); bad || f.Raw.Get(name) != "" {
			return true
		}
	}
	return false
}

func clip(g gift.Gift) string {
	const most = 60
	if letters := []rune(g.Text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return g.Text
}

// asking says why a gift stands out: it is put away, or it was said long ago.
func asking(b page.Base, g gift.Gift) string {
	if g.Hidden() {
		return b.T("mine.gifts.hidden")
	}
	return b.T("mine.gifts.ask")
}
