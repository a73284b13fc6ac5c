package orgweb

import (
	"encoding/json"
	"net/http"
	"strings"

	"commonweal/internal/web/page"
)

// maxSites is how many places one file holds: a large city's directory has a
// few thousand.
const maxSites = 10_000

// feature is one thing of a GeoJSON file (RFC 7946).
type feature struct {
	Type       string            `json:"type"`
	ID         string            `json:"id"`
	Geometry   json.RawMessage   `json:"geometry"`
	Properties map[string]string `json:"properties"`
}

// geojson is the areas that have an outline and the places of the
// organizations that are shown. No person is in it.
func (p *Pages) geojson(w http.ResponseWriter, r *page.Request) error {
	ctx, in := r.Context(), r.In.ID
	areas, err := p.areas(ctx, in)
	if err != nil {
		return err
	}
	outlines, err := p.Places.Boundaries(ctx, in)
	if err != nil {
		return err
	}
	sites, err := p.Organizations.Sites(ctx, in, "", maxSites)
	if err != nil {
		return err
	}
	all := struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}{"FeatureCollection", []feature{}}
	for _, a := range areas.All {
		if outline, ok := outlines[a.ID]; ok {
			all.Features = append(all.Features, feature{
				"Feature", a.ID, json.RawMessage(outline), map[string]string{"kind": string(a.Kind), "name": a.Name},
			})
		}
	}
	for _, s := range sites {
		if !s.Pinned {
			continue
		}
		at, err := json.Marshal(struct {
			Type        string     `json:"type"`
			Coordinates [2]float64 `json:"coordinates"`
		}{"Point", [2]float64{s.Lon, s.Lat}})
		if err != nil {
			return err
		}
		all.Features = append(all.Features, feature{"Feature", s.ID, at, map[string]string{
			"kind": string(s.OrganizationKind), "name": s.Name, "organization": s.OrganizationName,
			"page": r.Site.Base + r.Path("organizations", s.Organization),
		}})
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return file(w, "application/geo+json", "", text)
}

// file sends one; with a name, a browser keeps it under that.
func file(w http.ResponseWriter, kind, name string, text []byte) error {
	w.Header().Set("Content-Type", kind)
	if name != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	}
	_, err := w.Write(text)
	return err
}

// card is an organization's own public contact as a vCard (RFC 2426, which
// old phones read as well).
func (p *Pages) card(w http.ResponseWriter, r *page.Request) error {
	o, err := p.Organizations.Get(r.Context(), r.Who, r.In.ID, r.PathValue("organization"))
	if err != nil {
		return err
	}
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			b.WriteString(folded(name + ":" + value))
		}
	}
	line("BEGIN", "VCARD")
	line("VERSION", "3.0")
	line("N", escaped(o.Name)+";;;;")
	line("FN", escaped(o.Name))
	line("ORG", escaped(o.Name))
	line("X-ABSHOWAS", "COMPANY")
	for _, one := range o.Phones {
		line("TEL;TYPE=WORK,VOICE", escaped(one.Number))
	}
	line("EMAIL;TYPE=INTERNET", escaped(o.Email))
	line("URL", escaped(o.Website))
	for _, one := range o.Places {
		for _, a := range one.Addresses {
			line("ADR;TYPE=WORK", ";;"+strings.Join([]string{
				escaped(a.Street), escaped(a.City), escaped(a.Region), escaped(a.PostalCode), escaped(a.Country),
			}, ";"))
		}
	}
	line("SOURCE", escaped(r.Site.Base+r.Path("organizations", o.ID)))
	line("REV", o.ChangedAt.UTC().Format("20060102T150405Z"))
	line("END", "VCARD")
	return file(w, "text/vcard; charset=utf-8", "contact.vcf", []byte(b.String()))
}

// escaped is a value of a vCard: what means something there stands for itself.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\r", "", "\n", `\n`, ",", `\,`, ";", `\;`).Replace(text)
}

// folded is a line in pieces of at most 75 bytes, never within a letter.
func folded(line string) string {
	const most = 75
	var b strings.Builder
	n := 0
	for _, letter := range line {
		size := len(string(letter))
		if n+size > most {
			b.WriteString("\r\n ")
			n = 1
		}
		b.WriteRune(letter)
		n += size
	}
	b.WriteString("\r\n")
	return b.String()
}
