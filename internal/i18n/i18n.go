// Package i18n holds every sentence that a person can read, in each language
// that commonweal speaks.
//
// Sentences live in locales/<language>/<area>.toml. A plain sentence is a
// string; one that depends on a number has "one" and "other"; arguments stand
// as {{.name}}. Keys are nouns first: gift.text.missing.
package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"commonweal/internal/fault"
)

// Lang is a language that commonweal speaks, as its ISO 639 code.
type Lang string

// The languages, and the order in which they are offered.
const (
	English Lang = "en"
	Spanish Lang = "es"
)

// Langs are all languages with a catalogue.
func Langs() []Lang { return []Lang{English, Spanish} }

// Args are the arguments of a sentence. The argument "n" chooses the plural.
type Args = map[string]any

//go:embed locales
var locales embed.FS

// Catalogue is one language's sentences. It is safe for concurrent use.
type Catalogue struct {
	lang      Lang
	plain     map[string]string // sentences without arguments, found without go-i18n
	keys      map[string]bool
	localizer *goi18n.Localizer
	printer   *message.Printer
}

var catalogues = mustLoad(locales)

// mustLoad runs before anything else: a broken catalogue is a broken build.
func mustLoad(files fs.FS) map[Lang]*Catalogue {
	all, err := load(files)
	if err != nil {
		panic(err)
	}
	return all
}

func load(files fs.FS) (map[Lang]*Catalogue, error) {
	all := make(map[Lang]*Catalogue)
	for _, lang := range Langs() {
		tag := language.Make(string(lang))
		bundle := goi18n.NewBundle(tag)
		bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
		c := &Catalogue{lang: lang, plain: map[string]string{}, keys: map[string]bool{}, printer: message.NewPrinter(tag)}
		names, err := fs.Glob(files, path.Join("locales", string(lang), "*.toml"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := c.read(files, name, bundle); err != nil {
				return nil, err
			}
		}
		c.localizer = goi18n.NewLocalizer(bundle, string(lang))
		all[lang] = c
	}
	return all, nil
}

func (c *Catalogue) read(files fs.FS, name string, bundle *goi18n.Bundle) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	// go-i18n takes the language from a file name: gift.en.toml.
	area := strings.TrimSuffix(path.Base(name), ".toml")
	got, err := bundle.ParseMessageFileBytes(text, area+"."+string(c.lang)+".toml")
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, m := range got.Messages {
		if c.keys[m.ID] {
			return fmt.Errorf("%s: key %s is in another file already", name, m.ID)
		}
		c.keys[m.ID] = true
		if m.One == "" && m.Many == "" && !strings.Contains(m.Other, "{{") {
			c.plain[m.ID] = m.Other
		}
	}
	return nil
}

// Known says whether commonweal speaks the language.
func Known(lang Lang) bool { return slices.Contains(Langs(), lang) }

// In gives the catalogue of a language, or the English one.
func In(lang Lang) *Catalogue {
	if c, ok := catalogues[lang]; ok {
		return c
	}
	return catalogues[English]
}

// Keys are all keys of the catalogue, sorted.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.keys)) }

// Has says whether the catalogue has a sentence for the key.
func (c *Catalogue) Has(key string) bool { return c.keys[key] }

// Lang is the catalogue's language.
func (c *Catalogue) Lang() Lang { return c.lang }

// T gives the sentence for key. Numbers among the arguments are written as the
// language writes them; the argument "n" chooses the plural. A missing key
// comes back in brackets, which every page test looks for.
func (c *Catalogue) T(key string, args ...Args) string {
	if text, ok := c.plain[key]; ok {
		return text
	}
	if !c.keys[key] {
		return "[" + key + "]"
	}
	config := &goi18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		if n, ok := args[0]["n"]; ok {
			config.PluralCount = n
		}
		config.TemplateData = c.written(args[0])
	}
	text, err := c.localizer.Localize(config)
	if err != nil {
		return "[" + key + ": " + err.Error() + "]"
	}
	return text
}

// Say translates a fault's message.
func (c *Catalogue) Say(m fault.Message) string { return c.T(m.Key, m.Args) }

// written gives the arguments with their numbers as text in the language.
func (c *Catalogue) written(args Args) Args {
	out := make(Args, len(args))
	for name, v := range args {
		switch v.(type) {
		case int, int64, float64:
			out[name] = c.Number(v)
		default:
			out[name] = v
		}
	}
	return out
}

// Number writes a number with the language's separators.
func (c *Catalogue) Number(n any) string { return c.printer.Sprint(n) }

// Date writes a day as people say it: "Sat 28 Nov 2026".
func (c *Catalogue) Date(t time.Time) string {
	return fmt.Sprintf("%s %d %s %d", c.T("date.weekday."+itoa(int(t.Weekday()))), t.Day(), c.T("date.month."+itoa(int(t.Month()))), t.Year())
}

func itoa(n int) string { return fmt.Sprintf("%02d", n) }
