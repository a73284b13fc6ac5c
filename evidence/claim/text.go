package claim

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says how an argument is written.
type Kind string

// Kinds of arguments. A part is the first of two numbers that share a unit.
const (
	Whole       Kind = "count"
	Percent     Kind = "percent"
	PercentPart Kind = "percent_part"
	Points      Kind = "points"
	PointsPart  Kind = "points_part"
	Number      Kind = "number"
	Phrase      Kind = "phrase"
)

// Arg is a typed argument of a sentence. A phrase has its text by language, or
// the key of a word in the catalogues.
type Arg struct {
	Kind  Kind              `json:"kind"`
	Value float64           `json:"value,omitempty"`
	Word  string            `json:"word,omitempty"`
	Text  map[string]string `json:"text,omitempty"`
}

func count(n int) Arg           { return Arg{Kind: Whole, Value: float64(n)} }
func percent(v float64) Arg     { return Arg{Kind: Percent, Value: v} }
func percentPart(v float64) Arg { return Arg{Kind: PercentPart, Value: v} }
func points(v float64) Arg      { return Arg{Kind: Points, Value: v} }
func number(v float64) Arg      { return Arg{Kind: Number, Value: v} }
func word(key string) Arg       { return Arg{Kind: Phrase, Word: key} }

// Langs are the languages that claims are written in.
func Langs() []string { return []string{"en", "es"} }

// Text writes the sentence in a language. It fails for a language or a key that
// the catalogues lack and for a number that isn't one.
func (s Sentence) Text(lang string) (string, error) {
	cat, ok := Catalogues()[lang]
	if !ok {
		return "", fmt.Errorf("claim: no catalogue for %q", lang)
	}
	template, ok := cat[s.Key]
	if !ok {
		return "", fmt.Errorf("claim: no sentence %q", s.Key)
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		arg, ok := s.Args[name]
		if !ok {
			return "", fmt.Errorf("claim: sentence %q lacks %q", s.Key, name)
		}
		text, err := arg.write(cat, lang)
		if err != nil {
			return "", fmt.Errorf("claim: sentence %q, %q: %w", s.Key, name, err)
		}
		joined(&b, text, lang)
		template = after
	}
	return capitalised(b.String()), nil
}

// joined writes a phrase after what is there. Spanish draws "a el" and "de el"
// together.
func joined(b *strings.Builder, phrase, lang string) {
	before := b.String()
	rest, article := strings.CutPrefix(phrase, "el ")
	if lang != "es" || !article || !strings.HasSuffix(before, " a ") && !strings.HasSuffix(before, " de ") {
		b.WriteString(phrase)
		return
	}
	b.Reset()
	b.WriteString(strings.TrimSuffix(before, " ") + "l " + rest)
}

// Text is the claim's sentence, followed by its caveats.
func (c Claim) Text(lang string) (string, error) {
	parts := []string{}
	for _, s := range append([]Sentence{c.Sentence}, c.Caveats...) {
		t, err := s.Text(lang)
		if err != nil {
			return "", err
		}
		parts = append(parts, t)
	}
	return strings.Join(parts, " "), nil
}

// Why says in a language what kept the claim from a higher rung.
func (c Claim) Why(lang string) ([]string, error) {
	var out []string
	for _, b := range c.Blocked {
		t, err := Sentence{Key: "blocked." + string(b.ID)}.Text(lang)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func capitalised(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

func (a Arg) write(cat map[string]string, lang string) (string, error) {
	if a.Kind == Phrase {
		if t := a.Text[lang]; t != "" {
			return t, nil
		}
		t, ok := cat[a.Word]
		if !ok {
			return "", fmt.Errorf("no word %q", a.Word)
		}
		return t, nil
	}
	if !finite(a.Value) {
		return "", fmt.Errorf("%v isn't a number to print", a.Value)
	}
	switch a.Kind {
	case Whole:
		return written(a.Value, 0, lang), nil
	case Percent:
		return written(100*a.Value, 1, lang) + percentSign(lang), nil
	case PercentPart:
		return written(100*a.Value, 1, lang), nil
	case Points:
		unit := "unit.points"
		if math.Abs(math.Round(1000*a.Value)) == 10 {
			unit = "unit.point"
		}
		return written(100*a.Value, 1, lang) + " " + cat[unit], nil
	case PointsPart:
		return written(100*a.Value, 1, lang), nil
	case Number:
		return written(a.Value, decimals(a.Value), lang), nil
	case Phrase: // written above
	}
	return "", fmt.Errorf("kind %q isn't known", a.Kind)
}

func percentSign(lang string) string {
	if lang == "es" {
		return "\u00a0%"
	}
	return "%"
}

// decimals keeps about three digits.
func decimals(v float64) int {
	switch a := math.Abs(v); {
	case a >= 100:
		return 0
	case a >= 10:
		return 1
	case a >= 0.1 || a == 0:
		return 2
	}
	return 4
}

// written rounds to so many decimals, drops zeros at the end, and separates as
// the language does: 12,345.6 or 12.345,6.
func written(v float64, places int, lang string) string {
	text := strconv.FormatFloat(v, 'f', places, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		text = "0"
	}
	sign := ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = "−", rest
	}
	whole, fraction, _ := strings.Cut(text, ".")
	thousands, point := ",", "."
	if lang == "es" {
		thousands, point = ".", ","
	}
	var b strings.Builder
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousands)
		}
		b.WriteRune(d)
	}
	if fraction != "" {
		b.WriteString(point + fraction)
	}
	return sign + b.String()
}
