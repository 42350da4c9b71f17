package workflow

import (
	"context"
	"fmt"

	"docket/repository/fault"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Cancel calls a message back: before its time, and later too as long as nobody has begun to send it. What its author wrote is a draft
// again, unless they have begun another one. A message that is on its way is a Conflict.
func (o *Outbox) Cancel(ctx context.Context, tx pgx.Tx, by User, id uuid.UUID) (Outgoing, error) {
	m, err := o.lockFor(ctx, tx, by, id)
	if err != nil {
		return m, err
	}
	if m.State != Held && m.State != Queued || m.Stored {
		return m, fault.New(fault.Conflict, "It is too late: the message is on its way, or has been sent.")
	}
	if _, err := tx.Exec(ctx, "update workflow.outgoing set state = 'cancelled' where id = $1", id); err != nil {
		return m, fmt.Errorf("cancel message %s: %w", id, err)
	}
	m.State = Cancelled
	if m.Kind == Reply {
		_, err := tx.Exec(ctx, `insert into workflow.draft (ticket, by, recipients, copies, subject, body, answers, attachments, changed_at)
			select ticket, by, recipients, copies, subject, body, answers, attachments, $2 from workflow.outgoing where id = $1
			on conflict do nothing`, id, o.Desk.now())
		if err != nil {
			return m, fmt.Errorf("keep message %s as a draft: %w", id, err)
		}
	}
	return m, o.said(ctx, tx, by.Actor(), MessageCancelled, m, nil)
}

// Resend sends a message that failed or bounced once more, as a message of its own, to the same recipients or to others. An address that
// is suppressed must be restored before; see Restore.
func (o *Outbox) Resend(ctx context.Context, tx pgx.Tx, by User, id uuid.UUID, recipients []string) (Outgoing, error) {
	m, err := o.lockFor(ctx, tx, by, id)
	if err != nil {
		return m, err
	}
	if m.State != Failed && m.State != Bounced {
		return m, fault.New(fault.Conflict, "Only what failed or came back is sent again. This message was not changed.")
	}
	again := Outgoing{Ticket: m.Ticket, Channel: m.Channel, Answers: m.Answers, Parents: m.Parents, Recipients: m.Recipients, Copies: m.Copies,
		Subject: m.Subject, Body: m.Body, Language: m.Language, Attachments: m.Attachments, ResendOf: m.ID}
	if len(recipients) > 0 {
		again.Recipients, again.Copies = recipients, nil
	}
	if m.Kind.Automatic() {
		return o.again(ctx, tx, by, again, m.Kind)
	}
	return o.Queue(ctx, tx, by, again)
}

// again sends an automatic message once more because a person says so: no cap applies.
func (o *Outbox) again(ctx context.Context, tx pgx.Tx, by User, m Outgoing, kind OutgoingKind) (Outgoing, error) {
	t, err := o.Desk.Ticket(ctx, tx, by.Reader(), m.Ticket)
	if err != nil {
		return m, err
	}
	m.Kind, m.By, m.State, m.NotBefore = kind, by.Actor(), Queued, o.Desk.now()
	if err := o.check(ctx, tx, by.Reader(), &m); err != nil {
		return m, err
	}
	trouble, err := o.suppressed(ctx, tx, m.To())
	if err != nil {
		return m, err
	}
	if trouble != "" {
		return m, fault.New(fault.Conflict, "%s", trouble)
	}
	return o.put(ctx, tx, t, m)
}

// lockFor locks a message whose ticket the user may work on.
func (o *Outbox) lockFor(ctx context.Context, tx pgx.Tx, by User, id uuid.UUID) (Outgoing, error) {
	if !by.Has(Agent) {
		return Outgoing{}, fault.New(fault.Denied, "Your role does not allow you to answer customers.")
	}
	m, err := o.Find(ctx, tx, by.Reader(), id)
	if err == nil && m.Kind == Notice { // nobody's but the system's
		err = fault.New(fault.NotFound, "This message does not exist.")
	}
	if err != nil {
		return Outgoing{}, err
	}
	return o.lock(ctx, tx, id)
}
