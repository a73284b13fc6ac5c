package page

import (
	"strings"

	"commonweal/internal/i18n"
)

// languageNames are the languages in their own words, which are the same
// whoever reads them.
var languageNames = map[i18n.Lang]string{i18n.English: "English", i18n.Spanish: "Español"}

// OwnName is what a language calls itself.
func OwnName(l i18n.Lang) string { return languageNames[l] }

// LangOptions are languages to choose from, each in its own words.
func LangOptions(langs []i18n.Lang) (all []Option) {
	for _, l := range langs {
		all = append(all, Option{Value: string(l), Label: OwnName(l)})
	}
	return all
}

// Language is what people of the page's language call another, or its code.
func (b Base) Language(l i18n.Lang) string {
	if key := "page.lang." + string(l); b.Has(key) {
		return b.T(key)
	}
	return strings.ToUpper(string(l))
}

// Languages is a list of them, in words.
func (b Base) Languages(langs []i18n.Lang) string {
	names := make([]string, len(langs))
	for i, l := range langs {
		names[i] = b.Language(l)
	}
	return strings.Join(names, ", ")
}
