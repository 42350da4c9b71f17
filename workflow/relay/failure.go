package relay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"docket/repository/say"

	"github.com/emersion/go-smtp"
)

// A Failure is a message that was not taken.
type Failure struct {
	Final  bool   // for good: trying again would be answered the same
	Say    string // a sentence for people
	Answer string // the server's words; empty when it said nothing
	Cause  error
}

func (f *Failure) Error() string { return f.Say + " " + f.Cause.Error() }

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// again is a failure that says nothing about the message.
func again(ctx context.Context, cause error, sentence string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	answer := oneLine(cause.Error())
	if no, ok := errors.AsType[*smtp.SMTPError](cause); ok {
		answer = words(no)
	}
	return &Failure{Say: sentence, Answer: answer, Cause: cause}
}

// judged is what an error in a mail transaction means: 5xx is for good, 4xx and a connection that is lost are not.
func judged(ctx context.Context, cause error) error {
	no, answered := errors.AsType[*smtp.SMTPError](cause)
	switch {
	case errors.Is(cause, errNobody):
		return &Failure{Final: true, Say: say.Text("The mail server refused all recipients."), Cause: cause}
	case answered && no.Code >= 500:
		return &Failure{Final: true, Say: say.Text("The mail server refused the message."), Answer: words(no), Cause: cause}
	case answered:
		return &Failure{Say: say.Text("The mail server does not take the message at the moment."), Answer: words(no), Cause: cause}
	}
	return again(ctx, cause, say.Text("The connection to the mail server was lost."))
}

// words are what a server said, on one line.
func words(no *smtp.SMTPError) string {
	code := fmt.Sprint(no.Code)
	if e := no.EnhancedCode; e[0] > 0 {
		code += fmt.Sprintf(" %d.%d.%d", e[0], e[1], e[2])
	}
	return oneLine(code + " " + no.Message)
}

// maxAnswer is how much of a server's words is kept, in characters.
const maxAnswer = 500

// oneLine is a text of strangers on one line, cut off where it is too long.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(strings.Join(strings.Fields(s), " ")); len(r) > maxAnswer {
		return string(r[:maxAnswer]) + "…"
	}
	return strings.Join(strings.Fields(s), " ")
}
