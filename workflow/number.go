package workflow

import (
	"context"
	"fmt"

	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// Number writes a ticket number: CLM-2026-000123-7, the last digit being the check digit of year and sequence.
func Number(prefix string, year, sequence int) string {
	digits := fmt.Sprintf("%04d%06d", year, sequence)
	return fmt.Sprintf("%s-%04d-%06d-%c", prefix, year, sequence, taxonomy.CheckDigit(digits))
}

// nextNumber gives out the next number of a prefix and year. Others wait until the transaction ends, so there are no gaps.
func nextNumber(ctx context.Context, tx pgx.Tx, prefix string, year int) (string, error) {
	var n int
	err := tx.QueryRow(ctx, `insert into workflow.sequence as s (prefix, year, last) values ($1, $2, 1)
		on conflict (prefix, year) do update set last = s.last + 1 returning last`, prefix, year).Scan(&n)
	if err != nil {
		return "", fmt.Errorf("next ticket number of %s: %w", prefix, err)
	}
	return Number(prefix, year, n), nil
}
