package workflow

import (
	"context"
	"fmt"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/say"
	"docket/taxonomy"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// DecideMail is the task of deciding where a message in quarantine belongs.
const DecideMail TaskKind = "decide-mail"

// TicketLinked is appended to both of two tickets that have to do with each other. Detail: other, how.
const TicketLinked journal.Verb = "ticket.linked"

// acceptMessage follows what Thread decided about a message. Done is false for what is no message, and for a message that is a
// matter of its own and is judged by what it says.
func (d *Desk) acceptMessage(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record) (a Acceptance, done bool, err error) {
	m, ok, err := d.message(ctx, tx, r.Document)
	if err != nil || !ok {
		return a, false, err
	}
	if m.Outgoing { // a notification; all else that we sent has its ticket before it is filed
		return Acceptance{Held: true}, true, nil
	}
	switch m.Action {
	case thread.Drop:
		return Acceptance{Held: true}, true, nil
	case thread.Quarantine:
		if !m.Quarantined() { // decided to be spam
			return Acceptance{Held: true}, true, nil
		}
		a.Held = true
		a.Task, err = d.RaiseTask(ctx, tx, by, Task{Kind: DecideMail, Document: r.Document, Ticket: m.Ticket, Team: mailroom, Reason: m.Reason})
		return a, true, err
	case thread.New:
		a, err = d.acceptNewMessage(ctx, tx, by, r, m)
	case thread.NewLinked:
		a, err = d.acceptLinked(ctx, tx, by, r, m)
	case thread.Attach, thread.Told:
		a, err = d.attach(ctx, tx, by, m, m.Reason)
	default:
		a, err = d.answer(ctx, tx, by, m, m.Reason)
	}
	return a, true, err
}

// acceptNewMessage opens the ticket of a message that begins a matter. One whose sender is proved may belong to an open ticket of
// his by what it says, as a letter does; a number in it opens no door (rules 27 and 28).
func (d *Desk) acceptNewMessage(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record, m Message) (Acceptance, error) {
	c, err := d.plan.Catalogue(ctx, tx)
	if err != nil {
		return Acceptance{}, err
	}
	class, ok := c.Class(r.Class)
	if !ok || class.Process == "" {
		return Acceptance{}, nil
	}
	if m.Aligned && m.Kind == thread.Person {
		t, how, found, err := d.openTicketOf(ctx, tx, r, class.Process)
		if err != nil {
			return Acceptance{}, err
		}
		if found {
			m.Ticket = t.ID
			return d.answer(ctx, tx, by, m, how)
		}
	}
	a, err := d.openFor(ctx, tx, by, r, m, class.Process)
	if err == nil {
		err = d.linkAnswers(ctx, tx, by, m, a.Ticket)
	}
	if err == nil {
		err = d.linkAnswered(ctx, tx, by, m, a.Ticket)
	}
	return a, err
}

// openFor opens a ticket for a message, in which its sender takes part.
func (d *Desk) openFor(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record, m Message, process string) (Acceptance, error) {
	c, err := d.plan.Catalogue(ctx, tx)
	if err != nil {
		return Acceptance{}, err
	}
	t, err := d.open(ctx, tx, by, r, process, titleOf(c, r))
	if err != nil {
		return Acceptance{}, err
	}
	if err := d.belongsTo(ctx, tx, m, t.ID, false); err != nil {
		return Acceptance{}, err
	}
	if err := d.acknowledge(ctx, tx, by, t, m); err != nil {
		return Acceptance{}, err
	}
	return Acceptance{Ticket: t, How: say.Text("opened for it")}, nil
}

// acknowledge tells whoever wrote a message that a ticket was opened for it.
func (d *Desk) acknowledge(ctx context.Context, tx pgx.Tx, by journal.Actor, t Ticket, m Message) error {
	if d.post.Outbox == nil {
		return nil
	}
	_, err := d.post.Outbox.Acknowledge(ctx, tx, by, t, MessageFacts{Document: m.Document, MessageID: m.MessageID, Parents: m.Parents,
		Sender: m.Sender, SenderName: m.SenderName, Subject: m.Subject, Channel: m.Channel, Silent: m.Silent, Received: m.Received, At: m.At})
	return err
}

// acceptLinked opens a ticket that has to do with the one that the message answers.
func (d *Desk) acceptLinked(ctx context.Context, tx pgx.Tx, by journal.Actor, r taxonomy.Record, m Message) (Acceptance, error) {
	old, err := selectTicket(ctx, tx, "where t.id = $1", m.Ticket)
	if err != nil {
		return Acceptance{}, err
	}
	process := old.Process
	if c, err := d.plan.Catalogue(ctx, tx); err != nil {
		return Acceptance{}, err
	} else if class, ok := c.Class(r.Class); ok && class.Process != "" {
		process = class.Process
	}
	a, err := d.openFor(ctx, tx, by, r, m, process)
	if err != nil {
		return a, err
	}
	return a, d.linkTickets(ctx, tx, by, a.Ticket, old, m.Reason)
}

// linkTickets notes that two tickets have to do with each other.
func (d *Desk) linkTickets(ctx context.Context, tx pgx.Tx, by journal.Actor, t, other Ticket, how string) error {
	made, err := tx.Exec(ctx, `insert into workflow.ticket_link (ticket, other, how) select $1, $2, $3
		where not exists (select from workflow.ticket_link where ticket = $2 and other = $1) on conflict do nothing`, t.ID, other.ID, how)
	if err != nil {
		return fmt.Errorf("link tickets %s and %s: %w", t.Number, other.Number, err)
	}
	if made.RowsAffected() == 0 { // they are linked
		return nil
	}
	for _, pair := range [][2]Ticket{{t, other}, {other, t}} {
		_, err := d.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: TicketLinked, Subject: subject(pair[0].ID),
			Detail: map[string]any{"other": pair[1].Number, "how": how}})
		if err != nil {
			return err
		}
	}
	return nil
}

