package workflow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"
	letters "docket/workflow/letter"
	"docket/workflow/relay"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

// A Transport hands messages to the world; a [relay.Relay] does.
type Transport interface {
	Send(ctx context.Context, e relay.Envelope, message io.Reader) (relay.Receipt, error)
}

// A Postman works the jobs of the outbox. First a message's bytes become a document, then these bytes are handed to the relay: whatever
// happens in between, the next attempt sends the same bytes with the same Message-ID. A process that is killed after the relay has taken
// a message, and before that is written down, sends it twice; whoever gets both sees by the Message-ID that they are one.
type Postman struct {
	river.WorkerDefaults[SendArgs]
	Outbox *Outbox
	Pool   *pgxpool.Pool
	Store  *repository.Store
	Relay  Transport
	Keys   thread.Keys  // of reply tokens
	Seal   letters.Seal // the zero Seal signs nothing
	Loop   string       // the installation's ID; see Installation
	// MayAttach is nil when documents may be given to others, and else a fault that says why not: of kind Unavailable as long as that is not
	// known, Denied when they are held. A nil function lets all.
	MayAttach func(context.Context, postgres.Querier, []repository.DocumentID) error
	TempDir   string // of messages that are being written; empty: the machine's
}

// Timeout bounds one attempt: the relay has a bound of its own.
func (*Postman) Timeout(*river.Job[SendArgs]) time.Duration {
	return relay.DefaultTimeout + 5*time.Minute
}

// pauses are those between attempts, in minutes; the last one is repeated. With sendAttempts they make some eight hours.
var pauses = []int{1, 2, 4, 8, 15, 30, 60}

// NextRetry says when an attempt that failed is repeated.
func (p *Postman) NextRetry(job *river.Job[SendArgs]) time.Time {
	i := min(max(job.Attempt-1, 0), len(pauses)-1)
	return time.Now().Add(time.Duration(pauses[i]) * time.Minute)
}

// Work sends a message, or finds that there is nothing to send any more.
func (p *Postman) Work(ctx context.Context, job *river.Job[SendArgs]) error {
	last := job.Attempt >= job.MaxAttempts
	err := p.work(ctx, job.Args.Message, last)
	if _, snoozed := errors.AsType[*river.JobSnoozeError](err); err == nil || snoozed || !last || ctx.Err() != nil {
		return err
	}
	return errors.Join(err, p.conclude(ctx, job.Args.Message, outcome{trouble: fault.Sentence(err), final: true}))
}

