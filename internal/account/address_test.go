package account

import "testing"

func TestAddressesThatMailCanGoTo(t *testing.T) {
	for typed, want := range map[string]bool{
		"ana@example.org":                  true,
		"  Ana.Ruiz+elm@Example.org ":      true,
		"josé@example.org":                 true,
		"":                                 false,
		"ana":                              false,
		"ana@localhost":                    false,
		"ana@[127.0.0.1]":                  false,
		"Ana <ana@example.org>":            false,
		"ana@example.org, bo@x.org":        false,
		"ana@example.org\nBcc: bo@x.org":   false,
		"ana@example.org\r\nRCPT TO:<b@c>": false,
	} {
		if _, ok := ParseAddress(typed); ok != want {
			t.Errorf("ParseAddress(%q) ok = %v, want %v", typed, ok, want)
		}
	}
}

func TestOneMailboxHasOneKey(t *testing.T) {
	key := func(typed string) string {
		a, ok := ParseAddress(typed)
		if !ok {
			t.Fatalf("ParseAddress(%q) refused", typed)
		}
		return a.hash
	}
	if key("Ana@Example.ORG") != key("ana@example.org") {
		t.Error("the case of letters made two mailboxes of one")
	}
	if key("josé@example.org") == key("jose@example.org") {
		t.Error("two people's mailboxes became one")
	}
	if key("ı@example.org") == key("i@example.org") {
		t.Error("a dotless i became another's mailbox")
	}
}

func TestMaskedShowsNoMoreThanTheFirstLetter(t *testing.T) {
	a, _ := ParseAddress("ángela@example.org")
	if got, want := a.Masked(), "á…@example.org"; got != want {
		t.Errorf("Masked = %q, want %q", got, want)
	}
}
