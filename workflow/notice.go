package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// A Notifier tells people by e-mail what has happened on their tickets, as they have chosen. It follows the journal: what somebody is to
// be told of is noted in the transaction in which it happens, and told some minutes later together with whatever else has happened on
// that ticket until then. Nobody is told of what they did themselves. It holds no pool and is safe for concurrent use; who works its jobs
// is a [Teller].
type Notifier struct {
	Outbox  *Outbox
	Delay   time.Duration // between what happens and what is told; 0 means DefaultDelay
	PerHour int           // messages to one person in an hour; 0 means DefaultPerHour
}

// DefaultDelay is how long what has happened on a ticket is gathered, so that it is one message.
const DefaultDelay = 3 * time.Minute

// DefaultPerHour is how many messages one person gets in an hour. The last of them says that it is the last.
const DefaultPerHour = 20

// TellArgs asks for a person to be told of what has happened on a ticket.
type TellArgs struct {
	Person uuid.UUID `json:"person"`
	Ticket TicketID  `json:"ticket"`
}

// Kind names the job.
func (TellArgs) Kind() string { return "workflow.tell" }

// InsertOpts puts the job in its queue.
func (TellArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: SendQueue, MaxAttempts: 5}
}

// A happening is what somebody is to be told of.
type happening struct {
	ID       uuid.UUID
	Kind     ToldKind
	By       journal.Actor
	Document repository.DocumentID // the customer's message
	Note     uuid.UUID
	Message  uuid.UUID // the person's, that came back
	At       time.Time
}

// Follow is the notifier's subscriber, told of every event in the transaction that appends it. Where nothing is sent nothing is noted.
func (n *Notifier) Follow(ctx context.Context, tx pgx.Tx, e journal.Event) error {
	if !n.Outbox.Ready {
		return nil
	}
	h := happening{By: e.Actor}
	switch e.Verb {
	case TicketAssigned, TicketOpened:
		h.Kind = ToldAssigned
	case TicketJoined:
		h.Kind, h.Document = ToldAnswered, idOf(e.Detail["document"])
		if from, err := n.fromCustomer(ctx, tx, h.Document); err != nil || !from {
			return err
		}
	case TicketNoted:
		h.Kind, h.Note = ToldNoted, idOf(e.Detail["note"])
	case MessageBounced, MessageFailed:
		h.Kind, h.Message = ToldBounced, idOf(e.Detail["message"])
	default:
		return nil
	}
	if h.Kind == ToldAssigned && !newOwner(e) {
		return nil
	}
	return n.note(ctx, tx, e.Subject.ID, h)
}

// newOwner says whether an event gives a ticket to somebody. In the transaction that appends it its details are still what they were made
// of, and afterwards what JSON makes of that.
func newOwner(e journal.Event) bool {
	switch owner := e.Detail["owner"].(type) {
	case string:
		return owner != ""
	case map[string]string:
		return owner["new"] != "" && owner["new"] != owner["old"]
	}
	return false
}

// idOf is an ID in an event's detail.
func idOf(x any) uuid.UUID {
	switch id := x.(type) {
	case uuid.UUID:
		return id
	case string:
		parsed, err := uuid.Parse(id)
		if err == nil {
			return parsed
		}
	}
	return uuid.Nil
}

// fromCustomer says whether a document is what a person outside wrote to us: a message, or a letter. What a program sent, and what came
// with something else, is nothing to be told of.
func (n *Notifier) fromCustomer(ctx context.Context, tx pgx.Tx, id repository.DocumentID) (from bool, err error) {
	m, known, err := n.Outbox.Desk.message(ctx, tx, id)
	if err != nil || known {
		return !m.Outgoing && m.Kind == thread.Person && m.Action != thread.Told, err
	}
	r, err := n.Outbox.Desk.plan.Record(ctx, tx, id)
	return err == nil && r.PartOf == uuid.Nil, err
}

// note notes what has happened for whoever it concerns: the ticket's owner, or who wrote the message that came back. It asks for them to be
// told once the delay has passed; of several such jobs the first finds all that has happened, and the others nothing.
func (n *Notifier) note(ctx context.Context, tx pgx.Tx, ticket TicketID, h happening) error {
	desk := n.Outbox.Desk
	concerned, of := "select owner from workflow.ticket where id = $1", ticket
	if h.Kind == ToldBounced {
		concerned, of = "select by from workflow.outgoing where id = $1 and kind = 'reply'", h.Message
	}
	rows, err := tx.Query(ctx, "select "+userColumns+" from workflow.person where name = ("+concerned+")", of)
	if err != nil {
		return fmt.Errorf("whom to tell about ticket %s: %w", ticket, err)
	}
	u, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[User])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("whom to tell about ticket %s: %w", ticket, err)
	}
	if !u.Tells(h.Kind) || u.Actor() == h.By {
		return nil
	}
	_, err = tx.Exec(ctx, `insert into workflow.notice (id, person, ticket, kind, by, document, note, message, at)
		values ($1, $2, $3, $4, $5, nullif($6, '00000000-0000-0000-0000-000000000000'::uuid), nullif($7, '00000000-0000-0000-0000-000000000000'::uuid),
			nullif($8, '00000000-0000-0000-0000-000000000000'::uuid), $9)`,
		uuid.Must(uuid.NewV7()), u.ID, ticket, h.Kind, h.By, h.Document, h.Note, h.Message, desk.now())
	if err != nil {
		return fmt.Errorf("note what to tell %s: %w", u.Name, err)
	}
	_, err = n.Outbox.Jobs.InsertTx(ctx, tx, TellArgs{u.ID, ticket}, &river.InsertOpts{ScheduledAt: desk.now().Add(cmp.Or(n.Delay, DefaultDelay))})
	return err
}
