package arch

import (
	"path"
	"regexp"
	"testing"
)

func TestTemplatesWriteNothingThatThePolicyRefuses(t *testing.T) {
	expect(t, inline(files(t)))

	mustFind(t, inline([]file{
		{"internal/web/page/a.templ", "<p style=\"color: red\">\n<button type=\"button\" onclick=\"go()\">\n<style>p{}</style>\n<script>go()</script>"},
		{"internal/web/page/b.templ", "script send() {\ncss wide() {\n<script src={ b.Script() } type=\"module\"></script>\n<rect class=\"style\" data-only=\"1\"/>"},
		{"internal/web/page/b_templ.go", `" style=\"x\""`},
		{"internal/web/page/c.templ", "import \"https://example.org/x.css\"\n<img src=\"https://example.org/a.png\"/>\n<a href=\"https://example.org\">"},
	}), "a.templ:1", "a.templ:2", "a.templ:3", "a.templ:4", "b.templ:1", "b.templ:2", "c.templ:2")
}

// unkind is what our CSP refuses: inline style and script, and anything fetched from elsewhere.
var unkind = regexp.MustCompile(`\sstyle\s*=|\son[a-z]+\s*=\s*["{]|<style\b|<script(\s+type="[^"]*")?\s*>|^(script|css)\s+\w+\(|\b(src|srcset|data)="(https?:)?//|<(iframe|object|embed)\b`)

func inline(all []file) (offences []string) {
	for _, f := range all {
		if path.Ext(f.path) == ".templ" {
			offences = append(offences, matches(f, unkind, "the CSP refuses it: an own stylesheet, an own module, an attribute of SVG")...)
		}
	}
	return offences
}
