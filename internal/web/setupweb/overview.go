package setupweb

import (
	"net/http"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/place"
	"commonweal/internal/release"
	"commonweal/internal/upkeep"
	"commonweal/internal/web/page"
)

type overviewPage struct {
	page.Base
	Read, Bring, Keys, House []line
}

// line is one room of the set-up, with what is so there.
type line struct {
	Href, Key string // the title is at Key.title
	Text      string
	Status    page.Status
	Says      string // the status in words
}

// backupStale is after how long without a checked backup something is wrong:
// backups are hourly, and a machine may rest over night.
const backupStale = 36 * time.Hour

func (p *Pages) overview(w http.ResponseWriter, r *page.Request) error {
	ctx, who, in := r.Context(), r.Who, r.In.ID
	b := base(r, "setup.title")
	areas, err := p.Places.List(ctx, in)
	if err != nil {
		return err
	}
	upcoming, err := p.Places.Upcoming(ctx, in)
	if err != nil {
		return err
	}
	holders, err := p.Upkeep.Holders(ctx, who, in)
	if err != nil {
		return err
	}
	counted, err := p.Releases.Latest(ctx, in)
	if err != nil {
		return err
	}
	state, err := p.Upkeep.State(ctx, who, in)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, overviewView(overviewPage{
		Base: b,
		Read: []line{aboutLine(b), placesLine(b, areas), happeningsLine(b, upcoming), wordsLine(b)},
		Bring: []line{
			{Href: b.Path("import"), Key: "import", Text: b.T("setup.bring.files")},
			{Href: b.Path("organizations", "invite"), Key: "orgs.invite", Text: b.T("setup.bring.partners")},
		},
		Keys: []line{holdersLine(b, holders)},
		House: []line{
			countsLine(b, counted), backupLine(b, state, r.Site.Now()), jobsLine(b, state), outboxLine(b, state), recordLine(b), everythingLine(b),
		},
	}))
}

func aboutLine(b page.Base) line {
	l := line{Href: b.Path("setup", "about"), Key: "setup.about", Text: b.T("setup.about.text"), Status: page.Done, Says: b.T("setup.isset")}
	var missing []string
	for _, one := range []struct{ value, key string }{
		{b.In().Purpose, "purpose"}, {b.In().About, "about"}, {b.In().HelpPhone, "helpphone"}, {b.In().Emergency, "emergency"},
	} {
		if one.value == "" {
			missing = append(missing, b.T("setup.about.missing."+one.key))
		}
	}
	if len(missing) > 0 {
		l.Status, l.Says = page.Partly, b.T("setup.about.misses", i18n.Args{"what": strings.Join(missing, ", ")})
	}
	return l
}

func placesLine(b page.Base, areas []place.Area) line {
	l := line{Href: b.Path("setup", "places"), Key: "setup.places", Text: b.T("setup.places.text")}
	blocks, uncounted := 0, 0
	for _, a := range areas {
		if a.Kind != place.Block {
			continue
		}
		blocks++
		if !a.Homes.Counted {
			uncounted++
		}
	}
	switch {
	case blocks == 0:
		l.Status, l.Says = page.Partly, b.T("setup.places.noblocks")
	case uncounted > 0:
		l.Status, l.Says = page.Partly, b.T("setup.places.uncounted", i18n.Args{"n": uncounted})
	default:
		l.Status, l.Says = page.Done, b.T("setup.places.all", i18n.Args{"n": blocks})
	}
	return l
}

func happeningsLine(b page.Base, upcoming []place.Happening) line {
	l := line{Href: b.Path("happenings"), Key: "setup.happenings", Text: b.T("setup.happenings.text")}
	if len(upcoming) == 0 {
		l.Status, l.Says = page.TooEarly, b.T("setup.happenings.nothing")
		return l
	}
	l.Status, l.Says = page.Done, b.T("setup.happenings.next", i18n.Args{"day": b.Day(upcoming[0].On.Time)})
	return l
}

func wordsLine(b page.Base) line {
	return line{Href: b.Path("words"), Key: "setup.words", Text: b.T("setup.words.text")}
}

func holdersLine(b page.Base, all []upkeep.Holder) line {
	l := line{Href: b.Path("setup", "people"), Key: "setup.people", Text: b.T("setup.people.text")}
	stewards, connectors := 0, 0
	for _, h := range all {
		if h.Is(access.Steward) {
			stewards++
		}
		if h.Is(access.Connector) {
			connectors++
		}
	}
	switch {
	case stewards < 2:
		l.Status, l.Says = page.Partly, b.T("setup.people.onekey")
	case connectors == 0:
		l.Status, l.Says = page.Partly, b.T("setup.people.noconnector")
	default:
		l.Status, l.Says = page.Done, b.T("setup.people.all", i18n.Args{"stewards": stewards, "connectors": connectors})
	}
	return l
}

func countsLine(b page.Base, counted release.Release) line {
	l := line{Href: b.Path("setup", "counts"), Key: "setup.counts", Text: b.T("setup.counts.text")}
	if counted.On.IsZero() {
		l.Status, l.Says = page.TooEarly, b.T("setup.counts.never")
		return l
	}
	l.Status, l.Says = page.Done, b.T("setup.counts.on", i18n.Args{"day": b.Day(counted.On.Time)})
	return l
}

func backupLine(b page.Base, state upkeep.State, now time.Time) line {
	l := line{Key: "setup.backup", Text: b.T("setup.backup.text")}
	args := i18n.Args{"day": b.Date(state.Verified), "time": b.Clock(state.Verified)}
	switch {
	case state.Verified.IsZero():
		l.Status, l.Says = page.Late, b.T("setup.backup.never")
	case now.Sub(state.Verified) > backupStale:
		l.Status, l.Says = page.Late, b.T("setup.backup.last", args)
	default:
		l.Status, l.Says = page.Done, b.T("setup.backup.last", args)
	}
	if l.Status == page.Late && b.In().ID != "" { // stewards can't mend it themselves
		l.Says += ". " + b.T("setup.backup.ask")
	}
	return l
}

func jobsLine(b page.Base, state upkeep.State) line {
	l := line{Href: room(b, b.In().ID, "jobs"), Key: "setup.jobs", Text: b.T("setup.jobs.text"), Status: page.Done, Says: b.T("setup.jobs.fine")}
	if state.Stuck > 0 {
		l.Status, l.Says = page.Late, b.T("setup.jobs.stuck", i18n.Args{"n": state.Stuck})
	}
	return l
}

func outboxLine(b page.Base, state upkeep.State) line {
	l := line{Href: room(b, b.In().ID, "outbox"), Key: "setup.outbox", Text: b.T("setup.outbox.text"), Status: page.Done, Says: b.T("setup.outbox.fine")}
	if state.Letters > 0 {
		l.Status, l.Says = page.Late, b.T("setup.outbox.wait", i18n.Args{"n": state.Letters})
	}
	return l
}

func recordLine(b page.Base) line {
	return line{Href: b.Path("setup", "record"), Key: "setup.record", Text: b.T("setup.record.text")}
}
