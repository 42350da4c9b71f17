package taxonomy

import (
	"context"
	"fmt"
	"slices"

	"docket/repository"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
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

// Unfiled are the access tokens that may see a document which is no record yet and therefore has no class that says who may.
// Besides them, whoever handed it in may.
var Unfiled = []string{"role:mailroom", "role:records-manager"}

// Visible says, in one query, which of some documents r may see: records by their readers, others as Unfiled says. A document
// that does not exist is as one that r may not see.
func (r Reader) Visible(ctx context.Context, q postgres.Querier, ids []repository.DocumentID) (map[repository.DocumentID]bool, error) {
	where, tokens := r.Where("coalesce(r.readers, $2::text[] || ('user:' || d.created_by))", 3)
	rows, err := q.Query(ctx, `select d.id from repository.document d left join taxonomy.record r on r.document = d.id
		where d.id = any($1) and $2::text[] is not null and `+where, ids, Unfiled, tokens)
	if err != nil {
		return nil, fmt.Errorf("visible documents: %w", err)
	}
	seen := make(map[repository.DocumentID]bool, len(ids))
	var id repository.DocumentID
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		seen[id] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("visible documents: %w", err)
	}
	return seen, nil
}
