package demo

import (
	_ "embed"
	"fmt"

	"github.com/BurntSushi/toml"

	"commonweal/internal/i18n"
)

//go:embed words.toml
var wordsFile string

// words is what invented neighbours say.
type words struct {
	Initials []string
	Names    map[i18n.Lang][]string
	Gifts    map[i18n.Lang]map[string][]string
	Learn    map[i18n.Lang][]string
	Care     map[i18n.Lang][]string
	Area     []struct {
		Name    string
		Homes   int
		Outline [][2]float64 // corners, in hundreds of metres
	}
	Need      []said
	Support   map[i18n.Lang][]string
	Advice    []said
	Answer    []said
	Helped    []said // what came of a support
	Heard     []said // what was said to advice, and, as To, what changed
	Happening []struct {
		Title, Where, Area string
		Lang               i18n.Lang
		InDays             int `toml:"in_days"`
	}
}

// said is a sentence in the language it was said in.
type said struct {
	Lang                     i18n.Lang
	Text, Delivery, To, Step string
}

// in gives the sentences of one language.
func in(lang i18n.Lang, all []said) (some []said) {
	for _, s := range all {
		if s.Lang == lang {
			some = append(some, s)
		}
	}
	return some
}

func readWords() (w words, err error) {
	if _, err := toml.Decode(wordsFile, &w); err != nil {
		return words{}, fmt.Errorf("demo: words.toml: %w", err)
	}
	return w, nil
}
