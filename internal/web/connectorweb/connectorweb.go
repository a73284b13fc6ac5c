// Package connectorweb is a connector's work: the day, with what waits for an
// answer and whom to visit, and one conversation with its next steps.
//
// What somebody said is on the conversation's own page alone, where reading it
// is noted; the day names people and says what kind of thing waits.
package connectorweb

import (
	"cmp"
	"net/http"
	"regexp"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/notice"
	"commonweal/internal/web/page"
)

// Pages are the connector's pages.
type Pages struct {
	Conversations *conversation.Service
	Gifts         *gift.Service
	Notices       *notice.Service

	// Example is what stands in the examples of routes whose path holds an id.
	Example IDs
}

// IDs are ids of records that exist in the demo and that its connector may
// see; an empty one leads to "not found".
type IDs struct{ Talk, Need, Support, Advice, Referral string }

// Routes are the rows of the route table.
func (p *Pages) Routes() []page.Route {
	return []page.Route{
		get("/day", p.day, ""),
		get("/needs", p.needs, ""),
		get("/talks/{talk}", p.talk, p.Example.Talk),
		get("/needs/{record}/answer", p.where(conversation.WhatNeed), p.Example.Need),
		post("/needs/{record}/answer", p.answer(conversation.WhatNeed)),
		get("/supports/{record}/answer", p.where(conversation.WhatSupport), p.Example.Support),
		post("/supports/{record}/answer", p.answer(conversation.WhatSupport)),
		get("/advice/{record}/answer", p.where(conversation.WhatAdvice), p.Example.Advice),
		post("/advice/{record}/answer", p.answer(conversation.WhatAdvice)),
		post("/day/gifts/{gift}", p.gift),
		get("/referrals/{referral}", p.referral, p.Example.Referral),
		post("/referrals/{referral}", p.saidYes),
		post("/referrals/{referral}/forget", p.forget),
	}
}

// What a neighbour can say about a gift of theirs.
const (
	giftHolds = "holds" // it is still so
	giftOver  = "over"  // not any more
	giftAsked = "asked" // they were asked for it
)

// errNothingSaid answers a form that no page of ours sends.
var errNothingSaid = fault.New(fault.Invalid, "error.form")

var named = regexp.MustCompile(`\{\w+\}`)

// get is a page for those who hold conversations. A path with an {id} has an
// example of it, or one that leads nowhere.
func get(path string, h page.Handler, id string) page.Route {
	return page.Route{
		Pattern: "GET /i/{initiative}" + path, Need: access.Converse, Private: true, Handle: h,
		Example: "/i/riverside" + named.ReplaceAllString(path, cmp.Or(id, "example")),
	}
}

func post(path string, h page.Handler) page.Route {
	return page.Route{Pattern: "POST /i/{initiative}" + path, Need: access.Converse, Private: true, Handle: h}
}

// gift notes what a neighbour said about a gift of theirs, from the day's
// lists, and goes back to the day.
func (p *Pages) gift(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id, said := r.PathValue("gift"), f.Text("said")
	switch said {
	case giftHolds, giftOver:
		err = p.Gifts.Confirm(r.Context(), r.Who, r.In.ID, id, said == giftHolds)
	case giftAsked:
		err = p.Gifts.Asked(r.Context(), r.Who, r.In.ID, id)
	default:
		return errNothingSaid
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("day"), "day.gift.noted."+said)
}
