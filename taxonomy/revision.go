package taxonomy

import (
	"context"
	"fmt"
	"time"

	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A Revision is one state of a definition: who made it and when. Versions count 1, 2, 3 without gaps.
type Revision struct {
	ID      string // of a term: "subject/late-delivery"
	Version int
	By      journal.Actor
	At      time.Time
}

// Revisions are the newest states of all definitions of a kind, by ID.
func Revisions(ctx context.Context, q postgres.Querier, kind string) (map[string]Revision, error) {
	rows, err := q.Query(ctx, "select id, version, changed_by, changed_at from taxonomy.definition where kind = $1", kind)
	if err != nil {
		return nil, fmt.Errorf("revisions of each %s: %w", kind, err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Revision])
	all := make(map[string]Revision, len(list))
	for _, r := range list {
		all[r.ID] = r
	}
	return all, err
}

// PastRevisions are all states of one definition, the newest first.
func PastRevisions(ctx context.Context, q postgres.Querier, kind, id string) ([]Revision, error) {
	rows, err := q.Query(ctx, `select id, version, changed_by, changed_at from taxonomy.definition where kind = $1 and id = $2
		union all select id, version, changed_by, changed_at from taxonomy.definition_history where kind = $1 and id = $2
		order by version desc`, kind, id)
	if err != nil {
		return nil, fmt.Errorf("past of %s %s: %w", kind, id, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Revision])
}

// A State is a definition as it stood in one version.
type State struct {
	Revision
	Body []byte // JSON of a Class, Field, Term or Category, or of a setting
}

// maxStates bounds how much of a definition's history is read.
const maxStates = 200

// History are the newest states of one definition, the newest first, with what they said.
func History(ctx context.Context, q postgres.Querier, kind, id string) ([]State, error) {
	rows, err := q.Query(ctx, `select id, version, changed_by, changed_at, body::text from taxonomy.definition where kind = $1 and id = $2
		union all select id, version, changed_by, changed_at, body::text from taxonomy.definition_history where kind = $1 and id = $2
		order by version desc limit $3`, kind, id, maxStates)
	if err != nil {
		return nil, fmt.Errorf("history of %s %s: %w", kind, id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s State, err error) {
		var body string
		err = row.Scan(&s.ID, &s.Version, &s.By, &s.At, &body)
		s.Body = []byte(body)
		return s, err
	})
}
