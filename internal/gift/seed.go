package gift

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"commonweal/internal/i18n"
)

//go:embed words/*.toml
var wordFiles embed.FS

// ownList is our own list of terms, which every initiative begins with.
var ownList = sync.OnceValues(func() ([]Term, error) { return readWords(wordFiles) })

// own is our own list as a vocabulary. A test reads the files, so an error here
// is a broken build.
var own = sync.OnceValues(func() (*Vocabulary, error) {
	terms, err := ownList()
	if err != nil {
		return nil, err
	}
	return newVocabulary(0, terms, nil), nil
})

// readWords reads lists of terms, one file a kind.
func readWords(files fs.FS) ([]Term, error) {
	var all []Term
	for _, kind := range Kinds() {
		var list struct {
			Term []struct {
				ID, Parent string
				En, Es     []string
			}
		}
		name := path.Join("words", string(kind)+".toml")
		read, err := toml.DecodeFS(files, name, &list)
		if err != nil {
			return nil, fmt.Errorf("gift: %s: %w", name, err)
		}
		if odd := read.Undecoded(); len(odd) > 0 {
			return nil, fmt.Errorf("gift: %s: what is %v?", name, odd)
		}
		for _, t := range list.Term {
			if len(t.En) == 0 || len(t.Es) == 0 {
				return nil, fmt.Errorf("gift: %s: %s lacks a language", name, t.ID)
			}
			all = append(all, Term{ID: t.ID, Kind: kind, Parent: t.Parent, Words: map[i18n.Lang]Words{
				i18n.English: {Label: t.En[0], Synonyms: t.En[1:]},
				i18n.Spanish: {Label: t.Es[0], Synonyms: t.Es[1:]},
			}})
		}
	}
	slices.SortFunc(all, func(a, b Term) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}
