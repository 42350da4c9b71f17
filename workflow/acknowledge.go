package workflow

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/say"
	"docket/taxonomy"
	letters "docket/workflow/letter"

	"github.com/jackc/pgx/v5"
)

// MessageFacts are what an answer that nobody writes needs to know of the message that it answers.
type MessageFacts struct {
	Document   repository.DocumentID
	MessageID  string   // without angle brackets
	Parents    []string // Message-IDs that it answers itself, the nearest first
	Sender     string   // address
	SenderName string
	Subject    string
	Channel    taxonomy.ChannelID // that it came by
	Silent     bool               // a machine sent it, or nobody stands for its sender: it is never answered by itself
	Received   []Received         // what came with it, itself included
	At         time.Time          // of receipt
}

// Received is one thing that came with a message.
type Received = letters.Received

// Acknowledge queues the acknowledgement of a message that opened a ticket, once for a ticket, in the customer's language. It gives the
// zero Outgoing where there is nothing to say: sending is not set up, the message was sent by a machine or to be answered by none (rules
// 13 and 14), its sender is one of ours or suppressed, or more was sent by itself than the caps allow (rule 18), of which the ticket's story
// tells. Whatever keeps it from being sent, the ticket is opened all the same.
func (o *Outbox) Acknowledge(ctx context.Context, tx pgx.Tx, by journal.Actor, t Ticket, f MessageFacts) (Outgoing, error) {
	var none Outgoing
	to, err := cleanAddress(f.Sender)
	if !o.Ready || f.Silent || err != nil || unanswered(to) {
		return none, nil
	}
	m := Outgoing{Kind: Acknowledgement, By: by, Ticket: t.ID, Channel: f.Channel, Answers: f.Document, Parents: append([]string{f.MessageID}, f.Parents...),
		Recipients: []string{to}, State: Queued, NotBefore: o.Desk.now()}
	if f.MessageID == "" {
		m.Parents = f.Parents
	}
	there, err := o.acknowledged(ctx, tx, t.ID)
	if err != nil || there {
		return none, err
	}
	channels, err := taxonomy.LoadChannels(ctx, tx)
	if err != nil {
		return none, err
	}
	c, ok := channels.Choose(f.Channel)
	if !ok || channels.Owns(to) {
		return none, nil
	}
	m.Channel, m.Address = c.ID, c.Address
	if err := o.write(ctx, tx, &m, t, f, c); err != nil {
		return none, err
	}
	return o.putAutomatic(ctx, tx, t, m)
}

// acknowledged says whether a ticket has its acknowledgement. Two messages that open one at once are told apart by the unique index.
func (o *Outbox) acknowledged(ctx context.Context, tx pgx.Tx, t TicketID) (there bool, err error) {
	err = tx.QueryRow(ctx, "select exists (select from workflow.outgoing where ticket = $1 and kind = 'acknowledgement')", t).Scan(&there)
	if err != nil {
		return false, fmt.Errorf("acknowledgement of ticket %s: %w", t, err)
	}
	return there, nil
}

// write fills in the text of an acknowledgement: in the first language that there is one in, the house's own before the shipped one.
func (o *Outbox) write(ctx context.Context, tx pgx.Tx, m *Outgoing, t Ticket, f MessageFacts, c taxonomy.Channel) error {
	catalogue, err := o.Desk.plan.Catalogue(ctx, tx)
	if err != nil {
		return err
	}
	own, err := LoadTemplates(ctx, tx)
	if err != nil {
		return err
	}
	facts := letters.Facts{Number: t.Number, Title: t.Title, House: c.Name, Name: addressable(f.SenderName), At: f.At, Due: t.DueAt, Today: o.Desk.now(),
		Received: f.Received}
	for _, language := range []string{t.Language, c.Language, catalogue.Language, "en"} {
		if text, there := own.acknowledgement(t.Process, language); there {
			if o.writeOwn(m, language, text, facts) {
				return nil
			}
		}
		shipped, got, err := letters.Acknowledgement(language)
		if err != nil {
			return err
		}
		if got == language {
			m.Language = language
			m.Subject, m.Body, err = shipped.Render(facts, o.Desk.calendar.zone())
			return err
		}
	}
	return fmt.Errorf("no acknowledgement for ticket %s", t.Number)
}

