package workflow

import (
	"context"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// attached is why a part is on its message's ticket.
const attached = "attached to a message of this ticket"

// acceptWithMessage handles a document that was attached to a message. It joins the message's ticket; while the message is
// not filed, it waits for it (see acceptParts). Done is false for a document that came by itself, and for one whose message
// needs no ticket: that is then judged on its own.
func (d *Desk) acceptWithMessage(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record) (a Acceptance, done bool, err error) {
	if r.PartOf == uuid.Nil {
		return a, false, nil
	}
	known, err := d.ByDocuments(ctx, tx, []repository.DocumentID{r.PartOf})
	if err != nil {
		return a, true, err
	}
	if t, ok := known[r.PartOf]; ok {
		t, err := d.join(ctx, tx, by, t.ID, r.Document, attached)
		return Acceptance{Ticket: t, Joined: true, How: attached}, true, err
	}
	_, err = d.plan.Record(ctx, tx, r.PartOf)
	if fault.Is(err, fault.NotFound) {
		return a, true, nil
	}
	return a, err != nil, err
}

// acceptParts takes the filed parts of a message to the ticket that it got, or lets each speak for itself when it got none.
func (d *Desk) acceptParts(ctx context.Context, tx pgx.Tx, by journal.Actor, message taxonomy.Record, a Acceptance) error {
	parts, err := d.plan.Parts(ctx, tx, message.Document)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if a.Ticket.ID != uuid.Nil {
			_, err = d.join(ctx, tx, by, a.Ticket.ID, part.Document, attached)
		} else {
			_, err = d.Accept(ctx, tx, by, part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
