package doorweb

import (
	"net/http"
	"strconv"
	"strings"

	"commonweal/chart"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

// size is a size of paper; its name is also its class.
type size string

const (
	a4     size = "a4"
	letter size = "letter"
)

// usual is the paper that printers have where the initiative is.
func usual(in page.In) size {
	if in.Zone != nil && strings.HasPrefix(in.Zone.String(), "America/") {
		return letter
	}
	return a4
}

// sizeOf reads a size, or gives the usual one.
func sizeOf(text string, in page.In) size {
	switch s := size(text); s {
	case a4, letter:
		return s
	}
	return usual(in)
}

type sheetPage struct {
	page.Base
	Size        size
	Codes       []string // one sheet each; "" is a sheet without a code
	Ask, Answer chart.Code
}

func sheetsOf(b page.Base, s size, codes []string) (p sheetPage, err error) {
	p = sheetPage{Base: b, Size: s, Codes: codes}
	if p.Ask, err = chart.QR(b.Address("share")); err != nil {
		return p, err
	}
	p.Answer, err = chart.QR(b.Address("answer"))
	return p, err
}

// sheet is the form on paper, for anybody to print.
func (p *Pages) sheet(w http.ResponseWriter, r *page.Request) error {
	v, err := sheetsOf(r.Base("door.sheet.title"), sizeOf(r.URL.Query().Get("paper"), r.In), []string{""})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, sheetView(v))
}

const (
	numberField = "n"
	paperField  = "paper"
	langField   = "lang"

	usualSheets = 10
)

type sheetsPage struct {
	page.Base
	Form *page.Form
}

func (p *Pages) askSheets(w http.ResponseWriter, r *page.Request) error {
	f := page.NewForm().
		Set(numberField, strconv.Itoa(usualSheets)).Set(paperField, string(usual(r.In))).Set(langField, string(r.Lang))
	return page.Render(w, r, http.StatusOK, sheetsView(sheetsPage{r.Base("door.sheets.title"), f}))
}

// sheets prints sheets with a code each, half of which goes home with whoever
// was asked. It is a POST, since from now on the codes exist.
func (p *Pages) sheets(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	n, _ := f.Number(numberField) // what can't be read is none, and none is refused
	codes, err := p.Conversations.IssueCodes(r.Context(), r.Who, r.In.ID, n)
	if err != nil {
		if !f.Refused(err) {
			return err
		}
		return page.Render(w, r, http.StatusUnprocessableEntity, sheetsView(sheetsPage{r.Base("door.sheets.title"), f}))
	}
	if lang := i18n.Lang(f.Text(langField)); i18n.Known(lang) {
		r.Lang = lang
	}
	v, err := sheetsOf(r.Base("door.sheets.ready"), sizeOf(f.Text(paperField), r.In), codes)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, sheetView(v))
}

// lines are the four kinds of gift, each with a line to write on.
func lines() (keys []string) {
	for _, k := range gift.Kinds() {
		keys = append(keys, "asks.me.gift."+string(k)+".label")
	}
	return keys
}

func sizeOptions() []page.Option {
	return []page.Option{{Value: string(letter), Key: "door.paper.letter"}, {Value: string(a4), Key: "door.paper.afour"}}
}

// sheetLangs are the languages that a sheet can be printed in.
func sheetLangs(b page.Base) (all []page.Option) {
	for _, o := range langOptions(b) {
		if i18n.Known(i18n.Lang(o.Value)) {
			all = append(all, o)
		}
	}
	return all
}
