package demo

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/BurntSushi/toml"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/room"
)

//go:embed rooms.toml
var roomsFile string

// table is an invented room, and what neighbours say in it in turn.
type table struct {
	Title, About, Lang string
	Said               []string
	Opening            string   // what institutions should know first; "" leaves it to neighbours
	After              []string // what is said once it is open
}

// plan has neighbours sit down together.
func (m *maker) plan(ctx context.Context) error {
	var all struct{ Room []table }
	if _, err := toml.Decode(roomsFile, &all); err != nil {
		return fmt.Errorf("demo: rooms.toml: %w", err)
	}
	for i, t := range all.Room {
		m.at(min(20-10*i, m.size.Days), 18)
		if err := m.table(ctx, t); err != nil {
			return fmt.Errorf("demo: %s: %w", t.Title, err)
		}
	}
	return nil
}

func (m *maker) table(ctx context.Context, t table) error {
	in, sitters := m.in.ID, []access.Actor{m.neighbour, m.areas[0].connector, m.areas[1].connector}
	id, err := m.Planning.Create(ctx, sitters[0], in, m.key(), room.Draft{Title: t.Title, About: t.About, Lang: t.Lang})
	if err != nil {
		return err
	}
	for _, who := range sitters[1:] {
		if err := m.Planning.Sit(ctx, who, in, id, room.SitDraft{}); err != nil {
			return err
		}
	}
	say := func(lines []string) error {
		for i, line := range lines {
			m.Clock.Advance(time.Minute)
			if err := m.Planning.Say(ctx, sitters[i%len(sitters)], in, id, m.key(), line, i18n.Lang(t.Lang)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := say(t.Said); err != nil || t.Opening == "" {
		return err
	}
	if err := m.Planning.Open(ctx, m.steward, in, id, t.Opening); err != nil {
		return err
	}
	return say(t.After)
}
