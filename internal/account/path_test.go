package account

import "testing"

func TestAfterSignInNobodyIsSentToAnotherServer(t *testing.T) {
	for next, want := range map[string]string{
		"":                              "/",
		"/":                             "/",
		"/i/elm/day?lang=es#top":        "/i/elm/day?lang=es#top",
		"https://evil.example/":         "/",
		"//evil.example/":               "/",
		"///evil.example/":              "/",
		`/\evil.example/`:               "/",
		"/\t/evil.example/":             "/",
		"/\n/evil.example/":             "/",
		"javascript:alert(1)":           "/",
		"i/elm":                         "/",
		" /i/elm":                       "/",
		"/%zz":                          "/",
		"/" + string(make([]byte, 600)): "/",
	} {
		if got := LocalPath(next); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", next, got, want)
		}
	}
}
