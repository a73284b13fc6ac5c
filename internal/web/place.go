package web

import (
	"context"
	"sync"

	"commonweal/internal/web/page"
)

// places remembers the initiatives that people have asked for, so that finding
// one again costs a look at its version and nothing else. What is remembered
// is as true as the version: an initiative whose name changes has a new one.
type places struct {
	find    func(ctx context.Context, slug string) (page.In, error)
	version func(ctx context.Context, initiative string) (string, error)

	mu    sync.RWMutex
	known map[string]place // by slug, old slugs too
}

type place struct {
	in      page.In
	version string
}

// manyPlaces is when to forget: more initiatives than one server has.
const manyPlaces = 10_000

// enter gives the initiative of a slug, and its version as it was before the
// initiative was read, so that nothing old is ever taken for new.
func (p *places) enter(ctx context.Context, slug string) (page.In, string, error) {
	p.mu.RLock()
	have, ok := p.known[slug]
	p.mu.RUnlock()
	if !ok {
		in, err := p.find(ctx, slug)
		if err != nil {
			return page.In{}, "", err
		}
		have.in.ID = in.ID
	}
	version, err := p.version(ctx, have.in.ID)
	if err != nil {
		return page.In{}, "", err
	}
	if ok && version == have.version {
		return have.in, version, nil
	}
	in, err := p.find(ctx, slug)
	if err != nil {
		return page.In{}, "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= manyPlaces {
		clear(p.known)
	}
	p.known[slug] = place{in: in, version: version}
	return in, version, nil
}
