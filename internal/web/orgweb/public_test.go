package orgweb_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/release"
)

func TestAnEmptyPlaceInvites(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.visitor(lang)
		b.see("/organizations").Doc.Has(t, ".empty", b.t("orgs.none"))
		b.see("/services").Doc.Has(t, ".empty", b.t("orgs.find.service.none"))
		b.see("/services").Doc.Has(t, "main a[href=/i/oak/api/hsds/services]", b.t("orgs.find.service.data"))
		b.see("/assets").Doc.Has(t, ".card", b.t("orgs.assets.unknown"))
		b.see("/organizations?q=choir").Doc.Has(t, ".empty", b.t("orgs.nothing"))
	})
}

func TestAssociationsStandFirst(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		h.library()
		choir := h.choir()
		h.must(h.organizations.Show(t.Context(), h.sue, h.in.ID, choir.ID, organization.Shown))
		b := h.visitor(lang)
		a := b.see("/organizations")
		titles := a.Doc.All("main section h2")
		if len(titles) != 2 {
			t.Fatalf("got %d parts", len(titles))
		}
		text := a.Doc.Text("main")
		if strings.Index(text, "Coro del Río") > strings.Index(text, "City Library") {
			t.Error("an institution stands before an association")
		}
		a.Doc.Has(t, ".card li", "A room, without a fee")
		only := b.see("/organizations?kind=institution")
		only.Doc.Has(t, ".card h3", "City Library")
		if strings.Contains(only.Doc.Text("main"), "Coro") {
			t.Error("associations among the institutions")
		}
		if got := b.see("/organizations?q=coro").Doc.Text("main section"); !strings.Contains(got, "Coro del Río") || strings.Contains(got, "Library") {
			t.Errorf("a search for coro gave %q", got)
		}
	})
}

func TestManyOrganizationsAreReadInParts(t *testing.T) {
	h := open(t)
	for i := range 60 {
		o, err := h.organizations.Create(t.Context(), h.sue, h.in.ID, organization.Draft{
			Kind: organization.Association, Name: fmt.Sprintf("Circle %02d", i), Lang: "en",
		})
		h.must(err)
		h.must(h.organizations.Show(t.Context(), h.sue, h.in.ID, o.ID, organization.Shown))
	}
	b := h.visitor(i18n.English)
	seen := map[string]bool{}
	for path := "/organizations"; path != ""; {
		a := b.see(path)
		for _, n := range a.Doc.All(".card h3 a") {
			seen[n.FirstChild.Data] = true
		}
		path = ""
		for _, n := range a.Doc.All(".more a") {
			for _, attr := range n.Attr {
				if attr.Key == "href" {
					path = strings.TrimPrefix(attr.Val, "/i/oak")
				}
			}
		}
	}
	if len(seen) != 60 {
		t.Errorf("following “more” showed %d of 60", len(seen))
	}
}

func TestOneOrganizationSaysWhatItBrings(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		lib := h.library()
		b := h.visitor(lang)
		a := b.see("/organizations/" + lib.ID)
		a.Doc.Has(t, "h1", "City Library")
		a.Doc.Has(t, "main", "A room, without a fee")
		a.Doc.Has(t, "main", "9:00–17:00")
		a.Doc.Has(t, "main", "20 Market Lane")
		a.Doc.Has(t, ".tel", "555-0140")
		a.Doc.Has(t, "main", b.t("page.lang.es"))
		if strings.Contains(a.Body, "<form method=\"post\"") {
			t.Error("a visitor is offered something to change")
		}
		one := b.see("/services/" + h.get(lib.ID).Services[0].ID)
		one.Doc.Has(t, "h1", "Clases de inglés")
		one.Doc.Has(t, "main", "18:30–20:00")
		one.Doc.Has(t, "main", "Personas adultas")
		if lang == i18n.English {
			one.Doc.Has(t, "main", "Written in Spanish")
		}
	})
}

func TestADraftIsThereForNobodyElse(t *testing.T) {
	h := open(t)
	choir := h.choir()
	for _, b := range []*browser{h.visitor(i18n.English), h.as(h.max, i18n.English), h.as(h.carl, i18n.English)} {
		b.want(404, b.Get("/i/oak/organizations/"+choir.ID))
		b.want(404, b.Get("/i/oak/organizations/"+choir.ID+"/contact.vcf"))
		b.see("/organizations").Doc.Has(t, "main", b.t("orgs.none"))
	}
	for _, path := range []string{"/edit", "/offers", "/services", "/places", "/hours", "/speakers"} {
		b := h.as(h.max, i18n.English)
		b.want(404, b.Get("/i/oak/organizations/"+choir.ID+path))
	}
	h.as(h.mia, i18n.English).see("/organizations").Doc.Has(t, ".card .tag", i18n.In(i18n.English).T("orgs.status.proposed"))
}

func TestWhoSpeaksForItStaysBetweenThem(t *testing.T) {
	h := open(t)
	choir := h.choir()
	h.must(h.organizations.Show(t.Context(), h.sue, h.in.ID, choir.ID, organization.Shown))
	for _, b := range []*browser{h.visitor(i18n.English), h.as(h.max, i18n.English)} {
		if strings.Contains(b.see("/organizations/"+choir.ID).Body, "Mia") {
			t.Error("a stranger reads who speaks for it")
		}
	}
	h.as(h.carl, i18n.English).see("/organizations/"+choir.ID).Doc.Has(t, "main", "Mia")
}

