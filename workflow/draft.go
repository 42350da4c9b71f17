package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A Draft is an answer that somebody has begun to write. Each person has one for a ticket.
type Draft struct {
	Ticket      TicketID
	By          string // a user's name
	Recipients  []string
	Copies      []string
	Subject     string
	Body        string
	Answers     repository.DocumentID // Nil for none
	Attachments []repository.DocumentID
	Version     int // counts changes; 0 for one that is not saved yet
	ChangedAt   time.Time
}

// maxDraft is the longest text that is kept, in bytes.
const maxDraft = 200_000

const draftColumns = `ticket, by, recipients, copies, subject, body, coalesce(answers, '00000000-0000-0000-0000-000000000000'), attachments, version, changed_at`

// FindDraft gives what a user has begun to write about a ticket, and whether there is anything.
func (o *Outbox) FindDraft(ctx context.Context, q postgres.Querier, ticket TicketID, by string) (Draft, bool, error) {
	rows, err := q.Query(ctx, "select "+draftColumns+" from workflow.draft where ticket = $1 and by = $2", ticket, by)
	if err != nil {
		return Draft{}, false, fmt.Errorf("draft: %w", err)
	}
	d, err := pgx.CollectOneRow(rows, pgx.RowToStructByPos[Draft])
	if errors.Is(err, pgx.ErrNoRows) {
		return Draft{}, false, nil
	}
	if err != nil {
		return Draft{}, false, fmt.Errorf("draft: %w", err)
	}
	return d, true, nil
}

// SaveDraft keeps what a user is writing. Addresses may be unfinished. The version is the one that was read, 0 for a new one; a change
// in between, in another window, is a Conflict, and nothing is saved.
func (o *Outbox) SaveDraft(ctx context.Context, tx pgx.Tx, by User, d Draft) (Draft, error) {
	if _, err := o.Desk.Ticket(ctx, tx, by.Reader(), d.Ticket); err != nil {
		return d, err
	}
	if len(d.Body)+len(d.Subject) > maxDraft || len(d.Recipients)+len(d.Copies) > maxRecipients || len(d.Attachments) > maxRecipients {
		return d, fault.New(fault.Invalid, "A draft has at most %d characters, %d addresses and as many attachments. What was saved before is kept.", maxDraft, maxRecipients)
	}
	d.By = by.Name
	err := tx.QueryRow(ctx, `insert into workflow.draft as w (ticket, by, recipients, copies, subject, body, answers, attachments, changed_at)
		values ($1, $2, $3, $4, $5, $6, nullif($7, '00000000-0000-0000-0000-000000000000'::uuid), $8, $9)
		on conflict (ticket, by) do update set recipients = excluded.recipients, copies = excluded.copies, subject = excluded.subject, body = excluded.body,
			answers = excluded.answers, attachments = excluded.attachments, changed_at = excluded.changed_at, version = w.version + 1
		where w.version = $10 returning version, changed_at`,
		d.Ticket, d.By, postgres.Array(d.Recipients), postgres.Array(d.Copies), d.Subject, d.Body, d.Answers, postgres.Array(d.Attachments), o.Desk.now(), d.Version).Scan(&d.Version, &d.ChangedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return d, fault.New(fault.Conflict, "You have changed this draft in another window. What is there is kept; load the page again.")
	}
	if err != nil {
		return d, fmt.Errorf("save draft: %w", err)
	}
	return d, nil
}

// DropDraft forgets what a user was writing about a ticket. That there is nothing is no error.
func (o *Outbox) DropDraft(ctx context.Context, tx pgx.Tx, ticket TicketID, by string) error {
	if _, err := tx.Exec(ctx, "delete from workflow.draft where ticket = $1 and by = $2", ticket, by); err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}
