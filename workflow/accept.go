package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// An Acceptance says what became of a document. All zero means that nothing needs to be done about it.
type Acceptance struct {
	Ticket Ticket // that it belongs to; the zero Ticket for none
	Joined bool   // the ticket was there before
	How    string // why it belongs there, for people
	Task   uuid.UUID
	Quiet  bool // it changed nothing in its ticket, and what came with it changes nothing either
	Held   bool // a person decides first, or nothing follows: what came with it waits
}

// Accept finds or opens the ticket of a filed document. A document that names one of our tickets joins it when it comes
// from the ticket's party; when it does not, a person is asked, for a number can be guessed or misread. One on the same
// matter as an open ticket of its party joins that. For a message the decision of Thread stands before all that. Otherwise the process of its class opens a new ticket; a class without
// a process opens none. What was attached to a message belongs to the message's ticket. Accepting a document twice changes
// nothing.
func (d *Desk) Accept(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record) (Acceptance, error) {
	return d.accept(ctx, tx, by, r, d.acceptWithMessage)
}

// accept is Accept, with the rule for what came inside something else.
func (d *Desk) accept(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record, inside insideRule) (Acceptance, error) {
	if err := oneAtATime(ctx, tx, r); err != nil {
		return Acceptance{}, err
	}
	known, err := d.ByDocuments(ctx, tx, []repository.DocumentID{r.Document})
	if err != nil {
		return Acceptance{}, err
	}
	if t, ok := known[r.Document]; ok {
		return Acceptance{Ticket: t, Joined: true, How: say.Text("it was there before")}, nil
	}
	if a, done, err := inside(ctx, tx, by, r); done || err != nil {
		return a, err
	}
	a, done, err := d.acceptMessage(ctx, tx, by, r)
	if err == nil && !done {
		a, err = d.acceptAlone(ctx, tx, by, r)
	}
	if err != nil || a.Held {
		return a, err
	}
	return a, d.acceptParts(ctx, tx, by, r, a)
}

// acceptAlone finds or opens the ticket of a document for its own sake.
func (d *Desk) acceptAlone(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record) (Acceptance, error) {
	if a, done, err := d.acceptByNumber(ctx, tx, by, r); done || err != nil {
		return a, err
	}
	c, err := d.plan.Catalogue(ctx, tx)
	if err != nil {
		return Acceptance{}, err
	}
	class, ok := c.Class(r.Class)
	if !ok || class.Process == "" {
		return Acceptance{}, nil
	}
	t, how, found, err := d.openTicketOf(ctx, tx, r, class.Process)
	if err != nil {
		return Acceptance{}, err
	}
	if found {
		t, err := d.join(ctx, tx, by, t.ID, r.Document, how)
		return Acceptance{Ticket: t, Joined: true, How: how}, err
	}
	opened, err := d.open(ctx, tx, by, r, class.Process, titleOf(c, r))
	return Acceptance{Ticket: opened, How: say.Text("opened for it")}, err
}

// oneAtATime makes two documents of one party wait for each other, so that two letters on one matter open one ticket.
func oneAtATime(ctx context.Context, tx pgx.Tx, r taxonomy.Record) error {
	who := r.Party
	if who == uuid.Nil {
		who = r.Document
	}
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended('workflow.accept ' || $1::text, 0))", who.String()); err != nil {
		return fmt.Errorf("wait for other documents of the same party: %w", err)
	}
	return nil
}

// acceptByNumber handles a document that names a ticket of ours. Done is false when it names none.
func (d *Desk) acceptByNumber(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record) (a Acceptance, done bool, err error) {
	number := strings.ToUpper(strings.TrimSpace(r.Values.Get(taxonomy.TicketNumber)))
	if !taxonomy.ValidNumber(number) {
		return a, false, nil
	}
	t, err := d.ByNumber(ctx, tx, taxonomy.Root, number)
	if fault.Is(err, fault.NotFound) {
		return a, false, nil
	}
	if err != nil {
		return a, false, err
	}
	if !sameParty(t, r) {
		a.Task, err = d.RaiseTask(ctx, tx, by, Task{Kind: DecideTicket, Document: r.Document, Ticket: t.ID, Team: t.Team,
			Reason: say.Text("The document names ticket %s, but it comes from %s and the ticket is about %s. Decide where it belongs.",
				t.Number, nameOr(r.PartyName, say.Text("an unknown sender")), nameOr(t.PartyName, say.Text("nobody")))})
		return a, true, err
	}
	a.Joined, a.How = true, say.Text("it names the ticket's number")
	a.Ticket, err = d.join(ctx, tx, by, t.ID, r.Document, a.How)
	return a, true, err
}

