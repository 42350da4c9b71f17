package capture

import (
	"context"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// A WaitingFilter chooses among the pieces that wait for a person. Zero fields choose all.
type WaitingFilter struct {
	Source   string
	Class    taxonomy.ClassID // the likeliest
	Language string
	After    int64 // sequence numbers above, for the next page
	Limit    int
}

// WaitingFor lists the pieces that wait for a person, the one that has waited longest first.
func WaitingFor(ctx context.Context, q postgres.Querier, f WaitingFilter) ([]Piece, error) {
	return pieces(ctx, q, `state = 'waiting' and seq > $1 and ($2 = '' or source = $2) and ($3 = '' and $4 = '' or exists (
		select from capture.reading r where r.document = piece.document and ($3 = '' or r.class = $3) and ($4 = '' or r.language = $4)))
		order by seq limit $5`, f.After, f.Source, f.Class, f.Language, f.Limit)
}

// A WaitingGroup is how many of the pieces that wait for a person have a source, a likeliest class and a language.
type WaitingGroup struct {
	Source   string
	Class    taxonomy.ClassID
	Language string
	Pieces   int
}

// WaitingGroups counts what waits for a person, for a queue's filters.
func WaitingGroups(ctx context.Context, q postgres.Querier) ([]WaitingGroup, error) {
	rows, err := q.Query(ctx, `select p.source, coalesce(r.class, ''), coalesce(r.language, ''), count(*) from capture.piece p
		left join capture.reading r on r.document = p.document where p.state = 'waiting' group by 1, 2, 3 order by 1, 2, 3`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[WaitingGroup])
}

// A DecidedPiece is a document that a person decided, and when.
type DecidedPiece struct {
	Document repository.DocumentID
	At       time.Time
}

// DecidedBy lists what a person has decided since a time, the last first. A document that they decided again counts once.
func DecidedBy(ctx context.Context, q postgres.Querier, by journal.Actor, since time.Time) ([]DecidedPiece, error) {
	rows, err := q.Query(ctx, "select document, decided_at from capture.reading where decided_by = $1 and decided_at >= $2 order by decided_at desc", by, since)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[DecidedPiece])
}

// longestStep is the most time between two decisions that counts as working on the second; what is longer was a pause.
const longestStep = 5 * time.Minute

// Pace is how many pieces an hour somebody decides while they are at it, from the times of what they decided, the last first.
// Pauses do not count. It is 0 while there is nothing to measure.
func Pace(decided []DecidedPiece) float64 {
	steps, worked := 0, time.Duration(0)
	for i := 1; i < len(decided); i++ {
		if step := decided[i-1].At.Sub(decided[i].At); step <= longestStep {
			steps, worked = steps+1, worked+step
		}
	}
	if worked <= 0 {
		return 0
	}
	return float64(steps) / worked.Hours()
}
