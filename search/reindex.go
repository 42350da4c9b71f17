package search

import (
	"context"
	"fmt"

	"docket/repository"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Reindex makes the index anew from the database, beside the one in use; see Engine.Rebuild. progress, which may be nil, is told the
// number of documents done after every batch.
func (f *Follower) Reindex(ctx context.Context, progress func(done int)) error {
	return f.Engine.Rebuild(ctx, func(add func(context.Context, []Entry) error) error {
		done := 0
		return f.eachBatch(ctx, func(documents []repository.DocumentID) error {
			entries, err := f.Loader.Load(ctx, f.Pool, documents)
			if err != nil {
				return fmt.Errorf("load for the search index: %w", err)
			}
			if err := add(ctx, entries); err != nil {
				return err
			}
			if done += len(documents); progress != nil {
				progress(done)
			}
			return nil
		})
	})
}

// eachBatch walks all documents in the order of their IDs, by key.
func (f *Follower) eachBatch(ctx context.Context, do func([]repository.DocumentID) error) error {
	for after := uuid.Nil; ; {
		rows, err := f.Pool.Query(ctx, "select id from repository.document where id > $1 order by id limit $2", after, f.batch())
		if err != nil {
			return postgres.Unavailable(err)
		}
		documents, err := pgx.CollectRows(rows, pgx.RowTo[repository.DocumentID])
		if err != nil || len(documents) == 0 {
			return postgres.Unavailable(err)
		}
		if err := do(documents); err != nil {
			return err
		}
		after = documents[len(documents)-1]
	}
}

// FillIfEmpty notes every document as changed when the index holds nothing though there are documents: the folder was lost, or the
// data was restored without it. The worker then fills the index bit by bit, newest documents last, and goes on after a crash.
func (f *Follower) FillIfEmpty(ctx context.Context) error {
	n, err := f.Engine.Count()
	if err != nil || n > 0 {
		return err
	}
	_, err = f.Pool.Exec(ctx, `insert into search.pending (subject_kind, subject) select 'document', id from repository.document d
		where not exists (select from search.pending p where p.subject = d.id) order by id`)
	if err != nil {
		return postgres.Unavailable(fmt.Errorf("fill the search index: %w", err))
	}
	return nil
}
