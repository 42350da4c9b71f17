package taxonomy

import (
	"fmt"
	"slices"
)

// Everyone is the access token that every signed-in user carries.
const Everyone = "everyone"

// A Reader is whoever asks to see documents: the access tokens they carry ("everyone", "role:agent", "team:claims",
// "user:anna"). A record lists the tokens that may see it; sharing one is enough. The zero Reader sees nothing.
type Reader struct {
	Tokens []string
	All    bool // administrators and the system itself see everything
}

// Root is the reader that sees everything: the system itself.
var Root = Reader{All: true}

// May says whether r may see what is open to the given tokens.
func (r Reader) May(readers []string) bool {
	return r.All || slices.ContainsFunc(r.Tokens, func(t string) bool { return slices.Contains(readers, t) })
}

// Where is the same rule as one set-based SQL predicate over a text[] column, to be joined by "and"; the value belongs to
// placeholder number arg.
func (r Reader) Where(column string, arg int) (sql string, value any) {
	if r.All {
		return fmt.Sprintf("($%d::text[] is null)", arg), nil
	}
	return fmt.Sprintf("(%s && $%d::text[])", column, arg), r.Tokens
}
