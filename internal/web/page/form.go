package page

import (
	"crypto/rand"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"commonweal/internal/fault"
)

// FormLimit is how much a form may weigh: a million letters are a long
// conversation.
const FormLimit = 1 << 20

// onceField is the hidden field with the key that makes sending a form twice
// the same as sending it once.
const onceField = "once"

// Form is what someone typed, exactly as they typed it, with what is wrong
// with it. Components read their value and their fault from it.
type Form struct {
	Raw    url.Values
	Faults []fault.Field
	key    string
}

// NewForm is an untouched form with a fresh once key. A page that edits
// something sets the present values with Set.
func NewForm() *Form { return &Form{Raw: url.Values{}, key: rand.Text()} }

// ReadForm reads what was posted. Faults: Invalid when it isn't a form, or has
// bytes that are no text. A form over FormLimit is an *http.MaxBytesError,
// which becomes 413.
func ReadForm(r *Request) (*Form, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, fault.Because(err, fault.Invalid, "error.form")
	}
	r.Body = http.MaxBytesReader(nil, r.Body, FormLimit)
	if err := r.ParseForm(); err != nil {
		if _, big := errors.AsType[*http.MaxBytesError](err); big {
			return nil, err
		}
		return nil, fault.Because(err, fault.Invalid, "error.form")
	}
	for name, values := range r.PostForm {
		for _, v := range append(values, name) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return nil, fault.New(fault.Invalid, "error.form")
			}
		}
	}
	return &Form{Raw: r.PostForm, key: r.PostForm.Get(onceField)}, nil
}

// Key is the once key of this form, to pass to the service that creates.
func (f *Form) Key() string { return f.key }

// Text is what was typed, without spaces around it, with one kind of line end
// and one way of writing accents.
func (f *Form) Text(name string) string {
	return norm.NFC.String(strings.TrimSpace(strings.ReplaceAll(f.Raw.Get(name), "\r\n", "\n")))
}

// Ticks are the values ticked under a name.
func (f *Form) Ticks(name string) []string { return f.Raw[name] }

// Ticked says whether a value is ticked under a name.
func (f *Form) Ticked(name, value string) bool { return slices.Contains(f.Raw[name], value) }

// Number reads a whole number; ok is false when it can't be read, and an empty
// field is 0 and ok.
func (f *Form) Number(name string) (n int, ok bool) {
	text := f.Text(name)
	if text == "" {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// Day reads a calendar day as <input type="date"> sends it; ok is false when
// it can't be read, and an empty field is the zero day and ok. A draft's
// db.Day takes it as its Time.
func (f *Form) Day(name string) (day time.Time, ok bool) {
	text := f.Text(name)
	if text == "" {
		return time.Time{}, true
	}
	day, err := time.Parse(time.DateOnly, text)
	return day, err == nil
}

// Set gives a field its present value or values.
func (f *Form) Set(name string, values ...string) *Form {
	f.Raw[name] = values
	return f
}

// Refused says whether err is about what was typed. Then the form keeps the
// faults, to be rendered again with 422; any other error is the caller's to
// return.
func (f *Form) Refused(err error) bool {
	if !fault.Is(err, fault.Invalid) {
		return false
	}
	refusal, _ := errors.AsType[*fault.Error](err)
	f.Faults = refusal.Fields
	if len(f.Faults) == 0 {
		f.Faults = []fault.Field{{Message: refusal.Message}}
	}
	return true
}

// Fault is what is wrong with a field.
func (f *Form) Fault(name string) (fault.Message, bool) {
	for _, have := range f.Faults {
		if have.Name == name {
			return have.Message, true
		}
	}
	return fault.Message{}, false
}
