package peopleweb_test

import (
	"strings"
	"testing"

	"commonweal/internal/exchange"
	"commonweal/internal/i18n"
)

// listed brings somebody in whom Carl knows, from a list with a column that has
// no place of its own.
func (h *house) listed() (person string) {
	h.Helper()
	text := "Full name,Connector,Remarks\nAna Ruiz,Carl,sings in the choir\n"
	b, err := h.files.Upload(h.Context(), h.sue, h.in.ID, "list.csv", strings.NewReader(text), int64(len(text)))
	h.must(err)
	b, err = h.files.Map(h.Context(), h.sue, h.in.ID, b.ID, 0, exchange.SheetDraft{
		Target: "contacts", Columns: []string{"name", "connector", exchange.Beside}, Answers: exchange.Answers{"agreed": "yes", "how": "paper"},
	})
	h.must(err)
	_, err = h.files.Apply(h.Context(), h.sue, h.in.ID, b.ID, nil)
	h.must(err)
	found, err := h.files.Similar(h.Context(), h.sue, h.in.ID, exchange.Typed{Name: "Ana Ruiz"})
	h.must(err)
	if len(found) != 1 {
		h.Fatalf("found %+v", found)
	}
	return found[0].ID
}

func TestWhatAListSaidBesidesIsShownToThoseWhoMay(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		at := "/people/" + h.listed()
		for _, who := range []*browser{h.as(h.carl, lang), h.as(h.sue, lang)} {
			a := who.see(at)
			a.Sound(t)
			a.Doc.Has(t, "h2", who.t("import.beside.title"))
			a.Doc.Has(t, "dt", "Remarks")
			a.Doc.Has(t, "dd", "sings in the choir")
		}
		cora := h.as(h.cora, lang)
		if a := cora.want(404, cora.Get("/i/riverside"+at)); strings.Contains(a.Body, "choir") {
			t.Error("whom Carl knows, Cora reads of")
		}
		carl := h.as(h.carl, lang)
		if body := carl.see("/people/" + h.rosa(h.carl).ID).Body; strings.Contains(body, carl.t("import.beside.title")) {
			t.Error("a heading with nothing under it")
		}
	})
}
