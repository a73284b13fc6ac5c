package organization

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/BurntSushi/toml"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

//go:embed words/*.toml
var wordFiles embed.FS

// ownLexicon is our own list of words for services. A test reads it, so an
// error here is a broken build.
var ownLexicon = sync.OnceValues(func() (*lexicon, error) { return readLexicon(wordFiles) })

// lexicon is what services help with, in the words of several languages. Whole
// words alone count, so that "rent" never finds "parents".
type lexicon struct {
	phrases map[string][]phrase // by first token, the longest first
	labels  map[string]map[i18n.Lang]string
}

// phrase is one way to say a term, as tokens.
type phrase struct {
	tokens []string
	term   string
	text   string // as it stands in the list
}

func readLexicon(files fs.FS) (*lexicon, error) {
	var list struct {
		Term []struct {
			ID     string
			En, Es []string
		}
	}
	const name = "words/services.toml"
	read, err := toml.DecodeFS(files, name, &list)
	if err != nil {
		return nil, fmt.Errorf("organization: %s: %w", name, err)
	}
	if odd := read.Undecoded(); len(odd) > 0 {
		return nil, fmt.Errorf("organization: %s: what is %v?", name, odd)
	}
	l := &lexicon{phrases: map[string][]phrase{}, labels: map[string]map[i18n.Lang]string{}}
	for _, t := range list.Term {
		if len(t.En) == 0 || len(t.Es) == 0 {
			return nil, fmt.Errorf("organization: %s: %s lacks a language", name, t.ID)
		}
		l.labels[t.ID] = map[i18n.Lang]string{i18n.English: t.En[0], i18n.Spanish: t.Es[0]}
		for _, text := range slices.Concat(t.En, t.Es) {
			if said := tokens(text); len(said) > 0 {
				l.phrases[said[0]] = append(l.phrases[said[0]], phrase{said, t.ID, text})
			}
		}
	}
	for _, some := range l.phrases {
		slices.SortStableFunc(some, func(a, b phrase) int { return len(b.tokens) - len(a.tokens) })
	}
	return l, nil
}

// meant is a term that a text speaks of, and by which word.
type meant struct{ term, word string }

// find gives the terms that a text speaks of, each once, in its order. A word
// within a longer one doesn't count by itself: "car seat" isn't a car.
func (l *lexicon) find(said []string) (all []meant) {
	seen := map[string]bool{}
	for at := 0; at < len(said); {
		step := 1
		for _, p := range l.phrases[said[at]] {
			n := len(p.tokens)
			if n < step || len(said)-at < n || !slices.Equal(said[at:at+n], p.tokens) {
				continue
			}
			step = n // the longest come first: what is as long is meant too
			if !seen[p.term] {
				seen[p.term] = true
				all = append(all, meant{p.term, p.text})
			}
		}
		at += step
	}
	return all
}

// small are words that say nothing of a service, in lists and in texts alike;
// with them goes how people begin when they ask for something.
var small = func() map[string]bool {
	const words = `a an the to of for with my your our his her their some any and or in on at is are am i im me it we you
		he she they that this who how where what when can could would will do does have has get got be from by near
		need needs want wants help looking please someone somebody something us as not no there
		el la los las un una unos unas lo de del al con mi mis su sus tu tus y e o en para por que me te le les se nos
		yo es son muy hay donde como cuando quien puede puedo pueden tengo tiene tener estoy esta este eso ser sin no ya
		necesito necesita necesitamos quiero quiere busco busca ayuda alguien algo favor cerca`
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}()

// tokens are the words of a text as searches compare them: folded, without
// small words. Apostrophes bind: children's is childrens.
func tokens(text string) []string {
	all := strings.FieldsFunc(apostrophes.Replace(db.Fold(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return slices.DeleteFunc(all, func(w string) bool { return small[w] })
}

var apostrophes = strings.NewReplacer("'", "", "’", "", "ʼ", "")