func nameOr(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

func (d *Desk) openTicketOf(ctx context.Context, q postgres.Querier, r taxonomy.Record, process string) (openTicket, string, bool, error) {
	if r.Party == uuid.Nil {
		return openTicket{}, "", false, nil
	}
	rows, err := q.Query(ctx, `select id, number, process, subject, product, keys, active_at from workflow.ticket
		where party = $1 and closed_at is null order by id`, r.Party)
	if err != nil {
		return openTicket{}, "", false, fmt.Errorf("open tickets of party %s: %w", r.Party, err)
	}
	open, err := pgx.CollectRows(rows, pgx.RowToStructByPos[openTicket])
	if err != nil {
		return openTicket{}, "", false, fmt.Errorf("open tickets of party %s: %w", r.Party, err)
	}
	t, how, ok := belongs(open, r, process, d.now())
	return t, how, ok, nil
}

// titleOf is what a ticket for a document is called: "Complaint – late delivery – washing machine".
func titleOf(c *taxonomy.Catalogue, r taxonomy.Record) string {
	parts := []string{r.ClassTitle}
	for _, id := range []taxonomy.FieldID{taxonomy.Subject, taxonomy.Product} {
		if t, ok := c.Term(id, r.Values.Get(id)); ok {
			parts = append(parts, t.Titles.In(c.Language, t.ID))
		}
	}
	return strings.Join(parts, " – ")
}

// open makes a ticket for a document and tells the document its number.
func (d *Desk) open(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record, process, title string) (Ticket, error) {
	p, err := d.Process(ctx, tx, process, 0)
	if err != nil {
		return Ticket{}, fmt.Errorf("open a ticket for document %s: %w", r.Document, err)
	}
	now := d.now()
	number, err := nextNumber(ctx, tx, p.Prefix, now.In(d.calendar.zone()).Year())
	if err != nil {
		return Ticket{}, err
	}
	id, state, route := uuid.Must(uuid.NewV7()), p.Initial(), p.Assignment(arrivalFacts(r, now))
	due := d.calendar.Due(r.ReceivedAt, p.Target.Days)
	_, err = tx.Exec(ctx, `insert into workflow.ticket (id, number, process, process_version, class, title, document, party, subject,
			product, keys, language, amount, state, waiting_on, owner, team, priority, readers, received_at, opened_at, due_at, active_at)
		values ($1, $2, $3, $4, $5, $6, $7, nullif($8, '00000000-0000-0000-0000-000000000000'::uuid), $9, $10, $11, $12, $13, $14,
			$15, $16, $17, $18, $19, $20, $21, $22, $21)`,
		id, number, p.ID, p.Version, r.Class, title, r.Document, r.Party, r.Values.Get(taxonomy.Subject),
		r.Values.Get(taxonomy.Product), keysOf(r.Values), r.Language, r.Values.Get(taxonomy.Amount), state.ID, state.WaitingOn,
		route.Owner, route.Team, route.Priority, postgres.Array(r.Readers), r.ReceivedAt, now, due)
	if err != nil {
		return Ticket{}, fmt.Errorf("open ticket %s: %w", number, err)
	}
	if err := link(ctx, tx, by, id, r.Document, say.Text("opened for it")); err != nil {
		return Ticket{}, err
	}
	_, err = d.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: TicketOpened, Subject: subject(id), Detail: map[string]any{
		"number": number, "process": p.ID, "version": p.Version, "document": r.Document, "team": route.Team, "owner": route.Owner, "due": due}})
	if err != nil {
		return Ticket{}, err
	}
	if err := d.plan.Retitle(ctx, tx, by, r.Document, number); err != nil {
		return Ticket{}, err
	}
	return selectTicket(ctx, tx, "where t.id = $1", id)
}

func arrivalFacts(r taxonomy.Record, at time.Time) Facts {
	f := Facts{Class: string(r.Class), Language: r.Language, Subject: r.Values.Get(taxonomy.Subject), Product: r.Values.Get(taxonomy.Product),
		Documents: 1, Opened: at, Now: at, Fields: map[string]string{}}
	f.Amount, f.Currency = amountOf(r.Values.Get(taxonomy.Amount))
	for id, v := range r.Values {
		f.Fields[string(id)] = v.Value
	}
	return f
}
