// Package fault is how errors cross Docket: a kind for the machine, a sentence for the person, a cause for the log.
//
// Deep code wraps causes with fmt.Errorf and %w as usual. Where a person can do something about it, an error is made here,
// and its sentence says what happened, what was kept and what to do. Package web turns kinds into statuses in one place.
package fault

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"unicode/utf8"

	"docket/repository/say"
)

// A Kind says what sort of failure an error is.
type Kind string

// The kinds. An error without one is Internal.
const (
	Internal    Kind = "internal"    // our fault or an unexpected one
	Invalid     Kind = "invalid"     // the request or the content is wrong and will stay wrong
	NotFound    Kind = "not found"   // it does not exist, or the asker may not know that it does
	Denied      Kind = "denied"      // known, but not allowed
	Conflict    Kind = "conflict"    // somebody else was first; look again
	TooLarge    Kind = "too large"   // over a configured limit
	Unsupported Kind = "unsupported" // a format or feature that cannot be read
	Unavailable Kind = "unavailable" // try again later: a part of the system is away
)

// Error is an error with a kind and a sentence for a person. Its message for the log holds the cause as well.
type Error struct {
	Kind  Kind
	Say   string // what a person reads: a whole sentence without secrets
	Cause error  // may be nil
}

func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Say
	}
	return e.Say + ": " + e.Cause.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// New makes an error of a kind with a sentence for a person.
func New(k Kind, format string, args ...any) error {
	return &Error{Kind: k, Say: sentence(format, args)}
}

// Wrap gives cause a kind and a sentence. It returns nil when cause is nil.
func Wrap(cause error, k Kind, format string, args ...any) error {
	if cause == nil {
		return nil
	}
	return &Error{Kind: k, Say: sentence(format, args), Cause: cause}
}

// maxValue is the most characters of a value that a sentence repeats.
const maxValue = 500

// sentence fills in the values; of what somebody sent it repeats only so much that the sentence can be read.
func sentence(format string, args []any) string {
	for i, arg := range args {
		text, ok := "", false
		switch v := reflect.ValueOf(arg); {
		case v.Kind() == reflect.String:
			text, ok = v.String(), true
		case v.IsValid():
			var err error
			if err, ok = arg.(error); ok {
				text = err.Error()
			}
		}
		if ok && utf8.RuneCountInString(text) > maxValue {
			args = slices.Clone(args)
			args[i] = string([]rune(text)[:maxValue]) + "…"
		}
	}
	return fmt.Sprintf(format, args...)
}

// KindOf is the kind of the outermost Error in err's chain, Internal when there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Expected says whether err was said on purpose rather than caused by something that broke, such as that a file is still being checked:
// whoever asked is told, and whoever operates the house need not know.
func Expected(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Cause == nil && e.Kind != Internal
}

// Is says whether err is of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// Sentence is what a person may read of err: the outermost sentence, or a general one when err has none.
func Sentence(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Say
	}
	return say.Text("Something went wrong on our side. Nothing was lost; please try again.")
}
