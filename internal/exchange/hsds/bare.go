package hsds

import (
	"regexp"
	"strings"
)

// plainNumber are cells that begin like a formula and are a number or a phone.
var plainNumber = regexp.MustCompile(`^[+-][0-9][0-9 ().,/-]*$`)

// runs says whether a spreadsheet program might take a cell for a formula.
func runs(cell string) bool {
	cell = strings.TrimLeft(cell, "'")
	if cell == "" || plainNumber.MatchString(cell) {
		return false
	}
	first := []rune(cell)[0]
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}

// guarded is a cell as it's written: with a ' before what might run.
func guarded(cell string) string {
	if runs(cell) {
		return "'" + cell
	}
	return cell
}

// bare is a cell as it was before it was guarded.
func bare(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && runs(rest) {
		return rest
	}
	return cell
}
