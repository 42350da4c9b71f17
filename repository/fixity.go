package repository

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"docket/repository/blob"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A Finding is something that the repository's checks found wrong with one version or object.
type Finding struct {
	Document DocumentID `json:"document,omitzero"`
	Version  int        `json:"version,omitempty"`
	Key      string     `json:"key"`
	What     string     `json:"what"` // a sentence
}

// LeastRecentlyChecked gives up to limit versions whose bytes were checked longest ago, or never, and not since before.
func (s *Store) LeastRecentlyChecked(ctx context.Context, q postgres.Querier, before time.Time, limit int) ([]Version, error) {
	rows, err := q.Query(ctx, "select "+versionColumns+` from repository.version
		where checked_at is null or checked_at < $1
		order by checked_at nulls first, document, number limit $2`, before, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanVersion)
}

// Check reads a version's bytes to the end and gives "" when they are those that were recorded, else what is wrong with
// them in a sentence. An error means that the check could not be made: the store is away, not the bytes damaged.
func (s *Store) Check(ctx context.Context, v Version) (damage string, err error) {
	r, err := s.Open(ctx, v)
	if err == nil {
		defer r.Close()
		_, err = io.Copy(io.Discard, r)
	}
	switch {
	case err == nil:
		return "", nil
	case errors.Is(err, blob.ErrDigest):
		return "The stored bytes are not those that were received: their SHA-256 differs.", nil
	case fault.Is(err, fault.NotFound), errors.Is(err, blob.ErrNotFound):
		return "The stored bytes are missing.", nil
	}
	return "", fmt.Errorf("check %s version %d: %w", v.Document, v.Number, err)
}

// RecordCheck notes the outcome of Check. Damage that appears or disappears is an event in the journal.
func (s *Store) RecordCheck(ctx context.Context, tx pgx.Tx, by journal.Actor, v Version, damage string, at time.Time) error {
	var before string
	err := tx.QueryRow(ctx, `select coalesce(damage, '') from repository.version where document = $1 and number = $2 for update`,
		v.Document, v.Number).Scan(&before)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update repository.version set checked_at = $3, damage = nullif($4, '') where document = $1 and number = $2`,
		v.Document, v.Number, at, damage)
	if err != nil || before == damage {
		return err
	}
	verb := DamageFound
	if damage == "" {
		verb = DamageMended
	}
	_, err = s.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: verb, Subject: Subject(v.Document),
		Detail: map[string]any{"version": v.Number, "damage": damage}})
	return err
}

// Damaged gives the versions that their last check found damaged.
func (s *Store) Damaged(ctx context.Context, q postgres.Querier) ([]Finding, error) {
	rows, err := q.Query(ctx, `select document, number, damage from repository.version where damage is not null order by document, number`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Finding, error) {
		var f Finding
		err := row.Scan(&f.Document, &f.Version, &f.What)
		f.Key = contentKey(f.Document)
		return f, err
	})
}

// EachVersion calls f with every version of every document in the order of documents, reading them in batches by key.
func (s *Store) EachVersion(ctx context.Context, q postgres.Querier, f func(Version) error) error {
	var after DocumentID
	number := 0
	for {
		rows, err := q.Query(ctx, "select "+versionColumns+` from repository.version
			where (document, number) > ($1, $2) order by document, number limit 1000`, after, number)
		if err != nil {
			return err
		}
		batch, err := pgx.CollectRows(rows, scanVersion)
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, v := range batch {
			if err := f(v); err != nil {
				return err
			}
		}
		last := batch[len(batch)-1]
		after, number = last.Document, last.Number
	}
}

// sameBytes says whether the store's object is what a row recorded, as far as a listing tells.
func sameBytes(o blob.Object, size int64, sum []byte) bool {
	return o.Size == size && (o.SHA256 == blob.SHA256{} || bytes.Equal(o.SHA256[:], sum))
}
