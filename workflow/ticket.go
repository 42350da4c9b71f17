package workflow

import (
	"context"
	"fmt"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about tickets.
const (
	TicketOpened   journal.Verb = "ticket.opened"   // number, process, version, document, team, owner, due
	TicketJoined   journal.Verb = "ticket.joined"   // document, how
	TicketMoved    journal.Verb = "ticket.moved"    // transition, from, to, comment
	TicketAssigned journal.Verb = "ticket.assigned" // owner and team: old and new
	TicketNoted    journal.Verb = "ticket.noted"    // note: its ID
	TicketChanged  journal.Verb = "ticket.changed"  // what followed from a correction of its document
)

// A TicketID names a ticket. It is a UUIDv7, so it sorts by time.
type TicketID = uuid.UUID

// A Ticket is a matter that somebody has to bring to an end.
type Ticket struct {
	ID             TicketID
	Number         string // CLM-2026-000123-7
	Process        string
	ProcessVersion int
	Class          taxonomy.ClassID // of the document it was opened for
	Title          string
	Document       repository.DocumentID // what it was opened for
	Party          taxonomy.PartyID
	PartyName      string
	Subject        string // a term of the vocabulary
	Product        string // a term of the vocabulary
	Language       string
	Amount         string // "149.90 EUR", empty when not known
	State          string
	WaitingOn      WaitingOn
	Owner          string // a user's name, empty for nobody
	Team           string
	Priority       Priority
	Readers        []string // access tokens; see taxonomy.Reader
	ReceivedAt     time.Time
	OpenedAt       time.Time
	DueAt          time.Time
	ActiveAt       time.Time // when something last came in or was done
	ClosedAt       time.Time // zero while it is open
	Version        int       // counts changes, so that the last save never silently wins
	Documents      int       // how many belong to it
}

// Open says whether the ticket is still to be brought to an end.
func (t Ticket) Open() bool { return t.WaitingOn != WaitingOnNothing }

// Overdue says whether an open ticket is past its due date.
func (t Ticket) Overdue(now time.Time) bool { return t.Open() && now.After(t.DueAt) }

const ticketColumns = `t.id, t.number, t.process, t.process_version, t.class, t.title,
	coalesce(t.document, '00000000-0000-0000-0000-000000000000'), coalesce(t.party, '00000000-0000-0000-0000-000000000000'),
	coalesce(p.name, ''), t.subject, t.product, t.language, t.amount, t.state, t.waiting_on, t.owner, t.team, t.priority,
	t.readers, t.received_at, t.opened_at, t.due_at, t.active_at, coalesce(t.closed_at, '0001-01-01 00:00:00+00'), t.version,
	(select count(*)::int from workflow.ticket_document d where d.ticket = t.id)`

const ticketTables = "workflow.ticket t left join taxonomy.party p on p.id = t.party"

func selectTickets(ctx context.Context, q postgres.Querier, rest string, args ...any) ([]Ticket, error) {
	rows, err := q.Query(ctx, "select "+ticketColumns+" from "+ticketTables+" "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("tickets: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Ticket])
	if err != nil {
		return nil, fmt.Errorf("tickets: %w", err)
	}
	return all, nil
}

func selectTicket(ctx context.Context, q postgres.Querier, rest string, args ...any) (Ticket, error) {
	all, err := selectTickets(ctx, q, rest, args...)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "This ticket does not exist.")
	}
	if err != nil {
		return Ticket{}, err
	}
	return all[0], nil
}

// Ticket gives a ticket that the reader may see. One that they may not see does not exist for them.
func (d *Desk) Ticket(ctx context.Context, q postgres.Querier, reader taxonomy.Reader, id TicketID) (Ticket, error) {
	access, tokens := reader.Where("t.readers", 2)
	return selectTicket(ctx, q, "where t.id = $1 and "+access, id, tokens)
}

// ByNumber is Ticket by its number.
func (d *Desk) ByNumber(ctx context.Context, q postgres.Querier, reader taxonomy.Reader, number string) (Ticket, error) {
	access, tokens := reader.Where("t.readers", 2)
	return selectTicket(ctx, q, "where t.number = $1 and "+access, number, tokens)
}

// ByDocuments gives the tickets that documents belong to, the newest of each, in one query. Documents without one are not
// in the map. It does not look at access: whoever may see the document may know its ticket's number.
func (d *Desk) ByDocuments(ctx context.Context, q postgres.Querier, ids []repository.DocumentID) (map[repository.DocumentID]Ticket, error) {
	rows, err := q.Query(ctx, "select document, ticket from workflow.ticket_document where document = any($1) order by at, ticket", ids)
	if err != nil {
		return nil, fmt.Errorf("tickets of documents: %w", err)
	}
	of := map[repository.DocumentID]TicketID{}
	var document, ticket uuid.UUID
	if _, err := pgx.ForEachRow(rows, []any{&document, &ticket}, func() error { of[document] = ticket; return nil }); err != nil {
		return nil, fmt.Errorf("tickets of documents: %w", err)
	}
	var wanted []TicketID
	for _, t := range of {
		wanted = append(wanted, t)
	}
	list, err := selectTickets(ctx, q, "where t.id = any($1)", wanted)
	all := map[repository.DocumentID]Ticket{}
	for document, id := range of {
		for _, t := range list {
			if t.ID == id {
				all[document] = t
			}
		}
	}
	return all, err
}

// Documents gives the documents of a ticket in the order in which they came to it.
func (d *Desk) Documents(ctx context.Context, q postgres.Querier, id TicketID) ([]repository.DocumentID, error) {
	rows, err := q.Query(ctx, "select document from workflow.ticket_document where ticket = $1 order by at, document", id)
	if err != nil {
		return nil, fmt.Errorf("documents of ticket %s: %w", id, err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[repository.DocumentID])
}

func subject(id TicketID) journal.Subject { return journal.Subject{Kind: "ticket", ID: id} }

// lock reads a ticket and keeps others from changing it until the transaction ends. A version other than 0 must be the
// ticket's own.
func lock(ctx context.Context, tx pgx.Tx, id TicketID, version int) (Ticket, error) {
	t, err := selectTicket(ctx, tx, "where t.id = $1 for update of t", id)
	if err == nil && version != 0 && t.Version != version {
		return Ticket{}, fault.New(fault.Conflict, "The ticket %s was changed by somebody else in the meantime. Nothing was saved; look at it again.", t.Number)
	}
	return t, err
}
