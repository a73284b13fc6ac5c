package organization

import (
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/place"
)

// Limits on what a form may hold, in letters.
const (
	maxName  = 200
	maxAbout = 4000
	maxText  = 500
	maxLine  = 200
	maxLangs = 12
	maxCount = 10_000_000
)

// Draft is an organization as somebody typed it. Numbers stay text, so that
// what can't be read comes back as it was typed.
type Draft struct {
	Kind    Kind
	Parent  string // id of an Organization, or ""
	Name    string
	About   string
	Lang    string // of name and about; "" is the initiative's first
	Email   string // public
	Website string
	Phone   string // public
	Area    string // id of a place.Area, or ""
	Langs   []string
	Members string // "" when nobody has said
}

// DraftOf is the draft that would leave an organization as it is.
func DraftOf(r Record) Draft {
	d := Draft{
		Kind: r.Kind, Parent: r.Parent, Name: r.Name, About: r.About, Lang: string(r.Lang), Email: r.Email,
		Website: r.Website, Area: r.Area, Langs: codes(r.Langs),
	}
	if r.Members > 0 {
		d.Members = strconv.Itoa(r.Members)
	}
	if len(r.Phones) > 0 {
		d.Phone = r.Phones[0].Number
	}
	return d
}

// parse reads the draft, or says everything that is wrong with it.
func (d Draft) parse(in initiative.Initiative, areas []place.Area, f *fault.Form) Organization {
	o := Organization{Kind: d.Kind, Parent: d.Parent, Area: d.Area}
	f.Check(slices.Contains(Kinds(), o.Kind), "kind", "organization.kind.missing")
	o.Name = line(d.Name, "name", f)
	f.Check(o.Name != "", "name", "organization.name.missing")
	o.About = words(d.About, "about", maxAbout, f)
	o.Lang = parseLang(d.Lang, in, f)
	o.Email = address(d.Email, f)
	o.Website = site(d.Website, "website", f)
	_ = phone(d.Phone, "phone", f)
	checkArea(d.Area, areas, f)
	o.Langs = parseLangs(d.Langs, f)
	if typed := strings.TrimSpace(d.Members); typed != "" {
		n, err := strconv.Atoi(typed)
		f.Check(err == nil && n >= 0 && n <= maxCount, "members", "organization.members.unreadable", "typed", typed)
		o.Members = n
	}
	return o
}

// OfferDraft is what an organization can bring, as somebody typed it.
type OfferDraft struct {
	Kind OfferKind
	Text string
	Lang string // "" is the initiative's first
}

func (d OfferDraft) parse(in initiative.Initiative, f *fault.Form) Offer {
	o := Offer{Kind: d.Kind, Text: words(d.Text, "text", maxText, f), Lang: parseLang(d.Lang, in, f)}
	f.Check(o.Kind.Known(), "kind", "organization.offer.kind")
	f.Check(o.Text != "", "text", "organization.offer.missing")
	return o
}

// ServiceDraft is a service as somebody typed it.
type ServiceDraft struct {
	Name        string
	About       string
	Lang        string // "" is the initiative's first
	Status      ServiceStatus
	Eligibility string
	Fees        string
	Apply       string
	Email       string
	URL         string
	Phone       string
	Langs       []string
	Places      []string // ids of the organization's places
}

// ServiceDraftOf is the draft that would leave a service as it is.
func ServiceDraftOf(e Entry) ServiceDraft {
	d := ServiceDraft{
		Name: e.Name, About: e.About, Lang: string(e.Lang), Status: e.Status, Eligibility: e.Eligibility, Fees: e.Fees,
		Apply: e.Apply, Email: e.Email, URL: e.URL, Langs: codes(e.Langs),
	}
	if len(e.Phones) > 0 {
		d.Phone = e.Phones[0].Number
	}
	for _, p := range e.Places {
		d.Places = append(d.Places, p.ID)
	}
	return d
}

func (d ServiceDraft) parse(in initiative.Initiative, places []Location, f *fault.Form) ServiceRecord {
	s := ServiceRecord{Status: d.Status}
	if s.Status == "" {
		s.Status = Active
	}
	s.Name = line(d.Name, "name", f)
	f.Check(s.Name != "", "name", "organization.name.missing")
	s.About = words(d.About, "about", maxAbout, f)
	s.Lang = parseLang(d.Lang, in, f)
	f.Check(slices.Contains(ServiceStatuses(), s.Status), "status", "organization.status.unknown")
	s.Eligibility = words(d.Eligibility, "eligibility", maxText, f)
	s.Fees = words(d.Fees, "fees", maxText, f)
	s.Apply = words(d.Apply, "apply", maxText, f)
	s.Email = address(d.Email, f)
	s.URL = site(d.URL, "url", f)
	_ = phone(d.Phone, "phone", f)
	s.Langs = parseLangs(d.Langs, f)
	for _, id := range d.Places {
		f.Check(slices.ContainsFunc(places, func(l Location) bool { return l.ID == id }), "places", "organization.place.unknown")
	}
	return s
}