func TestAServiceIsFoundInEitherLanguage(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		h.library()
		b := h.visitor(lang)
		for _, words := range []string{"english+class", "clases+de+ingl%C3%A9s"} {
			a := b.see("/services?q=" + words + "&area=" + h.block)
			a.Doc.Has(t, ".list h3", "Clases de inglés")
			a.Doc.Has(t, ".list li li", "Mill Row")
		}
		b.see("/services?q=zebra").Doc.Has(t, ".empty", b.t("orgs.find.service.nothing"))
		b.see("/services").Doc.Has(t, ".list h3", "Clases de inglés")
	})
}

func TestThePlacesAreCountedAndNobodyIsPinned(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		h.library()
		h.talks = []release.Cell{{Key: h.block, N: 43}}
		h.must(h.releases.Publish(t.Context(), h.in.ID))
		b := h.visitor(lang)
		a := b.see("/assets")
		a.Doc.Has(t, "table", "Mill Row")
		a.Doc.Has(t, "svg.ground text", "45")
		a.Doc.Has(t, ".stat", b.t("orgs.assets.institutions.n", i18n.Args{"n": 1}))
		for _, n := range []string{"/organizations?kind=institution", "/sites"} {
			if !strings.Contains(a.Body, n) {
				t.Errorf("no way to %s", n)
			}
		}
		var file struct {
			Type     string
			Features []struct {
				Geometry   struct{ Type string }
				Properties map[string]string
			}
		}
		geo := b.Get("/i/oak/places.geojson")
		if err := json.Unmarshal([]byte(geo.Body), &file); err != nil || geo.Header.Get("Content-Type") != "application/geo+json" {
			t.Fatalf("%v: %s", err, geo.Header.Get("Content-Type"))
		}
		got := map[string]int{}
		for _, f := range file.Features {
			got[f.Geometry.Type]++
		}
		if got["Polygon"] != 1 || got["Point"] != 1 {
			t.Errorf("got %v", got)
		}
	})
}

func TestSmallNumbersStayHiddenOnTheMap(t *testing.T) {
	h := open(t)
	h.talks = []release.Cell{{Key: h.block, N: 3}}
	h.must(h.releases.Publish(t.Context(), h.in.ID))
	a := h.visitor(i18n.English).see("/assets")
	a.Doc.Has(t, "svg.ground text", "*")
	if strings.Contains(a.Doc.Text("svg.ground"), "3") {
		t.Error("three talks are told")
	}
}

func TestItsContactGoesIntoAPhone(t *testing.T) {
	h := open(t)
	lib := h.library()
	_, err := h.organizations.Edit(t.Context(), h.sue, h.in.ID, lib.ID, organization.Draft{
		Kind: organization.Institution, Name: "Library; books, \\ and more: " + strings.Repeat("é", 60), Lang: "en", Phone: "555-0140",
	})
	h.must(err)
	a := h.visitor(i18n.English).Get("/i/oak/organizations/" + lib.ID + "/contact.vcf")
	if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/vcard") {
		t.Fatalf("%d %s", a.Status, a.Header.Get("Content-Type"))
	}
	whole := strings.ReplaceAll(a.Body, "\r\n ", "")
	for _, want := range []string{"BEGIN:VCARD\r\n", `FN:Library\; books\, \\ and more: é`, "TEL;TYPE=WORK,VOICE:555-0140\r\n", "ADR;TYPE=WORK:;;20 Market Lane;;;;\r\n"} {
		if !strings.Contains(whole, want) {
			t.Errorf("no %q in\n%s", want, whole)
		}
	}
	for _, line := range strings.Split(strings.TrimSuffix(a.Body, "\r\n"), "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
}

func TestPagesAskTheStoreAFewTimes(t *testing.T) {
	h := open(t)
	lib := h.library()
	for i := range 8 {
		o, err := h.organizations.Create(t.Context(), h.sue, h.in.ID, organization.Draft{Kind: organization.Association, Name: fmt.Sprintf("Circle %d", i), Lang: "en"})
		h.must(err)
		h.must(h.organizations.Show(t.Context(), h.sue, h.in.ID, o.ID, organization.Shown))
		_, err = h.organizations.AddOffer(t.Context(), h.sue, h.in.ID, o.ID, organization.OfferDraft{Kind: organization.Room, Text: "a hall", Lang: "en"})
		h.must(err)
	}
	counter := dbtest.Count(h.db)
	for path, most := range map[string]int{
		"/organizations": 5, "/organizations/" + lib.ID: 10, "/services": 3, "/services?q=english": 5, "/assets": 9, "/places.geojson": 5,
	} {
		counter.Reset()
		b := h.visitor(i18n.English)
		if a := b.Get("/i/oak" + path); a.Status != 200 {
			t.Errorf("%s: %d", path, a.Status)
		}
		if n := counter.N(); n > most || n == 0 {
			t.Errorf("%s asks %d times, more than %d:\n%s", path, n, most, strings.Join(counter.Statements(), "\n"))
		}
	}
}
