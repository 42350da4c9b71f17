package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Post is how the house takes part in e-mail. The zero Post knows no reply token and no loop.
type Post struct {
	Keys         thread.Keys // of reply tokens
	Installation string      // the name of this house in the loop header
	Outbox       *Outbox     // acknowledges what opens a ticket and learns of what came back; nil where nothing is sent
}

// Correspond tells the desk how the house takes part in e-mail. It is called once, before the desk is used.
func (d *Desk) Correspond(p Post) { d.post = p }

// Thread decides where a message belongs, by the rules of package thread, and keeps the decision with its trace. It is asked
// before anybody looks at what the message says; Accept follows the decision once the document is filed. Asked again about the
// same document it gives the decision that stands.
func (d *Desk) Thread(ctx context.Context, tx pgx.Tx, by journal.Actor, in Incoming) (Message, error) {
	if m, known, err := d.message(ctx, tx, in.Document); err != nil || known {
		return m, err
	}
	facts := d.facts(in)
	known, err := d.known(ctx, tx, facts.Asks())
	if err != nil {
		return Message{}, err
	}
	decision := thread.Decide(facts, known, d.now())
	if in.Archived {
		decision = thread.Decision{Action: thread.Drop, Reason: say.Text("It was brought in with an archive: it is kept and found, and nothing follows from it.")}
	} else if !in.Delivered {
		decision = handedIn(decision)
	} else if decision, err = d.flooded(ctx, tx, in, decision); err != nil {
		return Message{}, err
	}
	if decision, err = d.follow(ctx, tx, in, decision); err != nil {
		return Message{}, err
	}
	if err := saveMessage(ctx, tx, in, facts, decision); err != nil {
		return Message{}, err
	}
	if err := d.cameBack(ctx, tx, in); err != nil {
		return Message{}, err
	}
	_, err = d.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: MessageThreaded, Subject: journal.Subject{Kind: "document", ID: in.Document},
		Detail: map[string]any{"action": decision.Action, "rule": decision.Rule, "reason": decision.Reason, "ticket": decision.Ticket}})
	if err != nil {
		return Message{}, err
	}
	m, _, err := d.message(ctx, tx, in.Document)
	return m, err
}

// cameBack tells the outbox of what a message reports on deliveries. Only the report on a message whose ID it names counts, and that
// ID holds a token that nobody can guess.
func (d *Desk) cameBack(ctx context.Context, tx pgx.Tx, in Incoming) error {
	if d.post.Outbox == nil || in.Kind != thread.Bounce || !in.Delivered {
		return nil
	}
	for _, b := range in.Bounces {
		b.Report = in.Document
		if _, _, err := d.post.Outbox.Bounced(ctx, tx, b); err != nil {
			return err
		}
	}
	return nil
}

// handedIn is the decision about a message that somebody of the house handed in as a file. Whoever did so vouches for it: where
// the chain would ask a person, what it says is judged as a letter is. Nobody vouches for what one of us says to customers: that comes
// by mail, or a person looks at it.
func handedIn(d thread.Decision) thread.Decision {
	if d.Action == thread.Quarantine && d.Rule != 37 {
		d.Action, d.Ticket = thread.New, uuid.Nil
	}
	return d
}

// floodLimit is how many messages of one sender begin matters within floodTime. What comes beyond is stored, and a person decides.
const (
	floodLimit = 30
	floodTime  = time.Hour
)

// flooded is rule 18 for what comes in: a sender who writes without end raises no tickets without end.
func (d *Desk) flooded(ctx context.Context, q postgres.Querier, in Incoming, decision thread.Decision) (thread.Decision, error) {
	if decision.Action != thread.New && decision.Action != thread.NewLinked {
		return decision, nil
	}
	var before int
	err := q.QueryRow(ctx, `select count(*) from (select from workflow.message where direction = 'in' and sender = lower($1) and at > $2
		and action in ('new', 'new linked') limit $3) m`, in.Sender, in.At.Add(-floodTime), floodLimit).Scan(&before)
	if err != nil {
		return decision, fmt.Errorf("count messages of a sender: %w", err)
	}
	if before < floodLimit {
		return decision, nil
	}
	decision.Action, decision.Rule, decision.Sure = thread.Quarantine, 18, 0
	decision.Reason = say.Text("More than %d messages of this sender began tickets within an hour. Somebody has to look at the rest.", floodLimit)
	decision.Trace = append(decision.Trace, thread.Step{Rule: 18, Result: "too many messages of one sender"})
	return decision, nil
}

// facts are a message as package thread wants it.
func (d *Desk) facts(in Incoming) thread.Message {
	own := false
	for _, l := range in.Loops {
		own = own || d.post.Installation != "" && strings.EqualFold(strings.TrimSpace(l), d.post.Installation)
	}
	return thread.Message{ID: in.ID, InReplyTo: in.InReplyTo, References: in.References, Tokens: in.Tokens, Subject: in.Subject,
		BaseSubject: thread.BaseSubject(in.Subject), Numbers: thread.Numbers(in.Subject, taxonomy.ValidNumber), From: in.Sender,
		Aligned: in.Aligned, Disowned: in.Disowned, Kind: in.Kind, OwnLoop: own}
}

