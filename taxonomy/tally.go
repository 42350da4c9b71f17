package taxonomy

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// FoldTally adds up the changes in how many records each folder holds, so that counting stays cheap. It changes no count: whoever
// counts meanwhile sees the rows before or after, and writers do not wait. A second one who folds waits for the first.
func FoldTally(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, "lock table taxonomy.tally in share update exclusive mode"); err != nil {
		return fmt.Errorf("fold the tally of records: %w", err)
	}
	_, err := tx.Exec(ctx, `with gone as (delete from taxonomy.tally returning *)
		insert into taxonomy.tally select folder, readers, sum(records) from gone group by folder, readers having sum(records) <> 0`)
	if err != nil {
		return fmt.Errorf("fold the tally of records: %w", err)
	}
	return nil
}
