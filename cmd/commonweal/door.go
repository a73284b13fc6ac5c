package main

import (
	"context"
	"net/netip"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/initiative"
	"commonweal/internal/organization"
	"commonweal/internal/upkeep"
	"commonweal/internal/web"
	"commonweal/internal/web/accountweb"
	"commonweal/internal/web/askweb"
	"commonweal/internal/web/connectorweb"
	"commonweal/internal/web/doorweb"
	"commonweal/internal/web/giftweb"
	"commonweal/internal/web/homeweb"
	"commonweal/internal/web/hsdsweb"
	"commonweal/internal/web/importweb"
	"commonweal/internal/web/mineweb"
	"commonweal/internal/web/noticeweb"
	"commonweal/internal/web/orgweb"
	"commonweal/internal/web/page"
	"commonweal/internal/web/peopleweb"
	"commonweal/internal/web/roomweb"
	"commonweal/internal/web/setupweb"
)

// routes is the route table of the whole house.
func (h *house) routes() []page.Route {
	return slices.Concat(h.rooms(examples{}), h.accountPages().Routes())
}

// rooms are the routes of every room of pages but the door's own.
func (h *house) rooms(ids examples) []page.Route {
	home := &homeweb.Pages{
		Initiatives: h.initiatives, Places: h.places, Releases: h.releases,
		Labels: h.gifts.Labels, Overdue: h.conversations.Overdue, Groups: h.groups,
	}
	ask := &askweb.Pages{Conversations: h.conversations, Initiatives: h.initiatives, Places: h.places}
	gifts := &giftweb.Pages{Gifts: h.gifts, Releases: h.releases, Example: ids.gifts}
	organizations := &orgweb.Pages{
		Organizations: h.organizations, Places: h.places, Releases: h.releases, Conversations: h.conversations,
		Exchange: h.exchanges, Example: ids.organizations,
	}
	door := &doorweb.Pages{Conversations: h.conversations, People: h.people, Places: h.places}
	mine := &mineweb.Pages{Conversations: h.conversations, Gifts: h.gifts, People: h.people, Places: h.places}
	day := &connectorweb.Pages{Conversations: h.conversations, Gifts: h.gifts, Notices: h.notices, Example: ids.connector}
	news := &noticeweb.Pages{Notices: h.notices, Example: ids.notices}
	known := &peopleweb.Pages{
		People: h.people, Places: h.places, Gifts: h.gifts, Conversations: h.conversations, Similar: h.exchanges.Similar,
		Beside: h.exchanges.Beside, Example: ids.people,
	}
	setup := &setupweb.Pages{
		Initiatives: h.initiatives, Places: h.places, People: h.people, Permissions: h.permissions, Accounts: h.accounts,
		Releases: h.releases, Upkeep: &upkeep.Service{DB: h.db}, Archives: h.archives, Labels: h.gifts.Labels, Example: ids.setup,
	}
	rooms := &roomweb.Pages{Rooms: h.planning, Example: ids.room}
	directory := &hsdsweb.API{Directory: h.directories, Example: ids.directory}
	files := &importweb.Pages{Exchange: h.exchanges, Example: ids.files}
	return slices.Concat(files.Routes(), rooms.Routes(), setup.Routes(), day.Routes(), known.Routes(), home.Routes(), ask.Routes(), gifts.Routes(), organizations.Routes(), door.Routes(), mine.Routes(), news.Routes(), directory.Routes())
}

// groups counts the organizations that everybody sees.
func (h *house) groups(ctx context.Context, in string) (associations, institutions int, err error) {
	all, err := h.organizations.Tally(ctx, in)
	return all.Kinds[organization.Association], all.Kinds[organization.Institution], err
}

func (h *house) accountPages() *accountweb.Pages {
	return &accountweb.Pages{
		Accounts: h.accounts, Initiatives: h.initiatives,
		SpeaksFor: func(ctx context.Context, in, person string) ([]string, error) {
			return organization.SpokenForBy(ctx, h.db.Read(), in, person)
		},
	}
}

// door is the front door of the house.
func (h *house) door(behind []netip.Prefix) web.Config {
	return web.Config{
		Routes: h.routes(), Nav: web.Navigation(),
		Initiative: h.initiative,
		Version: func(ctx context.Context, initiative string) (string, error) {
			return db.Version(ctx, h.db.Read(), initiative)
		},
		Actor:   h.accounts.Actor,
		SignOut: func(ctx context.Context, who access.Actor) error { return h.accounts.SignOut(ctx, who) },
		Health:  h.health,
		Now:     h.now, Log: h.log, Base: h.base, Behind: behind,
	}
}

// initiative is an initiative as the pages see it.
func (h *house) initiative(ctx context.Context, slug string) (page.In, error) {
	in, _, err := h.initiatives.BySlug(ctx, slug)
	if err != nil {
		return page.In{}, err
	}
	return shown(in), nil
}

func shown(in initiative.Initiative) page.In {
	return page.In{
		ID: in.ID, Slug: in.Slug, Name: in.Name, Purpose: in.Purpose, Purposes: in.Purposes, About: in.About,
		StartedOn: in.StartedOn.Time, Langs: in.Langs, Zone: in.Zone, HelpPhone: in.HelpPhone,
		Emergency: in.Emergency, AnswerDays: in.AnswerDays, Invented: in.Invented,
	}
}