// writeOwn fills in the house's own text. One that cannot be written for this ticket keeps no ticket from being opened: the shipped
// text is sent then.
func (o *Outbox) writeOwn(m *Outgoing, language string, text TemplateText, facts letters.Facts) bool {
	parsed, err := letters.NewTemplate(language, text.Subject, text.Body)
	if err == nil {
		m.Language = language
		m.Subject, m.Body, err = parsed.Render(facts, o.Desk.calendar.zone())
	}
	if err != nil {
		o.log().Warn("the acknowledgement of the house cannot be written; the shipped one is sent", "ticket", facts.Number, "language", language, "error", err)
	}
	return err == nil
}

// Automatic queues a notification that nobody wrote. It gives the zero Outgoing where nothing may be sent, as Acknowledge does.
func (o *Outbox) Automatic(ctx context.Context, tx pgx.Tx, by journal.Actor, t Ticket, m Outgoing) (Outgoing, error) {
	m.Kind, m.By, m.Ticket, m.State, m.NotBefore = Notification, by, t.ID, Queued, o.Desk.now()
	if !o.Ready {
		return Outgoing{}, nil
	}
	if err := o.complete(ctx, tx, t, &m); err != nil {
		return Outgoing{}, err
	}
	if err := o.check(ctx, tx, taxonomy.Root, &m); err != nil {
		return Outgoing{}, err
	}
	for _, to := range m.To() {
		if unanswered(to) {
			return Outgoing{}, nil
		}
	}
	return o.putAutomatic(ctx, tx, t, m)
}

// putAutomatic queues what nobody wrote, unless an address is suppressed or it would be too much.
func (o *Outbox) putAutomatic(ctx context.Context, tx pgx.Tx, t Ticket, m Outgoing) (Outgoing, error) {
	trouble, err := o.suppressed(ctx, tx, m.To())
	if err != nil || trouble != "" {
		return Outgoing{}, err
	}
	over, err := o.over(ctx, tx, m)
	if err != nil {
		return Outgoing{}, err
	}
	if over == "" {
		return o.put(ctx, tx, t, m)
	}
	o.log().Warn("nothing was sent automatically: too much", "ticket", t.Number, "kind", m.Kind, "reason", over)
	_, err = o.Desk.journal.Append(ctx, tx, journal.Event{Actor: m.By, Verb: MessageWithheld, Subject: subject(t.ID),
		Detail: map[string]any{"kind": m.Kind, "to": strings.Join(m.To(), ", "), "reason": over}})
	return Outgoing{}, err
}

// over says in a sentence which cap an automatic message would break, nothing when none.
func (o *Outbox) over(ctx context.Context, tx pgx.Tx, m Outgoing) (string, error) {
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended('workflow.caps', 0))"); err != nil { // counted one after the other
		return "", fmt.Errorf("count automatic messages: %w", err)
	}
	var to, about, same int
	err := tx.QueryRow(ctx, `select count(*) filter (where recipients || copies && $2), count(*) filter (where ticket = $3), count(*) filter (where digest = $4)
		from workflow.outgoing where kind <> 'reply' and kind <> 'notice' and created_at > $1`, o.Desk.now().Add(-24*time.Hour), m.To(), m.Ticket, m.digest()).Scan(&to, &about, &same)
	if err != nil {
		return "", fmt.Errorf("count automatic messages: %w", err)
	}
	caps := o.Caps.or(DefaultCaps)
	switch {
	case to >= caps.Address:
		return say.Text("%d automatic messages went to this address within a day: no more are sent, in case a machine answers them.", to), nil
	case about >= caps.Ticket:
		return say.Text("%d automatic messages were sent for this ticket within a day: no more are sent, in case a machine answers them.", about), nil
	case same >= caps.Text:
		return say.Text("The same text went to the same domain %d times within a day: it is sent no more, in case a machine answers it.", same), nil
	}
	return "", nil
}

// nobodies are mailboxes behind which machines, or those who run them, sit: nothing is answered to them by itself (rule 13). Whoever reads
// messages knows more of them, and says so in MessageFacts.Silent.
var nobodies = regexp.MustCompile(`(?i)^((.*[._-])?(no|do[._-]?not)[._-]?reply([._+-].*)?|mailer-?daemon|daemon|bounces?([+-].*)?|auto-?reply|nobody|` +
	`postmaster|abuse|root|hostmaster|webmaster|listserv|majordomo|owner-.*|.*-(owner|bounces|request))$`)

// unanswered says whether a machine's mailbox is written to.
func unanswered(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	return nobodies.MatchString(local)
}
