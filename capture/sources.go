package capture

import (
	"context"
	"fmt"
	"time"

	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A SourceUse says how a source has been used.
type SourceUse struct {
	Source     string
	Pieces     int       // in the time asked for
	Exceptions int       // of these, still unsolved
	Last       time.Time // when the last piece came
}

// Sources sums up the use of every source from since on, the one used last first.
func Sources(ctx context.Context, q postgres.Querier, since time.Time) ([]SourceUse, error) {
	rows, err := q.Query(ctx, `select source, count(*)::int, (count(*) filter (where state = 'exception'))::int, max(received_at)
		from capture.piece where received_at >= $1 group by source order by max(received_at) desc`, since)
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[SourceUse])
}
