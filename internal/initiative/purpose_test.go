package initiative

import (
	"strings"
	"testing"
	"time"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

func TestThePurposeIsSaidInTheLanguagesThereAre(t *testing.T) {
	var f fault.Form
	in := Draft{
		Name: "Elm", Purpose: "Books", Langs: []string{"en", "es"}, Zone: "UTC",
		Purposes: Words{i18n.Spanish: " Libros ", i18n.English: "dropped: the first language has its own field"},
	}.parse(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), &f)
	if err := f.Err(); err != nil {
		t.Fatal(err)
	}
	if said, lang := in.PurposeIn(i18n.Spanish); said != "Libros" || lang != i18n.Spanish {
		t.Errorf("in Spanish: %q in %s", said, lang)
	}
	if said, lang := in.PurposeIn(i18n.English); said != "Books" || lang != i18n.English {
		t.Errorf("in English: %q in %s", said, lang)
	}
	delete(in.Purposes, i18n.Spanish)
	if said, lang := in.PurposeIn(i18n.Spanish); said != "Books" || lang != i18n.English {
		t.Errorf("without Spanish: %q in %s", said, lang)
	}

	Draft{
		Name: "Elm", Langs: []string{"en", "es"}, Zone: "UTC",
		Purposes: Words{i18n.Spanish: strings.Repeat("é", maxPurpose+1)},
	}.parse(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), &f)
	if wrong := fault.Fields(f.Err()); len(wrong) != 1 || wrong[0].Name != "purpose_es" {
		t.Errorf("faults = %+v, want one at purpose_es", wrong)
	}
}
