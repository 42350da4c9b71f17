package journal

import (
	"context"
	"fmt"

	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A Subscriber is told of each event in the transaction that appends it. An error undoes that transaction.
type Subscriber func(ctx context.Context, tx pgx.Tx, e Event) error

// A Journal appends events and tells its subscribers. It is safe for concurrent use once all subscribers are known.
type Journal struct {
	subscribers []Subscriber
}

// New makes a journal with its first subscribers.
func New(subscribers ...Subscriber) *Journal { return &Journal{subscribers: subscribers} }

// Subscribe adds a subscriber. It must happen before the first Append.
func (j *Journal) Subscribe(s Subscriber) { j.subscribers = append(j.subscribers, s) }

// Append records e and tells the subscribers in order, all in the caller's transaction. It gives e with its ID, transaction
// and time set.
func (j *Journal) Append(ctx context.Context, tx pgx.Tx, e Event) (Event, error) {
	if e.Detail == nil {
		e.Detail = map[string]any{}
	}
	err := tx.QueryRow(ctx, `insert into repository.event (actor, verb, subject_kind, subject, detail)
		values ($1, $2, $3, $4, $5) returning id, tx::text::bigint, at`,
		e.Actor, e.Verb, e.Subject.Kind, e.Subject.ID, e.Detail).Scan(&e.ID, &e.Tx, &e.At)
	if err != nil {
		return e, fmt.Errorf("journal %s %s: %w", e.Verb, e.Subject.ID, err)
	}
	for _, s := range j.subscribers {
		if err := s(ctx, tx, e); err != nil {
			return e, fmt.Errorf("after %s %s: %w", e.Verb, e.Subject.ID, err)
		}
	}
	return e, nil
}

const eventColumns = "id, tx::text::bigint, at, actor, verb, subject_kind, subject, detail"

// BySubject gives the events about a subject, oldest first, at most limit of them (0 means all).
func BySubject(ctx context.Context, q postgres.Querier, subject uuid.UUID, limit int) ([]Event, error) {
	rows, err := q.Query(ctx, "select "+eventColumns+` from repository.event where subject = $1
		order by id limit nullif($2, 0)`, subject, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanEvent)
}

// BySubjects is BySubject for several subjects in one query: the events of all of them, oldest first.
func BySubjects(ctx context.Context, q postgres.Querier, subjects []uuid.UUID) ([]Event, error) {
	rows, err := q.Query(ctx, "select "+eventColumns+" from repository.event where subject = any($1) order by id", subjects)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanEvent)
}

func scanEvent(row pgx.CollectableRow) (Event, error) {
	var e Event
	err := row.Scan(&e.ID, &e.Tx, &e.At, &e.Actor, &e.Verb, &e.Subject.Kind, &e.Subject.ID, &e.Detail)
	return e, err
}
