package workflow

import (
	"context"
	"errors"
	"fmt"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ticketTasks are the kinds that whoever works on a ticket sees on its page. Documents wait for validation at the validation desk, and
// messages in quarantine.
var ticketTasks = []TaskKind{UsePost, ReviewClosed, DecideTicket}

// A Todo is an open task with the ticket that it is about.
type Todo struct {
	Task
	Number, Title string // of the ticket
}

// HasDocument says whether the task is about a document, too.
func (t Todo) HasDocument() bool { return t.Document != uuid.Nil }

// A TodoFilter says which of them to list. The zero TodoFilter lists all that the reader may see.
type TodoFilter struct {
	Ticket TicketID
	Owner  string // those of tickets that this user has, and of tickets that nobody has
	Limit  int    // 0 means 50
}

// Todos gives the open tasks about tickets that the reader may see, the oldest first.
func (d *Desk) Todos(ctx context.Context, q postgres.Querier, reader taxonomy.Reader, f TodoFilter) ([]Todo, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	access, tokens := reader.Where("t.readers", 1)
	rows, err := q.Query(ctx, "select "+taskColumns+`, (select number from workflow.ticket t where t.id = task.ticket), (select title from workflow.ticket t where t.id = task.ticket)
		from workflow.task where done_at is null and kind = any($2) and exists (select from workflow.ticket t where t.id = task.ticket and `+access+`
			and ($3 = '00000000-0000-0000-0000-000000000000'::uuid or t.id = $3) and ($4 = '' or t.owner in ($4, ''))) order by id limit $5`,
		tokens, ticketTasks, f.Ticket, f.Owner, f.Limit)
	if err != nil {
		return nil, fmt.Errorf("tasks about tickets: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Todo])
}

// What a person answers to a task about a ticket.
const (
	DoneAnswer    = "done"    // it was seen to; or, of a document, it belongs to no ticket
	HereAnswer    = "here"    // the document belongs to this ticket
	AnotherAnswer = "another" // the document is a matter of its own
)

// AnswerTask does what a person decides about an open task of a ticket that they may see, and gives the ticket that they look at next:
// the one where the document went. A task that somebody else has done is a Conflict.
func (d *Desk) AnswerTask(ctx context.Context, tx pgx.Tx, by User, ticket TicketID, task uuid.UUID, answer string) (Ticket, error) {
	if !by.Has(Agent) {
		return Ticket{}, fault.New(fault.Denied, "Your role does not allow you to work on tickets.")
	}
	t, err := d.lockFor(ctx, tx, by, ticket, 0)
	if err != nil {
		return Ticket{}, err
	}
	var kind TaskKind
	var document repository.DocumentID
	err = tx.QueryRow(ctx, `select kind, coalesce(document, '00000000-0000-0000-0000-000000000000') from workflow.task
		where id = $1 and ticket = $2 and kind = any($3) and done_at is null`, task, ticket, ticketTasks).Scan(&kind, &document)
	if errors.Is(err, pgx.ErrNoRows) {
		return Ticket{}, errTaskDone()
	}
	if err != nil {
		return Ticket{}, fmt.Errorf("task %s: %w", task, err)
	}
	switch {
	case answer == DoneAnswer:
		return t, d.DoneTask(ctx, tx, by.Actor(), task, answer)
	case answer == HereAnswer && kind == DecideTicket:
		return d.Join(ctx, tx, by, ticket, document)
	case answer == AnotherAnswer && kind == DecideTicket:
		return d.Open(ctx, tx, by, document, "")
	}
	return Ticket{}, fault.New(fault.Invalid, "Choose what to do with this task. Nothing was changed.")
}
