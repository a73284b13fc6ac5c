// Package fault says what went wrong in a way that a person can act on.
//
// Every error that may reach a person is an *Error with a Kind (what the
// answer is) and a Message (a key, translated at the edge). Anything else is
// Internal: the person reads "something went wrong", the log has the rest.
package fault

import (
	"errors"
	"fmt"
)

// Kind decides the answer that a person gets. There is one per HTTP status and
// no more.
type Kind int

const (
	// Internal is the zero kind: an unclassified error never reaches a person.
	Internal Kind = iota
	// Invalid is input that can be mended; it carries all field faults at once.
	Invalid
	// NotFound is what does not exist, or what this person may not know about.
	NotFound
	// Forbidden is what a person may know about but not do.
	Forbidden
	// Conflict is a request that contradicts one already carried out.
	Conflict
	// Busy is a passing lack of room or turn: trying again later may work.
	Busy
)

// Message is a sentence by its key, with its arguments; see package i18n.
type Message struct {
	Key  string
	Args map[string]any
}

// Field is what is wrong with one field of a form.
type Field struct {
	Name    string
	Message Message
}

// Error is a fault of a known kind.
type Error struct {
	Kind    Kind
	Message Message
	Fields  []Field // in the order of the form; only with Invalid
	cause   error
}

// Error is for the log, never for a page.
func (e *Error) Error() string {
	s := e.Kind.String()
	if e.Message.Key != "" {
		s += " " + e.Message.Key
	}
	for _, f := range e.Fields {
		s += " " + f.Name + ":" + f.Message.Key
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the cause, which may be nil.
func (e *Error) Unwrap() error { return e.cause }

// String names the kind in logs.
func (k Kind) String() string {
	switch k {
	case Invalid:
		return "invalid"
	case NotFound:
		return "not found"
	case Forbidden:
		return "forbidden"
	case Conflict:
		return "conflict"
	case Busy:
		return "busy"
	case Internal:
	}
	return "internal"
}

// New makes a fault of a kind with a message key and its arguments, given as
// name, value, name, value.
func New(k Kind, key string, args ...any) error {
	return &Error{Kind: k, Message: Message{Key: key, Args: pairs(args)}}
}

// Because is New with the error that caused it, for the log.
func Because(cause error, k Kind, key string, args ...any) error {
	return &Error{Kind: k, Message: Message{Key: key, Args: pairs(args)}, cause: cause}
}

// ErrNotFound is the plain "there is no such thing, or not for you".
var ErrNotFound = New(NotFound, "error.notfound")

// KindOf classifies err; an unclassified error is Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is says whether err is a fault of kind k. A nil error is of no kind.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// Wrap notes, in front of a failing function's error, what it was doing. It is
// deferred as the first line of an exported function that does I/O:
//
//	defer fault.Wrap(&err, "gift.Add in %s", initiative)
//
// Arguments are ids only: no name, address or answer belongs in an error.
func Wrap(err *error, doing string, args ...any) {
	if *err == nil {
		return
	}
	*err = fmt.Errorf(doing+": %w", append(args, *err)...)
}

// Form collects what is wrong with a form, so that a person hears of
// everything at once. The zero Form is ready to use.
type Form struct{ fields []Field }

// Add notes that field name is wrong. Only the first fault of a field is kept.
func (f *Form) Add(name, key string, args ...any) {
	for _, have := range f.fields {
		if have.Name == name {
			return
		}
	}
	f.fields = append(f.fields, Field{Name: name, Message: Message{Key: key, Args: pairs(args)}})
}

// Check adds the fault unless ok.
func (f *Form) Check(ok bool, name, key string, args ...any) {
	if !ok {
		f.Add(name, key, args...)
	}
}

// Err is nil, or one Invalid error with every field's fault.
func (f *Form) Err() error {
	if len(f.fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: Message{Key: "error.invalid"}, Fields: f.fields}
}

// Fields gives the field faults that err carries, or none.
func Fields(err error) []Field {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Fields
	}
	return nil
}

func pairs(args []any) map[string]any {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[fmt.Sprint(args[i])] = args[i+1]
	}
	return m
}

// Says is the message that err carries, or the key otherwise when it has only
// the plain words of its kind.
func Says(err error, otherwise string) Message {
	if e, ok := errors.AsType[*Error](err); ok && e.Message.Key != "" && e.Message.Key != "error.notfound" {
		return e.Message
	}
	return Message{Key: otherwise}
}