// attach files a message in its ticket without a change of the ticket's state: no answer, no clock, no reopening (rules 17, 34 and 37).
func (d *Desk) attach(ctx context.Context, tx pgx.Tx, by journal.Actor, m Message, how string) (Acceptance, error) {
	t, err := lock(ctx, tx, m.Ticket, 0)
	if err != nil {
		return Acceptance{}, err
	}
	if err := d.put(ctx, tx, by, t, m.Document, how); err != nil {
		return Acceptance{}, err
	}
	t, err = selectTicket(ctx, tx, "where t.id = $1", t.ID)
	return Acceptance{Ticket: t, Joined: true, How: how, Quiet: true}, err
}

// answer files a message in its ticket as what somebody said to us, with all that follows from it. Whoever else than a party
// answers takes part with limited rights from then on (rule 30).
func (d *Desk) answer(ctx context.Context, tx pgx.Tx, by journal.Actor, m Message, how string) (Acceptance, error) {
	if err := d.belongsTo(ctx, tx, m, m.Ticket, true); err != nil {
		return Acceptance{}, err
	}
	if m.Action == thread.ReopenIt {
		if err := d.reopen(ctx, tx, by, m.Ticket); err != nil {
			return Acceptance{}, err
		}
	}
	t, err := d.join(ctx, tx, by, m.Ticket, m.Document, how)
	if err == nil {
		err = d.linkAnswers(ctx, tx, by, m, t)
	}
	return Acceptance{Ticket: t, Joined: true, How: how}, err
}

// reopen opens a closed ticket by the step that its process has for answers. Without one, join asks a person.
func (d *Desk) reopen(ctx context.Context, tx pgx.Tx, by journal.Actor, id TicketID) error {
	t, err := lock(ctx, tx, id, 0)
	if err != nil || t.Open() {
		return err
	}
	_, err = d.happen(ctx, tx, by, t, OnAnswered)
	return err
}

// belongsTo notes in which ticket a message is and that its sender takes part in it: with limited rights unless he is known
// there. Programs take no part, nor does the house itself.
func (d *Desk) belongsTo(ctx context.Context, tx pgx.Tx, m Message, id TicketID, limited bool) error {
	if _, err := tx.Exec(ctx, "update workflow.message set ticket = $2 where document = $1 and ticket is distinct from $2", m.Document, id); err != nil {
		return fmt.Errorf("note the ticket of message %s: %w", m.Document, err)
	}
	if m.Sender == "" || m.Kind != thread.Person {
		return nil
	}
	channels, err := taxonomy.LoadChannels(ctx, tx)
	if err != nil || channels.Owns(m.Sender) {
		return err
	}
	_, err = tx.Exec(ctx, `insert into workflow.participant (ticket, address, name, limited) select $1, $2, $3, $4
		where not exists (select from workflow.ticket t join taxonomy.contact c on c.party = t.party and c.kind = 'email' and c.value = $2 where t.id = $1)
		on conflict do nothing`, id, m.Sender, m.SenderName, limited)
	if err != nil {
		return fmt.Errorf("note who takes part in ticket %s: %w", id, err)
	}
	return nil
}

// held says whether a document is a message from which nothing follows yet, so that what came with it waits.
func (d *Desk) held(ctx context.Context, tx pgx.Tx, id repository.DocumentID) (bool, error) {
	m, ok, err := d.message(ctx, tx, id)
	return ok && (m.Action == thread.Drop || m.Action == thread.Quarantine), err
}

