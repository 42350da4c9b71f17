package workflow

import (
	"context"
	"fmt"
	"strings"

	"docket/repository/journal"
	"docket/repository/say"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// maxRelated is how many tickets one message is linked with at most.
const maxRelated = 10

// linkAnswers links the ticket of a message with those of messages that answer it and came before it, as old mail may that is brought in,
// or what overtook it on its way. Such an answer has begun a ticket of its own; both may have been worked on since, so a person says
// whether they are one matter.
func (d *Desk) linkAnswers(ctx context.Context, tx pgx.Tx, by journal.Actor, m Message, t Ticket) error {
	if m.MessageID == "" {
		return nil
	}
	return d.linkAll(ctx, tx, by, t, say.Text("A message in it was answered before it was here."), `select distinct ticket from workflow.message
		where direction = 'in' and action = 'new' and parents <> '{}' and parents @> array[$2::text] and ticket <> $1 limit $3`, strings.Trim(m.MessageID, "<>"))
}

// linkAnswered is linkAnswers for the answer, when it is filed later than what it answers although it came before.
func (d *Desk) linkAnswered(ctx context.Context, tx pgx.Tx, by journal.Actor, m Message, t Ticket) error {
	if len(m.Parents) == 0 {
		return nil
	}
	return d.linkAll(ctx, tx, by, t, say.Text("It answers a message that came later."), `select distinct ticket from workflow.message
		where message_id = any($2) and action not in ('quarantine', 'drop') and ticket <> $1 limit $3`, m.Parents)
}

func (d *Desk) linkAll(ctx context.Context, tx pgx.Tx, by journal.Actor, t Ticket, how, find string, of any) error {
	rows, err := tx.Query(ctx, find, t.ID, of, maxRelated)
	if err != nil {
		return fmt.Errorf("tickets of the same conversation as %s: %w", t.Number, err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return fmt.Errorf("tickets of the same conversation as %s: %w", t.Number, err)
	}
	for _, id := range ids {
		other, err := selectTicket(ctx, tx, "where t.id = $1", id)
		if err == nil {
			err = d.linkTickets(ctx, tx, by, t, other, how)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
