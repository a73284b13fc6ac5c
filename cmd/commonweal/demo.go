package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/clock"
	"commonweal/internal/demo"
	"commonweal/internal/people"
	"commonweal/internal/web"
	"commonweal/internal/web/accountweb"
)

type demoCommand struct {
	Listen string `help:"Address on this machine to listen on." default:"127.0.0.1:8080" env:"COMMONWEAL_DEMO_LISTEN" placeholder:"HOST:PORT"`
	Keep   string `help:"Keep the invented initiative in this folder, and go on with it next time." type:"path" placeholder:"FOLDER"`
	Seed   uint64 `help:"Another seed invents other people." default:"1"`
	Pages  string `help:"Write an address of every page to this file, as JSON; for tests and pictures." hidden:"" type:"path" placeholder:"FILE"`
}

// Run invents an initiative and serves it, to this machine alone.
func (c demoCommand) Run(ctx context.Context, t terminal) (err error) {
	if err := onLoopback(c.Listen); err != nil {
		return err
	}
	folder := c.Keep
	if folder == "" {
		if folder, err = os.MkdirTemp("", "commonweal-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	} else if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	p := plan{
		url: filepath.Join(folder, "demo.db"), data: folder, base: listening{Listen: c.Listen}.base(),
		log: slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	if err := invent(ctx, t, p, c.Seed); err != nil {
		return err
	}
	p.now = clock.System
	h, err := build(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	ids, err := h.examples(ctx)
	if err != nil {
		return err
	}
	table := h.demoDoor(ids) //nolint:contextcheck // a route table is made before any request
	door, err := web.New(table)
	if err != nil {
		return err
	}
	if err := writePages(c.Pages, table.Routes); err != nil {
		return err
	}
	at := web.Where{Addr: c.Listen, Log: p.log, Ready: func(string) {
		t.say("\nThe demo is at %s\nLook around, or sign in with one click as a resident, a connector or a steward: %s/demo\nEverybody in it is invented. Stop it with Ctrl-C.", p.base, p.base)
	}}
	return h.live(ctx, func(ctx context.Context) error { return web.Listen(ctx, at, door) })
}

// onLoopback refuses an address that others could reach: the demo lets anybody
// in as anybody.
func onLoopback(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("--listen %s: give a host and a port, such as 127.0.0.1:8080", listen)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--listen %s: the demo lets anybody in as anybody, so it serves this machine only; use 127.0.0.1", listen)
	}
	return nil
}

// invent fills a new store; one that is there already is left as it is.
func invent(ctx context.Context, t terminal, p plan, seed uint64) (err error) {
	if _, err := os.Stat(p.url); err == nil {
		return nil
	}
	now := clock.System()
	fake := clock.NewFake(now.AddDate(-2, 0, 0))
	p.now = fake.Now
	h, err := build(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	t.say("Inventing a neighbourhood …")
	started := clock.System()
	if err := demo.Build(ctx, h.invention(fake), now, seed, demo.Usual); err != nil {
		return err
	}
	t.say("… %d conversations in a year, in %s.", demo.Usual.Talks, clock.System().Sub(started).Round(100*time.Millisecond))
	return nil
}

// invention is the house as the demo fills it.
func (h *house) invention(at *clock.Fake) demo.Rooms {
	return demo.Rooms{
		Clock: at, Accounts: h.accounts, Permissions: h.permissions, Initiatives: h.initiatives, Places: h.places,
		People: h.people, Organizations: h.organizations, Gifts: h.gifts, Conversations: h.conversations, Exchange: h.exchanges, Directories: h.directories, Notices: h.notices,
		Planning: h.planning, Releases: h.releases,
	}
}

// allInvented says whether everything in the store is invented. Without any
// initiative nothing is.
func (h *house) allInvented(ctx context.Context) (bool, error) {
	all, err := h.initiatives.List(ctx)
	if err != nil {
		return false, err
	}
	for _, in := range all {
		if !in.Invented {
			return false, nil
		}
	}
	return len(all) > 0, nil
}

// faces are the invented people whom one can look around as: the first of each
// kind, by when they came.
func (h *house) faces(ctx context.Context) (all []accountweb.Face, err error) {
	in, _, err := h.initiatives.BySlug(ctx, demo.Slug)
	if err != nil {
		return nil, err
	}
	for _, kind := range []access.Kind{access.Member, access.Connector, access.Steward} {
		who, err := access.With(ctx, h.db.Read(), in.ID, kind)
		if err != nil || len(who) == 0 {
			return nil, errors.Join(err, fmt.Errorf("the demo has no %s", kind))
		}
		names, err := people.Names(ctx, h.db.Read(), in.ID, who[:1])
		if err != nil {
			return nil, err
		}
		signs, err := h.openDoor().Of(ctx, in.ID, who[0])
		if err != nil {
			return nil, err
		}
		all = append(all, accountweb.Face{Account: signs, Name: names[who[0]], Key: faceKeys[kind]})
	}
	return all, nil
}

// openDoor makes the demo's way in: anybody as anybody, where all is invented.
func (h *house) openDoor() *account.Door { return account.OpenDoor(h.accounts, h.allInvented) }

// demoDoor is the front door with the demo's own way in.
func (h *house) demoDoor(ids examples) web.Config {
	accounts := h.accountPages()
	accounts.Door, accounts.Faces, accounts.Example = h.openDoor(), h.faces, ids.account
	c := h.door(nil)
	c.Routes, c.Demo = slices.Concat(h.rooms(ids), accounts.Routes()), true
	c.Limits = web.Usual()
	c.Limits.Posts, c.Limits.Guesses = c.Limits.Reads, c.Limits.Reads // everybody who looks around has this machine's address
	return c
}

// faceKeys say what one sees as somebody.
var faceKeys = map[access.Kind]string{
	access.Member: "account.face.resident", access.Connector: "account.face.connector", access.Steward: "account.face.steward",
}