// A Choice is what a person says about a message in quarantine: one of the three.
type Choice struct {
	Ticket string // the number of the ticket that it belongs to
	New    bool   // it begins a ticket
	Spam   bool   // nothing follows; it stays where it is filed
}

// DecideMessage does with a message in quarantine what a person says. It is a Conflict when somebody else has decided meanwhile.
func (d *Desk) DecideMessage(ctx context.Context, tx pgx.Tx, by User, id repository.DocumentID, c Choice) (Acceptance, error) {
	r, m, err := d.inQuarantine(ctx, tx, by, id)
	if err != nil {
		return Acceptance{}, err
	}
	var a Acceptance
	choice, action := "spam", thread.Quarantine
	switch {
	case c.Ticket != "":
		choice, action = "same", thread.Join
		t, err := d.ByNumber(ctx, tx, by.Reader(), c.Ticket)
		if err != nil {
			return a, err
		}
		m.Ticket, m.Action = t.ID, action
		a, err = d.answer(ctx, tx, by.Actor(), m, say.Text("put there by %+s", by.Name))
		if err != nil {
			return a, err
		}
	case c.New:
		choice, action = "new", thread.New
		process, err := d.processFor(ctx, tx, r, m)
		if err != nil {
			return a, err
		}
		if a, err = d.openFor(ctx, tx, by.Actor(), r, m, process); err != nil {
			return a, err
		}
	case !c.Spam:
		return a, fault.New(fault.Invalid, "Say what to do with the message: the number of its ticket, a new ticket, or nothing. Nothing was changed.")
	}
	if err := d.messageDecided(ctx, tx, by, id, action, choice, a); err != nil || c.Spam {
		return a, err
	}
	return a, d.acceptParts(ctx, tx, by.Actor(), r, a)
}

// inQuarantine locks a message about which a user may decide.
func (d *Desk) inQuarantine(ctx context.Context, tx pgx.Tx, by User, id repository.DocumentID) (r taxonomy.Record, m Message, err error) {
	if r, err = d.plan.Record(ctx, tx, id); err != nil {
		return r, m, err
	}
	if !by.Reader().May(r.Readers) {
		return r, m, fault.New(fault.NotFound, "This document does not exist.")
	}
	if !by.Has(Agent, Mailroom) {
		return r, m, fault.New(fault.Denied, "Your role does not allow you to decide where messages belong.")
	}
	all, err := selectMessages(ctx, tx, "where m.document = $1 for update of m", id)
	if err != nil {
		return r, m, err
	}
	if len(all) == 0 || !all[0].Quarantined() {
		return r, m, fault.New(fault.Conflict, "Somebody else has decided about this message in the meantime. Nothing was changed.")
	}
	return r, all[0], nil
}

// generalProcess is the process of letters that are nothing in particular.
const generalProcess = "general"

// processFor is the process for a message that a person makes a ticket of: that of its class, else that of the ticket it seemed to
// belong to, else the one for general letters.
func (d *Desk) processFor(ctx context.Context, tx pgx.Tx, r taxonomy.Record, m Message) (string, error) {
	c, err := d.plan.Catalogue(ctx, tx)
	if err != nil {
		return "", err
	}
	if class, ok := c.Class(r.Class); ok && class.Process != "" {
		return class.Process, nil
	}
	if m.Ticket == uuid.Nil {
		return generalProcess, nil
	}
	t, err := selectTicket(ctx, tx, "where t.id = $1", m.Ticket)
	return t.Process, err
}

// messageDecided writes down what a person said about a message.
func (d *Desk) messageDecided(ctx context.Context, tx pgx.Tx, by User, id repository.DocumentID, action thread.Action, choice string, a Acceptance) error {
	_, err := tx.Exec(ctx, `update workflow.message set action = $2, decided_by = $3, decided_at = $4,
		ticket = nullif($5, '00000000-0000-0000-0000-000000000000'::uuid) where document = $1`, id, action, by.Name, d.now(), a.Ticket.ID)
	if err != nil {
		return fmt.Errorf("decide about message %s: %w", id, err)
	}
	if _, err := d.finish(ctx, tx, by.Actor(), choice, "kind = $4 and document = $5", DecideMail, id); err != nil {
		return err
	}
	_, err = d.journal.Append(ctx, tx, journal.Event{Actor: by.Actor(), Verb: MessageDecided, Subject: repository.Subject(id),
		Detail: map[string]any{"choice": choice, "ticket": a.Ticket.Number}})
	return err
}
