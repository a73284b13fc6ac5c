package web

import (
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/i18n"
)

// spoken is the language that a browser accepts best among those offered, or
// the first offered. It looks at "es" of "es-MX" alone: we have no two kinds
// of one language. Every request passes here, so it parses no more than that.
func spoken(accept string, offered []i18n.Lang) i18n.Lang {
	if len(offered) == 0 {
		offered = i18n.Langs()
	}
	best, most := offered[0], 0.0
	for part := range strings.SplitSeq(accept, ",") {
		tag, quality := weighed(part)
		main, _, _ := strings.Cut(tag, "-")
		lang := i18n.Lang(strings.ToLower(main))
		if quality > most && slices.Contains(offered, lang) {
			best, most = lang, quality
		}
	}
	return best
}

// accepted are the encodings that a browser can unpack.
func accepted(header string) (e encodings) {
	for part := range strings.SplitSeq(header, ",") {
		name, quality := weighed(part)
		if quality == 0 {
			continue
		}
		switch strings.ToLower(name) {
		case "br":
			e.br = true
		case "gzip":
			e.gzip = true
		}
	}
	return e
}

// weighed splits "es-MX;q=0.8" into its name and its weight. A weight that
// can't be read is none.
func weighed(part string) (name string, quality float64) {
	name, parameters, found := strings.Cut(part, ";")
	name = strings.TrimSpace(name)
	if !found {
		return name, 1
	}
	q, isWeight := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
	if !isWeight {
		return name, 1
	}
	quality, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
	if err != nil {
		return name, 0
	}
	return name, quality
}
