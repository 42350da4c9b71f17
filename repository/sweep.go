package repository

import (
	"context"
	"fmt"
	"time"

	"docket/repository/blob"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// objectPrefix is where everything of the repository lies in the bucket.
const objectPrefix = "documents/"

// sweepBatch is how many objects are compared with the database at a time.
const sweepBatch = 1000

// Strays lists objects in the bucket that no row points to and that are older than before: what a crash between bytes and
// rows left behind, and renditions that were made again. Younger ones may belong to work in flight.
func (s *Store) Strays(ctx context.Context, q postgres.Querier, before time.Time) ([]blob.Object, error) {
	var strays, batch []blob.Object
	flush := func() error {
		found, err := unreferenced(ctx, q, batch)
		strays, batch = append(strays, found...), batch[:0]
		return err
	}
	for o, err := range s.blobs.Versions(ctx, objectPrefix) {
		if err != nil {
			return nil, fmt.Errorf("list the bucket: %w", err)
		}
		if !o.At.Before(before) {
			continue
		}
		if batch = append(batch, o); len(batch) == sweepBatch {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	return strays, flush()
}

// An unfinisher is a blob store in which a put that is cut off leaves parts behind, which are no version and use space.
type unfinisher interface {
	RemoveUnfinished(ctx context.Context, before time.Time) (int, error)
}

// Sweep removes for good what no row points to and what began before a time: strays, and puts that never ended. It gives how
// many. The time must leave room for the longest put, for one that is still under way is not told from one that was cut off.
func (s *Store) Sweep(ctx context.Context, q postgres.Querier, before time.Time) (int, error) {
	swept := 0
	if u, ok := s.blobs.(unfinisher); ok {
		var err error
		if swept, err = u.RemoveUnfinished(ctx, before); err != nil {
			return swept, err
		}
	}
	strays, err := s.Strays(ctx, q, before)
	if err != nil {
		return swept, err
	}
	for i, o := range strays {
		if err := s.blobs.Delete(ctx, o.Key, o.Version); err != nil {
			return swept + i, fmt.Errorf("remove stray %s: %w", o.Key, err)
		}
	}
	return swept + len(strays), nil
}

// unreferenced gives those of the objects that neither a version nor a rendition points to, in one query.
func unreferenced(ctx context.Context, q postgres.Querier, objects []blob.Object) ([]blob.Object, error) {
	keys, ids := make([]string, len(objects)), make([]string, len(objects))
	for i, o := range objects {
		keys[i], ids[i] = o.Key, o.Version
	}
	rows, err := q.Query(ctx, `select o.nr from unnest($1::text[], $2::text[]) with ordinality as o(key, object, nr)
		where not exists (select from repository.version v
			where o.key like '%/content' and v.document = substring(o.key from 'documents/([0-9a-f-]{36})/')::uuid and v.object = o.object)
		and not exists (select from repository.rendition r
			where r.document = substring(o.key from 'documents/([0-9a-f-]{36})/')::uuid and r.key = o.key and r.object = o.object)
		order by o.nr`, keys, ids)
	if err != nil {
		return nil, err
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return nil, err
	}
	found := make([]blob.Object, len(numbers))
	for i, n := range numbers {
		found[i] = objects[n-1]
	}
	return found, nil
}
