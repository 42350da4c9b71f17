package search

import (
	"strings"
	"unicode/utf8"

	"docket/repository/fault"
	"docket/repository/say"
)

// A Problem is what is wrong with a query and where. It reaches callers as the cause of a fault of kind Invalid.
type Problem struct {
	Query      string `json:"query"`
	Start      int    `json:"start"` // of the wrong part, in bytes
	End        int    `json:"end"`
	Message    string `json:"message"`              // one or two whole sentences
	Suggestion string `json:"suggestion,omitempty"` // what to write in place of the wrong part, empty when unknown
}

// Error is the message with the place under a caret.
func (p *Problem) Error() string { return p.Message + "\n" + p.Hint() }

// Hint is the query and below it carets under the wrong part, for fixed-width type.
func (p *Problem) Hint() string {
	before := utf8.RuneCountInString(p.Query[:p.Start])
	wide := max(1, utf8.RuneCountInString(p.Query[p.Start:p.End]))
	return p.Query + "\n" + strings.Repeat(" ", before) + strings.Repeat("^", wide)
}

// fault makes the error that crosses the package's border. Its sentence names the place; the carets are in the Problem.
func (p *Problem) fault() error {
	sentence := p.Message
	if p.Suggestion != "" {
		sentence = say.Text("%s Did you mean %s?", sentence, p.Suggestion)
	}
	return fault.Wrap(p, fault.Invalid, "%s (At character %d of the search.)", sentence, utf8.RuneCountInString(p.Query[:p.Start])+1)
}
