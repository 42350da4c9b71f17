package workflow

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"docket/repository/postgres"
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

// NumberTaken says whether a ticket here has a number.
func NumberTaken(ctx context.Context, q postgres.Querier, number string) (taken bool, err error) {
	err = q.QueryRow(ctx, "select exists (select from workflow.ticket where number = $1)", number).Scan(&taken)
	return taken, err
}

// maxReserved is the last sequence number that is reserved: numbers of more than six digits would make all later ones longer.
const maxReserved = 999_999

// ReserveNumber keeps a number that was given out elsewhere from being given out here. A text that is no ticket number is left
// alone.
func ReserveNumber(ctx context.Context, tx pgx.Tx, number string) error {
	prefix, year, n, ok := parseNumber(number)
	if !ok || n > maxReserved {
		return nil
	}
	_, err := tx.Exec(ctx, `insert into workflow.sequence as s (prefix, year, last) values ($1, $2, $3)
		on conflict (prefix, year) do update set last = greatest(s.last, excluded.last)`, prefix, year, n)
	if err != nil {
		return fmt.Errorf("reserve ticket number %s: %w", number, err)
	}
	return nil
}

// parseNumber takes a ticket number apart.
func parseNumber(number string) (prefix string, year, sequence int, ok bool) {
	parts := strings.Split(number, "-")
	if len(parts) != 4 || !taxonomy.ValidNumber(number) {
		return "", 0, 0, false
	}
	year, err := strconv.Atoi(parts[1])
	if err != nil {
		return "", 0, 0, false
	}
	sequence, err = strconv.Atoi(parts[2])
	return parts[0], year, sequence, err == nil && Number(parts[0], year, sequence) == number
}
