package main

import (
	"cmp"
	"context"
	"encoding/json"
	"os"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/demo"
	"commonweal/internal/exchange"
	"commonweal/internal/exchange/hsds"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/web/accountweb"
	"commonweal/internal/web/connectorweb"
	"commonweal/internal/web/giftweb"
	"commonweal/internal/web/hsdsweb"
	"commonweal/internal/web/importweb"
	"commonweal/internal/web/noticeweb"
	"commonweal/internal/web/orgweb"
	"commonweal/internal/web/page"
	"commonweal/internal/web/peopleweb"
	"commonweal/internal/web/setupweb"
)

// examples are ids in the demo, for the examples of routes whose path names
// somebody or something. They are what the first connector may see, as the
// demo's way in offers her; those that are "" don't exist.
type examples struct {
	account       accountweb.Tokens
	connector     connectorweb.IDs
	directory     hsdsweb.Example
	files         importweb.Example
	gifts         giftweb.Example
	notices       noticeweb.Tokens
	organizations orgweb.Example
	people        peopleweb.IDs
	room          string // one that isn't open yet
	setup         setupweb.Example
}

// examples finds them.
func (h *house) examples(ctx context.Context) (ids examples, err error) {
	in, _, err := h.initiatives.BySlug(ctx, demo.Slug)
	if err != nil {
		return ids, err
	}
	who, err := h.first(ctx, in.ID, access.Connector)
	if err != nil {
		return ids, err
	}
	day, err := h.conversations.Day(ctx, who, in.ID)
	if err != nil {
		return ids, err
	}
	for _, w := range day.Waiting {
		c := &ids.connector
		c.Talk = cmp.Or(c.Talk, w.Conversation)
		switch w.What {
		case conversation.WhatNeed:
			c.Need = cmp.Or(c.Need, w.ID)
		case conversation.WhatSupport:
			c.Support = cmp.Or(c.Support, w.ID)
		case conversation.WhatAdvice:
			c.Advice = cmp.Or(c.Advice, w.ID)
		case conversation.WhatTalk, conversation.WhatGift: // nobody waits for an answer to these
		}
	}
	for _, r := range day.Referrals {
		ids.connector.Referral = cmp.Or(ids.connector.Referral, r.ID)
	}
	for _, g := range day.Gatherings {
		ids.gifts.Gathering = cmp.Or(ids.gifts.Gathering, g.ID)
	}
	common, err := h.gifts.InCommon(ctx, who, in.ID)
	if err != nil {
		return ids, err
	}
	for _, c := range common {
		ids.gifts.Common = cmp.Or(ids.gifts.Common, c.Term.ID)
	}
	if ids.organizations, err = h.spokenFor(ctx, in.ID); err != nil {
		return ids, err
	}
	if ids.directory, err = h.listed(ctx, in.ID); err != nil {
		return ids, err
	}
	if ids.people, err = h.somebody(ctx, who, in.ID); err != nil {
		return ids, err
	}
	rooms, err := h.planning.List(ctx, who, in.ID)
	if err != nil {
		return ids, err
	}
	for _, one := range rooms {
		if !one.IsOpen() {
			ids.room = one.ID
		}
	}
	if ids.files, err = h.files(ctx, in.ID); err != nil {
		return ids, err
	}
	ids.setup, err = h.settings(ctx, in.ID)
	return ids, err
}

// files are one that waits and one that was brought in.
func (h *house) files(ctx context.Context, in string) (ids importweb.Example, err error) {
	who, err := h.first(ctx, in, access.Steward)
	if err != nil {
		return ids, err
	}
	all, err := h.exchanges.List(ctx, who, in)
	for _, b := range all {
		switch b.Status {
		case exchange.Open:
			ids.Open = cmp.Or(ids.Open, b.ID)
		case exchange.In:
			ids.In = cmp.Or(ids.In, b.ID)
		case exchange.Going, exchange.Undoing, exchange.Returned:
		}
	}
	return ids, err
}

