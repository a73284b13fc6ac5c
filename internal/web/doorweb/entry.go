package doorweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/conversation"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web/asks"
	"commonweal/internal/web/page"
)

// sheetsAtOnce is how many sheets are typed in on one page.
const sheetsAtOnce = 20

// rowFields are what is typed in of each sheet. In row 3 the field "need" is
// named "need-3".
func rowFields() []string {
	all := []string{
		conversation.FieldSheetCode, conversation.FieldConsent, conversation.FieldName, conversation.FieldContact,
		conversation.FieldArea, conversation.FieldParent, conversation.FieldNeed, conversation.FieldSupport,
		conversation.FieldOther, conversation.FieldNext,
	}
	for _, k := range gift.Kinds() {
		all = append(all, conversation.FieldGift(k))
	}
	return all
}

func in(row int, field string) string { return field + "-" + strconv.Itoa(row) }

type entryPage struct {
	page.Base
	Form  *page.Form
	Areas []place.Area
	Rows  []entryRow
}

// entryRow is one sheet of the grid.
type entryRow struct {
	N     int
	Saved bool // what was typed is carried along unseen, and is kept once
}

func (p *Pages) entry(w http.ResponseWriter, r *page.Request) error {
	f := page.NewForm().Set(conversation.FieldHeldOn, today(r)).Set(conversation.FieldLang, string(r.Lang))
	return p.showEntry(w, r, http.StatusOK, f, nil)
}

func (p *Pages) showEntry(w http.ResponseWriter, r *page.Request, status int, f *page.Form, saved []kept) error {
	areas, err := p.Places.List(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	v := entryPage{Base: r.Base("door.entry.title"), Form: f, Areas: areas}
	for n := 1; n <= sheetsAtOnce; n++ {
		done := slices.ContainsFunc(saved, func(k kept) bool { return k.N == n })
		v.Rows = append(v.Rows, entryRow{N: n, Saved: done})
	}
	return page.Render(w, r, status, entryView(v))
}

// kept is a sheet that was typed in.
type kept struct {
	N       int
	Receipt conversation.Receipt
	OwnCode bool // the sheet had a code already
}

// enter keeps every sheet that it can. Each is a conversation of its own under
// a key of its own: those that are kept stay so when another has to be mended,
// and sending all of them again adds nothing.
func (p *Pages) enter(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	var saved []kept
	for n := 1; n <= sheetsAtOnce; n++ {
		row := rowOf(f, n)
		if row == nil {
			continue
		}
		receipt, err := p.Conversations.Record(r.Context(), r.Who, r.In.ID, f.Key()+"-"+strconv.Itoa(n), paperDraft(row))
		if err != nil {
			if !refusedRow(f, n, err, i18n.In(r.Lang)) {
				return err
			}
			continue
		}
		saved = append(saved, kept{N: n, Receipt: receipt, OwnCode: row.Text(conversation.FieldSheetCode) != ""})
	}
	switch {
	case len(f.Faults) > 0:
		return p.showEntry(w, r, http.StatusUnprocessableEntity, f, saved)
	case len(saved) == 0:
		f.Faults = []fault.Field{{Name: in(1, conversation.FieldSheetCode), Message: fault.Message{Key: "door.entry.none"}}}
		return p.showEntry(w, r, http.StatusUnprocessableEntity, f, nil)
	}
	return page.Render(w, r, http.StatusOK, enteredView(enteredPage{r.Base("door.entry.done"), saved}))
}

type enteredPage struct {
	page.Base
	Saved []kept
}

// rowOf is one row as a form of its own, with the day and the language that all
// share; nil when nothing was typed into it.
func rowOf(f *page.Form, n int) *page.Form {
	row, typed := page.NewForm(), false
	for _, name := range rowFields() {
		row.Raw[name] = f.Raw[in(n, name)]
		typed = typed || strings.TrimSpace(strings.Join(row.Raw[name], "")) != ""
	}
	if !typed {
		return nil
	}
	for _, shared := range []string{conversation.FieldHeldOn, conversation.FieldLang} {
		row.Raw[shared] = f.Raw[shared]
	}
	return row
}

// paperDraft is what a sheet says. A parent's name is asked only of those under
// 18, so whoever gives one is.
func paperDraft(row *page.Form) conversation.Draft {
	d := asks.Read(row)
	d.Channel = people.Paper
	if d.Parent != "" {
		d.Age = people.Under18
	}
	return d
}

// refusedRow notes what is wrong with a row at its fields, and says whether the
// error was about the row at all.
func refusedRow(f *page.Form, n int, err error, words *i18n.Catalogue) bool {
	wrong := fault.Fields(err)
	switch {
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Busy):
		wrong = []fault.Field{{Name: conversation.FieldSheetCode, Message: fault.Says(err, "door.entry.again")}}
	case !fault.Is(err, fault.Invalid):
		return false
	case len(wrong) == 0:
		wrong = []fault.Field{{Name: conversation.FieldSheetCode, Message: fault.Says(err, "error.form")}}
	}
	for _, one := range wrong {
		if slices.Contains(rowFields(), one.Name) {
			one = fault.Field{Name: in(n, one.Name), Message: fault.Message{
				Key: "door.entry.row", Args: i18n.Args{"number": n, "says": words.Say(one.Message)},
			}}
		} else if _, said := f.Fault(one.Name); said {
			continue // it is about what all rows share
		}
		f.Faults = append(f.Faults, one)
	}
	return true
}
