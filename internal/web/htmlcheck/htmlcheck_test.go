package htmlcheck_test

import (
	"slices"
	"strings"
	"testing"

	"commonweal/internal/web/htmlcheck"
)

const sound = `<!doctype html><html lang="en"><head><title>Home</title></head><body><main><h1>Home</h1><h2>More</h2>
<form><label for="a">Name</label><input id="a" name="a" aria-describedby="a-hint"><p id="a-hint">As you like</p>
<label><input type="checkbox" name="b"> Yes</label><button>Save</button></form><a href="#a">Up</a><svg role="img" aria-label="A lamp"></svg>
</main></body></html>`

func TestSoundPagesPass(t *testing.T) {
	if got := htmlcheck.Faults(t, sound); len(got) > 0 {
		t.Errorf("faults of a sound page: %q", got)
	}
}

// The negative control: each of these must be noticed, or the gate is dead.
func TestWhatIsWrongIsNoticed(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"no title":               {"<title>Home</title>", "", "no title"},
		"no language":            {` lang="en"`, "", "no language"},
		"two headings":           {"<h2>More</h2>", "<h1>More</h1>", "2 h1"},
		"a heading is skipped":   {"<h2>More</h2>", "<h3>More</h3>", "follows h1"},
		"an id twice":            {`<p id="a-hint">`, `<p id="a-hint"></p><p id="a-hint">`, "stands 2 times"},
		"a hint that isn't":      {`id="a-hint"`, "", "isn't there"},
		"a link to nowhere":      {`href="#a"`, `href="#b"`, "isn't there"},
		"a field without a name": {`<label for="a">Name</label>`, "", "no label"},
		"a box without words":    {"> Yes</label>", "></label>", "no label"},
		"a button without words": {"<button>Save", "<button>", "without words"},
		"a silent drawing":       {` aria-label="A lamp"`, "", "neither says"},
		"an inline style":        {"<h2>", `<h2 style="color:red">`, "inline"},
		"an inline handler":      {"<h2>", `<h2 onclick="x()">`, "inline"},
		"an inline script":       {"<h2>", "<script>x()</script><h2>", "inline script"},
		"a missing sentence":     {"As you like", "[person.name.hint]", "no sentence"},
		"one in an attribute":    {`aria-label="A lamp"`, `aria-label="[page.lamp]"`, "no sentence"},
		"a broken sentence":      {"As you like", "[page.progress: template: no field]", "no sentence"},
	} {
		t.Run(name, func(t *testing.T) {
			page := strings.Replace(sound, test.old, test.new, 1)
			got := htmlcheck.Faults(t, page)
			if !slices.ContainsFunc(got, func(f string) bool { return strings.Contains(f, test.want) }) {
				t.Errorf("faults = %q, want one that says %q", got, test.want)
			}
		})
	}
}

func TestSelectors(t *testing.T) {
	d := htmlcheck.Parse(t, `<main class="a b"><p id="x">one <b>two</b></p><input name="n" value="v" disabled><p class="b">three</p></main>`)
	for selector, want := range map[string]string{
		"p": "one two", "#x": "one two", "main p b": "two", ".a.b p.b": "three", "main .b": "three", "b p": "", "p#x b": "two", "section": "",
	} {
		if got := d.Text(selector); got != want {
			t.Errorf("Text(%q) = %q, want %q", selector, got, want)
		}
	}
	if got := d.Attr("input[name=n][disabled]", "value"); got != "v" {
		t.Errorf("value = %q", got)
	}
	if n := len(d.All("input[name=m]")); n != 0 {
		t.Errorf("%d inputs are called m", n)
	}
}
