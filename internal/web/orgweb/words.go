package orgweb

import (
	"slices"
	"strings"
	"time"

	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

// spoken are the languages that a form offers: those of our pages, and some
// that many neighbours of ours speak. Any other that is there stays.
var spoken = []i18n.Lang{"en", "es", "ar", "fr", "ht", "pt", "ru", "so", "vi", "zh"}

func langOptions(b page.Base, have []string) (all []page.Option) {
	langs := slices.Clone(spoken)
	for _, code := range have {
		if lang := i18n.Lang(code); !slices.Contains(langs, lang) {
			langs = append(langs, lang)
		}
	}
	for _, l := range langs {
		all = append(all, page.Option{Value: string(l), Label: b.Language(l)})
	}
	return all
}

// today is the calendar day where the initiative's people live.
func today(r *page.Request) time.Time {
	now := r.Site.Now()
	if r.In.Zone != nil {
		now = now.In(r.In.Zone)
	}
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// ago says how long ago something was said, in the words that people use.
func ago(b page.Base, said, today time.Time) string {
	days := int(today.Sub(said).Hours() / 24)
	switch {
	case days <= 0:
		return b.T("orgs.ago.today")
	case days < 31:
		return b.T("orgs.ago.days", i18n.Args{"n": days})
	case days < 365:
		return b.T("orgs.ago.months", i18n.Args{"n": max(1, (days*12+182)/365)})
	}
	return b.T("orgs.ago.years", i18n.Args{"n": days / 365})
}

// members says how many an organization has, or nothing.
func members(b page.Base, o organization.Organization) string {
	if o.Members == 0 {
		return ""
	}
	return b.T("orgs.members", i18n.Args{"n": o.Members})
}

// joined puts what there is of some words on one line.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// kindOptions are the two kinds of organization.
func kindOptions() (all []page.Option) {
	for _, k := range organization.Kinds() {
		all = append(all, page.Option{Value: string(k), Key: "orgs.kind." + string(k)})
	}
	return all
}

// lines are the paragraphs of a text.
func lines(text string) (all []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// clip cuts a text to what a list has room for, at a word.
func clip(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	cut := string(letters[:most])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,.;:") + "…"
}

// manyOptions are the kinds to narrow a list by.
func manyOptions(b page.Base) []page.Option {
	all := []page.Option{{Label: b.T("orgs.kind.any")}}
	for _, k := range organization.Kinds() {
		all = append(all, page.Option{Value: string(k), Label: b.T("orgs.kind." + string(k) + ".plural")})
	}
	return all
}

// bare is an address of a page as people say it.
func bare(site string) string {
	site = strings.TrimPrefix(strings.TrimPrefix(site, "https://"), "http://")
	return strings.TrimSuffix(strings.TrimPrefix(site, "www."), "/")
}

// due says whether a day of review has come.
func due(review, today time.Time) bool { return !review.After(today) }

// channels are the ways in which somebody can have said yes.
func channels(b page.Base) (all []page.Option) {
	for _, c := range people.Channels() {
		if c != people.Web {
			all = append(all, page.Option{Value: string(c), Label: b.T("people.channel." + string(c))})
		}
	}
	return all
}
