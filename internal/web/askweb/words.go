package askweb

import (
	"commonweal/internal/conversation"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

// named says whether somebody wants their name kept with what they say.
func named(f *page.Form) bool {
	return f.Text(conversation.FieldConsent) == string(conversation.WithName)
}

// contactKey asks for any contact beside a name, and without one for an e-mail
// address alone, which nobody is shown.
func contactKey(f *page.Form) string {
	if named(f) {
		return "ask.contact"
	}
	return "ask.reply"
}

func ageOptions() (all []page.Option) {
	for _, a := range people.Ages() {
		all = append(all, page.Option{Value: string(a), Key: "ask.age." + string(a)})
	}
	return all
}

// reader says who will read what was said, by name where there is one.
func reader(p thanksPage) string {
	if p.Receipt.Reader == "" {
		return p.T("ask.thanks.stewards")
	}
	return p.T("ask.thanks.reader", i18n.Args{"name": p.Receipt.Reader})
}

func near(p thanksPage) string {
	if p.Near.At == "" {
		return p.T("home.week.at", i18n.Args{"place": p.Near.Spot})
	}
	return p.T("home.week.attime", i18n.Args{"place": p.Near.Spot, "time": p.Near.At})
}
