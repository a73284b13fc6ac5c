package setupweb_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"slices"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/i18n"
)

// TestAStewardTakesEverythingAlong downloads the archive, and those in it can
// see so.
func TestAStewardTakesEverythingAlong(t *testing.T) {
	h := open(t)
	b := h.site.As(t, h.steward)
	for _, lang := range i18n.Langs() {
		b.Header.Set("Accept-Language", string(lang))
		asked := b.Get("/i/riverside/setup/everything")
		if asked.Status != http.StatusOK {
			t.Fatalf("%s: %d", lang, asked.Status)
		}
		asked.Sound(t)
		asked.Doc.Has(t, "main button", i18n.In(lang).T("setup.everything.take"))
	}
	a := b.Post("/i/riverside/setup/everything", nil)
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/zip" || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d, %v", a.Status, a.Header)
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(a.Body)), int64(len(a.Body)))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == "json/person.ndjson" }) {
		t.Error("nobody is in it")
	}
	looked, err := audit.ByObject(t.Context(), h.db.Read(), h.in.ID, h.rosa.Person(h.in.ID))
	if err != nil || len(looked) != 1 || looked[0].Act != audit.LookedAtAll {
		t.Errorf("Rosa reads %+v, %v", looked, err)
	}
}

func TestNobodyElseTakesEverythingAlong(t *testing.T) {
	h := open(t)
	for name, who := range map[string]access.Actor{"a connector": h.connector, "a resident": h.rosa, "the operator": h.operator} {
		b := h.site.As(t, who)
		if a := b.Post("/i/riverside/setup/everything", nil); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
}
