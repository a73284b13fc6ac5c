package assets

import (
	"regexp"
	"testing"
)

// The doorstep is the one place where a resident's phone, or a connector's,
// runs a script of ours: light, and with no sentence of its own.
func TestTheDoorstepIsLightAndSaysNothingItself(t *testing.T) {
	size := 0
	for _, name := range []string{"doorstep.js", Worker} {
		text, encoding := All()[name].Encoded(true, true)
		if encoding != "br" {
			t.Errorf("%s isn't compressed", name)
		}
		size += len(text)
		comments := regexp.MustCompile(`(?m)//.*$`)
		for _, said := range regexp.MustCompile("[\"'`][^\"'`\n]*[a-z] [a-z][^\"'`\n]* [a-z][^\"'`\n]*[\"'`]").FindAllString(comments.ReplaceAllString(string(All()[name].Plain), ""), -1) {
			t.Errorf("%s has a sentence: %s", name, said)
		}
	}
	t.Logf("%d bytes", size)
	if size > 5<<10 {
		t.Errorf("the doorstep's scripts weigh %d bytes", size)
	}
}
