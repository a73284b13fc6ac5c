package homeweb

import (
	"time"

	"commonweal/internal/i18n"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
)

// headline is the purpose, which is what an initiative is; before there is one,
// the name.
func headline(p homePage) (text string, lang i18n.Lang) {
	if purpose, lang := p.Purpose(); purpose != "" {
		return purpose, lang
	}
	return p.Title(), p.Lang()
}

// spot says where, and at what time when that is known.
func spot(b page.Base, h place.Happening) string {
	if h.At == "" {
		return b.T("home.week.at", i18n.Args{"place": h.Spot})
	}
	return b.T("home.week.attime", i18n.Args{"place": h.Spot, "time": h.At})
}

// week is how many needs of one week still wait.
type week struct {
	From time.Time // its Monday
	N    int
}

// byWeek counts days by the week they are in; they come in order. The day
// itself would tell whose door it was.
func byWeek(days []time.Time) (weeks []week) {
	for _, d := range days {
		monday := d.AddDate(0, 0, -(int(d.Weekday())+6)%7)
		if n := len(weeks); n == 0 || !weeks[n-1].From.Equal(monday) {
			weeks = append(weeks, week{From: monday})
		}
		weeks[len(weeks)-1].N++
	}
	return weeks
}

// waitingTable shows what waits, without a word of it.
func waitingTable(p waitingPage) page.Table {
	t := page.Table{Caption: p.T("home.waiting.caption"), Columns: []page.Column{
		{Text: p.T("home.waiting.week")}, {Text: p.T("home.waiting.number"), Number: true},
	}}
	for _, w := range p.Weeks {
		t.Rows = append(t.Rows, []page.Cell{
			{Text: p.T("home.waiting.since", i18n.Args{"day": p.Day(w.From)})}, {Text: p.Number(w.N)},
		})
	}
	return t
}

// firstLang is the language that an initiative writes its own words in.
func firstLang(b page.Base) i18n.Lang {
	if langs := b.In().Langs; len(langs) > 0 {
		return langs[0]
	}
	return b.Lang()
}
