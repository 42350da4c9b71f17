package workflow

import (
	"context"
	"fmt"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/say"

	"github.com/jackc/pgx/v5"
)

// Join puts a document to a ticket because a person says so.
func (d *Desk) Join(ctx context.Context, tx pgx.Tx, by User, id TicketID, document repository.DocumentID) (Ticket, error) {
	if _, err := d.Ticket(ctx, tx, by.Reader(), id); err != nil {
		return Ticket{}, err
	}
	if err := d.decided(ctx, tx, by, document); err != nil {
		return Ticket{}, err
	}
	return d.join(ctx, tx, by.Actor(), id, document, say.Text("put there by %+s", by.Name))
}

// Open opens a ticket for a filed document because a person says so; process is that of its class when it is empty. It is
// how a document that named somebody else's ticket gets its own.
func (d *Desk) Open(ctx context.Context, tx pgx.Tx, by User, document repository.DocumentID, process string) (Ticket, error) {
	r, err := d.plan.Record(ctx, tx, document)
	if err != nil {
		return Ticket{}, err
	}
	if !by.Has(Agent, Mailroom) || !by.Reader().May(r.Readers) {
		return Ticket{}, fault.New(fault.Denied, "Your role does not allow you to open a ticket for this document.")
	}
	c, err := d.plan.Catalogue(ctx, tx)
	if err != nil {
		return Ticket{}, err
	}
	if class, ok := c.Class(r.Class); ok && process == "" {
		process = class.Process
	}
	if process == "" {
		return Ticket{}, fault.New(fault.Invalid, "Documents of this class start no process. Choose one.")
	}
	if err := d.decided(ctx, tx, by, document); err != nil {
		return Ticket{}, err
	}
	return d.open(ctx, tx, by.Actor(), r, process, titleOf(c, r))
}

// decided closes the question which ticket a document belongs to.
func (d *Desk) decided(ctx context.Context, tx pgx.Tx, by User, document repository.DocumentID) error {
	_, err := d.finish(ctx, tx, by.Actor(), "decided", "kind = $4 and document = $5", DecideTicket, document)
	return err
}

// join links a document to a ticket, tells the document the number, and lets the process act on what came.
func (d *Desk) join(ctx context.Context, tx pgx.Tx, by journal.Actor, id TicketID, document repository.DocumentID, how string) (Ticket, error) {
	t, err := lock(ctx, tx, id, 0)
	if err != nil {
		return Ticket{}, err
	}
	if err := d.put(ctx, tx, by, t, document, how); err != nil {
		return Ticket{}, err
	}
	if err := d.arrived(ctx, tx, by, t, document); err != nil {
		return Ticket{}, err
	}
	return selectTicket(ctx, tx, "where t.id = $1", id)
}

// put links a document to a locked ticket and tells the document the number.
func (d *Desk) put(ctx context.Context, tx pgx.Tx, by journal.Actor, t Ticket, document repository.DocumentID, how string) error {
	if err := link(ctx, tx, by, t.ID, document, how); err != nil {
		return err
	}
	_, err := d.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: TicketJoined, Subject: subject(t.ID),
		Detail: map[string]any{"document": document, "how": how}})
	if err != nil {
		return err
	}
	return d.plan.Retitle(ctx, tx, by, document, t.Number)
}

// arrived does what follows from a document joining a ticket: the transition that happens by itself, or, when the ticket is
// closed, the question to a person whether to open it again.
func (d *Desk) arrived(ctx context.Context, tx pgx.Tx, by journal.Actor, t Ticket, document repository.DocumentID) error {
	if !t.Open() {
		_, err := d.RaiseTask(ctx, tx, by, Task{Kind: ReviewClosed, Document: document, Ticket: t.ID, Team: t.Team, Assignee: t.Owner,
			Reason: say.Text("Something came in for ticket %s, which is closed. Read it and decide whether to open the ticket again.", t.Number)})
		return err
	}
	if moved, err := d.happen(ctx, tx, by, t, OnJoined); err != nil || moved {
		return err
	}
	_, err := tx.Exec(ctx, "update workflow.ticket set active_at = $2, version = version + 1 where id = $1", t.ID, d.now())
	return err
}

func link(ctx context.Context, tx pgx.Tx, by journal.Actor, id TicketID, document repository.DocumentID, how string) error {
	_, err := tx.Exec(ctx, `insert into workflow.ticket_document (ticket, document, how, by) values ($1, $2, $3, $4)
		on conflict do nothing`, id, document, how, by)
	if err != nil {
		return fmt.Errorf("link document %s to ticket %s: %w", document, id, err)
	}
	return nil
}
