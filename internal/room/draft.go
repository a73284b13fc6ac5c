package room

import (
	"slices"
	"strings"
	"unicode/utf8"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
)

// Limits on words, in letters.
const (
	MaxTitle = 120
	MaxText  = 2000
	MaxDuty  = 200
)

// Draft is a new room.
type Draft struct {
	Title string // title
	About string // about: what it is for
	Lang  string // lang; "" is the initiative's first
}

func (d Draft) parse(in initiative.Initiative, f *fault.Form) Room {
	r := Room{Title: strings.TrimSpace(d.Title), About: strings.TrimSpace(d.About), Lang: i18n.Lang(d.Lang)}
	f.Check(r.Title != "", "title", "room.title.missing")
	short(r.Title, "title", MaxTitle, f)
	short(r.About, "about", MaxText, f)
	if r.Lang == "" {
		r.Lang = in.Lang("")
	}
	f.Check(slices.Contains(in.Langs, r.Lang), "lang", "room.lang.unknown")
	return r
}

// SitDraft is somebody taking a seat.
type SitDraft struct {
	For  string // for: an organization that they speak for, or ""
	Duty string // duty: what they are there for; a professional says it
}

func (d SitDraft) parse(v view, r Room, f *fault.Form) Seat {
	s := Seat{Person: v.self, Side: v.side, Organization: d.For, Duty: strings.TrimSpace(d.Duty)}
	i := slices.IndexFunc(v.speaks, func(w Whom) bool { return w.ID == d.For })
	f.Check(d.For == "" || i >= 0, "for", "room.for.unknown")
	if i >= 0 && v.speaks[i].Institution {
		s.Side = Professional
	}
	short(s.Duty, "duty", MaxDuty, f)
	if s.Side == Resident {
		return s
	}
	f.Check(d.For != "" || len(v.speaks) == 0, "for", "room.for.missing")
	f.Check(s.Duty != "", "duty", "room.duty.missing")
	f.Check(r.takesProfessional(), "for", "room.full", "residents", r.Residents, "professionals", r.Professionals)
	return s
}

// said reads what somebody says.
func said(typed string, f *fault.Form) string {
	text := strings.TrimSpace(typed)
	f.Check(text != "", "text", "room.text.missing")
	short(text, "text", MaxText, f)
	return text
}

func short(text, field string, limit int, f *fault.Form) {
	f.Check(utf8.RuneCountInString(text) <= limit, field, "room.long", "max", limit)
}
