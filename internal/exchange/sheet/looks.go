package sheet

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold gives text for comparing: small letters without accents, anything but
// letters and digits as one blank.
func fold(text string) string {
	var out strings.Builder
	blank := false
	for _, r := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if blank && out.Len() > 0 {
				out.WriteByte(' ')
			}
			blank = false
			out.WriteRune(unicode.ToLower(r))
		default:
			blank = true
		}
	}
	return out.String()
}

// Emails are the e-mail addresses in a text, in order.
func Emails(text string) (found []string) {
	for rest := text; ; {
		at := strings.IndexByte(rest, '@')
		if at < 0 {
			return found
		}
		start, end := at, at+1
		for start > 0 && isMailByte(rest[start-1]) {
			start--
		}
		for end < len(rest) && isMailByte(rest[end]) {
			end++
		}
		address := strings.Trim(rest[start:end], ".-_+%")
		if name, host, ok := strings.Cut(address, "@"); ok && name != "" && isHost(host) {
			found = append(found, address)
		}
		rest = rest[end:]
	}
}

func isMailByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("._%+-", b) >= 0
}

func isHost(host string) bool {
	dot := strings.LastIndexByte(host, '.')
	return dot > 0 && len(host)-dot > 2 && !strings.Contains(host, "..")
}

// Phones are the phone numbers in a text, in order, as they are written.
func Phones(text string) (found []string) {
	start := -1
	for i := 0; i <= len(text); i++ {
		if i < len(text) && (text[i] >= '0' && text[i] <= '9' || strings.IndexByte("+()-. /", text[i]) >= 0) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			if phone := strings.Trim(text[start:i], " -./"); isPhone(phone) {
				found = append(found, phone)
			}
			start = -1
		}
	}
	return found
}

// isPhone says whether a text is one phone number: 7 to 15 digits and what
// stands between them, and no day.
func isPhone(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+()-. /", r):
			return false
		}
	}
	if digits < 7 || digits > 15 {
		return false
	}
	_, isDay := readDay(text)
	return !isDay
}

// IsYes says what a cell means that answers yes or no, in English or Spanish.
// An x or a tick is a yes; ok is false for anything else.
func IsYes(text string) (yes, ok bool) {
	if len(text) > 20 {
		return false, false
	}
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "yes", "y", "true", "1", "x", "✓", "✔", "ok", "sí", "si", "s", "verdadero":
		return true, true
	case "no", "n", "false", "0", "-", "falso":
		return false, true
	}
	return false, false
}

// ReadNumber reads a number as people write it: 1,250.50 or 1.250,50 or 1 250.
// A single separator before exactly three digits is taken for thousands.
func ReadNumber(text string) (float64, bool) {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\'' || r == '$' || r == '€' || r == '£' || r == '%' {
			return -1
		}
		return r
	}, text)
	if strings.Trim(text, "-+.,0123456789") != "" {
		return 0, false
	}
	comma, dot := strings.Count(text, ","), strings.Count(text, ".")
	switch {
	case comma > 0 && dot > 0 && strings.LastIndexByte(text, ',') > strings.LastIndexByte(text, '.'):
		text = strings.Replace(strings.ReplaceAll(text, ".", ""), ",", ".", 1)
	case comma > 0 && dot > 0:
		text = strings.ReplaceAll(text, ",", "")
	case comma > 0 && isThousands(text, ','):
		text = strings.ReplaceAll(text, ",", "")
	case comma == 1:
		text = strings.Replace(text, ",", ".", 1)
	case dot > 1 && isThousands(text, '.'):
		text = strings.ReplaceAll(text, ".", "")
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil
}

// isThousands says whether every part behind a separator has three digits.
func isThousands(text string, sep byte) bool {
	parts := strings.Split(text, string(sep))
	return parts[0] != "0" && !slices.ContainsFunc(parts[1:], func(p string) bool { return len(p) != 3 })
}

// lookOf is what one cell looks like.
func lookOf(c Cell) Kind {
	if c.Kind != Text && c.Kind != Number {
		return c.Kind
	}
	if strings.IndexByte(c.Text, '@') > 0 && len(Emails(c.Text)) > 0 {
		return Email
	}
	if c.Text != "" && strings.IndexByte("+(0123456789", c.Text[0]) >= 0 && isPhone(c.Text) {
		return Phone
	}
	if _, ok := IsYes(c.Text); ok && c.Kind == Text {
		return Bool
	}
	if _, ok := ReadNumber(c.Text); ok {
		return Number
	}
	if _, ok := readDay(c.Text); ok {
		return Date
	}
	return Text
}