// PlaceDraft is a place of an organization as somebody typed it.
type PlaceDraft struct {
	Kind       LocationKind // "" is Physical
	Name       string
	About      string // how one finds it
	Area       string // id of a place.Area, or ""
	Street     string
	City       string
	Region     string
	PostalCode string
	Lat, Lon   string // degrees, or ""
}

func (d PlaceDraft) parse(areas []place.Area, f *fault.Form) (Location, Address) {
	l := Location{Kind: d.Kind, Area: d.Area}
	if l.Kind == "" {
		l.Kind = Physical
	}
	f.Check(slices.Contains([]LocationKind{Physical, Postal, Virtual}, l.Kind), "kind", "organization.kind.missing")
	l.Name = line(d.Name, "name", f)
	f.Check(l.Name != "", "name", "organization.name.missing")
	l.About = words(d.About, "about", maxText, f)
	checkArea(d.Area, areas, f)
	if d.Lat != "" || d.Lon != "" {
		l.Pinned = true
		l.Lat, l.Lon = degrees(d.Lat, "lat", 90, f), degrees(d.Lon, "lon", 180, f)
	}
	return l, Address{
		Street: line(d.Street, "street", f), City: line(d.City, "city", f),
		Region: line(d.Region, "region", f), PostalCode: line(d.PostalCode, "postal_code", f),
	}
}

// line is one line of text, trimmed.
func line(typed, field string, f *fault.Form) string {
	typed = strings.Join(strings.Fields(typed), " ")
	checkLong(typed, field, maxLine, f)
	return typed
}

// words are some lines of text, trimmed.
func words(typed, field string, limit int, f *fault.Form) string {
	typed = strings.TrimSpace(typed)
	checkLong(typed, field, limit, f)
	return typed
}

func checkLong(text, field string, limit int, f *fault.Form) {
	f.Check(utf8.RuneCountInString(text) <= limit, field, "organization.text.long", "max", limit)
	f.Check(utf8.ValidString(text) && !strings.ContainsRune(text, 0), field, "organization.text.unreadable")
}

func address(typed string, f *fault.Form) string {
	typed = strings.TrimSpace(typed)
	if typed != "" {
		a, err := mail.ParseAddress(typed)
		f.Check(err == nil && a.Address == typed, "email", "organization.email.unreadable", "typed", typed)
	}
	return typed
}

// site is an address of a page; people leave the front of it out.
func site(typed, field string, f *fault.Form) string {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return ""
	}
	if !strings.Contains(typed, "://") {
		typed = "https://" + typed
	}
	u, err := url.Parse(typed)
	f.Check(err == nil && (u.Scheme == "https" || u.Scheme == "http") && strings.Contains(u.Host, "."),
		field, "organization.site.unreadable", "typed", typed)
	checkLong(typed, field, maxText, f)
	return typed
}

// phone takes what people write on paper, so long as it can be dialled.
func phone(typed, field string, f *fault.Form) string {
	typed = strings.Join(strings.Fields(typed), " ")
	digits := 0
	for _, r := range typed {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	f.Check(typed == "" || digits >= 3 && utf8.RuneCountInString(typed) <= maxLine, field, "organization.phone.unreadable", "typed", typed)
	return typed
}

func degrees(typed, field string, most float64, f *fault.Form) float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(typed), 64)
	f.Check(err == nil && n >= -most && n <= most, field, "organization.degrees.unreadable", "typed", typed)
	return n
}

func checkArea(id string, areas []place.Area, f *fault.Form) {
	known := id == "" || slices.ContainsFunc(areas, func(a place.Area) bool { return a.ID == id })
	f.Check(known, "area", "organization.area.unknown")
}

// parseLang is the language of some words: one of the initiative's.
func parseLang(code string, in initiative.Initiative, f *fault.Form) i18n.Lang {
	lang := in.Lang(i18n.Lang(code))
	f.Check(code == "" || string(lang) == code, "lang", "organization.lang.unknown")
	return lang
}

// parseLangs reads ISO 639 codes of any language, not only those of our pages.
func parseLangs(typed []string, f *fault.Form) (all []i18n.Lang) {
	for _, code := range typed {
		base, err := language.ParseBase(strings.TrimSpace(code))
		f.Check(err == nil, "langs", "organization.langs.unknown", "typed", code)
		if lang := i18n.Lang(base.String()); err == nil && !slices.Contains(all, lang) {
			all = append(all, lang)
		}
	}
	f.Check(len(all) <= maxLangs, "langs", "organization.langs.toomany", "max", maxLangs)
	return all
}

func codes(all []i18n.Lang) (out []string) {
	for _, l := range all {
		out = append(out, string(l))
	}
	return out
}
