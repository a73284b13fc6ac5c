// Package doorweb is for a connector at a doorstep: the three asks on one page,
// with and without signal; the same on paper; and a grid into which twenty
// sheets are typed.
package doorweb

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/fault"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
)

// Pages are the doorstep's pages.
type Pages struct {
	Conversations *conversation.Service
	People        *people.Service
	Places        *place.Service
}

// Routes are the rows of the route table. The one that a phone sends to answers
// 401 to a visitor, and never leads anywhere: what follows a redirect to the
// sign-in page would take that page for a receipt.
func (p *Pages) Routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /i/{initiative}/talk", Need: access.Converse, Private: true, Handle: p.talk, Example: "/i/riverside/talk"},
		{Pattern: "POST /i/{initiative}/talk", Need: access.Converse, Private: true, Handle: p.save},
		{Pattern: "GET /i/{initiative}/talk/form", Need: access.Converse, Private: true, Handle: p.form, Example: "/i/riverside/talk/form"},
		{Pattern: "POST /i/{initiative}/talk/send", Need: access.Converse, Private: true, Handle: p.send},
		{Pattern: "GET /i/{initiative}/sheet", Need: access.Anyone, Public: true, Handle: p.sheet, Example: "/i/riverside/sheet"},
		{Pattern: "GET /i/{initiative}/sheets", Need: access.Converse, Private: true, Handle: p.askSheets, Example: "/i/riverside/sheets"},
		{Pattern: "POST /i/{initiative}/sheets", Need: access.Converse, Private: true, Handle: p.sheets},
		{Pattern: "GET /i/{initiative}/entry", Need: access.Converse, Private: true, Handle: p.entry, Example: "/i/riverside/entry"},
		{Pattern: "POST /i/{initiative}/entry", Need: access.Converse, Private: true, Handle: p.enter},
	}
}

// today is the day where the initiative's people live, as a date field has it.
func today(r *page.Request) string {
	zone := r.In.Zone
	if zone == nil {
		zone = time.UTC
	}
	return r.Site.Now().In(zone).Format(time.DateOnly)
}

// byField carries who wrote a form, as a mark that tells nobody who that is. On
// a phone that two connectors share, what one of them wrote isn't sent as the
// other's.
const byField = "by"

func mark(r *page.Request) string {
	sum := sha256.Sum256([]byte("doorstep " + r.In.ID + " " + r.Who.Account))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// checkWriter refuses what somebody else wrote, on a phone that both use.
func checkWriter(r *page.Request, f *page.Form) error {
	if by := f.Text(byField); by != "" && by != mark(r) {
		return fault.New(fault.Forbidden, "door.another")
	}
	return nil
}
