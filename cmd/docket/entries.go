package main

import (
	"context"
	"slices"

	"docket/capture"
	"docket/capture/page"
	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/search"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// besideRecords tells the index what capture and workflow know of documents, in three queries.
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
		r := readings[id]
		if r.Kind == page.Mail {
			b.Message = search.Message{From: r.Meta["from"], To: r.Meta["to"], Cc: r.Meta["cc"], Subject: r.Meta["subject"]}
		}
		b.Class, b.Readers = r.Class, append(slices.Clone(taxonomy.Unfiled), "user:"+by)
		known[id] = b
		return nil
	})
	if err != nil {
		return nil, err
	}
	return known, addTickets(ctx, q, ids, known)
}

// addTickets adds the numbers of documents' tickets and how far these are.
func addTickets(ctx context.Context, q postgres.Querier, ids []repository.DocumentID, known map[repository.DocumentID]search.Beside) error {
	rows, err := q.Query(ctx, `select d.document, t.number, t.state, t.waiting_on from workflow.ticket_document d
		join workflow.ticket t on t.id = d.ticket where d.document = any($1) order by d.at`, ids)
	if err != nil {
		return err
	}
	var id repository.DocumentID
	var number, state, waitingOn string
	_, err = pgx.ForEachRow(rows, []any{&id, &number, &state, &waitingOn}, func() error {
		b := known[id]
		b.Tickets, b.Desk = append(b.Tickets, number), append(b.Desk, state, waitingOn)
		known[id] = b
		return nil
	})
	return err
}

// ofTickets gives the documents that change in the index with their tickets.
func ofTickets(ctx context.Context, q postgres.Querier, subjects []journal.Subject) ([]repository.DocumentID, error) {
	var tickets []uuid.UUID
	for _, s := range subjects {
		if s.Kind == "ticket" {
			tickets = append(tickets, s.ID)
		}
	}
	rows, err := q.Query(ctx, "select document from workflow.ticket_document where ticket = any($1)", tickets)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[repository.DocumentID])
}
