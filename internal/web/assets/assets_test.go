package assets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestANameChangesWithItsBytes(t *testing.T) {
	for name, a := range All() {
		sum := sha256.Sum256(a.Plain)
		if want := hex.EncodeToString(sum[:])[:hashed]; !strings.Contains(a.Path, "-"+want+".") {
			t.Errorf("%s is served at %s, want %s in it", name, a.Path, want)
		}
		if a.Type == "" {
			t.Errorf("%s has no type", name)
		}
		if got, ok := At(a.Path); !ok || got != a {
			t.Errorf("%s isn't found at %s", name, a.Path)
		}
	}
	if Path("nothing.css") != "" {
		t.Error("something that isn't there has a path")
	}
}

func TestEveryAddressInAStylesheetIsServed(t *testing.T) {
	address := regexp.MustCompile(`url\(([^)]+)\)`)
	for _, name := range []string{Sheet, Plain, Clear} {
		found := address.FindAllSubmatch(All()[name].Plain, -1)
		for _, m := range found {
			if _, ok := At(Prefix + string(m[1])); !ok {
				t.Errorf("%s wants %s", name, m[1])
			}
		}
		fonts := bytes.Count(All()[name].Plain, []byte("@font-face"))
		if want := map[string]int{Sheet: 2, Plain: 0, Clear: 1}[name]; fonts != want {
			t.Errorf("%s has %d fonts, want %d", name, fonts, want)
		}
	}
}

func TestEachFontComesWithItsLicence(t *testing.T) {
	fonts, err := fs.Glob(files, "font/*.woff2")
	if err != nil || len(fonts) == 0 {
		t.Fatalf("fonts: %v, %v", fonts, err)
	}
	for _, font := range fonts {
		name := strings.TrimSuffix(path.Base(font), ".woff2")
		licence, err := files.ReadFile("licence/OFL-" + strings.TrimSuffix(name, "-600") + ".txt")
		if err != nil || !bytes.Contains(licence, []byte("SIL OPEN FONT LICENSE")) && !bytes.Contains(licence, []byte("SIL Open Font License")) {
			t.Errorf("%s has no licence beside it: %v", font, err)
		}
	}
}

// The bytes are the budget: times depend on the machine.
func TestTheBudget(t *testing.T) {
	size := func(name string) int {
		text, _ := All()[name].Encoded(true, true)
		return len(text)
	}
	css, plain, fonts := size(Sheet), size(Plain), size("source-sans-3.woff2")+size("fraunces-600.woff2")
	t.Logf("css %d, without fonts %d, clear %d, our fonts %d, clear font %d bytes", css, plain, size(Clear), fonts, size("atkinson-next.woff2"))
	if css > 8<<10 || plain > 8<<10 || size(Clear) > 8<<10 {
		t.Errorf("a stylesheet weighs more than 8 KB")
	}
	if fonts > 47<<10 {
		t.Errorf("fonts weigh %d bytes", fonts)
	}
	for name, a := range All() {
		br, encoding := a.Encoded(true, true)
		if encoding == "br" {
			back := new(bytes.Buffer)
			if _, err := back.ReadFrom(brotli.NewReader(bytes.NewReader(br))); err != nil || !bytes.Equal(back.Bytes(), a.Plain) {
				t.Errorf("%s doesn't unpack: %v", name, err)
			}
		}
		if text, encoding := a.Encoded(false, false); encoding != "" || !bytes.Equal(text, a.Plain) {
			t.Errorf("%s is packed for a browser that can't unpack", name)
		}
	}
}

func TestSqueeze(t *testing.T) {
	for css, want := range map[string]string{
		"a { color: red; }\n":                                     "a{color:red}",
		"/* why */\na,\nb > c { margin: 0 -.5rem; }":              "a,b>c{margin:0 -.5rem}",
		"a :focus { }":                                            "a :focus{}",
		"@media (min-width: 44rem) { a { b: c; } }":               "@media (min-width:44rem){a{b:c}}",
		".opt:has(:checked) .x, [dir=rtl] a { e: f }":             ".opt:has(:checked) .x,[dir=rtl] a{e:f}",
		"a::before { content: \" \\2192\"; b: calc(1px + 2px); }": "a::before{content:\" \\2192\";b:calc(1px + 2px)}",
	} {
		if got := string(squeeze([]byte(css))); strings.TrimSpace(got) != want {
			t.Errorf("squeeze(%q) = %q, want %q", css, got, want)
		}
	}
}

// sources are the stylesheets as they are written.
func sources(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(files, "css/*.css")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[path.Base(name)] = regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(text), "")
	}
	return all
}

// What old phones can't read may only decorate.
func TestOldBrowsersGetAWholePage(t *testing.T) {
	for name, css := range sources(t) {
		for _, new := range []string{"@layer", "color-mix", "&", "@container", "oklch", "inset:", "min(", "max(", "dvh"} {
			if strings.Contains(css, new) {
				t.Errorf("%s uses %s", name, new)
			}
		}
		for _, rule := range regexp.MustCompile(`[^{}]*\{[^{}]*\}`).FindAllString(css, -1) {
			if strings.Contains(rule, "clamp(") && !regexp.MustCompile(`([a-z-]+): [^;(]+; ([a-z-]+): clamp\(`).MatchString(rule) {
				t.Errorf("%s: no fixed size before %s", name, strings.TrimSpace(rule))
			}
			if gap := regexp.MustCompile(`[ ;{]gap:`).MatchString(rule); gap && !strings.Contains(rule, "grid-gap") {
				t.Errorf("%s: gap without grid-gap before it in %s", name, strings.TrimSpace(rule))
			}
		}
		outside, _, _ := strings.Cut(css, "@supports selector(:has(*))")
		if strings.Contains(outside, ":has(") {
			t.Errorf("%s: :has() outside @supports breaks its whole rule", name)
		}
	}
}

// One place for colours, so that the test of contrast sees all of them.
func TestColoursStandInTokensOnly(t *testing.T) {
	hex := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b`)
	defined := map[string]bool{}
	for _, d := range regexp.MustCompile(`--([a-z-]+):`).FindAllStringSubmatch(sources(t)["token.css"], -1) {
		defined[d[1]] = true
	}
	for name, css := range sources(t) {
		if name != "token.css" && name != "print.css" && name != "chart.css" { // paper is white, a code is black
			for _, c := range hex.FindAllString(css, -1) {
				t.Errorf("%s has the colour %s", name, c)
			}
		}
		for _, u := range regexp.MustCompile(`var\(--([a-z-]+)\)`).FindAllStringSubmatch(css, -1) {
			if !defined[u[1]] {
				t.Errorf("%s uses --%s, which nobody defines", name, u[1])
			}
		}
	}
}
