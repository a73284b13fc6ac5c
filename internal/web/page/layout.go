package page

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"commonweal/internal/i18n"
	"commonweal/internal/web/assets"
)

var errOnceOnPublic = errors.New("page: a form with a once key can't stand on a public route")

// tab is what stands on the browser's tab.
func (b Base) tab(ctx context.Context) string {
	title := b.title
	if b.r.Route.Private {
		title = b.T(b.neutral)
	}
	if refused(ctx) {
		title = b.T("form.error", i18n.Args{"title": title})
	}
	if site := b.brand(); site != title {
		title += " – " + site
	}
	return title
}

// brand is the initiative's name, or the program's.
func (b Base) brand() string {
	if b.r.In.Name != "" {
		return b.r.In.Name
	}
	return b.T("page.brand")
}

func (b Base) sheet() string {
	switch {
	case b.r.Letters:
		return assets.Path(assets.Clear)
	case b.r.SaveData:
		return assets.Path(assets.Plain)
	}
	return assets.Path(assets.Sheet)
}

// with is the address of this page with one thing asked differently: its
// language, its letters.
func (b Base) with(name, value string) string {
	u := b.r.here()
	q := u.Query()
	q.Set(name, value)
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
}

// here is where a GET shows this page. The answer to a refused POST stands at
// the address of its form, if that has a GET.
func (r *Request) here() *url.URL {
	if r.Back != "" {
		return &url.URL{Path: r.Back}
	}
	return r.URL
}

// others are the languages that this page can also be read in.
func (b Base) others() []i18n.Lang {
	offered := b.r.In.Langs
	if len(offered) == 0 {
		offered = i18n.Langs()
	}
	return slices.DeleteFunc(slices.Clone(offered), func(l i18n.Lang) bool { return l == b.Lang() })
}

// link is one entry of the navigation as it is drawn.
type link struct {
	href, text string
	here       bool
}

// nav is the navigation for who looks at the page: what they may use, and
// nothing else.
func (b Base) nav() []link {
	var links []link
	for _, item := range b.r.Site.Nav {
		inside := strings.HasPrefix(item.Path, "/i/{initiative}")
		if inside != (b.r.In.Slug != "") || !b.May(item.Need) || item.Unless != 0 && b.May(item.Unless) {
			continue
		}
		href := item.Path
		if inside {
			href = b.Path() + strings.TrimPrefix(item.Path, "/i/{initiative}")
		}
		links = append(links, link{href: href, text: b.T(item.Key), here: b.r.URL.Path == href})
	}
	return links
}

// fewLinks is how many entries stand in a row on a phone; more go in a menu.
const fewLinks = 4

// exit says whether the page has the quick exit.
func (b Base) exit() bool { return b.r.Route.Private || b.r.Route.Exit }

// dialled is a phone number as a link takes it.
func dialled(number string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '+' {
			return c
		}
		return -1
	}, number)
}
