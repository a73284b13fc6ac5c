package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// letters is how a text file's bytes stand for letters.
type letters struct {
	decoder *encoding.Decoder // nil for clean UTF-8
	skip    int64             // the mark at the front
	old     bool              // guessed to be Windows-1252
}

// lettersOf finds out the encoding: by the mark at the front, by the zeros of
// UTF-16, else by whether the whole file is UTF-8. What is neither, old
// programs wrote in Windows-1252.
func lettersOf(r io.ReaderAt, size int64, head []byte) (letters, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return letters{decoder: utf16(utf.LittleEndian), skip: 2}, nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return letters{decoder: utf16(utf.BigEndian), skip: 2}, nil
	}
	var l letters
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		l.skip = 3
	}
	if zeros := bytes.Count(head, []byte{0}); zeros > 0 {
		return l, l.byZeros(head, zeros)
	}
	good, bad, err := countUTF8(io.NewSectionReader(r, l.skip, size-l.skip))
	switch {
	case err != nil:
		return l, err
	case bad == 0:
	case good > bad || l.skip > 0:
		l.decoder = utf.UTF8.NewDecoder()
	default:
		l.decoder, l.old = charmap.Windows1252.NewDecoder(), true
	}
	return l, nil
}

func utf16(e utf.Endianness) *encoding.Decoder { return utf.UTF16(e, utf.IgnoreBOM).NewDecoder() }

// byZeros tells UTF-16 without a mark by where its zeros stand. Other files
// with zeros are no text.
func (l *letters) byZeros(head []byte, zeros int) error {
	odd := 0
	for i := 1; i < len(head); i += 2 {
		if head[i] == 0 {
			odd++
		}
	}
	switch few := len(head) / 5; {
	case odd > few && (zeros-odd)*10 < odd:
		l.decoder = utf16(utf.LittleEndian)
	case zeros-odd > few && odd*10 < zeros-odd:
		l.decoder = utf16(utf.BigEndian)
	default:
		return refuse("sheet.file.foreign")
	}
	return nil
}

// countUTF8 counts letters of several bytes, and bytes that begin no letter.
func countUTF8(r io.Reader) (good, bad int, err error) {
	block, kept := make([]byte, 64<<10), 0
	for {
		n, err := io.ReadFull(r, block[kept:])
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return good, bad, err
		}
		rest := block[:kept+n]
		for len(rest) > 0 && (end || utf8.FullRune(rest)) {
			if rest[0] < utf8.RuneSelf {
				rest = rest[1:]
				continue
			}
			letter, size := utf8.DecodeRune(rest)
			if letter == utf8.RuneError && size == 1 {
				bad++
			} else {
				good++
			}
			rest = rest[size:]
		}
		if end {
			return good, bad, nil
		}
		kept = copy(block, rest)
	}
}

// reader gives the file's text as UTF-8.
func (l letters) reader(r io.ReaderAt, size int64) io.Reader {
	section := io.NewSectionReader(r, l.skip, size-l.skip)
	if l.decoder == nil {
		return section
	}
	return l.decoder.Reader(section)
}

// tidy gives a cell's text without blanks around it and without letters that
// nobody sees, accents composed.
func tidy(text string) string {
	if isPlain(text) {
		return text
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u00a0' || r == '\u202f' || r == '\u2007':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d':
			return -1
		}
		return r
	}, text)
	return norm.NFC.String(strings.TrimSpace(text))
}

// isPlain says whether there is nothing to tidy: most cells are.
func isPlain(text string) bool {
	if text == "" {
		return true
	}
	if text[0] == ' ' || text[len(text)-1] == ' ' {
		return false
	}
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

// unmangled mends text whose letters went through the wrong encoding once:
// "JosÃ©" was "José".
func unmangled(text string) (string, bool) {
	if !strings.ContainsAny(text, "ÃÂâ") {
		return text, false
	}
	mended, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil || !utf8.ValidString(mended) {
		return text, false
	}
	return mended, mended != text
}
