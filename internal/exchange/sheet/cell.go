package sheet

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// written makes a cell of text that stands in the file.
func (in *reading) written(sheet string, row, column int, was string) Cell {
	text := tidy(was)
	if mended, ok := unmangled(text); ok {
		in.said.row(sheet, row, Letter(column), "sheet.cell.mended", "was", brief(text), "text", brief(mended))
		text = mended
	}
	if strings.Contains(text, "\ufffd") {
		in.said.row(sheet, row, Letter(column), "sheet.cell.letters", "text", brief(text))
	}
	if len(text) > in.limits.Letters {
		in.said.row(sheet, row, Letter(column), "sheet.cell.long")
		text = cut(text, in.limits.Letters)
	}
	text = tidy(unneutral(text))
	c := Cell{Text: text, Kind: Text}
	switch kind := kindOfNumber(text); {
	case text == "":
		c.Kind = Empty
	case kind == plainNumber:
		c.Kind = Number
	case kind == endless:
		in.said.row(sheet, row, Letter(column), "sheet.cell.endless", "text", brief(text))
		c = Cell{Was: text, Kind: Broken}
	case kind == shortened:
		in.said.row(sheet, row, Letter(column), "sheet.cell.shortened", "text", brief(text))
	}
	return c
}

// numberKind is what is to be said of text that may be a number.
type numberKind int

const (
	noNumber    numberKind = iota
	plainNumber            // 12, -3.5; not 007 nor +34, which are codes and phones
	shortened              // 5.55E+09: a program has thrown digits away
	endless                // 1e999: no computer can count that far
)

func kindOfNumber(text string) numberKind {
	if text == "" || len(text) > 400 || text[0] == '+' || strings.Trim(text, "-.,0123456789eE+") != "" {
		return noNumber
	}
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' || len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' {
		return noNumber
	}
	scientific := strings.ContainsAny(text, "eE")
	if scientific {
		text = strings.Replace(text, ",", ".", 1)
	}
	_, err := strconv.ParseFloat(text, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return endless
	case err != nil:
		return noNumber
	case scientific:
		return shortened
	}
	return plainNumber
}

// plainly writes a number that stands in a workbook as people write it.
func plainly(text string) (string, bool) {
	if kindOfNumber(text) == plainNumber && len(text) <= 15 {
		return text, true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return "", false
	}
	// Workbooks hold 17 digits, of which programs show 15: 0.1+0.2 is 0.3.
	f, err = strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		return "", false
	}
	if math.Abs(f) >= 1e21 || f != 0 && math.Abs(f) < 1e-9 {
		return strconv.FormatFloat(f, 'g', -1, 64), true
	}
	return strconv.FormatFloat(f, 'f', -1, 64), true
}

// unneutral undoes Neutral, and the ="00123" by which programs keep zeros.
func unneutral(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && rest != "" && Neutral(rest) != rest {
		return rest
	}
	if rest, ok := strings.CutPrefix(text, `="`); ok {
		if inner, ok := strings.CutSuffix(rest, `"`); ok && !strings.Contains(inner, `"`) {
			return inner
		}
	}
	return text
}

// brief is the beginning of a cell's text, for a sentence.
func brief(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= 40 {
		return text
	}
	return cut(text, 37) + "…"
}

// cut is text up to a number of bytes, never in the middle of a letter.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// Letter names the column at index i as spreadsheet programs do: A, B, … Z, AA.
func Letter(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}
