package room

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/people"
)

// Source is what this room keeps about a person.
func Source() people.Source {
	return people.Source{
		Name:   "room",
		Tables: []string{"room", "room_seat", "room_entry"},
		Export: export,
		Erase:  eraseOf,
	}
}

type part struct {
	Seats []seatPart  `json:"seats"`
	Said  []entryPart `json:"said"`
}

type seatPart struct {
	Room         string `json:"room"`
	Side         Side   `json:"side"`
	Organization string `json:"organization,omitzero"`
	Duty         string `json:"what_for,omitzero"`
	Since        string `json:"since"`
}

type entryPart struct {
	Room string `json:"room"`
	Text string `json:"text"`
	At   string `json:"at"`
}

func export(ctx context.Context, q db.Querier, initiative, person string) (any, error) {
	seats, err := db.All(ctx, q, scanSeatPart, seatParts, initiative, person)
	if err != nil {
		return nil, err
	}
	said, err := db.All(ctx, q, scanEntryPart, entryParts, initiative, person)
	return part{Seats: append([]seatPart{}, seats...), Said: append([]entryPart{}, said...)}, err
}

func clockOf(s db.Stamp) string { return s.Format("2006-01-02T15:04:05Z07:00") }
