package peopleweb_test

import (
	"testing"

	"commonweal/internal/i18n"
)

func TestWhoLooksLikeSomebodyKnownIsAskedAbout(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.as(h.carl, lang)
		typed := []string{"name", "Jo Marín", "consent", "name", "channel", "doorstep", "given_by", "self", "age", "adult", "phone", "312 555 0199"}
		b.want(303, b.send("/people/new", typed...))
		typed[1] = "jo marin"
		asked := b.want(422, b.send("/people/new", typed...))
		asked.Sound(t)
		asked.Doc.Has(t, "main li a", "Jo Marín")
		b.faulty(asked, "sure", "import.similar.lead")
		if got := asked.Doc.Attr("input[name=phone]", "value"); got != "312 555 0199" {
			t.Errorf("typed text is gone: %q", got)
		}
		cora := h.as(h.cora, lang)
		cora.want(303, cora.send("/people/new", typed...)) // whom another connector knows, she isn't told
		b.want(303, b.send("/people/new", append(typed, "sure", "yes")...))
	})
}
