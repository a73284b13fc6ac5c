package i18n

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/BurntSushi/toml"

	"commonweal/internal/fault"
)

// alike are sentences that are rightly the same in English and Spanish: names,
// pure arguments, and words that both languages share.
var alike = []string{
	"home.title",
	"form.error",
	"page.brand",
	"notice.mail.line", // what somebody else said already, in their language
}

// raw reads a language's files without i18n, so that the test doesn't lean on
// what it tests.
func raw(t *testing.T, lang Lang) map[string]string {
	t.Helper()
	files, err := locales.ReadDir("locales/" + string(lang))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range files {
		text, err := locales.ReadFile("locales/" + string(lang) + "/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := toml.Unmarshal(text, &tree); err != nil {
			t.Fatalf("%s/%s: %v", lang, f.Name(), err)
		}
		flatten("", tree, all)
	}
	return all
}

func flatten(prefix string, tree map[string]any, into map[string]string) {
	for key, v := range tree {
		switch v := v.(type) {
		case map[string]any:
			flatten(prefix+key+".", v, into)
		default:
			into[prefix+key] = fmt.Sprint(v)
		}
	}
}

func TestEverySentenceExistsInEveryLanguage(t *testing.T) {
	en, es := raw(t, English), raw(t, Spanish)
	for key, text := range en {
		other, ok := es[key]
		if !ok {
			t.Errorf("es has no %s (en: %q)", key, text)
			continue
		}
		name := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")
		if other == text && strings.ContainsFunc(text, isLetter) && !slices.Contains(alike, name) && !strings.HasPrefix(key, "date.") {
			t.Errorf("%s is the same in en and es: %q; if it should be, list it in alike", key, text)
		}
	}
	for key := range es {
		if _, ok := en[key]; !ok {
			t.Errorf("en has no %s", key)
		}
	}
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

var argument = regexp.MustCompile(`{{\.(\w+)}}`)

func TestASentenceTakesTheSameArgumentsInEveryLanguage(t *testing.T) {
	es := raw(t, Spanish)
	arguments := func(text string) (names []string) {
		for _, m := range argument.FindAllStringSubmatch(text, -1) {
			names = append(names, m[1])
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	for key, text := range raw(t, English) {
		if strings.HasSuffix(key, ".one") {
			continue // "one" may do without its number
		}
		if got, want := arguments(es[key]), arguments(text); !slices.Equal(got, want) {
			t.Errorf("%s: es takes %v, en takes %v", key, got, want)
		}
	}
}

func TestSentencesUseTheWordsWeAgreedOn(t *testing.T) {
	never := regexp.MustCompile(`(?i)\b(beneficiar\w*|stakeholders?|empower\w*|leverag\w*|utili[sz]e\w*|target population|needy|dones|usuarios?)\b`)
	for _, lang := range Langs() {
		for key, text := range raw(t, lang) {
			if word := never.FindString(text); word != "" {
				t.Errorf("%s %s says %q", lang, key, word)
			}
		}
	}
}

func TestT(t *testing.T) {
	all, err := load(fstest.MapFS{
		"locales/en/x.toml": {Data: []byte("[x]\nplain = \"Hello\"\nname = \"Hello {{.who}}\"\n[x.count]\none = \"one gift\"\nother = \"{{.n}} gifts\"\n")},
		"locales/es/x.toml": {Data: []byte("[x]\nplain = \"Hola\"\nname = \"Hola, {{.who}}\"\n[x.count]\none = \"un regalo\"\nother = \"{{.n}} regalos\"\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		lang Lang
		key  string
		args Args
		want string
	}{
		{"a plain sentence", English, "x.plain", nil, "Hello"},
		{"an argument is not HTML here: templ escapes it", Spanish, "x.name", Args{"who": "<b>Ana</b>"}, "Hola, <b>Ana</b>"},
		{"one", English, "x.count", Args{"n": 1}, "one gift"},
		{"several, with the language's separators", English, "x.count", Args{"n": 12345}, "12,345 gifts"},
		{"Spanish separators", Spanish, "x.count", Args{"n": 12345}, "12.345 regalos"},
		{"a key that isn't there shows", Spanish, "x.lost", nil, "[x.lost]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := all[c.lang].T(c.key, c.args); got != c.want {
				t.Errorf("T(%q) = %q, want %q", c.key, got, c.want)
			}
		})
	}
	if got := all[Spanish].Say(fault.Message{Key: "x.plain"}); got != "Hola" {
		t.Errorf("Say = %q", got)
	}
}

func TestAKeyInTwoFilesIsRefused(t *testing.T) {
	_, err := load(fstest.MapFS{
		"locales/en/a.toml": {Data: []byte("[x]\nplain = \"Hello\"\n")},
		"locales/en/b.toml": {Data: []byte("[x]\nplain = \"Hello\"\n")},
	})
	if err == nil {
		t.Error("two files may not hold the same key")
	}
}

func TestDate(t *testing.T) {
	day := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	if got, want := In(English).Date(day), "Sat 28 Nov 2026"; got != want {
		t.Errorf("en: %q, want %q", got, want)
	}
	if got, want := In(Spanish).Date(day), "sáb 28 nov 2026"; got != want {
		t.Errorf("es: %q, want %q", got, want)
	}
}
