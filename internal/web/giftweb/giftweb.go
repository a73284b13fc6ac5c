// Package giftweb is the pages about what people can share: what was found so
// far, as everybody may read it; who shares what, for those who may know; the
// gifts that want looking after; and the plain words by which they are found.
package giftweb

import (
	"unicode"
	"unicode/utf8"

	"commonweal/internal/access"
	"commonweal/internal/gift"
	"commonweal/internal/release"
	"commonweal/internal/web/page"
)

// Pages are the pages about gifts.
type Pages struct {
	Gifts    *gift.Service
	Releases *release.Service
	// Example is what stands in the examples of routes whose path holds an id
	// that isn't the same in every house.
	Example Example
}

// Example holds ids of the demo, without which a placeholder stands there.
type Example struct {
	Gathering string // id
	Still     string // token of a "still true?" link
	Common    string // id of a term that some share who weren't brought together
}

func or(id, placeholder string) string {
	if id == "" {
		return placeholder
	}
	return id
}

// Routes are the rows of the route table.
func (p *Pages) Routes() []page.Route {
	gathering, still := or(p.Example.Gathering, "gathering"), or(p.Example.Still, "token")
	common := or(p.Example.Common, "reading-aloud")
	return []page.Route{
		{Pattern: "GET /i/{initiative}/gifts", Need: access.Anyone, Public: true, Handle: p.list, Example: "/i/riverside/gifts"},
		{Pattern: "GET /i/{initiative}/gifts/find", Need: access.Anyone, Handle: p.find, Example: "/i/riverside/gifts/find?q=leer+cuentos"},
		{Pattern: "GET /i/{initiative}/gifts/{term}", Need: access.Anyone, Handle: p.term, Example: "/i/riverside/gifts/reading-aloud"},

		{Pattern: "GET /i/{initiative}/gifts/unasked", Need: access.Converse, Private: true, Handle: p.unasked, Example: "/i/riverside/gifts/unasked"},
		{Pattern: "GET /i/{initiative}/gifts/review", Need: access.Converse, Private: true, Handle: p.review, Example: "/i/riverside/gifts/review"},
		{Pattern: "POST /i/{initiative}/gifts/noted", Need: access.Converse, Private: true, Handle: p.noted},

		{Pattern: "GET /i/{initiative}/common", Need: access.Converse, Private: true, Handle: p.common, Example: "/i/riverside/common"},
		{Pattern: "GET /i/{initiative}/common/{term}", Need: access.Converse, Private: true, Handle: p.draft, Example: "/i/riverside/common/" + common},
		{Pattern: "POST /i/{initiative}/common/{term}", Need: access.Converse, Private: true, Handle: p.bring},
		{Pattern: "GET /i/{initiative}/gatherings", Need: access.Converse, Private: true, Handle: p.gatherings, Example: "/i/riverside/gatherings"},
		{Pattern: "GET /i/{initiative}/gatherings/{gathering}", Need: access.Converse, Private: true, Handle: p.gathering, Example: "/i/riverside/gatherings/" + gathering},

		{Pattern: "GET /i/{initiative}/still/{token}", Need: access.Anyone, Private: true, Handle: p.still, Example: "/i/riverside/still/" + still},
		{Pattern: "POST /i/{initiative}/still/{token}", Need: access.Anyone, Private: true, Handle: p.answer},

		{Pattern: "GET /i/{initiative}/words", Need: access.Curate, Handle: p.words, Example: "/i/riverside/words"},
		{Pattern: "GET /i/{initiative}/words/new", Need: access.Curate, Handle: p.newWord, Example: "/i/riverside/words/new"},
		{Pattern: "POST /i/{initiative}/words/new", Need: access.Curate, Handle: p.addWord},
		{Pattern: "GET /i/{initiative}/words/{term}", Need: access.Curate, Handle: p.word, Example: "/i/riverside/words/reading-aloud"},
		{Pattern: "POST /i/{initiative}/words/{term}", Need: access.Curate, Handle: p.saveWord},
		{Pattern: "GET /i/{initiative}/words/{term}/join", Need: access.Curate, Handle: p.join, Example: "/i/riverside/words/reading-aloud/join"},
		{Pattern: "POST /i/{initiative}/words/{term}/join", Need: access.Curate, Handle: p.joined},
	}
}

// capital is a label as it begins a line; the list holds it as it stands within
// a sentence.
func capital(label string) string {
	first, size := utf8.DecodeRuneInString(label)
	if size == 0 {
		return label
	}
	return string(unicode.ToUpper(first)) + label[size:]
}
