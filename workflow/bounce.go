package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/say"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A Bounce is what a report on the delivery of a message of ours says about one recipient (RFC 3464).
type Bounce struct {
	OriginalMessageID string // of what we sent, with or without angle brackets
	Recipient         string // address; empty when the report names none
	Status            string // "5.1.1": 5 is final, 4 may pass (RFC 3463)
	Diagnostic        string // the other server's words
	Report            repository.DocumentID
}

// Bounced takes a report on what we sent. A final one (5.x.x) marks the message as bounced, keeps anything else from being sent to the
// address until somebody restores it, and asks the ticket's owner to write by post (rules 21 and 22). It also undoes what the answer had
// moved: see rearm. One that may pass (4.x.x) is only noted. The same report twice changes nothing. found is false when the message is
// not ours.
func (o *Outbox) Bounced(ctx context.Context, tx pgx.Tx, b Bounce) (m Outgoing, found bool, err error) {
	if m, found, err = o.reported(ctx, tx, b.OriginalMessageID); err != nil || !found {
		return m, found, err
	}
	to, ok := m.recipient(b.Recipient)
	if !ok { // passed on to somebody whom we never wrote to
		return m, true, nil
	}
	words := oneLine(b.Status + " " + b.Diagnostic)
	detail := map[string]any{"report": b.Report, "to": to, "status": b.Status, "reason": words}
	by := journal.System("workflow")
	if !strings.HasPrefix(b.Status, "5") {
		return m, true, o.delayed(ctx, tx, by, m, to, words, detail)
	}
	fresh, err := o.suppress(ctx, tx, by, to, words, m.ID)
	if err != nil || !fresh && m.State == Bounced {
		return m, true, err
	}
	m.State, m.BouncedAt, m.Answer = Bounced, o.Desk.now(), words
	m.Trouble = say.Text("The message to %s came back. Use the postal address.", to)
	_, err = tx.Exec(ctx, "update workflow.outgoing set state = 'bounced', bounced_at = $2, answer = $3, trouble = $4 where id = $1", m.ID, m.BouncedAt, m.Answer, m.Trouble)
	if err != nil {
		return m, true, fmt.Errorf("message %s came back: %w", m.ID, err)
	}
	if m.Kind == Notice { // the person sees it where they say what they are told of
		return m, true, nil
	}
	if err := o.said(ctx, tx, by, MessageBounced, m, detail); err != nil {
		return m, true, err
	}
	t, err := lock(ctx, tx, m.Ticket, 0)
	if err != nil {
		return m, true, err
	}
	if err := o.askForPost(ctx, tx, t, m, m.Trouble); err != nil || m.Kind.Automatic() {
		return m, true, err
	}
	return m, true, o.rearm(ctx, tx, by, t, m)
}

// reported finds what we sent by its Message-ID and keeps others from changing it.
func (o *Outbox) reported(ctx context.Context, tx pgx.Tx, messageID string) (Outgoing, bool, error) {
	var id uuid.UUID
	err := tx.QueryRow(ctx, "select document from workflow.message where message_id = $1 and direction = 'out'",
		strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(messageID), "<"), ">")).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return Outgoing{}, false, nil
	}
	if err != nil {
		return Outgoing{}, false, fmt.Errorf("find the message that came back: %w", err)
	}
	m, err := o.lock(ctx, tx, id)
	return m, err == nil, err
}

// recipient is the address that a report means: one that we wrote to. A report that names none means the only one.
func (m Outgoing) recipient(address string) (string, bool) {
	all := m.To()
	if address == "" {
		return all[0], len(all) == 1
	}
	i := slices.IndexFunc(all, func(a string) bool { return strings.EqualFold(a, strings.Trim(strings.TrimSpace(address), "<>")) })
	if i < 0 {
		return "", false
	}
	return all[i], true
}

// delayed notes a report of what may still arrive.
func (o *Outbox) delayed(ctx context.Context, tx pgx.Tx, by journal.Actor, m Outgoing, to, words string, detail map[string]any) error {
	if m.State != Sent || m.Answer == words || m.Kind == Notice {
		return nil
	}
	m.Answer, m.Trouble = words, say.Text("The message to %s has not arrived yet.", to)
	if _, err := tx.Exec(ctx, "update workflow.outgoing set answer = $2, trouble = $3 where id = $1", m.ID, m.Answer, m.Trouble); err != nil {
		return fmt.Errorf("message %s is delayed: %w", m.ID, err)
	}
	return o.said(ctx, tx, by, MessageDelayed, m, detail)
}

// rearm undoes what an answer did that never arrived (rule 23). What it satisfied is open again, which the event says to whoever keeps
// deadlines. A ticket that waits for the customer, or is closed, waits for us again, unless something has come in since: by the transition
// that its process has for answers that came back ("on": "bounced"), else by the one for what comes in ("on": "joined").
func (o *Outbox) rearm(ctx context.Context, tx pgx.Tx, by journal.Actor, t Ticket, m Outgoing) error {
	_, err := o.Desk.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: AnswerBounced, Subject: subject(t.ID),
		Detail: map[string]any{"message": m.ID, "document": m.ID}})
	if err != nil || t.WaitingOn == WaitingOnUs || t.WaitingOn == NotStarted {
		return err
	}
	var heard bool
	err = tx.QueryRow(ctx, "select exists (select from workflow.message where ticket = $1 and direction = 'in' and kind = '' and action <> 'told' and at > $2)", t.ID, m.CreatedAt).Scan(&heard)
	if err != nil {
		return fmt.Errorf("what came in for ticket %s: %w", t.Number, err)
	}
	if heard {
		return nil
	}
	p, err := o.Desk.Process(ctx, tx, t.Process, t.ProcessVersion)
	if err != nil {
		return err
	}
	steps := p.From(t.State)
	for _, event := range []string{OnBounced, OnJoined} {
		for _, step := range steps {
			if to, _ := p.State(step.To); step.HappensOn(event) && to.WaitingOn == WaitingOnUs {
				return o.Desk.move(ctx, tx, by, t, p, step, m.Trouble)
			}
		}
	}
	return nil
}

// oneLine is what a stranger's server said, on one line that is not too long.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")), " ")
	if r := []rune(s); len(r) > 500 {
		return string(r[:500]) + "…"
	}
	return s
}
