package assets

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// tokens are the colours of one scheme, by name.
type tokens map[string][4]float64 // red, green, blue from 0 to 1, and opacity

var (
	declared = regexp.MustCompile(`--([a-z-]+):\s*(#[0-9a-f]{6}|rgba\([^)]*\))`)
	number   = regexp.MustCompile(`[\d.]+`)
)

// schemes reads the light and the dark colours from the stylesheet itself.
func schemes(t *testing.T) map[string]tokens {
	t.Helper()
	text, err := files.ReadFile("css/token.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, found := strings.Cut(string(text), "@media (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("no dark scheme")
	}
	day := read(t, light, tokens{})
	return map[string]tokens{"light": day, "dark": read(t, dark, day)}
}

func read(t *testing.T, css string, base tokens) tokens {
	t.Helper()
	all := tokens{}
	for name, colour := range base {
		all[name] = colour
	}
	for _, d := range declared.FindAllStringSubmatch(css, -1) {
		all[d[1]] = colour(t, d[2])
	}
	return all
}

func colour(t *testing.T, text string) (c [4]float64) {
	t.Helper()
	if strings.HasPrefix(text, "#") {
		n, err := strconv.ParseUint(text[1:], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		return [4]float64{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255, 1}
	}
	for i, part := range number.FindAllString(text, -1) {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil {
			t.Fatal(err)
		}
		if i < 3 {
			v /= 255
		}
		c[i] = v
	}
	return c
}

// contrast is WCAG's ratio of two colours.
func contrast(a, b [4]float64) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + .05) / (y + .05)
}

func luminance(c [4]float64) float64 {
	var l float64
	for i, weight := range []float64{.2126, .7152, .0722} {
		v := c[i]
		if v <= .04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+.055)/1.055, 2.4)
		}
		l += weight * v
	}
	return l
}

// over is a see-through colour on a ground.
func over(c, ground [4]float64) (mixed [4]float64) {
	for i := range 3 {
		mixed[i] = c[i]*c[3] + ground[i]*(1-c[3])
	}
	mixed[3] = 1
	return mixed
}

// The table in interface.md, as it was decided.
func TestTheColoursAreThoseThatWereChosen(t *testing.T) {
	all := schemes(t)
	for _, row := range []struct {
		name              string
		paper, card, dark float64
	}{
		{"ink", 14.5, 15.4, 15.1},
		{"soft", 7.0, 7.5, 9.5},
		{"line", 3.8, 4.0, 5.0},
		{"green", 7.5, 8.1, 9.9},
		{"indigo", 7.9, 8.4, 9.3},
		{"clay", 5.8, 6.2, 8.5},
		{"plum", 7.7, 8.2, 8.8},
		{"leaf", 6.1, 6.5, 10.2},
		{"err", 6.9, 7.3, 8.9},
	} {
		light, dark := all["light"], all["dark"]
		for where, pair := range map[string][2]float64{
			"light paper": {contrast(light[row.name], light["paper"]), row.paper},
			"light card":  {contrast(light[row.name], light["card"]), row.card},
			"dark paper":  {contrast(dark[row.name], dark["paper"]), row.dark},
		} {
			if math.Abs(pair[0]-pair[1]) > .06 {
				t.Errorf("%s on %s = %.2f, want %.1f", row.name, where, pair[0], pair[1])
			}
		}
	}
}

func TestEveryPairCanBeRead(t *testing.T) {
	const text, shape = 4.5, 3.0
	pairs := map[string]float64{
		"soft/sand": text, "ink/sand": text, "green/sand": text, "on/green": text, "on/green-d": text, "green-d/paper": text,
		"dark-ink/marigold": text, "partly/partly-t": text, "err/err-t": text, "err/sand": text,
		"ink/green-t": text, "soft/green-t": text, "green/green-t": text, "ink/leaf-t": text, "card/leaf": text,
		"line/sand": shape, "line/green-t": shape,
	}
	for _, hue := range []string{"ink", "soft", "green", "indigo", "clay", "plum", "leaf", "err"} {
		pairs[hue+"/paper"], pairs[hue+"/card"] = text, text
	}
	for _, hue := range []string{"indigo", "clay", "plum", "leaf"} {
		pairs[hue+"/"+hue+"-t"] = text
	}
	pairs["line/paper"], pairs["line/card"] = shape, shape
	for scheme, all := range schemes(t) {
		for pair, least := range pairs {
			front, ground, _ := strings.Cut(pair, "/")
			if all[front][3] == 0 || all[ground][3] == 0 {
				t.Errorf("%s: %s has no such colour", scheme, pair)
				continue
			}
			if got := contrast(all[front], all[ground]); got < least {
				t.Errorf("%s: %s = %.2f, want %.1f", scheme, pair, got, least)
			}
		}
		lit := over(all["glow"], all["paper"]) // where the lamp is brightest
		for _, front := range []string{"ink", "soft", "green"} {
			if got := contrast(all[front], lit); got < text {
				t.Errorf("%s: %s under the lamp = %.2f", scheme, front, got)
			}
		}
	}
}

// A test of the test: marigold alone is too pale for words, and it must say so.
func TestThePaleColourIsFoundPale(t *testing.T) {
	light := schemes(t)["light"]
	if got := fmt.Sprintf("%.1f %.1f", contrast(light["marigold"], light["paper"]), contrast(light["dark-ink"], light["marigold"])); got != "1.8 8.2" {
		t.Errorf("marigold on paper, ink on marigold = %s, want 1.8 8.2", got)
	}
}
