package organization

import (
	"context"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/schedule"
)

// phoneDetail is a phone number as the standard keeps it.
func phoneDetail(id, number string) Detail {
	return Detail{ID: id, Entity: EntityPhone, Fields: map[string]any{"number": number}}
}

// setPhone keeps the number of an organization or a service: it changes the
// first one there is, and an empty one takes that away.
func (s *Service) setPhone(ctx context.Context, q db.Querier, in, entity, owner, number string) error {
	number = strings.Join(strings.Fields(number), " ")
	have, err := detailsOf(ctx, q, in, []string{owner})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(have, func(d Detail) bool { return d.Entity == EntityPhone })
	switch {
	case i < 0 && number == "", i >= 0 && have[i].Text("number") == number:
		return nil
	case number == "":
		return deleteDetails(ctx, q, in, []string{have[i].ID})
	case i >= 0:
		d := have[i]
		d.Fields["number"], d.ChangedAt = number, db.At(s.Now())
		return putDetails(ctx, q, in, []Detail{d})
	}
	d := phoneDetail("", number)
	d.OwnerEntity, d.Owner = entity, owner
	return AddDetails(ctx, q, in, []Detail{d})
}

// HoursDraft is one line of opening hours as somebody typed it: on some days
// of the week, from when until when.
type HoursDraft struct {
	Days   []string // MO to SU
	Opens  string   // HH:MM
	Closes string
	About  string // "by appointment", "not in August"
}

// HoursDraftOf is the draft that would leave a line of hours as it is.
func HoursDraftOf(h Hours) HoursDraft {
	d := HoursDraft{Opens: h.Rule.Opens.String(), Closes: h.Rule.Closes.String(), About: h.Rule.Description}
	for _, on := range h.Rule.ByDay {
		d.Days = append(d.Days, on.Day.String())
	}
	return d
}

// isEmpty says whether nobody typed anything.
func (d HoursDraft) isEmpty() bool {
	return len(d.Days) == 0 && d.Opens == "" && d.Closes == "" && strings.TrimSpace(d.About) == ""
}

func (d HoursDraft) parse(f *fault.Form) Detail {
	fields := map[string]any{"freq": "WEEKLY", "byday": strings.Join(d.Days, ",")}
	if d.Opens != "" {
		fields["opens_at"] = d.Opens
	}
	if d.Closes != "" {
		fields["closes_at"] = d.Closes
	}
	if about := words(d.About, "about", maxText, f); about != "" {
		fields["description"] = about
	}
	line := Detail{Entity: EntitySchedule, Fields: fields}
	f.Check(len(d.Days) > 0, "days", "organization.days.missing")
	_, odd := schedule.ParseHSDS(line.texts())
	for _, o := range odd {
		f.Add(hoursField(o.Name), "organization.hours.unreadable")
	}
	return line
}

// hoursField is what the form calls a column of the standard.
func hoursField(column string) string {
	switch column {
	case "opens_at":
		return "opens"
	case "closes_at":
		return "closes"
	}
	return "days"
}

// SetHours says when an organization, one of its services or one of its places
// is open: owner is its id. Lines that nobody typed anything into are left out.
// Hours in other forms, as they came from elsewhere, are replaced too. Its
// spokespersons and stewards may. Faults: NotFound; Invalid at "days", "opens",
// "closes" and "about".
func (s *Service) SetHours(ctx context.Context, who access.Actor, in, organization, owner string, all []HoursDraft) (err error) {
	defer fault.Wrap(&err, "organization.SetHours of %s in %s", owner, in)
	return s.act(ctx, who, in, organization, "set hours", func(q db.Querier, _ view, _ Organization) error {
		entity, err := ownedBy(ctx, q, in, organization, owner)
		if err != nil {
			return err
		}
		var f fault.Form
		var lines []Detail
		for _, d := range all {
			if !d.isEmpty() {
				line := d.parse(&f)
				line.OwnerEntity, line.Owner = entity, owner
				lines = append(lines, line)
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		if err := deleteDetailsOf(ctx, q, in, owner, EntitySchedule); err != nil {
			return err
		}
		return AddDetails(ctx, q, in, lines)
	})
}
