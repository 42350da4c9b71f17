package main

import (
	"context"
	"slices"

	"docket/capture"
	"docket/repository"
	"docket/repository/postgres"
	"docket/search"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// besideRecords tells the index what capture knows of documents, in two queries.
func besideRecords(ctx context.Context, q postgres.Querier, ids []repository.DocumentID) (map[repository.DocumentID]search.Beside, error) {
	readings, err := capture.Readings(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `select distinct on (document) document, source, state, received_at, received_by from capture.piece
		where document = any($1) and state <> 'duplicate' order by document, seq`, ids)
	if err != nil {
		return nil, err
	}
	known := make(map[repository.DocumentID]search.Beside, len(ids))
	var id repository.DocumentID
	var b search.Beside
	var by string
	_, err = pgx.ForEachRow(rows, []any{&id, &b.Source, &b.State, &b.Received, &by}, func() error {
		b.Class, b.Readers = readings[id].Class, append(slices.Clone(taxonomy.Unfiled), "user:"+by)
		known[id] = b
		return nil
	})
	return known, err
}
