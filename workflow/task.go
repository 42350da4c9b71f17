package workflow

import (
	"context"
	"fmt"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about tasks. The subject is the document or the ticket the task is about.
const (
	TaskRaised journal.Verb = "task.raised" // task, kind, reason
	TaskDone   journal.Verb = "task.done"   // task, kind, outcome
)

// A TaskKind says what a task asks for.
type TaskKind string

// The kinds of tasks.
const (
	Validate     TaskKind = "validate"      // say what a document is that the machine was unsure of
	DecideTicket TaskKind = "decide-ticket" // say which ticket a document belongs to
	ReviewClosed TaskKind = "review-closed" // something came in for a closed ticket
	UsePost      TaskKind = "use-post"      // what we sent by e-mail did not arrive: write to the postal address
)

// A Task is one thing that a person has to decide or do.
type Task struct {
	ID        uuid.UUID
	Kind      TaskKind
	Document  repository.DocumentID // Nil for none
	Ticket    TicketID              // Nil for none
	Reason    string                // a sentence for whoever does it
	Team      string
	Assignee  string // a user's name, empty for anybody of the team
	CreatedAt time.Time
	CreatedBy journal.Actor
	DueAt     time.Time // zero for none
	DoneAt    time.Time // zero while it is open
	DoneBy    string
	Outcome   string
}

const taskColumns = `id, kind, coalesce(document, '00000000-0000-0000-0000-000000000000'),
	coalesce(ticket, '00000000-0000-0000-0000-000000000000'), reason, team, assignee, created_at, created_by,
	coalesce(due_at, '0001-01-01 00:00:00+00'), coalesce(done_at, '0001-01-01 00:00:00+00'), done_by, outcome`

// RaiseTask writes a task and gives its ID. A document has at most one open task of a kind: raising it again gives that one.
func (d *Desk) RaiseTask(ctx context.Context, tx pgx.Tx, by journal.Actor, t Task) (uuid.UUID, error) {
	id := uuid.Must(uuid.NewV7())
	var due *time.Time
	if !t.DueAt.IsZero() {
		due = &t.DueAt
	}
	tag, err := tx.Exec(ctx, `insert into workflow.task (id, kind, document, ticket, reason, team, assignee, created_by, due_at)
		values ($1, $2, nullif($3, '00000000-0000-0000-0000-000000000000'::uuid), nullif($4, '00000000-0000-0000-0000-000000000000'::uuid),
			$5, $6, $7, $8, $9) on conflict do nothing`, id, t.Kind, t.Document, t.Ticket, t.Reason, t.Team, t.Assignee, by, due)
	if err != nil {
		return uuid.Nil, fmt.Errorf("raise task %s: %w", t.Kind, err)
	}
	if tag.RowsAffected() == 0 {
		err := tx.QueryRow(ctx, "select id from workflow.task where kind = $1 and document = $2 and done_at is null", t.Kind, t.Document).Scan(&id)
		return id, err
	}
	t.ID = id
	_, err = d.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: TaskRaised, Subject: t.about(),
		Detail: map[string]any{"task": id, "kind": t.Kind, "reason": t.Reason}})
	return id, err
}

func (t Task) about() journal.Subject {
	if t.Document != uuid.Nil {
		return repository.Subject(t.Document)
	}
	return subject(t.Ticket)
}

// DoneTask closes a task with what was decided. A task that somebody else has done is a Conflict.
func (d *Desk) DoneTask(ctx context.Context, tx pgx.Tx, by journal.Actor, id uuid.UUID, outcome string) error {
	done, err := d.finish(ctx, tx, by, outcome, "id = $4", id)
	if err == nil && done == 0 {
		return errTaskDone()
	}
	return err
}

func errTaskDone() error {
	return fault.New(fault.Conflict, "This task is not there any more: somebody else has done it.")
}

// finish closes all open tasks that a condition selects and says how many there were.
func (d *Desk) finish(ctx context.Context, tx pgx.Tx, by journal.Actor, outcome, where string, args ...any) (int, error) {
	rows, err := tx.Query(ctx, "update workflow.task set done_at = $1, done_by = $2, outcome = $3 where done_at is null and "+where+
		" returning "+taskColumns, append([]any{d.now(), string(by), outcome}, args...)...)
	if err != nil {
		return 0, fmt.Errorf("finish tasks: %w", err)
	}
	tasks, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Task])
	if err != nil {
		return 0, fmt.Errorf("finish tasks: %w", err)
	}
	for _, t := range tasks {
		_, err := d.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: TaskDone, Subject: t.about(),
			Detail: map[string]any{"task": t.ID, "kind": t.Kind, "outcome": outcome}})
		if err != nil {
			return 0, err
		}
	}
	return len(tasks), nil
}

// A TaskFilter says which open tasks a list shows. The zero TaskFilter shows all.
type TaskFilter struct {
	Kind     TaskKind
	Team     string
	Assignee string
	Ticket   TicketID
	After    uuid.UUID // where the page before ended, Nil for the first page
	Limit    int       // 0 means 50
}

// Tasks gives open tasks, the oldest first, page by page by key.
func (d *Desk) Tasks(ctx context.Context, q postgres.Querier, f TaskFilter) ([]Task, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	rows, err := q.Query(ctx, "select "+taskColumns+` from workflow.task where done_at is null
		and ($1 = '' or kind = $1) and ($2 = '' or team = $2) and ($3 = '' or assignee = $3)
		and ($4 = '00000000-0000-0000-0000-000000000000'::uuid or ticket = $4) and id > $5 order by id limit $6`,
		string(f.Kind), f.Team, f.Assignee, f.Ticket, f.After, f.Limit)
	if err != nil {
		return nil, fmt.Errorf("tasks: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Task])
}
