package chart

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rsc.io/qr"
)

var run = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)

// The drawing is read back, module by module, and must be the code.
func TestQRDrawsEveryModuleOnce(t *testing.T) {
	for _, text := range []string{"https://example.org/i/riverside/share?lang=es", "A", strings.Repeat("seven ", 60)} {
		code, err := QR(text)
		if err != nil {
			t.Fatal(err)
		}
		want, err := qr.Encode(text, qr.M)
		if err != nil {
			t.Fatal(err)
		}
		ink := map[[2]int]int{}
		for _, m := range run.FindAllStringSubmatch(code.Ink, -1) {
			var n [4]int
			for i := range n {
				if n[i], err = strconv.Atoi(m[i+1]); err != nil {
					t.Fatal(err)
				}
			}
			if n[2] != n[3] {
				t.Fatalf("%s goes forth and not back", m[0])
			}
			for x := range n[2] {
				ink[[2]int{n[0] + x, n[1]}]++
			}
		}
		if left := run.ReplaceAllString(code.Ink, ""); left != "" {
			t.Errorf("the path holds more: %q", left)
		}
		for y := range code.Size {
			for x := range code.Size {
				black := 0
				if want.Black(x-quiet, y-quiet) {
					black = 1
				}
				if ink[[2]int{x, y}] != black {
					t.Fatalf("module %d,%d is drawn %d times, want %d", x, y, ink[[2]int{x, y}], black)
				}
			}
		}
		if got, want := code.ViewBox(), fmt.Sprintf("0 0 %d %d", code.Size, code.Size); got != want || code.Size != 8+codeSize(t, text) {
			t.Errorf("view box %q of size %d", got, code.Size)
		}
	}
}

func codeSize(t *testing.T, text string) int {
	t.Helper()
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	return code.Size
}

func TestQRRefusesWhatDoesntFit(t *testing.T) {
	if _, err := QR(strings.Repeat("too long ", 1000)); err == nil {
		t.Error("9,000 letters fit in a code?")
	}
}
