package workflow

import (
	"context"
	"fmt"
	"strings"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// documentUnsure is what package capture says of a document that the machine did not dare to file. Its detail holds the
// sentences that say why, under "doubts".
const documentUnsure journal.Verb = "document.unsure"

// pieceRejected is what package capture says of a document when a person has said that nothing is to be done about it.
const pieceRejected journal.Verb = "piece.rejected"

// mailroom is the team that validates.
const mailroom = "mailroom"

// Follow is the desk's subscriber: it is told of every event in the transaction that appends it. A filed document is
// accepted; one that the machine was unsure of raises a validation task, and a rejected one ends it; a correction and a merged party reach the ticket.
func (d *Desk) Follow(ctx context.Context, tx pgx.Tx, e journal.Event) error {
	by := journal.System("workflow")
	switch e.Verb {
	case documentUnsure:
		_, err := d.RaiseTask(ctx, tx, by, Task{Kind: Validate, Document: e.Subject.ID, Team: mailroom, Reason: doubtsOf(e)})
		return err
	case pieceRejected:
		return d.rejected(ctx, tx, by, e.Actor, e.Subject.ID)
	case taxonomy.DocumentFiled:
		return d.filed(ctx, tx, by, e)
	case taxonomy.DocumentCorrected:
		if err := d.corrected(ctx, tx, by, e.Subject.ID); err != nil {
			return err
		}
		return d.filed(ctx, tx, by, e)
	case taxonomy.PartyMerged:
		// In the transaction that appends it the ID in the detail is still an ID, not yet text.
		_, err := tx.Exec(ctx, "update workflow.ticket set party = $2, version = version + 1 where party = $1", e.Subject.ID, e.Detail["into"])
		return err
	}
	return nil
}

func doubtsOf(e journal.Event) string {
	switch doubts := e.Detail["doubts"].(type) {
	case []string:
		return strings.Join(doubts, " ")
	case []any:
		return strings.Trim(fmt.Sprint(doubts...), "[]")
	}
	return say.Text("The machine was unsure what this is.")
}

func (d *Desk) filed(ctx context.Context, tx pgx.Tx, by journal.Actor, e journal.Event) error {
	_, err := d.finish(ctx, tx, e.Actor, "filed", "kind = $4 and document = $5", Validate, e.Subject.ID)
	if err != nil {
		return err
	}
	r, err := d.plan.Record(ctx, tx, e.Subject.ID)
	if err != nil {
		return err
	}
	_, err = d.Accept(ctx, tx, by, r)
	return err
}

// corrected carries what a person corrected on a document over to the open ticket that was opened for it.
func (d *Desk) corrected(ctx context.Context, tx pgx.Tx, by journal.Actor, id repository.DocumentID) error {
	r, err := d.plan.Record(ctx, tx, id)
	if err != nil {
		return err
	}
	c, err := d.plan.Catalogue(ctx, tx)
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `update workflow.ticket set class = $2, title = $3, party = nullif($4, '00000000-0000-0000-0000-000000000000'::uuid),
			subject = $5, product = $6, keys = $7, language = $8, amount = $9, readers = $10, version = version + 1
		where document = $1 and closed_at is null returning id`, id, r.Class, titleOf(c, r), r.Party, r.Values.Get(taxonomy.Subject),
		r.Values.Get(taxonomy.Product), keysOf(r.Values), r.Language, r.Values.Get(taxonomy.Amount), postgres.Array(r.Readers))
	if err != nil {
		return fmt.Errorf("correct the ticket of document %s: %w", id, err)
	}
	tickets, err := pgx.CollectRows(rows, pgx.RowTo[TicketID])
	if err != nil {
		return fmt.Errorf("correct the ticket of document %s: %w", id, err)
	}
	for _, t := range tickets {
		_, err := d.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: TicketChanged, Subject: subject(t),
			Detail: map[string]any{"document": id, "class": r.Class, "party": r.Party}})
		if err != nil {
			return err
		}
	}
	return nil
}