// listed are the first documents of the directory of services.
func (h *house) listed(ctx context.Context, in string) (hsdsweb.Example, error) {
	first := hsdsweb.Example{}
	for name, entity := range hsds.Entities { // five
		p, err := h.directories.List(ctx, in, entity, hsds.Query{PerPage: 1})
		if err != nil {
			return nil, err
		}
		for _, doc := range p.Contents {
			first[name] = doc.ID()
		}
	}
	return first, nil
}

// spokenFor is the organization for which the first resident speaks, with all
// that it has, and a service of another.
func (h *house) spokenFor(ctx context.Context, in string) (ids orgweb.Example, err error) {
	who, err := h.first(ctx, in, access.Member)
	if err != nil {
		return ids, err
	}
	for _, g := range who.Grants {
		if g.Initiative == in && g.Right == organization.Speaks {
			ids.Organization = cmp.Or(ids.Organization, g.Object)
		}
	}
	if ids.Organization == "" {
		return ids, nil
	}
	have, err := h.organizations.Get(ctx, who, in, ids.Organization)
	if err != nil {
		return ids, err
	}
	for _, o := range have.Offers {
		ids.Offer = cmp.Or(ids.Offer, o.ID)
	}
	for _, s := range have.Services {
		ids.Service = cmp.Or(ids.Service, s.ID)
	}
	for _, l := range have.Places {
		ids.Place = cmp.Or(ids.Place, l.ID)
	}
	return ids, nil
}

// settings are an area, something that is on, and somebody who holds a key: the
// last connector who came.
func (h *house) settings(ctx context.Context, in string) (ids setupweb.Example, err error) {
	connectors, err := access.With(ctx, h.db.Read(), in, access.Connector)
	if err != nil {
		return ids, err
	}
	for _, c := range connectors {
		ids.Person = c
	}
	areas, err := h.places.List(ctx, in)
	if err != nil {
		return ids, err
	}
	for _, a := range areas {
		ids.Area = cmp.Or(ids.Area, a.ID)
	}
	on, err := h.places.Upcoming(ctx, in)
	for _, o := range on {
		ids.Happening = cmp.Or(ids.Happening, o.ID)
	}
	return ids, err
}

// somebody is a person whom an actor knows, with a household and a consent.
func (h *house) somebody(ctx context.Context, who access.Actor, in string) (ids peopleweb.IDs, err error) {
	known, err := h.people.List(ctx, who, in, people.Filter{})
	if err != nil {
		return ids, err
	}
	for _, p := range known.People {
		if p.Household == "" {
			continue
		}
		have, err := h.people.Get(ctx, who, in, p.ID)
		if err != nil {
			return ids, err
		}
		ids.Person, ids.Household = p.ID, p.Household
		for _, c := range have.Consents {
			ids.Consent = c.ID
		}
		break
	}
	return ids, nil
}

// shownPage is a route as tests and pictures of the demo want it.
type shownPage struct {
	Route   string `json:"route"` // "GET /i/{initiative}/gifts"
	Path    string `json:"path"`  // of its example; "" for what isn't a GET
	Need    string `json:"need"`  // who may: "anyone", "converse"
	Private bool   `json:"private"`
}

// writePages writes the route table to a file, unless that is "".
func writePages(path string, routes []page.Route) error {
	if path == "" {
		return nil
	}
	var all []shownPage
	for _, r := range routes {
		all = append(all, shownPage{Route: r.Pattern, Path: r.Example, Need: r.Need.String(), Private: r.Private})
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

// first is the first who came with a kind of membership.
func (h *house) first(ctx context.Context, initiative string, kind access.Kind) (who access.Actor, err error) {
	people, err := access.With(ctx, h.db.Read(), initiative, kind)
	if err != nil || len(people) == 0 {
		return who, err
	}
	account, err := h.openDoor().Of(ctx, initiative, people[0])
	if err != nil {
		return who, err
	}
	return access.Of(ctx, h.db.Read(), account)
}
