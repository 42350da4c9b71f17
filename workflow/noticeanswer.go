package workflow

import (
	"context"
	"fmt"
	"strings"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// knownNotices finds the notifications of those that are asked for, with who was told and what they may do today.
func knownNotices(ctx context.Context, q postgres.Querier, ids []uuid.UUID, k *thread.Known) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := q.Query(ctx, `select o.id, o.ticket, o.person, o.internal, t.readers from workflow.outgoing o join workflow.ticket t on t.id = o.ticket
		where o.id = any($1) and o.kind = 'notice'`, ids)
	if err != nil {
		return fmt.Errorf("known notifications: %w", err)
	}
	type row struct {
		ID, Ticket, Person uuid.UUID
		Internal           bool
		Readers            []string
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		return fmt.Errorf("known notifications: %w", err)
	}
	var persons []uuid.UUID
	for _, r := range all {
		persons = append(persons, r.Person)
	}
	rows, err = q.Query(ctx, "select "+userColumns+" from workflow.person where id = any($1)", persons)
	if err != nil {
		return fmt.Errorf("who was notified: %w", err)
	}
	users, err := pgx.CollectRows(rows, pgx.RowToStructByPos[User])
	if err != nil {
		return fmt.Errorf("who was notified: %w", err)
	}
	for _, r := range all {
		for _, u := range users {
			if u.ID == r.Person {
				k.Notices[r.ID] = thread.Notice{Message: r.ID, Ticket: r.Ticket, Person: r.Person, Internal: r.Internal, Name: u.Title, Address: u.Email,
					Active: u.Active, May: u.Reader().May(r.Readers) && (r.Internal || u.Has(Agent))}
			}
		}
	}
	return nil
}

// follow does what one of us says in answer to a notification (rule 37): it becomes a note of theirs, or a reply of theirs that can be
// called back like any other. What cannot be done, such as an empty answer, is looked at by a person, and nothing of it is.
func (d *Desk) follow(ctx context.Context, tx pgx.Tx, in Incoming, decision thread.Decision) (thread.Decision, error) {
	if decision.Action != thread.Told {
		return decision, nil
	}
	err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { return d.sayFor(ctx, tx, in, decision.Notice) })
	switch fault.KindOf(err) {
	case fault.Invalid, fault.TooLarge, fault.Conflict, fault.Denied, fault.NotFound:
		decision.Action, decision.Sure, decision.Reason = thread.Quarantine, 0, fault.Sentence(err)
		decision.Trace = append(decision.Trace, thread.Step{Rule: 37, Result: "it could not be followed"})
		return decision, nil
	}
	return decision, err
}

// sayFor says in the name of a person what they answered to a notification.
func (d *Desk) sayFor(ctx context.Context, tx pgx.Tx, in Incoming, notice uuid.UUID) error {
	var ticket TicketID
	var person uuid.UUID
	var internal bool
	var answers repository.DocumentID
	err := tx.QueryRow(ctx, `select ticket, person, internal, coalesce(answers, '00000000-0000-0000-0000-000000000000') from workflow.outgoing where id = $1`,
		notice).Scan(&ticket, &person, &internal, &answers)
	if err != nil {
		return fmt.Errorf("notification %s: %w", notice, err)
	}
	u, err := (&People{}).User(ctx, tx, person)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(in.Said)
	if text == "" {
		return fault.New(fault.Invalid, "The message answers a notification, but there is nothing new in it.")
	}
	if internal {
		return d.addNote(ctx, tx, u, ticket, text, map[string]any{"mail": in.Document})
	}
	if d.post.Outbox == nil {
		return fault.New(fault.Invalid, "Sending is not set up, so the answer of %s was not sent.", u.Title)
	}
	m, known, err := d.message(ctx, tx, answers)
	if err != nil {
		return err
	}
	if !known || m.Sender == "" {
		return fault.New(fault.NotFound, "The message that %s answered is not here any more.", u.Title)
	}
	if err := asBrought(ctx, tx, in); err != nil {
		return err
	}
	_, err = d.post.Outbox.queue(ctx, tx, u, Outgoing{Ticket: ticket, Answers: answers, Recipients: []string{m.Sender}, Body: text, Attachments: in.Parts}, in.Parts...)
	return err
}

// asBrought says whether what was attached to a message is still what it was: one of the same bytes may have been here before, and may
// have a newer version, of which whoever attached it knows nothing.
func asBrought(ctx context.Context, q postgres.Querier, in Incoming) error {
	var digests []string
	for _, r := range in.Received {
		digests = append(digests, r.SHA256)
	}
	var newer bool
	err := q.QueryRow(ctx, `select exists (select from repository.document d join repository.version v on v.document = d.id and v.number = d.latest
		where d.id = any($1) and encode(v.sha256, 'hex') <> all($2))`, in.Parts, postgres.Array(digests)).Scan(&newer)
	if err != nil {
		return fmt.Errorf("what came with message %s: %w", in.Document, err)
	}
	if newer {
		return fault.New(fault.Conflict, "What was attached is here already, in a newer version. Send the answer from the ticket's page.")
	}
	return nil
}

// NoticeClass is what an answer to a notification is filed as: it may quote what the notification told, so nobody may see it who may not
// see the ticket.
func (d *Desk) NoticeClass(ctx context.Context, q postgres.Querier, m Message) (taxonomy.ClassID, error) {
	t, err := selectTicket(ctx, q, "where t.id = $1", m.Ticket)
	if err != nil {
		return "", err
	}
	return d.classWithin(ctx, q, taxonomy.Correspondence, t)
}