func (p *Postman) work(ctx context.Context, id uuid.UUID, last bool) error {
	m, err := p.Outbox.one(ctx, p.Pool, "where o.id = $2", p.Outbox.Desk.now(), id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if m.State == Held {
		return river.JobSnooze(m.NotBefore.Sub(p.Outbox.Desk.now()))
	}
	if m.Kind == Notice && m.State == Queued {
		if may, err := p.Outbox.stillTold(ctx, p.Pool, m); err != nil || !may {
			return errors.Join(err, p.withdraw(ctx, m))
		}
	}
	if m.State == Queued && !m.Stored {
		if m, err = p.attachable(ctx, m); err != nil || m.State != Queued {
			return err
		}
		if m, err = p.store(ctx, m); err != nil {
			return err
		}
	}
	if m.State != Queued {
		return nil
	}
	return p.hand(ctx, m, last)
}

// attachPause is how long a message waits before it is asked once more whether its attachments are free.
const attachPause = 10 * time.Second

// attachable waits for the virus scanner to speak of what is attached, and fails a message that would carry what it holds. A person's
// answer by e-mail brings attachments that nobody has looked at when it is queued (rules 37 and 42).
func (p *Postman) attachable(ctx context.Context, m Outgoing) (Outgoing, error) {
	if p.MayAttach == nil || len(m.Attachments) == 0 {
		return m, nil
	}
	switch err := p.MayAttach(ctx, p.Pool, m.Attachments); {
	case fault.Is(err, fault.Unavailable):
		return m, river.JobSnooze(attachPause)
	case fault.Is(err, fault.Denied):
		m.State = Failed
		return m, p.conclude(ctx, m.ID, outcome{trouble: say.Text("An attachment is held by the virus scanner, so nothing was sent. Answer again without it."), final: true})
	default:
		return m, err
	}
}

// hand gives the stored bytes to the relay and writes down what it said.
func (p *Postman) hand(ctx context.Context, m Outgoing, last bool) error {
	v, err := p.Store.Version(ctx, p.Pool, m.ID, 1)
	if err != nil {
		return err
	}
	message, err := p.Store.Open(ctx, v)
	if err != nil {
		return err
	}
	defer message.Close()
	e := relay.Envelope{From: m.Address, To: m.To(), Size: v.Size}
	if m.Kind.Automatic() {
		e.From = "" // to which no machine answers (RFC 3834, section 3.3)
	}
	receipt, err := p.Relay.Send(ctx, e, message)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	o := outcome{answer: receipt.Answer, refused: receipt.Refused}
	if err != nil {
		f, ok := errors.AsType[*relay.Failure](err)
		if !ok {
			return err
		}
		o.trouble, o.final = f.Say, f.Final || last
		if o.answer = f.Answer; o.answer == "" && len(o.refused) > 0 {
			o.answer = o.refused[0].Answer
		}
	}
	if err := p.conclude(ctx, m.ID, o); err != nil {
		return err
	}
	if o.final {
		return nil
	}
	return err
}

// An outcome is what came of an attempt.
type outcome struct {
	answer  string // the relay's
	trouble string // empty: the relay took it
	final   bool   // no other attempt is made
	refused []relay.Refusal
}

// conclude writes down what came of an attempt.
func (p *Postman) conclude(ctx context.Context, id uuid.UUID, o outcome) error {
	return postgres.InTx(ctx, p.Pool, func(tx pgx.Tx) error {
		m, err := p.Outbox.lock(ctx, tx, id)
		if err != nil || m.State != Queued {
			return err
		}
		return p.Outbox.concluded(ctx, tx, m, o)
	})
}

func (b *Outbox) concluded(ctx context.Context, tx pgx.Tx, m Outgoing, o outcome) error {
	now := b.Desk.now()
	m.Answer, m.Trouble = o.answer, o.trouble
	switch {
	case o.trouble == "":
		m.State, m.SentAt = Sent, now
		for _, r := range o.refused {
			m.Trouble = strings.TrimSpace(m.Trouble + " " + say.Text("The mail server refused %s: %s", r.Address, r.Answer))
		}
	case o.final:
		m.State = Failed
	}
	_, err := tx.Exec(ctx, `update workflow.outgoing set state = $2, answer = $3, trouble = $4, attempts = attempts + 1,
		sent_at = nullif($5, '0001-01-01 00:00:00+00'::timestamptz) where id = $1`, m.ID, m.State, m.Answer, m.Trouble, m.SentAt)
	if err != nil {
		return fmt.Errorf("note what came of message %s: %w", m.ID, err)
	}
	t, err := selectTicket(ctx, tx, "where t.id = $1", m.Ticket)
	if err != nil {
		return err
	}
	by := journal.System("workflow")
	for _, r := range o.refused {
		if r.Unknown {
			if _, err := b.suppress(ctx, tx, by, r.Address, r.Answer, m.ID); err != nil {
				return err
			}
		}
	}
	switch {
	case m.Kind == Notice:
		err = b.noticeConcluded(ctx, tx, m)
	case m.State == Sent:
		err = b.said(ctx, tx, by, MessageSent, m, map[string]any{"answer": m.Answer})
		if err == nil && len(o.refused) > 0 && !m.Kind.Automatic() {
			err = b.askForPost(ctx, tx, t, m, m.Trouble)
		}
	case m.State == Failed:
		b.log().Warn("a message was not sent", "message", m.ID, "trouble", m.Trouble, "answer", m.Answer)
		err = b.failed(ctx, tx, by, t, m)
	}
	return err
}
