package capture

import (
	"context"
	"fmt"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A Batch is pieces that were handed in together under a name: a morning's bag, a stack of scans. A name is one batch for good.
type Batch struct {
	ID       int64
	Name     string
	Source   string // of its first piece
	By       journal.Actor
	At       time.Time
	Expected *int          // pieces that a person has counted; nil when nobody has
	HandedIn int           // pieces that came by themselves: what is compared with Expected
	States   map[State]int // of all its pieces, those inside others too
}

// Pieces is how many pieces the batch has, with those inside others.
func (b Batch) Pieces() int {
	n := 0
	for _, k := range b.States {
		n += k
	}
	return n
}

// Missing is how many of the expected pieces have not come; below zero are those too many. It is 0 when nobody has counted.
func (b Batch) Missing() int {
	if b.Expected == nil {
		return 0
	}
	return *b.Expected - b.HandedIn
}

const batches = `select b.id, b.name, b.source, b.created_by, b.created_at, b.expected, coalesce(c.handed_in, 0), coalesce(c.states, '{}')
	from capture.batch b left join lateral (
		select sum(top)::int as handed_in, jsonb_object_agg(state, n) as states
		from (select state, count(*) as n, count(*) filter (where depth = 0) as top
			from capture.piece p where p.batch = b.name and p.batch <> '' group by state) s) c on true `

func findBatches(ctx context.Context, q postgres.Querier, where string, args ...any) ([]Batch, error) {
	rows, err := q.Query(ctx, batches+where, args...)
	if err != nil {
		return nil, fmt.Errorf("batches: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (b Batch, err error) {
		err = row.Scan(&b.ID, &b.Name, &b.Source, &b.By, &b.At, &b.Expected, &b.HandedIn, &b.States)
		return b, err
	})
}

// A BatchFilter chooses batches for a list. Zero fields choose all.
type BatchFilter struct {
	Since, Until time.Time // begun in [Since, Until)
	Before       int64     // IDs below, for the next page
	Limit        int       // 0 means 50
}

// Batches lists batches, the newest first, a page at a time by key.
func Batches(ctx context.Context, q postgres.Querier, f BatchFilter) ([]Batch, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return findBatches(ctx, q, `where ($1::timestamptz is null or b.created_at >= $1) and ($2::timestamptz is null or b.created_at < $2)
		and ($3 = 0 or b.id < $3) order by b.id desc limit $4`, nullTime(f.Since), nullTime(f.Until), f.Before, f.Limit)
}

// FindBatch gives a batch, or a fault of kind NotFound.
func FindBatch(ctx context.Context, q postgres.Querier, id int64) (Batch, error) {
	return oneBatch(findBatches(ctx, q, "where b.id = $1", id))
}

// BatchNamed is FindBatch by name.
func BatchNamed(ctx context.Context, q postgres.Querier, name string) (Batch, error) {
	return oneBatch(findBatches(ctx, q, "where b.name = $1", name))
}

func oneBatch(all []Batch, err error) (Batch, error) {
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "There is no such batch.")
	}
	if err != nil {
		return Batch{}, err
	}
	return all[0], nil
}

// Expect says how many pieces a person has counted, nil that nobody has.
func Expect(ctx context.Context, tx pgx.Tx, id int64, pieces *int) error {
	if pieces != nil && (*pieces < 0 || *pieces > 1_000_000) {
		return fault.New(fault.Invalid, "A batch has between 0 and 1,000,000 pieces.")
	}
	done, err := tx.Exec(ctx, "update capture.batch set expected = $2 where id = $1", id, pieces)
	if err != nil {
		return fmt.Errorf("expect pieces of batch %d: %w", id, err)
	}
	if done.RowsAffected() == 0 {
		return fault.New(fault.NotFound, "There is no such batch.")
	}
	return nil
}

// enterBatch begins the batch of a piece when it is its first.
func enterBatch(ctx context.Context, tx pgx.Tx, p Piece) error {
	if p.Batch == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `insert into capture.batch (name, source, created_by, created_at) select $1, $2, $3, $4
		where not exists (select from capture.batch where name = $1) on conflict (name) do nothing`, p.Batch, p.Source, p.ReceivedBy, p.ReceivedAt)
	if err != nil {
		return fmt.Errorf("enter %q in batch %q: %w", p.Name, p.Batch, err)
	}
	return nil
}
