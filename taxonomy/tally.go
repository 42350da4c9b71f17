package taxonomy

import (
	"context"
	"fmt"

	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// FoldTally adds up the changes in how many records each folder holds, so that counting stays cheap. It changes no count: whoever
// counts meanwhile sees the rows before or after, and writers do not wait. A second one who folds waits for the first.
func FoldTally(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, "lock table taxonomy.tally in share update exclusive mode"); err != nil {
		return fmt.Errorf("fold the tally of records: %w", err)
	}
	_, err := tx.Exec(ctx, `with many as (select folder, readers, class, year from taxonomy.tally group by 1, 2, 3, 4 having count(*) > 1 or sum(records) = 0),
			gone as (delete from taxonomy.tally t using many m
				where (t.folder, t.readers, t.class, t.year) = (m.folder, m.readers, m.class, m.year) returning t.*)
		insert into taxonomy.tally (folder, readers, class, year, records)
			select folder, readers, class, year, sum(records) from gone group by 1, 2, 3, 4 having sum(records) <> 0`)
	if err != nil {
		return fmt.Errorf("fold the tally of records: %w", err)
	}
	return nil
}

// A Share is how many of a list's records have a class and a year of their letter.
type Share struct {
	Class   ClassID
	Year    int // 0 without a date
	Records int
}

// Shares tell of what classes and years the records of some folders are that the reader may see, the latest year first.
func (p *Plan) Shares(ctx context.Context, q postgres.Querier, reader Reader, folders []FolderID) ([]Share, error) {
	access, tokens := reader.Where("t.readers", 1)
	rows, err := q.Query(ctx, `select t.class, t.year, sum(t.records)::int from taxonomy.tally t where `+access+` and t.folder = any($2)
		group by t.class, t.year having sum(t.records) > 0 order by t.year desc, t.class`, tokens, folders)
	if err != nil {
		return nil, fmt.Errorf("shares of folders: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Share])
}
