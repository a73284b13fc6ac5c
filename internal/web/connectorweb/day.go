package connectorweb

import (
	"net/http"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/i18n"
	"commonweal/internal/notice"
	"commonweal/internal/web/page"
)

// How much of each list the day shows: what somebody can do in one.
const (
	soonTalks  = 6
	soonVisits = 6
	soonGifts  = 3
	soonMeets  = 3
	soonNotes  = 3
	moreVisits = 30
)

type dayPage struct {
	page.Base
	conversation.Day
	Talks   []waitingTalk
	Late    int
	Visits  []conversation.Visit // whom to visit next
	Others  []conversation.Visit
	Steward bool
	Notes   []notice.Note // whom to tell something
	Untold  int           // how many they are in all
}

// waitingTalk is a conversation with what still waits in it.
type waitingTalk struct {
	conversation.Pending // the first
	Items                []conversation.Pending
	Urgent, Late         bool
	Passed               bool // they were answered; what came of their advice is open
}

func (p *Pages) day(w http.ResponseWriter, r *page.Request) error {
	d, err := p.Conversations.Day(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	v := dayPage{
		Base: r.Base("day.title").Neutral("day.tab"), Day: d, Talks: byTalk(d.Waiting, d.Today.Time),
		Visits: d.Households[:min(soonVisits, len(d.Households))], Steward: r.Who.May(r.In.ID, access.Steer),
	}
	v.Others = d.Households[len(v.Visits):min(soonVisits+moreVisits, len(d.Households))]
	if v.Notes, v.Untold, err = p.Notices.Notes(r.Context(), r.Who, r.In.ID, soonNotes); err != nil {
		return err
	}
	for _, one := range v.Talks {
		if one.Late {
			v.Late++
		}
	}
	return page.Render(w, r, http.StatusOK, dayView(v))
}

type needsPage struct {
	page.Base
	Talks []waitingTalk
	More  string
}

func (p *Pages) needs(w http.ResponseWriter, r *page.Request) error {
	waiting, more, err := p.Conversations.Waiting(r.Context(), r.Who, r.In.ID, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	v := needsPage{Base: r.Base("day.needs.title").Neutral("day.tab"), Talks: byTalk(waiting, today(r))}
	if more != "" {
		v.More = r.Path("needs") + "?after=" + more
	}
	return page.Render(w, r, http.StatusOK, needsView(v))
}

// byTalk puts what waits in one conversation together, in the order of the
// first of each.
func byTalk(all []conversation.Pending, today time.Time) (talks []waitingTalk) {
	at := map[string]int{}
	for _, one := range all {
		i, known := at[one.Conversation]
		if !known {
			i = len(talks)
			at[one.Conversation] = i
			talks = append(talks, waitingTalk{Pending: one, Passed: true})
		}
		talks[i].Items = append(talks[i].Items, one)
		talks[i].Urgent = talks[i].Urgent || one.Urgent
		talks[i].Passed = talks[i].Passed && one.Passed
		talks[i].Late = talks[i].Late || !one.Passed && one.AnswerBy.Before(today)
	}
	return talks
}

// who is whom a conversation was with, as far as it is known.
func who(b page.Base, name string) string {
	if name == "" {
		return b.T("day.unnamed")
	}
	return name
}

// item says what kind of thing waits, and nothing of what it says.
func item(b page.Base, one conversation.Pending) string {
	if one.What == conversation.WhatSupport {
		return b.T("day.item.support." + string(one.Kind))
	}
	if one.Passed {
		return b.T("day.item.passed")
	}
	return b.T("day.item." + string(one.What))
}

// anchor is where a record stands on its conversation's page.
func anchor(what conversation.What, id string) string { return string(what) + "-" + id }

// lastTalk says when a household was last talked with.
func lastTalk(b page.Base, v conversation.Visit) string {
	if v.LastTalk.IsZero() {
		return b.T("day.visit.never")
	}
	return b.T("day.visit.last", i18n.Args{"day": b.Day(v.LastTalk.Time)})
}

// asked says how many homes of a block were asked, and of how many.
func asked(b page.Base, one conversation.BlockAsked) string {
	if !one.Counted {
		return b.T("day.block.uncounted", i18n.Args{"n": one.Asked})
	}
	return b.T("day.block.counted", i18n.Args{"n": one.Asked, "homes": b.Number(one.Homes), "asked": b.Number(one.Asked)})
}

// news is what is new in one matter, in the page's language.
func news(b page.Base, n notice.News) string { return notice.Say(i18n.In(b.Lang()), n) }
