package exchange

import (
	"slices"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/people"
)

// The questions about consent, and their answers.
const (
	askAgreed  = "agreed" // did these people agree to be in this list?
	askHow     = "how"    // how did they say so?
	askOn      = "on"     // when, about?
	agreedYes  = "yes"    // all of them
	agreedNo   = "no"     // nobody asked them
	agreedEach = "each"   // a column says so for each
	fieldAgree = "agreed" // that column
	fieldWhen  = "agreed_on"
)

// consentQuestions ask once of a whole table what people agreed to.
func consentQuestions(has func(string) bool) []Question {
	options := []string{agreedYes, agreedNo}
	if has(fieldAgree) {
		options = []string{agreedEach, agreedYes, agreedNo}
	}
	return []Question{
		{Name: askAgreed, Options: options},
		{Name: askHow, Options: []string{string(people.Paper), string(people.Doorstep), string(people.Phoned), string(people.Web)}, Unless: askAgreed + "=" + agreedNo},
		{Name: askOn, Unless: askAgreed + "=" + agreedNo},
	}
}

// consentFields are the columns that say it for each.
func consentFields() []sheet.Field {
	return []sheet.Field{
		{Name: fieldAgree, Kind: sheet.Bool, Words: []string{
			"agreed", "consent", "consented", "permission", "ok to keep", "gdpr", "opt in",
			"de acuerdo", "consentimiento", "permiso", "autoriza", "autorización", "acepta",
		}},
		{Name: fieldWhen, Kind: sheet.Date, Words: []string{
			"agreed on", "consent date", "date of consent", "fecha de consentimiento", "fecha de autorización",
		}},
	}
}

// agreement is what the people of a table agreed to, and how.
type agreement struct {
	answers Answers
	channel people.Channel
	on      string
}

func newAgreement(answers Answers) agreement {
	return agreement{answers: answers, channel: people.Channel(answers[askHow]), on: answers[askOn]}
}

// covers says whether the people of a row agreed.
func (a agreement) covers(r Row) bool {
	switch a.answers[askAgreed] {
	case agreedYes:
		return true
	case agreedEach:
		return isYes(r.text(fieldAgree))
	}
	return false
}

// day is when they agreed, as the row says or as was said of all; "" is today.
func (a agreement) day(r Row) string {
	if day := r.text(fieldWhen); day != "" {
		if _, err := db.ParseDay(firstDay(day)); err == nil {
			return firstDay(day)
		}
	}
	return a.on
}

// draft is the consent of a row, to some purposes.
func (a agreement) draft(r Row, purposes ...people.Purpose) people.ConsentDraft {
	return people.ConsentDraft{Purposes: purposes, On: a.day(r), GivenBy: people.Self, Channel: a.channel}
}

// firstDay is the day of a cell that may hold an hour as well.
func firstDay(text string) string {
	day, _, _ := strings.Cut(text, " ")
	return day
}

// saysYes and saysNo are what people write for an agreement, beside the yes
// and no of any table.
var (
	saysYes = []string{"agreed", "agree", "acepta", "de acuerdo", "ok"}
	saysNo  = []string{"no acepta", "refused", "declined"}
)

func isYes(text string) bool {
	yes, ok := sheet.IsYes(text)
	return ok && yes || slices.Contains(saysYes, db.Fold(text))
}

func isNo(text string) bool {
	yes, ok := sheet.IsYes(text)
	return ok && !yes || slices.Contains(saysNo, db.Fold(text))
}
