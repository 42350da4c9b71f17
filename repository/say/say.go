// Package say makes what the program says to people in its own words outside of errors: how a value was found, why a document
// waits, why it joined a ticket. Such words are English wherever they are stored, logged or sent by the API; package web shows
// them in the reader's language, which it can because each of them is made from a format that stands here or in package fault.
//
// # Words
//
//   - Format: what the code writes, with verbs for the values. It is the key of the translation, so it reads well by itself.
//   - Person: the user name of somebody is written with the verb [Person], so that a page can call them by their full name.
//   - Clause: a text without a full stop that can stand beside others, see [Join].
package say

import (
	"fmt"
	"strings"
)

// Text is fmt.Sprintf for what a person reads. The format is a constant, so that the catalogues of package web can be held
// against the code.
func Text(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// Person is the verb for a person's user name in a format; it prints like %s.
const Person = "%+s"

// Between stands between clauses.
const Between = "; "

// Join puts clauses beside each other. Each is translated for itself.
func Join(clauses ...string) string { return strings.Join(clauses, Between) }
