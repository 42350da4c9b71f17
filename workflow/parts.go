package workflow

import (
	"context"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/say"
	"docket/taxonomy"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// attached is why a part is on its message's ticket.
var attached = say.Text("attached to a message of this ticket")

// An insideRule handles a document that came inside another. Done is false when it is to be judged on its own.
type insideRule func(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record) (a Acceptance, done bool, err error)

// acceptWithMessage handles a document that was attached to a message, itself or in a container. It joins the ticket of the
// nearest document around it that has one; while one of them is not filed, it waits for that (see acceptParts). Done is false
// for a document that came by itself, and for one around which nothing needs a ticket: that is then judged on its own.
func (d *Desk) acceptWithMessage(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record) (a Acceptance, done bool, err error) {
	for around := r.PartOf; around != uuid.Nil; {
		known, err := d.ByDocuments(ctx, tx, []repository.DocumentID{around})
		if err != nil {
			return a, true, err
		}
		if t, ok := known[around]; ok {
			m, _, err := d.message(ctx, tx, around)
			if err != nil {
				return a, true, err
			}
			t, err := d.joinPart(ctx, tx, by, t.ID, r.Document, m.quiet())
			return Acceptance{Ticket: t, Joined: true, How: attached}, true, err
		}
		if held, err := d.held(ctx, tx, around); err != nil || held {
			return Acceptance{Held: held}, true, err
		}
		outer, err := d.plan.Record(ctx, tx, around)
		if fault.Is(err, fault.NotFound) {
			return a, true, nil
		}
		if err != nil {
			return a, true, err
		}
		around = outer.PartOf
	}
	return a, false, nil
}

// quiet says whether a message is in its ticket without a change of the ticket's state.
func (m Message) quiet() bool { return m.Action == thread.Attach || m.Action == thread.Told }

// joinPart takes what came with a message to the message's ticket: as an answer, or quietly where the message was none.
func (d *Desk) joinPart(ctx context.Context, tx pgx.Tx, by journal.Actor, id TicketID, part repository.DocumentID, quiet bool) (Ticket, error) {
	if !quiet {
		return d.join(ctx, tx, by, id, part, attached)
	}
	t, err := lock(ctx, tx, id, 0)
	if err != nil {
		return t, err
	}
	return t, d.put(ctx, tx, by, t, part, attached)
}

// alone judges a document on its own, wherever it came in.
func alone(context.Context, pgx.Tx, journal.Actor, taxonomy.Record) (Acceptance, bool, error) {
	return Acceptance{}, false, nil
}

// acceptParts takes the filed parts of a message, and what is in them, to the ticket that it got, or lets each speak for itself
// when it got none.
func (d *Desk) acceptParts(ctx context.Context, tx pgx.Tx, by journal.Actor, message taxonomy.Record, a Acceptance) error {
	parts, err := d.plan.Parts(ctx, tx, message.Document)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if a.Ticket.ID == uuid.Nil {
			if _, err := d.Accept(ctx, tx, by, part); err != nil {
				return err
			}
			continue
		}
		if part.Ticket == "" {
			if _, err := d.joinPart(ctx, tx, by, a.Ticket.ID, part.Document, a.Quiet); err != nil {
				return err
			}
		}
		if err := d.acceptParts(ctx, tx, by, part, a); err != nil {
			return err
		}
	}
	return nil
}

// rejected follows the rejection of a document: nobody is asked about it any more, and the records that came inside it and
// stayed, since a person decided them, wait for it no longer.
func (d *Desk) rejected(ctx context.Context, tx pgx.Tx, by, who journal.Actor, id repository.DocumentID) error {
	if _, err := d.finish(ctx, tx, who, "rejected", "kind = $4 and document = $5", Validate, id); err != nil {
		return err
	}
	parts, err := d.plan.Parts(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if _, err := d.accept(ctx, tx, by, part, alone); err != nil {
			return err
		}
	}
	return nil
}
