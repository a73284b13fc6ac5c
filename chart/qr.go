// Package chart draws what a page shows: pictures that are read aloud as well
// as seen, that print in grey, and that need no script. It draws shapes and
// knows nothing of pages: a page puts them into its SVG.
package chart

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the empty border, in modules, that a camera needs around a code.
const quiet = 4

// Code is a QR code as one path, in units of one module.
type Code struct {
	Size int    // modules along one side, with the border
	Ink  string // the dark modules, as the d of an SVG path
}

// QR makes a code of an address or another short text. It mends itself when up
// to 15 % is dirty or torn, which is what a sheet on a fridge goes through. A
// text too long for a code is an error.
func QR(text string) (Code, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return Code{}, fmt.Errorf("chart: %w", err)
	}
	var ink strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&ink, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	return Code{Size: code.Size + 2*quiet, Ink: ink.String()}, nil
}

// ViewBox is the viewBox of the code's SVG.
func (c Code) ViewBox() string { return fmt.Sprintf("0 0 %d %d", c.Size, c.Size) }

// Paper is the light ground, border included, as the d of an SVG path: on a
// dark page a code without it can't be read.
func (c Code) Paper() string { return fmt.Sprintf("M0 0h%dv%dH0z", c.Size, c.Size) }
