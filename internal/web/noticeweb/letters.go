package noticeweb

import (
	"net/http"
	"strings"
	"time"

	"commonweal/chart"
	"commonweal/internal/i18n"
	"commonweal/internal/notice"
	"commonweal/internal/web/page"
)

// someLetters is how many sheets one print has: what a connector carries along.
const someLetters = 20

// The sizes of paper; their names are also their classes.
const (
	a4         = "a4"
	letterSize = "letter"
)

type lettersPage struct {
	page.Base
	Size   string
	Notes  []notice.Note
	More   int
	Sheets []sheet
}

// sheet is one person's letter, in their language.
type sheet struct {
	page.Base
	notice.Note
	Answer chart.Code
	Today  time.Time
}

// letters shows whom the connector should tell something, and a sheet for each
// who may get one. It changes nothing, however often it is printed.
func (p *Pages) letters(w http.ResponseWriter, r *page.Request) error {
	notes, total, err := p.Notices.Notes(r.Context(), r.Who, r.In.ID, someLetters)
	if err != nil {
		return err
	}
	v := lettersPage{Base: r.Base("notice.letters.title"), Size: sizeOf(r), Notes: notes, More: total - len(notes)}
	answer, err := chart.QR(v.Address("answer"))
	if err != nil {
		return err
	}
	for _, n := range notes {
		if n.Paper {
			v.Sheets = append(v.Sheets, sheet{inLang(r, n.Lang), n, answer, r.Site.Now()})
		}
	}
	return page.Render(w, r, http.StatusOK, lettersView(v))
}

// inLang is the page's words in the language of whom a letter is for.
func inLang(r *page.Request, lang i18n.Lang) page.Base {
	theirs := *r
	theirs.Lang = lang
	return theirs.Base("notice.letters.title")
}

// sizeOf is the paper that was asked for, or what printers have where the
// initiative is.
func sizeOf(r *page.Request) string {
	switch size := r.URL.Query().Get("paper"); {
	case size == a4 || size == letterSize:
		return size
	case r.In.Zone != nil && strings.HasPrefix(r.In.Zone.String(), "America/"):
		return letterSize
	}
	return a4
}

const (
	personField  = "person"
	throughField = "through"
	fromField    = "from" // the page whose button was pressed
	fromDay      = "day"
)

// handOver notes that somebody was told, or has their letter.
func (p *Pages) handOver(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := p.Notices.HandOver(r.Context(), r.Who, r.In.ID, f.Text(personField), f.Text(throughField)); err != nil {
		return err
	}
	if f.Text(fromField) == fromDay {
		return page.Redirect(w, r, r.Path("day"), "notice.note.done")
	}
	return page.Redirect(w, r, r.Path("letters"), "notice.letters.done")
}

// done is what the button beside a note says.
func done(n notice.Note) (key string) {
	if n.Paper {
		return "notice.letters.given"
	}
	return "notice.note.told"
}

// line is what is new in one matter, in the page's language.
func line(b page.Base, n notice.News) string { return notice.Say(i18n.In(b.Lang()), n) }
