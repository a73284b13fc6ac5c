// Package demo makes a believable initiative by invention: a place called
// Riverside, its neighbours, and a year of conversations with them in English
// and Spanish. It goes through the same services as people do, under a clock
// that it moves, so that what it makes could have happened. The same day and
// seed make the same initiative.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/clock"
	"commonweal/internal/conversation"
	"commonweal/internal/exchange"
	"commonweal/internal/exchange/hsds"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/notice"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/release"
	"commonweal/internal/room"
)

// Slug is where the invented initiative is found.
const Slug = "riverside"

// Rooms are the services that the demo goes through, wired over Clock.
type Rooms struct {
	Clock         *clock.Fake
	Accounts      *account.Service
	Permissions   *access.Service
	Initiatives   *initiative.Service
	Places        *place.Service
	People        *people.Service
	Organizations *organization.Service
	Gifts         *gift.Service
	Conversations *conversation.Service
	Directories   *hsds.Service
	Exchange      *exchange.Service
	Notices       *notice.Service
	Planning      *room.Service
	Releases      *release.Service
}

// Size is how much is invented.
type Size struct {
	Talks int // conversations, "just talk" among them
	Days  int // over how many days until now
}

// Usual is a neighbourhood a year in: enough for counts, few enough to read.
var Usual = Size{Talks: 312, Days: 330}

// maker is an initiative being made.
type maker struct {
	Rooms
	words     words
	rand      *rand.Rand
	now       time.Time
	size      Size
	in        initiative.Initiative
	steward   access.Actor
	areas     []area
	neighbour access.Actor // the resident whom one can look around as
	resident  string       // and her id
	keys      int
}

// area is a block with the connector who walks it.
type area struct {
	place.Area
	connector access.Actor
	homes     []string // codes of households met so far
}

// Build makes the initiative as it stands at now. The store has to be new.
func Build(ctx context.Context, r Rooms, now time.Time, seed uint64, size Size) (err error) {
	defer fault.Wrap(&err, "demo.Build")
	w, err := readWords()
	if err != nil {
		return err
	}
	m := &maker{Rooms: r, words: w, rand: rand.New(rand.NewPCG(seed, 1)), now: now, size: size} //nolint:gosec // invention wants the same dice each time
	for _, step := range []func(context.Context) error{m.found, m.settle, m.meet, m.talk, m.organize, m.plan, m.confide, m.finish, m.bring, m.list} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// at moves the clock to a time of day so many days before now.
func (m *maker) at(daysAgo, hour int) {
	day := m.now.AddDate(0, 0, -daysAgo)
	to := time.Date(day.Year(), day.Month(), day.Day(), hour, m.rand.IntN(60), m.rand.IntN(60), 0, time.UTC)
	if to.After(m.now) {
		to = m.now
	}
	m.Clock.Advance(to.Sub(m.Clock.Now()))
}

// found makes the first account and the initiative, as a steward would.
func (m *maker) found(ctx context.Context) error {
	m.at(m.size.Days+14, 10)
	first, err := m.Accounts.FirstSteward(ctx)
	if err != nil {
		return err
	}
	if first == "" {
		return errors.New("the store has people in it already")
	}
	token := first[strings.LastIndex(first, "/")+1:]
	session, err := m.Accounts.Begin(ctx, token, "steward@riverside.example", i18n.English, "demo")
	if err != nil {
		return err
	}
	operator, err := m.Accounts.Actor(ctx, session)
	if err != nil {
		return err
	}
	made, err := m.Initiatives.CreateFirst(ctx, operator, initiative.Draft{
		Name: "Riverside Reads", Slug: Slug, Steward: "Grace", Place: "Riverside",
		Purpose:  "Every young child in Riverside has books at home, and someone to read them with.",
		Purposes: initiative.Words{i18n.Spanish: "Que cada niña y cada niño de Riverside tenga libros en casa, y alguien con quien leerlos."},
		About:    "Eleven neighbours began it at a kitchen table. By now parents, grandparents, the school, the library and the laundrette are in it.",
		Langs:    []string{"en", "es"}, Zone: "America/Chicago", HelpPhone: "555-0100", Emergency: "911", AnswerDays: "10",
		Invented: true,
	})
	if err != nil {
		return err
	}
	m.in = made.Initiative
	m.steward, err = m.Accounts.Actor(ctx, session)
	return err
}

// settle names the blocks, and says who counted their homes.
func (m *maker) settle(ctx context.Context) error {
	all, err := m.Places.List(ctx, m.in.ID)
	if err != nil {
		return err
	}
	for _, a := range m.words.Area {
		boundary, err := outline(a.Outline)
		if err != nil {
			return err
		}
		made, err := m.Places.Create(ctx, m.steward, m.in.ID, place.Draft{
			Name: a.Name, Parent: all[0].ID, Kind: place.Block,
			Homes: fmt.Sprint(a.Homes), HomesSource: "We walked it", Boundary: boundary,
		})
		if err != nil {
			return err
		}
		m.areas = append(m.areas, area{Area: made})
	}
	return nil
}

// meet gives each block a connector. Two blocks share one, as happens.
func (m *maker) meet(ctx context.Context) error {
	m.at(m.size.Days+7, 18)
	names := []string{"Rosa", "Dev", "Marta", "Winston", "Lucía", "Joan"}
	for i := range m.areas {
		if i >= len(names) {
			m.areas[i].connector = m.areas[i-len(names)].connector
			continue
		}
		who, err := m.member(ctx, names[i], m.areas[i].ID, access.Connector)
		if err != nil {
			return err
		}
		m.areas[i].connector = who
	}
	who, err := m.member(ctx, "Amina", m.areas[0].ID, access.Member)
	if err != nil {
		return err
	}
	m.neighbour, m.resident = who, who.Person(m.in.ID)
	return m.People.Move(ctx, m.steward, m.in.ID, m.resident, m.areas[0].connector.Person(m.in.ID))
}

// member writes somebody down and takes up the invitation for them, as they
// would with the code that a steward read out.
func (m *maker) member(ctx context.Context, name, area string, kind access.Kind) (access.Actor, error) {
	p, err := m.People.Create(ctx, m.steward, m.in.ID, people.Draft{
		Name: name, Area: area, Langs: []string{"en"}, Age: people.Adult,
		Consent: people.ConsentDraft{
			Purposes: []people.Purpose{people.KeepName, people.KeepNotes, people.BeAsked}, Channel: people.Doorstep,
		},
	})
	if err != nil {
		return access.Actor{}, err
	}
	keys, err := m.Accounts.Invite(ctx, m.steward, m.in.ID, p.ID, kind)
	if err != nil {
		return access.Actor{}, err
	}
	_, session, err := m.Accounts.Claim(ctx, access.Actor{}, keys.Code, "", i18n.English, "demo")
	if err != nil {
		return access.Actor{}, err
	}
	return m.Accounts.Actor(ctx, session)
}

// pick takes one of some things by the maker's dice.
func pick[T any](m *maker, some []T) T { return some[m.rand.IntN(len(some))] }

// chance is true so many times in a hundred.
func (m *maker) chance(percent int) bool { return m.rand.IntN(100) < percent }

// key is a fresh idempotency key.
func (m *maker) key() string {
	m.keys++
	return fmt.Sprintf("demo-%026d", m.keys)
}
