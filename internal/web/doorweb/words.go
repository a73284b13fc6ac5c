package doorweb

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commonweal/internal/conversation"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/web/assets"
	"commonweal/internal/web/page"
)

// tongues are languages that a talk may be in, in their own words, which are
// the same whoever reads them.
var tongues = []struct {
	lang i18n.Lang
	name string
}{
	{"en", "English"},
	{"es", "Español"},
	{"ar", "العربية"},
	{"fr", "Français"},
	{"ht", "Kreyòl ayisyen"},
	{"hi", "हिन्दी"},
	{"ko", "한국어"},
	{"pl", "Polski"},
	{"pt", "Português"},
	{"ru", "Русский"},
	{"so", "Soomaali"},
	{"tl", "Tagalog"},
	{"uk", "Українська"},
	{"ur", "اردو"},
	{"vi", "Tiếng Việt"},
	{"zh", "中文"},
}

// langOptions offers the initiative's languages first.
func langOptions(b page.Base) (all []page.Option) {
	own := b.In().Langs
	for _, first := range []bool{true, false} {
		for _, t := range tongues {
			if slices.Contains(own, t.lang) == first {
				all = append(all, page.Option{Value: string(t.lang), Label: t.name})
			}
		}
	}
	return all
}

func consentOptions() []page.Option {
	return []page.Option{
		{Value: string(conversation.WithName), Key: "door.consent.with"},
		{Value: string(conversation.WithoutName), Key: "door.consent.without"},
		{Value: string(conversation.JustTalk), Key: "door.consent.talk"},
	}
}

func channelOptions() (all []page.Option) {
	for _, c := range []people.Channel{people.Doorstep, people.Phoned, people.Paper} {
		all = append(all, page.Option{Value: string(c), Key: "door.channel." + string(c)})
	}
	return all
}

func ageOptions() (all []page.Option) {
	for _, a := range people.Ages() {
		all = append(all, page.Option{Value: string(a), Key: "door.age." + string(a)})
	}
	return all
}

// memberOptions are those who live in a household, and somebody new.
func memberOptions(members []people.Card) (all []page.Option) {
	for _, m := range members {
		all = append(all, page.Option{Value: m.ID, Label: m.Name})
	}
	return append(all, page.Option{Value: "", Key: "door.who.new"})
}

// keptDays is the longest that a conversation lies on a phone.
const keptDays = 30

// sentences are what the phone's script says: it has none of its own.
func sentences(b page.Base) templ.Attributes {
	all := templ.Attributes{}
	for _, name := range []string{
		"online", "offline", "sending", "signedout", "another", "later", "kept", "unsent", "others", "old",
		"consent", "name", "parent", "nameless", "justtalk", "refused",
	} {
		all["data-"+name] = b.T("door.phone."+name, i18n.Args{"days": keptDays})
	}
	return all
}

// addresses are where the phone's script sends, what it keeps, and its worker.
func addresses(b page.Base) templ.Attributes {
	langs := make([]string, len(b.In().Langs))
	for i, l := range b.In().Langs {
		langs[i] = string(l)
	}
	return templ.Attributes{
		"data-send": b.Path("talk", "send"), "data-form": b.Path("talk", "form"), "data-scope": b.Path("talk"),
		"data-worker": assets.Path(assets.Worker), "data-langs": strings.Join(langs, " "), "data-keep": strconv.Itoa(keptDays),
	}
}

// namesIn are the names of a row's fields.
func namesIn(row int) (all []string) {
	for _, name := range rowFields() {
		all = append(all, in(row, name))
	}
	return all
}

// cell is one field of a row, without a hint: a grid has no room for them.
func cell(b page.Base, row int, field, key string) page.Field {
	return page.Field{Name: in(row, field), Label: b.T(key + ".label")}
}

func choice(b page.Base, row int, field, key string, options []page.Option) page.Field {
	c := cell(b, row, field, key)
	for _, o := range options {
		if o.Key != "" {
			o = page.Option{Value: o.Value, Label: b.T(o.Key + ".label")}
		}
		c.Options = append(c.Options, o)
	}
	return c
}

// entryConsents begin with none: a row without consent is refused, and an
// empty row is none.
func entryConsents() []page.Option {
	return append([]page.Option{{Value: "", Key: "door.entry.choose"}}, consentOptions()...)
}

// newCodes are the sheets that had no code yet, and now have one to pass on.
func newCodes(all []kept) []kept {
	return slices.DeleteFunc(slices.Clone(all), func(k kept) bool { return k.OwnCode || k.Receipt.Code == "" })
}
