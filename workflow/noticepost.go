package workflow

import (
	"context"
	"fmt"
	"strings"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"
	letters "docket/workflow/letter"

	"github.com/jackc/pgx/v5"
)

// stillTold says whether a person is still to get a notification that waits: they may have lost the ticket or their account since it was
// written, or have another address.
func (o *Outbox) stillTold(ctx context.Context, q postgres.Querier, m Outgoing) (bool, error) {
	u, err := (&People{}).User(ctx, q, m.Person)
	if err == nil && !strings.EqualFold(u.Email, m.Recipients[0]) {
		return false, nil
	}
	if err == nil {
		_, err = o.Desk.Ticket(ctx, q, u.Reader(), m.Ticket)
	}
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// withdraw ends a notification that nobody is to get any more.
func (p *Postman) withdraw(ctx context.Context, m Outgoing) error {
	if _, err := p.Pool.Exec(ctx, "update workflow.outgoing set state = 'cancelled' where id = $1 and state in ('held', 'queued')", m.ID); err != nil {
		return fmt.Errorf("withdraw notification %s: %w", m.ID, err)
	}
	return nil
}

// fileNotice makes the stored bytes of a notification a document. It repeats what its ticket says, so its words are not searched for, and it
// is closed: whether somebody may see the ticket can change, and a record would not know. It is of nobody's conversation.
func (p *Postman) fileNotice(ctx context.Context, tx pgx.Tx, m *Outgoing, l letters.Letter, content repository.Content) error {
	if _, err := p.Store.Add(ctx, tx, m.By, m.ID, content); err != nil {
		return err
	}
	if err := p.known(ctx, tx, m, l, TicketID{}); err != nil { // before it is filed: what we sent opens no ticket
		return err
	}
	desk := p.Outbox.Desk
	t, err := selectTicket(ctx, tx, "where t.id = $1", m.Ticket)
	if err != nil {
		return err
	}
	class, err := desk.classWithin(ctx, tx, taxonomy.Reply, t)
	if err != nil {
		return err
	}
	now := desk.now()
	values := taxonomy.Values{taxonomy.LetterDate: {Value: now.In(desk.calendar.zone()).Format("2006-01-02"), Confidence: 1}}
	_, err = desk.plan.File(ctx, tx, m.By, taxonomy.Filing{Document: m.ID, Class: class, Confidence: 1, How: say.Text("sent from here"), Values: values,
		Language: m.Language, Original: nameOf(*m), Received: now, Closed: true})
	return err
}

// noticeConcluded tells in one line of the ticket's story that somebody was told. What was not sent is in the log.
func (o *Outbox) noticeConcluded(ctx context.Context, tx pgx.Tx, m Outgoing) error {
	switch m.State {
	case Failed:
		o.log().Warn("a notification was not sent", "message", m.ID, "trouble", m.Trouble, "answer", m.Answer)
		return nil
	case Sent:
		var name string
		if err := tx.QueryRow(ctx, "select title from workflow.person where id = $1", m.Person).Scan(&name); err != nil {
			return fmt.Errorf("whom notification %s told: %w", m.ID, err)
		}
		_, err := o.Desk.journal.Append(ctx, tx, journal.Event{Actor: m.By, Verb: PersonTold, Subject: subject(m.Ticket),
			Detail: map[string]any{"message": m.ID, "name": name}})
		return err
	}
	return nil
}
