package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"commonweal/internal/backup"
	"commonweal/internal/clock"
	"commonweal/internal/web"
)

// listening is how a server is reached.
type listening struct {
	Listen      string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"COMMONWEAL_LISTEN" placeholder:"HOST:PORT"`
	Domain      string   `help:"Serve this name over https on ports 443 and 80; the certificate comes and renews by itself." env:"COMMONWEAL_DOMAIN" placeholder:"NAME"`
	Cert        string   `help:"Or: the certificate, with --key." env:"COMMONWEAL_CERT" type:"path" placeholder:"FILE"`
	Key         string   `help:"The certificate's key." env:"COMMONWEAL_KEY" type:"path" placeholder:"FILE"`
	BehindProxy []string `help:"Or: addresses of a proxy that does https and whose X-Forwarded-For is believed." env:"COMMONWEAL_BEHIND_PROXY" placeholder:"ADDRESS"`
	BaseURL     string   `help:"What people type to get here, such as https://example.org (default: worked out from the above)." env:"COMMONWEAL_BASE_URL" placeholder:"URL"`
}

// base is the server's address as people know it.
func (l listening) base() string {
	switch {
	case l.BaseURL != "":
		return strings.TrimSuffix(l.BaseURL, "/")
	case l.Domain != "":
		return "https://" + l.Domain
	case l.Cert != "":
		return "https://" + l.Listen
	}
	host, port, err := net.SplitHostPort(l.Listen)
	if err != nil || host == "" || host == "127.0.0.1" || host == "::1" {
		return "http://localhost:" + port
	}
	return "http://" + l.Listen
}

// where turns the flags into a way to listen.
func (l listening) where(data string, log *slog.Logger, ready func(string)) web.Where {
	at := web.Where{Addr: l.Listen, Domain: l.Domain, Cert: l.Cert, Key: l.Key, Log: log, Ready: ready}
	if l.Domain != "" {
		at.Addr, at.CertDir = "", filepath.Join(data, "certificates")
	}
	return at
}

// behind reads the proxies' addresses: one address, or a range like 10.0.0.0/8.
func (l listening) behind() (all []netip.Prefix, err error) {
	for _, text := range l.BehindProxy {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, err := netip.ParseAddr(text)
			if err != nil {
				return nil, fmt.Errorf("--behind-proxy %s: give an address such as 127.0.0.1, or a range such as 10.0.0.0/8", text)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		all = append(all, p)
	}
	return all, nil
}

type serveCommand struct {
	store
	listening
	SMTP      string `help:"Mail server: smtp://user:password@host:port?from=hello@example.org (without one, mail lands in the stewards' outbox)." env:"COMMONWEAL_SMTP" placeholder:"URL"`
	NoBackups bool   `help:"Make no hourly backups; something else does."`
	Rescue    bool   `help:"Print a one-time sign-in link for the server's operator, for when their mailbox is gone."`
	JSONLog   bool   `help:"Write the log as JSON." name:"json-log" env:"COMMONWEAL_JSON_LOG"`
}

// Run serves until it is told to stop.
func (c serveCommand) Run(ctx context.Context, t terminal) (err error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	log := c.logger(t)
	h, err := build(ctx, plan{
		url: c.url(), data: c.Data, base: c.base(), smtp: c.SMTP,
		now: clock.System, log: log, backups: !c.NoBackups,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.greet(ctx, t, c.Rescue); err != nil {
		return err
	}
	behind, err := c.behind()
	if err != nil {
		return err
	}
	door, err := web.New(h.door(behind)) //nolint:contextcheck // a route table is made before any request
	if err != nil {
		return err
	}
	at := c.where(c.Data, log, func(string) { t.say("Serving %s", c.base()) })
	return h.live(ctx, func(ctx context.Context) error { return web.Listen(ctx, at, door) })
}

func (c serveCommand) logger(t terminal) *slog.Logger {
	if c.JSONLog {
		return slog.New(slog.NewJSONHandler(t.err, nil))
	}
	return slog.New(slog.NewTextHandler(t.err, nil))
}

// greet prints what only whoever runs the server may read: the link by which
// the first account is made, and where the key to the backups lies.
func (h *house) greet(ctx context.Context, t terminal, rescue bool) error {
	first, err := h.accounts.FirstSteward(ctx)
	if err != nil {
		return err
	}
	if first != "" {
		t.say("Nobody has an account here yet. Open this link to begin; it works once, for a week:\n\n  %s\n", first)
	}
	if rescue {
		to, err := h.accounts.Rescue(ctx)
		if err != nil {
			return err
		}
		t.say("Sign in as the operator; this works once:\n\n  %s\n", to)
	}
	if !h.backups || !h.db.Copies() {
		return nil
	}
	_, isNew, err := backup.Key(h.keyPath())
	if isNew {
		t.say("A new key opens the hourly backups: %s\nKeep a copy of it away from this machine.\n", h.keyPath())
	}
	return err
}

// live runs the jobs beside serve, and ends when either does.
func (h *house) live(ctx context.Context, serve func(context.Context) error) error {
	runner, err := h.runner(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		runner.Run(ctx)
	}()
	err = serve(ctx)
	stop()
	<-done
	return err
}
