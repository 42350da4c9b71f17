package main

import (
	"context"

	"docket/capture"
	"docket/repository"
	"docket/repository/postgres"
	"docket/search"

	"github.com/jackc/pgx/v5"
)

// unfiledReaders may see what has no record yet and therefore no class that says who may.
var unfiledReaders = []string{"role:mailroom", "role:records-manager"}

// besideRecords tells the index what capture knows of documents, in two queries.
func besideRecords(ctx context.Context, q postgres.Querier, ids []repository.DocumentID) (map[repository.DocumentID]search.Beside, error) {
	readings, err := capture.Readings(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `select distinct on (document) document, source, state, received_at from capture.piece
		where document = any($1) and state <> 'duplicate' order by document, seq`, ids)
	if err != nil {
		return nil, err
	}
	known := make(map[repository.DocumentID]search.Beside, len(ids))
	var id repository.DocumentID
	var b search.Beside
	_, err = pgx.ForEachRow(rows, []any{&id, &b.Source, &b.State, &b.Received}, func() error {
		b.Class, b.Readers = readings[id].Class, unfiledReaders
		known[id] = b
		return nil
	})
	return known, err
}