// known looks up what the house knows of a message's facts, in as many queries whatever it asks.
func (d *Desk) known(ctx context.Context, q postgres.Querier, a thread.Asked) (thread.Known, error) {
	k := thread.Known{Keys: d.post.Keys, Mail: map[string]thread.Mail{}, Sent: map[uuid.UUID]thread.Mail{}, Numbers: map[string]uuid.UUID{},
		Notices: map[uuid.UUID]thread.Notice{}, Tickets: map[uuid.UUID]thread.Ticket{}}
	channels, err := taxonomy.LoadChannels(ctx, q)
	if err != nil {
		return k, err
	}
	k.Domains = channels.Domains()
	if err := knownMail(ctx, q, a, &k); err != nil {
		return k, err
	}
	if err := knownNotices(ctx, q, a.Notices, &k); err != nil {
		return k, err
	}
	if err := knownNumbers(ctx, q, a.Numbers, &k); err != nil {
		return k, err
	}
	return k, d.knownTickets(ctx, q, &k)
}

// knownMail finds the messages that are here of those that are asked for.
func knownMail(ctx context.Context, q postgres.Querier, a thread.Asked, k *thread.Known) error {
	rows, err := q.Query(ctx, `select m.document, m.message_id, coalesce(m.ticket, '00000000-0000-0000-0000-000000000000'),
			coalesce(m.sent_for, '00000000-0000-0000-0000-000000000000'), m.direction = 'out', m.recipients, m.base_subject
		from workflow.message m where (m.message_id = any($1) or m.document = any($2)) and (m.ticket is not null or m.direction = 'out')
			and (m.action <> 'quarantine' or m.decided_at is not null)`, a.IDs, a.Messages)
	if err != nil {
		return fmt.Errorf("known messages: %w", err)
	}
	var id string
	var m thread.Mail
	_, err = pgx.ForEachRow(rows, []any{&m.Message, &id, &m.Ticket, &m.SentFor, &m.Ours, &m.To, &m.BaseSubject}, func() error {
		found := m
		k.Mail[id] = found
		if found.Ours {
			k.Sent[found.Message] = found
		}
		m.To = nil
		return nil
	})
	if err != nil {
		return fmt.Errorf("known messages: %w", err)
	}
	return nil
}

func knownNumbers(ctx context.Context, q postgres.Querier, numbers []string, k *thread.Known) error {
	if len(numbers) == 0 {
		return nil
	}
	rows, err := q.Query(ctx, "select number, id from workflow.ticket where number = any($1)", numbers)
	if err != nil {
		return fmt.Errorf("known numbers: %w", err)
	}
	var number string
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&number, &id}, func() error { k.Numbers[number] = id; return nil })
	if err != nil {
		return fmt.Errorf("known numbers: %w", err)
	}
	return nil
}

// knownTickets adds the tickets that the known messages and numbers name, with the addresses of who takes part in them.
func (d *Desk) knownTickets(ctx context.Context, q postgres.Querier, k *thread.Known) error {
	var ids []uuid.UUID
	for _, m := range k.Mail {
		ids = append(ids, m.Ticket)
	}
	for _, id := range k.Numbers {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := q.Query(ctx, `select t.id, coalesce(t.closed_at, '0001-01-01 00:00:00+00'), t.team, t.process, t.process_version, array(
			select c.value from taxonomy.contact c where c.party = t.party and c.kind = 'email'
			union select p.address from workflow.participant p where p.ticket = t.id)
		from workflow.ticket t where t.id = any($1)`, ids)
	if err != nil {
		return fmt.Errorf("known tickets: %w", err)
	}
	type row struct {
		ID      uuid.UUID
		Closed  time.Time
		Team    string
		Process string
		Version int
		Parties []string
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		return fmt.Errorf("known tickets: %w", err)
	}
	for _, r := range all {
		p, err := d.Process(ctx, q, r.Process, r.Version)
		if err != nil {
			return err
		}
		k.Tickets[r.ID] = thread.Ticket{Closed: r.Closed, Parties: r.Parties, Team: r.Team,
			Replies: p.Replies.Closed, Within: time.Duration(p.Replies.Days) * 24 * time.Hour}
	}
	return nil
}

// saveMessage keeps a message that came with what was decided about it.
func saveMessage(ctx context.Context, tx pgx.Tx, in Incoming, m thread.Message, d thread.Decision) error {
	warn := d.Warn || in.Delivered && !in.Aligned && (d.Action == thread.New || d.Action == thread.Quarantine)
	_, err := tx.Exec(ctx, `insert into workflow.message (document, direction, message_id, parents, subject, base_subject, sender, sender_name,
			recipients, channel, kind, aligned, silent, received, ticket, action, rule, sure, reason, answers, warn, trace, at, notice)
		values ($1, 'in', $2, $3, $4, $5, lower($6), $7, $8, nullif($9, '00000000-0000-0000-0000-000000000000'::uuid), $10, $11, $12, $13,
			nullif($14, '00000000-0000-0000-0000-000000000000'::uuid), $15, $16, $17, $18, nullif($19, '00000000-0000-0000-0000-000000000000'::uuid),
			$20, $21, $22, nullif($23, '00000000-0000-0000-0000-000000000000'::uuid))`,
		in.Document, strings.Trim(strings.TrimSpace(in.ID), "<>"), postgres.Array(m.Parents()), in.Subject, m.BaseSubject, in.Sender, in.SenderName,
		postgres.Array(in.Recipients), in.Channel, in.Kind, in.Aligned, in.Silent || !in.Delivered, postgres.Array(in.Received), d.Ticket, d.Action, d.Rule, d.Sure,
		d.Reason, d.Answers, warn, postgres.Array(d.Trace), in.At, d.Notice)
	if err != nil {
		return fmt.Errorf("keep what was decided about message %s: %w", in.Document, err)
	}
	return nil
}
